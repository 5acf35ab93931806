"""Where everything stands on 80 mm paper: receipt rows become blocks of strings with positions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downtime.receipt_font import broken, drawable, width_of
from downtime.receipt_rows import Banner, Codes, Item, Pair, Rule, Sign, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.receipt_rows import Receipt, Row, Style, Weight

MM = 72 / 25.4
WIDTH = 80 * MM
MARGIN = 4 * MM
ROOM = WIDTH - 2 * MARGIN
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
_COLUMNS = (
    (58.0, 51.0),
    (113.0, 38.0),
    (155.0, ROOM - 155.0),
)  # left edge and width: price, quantity, amount
_DOT = 0.125 * MM
QUIET = 4
_MASK = 3  # signed digits look random under every mask; trying all eight would take most of a receipt's time
_CODE_WIDTH = 62 * MM


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
        height: room it takes.
        black: a filled rectangle of this height behind the strings, or 0.
        strings: what is drawn.
        lines: horizontal lines as (x from, x to, y, dashed).
        code: rows of QR modules, or None; drawn from the block's top.
    """

    height: float = 0.0
    black: float = 0.0
    strings: list[Drawn] = field(default_factory=list)
    lines: list[tuple[float, float, float, bool]] = field(default_factory=list)
    code: Sequence[Sequence[int]] | None = None

    def write(
        self, text: str, size: float, *, at: str = "left", left: float = 0.0, room: float = ROOM
    ) -> None:
        """Add lines of ``text`` below what is there, broken to ``room``; ``at`` is left, centre or right."""
        self._write(broken(drawable(text), size, room), size, at, left, room)

    def strong(self, text: str, size: float, *, at: str = "left") -> None:
        """Add bold lines of ``text`` below what is there."""
        self._write(broken(drawable(text), size, ROOM - 4), size, at, 0.0, ROOM, bold=True)

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


def layout(receipt: Receipt) -> list[Block]:
    """Return the blocks of ``receipt`` from top to bottom."""
    return [block for row in receipt.rows for block in _blocks(row)]


def pages(blocks: Sequence[Block]) -> list[list[Block]]:
    """Return ``blocks`` in pages no higher than a reader can show; nearly always one."""
    pages: list[list[Block]] = [[]]
    taken = 2 * MARGIN
    for block in blocks:
        if taken + block.height > PAGE_HEIGHT_MAX:
            pages.append([])
            taken = 2 * MARGIN
        pages[-1].append(block)
        taken += block.height
    return pages


def _blocks(row: Row) -> list[Block]:
    return _codes(row) if isinstance(row, Codes) else [_block(row)]


def _block(row: Words | Pair | Item | Banner | Rule | Sign) -> Block:
    match row:
        case Words():
            return _words(row)
        case Pair():
            return _pair(row)
        case Item():
            return _item(row)
        case Banner():
            return _banner(row)
        case Rule():
            return Block(height=7, lines=[(0, ROOM, 3.5, True)])
        case Sign():
            return _sign(row)


def _sign(row: Sign) -> Block:
    block = Block(height=12)
    block.write(row.label, BODY, room=ROOM * 0.7)
    taken = min(width_of(drawable(row.label), BODY), ROOM * 0.7)
    block.lines.append((taken + 4, ROOM, block.height - 2, False))
    block.height += 3
    return block


def _words(row: Words) -> Block:
    size, bold = _SIZES[row.style]
    block = Block()
    if bold:
        block.height = 2
        block.strong(row.text, size, at=row.align)
    else:
        block.write(row.text, size, at=row.align)
    return block


def _pair(row: Pair) -> Block:
    block = Block()
    value_size, bold = _WEIGHTS[row.weight]
    label_size = min(value_size, BODY)
    label_room = width_of(drawable(row.label), label_size) + 8
    value = drawable(row.value)
    if label_room > ROOM / 2:
        block.write(row.label, label_size)
        label_room = 8.0
    room = ROOM - label_room
    lines = broken(value, value_size, room - 1)
    at = "right" if len(lines) == 1 else "left"
    top = block.height
    block._write(lines, value_size, at, label_room, room, bold=bold)  # noqa: SLF001 (same module)
    if not top:
        block.strings.append(Drawn(0.0, block.strings[0].y, drawable(row.label), label_size))
    return block


def _item(row: Item) -> Block:
    block = Block()
    if row.name:
        block.write(row.name, BODY)
    top = block.height
    deepest = top
    below = ""
    cells = [(row.detail, 0.0, _COLUMNS[0][0] - 4, "left")]
    cells += [
        (text, left, width, "right")
        for text, (left, width) in zip((row.price, row.quantity, row.amount), _COLUMNS, strict=True)
    ]
    if not row.price and not row.quantity:  # only a quantity stands at the right: the detail may go wide
        cells = [(row.detail, 0.0, ROOM * 0.7, "left"), (row.amount, ROOM * 0.72, ROOM * 0.28, "right")]
    elif any(width_of(text, _CELL) > width for text, _, width, _ in (cells[1], cells[3])):
        # an amount is never broken: where no column holds it, the figures stand below each other
        cells = [(row.detail, 0.0, ROOM, "left")]
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


def _banner(row: Banner) -> Block:
    block = Block(height=3)
    block.strong(row.text, _BANNER, at="centre")
    block.black = block.height + 1
    block.height += 4
    return block


def _codes(row: Codes) -> list[Block]:
    import segno

    blocks = []
    for n, text in enumerate(row.texts, start=1):
        made = segno.make(text, error="m", micro=False, boost_error=False, mask=_MASK)
        block = Block(code=made.matrix)
        block.height = (len(made.matrix) + 2 * QUIET) * module_of(len(made.matrix))
        if len(row.texts) > 1:
            block.write(f"{n} / {len(row.texts)}", BODY, at="centre")
        blocks.append(block)
    caption = Block()
    caption.strong(row.caption, 11.0, at="centre")
    caption.height += 3
    return [*blocks, caption]


def module_of(modules: int) -> float:
    """Return the side of a module in points: four printer dots where the code stays handy, else three."""
    across = modules + 2 * QUIET
    return 4 * _DOT if across * 4 * _DOT <= _CODE_WIDTH else 3 * _DOT
