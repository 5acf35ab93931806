"""The one place where text becomes something a widget shows.

Nothing shown is ever parsed: no markup, no escape sequence, no bidi control acts. Text is cut by the cells
it takes, never by an ellipsis whose width a Chinese console disagrees about.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from downtime.clean import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

CHARACTERS_MAX = 400
"""No line on any screen has more cells than this; longer text is cut before anything looks at it."""

_plain = [False]
_TWO_CELLS_OR_ONE = {
    *("\N{MULTIPLICATION SIGN}x", "\N{MIDDLE DOT}.", "\N{EM DASH}-", "\N{EN DASH}-", "\N{BULLET}*"),
    *('\N{LEFT DOUBLE QUOTATION MARK}"', '\N{RIGHT DOUBLE QUOTATION MARK}"'),
    *("\N{LEFT SINGLE QUOTATION MARK}'", "\N{RIGHT SINGLE QUOTATION MARK}'"),
    *("\N{GREATER-THAN OR EQUAL TO}>", "\N{LESS-THAN OR EQUAL TO}<", "\N{DIVISION SIGN}/"),
    *("\N{DEGREE SIGN}d", "\N{PLUS-MINUS SIGN}+", "\N{MICRO SIGN}u", "\N{HORIZONTAL ELLIPSIS}."),
    *("\N{RIGHTWARDS ARROW}>", "\N{BLACK CIRCLE}*", "\N{DOWNWARDS ARROW}v", "\N{UPWARDS ARROW}^"),
}
_FOLDED = {pair[0]: pair[1] for pair in _TWO_CELLS_OR_ONE}


def choose_plain(plain: bool) -> None:  # noqa: FBT001 (one switch, said once at the start)
    """Show foreign text without characters that a Chinese console may draw two cells wide."""
    _plain[0] = plain


def is_plain() -> bool:
    """Return whether the plain look is in use."""
    return _plain[0]


def clean(text: str) -> str:
    """Return foreign ``text`` as one line of harmless characters."""
    seen = visible(text, CHARACTERS_MAX)
    return "".join(map(_one_width, seen)) if _plain[0] and not seen.isascii() else seen


def _one_width(sign: str) -> str:
    if unicodedata.east_asian_width(sign) != "A":
        return sign
    folded = _FOLDED.get(sign) or unicodedata.normalize("NFKC", sign)
    if all(unicodedata.east_asian_width(part) != "A" for part in folded):
        return folded
    name = unicodedata.name(sign, "")
    return name.rsplit(" ", 1)[-1].lower() if name.startswith("GREEK") else f"\\u{ord(sign):04X}"


def cells(text: str) -> int:
    """Return how many cells ``text`` takes."""
    return cell_len(text)


def cut(text: str, most: int) -> str:
    """Return foreign ``text``, cleaned and cut to at most ``most`` cells; ``~`` says that it goes on."""
    cleaned = clean(text)
    if cell_len(cleaned) <= most and len(text) <= CHARACTERS_MAX:
        return cleaned
    return set_cell_size(cleaned, max(most - 1, 0)).rstrip() + "~" if most > 0 else ""


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return foreign ``text`` in exactly ``width`` cells, at the left or the right of them."""
    shown_text = cut(text, width)
    spaces = " " * (width - cell_len(shown_text))
    return spaces + shown_text if right else shown_text + spaces


def shown(text: str, style: str = "") -> Content:
    """Return foreign or own ``text`` as content that nothing parses."""
    return Content.styled(clean(text), style) if text else Content("")


def cell(text: str, width: int, style: str = "", *, right: bool = False) -> Content:
    """Return ``text`` as content of exactly ``width`` cells."""
    return Content.styled(pad(text, width, right=right), style)


def line(*parts: Content | str) -> Content:
    """Return contents side by side; plain strings are cleaned first."""
    return Content.assemble(*(shown(part) if isinstance(part, str) else part for part in parts))


def lines(parts: Iterable[Content | str]) -> Content:
    """Return contents one below the other."""
    return Content("\n").join([shown(part) if isinstance(part, str) else part for part in parts])
