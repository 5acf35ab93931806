"""A receipt as a PDF on A5 across or on a 241 mm form, for page printers and the folder of PDFs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from downtime.receipt_font import FONT, broken, drawable, font, width_of
from downtime.receipt_modules import QUIET, runs_of
from downtime.receipt_wide import Sheet, forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.printer_profile import PaperName
    from downtime.receipt_column import Form, Style
    from downtime.receipt_rows import Receipt

_POINT = 72 / 180
_MM = 180 / 25.4
_BOLD_LINE = 0.028
_LEADING, _ASCENT = 1.36, 1.02
_SIZES: dict[Style, float] = {"small": 8.0, "body": 9.5, "bold": 10.5, "big": 16.0}
_SCALES = (1.25, 1.12, 1.0, 0.88, 0.8)
_MARGIN = 9 * _MM
_STRIP = 15 * _MM  # the holes at either side of continuous paper
_SIDE = 60 * _MM
_MODULES, _SHORT_MODULES = (5.0, 4.0, 3.0), (4.0, 3.0)
_SIZES_MM: dict[str, tuple[float, float]] = {
    "a5": (210, 148),
    "241x93": (241, 93.13),
    "241x140": (241, 139.7),
    "241x280": (241, 279.4),
}


def sheet_of(paper: PaperName) -> Sheet:
    """Return the sheet; places count from its upper left corner."""
    width, height = (side * _MM for side in _SIZES_MM[paper])
    margin = _MARGIN if paper == "a5" else _STRIP
    top = _MARGIN if paper != "241x93" else 5 * _MM
    modules = _MODULES if paper != "241x93" else _SHORT_MODULES
    return Sheet(width, height, margin, width - margin, top, height - top, _SIDE, modules)


class PageFace:
    """Our embedded font."""

    titles: Style = "big"

    def __init__(self, scale: float) -> None:
        self.sizes: dict[Style, float] = {style: size * scale for style, size in _SIZES.items()}

    def shown(self, text: str) -> str:
        """Return ``text`` with each character the font lacks spelled out."""
        return drawable(text)

    def width(self, text: str, style: Style) -> float:
        """Return the width of drawable text."""
        return width_of(text, self.sizes[style]) / _POINT + (1.0 if style in {"bold", "big"} else 0.0)

    def broken(self, text: str, style: Style, room: float) -> list[str]:
        """Break drawable text into lines."""
        return broken(text, self.sizes[style], room * _POINT - 1)

    def leading(self, style: Style) -> float:
        """Return the height of a line."""
        return self.sizes[style] * _LEADING / _POINT


def wide_pdf(receipt: Receipt, paper: PaperName, feet: Sequence[str] = ("",)) -> bytes:
    """Return the PDF of ``receipt`` on wide paper, once for each of ``feet``; equal receipts give equal bytes."""
    from reportlab.pdfgen.canvas import Canvas

    font()
    sheet = sheet_of(paper)
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1)
    canvas.setTitle(receipt.number)
    for foot in feet:
        face, made = _laid_out(receipt, sheet, foot)
        for form in made:
            canvas.setPageSize((sheet.width * _POINT, sheet.height * _POINT))
            canvas.scale(_POINT, -_POINT)
            canvas.translate(0, -sheet.height)
            if receipt.across:
                _across(canvas, receipt.across, sheet)
            _draw(canvas, form, face)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _laid_out(receipt: Receipt, sheet: Sheet, foot: str) -> tuple[PageFace, list[Form]]:
    """Return the forms in the largest letters that need no more of them than the smallest."""
    tried = []
    for scale in _SCALES:
        face = PageFace(scale)
        tried.append((face, forms(receipt, sheet, face, foot)))
        if len(tried[-1][1]) == 1:
            break
    return min(tried, key=lambda one: len(one[1]))


def _draw(canvas: Any, form: Form, face: PageFace) -> None:
    canvas.setFillGray(0)
    canvas.setStrokeGray(0)
    for string in form.strings:
        _write(canvas, string.x, string.y, string.text, string.style, face)
    for banner in form.banners:
        height, width = face.leading("bold"), face.width(banner.text, "bold")
        canvas.rect(banner.x - 20, banner.y, width + 40, height, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.setStrokeGray(1)
        _write(canvas, banner.x, banner.y, banner.text, "bold", face)
        canvas.setFillGray(0)
        canvas.setStrokeGray(0)
    canvas.setLineWidth(1.5)
    for line in form.lines:
        canvas.setDash([] if line.written_on else [5, 4])
        canvas.line(line.x, line.y, line.to, line.y)
    canvas.setDash([4, 4])
    for box in form.boxes:
        canvas.setStrokeGray(0.45)
        canvas.rect(box.x, box.y, box.width, box.height, stroke=1, fill=0)
        canvas.setFillGray(0.45)
        label = face.shown(box.label)
        middle = box.x + (box.width - face.width(label, "small")) / 2
        _write(canvas, middle, box.y + (box.height - face.leading("small")) / 2, label, "small", face)
        canvas.setFillGray(0)
        canvas.setStrokeGray(0)
    canvas.setDash([])
    for code in form.codes:
        path = canvas.beginPath()
        for y, row in enumerate(code.matrix, start=QUIET):
            for left, length in runs_of(row):
                x = code.x + (left + QUIET) * code.module
                path.rect(x, code.y + y * code.module, length * code.module, code.module)
        canvas.drawPath(path, stroke=0, fill=1)


def _write(canvas: Any, x: float, y: float, text: str, style: Style, face: PageFace) -> None:
    size = face.sizes[style]
    bold = style in {"bold", "big"}
    canvas.saveState()
    canvas.translate(x, y + size * _ASCENT / _POINT)
    canvas.scale(1 / _POINT, -1 / _POINT)
    if bold:
        canvas.setLineWidth(size * _BOLD_LINE)
    canvas.setFont(FONT, size)
    canvas.drawString(0, 0, text, mode=2 if bold else 0)
    canvas.restoreState()


def _across(canvas: Any, text: str, sheet: Sheet) -> None:
    """Draw ``text`` large, pale and slanted over the left column."""
    canvas.saveState()
    canvas.setFillGray(0.88)
    canvas.translate((sheet.width - sheet.side) / 2, sheet.height / 2)
    canvas.scale(1 / _POINT, -1 / _POINT)
    canvas.rotate(25)
    canvas.setFont(FONT, 90)
    canvas.drawCentredString(0, -30, drawable(text))
    canvas.restoreState()
