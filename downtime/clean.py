r"""The one place where foreign text becomes showable text.

A patient's name may hold escape sequences, bidi overrides or private-use glyphs. It is stored as it
came and shown so that nothing in it acts: every control or formatting character becomes a visible
``\uXXXX``. Markup, formulas and HL7 delimiters are harmless as plain text and stay as they are; the
screen and the paper never parse text.
"""

from __future__ import annotations

import unicodedata

_ACTING = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}
_MARKS = {"Mn", "Me"}
_MARKS_IN_A_ROW_MAX = 3
_FORMULA_STARTS = tuple("=+-@\t\r＝＋－＠")


def visible(text: str, limit: int | None = None) -> str:
    """Return ``text`` with every acting character spelled out, cut to ``limit`` characters if given."""
    if text.isascii() and text.isprintable():
        return text if limit is None else text[:limit]
    shown: list[str] = []
    marks = 0
    for character in text if limit is None else text[: limit * 4]:
        category = unicodedata.category(character)
        if category in _ACTING:
            code = ord(character)
            shown.append(f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}")  # noqa: PLR2004 (the BMP's end)
            marks = 0
            continue
        marks = marks + 1 if category in _MARKS else 0
        if marks <= _MARKS_IN_A_ROW_MAX:
            shown.append(character)
    joined = "".join(shown)
    return joined if limit is None else joined[:limit]


def spreadsheet(text: str) -> str:
    """Return ``text`` for a CSV cell that a spreadsheet will not take for a formula."""
    cell = visible(text)
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell
