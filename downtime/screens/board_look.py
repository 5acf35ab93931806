"""What the board shows: figures that add up, stations, long work, the list; read behind, drawn from memory."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.board import DECISIONS, BoardRow, Kept
from downtime.board_pace import Pace
from downtime.i18n import _
from downtime.screens import board_lines as look
from downtime.screens.base import StationScreen
from downtime.screens.board_move import place_words
from downtime.screens.keyline import Words
from downtime.screens.rows import Rows
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import Field
from downtime.store import journal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.events import Key, Resize

    from downtime.board_source import BoardSource, Sending
    from downtime.entry import Entry
    from downtime.screens.rows import Shows

LOOK_SECONDS = 2.0
MOVES_SECONDS = 12.0
"""Work counts as under way for so long after the last piece of it."""
TOLD_LINES_MAX = 2
_WIDE = 100


class Asked(Field):
    """The search field; the list below takes the keys that move it."""

    def __init__(self, owner: BoardLook) -> None:
        super().__init__(id="board-asked")
        self._owner = owner

    async def _on_key(self, event: Key) -> None:
        rows = self._owner.rows
        if event.key in {"up", "down", "pageup", "pagedown"} and rows.takes(event):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)


class BoardLook(StationScreen):
    """The part of the board that shows."""

    def __init__(self, source: BoardSource) -> None:
        super().__init__()
        self.source = source
        self.kept = Kept()
        self.chosen: set[int] = set()
        self.pace = Pace()
        self.sending: Sending | None = None
        self.told: list[str] = []
        self.is_bringing_up = False
        self.is_looking = False
        self.is_read = False
        self._decided_seq = 0

    def body(self) -> ComposeResult:
        """Headline, states beside stations, long work, what is listed, the list."""
        with Horizontal(id="board-head"):
            yield Static("", id="board-headline", markup=False)
            yield Static("", id="board-stations-short", markup=False)
        with Horizontal(id="board-middle"):
            yield Static("", id="board-figures", markup=False)
            yield Static("", id="board-stations", markup=False)
        yield Static("", id="board-pace", markup=False)
        with Horizontal(id="board-top"):
            yield Static("", id="board-kept", markup=False)
            yield Words(lambda: _("Find"), classes="label", id="board-find")
            yield Asked(self)
        yield Rows(look.COLUMNS, self._shows, empty=self._empty_words, digits=False, id="board-rows")

    def on_mount(self) -> None:
        """Begin to read, and put the mark into the list."""
        super().on_mount()
        self.rows.focus()
        self.set_interval(LOOK_SECONDS, self.look_again)
        self.set_interval(0.5, self.tick)
        self.look_again()

    # -- what is shown ------------------------------------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one(Rows)

    @property
    def marked(self) -> BoardRow | None:
        """The marked row."""
        return self.rows.marked

    @property
    def is_sending(self) -> bool:
        """Whether a round begun here is under way."""
        return self.sending is not None and self.sending.code is None

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self.is_sending and self.sending is not None and self.sending.is_stopping

    def look_again(self) -> None:
        """Read what is new, behind."""
        if not self.is_looking and self.is_attached and not self.station.is_locked:
            self.is_looking = True
            self.station.behind(self._looking())

    async def _looking(self) -> None:
        try:
            changed = await asyncio.to_thread(self.source.refresh)
            changed = await asyncio.to_thread(self.source.know, self._newly_decided()) or changed
        finally:
            self.is_looking = False
        self.pace.look(time.monotonic(), self.source.summary().to_send)
        if self.is_attached and (changed or not self.is_read):
            self.is_read = True
            self.redraw()

    def _newly_decided(self) -> list[Entry]:
        """Return what was decided in this station's book since the last look, oldest first."""
        found: list[Entry] = []
        if self.station.desk is not None:
            for entry in journal.entries(self.desk.looking(), forms=DECISIONS, newest=True):
                if entry.seq <= self._decided_seq:
                    break
                found.append(entry)
            self._decided_seq = max([self._decided_seq, *(entry.seq for entry in found)])
        return found[::-1]

    def redraw(self) -> None:
        """Write everything from what was read last."""
        if not self.query("#board-rows"):
            return  # the news came before the screen was whole
        found, now, currency = self.source.summary(), self.station.now(), self.desk.currency
        self.query_one("#board-headline", Static).update(look.headline(found, now))
        self.query_one("#board-stations-short", Static).update(
            look.stations_words(found, now, is_short=self.size.width < _WIDE)
        )
        self.query_one("#board-figures", Static).update(
            lines([*look.grid_lines(found, currency, self.kept.view), look.adds_up_line(found, currency)])
        )
        self.query_one("#board-stations", Static).update(lines(look.station_lines(found, now, 3)))
        self.query_one(Asked).placeholder = _("slip, name, id, amount")
        self.show_rows()
        self.draw_pace()

    def show_rows(self, *, afresh: bool = False) -> None:
        """Show the rows asked for; the mark stays on its entry where that is still listed."""
        before = self.marked
        found: Sequence[BoardRow] = self.source.rows(self.kept) if self.is_read else ()
        place = 0 if afresh else None
        if before is not None and not afresh:
            near = range(max(self.rows.place - 50, 0), min(self.rows.place + 50, len(found)))
            place = next((n for n in near if found[n].n == before.n), None)
        self.rows.show(found, place=place)
        self.draw_kept()

    def draw_kept(self) -> None:
        """Write what is listed, and where the mark stands."""
        person = self.rows.values[0].operator_name if self.kept.operator and self.rows.values else ""
        place = place_words(self.rows.values, self.rows.place)
        if self.chosen:
            place += "  " + _("marked {count}").format(count=len(self.chosen))
        self.query_one("#board-kept", Static).update(look.kept_line(self.kept, place, person))
        self.keys_changed()

    def _shows(self, row: BoardRow) -> Shows:
        return look.shows_row(
            row,
            self.desk.currency,
            self.station.now(),
            is_chosen=row.n in self.chosen,
            with_names=self.station.may("look_up"),
        )

    def _empty_words(self) -> str:
        if not self.is_read:
            return _("Reading...")
        if self.kept.text:
            return _("Nothing found. Esc empties the field.")
        return (
            _("Nothing waits here: the HIS has it.") if self.kept.view == "open" else _("None in this state.")
        )

    def draw_pace(self) -> None:
        """Write how far long work has come, and what programs beside said."""
        drawn = self.query_one("#board-pace", Static)
        told: list[Any] = []
        reading = self.source.reading()
        if not self.is_read:
            started = Pace()
            started.look(0, reading.total)
            started.look(0, reading.total - reading.done)
            told.append(look.pace_line(_("Reading the hub"), started))
        elif self.is_sending or self.pace.has_moved(MOVES_SECONDS):
            word = _("Stopping behind this batch") if self.is_stopping else _("Sending to the HIS")
            told.append(look.pace_line(word, self.pace))
        if self.is_bringing_up:
            told.append(
                shown(" " + _("Bringing the decision to the hub") + " ", "bold $text-on-warning on $warning")
            )
        waits = self.source.summary().waits
        told += [
            shown(" " + _("Not sent yet: {why}").format(why=one) + " ", "bold $warning") for one in waits[:1]
        ]
        told += [shown(one, "$secondary") for one in self.told[-TOLD_LINES_MAX:]]
        drawn.display = bool(told)
        drawn.update(lines(told[:3]))

    def tick(self) -> None:
        """Twice a second: what is under way."""
        self.draw_pace()

    def on_resize(self, _event: Resize) -> None:
        """Fit the new width."""
        self.redraw()
