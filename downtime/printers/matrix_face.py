"""The letters and forms of a 24-pin printer: 12 columns an inch, a Chinese character in two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.printers.code_page import cells, printable
from downtime.receipt_font import broken_by
from downtime.receipt_wide import Sheet

if TYPE_CHECKING:
    from downtime.printer_profile import PaperName
    from downtime.printers.code_page import CodePage
    from downtime.receipt_column import Style

COLUMN = 15
"""Width of a column in 1/180 inch."""

LINES_OF_SIXTH = {"241x93": 22, "241x140": 33, "241x280": 66}
"""Length of each form in lines of 1/6 inch: 93.1, 139.7 and 279.4 mm."""

LEADINGS = (36.0, 33.0, 30.0, 28.0, 26.0, 25.0)
"""Heights of a line, 24 of it dots: the first with which a receipt needs the fewest forms is taken."""

_LINE = 30
_WIDTH = 1708.0  # 241 mm with both tractor strips
PRINTED_WIDTH = 1440.0  # eight inches, what an 80-column carriage reaches
_TOP, _BOTTOM = 24.0, 24.0
_SIDE = 32 * COLUMN


def sheet_of(paper: PaperName) -> Sheet:
    """Return the form; places across count from where the head starts."""
    lines = LINES_OF_SIXTH[paper]
    height = float(lines * _LINE)
    modules = (4.0,) if paper == "241x93" else (6.0, 5.0, 4.0)
    return Sheet(_WIDTH, height, 0.0, PRINTED_WIDTH, _TOP, height - _BOTTOM, float(_SIDE), modules)


class MatrixFace:
    """Letters of one width; large ones are drawn with dots, two columns wide and two lines high."""

    def __init__(self, page: CodePage, leading: float, *, tight: bool) -> None:
        """Take the letters of a printer with ``page``; ``tight`` keeps titles in one line on short forms."""
        self._page: CodePage = page
        self.titles: Style = "bold" if tight else "big"
        self._leading = leading
        self._tight = tight

    def shown(self, text: str) -> str:
        """Return ``text`` with what neither the printer nor our font can draw spelled out."""
        return printable(text, self._page)

    def width(self, text: str, style: Style) -> float:
        """Return the width: whole columns."""
        return float(cells(text) * self._column(style))

    def broken(self, text: str, style: Style, room: float) -> list[str]:
        """Break shown text into lines."""
        return broken_by(text, room / self._column(style), cells)

    def leading(self, style: Style) -> float:
        """Return the height of a line; 24 of it are dots."""
        return self._leading + (_LINE if self.is_large(style) else 0)

    def is_large(self, style: Style) -> bool:
        """Return whether letters of this style are drawn with dots, twice the size."""
        return style == "big" and not self._tight

    def _column(self, style: Style) -> int:
        return COLUMN * (2 if self.is_large(style) else 1)
