"""A receipt as a PDF of a roll of 80 or 58 mm: same rows, same bytes, every time.

Text is only ever drawn as a string; nothing in it is parsed. A QR code is one path of rectangles, its modules
a whole number of dots of a 203 dpi printer.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from downtime.receipt_blocks import MM, ROLL_80, layout, pages
from downtime.receipt_font import FONT, drawable, font
from downtime.receipt_modules import QUIET, runs_of
from downtime.receipt_rows import Receipt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.receipt_blocks import Block, Roll

_BOLD_LINE = 0.028
_END = 4 * MM


def receipt_pdf(receipt: Receipt | Sequence[Receipt], roll: Roll = ROLL_80) -> bytes:
    """Return the PDF of ``receipt``, or of each of several parts, on ``roll``; the same gives the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    font()
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1)
    parts = [receipt] if isinstance(receipt, Receipt) else receipt
    canvas.setTitle(parts[0].number)
    across = parts[0].across
    for blocks in [page for part in parts for page in pages(layout(part, roll))]:
        height = sum(block.height for block in blocks) + 2 * _END
        canvas.setPageSize((roll.width, height))
        if across:
            _draw_across(canvas, across, roll, height)
        top = height - _END
        for block in blocks:
            _draw(canvas, block, roll, top)
            top -= block.height
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Any, block: Block, roll: Roll, top: float) -> None:
    if block.black:
        canvas.setFillGray(0)
        canvas.rect(roll.margin, top - block.black, roll.room, block.black, stroke=0, fill=1)
    grey = 1 if block.black else 0
    canvas.setFillGray(grey)
    for string in block.strings:
        if string.bold:
            canvas.setStrokeGray(grey)
            canvas.setLineWidth(string.size * _BOLD_LINE)
        canvas.setFont(FONT, string.size)
        canvas.drawString(roll.margin + string.x, top - string.y, string.text, mode=2 if string.bold else 0)
    for left, right, y, dashed in block.lines:
        canvas.setStrokeGray(0)
        canvas.setLineWidth(0.6)
        canvas.setDash([2, 1.5] if dashed else [])
        canvas.line(roll.margin + left, top - y, roll.margin + right, top - y)
        canvas.setDash([])
    if block.frame is not None:
        left, right, upper, lower = block.frame
        canvas.setStrokeGray(0.45)
        canvas.setLineWidth(0.6)
        canvas.setDash([2, 1.5])
        canvas.rect(roll.margin + left, top - lower, right - left, lower - upper, stroke=1, fill=0)
        canvas.setDash([])
    if block.code is not None:
        _draw_code(canvas, block.code, roll, top)


def _draw_code(canvas: Any, matrix: Sequence[Sequence[int]], roll: Roll, top: float) -> None:
    """Draw one QR code centred below ``top``: a white field with its quiet zone, then one path."""
    from reportlab.pdfgen.pathobject import PDFPathObject

    module = roll.module_of(len(matrix))
    across = len(matrix) + 2 * QUIET
    canvas.saveState()
    canvas.translate((roll.width - across * module) / 2, top)
    canvas.scale(module, -module)
    canvas.setFillGray(1)
    canvas.rect(0, 0, across, across, stroke=0, fill=1)
    canvas.setFillGray(0)
    # whole numbers only, so the operators are written out: path.rect formats each as four floats, 5 ms a code
    rectangles = [
        f"{left + QUIET} {y} {length} 1 re"
        for y, modules in enumerate(matrix, start=QUIET)
        for left, length in runs_of(modules)
    ]
    canvas.drawPath(PDFPathObject(["n", *rectangles]), stroke=0, fill=1)
    canvas.restoreState()


def _draw_across(canvas: Any, text: str, roll: Roll, height: float) -> None:
    """Draw ``text`` large, pale and slanted, again and again down the paper."""
    size = 54.0 * roll.room / ROLL_80.room
    step = 190.0
    canvas.setFillGray(0.86)
    at = height - step / 2
    while at > 0:
        canvas.saveState()
        canvas.translate(roll.width / 2, at)
        canvas.rotate(35)
        canvas.setFont(FONT, size)
        canvas.drawCentredString(0, -size / 3, drawable(text))
        canvas.restoreState()
        at -= step
