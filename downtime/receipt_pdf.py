"""A receipt as a PDF of 80 mm continuous paper: same rows, same bytes, every time.

Text is only ever drawn as a string; nothing in it is parsed. A QR code is one path of rectangles, its modules
a whole number of dots of a 203 dpi printer.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from downtime.receipt_blocks import MARGIN, QUIET, ROOM, WIDTH, layout, module_of, pages
from downtime.receipt_font import FONT, drawable, font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.receipt_blocks import Block
    from downtime.receipt_rows import Receipt

_BOLD_LINE = 0.028


def receipt_pdf(receipt: Receipt) -> bytes:
    """Return the PDF of ``receipt``; the same receipt gives the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    font()
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1)
    canvas.setTitle(receipt.number)
    for blocks in pages(layout(receipt)):
        height = sum(block.height for block in blocks) + 2 * MARGIN
        canvas.setPageSize((WIDTH, height))
        if receipt.across:
            _draw_across(canvas, receipt.across, height)
        top = height - MARGIN
        for block in blocks:
            _draw(canvas, block, top)
            top -= block.height
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw(canvas: Any, block: Block, top: float) -> None:
    if block.black:
        canvas.setFillGray(0)
        canvas.rect(MARGIN, top - block.black, ROOM, block.black, stroke=0, fill=1)
    grey = 1 if block.black else 0
    canvas.setFillGray(grey)
    for string in block.strings:
        if string.bold:
            canvas.setStrokeGray(grey)
            canvas.setLineWidth(string.size * _BOLD_LINE)
        canvas.setFont(FONT, string.size)
        canvas.drawString(MARGIN + string.x, top - string.y, string.text, mode=2 if string.bold else 0)
    for left, right, y, dashed in block.lines:
        canvas.setStrokeGray(0)
        canvas.setLineWidth(0.6)
        canvas.setDash([2, 1.5] if dashed else [])
        canvas.line(MARGIN + left, top - y, MARGIN + right, top - y)
        canvas.setDash([])
    if block.code is not None:
        _draw_code(canvas, block.code, top)


def _draw_code(canvas: Any, matrix: Sequence[Sequence[int]], top: float) -> None:
    """Draw one QR code centred below ``top``: a white field with its quiet zone, then one path."""
    from reportlab.pdfgen.pathobject import PDFPathObject

    module = module_of(len(matrix))
    across = len(matrix) + 2 * QUIET
    canvas.saveState()
    canvas.translate((WIDTH - across * module) / 2, top)
    canvas.scale(module, -module)
    canvas.setFillGray(1)
    canvas.rect(0, 0, across, across, stroke=0, fill=1)
    canvas.setFillGray(0)
    # whole numbers only, so the operators are written out: path.rect formats each as four floats, 5 ms a code
    rectangles = [
        f"{left + QUIET} {y} {length} 1 re"
        for y, modules in enumerate(matrix, start=QUIET)
        for left, length in _runs(modules)
    ]
    canvas.drawPath(PDFPathObject(["n", *rectangles]), stroke=0, fill=1)
    canvas.restoreState()


def _runs(modules: Sequence[int]) -> list[tuple[int, int]]:
    """Return (start, length) of each run of dark modules."""
    runs = []
    bits = bytes(modules)
    at = bits.find(1)
    while at >= 0:
        end = bits.find(0, at)
        end = len(bits) if end < 0 else end
        runs.append((at, end - at))
        at = bits.find(1, end)
    return runs


def _draw_across(canvas: Any, text: str, height: float) -> None:
    """Draw ``text`` large, pale and slanted, again and again down the paper."""
    size = 54.0
    step = 190.0
    canvas.setFillGray(0.86)
    at = height - step / 2
    while at > 0:
        canvas.saveState()
        canvas.translate(WIDTH / 2, at)
        canvas.rotate(35)
        canvas.setFont(FONT, size)
        canvas.drawCentredString(0, -size / 3, drawable(text))
        canvas.restoreState()
        at -= step
