"""A dot-matrix printer of paper: takes the bytes, refuses any it does not know, and shows what would be printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downtime.printers import dots
from downtime.printers.matrix_strokes import picture_of
from downtime.printers.sequences import ESCP

if TYPE_CHECKING:
    from PIL.Image import Image

    from downtime.printers.sequences import Sequence

WIDTH = 1440
CARRIAGE = WIDTH + 3 * 30  # what the nudge across may reach over


class UnknownBytesError(AssertionError):
    """The printer was sent something that is in no table."""


@dataclass(frozen=True)
class Letter:
    """One letter of the printer's own font: place in 1/180 inch from the top of the paper."""

    y: int
    x: int
    character: str
    bold: bool


@dataclass(frozen=True)
class Pins:
    """24 rows of dots, three bytes for each column."""

    y: int
    x: int
    columns: bytes


@dataclass
class MatrixPrinter:
    """State of the head and the paper below it.

    Attributes:
        page: what its Chinese font holds.
        y: upper pin, 1/180 inch below where the paper lay when it was switched on.
        forms_from: y of the top of the form as the printer counts it.
    """

    page: str = "gb18030"
    y: int = 0
    x: int = 0
    form_lines: int = 66
    line: int = 30
    top: int = 0
    bold: bool = False
    chinese: bool = False
    room: tuple[int, int] = (0, 0)
    letters: list[Letter] = field(default_factory=list)
    pins: list[Pins] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def take(self, octets: bytes) -> MatrixPrinter:
        """Print ``octets``.

        Raises:
            UnknownBytesError: a byte is neither text nor part of a sequence of the table.
        """
        at = 0
        while at < len(octets):
            sequence = _sequence_at(octets, at)
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

    def text(self) -> list[str]:
        """Return what the printer's own letters say, line by line; a gap of n columns is n spaces."""
        lines: dict[int, str] = {}
        reached: dict[int, int] = {}
        for letter in sorted(self.letters, key=lambda one: (one.y, one.x)):
            gap = (letter.x - reached.get(letter.y, 0)) // 15
            lines[letter.y] = lines.get(letter.y, "") + " " * gap + letter.character
            reached[letter.y] = letter.x + (15 if letter.character.isascii() else 30)
        return list(lines.values())

    def _do(self, sequence: Sequence, taken: bytes) -> None:
        self.used.add(sequence.name)
        number = taken[0] if taken else 0
        match sequence.name:
            case "return" | "form_feed":
                self.x = 0
                length = self.form_lines * self.line
                if sequence.name == "form_feed":
                    self.y = self.top + ((self.y - self.top) // length + 1) * length
            case "reset":
                self.top, self.bold, self.chinese, self.room, self.x = self.y, False, False, (0, 0), 0
            case "form_lines":
                self.form_lines, self.top = number, self.y
            case "down":
                self.y += number
            case "across":
                self.x = int.from_bytes(taken, "little") * 3
            case "bold" | "plain" | "chinese" | "latin":
                self._switch(sequence.name)
            case "chinese_spacing":
                self.room = (taken[0], taken[1])
            case "dots":
                self._strike(taken[2:])
            case _:
                assert sequence.name in SETTINGS, sequence.name

    def _switch(self, name: str) -> None:
        if name in {"bold", "plain"}:
            self.bold = name == "bold"
        else:
            self.chinese = name == "chinese"

    def _strike(self, columns: bytes) -> None:
        self._within(self.x + len(columns) // 3)
        self.pins.append(Pins(self.y, self.x, columns))
        self.x += len(columns) // 3

    def _letter(self, octets: bytes, at: int) -> int:
        lead = octets[at]
        if not self.chinese:
            if not 0x20 <= lead <= 0x7E:
                raise UnknownBytesError(f"byte {lead:02X} at {at}")
            self._put(chr(lead), 15)
            return 1
        if lead < 0x81 or lead == 0xFF:
            raise UnknownBytesError(f"byte {lead:02X} at {at} is no Chinese character")
        size = 4 if octets[at + 1 : at + 2].isdigit() else 2
        try:
            octets[at : at + size].decode(self.page)
            character = octets[at : at + size].decode("gb18030")
        except UnicodeDecodeError:
            raise UnknownBytesError(f"{octets[at : at + size].hex()} is not in {self.page}") from None
        if len(character) != 1:
            raise UnknownBytesError(f"{octets[at : at + size].hex()} is {len(character)} characters")
        self._put(character, 24 + sum(self.room))
        return size

    def _put(self, character: str, width: int) -> None:
        self.letters.append(Letter(self.y, self.x, character, self.bold))
        self.x += width
        self._within(self.x)

    def _within(self, x: int) -> None:
        if x > CARRIAGE:
            raise UnknownBytesError(f"{x} is beyond the carriage")


SETTINGS = {
    *("international", "lines_of_sixth", "no_skip", "quality", "proportional", "twelve_per_inch"),
    *("spacing", "one_way", "chinese_full"),
}
"""Sequences that change nothing this paper could show."""


def _sequence_at(octets: bytes, at: int) -> Sequence | None:
    for sequence in ESCP.values():
        if octets.startswith(sequence.begins, at):
            return sequence
    return None


def drawn(printer: MatrixPrinter, height: int, *, margin: int = 134) -> Image:
    """Return everything printed as one long picture, 180 dots an inch, ``margin`` dots left and right."""
    picture = dots.blank(WIDTH + 2 * margin, height)
    for letter in printer.letters:
        picture.paste(1, (margin + letter.x, letter.y), picture_of(letter.character, bold=letter.bold))
    for pins in printer.pins:
        band = _band(pins.columns)
        picture.paste(1, (margin + pins.x, pins.y), band)
    return picture


def _band(columns: bytes) -> Image:
    from PIL import Image
    from PIL.Image import Transpose

    turned = Image.frombytes("1", (24, len(columns) // 3), columns)
    return turned.transpose(Transpose.TRANSPOSE)


def sheets(printer: MatrixPrinter, lines: int, count: int, parts: int = 1) -> Image:
    """Return the forms as they hang out of the printer: strips with holes, perforations, parts behind.

    Args:
        printer: after it printed.
        lines: length of a form in lines of 1/6 inch.
        count: how many forms.
        parts: sheets of carbon paper on top of each other.
    """
    from PIL import Image, ImageDraw

    height = lines * 30
    black = drawn(printer, height * count)
    behind = 9 * (parts - 1)
    paper = Image.new("RGB", (black.width + behind, height * count + behind), "#d8d8d8")
    draw = ImageDraw.Draw(paper)
    tints = ("#fffdf8", "#fde8ec", "#fff6cf")
    for part in range(parts - 1, -1, -1):
        at = 9 * part
        draw.rectangle(
            (at, at, at + black.width - 1, at + height * count - 1), fill=tints[part], outline="#999"
        )
    ink = Image.new("RGB", black.size, "#26262e")
    paper.paste(ink, (0, 0), black)
    for n in range(1, count):
        for x in range(0, black.width, 14):
            draw.line((x, n * height, x + 7, n * height), fill="#888")
    for x in (56, black.width - 57):
        for y in range(45, height * count, 90):  # holes are half an inch apart
            draw.ellipse((x - 14, y - 14, x + 14, y + 14), fill="#d8d8d8", outline="#999")
    for x in (100, black.width - 101):
        for y in range(0, height * count, 14):
            draw.line((x, y, x, y + 6), fill="#bbb")
    return paper
