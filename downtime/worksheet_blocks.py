"""One entry of a worksheet as blocks of a page: head with its slip number and a box to tick, then its fields.

A bar code stands where the value can be one, its text below it; the bars are Code 128 with modules of 0.25 mm, which
is three dots of a 300 dpi printer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from downtime.clean import visible
from downtime.closing_sheet import BLACK, GREY, PAD, RED, ROOM, Block, String
from downtime.receipt_font import broken, drawable, width_of
from forms.money import format_amount
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from downtime.closing_tables import Writer
    from downtime.worksheet import Cell, WorksheetEntry

MODULE: Final = 0.72
BARS_HIGH: Final = 17.0
QUIET: Final = 10 * MODULE
_VALUE, _TITLE, _MEANING = 9.4, 5.8, 7.0
_GAP: Final = 13.0
"""Between two fields: twice a quiet zone, so that a scanner takes one code."""
_CELL_MIN: Final = 46.0
_MEANING_MAX: Final = 175.0
_BOX: Final = 13.0
_GUTTER: Final = 17.0
_LINES_OF_MEANING: Final = 3


def bars_width(text: str) -> float:
    """Return the width of the bars of ``text`` in points."""
    return float(_bars(text).width)


def _bars(text: str) -> Any:
    from reportlab.graphics.barcode.code128 import Code128

    return Code128(text, barWidth=MODULE, barHeight=BARS_HIGH, quiet=0)


def entry_blocks(one: WorksheetEntry, writer: Writer, besides: Sequence[str] = ()) -> Iterator[Block]:
    """Yield the blocks of an entry from its head down.

    Args:
        one: the entry.
        writer: language and currency.
        besides: what the sheet says of this entry, for instance that it stood on an earlier one.
    """
    yield head_block(one, writer)
    remarks = (*one.remarks, *besides)
    if remarks:
        yield _remark_block(remarks)
    room = ROOM - _GUTTER
    for part, group in _groups(one):
        measured = [[_Placed(cell, room, writer) for cell in cells] for _n, cells in group]
        columns = _columns(measured) if part == "line" else {}
        if sum(columns.values()) + _GAP * len(columns) > room:
            columns = {}
        for (n, _cells), placed in zip(group, measured, strict=True):
            for at, row in enumerate(_rows(placed, room, columns)):
                yield _row_block(row, f"{n}" if part == "line" and at == 0 else "")
    yield Block(9.0)


def _groups(one: WorksheetEntry) -> Iterator[tuple[str, list[tuple[int, tuple[Cell, ...]]]]]:
    """Yield the head, all lines, and what stands below them as one."""
    parts = list(one.parts())
    below = tuple(cell for part, _n, cells in parts if part in {"foot", "payment"} for cell in cells)
    for name in ("head", "line"):
        yield name, [(n, cells) for part, n, cells in parts if part == name]
    if below:
        yield "foot", [(0, below)]


def _columns(lines: Sequence[Sequence[_Placed]]) -> dict[str, float]:
    """Return how wide each field of the lines is at most, so that they stand below one another."""
    widths: dict[str, float] = {}
    for line in lines:
        for placed in line:
            widths[placed.cell.field] = max(widths.get(placed.cell.field, 0.0), placed.width)
    return widths


def head_block(one: WorksheetEntry, writer: Writer, *, again: bool = False) -> Block:
    """Return the head: box, slip number, form, when, amount; or the small one where an entry goes on."""
    entry = one.entry
    if again:
        told = writer.say(N_("{number} goes on"), number=one.number)
        return Block(16, [String(_GUTTER, 11, _shown(told), 8.5, GREY, bold=True)], [(0, ROOM, 15, 0.7)])
    block = Block(25)
    block.rules = [(0, ROOM, 1, 0.25)]
    when = f"{entry.happened_at[5:10]} {entry.happened_at[11:16]}"
    strings = [String(_GUTTER + 2, 18, _shown(one.number), 14.5, bold=True)]
    left = _GUTTER + 2 + width_of(_shown(one.number), 14.5) + 12
    form = _shown(one.title)
    strings.append(String(left, 18, form, 9.5, bold=True))
    left += width_of(form, 9.5) + 10
    name = str((entry.content.get("patient") or {}).get("name") or "")
    amount = _shown(format_amount(one.amount_minor, writer.currency, thousands=True))
    right = ROOM - width_of(amount, 12.5) if one.amount_minor or entry.amount_minor is not None else ROOM
    if right < ROOM:
        strings.append(String(right, 18, amount, 12.5, BLACK if one.amount_minor >= 0 else RED, bold=True))
    lesser = broken(_shown(f"{when}  {name}"), 8.0, max(right - left - 10, 60))
    strings.append(String(left, 18, lesser[0], 8.0, GREY))
    block.strings = strings

    def box(canvas: Any, page_left: float, top: float) -> None:
        canvas.setStrokeGray(0)
        canvas.setLineWidth(0.9)
        canvas.rect(page_left, top - 20, _BOX, _BOX, stroke=1, fill=0)

    block.art = box
    return block


def _remark_block(remarks: Sequence[str]) -> Block:
    text = "    ".join(_shown(remark) for remark in remarks)
    lines = broken(text, 8.0, ROOM - _GUTTER)
    strings = [String(_GUTTER + 2, 9 + n * 10.5, line, 8.0, RED, bold=True) for n, line in enumerate(lines)]
    return Block(len(lines) * 10.5 + 3, strings)


class _Placed:
    """One field measured: how wide it is, what stands in it."""

    def __init__(self, cell: Cell, room: float, writer: Writer) -> None:
        self.cell = cell
        title = writer.say(N_("compare: {field}"), field=cell.title) if cell.checked else cell.title
        self.title = _shown(title)
        value = _shown(cell.value) or "-"
        self.bars = _bars(cell.bars) if cell.bars and _bars(cell.bars).width <= room else None
        wide = min(max(self.bars.width if self.bars else 0.0, width_of(value, _VALUE), _CELL_MIN), room)
        self.value = broken(value, _VALUE, max(wide, min(width_of(value, _VALUE), room)))
        self.own = max(wide, min(width_of(self.title, _TITLE), room))
        beside = min(width_of(_shown(cell.meaning), _MEANING), _MEANING_MAX) if cell.meaning else 0.0
        self.meaning = broken(_shown(cell.meaning), _MEANING, max(beside, 30.0)) if cell.meaning else []
        self.meaning = self.meaning[: _LINES_OF_MEANING + (0 if self.bars else 1)]
        self.width = min(self.own + (beside + 6 if beside else 0.0), room)
        self.height = 8.5 + (BARS_HIGH + 2 if self.bars else 0.0) + len(self.value) * 11.0
        self.height = max(self.height, 8.5 + len(self.meaning) * 8.8)


def _rows(
    fields: Sequence[_Placed], room: float, columns: dict[str, float]
) -> Iterator[list[tuple[float, _Placed]]]:
    """Yield rows of (left, field): in columns where there are any, else as many beside one another as fit."""
    row: list[tuple[float, _Placed]] = []
    left = 0.0
    if columns:
        by_name = {placed.cell.field: placed for placed in fields}
        for name, width in columns.items():
            if name in by_name:
                row.append((left, by_name[name]))
            left += width + _GAP
        yield row
        return
    for placed in fields:
        if row and left + placed.width > room:
            yield row
            row, left = [], 0.0
        row.append((left, placed))
        left += placed.width + _GAP
    if row:
        yield row


def _row_block(row: Sequence[tuple[float, _Placed]], number: str) -> Block:
    block = Block(max(placed.height for _left, placed in row) + 5)
    block.rules = [(_GUTTER, ROOM, block.height - 0.5, 0.9)]
    if number:
        block.strings.append(String(_GUTTER - 4 - width_of(number, 8.0), 18, number, 8.0, GREY, bold=True))
    drawn: list[tuple[float, float, Any]] = []
    for left, placed in row:
        _put(block, left + _GUTTER + PAD, placed, drawn)

    def bars(canvas: Any, page_left: float, top: float) -> None:
        canvas.setFillGray(0)
        for left, down, code in drawn:
            code.drawOn(canvas, page_left + left, top - down)

    block.art = bars
    return block


def _put(block: Block, left: float, placed: _Placed, drawn: list[tuple[float, float, Any]]) -> None:
    cell = placed.cell
    block.strings.append(String(left, 7, placed.title, _TITLE, GREY))
    down = 8.5
    if placed.bars is not None:
        drawn.append((left, down + BARS_HIGH, placed.bars))
        down += BARS_HIGH + 2
    ink = GREY if cell.checked or cell.usual or not cell.value else BLACK
    for n, line in enumerate(placed.value):
        block.strings.append(String(left, down + 8.4 + n * 11.0, line, _VALUE, ink, bold=cell.is_typed))
    for n, line in enumerate(placed.meaning):
        block.strings.append(
            String(left + placed.own + 6, 16.0 + n * 8.8, line, _MEANING, BLACK if cell.value else RED)
        )


def _shown(text: str) -> str:
    """Return foreign text as the pen can draw it."""
    return drawable(visible(text))
