"""What a dot-matrix printer does on one form, one pass of the head after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.printers import dots
from downtime.printers.code_page import cells, code_of, runs
from downtime.printers.matrix_face import COLUMN
from downtime.printers.sequences import ESCP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

    from downtime.printers.code_page import CodePage
    from downtime.printers.matrix_face import MatrixFace
    from downtime.receipt_column import Box, Form, Line, String

PER_SIXTIETH = 3
"""Places across are counted in 1/60 inch."""

_BASELINE = 20  # of the 24 dots of a letter, those above the line it stands on
_SIZE = 24


@dataclass(frozen=True, slots=True)
class Stroke:
    """Bytes to send when the head stands at a place.

    Attributes:
        y: upper pin, 1/180 inch below the top of the form.
        x: left edge in 1/60 inch.
        octets: text or dots.
    """

    y: int
    x: int
    octets: bytes


def strokes_of(form: Form, face: MatrixFace, page: CodePage, *, as_dots: bool = False) -> list[Stroke]:
    """Return what is done for ``form``; ``as_dots`` draws every letter instead of sending its code."""
    found: list[Stroke] = []
    for string in form.strings:
        found += _string(string, face, page, as_dots=as_dots)
    for banner in form.banners:
        found += text_strokes(
            banner.y, banner.x - 4 * COLUMN, f"*** {banner.text} ***", page, bold=True, as_dots=as_dots
        )
    for line in form.lines:
        found += _line(line, page, as_dots=as_dots)
    for box in form.boxes:
        found += _box(box, page, as_dots=as_dots)
    for code in form.codes:
        picture = dots.code_picture(code.matrix, round(code.module), 4)
        found += picture_strokes(code.y, code.x, picture)
    return found


def text_strokes(
    y: float, x: float, text: str, page: CodePage, *, bold: bool = False, as_dots: bool = False
) -> Iterator[Stroke]:
    """Return the passes for printable ``text`` of usual size."""
    column = x / COLUMN
    pieces = [("drawn", text)] if as_dots else list(runs(text, page))
    for kind, piece in pieces:
        if kind == "drawn":
            yield from picture_strokes(y, column * COLUMN, picture_of(piece, bold=bold))
        else:
            octets = b"".join(code_of(character, page) for character in piece)
            if kind == "chinese":
                octets = ESCP["chinese"].made() + octets + ESCP["latin"].made()
            if bold:
                octets = ESCP["bold"].made() + octets + ESCP["plain"].made()
            if piece.strip():
                yield Stroke(round(y), round(column * COLUMN / PER_SIXTIETH), octets)
        column += cells(piece)


def picture_of(text: str, *, bold: bool = False, large: bool = False) -> Image:
    """Return printable ``text`` as dots, each character in its columns."""
    times = 2 if large else 1
    size = _SIZE * times
    picture = dots.blank(max(1, cells(text) * COLUMN * times), size)
    column = 0
    for character in text:
        width = cells(character) * COLUMN * times - bold
        drawn = round(dots.letters(size).getlength(character))
        letter = dots.blank(max(drawn, 1) + bold, size)
        dots.write(letter, 0, _BASELINE * times, character, size, bold=bold)
        if drawn > width:  # W and its like stay in their columns
            letter, drawn = letter.resize((width, size)), width
        picture.paste(1, (column * COLUMN * times + (width - drawn) // 2, 0), letter)
        column += cells(character)
    return picture


def picture_strokes(y: float, x: float, picture: Image) -> Iterator[Stroke]:
    """Return the passes for a picture."""
    for top, first, columns in dots.in_columns(picture):
        octets = ESCP["one_way"].made(1) + ESCP["dots"].made(dots=columns) + ESCP["one_way"].made(0)
        yield Stroke(round(y) + top, round((x + first) / PER_SIXTIETH), octets)


def _string(string: String, face: MatrixFace, page: CodePage, *, as_dots: bool) -> Iterator[Stroke]:
    if face.is_large(string.style):
        picture = picture_of(string.text, bold=True, large=True)
        return picture_strokes(string.y, string.x, picture)
    bold = string.style in {"bold", "big"}
    return text_strokes(string.y, string.x, string.text, page, bold=bold, as_dots=as_dots)


def _line(line: Line, page: CodePage, *, as_dots: bool) -> Iterator[Stroke]:
    sign, lift = ("_", 22) if line.written_on else ("-", 12)
    count = int((line.to - line.x) / COLUMN)
    return text_strokes(max(0.0, line.y - lift), line.x, sign * count, page, as_dots=as_dots)


def _box(box: Box, page: CodePage, *, as_dots: bool) -> Iterator[Stroke]:
    across = int(box.width / COLUMN)
    edge = "+" + "-" * (across - 2) + "+"
    top, bottom = box.y, box.y + box.height - _SIZE
    yield from text_strokes(top, box.x, edge, page, as_dots=as_dots)
    yield from text_strokes(bottom, box.x, edge, page, as_dots=as_dots)
    y = top + _SIZE
    while y < bottom:
        for x in (box.x, box.x + (across - 1) * COLUMN):
            yield from text_strokes(y, x, "|", page, as_dots=as_dots)
        y += _SIZE
    label_x = box.x + (across - cells(box.label)) // 2 * COLUMN
    middle = top + (box.height - _SIZE) // 2 // _SIZE * _SIZE
    yield from text_strokes(middle, label_x, box.label, page, as_dots=as_dots)
