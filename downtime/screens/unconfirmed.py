"""After a crash or a lock: receipts nobody was told about, and forms left half filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.places import place_named
from downtime.screens.recorded import RecordedLine, money
from downtime.screens.text import cell, line, lines, shown
from downtime.store.drafts import Draft
from forms import form_named

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Click, Key

    from downtime.desk import Desk
    from downtime.entry import Entry

_DIGITS = "123456789"
_TIME = slice(5, 16)


def anything_left(desk: Desk) -> bool:
    """Return whether something waits to be looked at after login; another's forms wait for them."""
    return bool(own_drafts(desk) or desk.unconfirmed())


def own_drafts(desk: Desk) -> list[Draft]:
    """Return the half-filled forms of whoever is logged in."""
    return [draft for draft in desk.drafts() if draft.operator == desk.person.operator]


class UnconfirmedScreen(StationScreen):
    """One row each; Enter on a receipt says it was handed over, Enter on a form goes on with it."""

    CSS_PATH = "unconfirmed.tcss"
    acts: ClassVar[tuple[str, ...]] = ("reprint", "delete_line")

    def __init__(self) -> None:
        super().__init__()
        self._chosen = 0
        self._rows: list[Entry | Draft] = []

    def body(self) -> ComposeResult:
        """What this is, and the rows."""
        yield Static("", id="left-words", markup=False)
        yield LeftRows(id="left-rows")

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "A receipt here stands in the journal, but nobody was told so. Ask: was it handed over? "
            "If not, F6 prints it again. Never record it a second time."
        )

    def why_not(self, act: str) -> str | None:
        """Each key belongs to one kind of row."""
        row = self._row()
        if act == "reprint" and (row is None or isinstance(row, Draft)):
            return _("Mark a receipt first.")
        if act == "delete_line" and not isinstance(row, Draft):
            return _("A recorded entry is never deleted; reverse it instead.")
        return None

    def _row(self) -> Entry | Draft | None:
        return self._rows[self._chosen] if self._chosen < len(self._rows) else None

    def redraw(self) -> None:
        """Look again and write the rows."""
        mine = own_drafts(self.desk)
        others = [draft for draft in self.desk.drafts() if draft not in mine]
        self._rows = [*self.desk.unconfirmed(), *mine, *others]
        self._chosen = min(self._chosen, max(len(self._rows) - 1, 0))
        words = (
            [
                shown(_("Recorded, but never confirmed to you: was it handed over?"), "bold $accent"),
                shown(_("Enter: yes, handed over.  F6: print it again.  Half-filled forms: Enter goes on.")),
            ]
            if self._rows
            else [shown(_("Nothing is left open. Esc goes on."), "bold $success")]
        )
        self.query_one("#left-words", Static).update(lines(words))
        self.query_one(LeftRows).update(lines([self._line(n, row) for n, row in enumerate(self._rows)]))
        self.keys_changed()

    def _line(self, place: int, row: Entry | Draft) -> Content:
        style = "$block-cursor-foreground on $block-cursor-background" if place == self._chosen else ""
        digit = _DIGITS[place] if place < len(_DIGITS) else " "
        form = form_named(row.form)
        title = _(form.title if form else place_named(row.form).title)
        if isinstance(row, Draft):
            name = str((row.content.get("patient") or {}).get("name", ""))
            whose = "" if row.operator == self.desk.person.operator else row.operator
            shows = [_("not finished"), title, name, whose]
            when = row.saved_at[_TIME]
        else:
            name = str((row.content.get("patient") or {}).get("name", ""))
            amount = money(row.amount_minor, self.desk.currency) if row.amount_minor else ""
            shows = [row.number or "", title, name, amount]
            when = row.recorded_at[_TIME]
        return line(
            cell(f" {digit} ", 3, style),
            cell(when.replace("T", " "), 12, style),
            cell(shows[0], 16, style),
            cell(shows[1], 14, style),
            cell(shows[2], 18, style),
            cell(shows[3], 12, style, right=True),
        )

    def on_key(self, event: Key) -> None:
        """Rows by digit, arrows and Enter."""
        if event.key in {"down", "up"} and self._rows:
            self._chosen = (self._chosen + (1 if event.key == "down" else -1)) % len(self._rows)
            self.redraw()
        elif event.character and event.character in _DIGITS[: len(self._rows)]:
            self.choose(int(event.character) - 1)
        elif event.key == "enter":
            self._settle_row()
        else:
            return
        event.stop()

    def choose(self, row: int) -> None:
        """Mark a row."""
        if 0 <= row < len(self._rows):
            self._chosen = row
            self.redraw()

    def _settle_row(self) -> None:
        row = self._row()
        if row is None:
            self.step_back()
        elif isinstance(row, Draft):
            self.station.go(row.form, draft=row)
        else:
            self.desk.confirm(row.id)
            self.redraw()

    def act_reprint(self) -> None:
        """Print it; that is what "not handed over" needs."""
        row = self._row()
        if row is not None and not isinstance(row, Draft):
            self.station.last = RecordedLine(self.station, row)
            self.station.behind(self._reprint(self.station.last))

    async def _reprint(self, last: RecordedLine) -> None:
        await last.print_copy(_("not confirmed before"))
        await self.desk.confirming(last.entry.id)
        self.redraw()

    async def act_delete_line(self) -> None:
        """Give a half-filled form up."""
        row = self._row()
        if isinstance(row, Draft):
            await self.desk.dropping_draft(row.id)
            self.redraw()


class LeftRows(Static):
    """The rows, clickable."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__("", markup=False, id=id)

    def on_click(self, event: Click) -> None:
        """A click marks the row."""
        screen = self.screen
        assert isinstance(screen, UnconfirmedScreen)
        screen.choose(event.y)
