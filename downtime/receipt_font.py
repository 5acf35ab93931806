"""The embedded font: measuring, breaking into lines, and never losing a character it cannot draw."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportlab.pdfbase.ttfonts import TTFont

FONT = "DowntimeSansSC"
FONT_FILE = Path(__file__).parent / "fonts" / "DowntimeSansSC-Regular.ttf"

_UNITS = 1000
_WIDE_FROM = 0x2E80  # CJK begins here
_NEVER_FIRST = frozenset(",.:;!?)]}%、。》」』】’”！％），：；？")


@cache
def font() -> TTFont:
    """Register the font with reportlab once and return it (about 25 ms)."""
    from reportlab import rl_config
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    # plain bytes instead of letters for them: 2 ms less for each receipt, and a fifth smaller
    rl_config.useA85 = 0
    registered = TTFont(FONT, str(FONT_FILE), asciiReadable=False)
    pdfmetrics.registerFont(registered)
    return registered


def drawable(text: str) -> str:
    """Return ``text`` with each character the font lacks spelled ``[U+20BB7]``, for a pen to mend."""
    glyphs = font().face.charToGlyph
    if all(ord(character) in glyphs for character in text):
        return text
    return "".join(
        character if ord(character) in glyphs else f"[U+{ord(character):04X}]" for character in text
    )


def width_of(text: str, size: float) -> float:
    """Return the width of drawable ``text`` in points."""
    widths = font().face.charWidths
    return float(sum(widths[ord(character)] for character in text) * size / _UNITS)


def broken(text: str, size: float, room: float) -> list[str]:
    """Break drawable ``text`` into lines of ``room`` points at most; see ``broken_by``."""
    widths = font().face.charWidths
    return broken_by(text, room * _UNITS / size, lambda character: widths[ord(character)])


def broken_by(text: str, room: float, width_of_one: Callable[[str], float]) -> list[str]:
    """Break ``text`` into lines of ``room`` at most, at a space or between wide characters.

    A word that is too long for a line is broken where the line ends.
    """
    lines: list[str] = []
    start = breakable = 0
    taken = 0.0
    for at, character in enumerate(text):
        width = width_of_one(character)
        if taken + width > room and at > start:
            end = breakable if breakable > start else at
            lines.append(text[start:end].rstrip())
            start = end
            taken = sum(width_of_one(before) for before in text[start:at])
        taken += width
        following = text[at + 1 : at + 2]
        wide = ord(character) >= _WIDE_FROM or (following and ord(following) >= _WIDE_FROM)
        if (wide or character == " ") and following not in _NEVER_FIRST:
            breakable = at + 1
    lines.append(text[start:].rstrip())
    return [line for line in lines if line] or [""]
