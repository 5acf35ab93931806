"""A thermal printer of paper: takes the bytes, refuses any it does not know, and shows what would be printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downtime.printers import dots
from downtime.printers.sequences import ESCPOS
from tests.downtime.printers.matrix_paper import UnknownBytesError

if TYPE_CHECKING:
    from PIL.Image import Image

    from downtime.printers.sequences import Sequence

_QUIET = {"feed", "align", "size", "bold", "chinese_size", "code", "ask_printed", "ask_now"}


@dataclass
class ThermalPrinter:
    """State of the head.

    Attributes:
        columns: letters on a line, a Chinese one counting two.
        lines: what its own letters say.
        pictures: dots, band by band.
        codes: QR codes it was told to draw itself.
        cuts: how often the paper was cut.
    """

    columns: int = 48
    page: str = "gb18030"
    chinese: bool = False
    line: str = ""
    taken: int = 0
    lines: list[str] = field(default_factory=list)
    pictures: list[Image] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    stored: str = ""
    cuts: int = 0
    used: set[str] = field(default_factory=set)

    def take(self, octets: bytes) -> ThermalPrinter:
        """Print ``octets``.

        Raises:
            UnknownBytesError: a byte is neither text nor part of a sequence of the table.
        """
        at = 0
        while at < len(octets):
            sequence = next((one for one in ESCPOS.values() if octets.startswith(one.begins, at)), None)
            if sequence is None:
                at += self._letter(octets, at)
                continue
            try:
                size = sequence.length(octets, at)
            except IndexError:
                raise UnknownBytesError(f"{sequence.name} at {at} is cut off") from None
            self._do(sequence, octets[at + len(sequence.begins) : at + size])
            at += size
        return self

    def _do(self, sequence: Sequence, taken: bytes) -> None:
        from PIL import Image

        self.used.add(sequence.name)
        match sequence.name:
            case "feed_line":
                self.lines.append(self.line)
                self.line, self.taken = "", 0
            case "reset":
                self.chinese = False
            case "chinese" | "latin":
                self.chinese = sequence.name == "chinese"
            case "picture":
                width, rows = taken[0] | taken[1] << 8, taken[2] | taken[3] << 8
                if width * 8 > self.columns * 12:
                    raise UnknownBytesError(f"{width * 8} dots are more than the head has")
                self.pictures.append(Image.frombytes("1", (width * 8, rows), taken[4:]))
            case "cut" | "cut_partly":
                self.cuts += 1
            case _:
                assert sequence.name in _QUIET, sequence.name
        if sequence.name == "code":
            block = taken[2:]
            if block.startswith(b"1P0"):
                self.stored = block[3:].decode("ascii")
            elif block.startswith(b"1Q0"):
                self.codes.append(self.stored)

    def _letter(self, octets: bytes, at: int) -> int:
        lead = octets[at]
        if not self.chinese:
            if not 0x20 <= lead <= 0x7E:
                raise UnknownBytesError(f"byte {lead:02X} at {at}")
            return self._put(chr(lead), 1, 1)
        if lead < 0x81 or lead == 0xFF:
            raise UnknownBytesError(f"byte {lead:02X} at {at} is no Chinese character")
        size = 4 if octets[at + 1 : at + 2].isdigit() else 2
        try:
            octets[at : at + size].decode(self.page)
            character = octets[at : at + size].decode("gb18030")
        except UnicodeDecodeError:
            raise UnknownBytesError(f"{octets[at : at + size].hex()} is not in {self.page}") from None
        return self._put(character, 2, size)

    def _put(self, character: str, width: int, size: int) -> int:
        self.line += character
        self.taken += width
        if self.taken > self.columns:
            raise UnknownBytesError(f"the line is wider than the head: {self.line}")
        return size

    def picture(self) -> Image:
        """Return the dots it was sent, one band below the other."""
        width, height = self.columns * 12, sum(band.size[1] for band in self.pictures)
        whole = dots.blank(width, height)
        y = 0
        for band in self.pictures:
            whole.paste(band, (0, y))
            y += band.size[1]
        return whole
