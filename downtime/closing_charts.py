"""Charts of a closing: bars over time, and bars beside their names. Drawn as rectangles, from the tables alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from downtime.closing_sheet import BLUE, GREY, RED, ROOM, SMALL, Block
from downtime.receipt_font import FONT, drawable, width_of
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from downtime.closing_tables import Table, Writer

_HEIGHT = 120.0
_LABELS_MAX = 9
_BAR, _BAR_GAP = 13.0, 5.0
_NAME_ROOM, _FIGURE_ROOM = 138.0, 88.0
_STATION_ROOM = 60.0
_SPANS_MAX = 40
_COUNTED = N_("{count} receipts")


def bars_over_time(table: Table, writer: Writer) -> Block:
    """Return the receipts per interval as upright bars, the highest with its figure."""
    counts = [int(row[2] or 0) for row in table.rows]
    times = [str(row[0])[5:16].replace("T", " ") for row in table.rows]
    step = int(table.rows[0][1] or 0) if table.rows else 0
    highest = max(counts, default=0) or 1

    def draw(canvas: Any, left: float, top: float) -> None:
        base, room = top - _HEIGHT + 16, _HEIGHT - 34
        across = ROOM / max(len(counts), 12)
        _grid(canvas, left, base, room, highest)
        for n, count in enumerate(counts):
            canvas.setFillColorRGB(*BLUE)
            canvas.rect(
                left + n * across + across * 0.12,
                base,
                across * 0.76,
                room * count / highest,
                stroke=0,
                fill=1,
            )
        canvas.setFillColorRGB(*GREY)
        canvas.setFont(FONT, SMALL)
        every = max(1, -(-len(times) // _LABELS_MAX))
        for n in range(0, len(times), every):
            canvas.drawString(left + n * across, base - 9, drawable(times[n] if not n else times[n][6:]))
        at = counts.index(highest) if highest in counts else 0
        figure = drawable(str(highest if counts else 0))
        x = left + at * across + (across - width_of(figure, SMALL)) / 2
        canvas.drawString(x, base + room + 3, figure)
        told = writer.say(N_("Receipts per {minutes} minutes"), minutes=step)
        canvas.drawString(left, top - 8, drawable(told))

    return Block(_HEIGHT, art=draw)


def _grid(canvas: Any, left: float, base: float, room: float, highest: int) -> None:
    canvas.setStrokeGray(0.88)
    canvas.setLineWidth(0.3)
    for part in (0.5, 1.0):
        if highest > 1 or part == 1.0:
            canvas.line(left, base + room * part, left + ROOM, base + room * part)
    canvas.setStrokeGray(0.5)
    canvas.setLineWidth(0.5)
    canvas.line(left, base, left + ROOM, base)


def bars_by_name(named: Sequence[tuple[str, int, str]]) -> Block:
    """Return (name, amount, figure) each as a bar beside its name; a negative one is red and goes as far."""
    most = max((abs(amount) for _name, amount, _figure in named), default=0) or 1
    height = len(named) * (_BAR + _BAR_GAP) + 4

    def draw(canvas: Any, left: float, top: float) -> None:
        room = ROOM - _NAME_ROOM - _FIGURE_ROOM
        for n, (name, amount, figure) in enumerate(named):
            base = top - (n + 1) * (_BAR + _BAR_GAP) + _BAR_GAP / 2
            canvas.setFillGray(0.93)
            canvas.rect(left + _NAME_ROOM, base, room, _BAR, stroke=0, fill=1)
            canvas.setFillColorRGB(*(BLUE if amount >= 0 else RED))
            canvas.rect(left + _NAME_ROOM, base, room * abs(amount) / most, _BAR, stroke=0, fill=1)
            canvas.setFillGray(0)
            canvas.setFont(FONT, 7.6)
            canvas.drawString(left, base + 3.6, drawable(name))
            canvas.drawRightString(left + ROOM, base + 3.6, drawable(figure))

    return Block(height, art=draw)


def spans_by_name(table: Table, writer: Writer) -> Block:
    """Return how long the outage lasted at each station as a bar in common time, its receipts beside it."""
    rows = [
        (str(row[names["station"]]), str(row[names["declared_at"]] or ""), str(row[names["ended_at"]] or ""),
         row[names["outage_receipts"]])
        for names in [{column.name: n for n, column in enumerate(table.columns)}]
        for row in table.rows[:_SPANS_MAX]
    ]  # fmt: skip
    times = [datetime.fromisoformat(at).timestamp() for row in rows for at in row[1:3] if at]
    begins, ends = min(times, default=0.0), max(times, default=1.0)
    scale = (ROOM - _STATION_ROOM - _FIGURE_ROOM) / max(ends - begins, 1.0)
    height = len(rows) * (_BAR + 2) + 26

    def place(at: str, otherwise: float) -> float:
        moment = datetime.fromisoformat(at).timestamp() if at else otherwise
        return _STATION_ROOM + (moment - begins) * scale

    def draw(canvas: Any, left: float, top: float) -> None:
        for n, (station, declared, ended, receipts) in enumerate(rows):
            base = top - (n + 1) * (_BAR + 2)
            begin, end = place(declared, begins), place(ended, ends)
            canvas.setFillGray(0.94)
            canvas.rect(left + _STATION_ROOM, base + 1, (ends - begins) * scale, _BAR - 3, stroke=0, fill=1)
            canvas.setFillColorRGB(*(BLUE if declared and ended else RED))
            canvas.rect(left + begin, base + 1, max(end - begin, 1.5), _BAR - 3, stroke=0, fill=1)
            canvas.setFillGray(0)
            canvas.setFont(FONT, 7.6)
            canvas.drawString(left, base + 3, drawable(station))
            canvas.drawRightString(left + ROOM, base + 3, drawable(writer.say(_COUNTED, count=receipts or 0)))
        canvas.setFillColorRGB(*GREY)
        canvas.setFont(FONT, SMALL)
        base = top - height + 12
        for at, moment in (("left", begins), ("right", ends)):
            told = drawable(datetime.fromtimestamp(moment, tz=_zone(table)).strftime("%m-%d %H:%M"))
            x = left + _STATION_ROOM + (moment - begins) * scale
            (canvas.drawString if at == "left" else canvas.drawRightString)(x, base, told)

    return Block(height, art=draw)


def _zone(table: Table) -> tzinfo | None:
    """Return the offset the times of the table are told in."""
    told = next((str(at) for at in table.values("declared_at") if at), "")
    return datetime.fromisoformat(told).tzinfo if told else None
