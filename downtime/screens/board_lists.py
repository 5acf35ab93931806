"""The lists beside the board's states, and cash, receipts and the HIS below one another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from textual.widgets import Static

from downtime.board_lists import LISTS, ListRow, ListSum
from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.board_lines import form_word
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import cell, line, lines, shown
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.screens.board import BoardScreen

_MONEY_CELLS = 16
_MONEY_LINE_CELLS = 38
_CASH_LINES = 3
_WIDE = 120


class BoardListsScreen(StationScreen):
    """All lists with what they come to; Enter opens one."""

    CSS_PATH = "board_lists.tcss"

    def __init__(self, board: BoardScreen) -> None:
        super().__init__()
        self._board = board
        self._sums: Sequence[ListSum] = ()
        self._money: Sequence[tuple[str, int, str]] = ()
        self.is_read = False

    def body(self) -> ComposeResult:
        """The lists, the money."""
        yield Rows(
            (
                RowColumn(lambda: _("Which list"), 28),
                RowColumn(lambda: _("Rows"), 8, right=True),
                RowColumn(lambda: _("Amount"), _MONEY_CELLS, right=True),
                RowColumn(str),
            ),
            self._shows,
            empty=lambda: _("Reading..."),
            id="lists-rows",
        )
        yield Static("", id="lists-money", markup=False)

    def on_mount(self) -> None:
        """Read them behind."""
        super().on_mount()
        self.query_one(Rows).focus()
        self.station.behind(self._reading())

    async def _reading(self) -> None:
        source = self._board.source
        self._sums = await asyncio.to_thread(source.list_sums)
        self._money = await asyncio.to_thread(source.list_lines)
        self.is_read = True
        if self.is_attached:
            self.redraw()

    def redraw(self) -> None:
        """Write everything."""
        if self.query("#lists-rows"):
            self.query_one(Rows).show(self._sums)
            self.query_one("#lists-money", Static).update(lines(self._money_lines()))

    def _money_lines(self) -> list[Content | str]:
        if not self._money:
            return []
        is_wide = self.size.width >= _WIDE
        drawn = [self._money_line(*one, is_wide=is_wide) for one in self._money]
        title = shown(_("Cash, receipts, HIS"), "bold $secondary")
        if is_wide:
            return [title, *drawn]
        left, right = drawn[:_CASH_LINES], drawn[_CASH_LINES:]
        blank = shown(" " * _MONEY_LINE_CELLS)
        return [title, *(line(left[n] if n < len(left) else blank, one) for n, one in enumerate(right))]

    def _money_line(self, words: str, minor: int, remark: str, *, is_wide: bool) -> Content:
        is_difference = words in {"Difference", "HIS less ours"}
        style = "bold $warning" if is_difference and minor else "bold" if is_difference else ""
        figures = format_amount(minor, self.desk.currency, thousands=True)
        return line(
            cell(f"   {_(words)}", _MONEY_LINE_CELLS - 14, style),
            cell(figures, 13, style, right=True),
            shown(f"   {_(remark)}" if is_wide and remark else " ", "$secondary"),
        )

    def _shows(self, one: ListSum) -> Shows:
        amount = (
            format_amount(one.amount_minor, self.desk.currency, thousands=True) if one.amount_minor else ""
        )
        style = "" if one.rows else "$secondary"
        return Shows((_(LISTS[one.name]), f"{one.rows:,}", amount, ""), style)

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "What is to be settled beside the states, over all stations. Enter opens a list, Esc goes back."
        )

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Show the rows of a list."""
        event.stop()
        if self.allows("look_up"):
            self.station.push_screen(BoardListScreen(self._board, event.value.name))


class BoardListScreen(StationScreen):
    """The rows of one list; Enter opens the entry on the board."""

    CSS_PATH = "board_lists.tcss"
    needs = "look_up"
    acts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, board: BoardScreen, name: str) -> None:
        super().__init__()
        self._board, self._listed = board, name
        self._found: Sequence[ListRow] = ()
        self.is_read = False

    def body(self) -> ComposeResult:
        """Title, rows."""
        yield Static("", id="list-title", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("Number"), 16),
                RowColumn(lambda: _("Time"), 11),
                RowColumn(lambda: _("Form"), 14, wide=True),
                RowColumn(lambda: _("Patient"), 12),
                RowColumn(lambda: _("Cashier"), 8),
                RowColumn(lambda: _("Amount"), 12, right=True),
                RowColumn(lambda: _("Remark")),
            ),
            self._shows,
            empty=lambda: _("Nothing is left to do here.") if self.is_read else _("Reading..."),
            digits=False,
            id="list-rows",
        )

    def on_mount(self) -> None:
        """Read them behind."""
        super().on_mount()
        self.query_one(Rows).focus()
        self.station.behind(self._reading())

    async def _reading(self) -> None:
        self._found = await asyncio.to_thread(self._board.source.list_rows, self._listed)
        self.is_read = True
        if self.is_attached:
            self.redraw()

    def redraw(self) -> None:
        """Write everything."""
        if not self.query("#list-rows"):
            return
        total = format_amount(
            sum(row.amount_minor for row in self._found), self.desk.currency, thousands=True
        )
        told: list[Any] = [
            shown(_(LISTS[self._listed]), "bold"),
            f"   {len(self._found):,}   ",
            shown(total, "bold"),
        ]
        self.query_one("#list-title", Static).update(line(*told))
        self.query_one(Rows).show(self._found)

    def _shows(self, row: ListRow) -> Shows:
        amount = (
            format_amount(row.amount_minor, self.desk.currency, thousands=True) if row.amount_minor else ""
        )
        at = row.at[5:16].replace("T", " ")
        return Shows((row.number, at, form_word(row.form), row.name, row.operator, amount, row.said))

    def copyable(self) -> str:
        """Return the number of the marked row."""
        row: ListRow | None = self.query_one(Rows).marked
        return row.number if row is not None else ""

    def help_words(self) -> str:
        """Return what to do here."""
        return _("Enter opens the entry with everything that became of it; Esc goes back to the lists.")

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Open the entry, if it is on the board."""
        event.stop()
        from downtime.screens.board_item import BoardItemScreen

        listed: ListRow = event.value
        row = self._board.source.row(listed.entry_id) if listed.entry_id else None
        if row is None:
            self.say(lambda: _("There is nothing more about it at the hub."))
        else:
            self.station.push_screen(BoardItemScreen(self._board, row))
