"""Names that do harm where somebody believes them."""

from __future__ import annotations

HOSTILE = (
    "[/]",
    "[red]x[/red]",
    "[@click=app.exit]x[/]",
    "\x1b]52;c;aGFja2Vk\x07",
    "\x1b[2J\x1b[31mred",
    "\x9b31mred",
    "\u202eevil\u2066txt",
    "a\u200d\u200bb\u0301\u0301\u0301\u0301\u0301\u0301",
    "\U00020bb7名",
    "=cmd|'/c calc'!A1",
    "'; DROP TABLE entry; --",
    "|^~\\&",
    "{name} {0} %s \\u0000",
    "长" * 5_000,
)
