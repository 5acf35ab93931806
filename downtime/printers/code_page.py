"""Which characters a printer has in its own Chinese font, and what stands for the others."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

from downtime.clean import visible
from downtime.receipt_font import font

if TYPE_CHECKING:
    from collections.abc import Iterator

CodePage = Literal["gb18030", "gbk", "gb2312"]

_LEADS, _TRAILS_FROM, _DELETE = range(0x81, 0xFF), 0x40, 0x7F
_ASCII = range(0x20, 0x7F)
_ASCII_END = 0x80
_FOUR_BYTE_FONT = range(0x3400, 0x4DB6)  # of its four-byte codes, GB 18030 printers draw extension A alone
_SAME = str.maketrans({"\u00a5": "\uffe5", "\u00a0": " ", "\u2022": "\u00b7"})


def code_of(character: str, page: CodePage) -> bytes:
    """Return the bytes a printer with ``page`` draws ``character`` from, or nothing if it cannot.

    They are one printable ASCII byte, two bytes from 0x81 on, or four of which the first and third are; no
    control byte is ever among them.
    """
    code = ord(character)
    if code in _ASCII:
        return bytes((code,))
    if code < _ASCII_END or unicodedata.category(character) in {"Co", "Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}:
        return b""
    try:
        made = character.encode("gb18030")
    except UnicodeEncodeError:
        return b""
    two = len(made) == 2 and made[0] in _LEADS and made[1] >= _TRAILS_FROM and made[1] != _DELETE  # noqa: PLR2004
    if two:
        return made if _holds(page, made) else b""
    return made if page == "gb18030" and code in _FOUR_BYTE_FONT else b""


def _holds(page: CodePage, code: bytes) -> bool:
    """Return whether a printer with ``page`` has a letter for a two-byte code; the codes agree on all pages."""
    try:
        code.decode(page)
    except UnicodeDecodeError:
        return False
    return True


def printable(text: str, page: CodePage) -> str:
    """Return ``text`` so that each character is either in the printer's font or in ours.

    What neither has is spelled ``[U+20BB7]``, for a pen to mend; what acts is spelled by ``visible``.
    """
    glyphs = font().face.charToGlyph
    text = visible(text).translate(_SAME)
    return "".join(
        character
        if code_of(character, page) or (ord(character) in glyphs and not character.isascii())
        else f"[U+{ord(character):04X}]"
        for character in text
    )


def cells(text: str) -> int:
    """Return the columns printable ``text`` takes: an ASCII character one, every other two."""
    return sum(1 if character.isascii() else 2 for character in text)


def runs(text: str, page: CodePage) -> Iterator[tuple[Literal["latin", "chinese", "drawn"], str]]:
    """Return printable ``text`` in pieces that are sent the same way; ``drawn`` ones go as dots."""
    kind: Literal["latin", "chinese", "drawn"] | None = None
    start = 0
    for at, character in enumerate(text):
        now: Literal["latin", "chinese", "drawn"] = "latin"
        if not character.isascii():
            now = "chinese" if code_of(character, page) else "drawn"
        if now != kind:
            if kind is not None:
                yield kind, text[start:at]
            kind, start = now, at
    if kind is not None:
        yield kind, text[start:]


_NARROW = str.maketrans(
    dict.fromkeys("\u2018\u2019\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u2033", '"')
    | dict.fromkeys("\u2013\u2014\u2015\u2500", "-")
    | dict.fromkeys("\u00b7\u2022\u2027", ".")
    | {"\u2026": "...", "\u00d7": "x", "\u2192": "->", "\u00b1": "+/-", "\u2103": "C", "\u2161": "II"}
)


def narrowed(text: str, page: CodePage) -> str:
    """Return ``text`` so that what counts as one column takes one: for printers that set plain lines.

    Signs whose width depends on who draws them become ASCII; what the printer lacks is spelled.
    """
    text = visible(text).translate(_SAME).translate(_NARROW)
    return "".join(
        character
        if code_of(character, page)
        and (character.isascii() or unicodedata.east_asian_width(character) in "WF")
        else f"[U+{ord(character):04X}]"
        for character in text
    )
