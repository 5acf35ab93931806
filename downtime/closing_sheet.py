"""A4 pages of tables: rows flow down, heads come again on each page, sums are carried from page to page.

Everything is laid out before the first page is drawn, so that each can say how many there are. Text is only
ever drawn as a string; nothing in it is parsed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.closing_tables import SUM, Column, Table
from downtime.receipt_font import FONT, broken, drawable, width_of
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from downtime.closing_tables import Value, Writer

WIDTH, HEIGHT = 595.28, 841.89
MARGIN: Final = 36.0
TOP: Final = 50.0
FOOT: Final = 34.0
ROOM: Final = WIDTH - 2 * MARGIN
SIZE, SMALL = 7.6, 6.6
LEADING: Final = 1.32
PAD: Final = 3.0
BLACK, GREY, RED, GREEN, BLUE = (
    (0.0, 0.0, 0.0),
    (0.36, 0.38, 0.41),
    (0.68, 0.09, 0.09),
    (0.05, 0.40, 0.20),
    (0.10, 0.27, 0.45),
)
Ink = tuple[float, float, float]
_BOLD_LINE = 0.03
_WHOLE_ROWS: Final = 14
"""A table of so few rows stays on one page."""
_INSET: Final = 6.0
"""Between a figure, which stands to the right, and text behind it."""

CARRIED_FORWARD = N_("Carried forward")
BROUGHT_FORWARD = N_("Brought forward")
NOTHING = N_("None.")


@dataclass(slots=True)
class String:
    """Text at a place within a block, measured from its top left corner."""

    x: float
    y: float
    text: str
    size: float = SIZE
    ink: Ink = BLACK
    bold: bool = False


@dataclass(slots=True)
class Block:
    """Something as high as it is.

    Attributes:
        rules: (left, right, down, grey) each.
        ground: grey behind all of it; 1 is none.
        art: draws whatever else there is, given canvas, left and top.
    """

    height: float
    strings: list[String] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    ground: float = 1.0
    art: Callable[[Any, float, float], None] | None = None


class Pages:
    """Blocks put below one another, page after page."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.pages: list[list[Block]] = [[]]
        self.left = HEIGHT - TOP - FOOT

    def turn(self) -> None:
        """Begin a new page, unless this one is empty."""
        if self.pages[-1]:
            self.pages.append([])
            self.left = HEIGHT - TOP - FOOT

    def room_for(self, height: float) -> None:
        """Begin a new page if less than ``height`` is left."""
        if self.left < height:
            self.turn()

    def put(self, block: Block) -> None:
        """Put a block below the last."""
        self.room_for(block.height)
        self.pages[-1].append(block)
        self.left -= block.height

    def gap(self, height: float) -> None:
        """Leave room, but none at the top of a page."""
        if self.pages[-1] and self.left > height:
            self.put(Block(height))

    def words(self, text: str, size: float = SIZE, ink: Ink = BLACK, *, bold: bool = False) -> None:
        """Write a sentence over the whole width."""
        lines = broken(drawable(text), size, ROOM)
        strings = [
            String(0, size * LEADING * (n + 0.8), line, size, ink, bold) for n, line in enumerate(lines)
        ]
        self.put(Block(len(lines) * size * LEADING, strings))

    def title(self, text: str, keep: float = 60.0) -> None:
        """Write the title of a part; ``keep`` of what follows stays on the same page."""
        self.gap(13)
        self.room_for(20 + keep)
        self.put(Block(19, [String(0, 12, drawable(text), 10.6, BLUE, bold=True)], [(0, ROOM, 16.5, 0.55)]))

    # -- tables -------------------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        """Write a table with its title; sums of a long one are carried from page to page."""
        writer = self.writer
        layout = _Layout(table, writer)
        small = len(table.rows) <= _WHOLE_ROWS
        keep = sum(layout.row(row, shaded=False).height for row in table.rows) + 44 if small else 140.0
        self.title(writer.say(table.title), keep)
        if table.note:
            self.words(writer.say(table.note), SMALL, GREY)
            self.gap(2)
        if not table.rows:
            self.words(writer.say(NOTHING), SIZE, GREY)
            return
        sums = dict.fromkeys(table.sums(), 0)
        carrying = layout.height_of_sum if sums else 0.0
        self.put(layout.head())
        for n, row in enumerate(table.rows):
            block = layout.row(row, shaded=n % 2 == 1)
            if self.left < block.height + carrying:
                if sums:
                    self.put(layout.sum_row(CARRIED_FORWARD, sums))
                self.turn()
                self.put(layout.head())
                if sums:
                    self.put(layout.sum_row(BROUGHT_FORWARD, sums))
            self.put(block)
            for name, amount in table.sums([row]).items():
                sums[name] += amount
        if sums:
            self.put(layout.sum_row(SUM, sums))

    # -- drawing ------------------------------------------------------------------------------------

    def draw(self, canvas: Any, head: str, foot: str, across: str = "") -> None:
        """Draw every page with its head and foot.

        Args:
            canvas: of reportlab.
            head: said at the top of each page but the first, whose title says it.
            foot: said at the bottom, beside the page's number.
            across: written large and pale over each page: a drill's.
        """
        for number, blocks in enumerate(self.pages, start=1):
            if across:
                _draw_across(canvas, across)
            top = HEIGHT - TOP
            for block in blocks:
                _draw(canvas, block, top)
                top -= block.height
            said = self.writer.say(N_("Page {number} of {pages}"), number=number, pages=len(self.pages))
            canvas.setFont(FONT, SMALL)
            canvas.setFillColorRGB(*GREY)
            if number > 1:
                canvas.drawString(MARGIN, HEIGHT - 32, drawable(head))
            canvas.drawString(MARGIN, 18, drawable(foot))
            canvas.drawRightString(WIDTH - MARGIN, 18, drawable(said))
            canvas.showPage()


class _Layout:
    """Where the cells of one table stand."""

    def __init__(self, table: Table, writer: Writer) -> None:
        self.table, self.writer = table, writer
        whole = sum(column.width for column in table.columns)
        self.widths = [column.width / whole * ROOM for column in table.columns]
        self.lefts = [sum(self.widths[:n]) for n in range(len(self.widths))]
        following = [*(column.is_figure for column in table.columns[1:]), True]
        self.inset = [
            0 if after or not column.is_figure else _INSET
            for column, after in zip(table.columns, following, strict=True)
        ]
        self.height_of_sum = SIZE * LEADING + 2 * PAD

    def head(self) -> Block:
        """Return the titles of the columns."""
        cells = [self.writer.say(column.title) for column in self.table.columns]
        block = self._block(cells, SMALL, GREY, bold=True)
        block.ground = 0.92
        block.rules = [(0, ROOM, 0, 0.6), (0, ROOM, block.height, 0.6)]
        return block

    def row(self, row: Sequence[Value], *, shaded: bool) -> Block:
        """Return one row."""
        cells = [
            self.writer.cell(column, value) for column, value in zip(self.table.columns, row, strict=True)
        ]
        block = self._block(cells, SIZE, BLACK, values=row)
        block.rules = [(0, ROOM, block.height, 0.86)]
        block.ground = 0.975 if shaded else 1.0
        return block

    def sum_row(self, label: str, sums: dict[str, int]) -> Block:
        """Return the row of sums, at the end or where a page ends or begins."""
        block = Block(self.height_of_sum, rules=[(0, ROOM, 0, 0.35), (0, ROOM, self.height_of_sum, 0.35)])
        base = PAD + SIZE
        first = next(n for n, column in enumerate(self.table.columns) if column.summed)
        room = self.lefts[first] - PAD if first else ROOM
        text = broken(drawable(self.writer.say(label)), SIZE, max(room, 40))[0]
        block.strings.append(String(PAD, base, text, SIZE, bold=True))
        for n, column in enumerate(self.table.columns):
            if column.summed:
                told = self.writer.cell(column, sums[column.name])
                block.strings.append(self._placed(n, column, told, SIZE, base, BLACK, bold=True))
        return block

    def _block(
        self, cells: Sequence[str], size: float, ink: Ink, *, bold: bool = False, values: Sequence[Value] = ()
    ) -> Block:
        strings: list[String] = []
        most = 1
        for n, (column, cell) in enumerate(zip(self.table.columns, cells, strict=True)):
            room = self.widths[n] - 2 * PAD - self.inset[n]
            text = drawable(cell)
            lines = [text] if width_of(text, size) <= room else broken(text, size, room)
            colour = ink if bold else _ink_of(values[n] if values else None)
            for at, line in enumerate(lines):
                if not line:
                    continue
                base = PAD + size + at * size * LEADING
                strings.append(self._placed(n, column, line, size, base, colour, bold=bold))
            most = max(most, len(lines))
        return Block(most * size * LEADING + 2 * PAD - 1.5, strings)

    def _placed(
        self, n: int, column: Column, text: str, size: float, base: float, ink: Ink, *, bold: bool
    ) -> String:
        left = self.lefts[n] + PAD
        if column.is_figure:
            left = self.lefts[n] + self.widths[n] - PAD - self.inset[n] - width_of(text, size)
        return String(left, base, text, size, ink, bold)


_ALARMING = {"missing", "in_doubt", "rejected", "void", "stops", "no"}


def _ink_of(value: Value) -> Ink:
    """Return the colour of a code that asks for somebody; its word says it without the colour."""
    return RED if isinstance(value, str) and value in _ALARMING else BLACK


def _draw(canvas: Any, block: Block, top: float) -> None:
    if block.ground < 1:
        canvas.setFillGray(block.ground)
        canvas.rect(MARGIN, top - block.height, ROOM, block.height, stroke=0, fill=1)
    for left, right, down, grey in block.rules:
        canvas.setStrokeGray(grey)
        canvas.setLineWidth(0.4)
        canvas.line(MARGIN + left, top - down, MARGIN + right, top - down)
    for one in block.strings:
        canvas.setFillColorRGB(*one.ink)
        canvas.setFont(FONT, one.size)
        if one.bold:
            canvas.setStrokeColorRGB(*one.ink)
            canvas.setLineWidth(one.size * _BOLD_LINE)
        canvas.drawString(MARGIN + one.x, top - one.y, one.text, mode=2 if one.bold else 0)
    if block.art is not None:
        block.art(canvas, MARGIN, top)


def _draw_across(canvas: Any, text: str) -> None:
    canvas.setFillGray(0.9)
    for at in (0.25, 0.75):
        canvas.saveState()
        canvas.translate(WIDTH / 2, HEIGHT * at)
        canvas.rotate(35)
        canvas.setFont(FONT, 88)
        canvas.drawCentredString(0, -30, drawable(text))
        canvas.restoreState()
