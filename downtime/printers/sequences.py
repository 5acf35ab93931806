"""Closed tables of what printers are sent: the one list an encoder may use and an interpreter knows.

A sequence is a fixed beginning and a rule for what follows it. Anything else that is not text is a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Parameters = Literal["none", "byte", "two_bytes", "word", "columns", "raster", "block"]
"""What follows a beginning: nothing, one byte, two, a 16-bit number (low byte first), or dots.

``columns``: a 16-bit count and three bytes for each (24 pins). ``raster``: width in bytes and height in rows, both
16 bits, and that many rows. ``block``: a 16-bit length and that many bytes.
"""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One control sequence.

    Attributes:
        name: what it is called here.
        begins: its fixed bytes.
        takes: what follows them.
        means: what it does.
    """

    name: str
    begins: bytes
    takes: Parameters
    means: str

    def made(self, *numbers: int, dots: bytes = b"") -> bytes:
        """Return the sequence with its parameters.

        Args:
            numbers: one for ``byte`` and ``word``, two for ``two_bytes``; for ``raster`` width in bytes and rows.
            dots: the bytes of ``columns``, ``raster`` and ``block``; counts are worked out from them.
        """
        match self.takes:
            case "none":
                assert not numbers
                return self.begins
            case "byte" | "two_bytes":
                assert len(numbers) == (1 if self.takes == "byte" else 2)
                return self.begins + bytes(numbers)
            case "word":
                return self.begins + numbers[0].to_bytes(2, "little")
            case "columns":
                assert len(dots) % COLUMN_BYTES == 0
                return self.begins + (len(dots) // COLUMN_BYTES).to_bytes(2, "little") + dots
            case "raster":
                width, rows = numbers
                assert len(dots) == width * rows
                return self.begins + width.to_bytes(2, "little") + rows.to_bytes(2, "little") + dots
            case "block":
                return self.begins + len(dots).to_bytes(2, "little") + dots

    def length(self, octets: bytes, at: int) -> int:
        """Return how many bytes the whole sequence takes that begins at ``at``.

        Raises:
            IndexError: the bytes end inside it.
        """
        start = at + len(self.begins)

        def word(offset: int) -> int:
            return octets[start + offset] | octets[start + offset + 1] << 8

        match self.takes:
            case "none":
                size = 0
            case "byte":
                size = 1
            case "two_bytes" | "word":
                size = 2
            case "columns":
                size = 2 + COLUMN_BYTES * word(0)
            case "raster":
                size = 4 + word(0) * word(2)
            case "block":
                size = 2 + word(0)
        if start + size > len(octets):
            raise IndexError
        return len(self.begins) + size


COLUMN_BYTES = 3

_ESC, _FS, _GS, _DLE = b"\x1b", b"\x1c", b"\x1d", b"\x10"


def _table(*rows: tuple[str, bytes, Parameters, str]) -> dict[str, Sequence]:
    return {row[0]: Sequence(*row) for row in rows}


ESCP = _table(
    ("return", b"\r", "none", "back to the left edge"),
    ("form_feed", b"\x0c", "none", "to the top of the next form"),
    ("reset", _ESC + b"@", "none", "as switched on; here is the top of the form"),
    ("international", _ESC + b"R", "byte", "national letters; 0 = none, ASCII as it is"),
    ("lines_of_sixth", _ESC + b"2", "none", "lines are 1/6 inch"),
    ("form_lines", _ESC + b"C", "byte", "length of the form in lines; here is its top"),
    ("no_skip", _ESC + b"O", "none", "print across the perforation too"),
    ("quality", _ESC + b"x", "byte", "0 draft, 1 letter quality"),
    ("proportional", _ESC + b"p", "byte", "0 = every letter as wide as the next"),
    ("twelve_per_inch", _ESC + b"M", "none", "Latin letters are 1/12 inch"),
    ("spacing", _ESC + b" ", "byte", "more room after each letter, 1/180 inch"),
    ("one_way", _ESC + b"U", "byte", "1 = print from left to right only, so that dots stand in line"),
    ("bold", _ESC + b"E", "none", "bold on"),
    ("plain", _ESC + b"F", "none", "bold off"),
    ("across", _ESC + b"$", "word", "to a place from the left edge, 1/60 inch"),
    ("down", _ESC + b"J", "byte", "feed, 1/180 inch"),
    ("dots", _ESC + b"*\x27", "columns", "24 pins, 180 dots an inch both ways"),
    ("chinese", _FS + b"&", "none", "two-byte codes are Chinese characters"),
    ("latin", _FS + b".", "none", "no Chinese characters any more"),
    ("chinese_full", _FS + b"\x12", "none", "whole, not half-width Chinese characters"),
    ("chinese_spacing", _FS + b"S", "two_bytes", "room left and right of a Chinese character, 1/180 inch"),
)
"""What a 24-pin dot-matrix printer is sent, as an LQ-1600K takes it."""

ESCPOS = _table(
    ("feed_line", b"\n", "none", "print and go to the next line"),
    ("reset", _ESC + b"@", "none", "as switched on"),
    ("align", _ESC + b"a", "byte", "0 left, 1 in the middle"),
    ("feed", _ESC + b"d", "byte", "feed lines"),
    ("size", _GS + b"!", "byte", "0x00 usual, 0x11 twice as wide and high, 0x01 twice as high"),
    ("bold", _ESC + b"E", "byte", "1 or 0"),
    ("chinese", _FS + b"&", "none", "two-byte codes are Chinese characters"),
    ("latin", _FS + b".", "none", "no Chinese characters any more"),
    ("chinese_size", _FS + b"!", "byte", "0x00 usual, 0x0C twice as wide and high, 0x08 twice as high"),
    ("picture", _GS + b"v0\x00", "raster", "dots in rows, 8 to a byte"),
    ("code", _GS + b"(k", "block", "a QR code the printer draws itself"),
    ("cut", _GS + b"VA", "byte", "feed and cut through"),
    ("cut_partly", _GS + b"VB", "byte", "feed and cut, leaving a corner"),
    ("ask_printed", _GS + b"r", "byte", "answer once everything before this is printed"),
    ("ask_now", _DLE + b"\x04", "byte", "answer at once; 1 printer, 2 why it stopped, 4 paper"),
)
"""What a thermal printer is sent."""
