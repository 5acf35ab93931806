"""A receipt as dots for a thermal head, 203 an inch: the same layout as on the PDF of its roll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.printers import dots
from downtime.receipt_blocks import ROLLS, layout
from downtime.receipt_font import drawable
from downtime.receipt_modules import QUIET

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from downtime.printer_profile import PaperName
    from downtime.receipt_blocks import Block
    from downtime.receipt_rows import Receipt

DOTS = 8 * 25.4 / 72
"""Dots in a point."""

_BOLD_FROM = 11.0  # smaller bold letters take one more dot, larger ones two
_END = 16
_ACROSS_ROOM = 50


def receipt_dots(receipt: Receipt, paper: PaperName, *, with_codes: bool = True) -> Image:
    """Return the receipt as one picture, as wide as the head: 576 dots for 80 mm, 384 for 58 mm.

    Without codes, room for them is left out too.
    """
    roll = ROLLS[paper]
    blocks = [block for block in layout(receipt, roll) if with_codes or block.code is None]
    width = round(roll.room * DOTS)
    high = round(sum(block.height for block in blocks) * DOTS) + 2 * _END
    picture = dots.blank(width, high + (_ACROSS_ROOM if receipt.across else 0))
    top = float(_END)
    if receipt.across:
        _across(picture, receipt.across, top)
        top += _ACROSS_ROOM
    for block in blocks:
        _draw(picture, block, top, round(roll.module_of(len(block.code)) * DOTS) if block.code else 0)
        top += block.height * DOTS
    return picture.crop((0, 0, width, round(top) + _END))


def _across(picture: Image, text: str, top: float) -> None:
    """Write ``text`` once more at the top: a thermal head prints no pale letters."""
    size = _ACROSS_ROOM - 16
    written = f"/// {drawable(text)} ///"
    x = max(0.0, (picture.size[0] - dots.letters(size).getlength(written)) / 2)
    dots.write(picture, x, top + size, written, size, bold=True)


def _frame(draw: ImageDraw, frame: tuple[float, float, float, float], top: float) -> None:
    """Draw a dashed frame."""
    left, right, upper, lower = (round(place * DOTS) for place in frame)
    upper, lower, right = round(top) + upper, round(top) + lower, right - 2
    for x in range(left, right, 8):
        for y in (upper, lower):
            draw.line((x, y, min(x + 4, right), y), fill=1, width=2)
    for y in range(upper, lower, 8):
        for x in (left, right):
            draw.line((x, y, x, min(y + 4, lower)), fill=1, width=2)


def _draw(picture: Image, block: Block, top: float, module: int) -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(picture)
    width = picture.size[0]
    if block.black:
        draw.rectangle((0, round(top), width - 1, round(top + block.black * DOTS)), fill=1)
    for string in block.strings:
        # a bold letter is two dots wider
        x = string.x * DOTS - (2 if string.bold and string.x else 0)
        y, size = top + string.y * DOTS, round(string.size * DOTS)
        ink = 0 if block.black else 1
        dots.write(picture, x, y, string.text, size, bold=string.bold, ink=ink)
        if string.bold and string.size >= _BOLD_FROM:
            dots.write(picture, x, y + 1, string.text, size, bold=True, ink=ink)
    for left, right, y, dashed in block.lines:
        at = round(top + y * DOTS)
        step = 8 if dashed else max(1, round((right - left) * DOTS))
        for x in range(round(left * DOTS), round(right * DOTS), step):
            draw.line((x, at, min(x + (4 if dashed else step), width - 1), at), fill=1, width=2)
    if block.frame is not None:
        _frame(draw, block.frame, top)
    if block.code is not None:
        code = dots.code_picture(block.code, module, QUIET)
        picture.paste(code, ((width - code.size[0]) // 2, round(top)))
