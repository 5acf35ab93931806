"""One entry of the board whole: recorded and in the HIS side by side, its attempts with their exact bytes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.widgets import Static

from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.screens import board_decide
from downtime.screens.base import StationScreen
from downtime.screens.board_item_lines import item_lines
from downtime.screens.board_move import STEPS, next_error, place_words
from downtime.screens.text import line, lines, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.events import Key, Resize

    from downtime.board import BoardRow
    from downtime.board_whole import BoardItem
    from downtime.screens.board import BoardScreen

_DIGITS = "123456789"
_SIDE_CELLS = 6


class BoardItemScreen(StationScreen):
    """Shows one entry; J and K go to the next error without going back.

    Args of the constructor:
        board: the board it was opened from.
        row: which one.
    """

    acts: ClassVar[tuple[str, ...]] = ("settle", "resend", "hold")
    rights: ClassVar[Mapping[str, str]] = {"settle": "look_up"}
    needs = "look_up"

    DEFAULT_CSS = """
    BoardItemScreen #item-scroll { height: 1fr; padding: 1 2 0 2; scrollbar-size: 0 1; scrollbar-gutter: stable; }
    BoardItemScreen #item-text { height: auto; }
    """

    def __init__(self, board: BoardScreen, row: BoardRow) -> None:
        super().__init__()
        self.board, self.row = board, row
        self.item: BoardItem | None = None
        self.chosen: set[str] = set()
        self._line = 0

    def body(self) -> ComposeResult:
        """The whole entry, to be scrolled."""
        with VerticalScroll(id="item-scroll"):
            yield Static("", id="item-text", markup=False)

    def on_mount(self) -> None:
        """Read it, and let the arrow keys scroll."""
        super().on_mount()
        self.query_one("#item-scroll").focus()
        self.set_interval(2.0, self._look_again)
        self.show(self.row)

    def show(self, row: BoardRow) -> None:
        """Show an entry."""
        self.row, self.chosen, self._line = row, set(), 0
        self.opened_patient(row.patient, row.entry_id)
        self.station.behind(self._reading(row.n))

    def _look_again(self) -> None:
        """Show what became of it meanwhile."""
        fresh = self.board.source.fresh(self.row.n)
        if fresh is not None and fresh is not self.row:
            self.row = fresh
            self.station.behind(self._reading(fresh.n))

    async def _reading(self, n: int) -> None:
        try:
            item = await asyncio.to_thread(self.board.source.item, n)
        except DowntimeError as error:
            self.station.alarm(error)
            return
        if self.is_attached and item.row.n == self.row.n:
            self.item, self.row = item, item.row
            self.redraw()

    def redraw(self) -> None:
        """Write it."""
        if not self.query("#item-text"):
            return
        drawn = self.query_one("#item-text", Static)
        if self.item is None:
            drawn.update(shown(_("Reading...")))
            return
        width = min(max((self.size.width or 80) - _SIDE_CELLS, 40), 150)
        rows = self.board.rows.values
        place = next((n for n, row in enumerate(rows) if row.n == self.row.n), None)
        where = place_words(rows, place) if place is not None else ""
        told = item_lines(
            self.item, self.desk.currency, width, self.chosen, with_names=self.station.may("look_up")
        )
        hint = _("J, K: next, previous error")
        drawn.update(lines([line(shown(where, "bold $accent"), "   ", shown(hint, "$secondary")), *told]))
        self.keys_changed()

    def on_resize(self, _event: Resize) -> None:
        """Fit the new width."""
        self.redraw()

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "J and K go to the next error. Space chooses a row of the HIS, F8 decides, Ctrl+X sends again. "
            "A digit shows the exact bytes of an attempt, F7 those of the entry itself."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        return {"settle": _("Decide"), "hold": _("Exact bytes")}.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Say what is missing for an act."""
        if act == "resend":
            return board_decide.why_not_resend(self.board, [self.row])
        return _("Reading...") if self.item is None and act in {"settle", "hold"} else None

    def copyable(self) -> str:
        """Return the slip number."""
        return self.row.number or self.row.entry_id

    def on_key(self, event: Key) -> None:
        """J K N P go from error to error, Space walks through the HIS's rows and chooses, digits show bytes."""
        key = (event.character or "").lower()
        if key and key in STEPS:
            self._go(STEPS[key])
        elif event.key == "space" and self.item is not None and self.item.his_lines:
            self._choose()
        elif key and key in _DIGITS and self.item is not None:
            self._show_bytes(int(key) - 1)
        elif event.key == "ctrl+c":
            self.act_copy()
        else:
            return
        event.stop()

    def _go(self, step: int) -> None:
        rows = self.board.rows
        before = next((n for n, row in enumerate(rows.values) if row.n == self.row.n), rows.place)
        place = next_error(rows.values, before, step)
        if place is None:
            self.say(lambda: _("No error is listed here."))
            return
        rows.mark(place)
        self.show(rows.values[place])

    def _choose(self) -> None:
        """Choose one row of the HIS after the other, then all, then none."""
        assert self.item is not None, "asked before"
        keys = [one.key for one in self.item.his_lines]
        if self._line < len(keys):
            self.chosen = {keys[self._line]}
        elif self._line == len(keys) and len(keys) > 1:
            self.chosen = set(keys)
        else:
            self.chosen = set()
        self._line = self._line + 1 if self.chosen else 0
        self.redraw()

    def _show_bytes(self, place: int) -> None:
        from downtime.screens.board_bytes import BytesScreen

        assert self.item is not None, "asked before"
        if place < len(self.item.attempts) and self.item.attempts[place].sent is not None:
            one = self.item.attempts[place]
            title = _("Sent to {connector}, attempt {n}").format(connector=one.connector, n=place + 1)
            self.station.note("board_bytes_shown", subject=self.row.entry_id)
            self.station.push_screen(BytesScreen(title, one.sent or b""))

    def act_hold(self) -> None:
        """Show the bytes of the entry as they were sealed."""
        from downtime.screens.board_bytes import BytesScreen

        assert self.item is not None, "why_not asked"
        self.station.note("board_bytes_shown", subject=self.row.entry_id)
        title = _("As sealed: {number}").format(number=self.copyable())
        self.station.push_screen(BytesScreen(title, self.item.sealed))

    def act_settle(self) -> None:
        """Offer what can be decided about it."""
        assert self.item is not None, "why_not asked"
        lines_chosen = [one for one in self.item.his_lines if one.key in self.chosen]
        board_decide.offer(self.board, self, [self.row], lines_chosen)

    def act_resend(self) -> None:
        """Let it go to the HIS again."""
        board_decide.resend(self.board, self, [self.row])
