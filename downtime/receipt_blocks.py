"""Where everything stands on a roll of 80 or 58 mm: receipt rows become blocks of strings with positions."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from downtime.receipt_font import broken, drawable, width_of
from downtime.receipt_modules import QUIET, modules_of
from downtime.receipt_rows import Banner, Codes, Item, Pair, Rule, Sign, Stamp, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.receipt_rows import Receipt, Row, Style, Weight

MM = 72 / 25.4
_DOT = 0.125 * MM
_END = 4 * MM


@dataclass(frozen=True, slots=True)
class Roll:
    """A roll of paper, in points.

    Attributes:
        width: of the paper.
        margin: left and right, out of the head's reach.
        room: width that can be printed.
        code_width: widest a QR code of four dots to a module may be.
        columns: left edge and width of price, quantity and amount.
        narrow: the columns need a line of their own.
    """

    width: float
    margin: float
    room: float
    code_width: float
    columns: tuple[tuple[float, float], ...]
    narrow: bool

    def module_of(self, modules: int) -> float:
        """Return the side of a module: four printer dots where the code stays handy, else three."""
        across = modules + 2 * QUIET
        return 4 * _DOT if across * 4 * _DOT <= self.code_width else 3 * _DOT


_ROOM_80, _ROOM_58 = 72 * MM, 48 * MM
ROLL_80 = Roll(
    80 * MM,
    4 * MM,
    _ROOM_80,
    62 * MM,
    ((58.0, 51.0), (113.0, 38.0), (155.0, _ROOM_80 - 155.0)),
    narrow=False,
)
ROLL_58 = Roll(
    58 * MM, 5 * MM, _ROOM_58, _ROOM_58, ((0.0, 48.0), (50.0, 34.0), (86.0, _ROOM_58 - 86.0)), narrow=True
)
ROLLS = {"80": ROLL_80, "58": ROLL_58}

PAGE_HEIGHT_MAX = 14_000.0
"""PDF readers stop at 14,400 points (5 m); longer paper becomes a second page."""

BODY = 8.5
_LEADING = 1.36
_ASCENT = 1.02
_WEIGHTS: dict[Weight, tuple[float, bool]] = {
    "small": (7.5, False),
    "body": (BODY, False),
    "strong": (11.0, True),
    "loud": (14.0, True),
}
_SIZES: dict[Style, tuple[float, bool]] = {
    "name": (11.5, True),
    "title": (15.0, True),
    "body": (BODY, False),
    "small": (7.5, False),
    "strong": (9.5, True),
}
_BANNER = 12.0
_CELL = 8.0
_STAMP_WIDTH, _STAMP_HEIGHT = 40 * MM, 16 * MM


@dataclass(frozen=True, slots=True)
class Drawn:
    """One string: left edge and baseline in points from the left margin and the block's top."""

    x: float
    y: float
    text: str
    size: float
    bold: bool = False


@dataclass(slots=True)
class Block:
    """What one row becomes on paper, all positions in points from its top left corner.

    Attributes:
        room: width there is.
        height: height it takes.
        black: a filled rectangle of this height behind the strings, or 0.
        strings: what is drawn.
        lines: horizontal lines as (x from, x to, y, dashed).
        code: rows of QR modules, or None; drawn from the block's top.
        frame: a dashed frame as (x from, x to, y from, y to), or None.
    """

    room: float
    height: float = 0.0
    black: float = 0.0
    strings: list[Drawn] = field(default_factory=list)
    lines: list[tuple[float, float, float, bool]] = field(default_factory=list)
    code: Sequence[Sequence[int]] | None = None
    frame: tuple[float, float, float, float] | None = None

    def write(
        self, text: str, size: float, *, at: str = "left", left: float = 0.0, room: float | None = None
    ) -> None:
        """Add lines of ``text`` below what is there, broken to ``room``; ``at`` is left, centre or right."""
        room = self.room if room is None else room
        self._write(broken(drawable(text), size, room), size, at, left, room)

    def strong(self, text: str, size: float, *, at: str = "left") -> None:
        """Add bold lines of ``text`` below what is there."""
        self._write(broken(drawable(text), size, self.room - 4), size, at, 0.0, self.room, bold=True)

    def _write(
        self,
        lines: Sequence[str],
        size: float,
        at: str,
        left: float,
        room: float,
        *,
        bold: bool = False,
    ) -> None:
        for line in lines:
            spare = room - width_of(line, size)
            x = left + {"left": 0.0, "centre": spare / 2, "right": spare}[at]
            self.strings.append(Drawn(x, self.height + size * _ASCENT, line, size, bold))
            self.height += size * _LEADING


def layout(receipt: Receipt, roll: Roll = ROLL_80) -> list[Block]:
    """Return the blocks of ``receipt`` from top to bottom."""
    return [block for row in receipt.rows for block in _blocks(row, roll)]


def pages(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return ``blocks`` in pages no higher than a reader can show; nearly always one."""
    pages: list[list[Block]] = [[]]
    taken = 2 * _END
    for block in blocks:
        if taken + block.height > PAGE_HEIGHT_MAX:
            pages.append([])
            taken = 2 * _END
        pages[-1].append(block)
        taken += block.height
    return pages


def _blocks(row: Row, roll: Roll) -> list[Block]:
    if isinstance(row, Codes):
        return _codes(row, roll)
    return [_stamp(row, roll) if isinstance(row, Stamp) else _block(row, roll)]


def _block(row: Words | Pair | Item | Banner | Rule | Sign, roll: Roll) -> Block:
    match row:
        case Words():
            return _words(row, roll)
        case Pair():
            return _pair(row, roll)
        case Item():
            return _item(row, roll)
        case Banner():
            return _banner(row, roll)
        case Rule():
            return Block(roll.room, height=7, lines=[(0, roll.room, 3.5, True)])
        case Sign():
            return _sign(row, roll)


def _stamp(row: Stamp, roll: Roll) -> Block:
    """Leave a framed field at the right that a usual stamp fits into."""
    width = min(roll.room, _STAMP_WIDTH)
    left = roll.room - width
    block = Block(roll.room, height=_STAMP_HEIGHT / 2 - BODY)
    block.write(row.label, BODY, at="centre", left=left, room=width)
    block.height = max(block.height, _STAMP_HEIGHT)
    block.frame = (left, roll.room, 4.0, block.height - 2)
    return block


def _sign(row: Sign, roll: Roll) -> Block:
    block = Block(roll.room, height=12)
    block.write(row.label, BODY, room=roll.room * 0.7)
    taken = min(width_of(drawable(row.label), BODY), roll.room * 0.7)
    block.lines.append((taken + 4, roll.room, block.height - 2, False))
    block.height += 3
    return block


def _words(row: Words, roll: Roll) -> Block:
    size, bold = _SIZES[row.style]
    block = Block(roll.room)
    if bold:
        block.height = 2
        block.strong(row.text, size, at=row.align)
    else:
        block.write(row.text, size, at=row.align)
    return block


def _pair(row: Pair, roll: Roll) -> Block:
    block = Block(roll.room)
    value_size, bold = _WEIGHTS[row.weight]
    label_size = min(value_size, BODY)
    label_room = width_of(drawable(row.label), label_size) + 8
    value = drawable(row.value)
    if label_room > roll.room * (0.62 if roll.narrow else 0.5):
        block.write(row.label, label_size)
        label_room = 8.0
    whole = width_of(value, value_size)
    if roll.room - label_room - 1 < whole < roll.room - 9 and not block.height:
        block.write(row.label, label_size)  # what fits on one line is never broken: it stands below its label
        label_room = 8.0
    room = roll.room - label_room
    lines = broken(value, value_size, room - 1)
    at = "right" if len(lines) == 1 else "left"
    top = block.height
    block._write(lines, value_size, at, label_room, room, bold=bold)  # noqa: SLF001 (same module)
    if not top:
        block.strings.append(Drawn(0.0, block.strings[0].y, drawable(row.label), label_size))
    return block


def _item(row: Item, roll: Roll) -> Block:
    block = Block(roll.room)
    if row.name:
        block.write(row.name, BODY)
    if roll.narrow and row.detail and (row.price or row.quantity):
        block.write(row.detail, _CELL)
        row = replace(row, detail="")
    top = block.height
    deepest = top
    below = ""
    cells = [(row.detail, 0.0, roll.columns[0][0] - 4, "left")]
    cells += [
        (text, left, width, "right")
        for text, (left, width) in zip((row.price, row.quantity, row.amount), roll.columns, strict=True)
    ]
    if not row.price and not row.quantity:  # only a quantity stands at the right: the detail may go wide
        cells = [
            (row.detail, 0.0, roll.room * 0.7, "left"),
            (row.amount, roll.room * 0.72, roll.room * 0.28, "right"),
        ]
    elif any(width_of(text, _CELL) > width for text, _, width, _ in (cells[1], cells[3])):
        # an amount is never broken: where no column holds it, the figures stand below each other
        cells = [(row.detail, 0.0, roll.room, "left")]
        below = f"{row.price}   {row.quantity}   {row.amount}"
    for text, left, width, at in cells:
        block.height = top
        if text:
            block.write(text, _CELL, at=at, left=left, room=width)
        deepest = max(deepest, block.height)
    block.height = deepest
    if below:
        block.write(below, _CELL, at="right")
    block.height += 1
    return block


def _banner(row: Banner, roll: Roll) -> Block:
    block = Block(roll.room, height=3)
    block.strong(row.text, _BANNER, at="centre")
    block.black = block.height + 1
    block.height += 4
    return block


def _codes(row: Codes, roll: Roll) -> list[Block]:
    blocks = []
    for n, text in enumerate(row.texts, start=1):
        code = modules_of(text)
        block = Block(roll.room, code=code)
        block.height = (len(code) + 2 * QUIET) * roll.module_of(len(code))
        if len(row.texts) > 1:
            block.write(f"{n} / {len(row.texts)}", BODY, at="centre")
        blocks.append(block)
    caption = Block(roll.room)
    caption.strong(row.caption, 11.0, at="centre")
    caption.height += 3
    return [*blocks, caption]
