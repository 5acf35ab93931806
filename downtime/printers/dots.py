"""Letters and pictures as dots, for thermal heads and for the pins of a matrix printer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from downtime.receipt_font import FONT_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PIL.Image import Image, Transpose
    from PIL.ImageFont import FreeTypeFont

PINS = 24


@cache
def letters(size: int) -> FreeTypeFont:
    """Return our font at ``size`` dots."""
    from PIL import ImageFont

    return ImageFont.truetype(str(FONT_FILE), size)


def blank(width: int, height: int) -> Image:
    """Return white paper of so many dots; 0 is white, 1 is black."""
    from PIL import Image

    return Image.new("1", (width, height), 0)


def write(on: Image, x: float, y: float, text: str, size: int, *, bold: bool = False, ink: int = 1) -> None:
    """Draw ``text`` on the baseline ``y``."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(on)
    draw.fontmode = "1"
    for step in range(2 if bold else 1):
        draw.text((round(x) + step, round(y)), text, fill=ink, font=letters(size), anchor="ls")


def code_picture(matrix: Sequence[Sequence[int]], module: int, quiet: int) -> Image:
    """Return a QR code, ``module`` dots to a module, with its quiet zone."""
    side = len(matrix) + 2 * quiet
    small = blank(side, side)
    for y, row in enumerate(matrix, start=quiet):
        for x, dark in enumerate(row, start=quiet):
            if dark:
                small.putpixel((x, y), 1)
    return small.resize((side * module, side * module))


def in_rows(picture: Image) -> bytes:
    """Return a picture row by row, eight dots to a byte, the leftmost highest; short rows end in white."""
    return picture.tobytes()


def in_columns(picture: Image) -> Iterator[tuple[int, int, bytes]]:
    """Return a picture in bands of 24 rows as (upper row, first column, three bytes for each column).

    White at the left and right of a band is left out; white bands are left out whole.
    """
    width, height = picture.size
    for top in range(0, height, PINS):
        band = picture.crop((0, top, width, top + PINS))  # rows below the picture are white
        box = band.getbbox()
        if box is None:
            continue
        first = box[0] - box[0] % 3  # places are counted in 1/60 inch, dots in 1/180
        turned = band.crop((first, 0, box[2], PINS)).transpose(_turn())
        yield top, first, turned.tobytes()


def _turn() -> Transpose:
    from PIL import Image

    return Image.Transpose.TRANSPOSE
