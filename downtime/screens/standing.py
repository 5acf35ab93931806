"""Standing: what was recorded, what the HIS has, what is still owed; then the work, the most urgent first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime import desk_queries
from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.beside import run_beside
from downtime.screens.entry_acts import resend, why_not_resend
from downtime.screens.entry_lines import form_title
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.glance import elapsed
from downtime.screens.recorded import money
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.standing_lines import (
    awaiting_lines,
    closed_day_lines,
    drawer_lines,
    safety_line,
    state_lines,
    summary_line,
)
from downtime.screens.text import lines, shown
from downtime.standing_text import state_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Key

    from downtime.entry import Entry
    from downtime.standing import Standing

TOLD_LINES_MAX = 4
_URGENT = {"rejected", "in_doubt"}


class StandingScreen(StationScreen):
    """Counts and sums that add up, drawers, and the work list of one connector."""

    CSS_PATH = "standing.tcss"
    acts: ClassVar[tuple[str, ...]] = ("deliver", "verify", "resend", "filter")
    rights: ClassVar[Mapping[str, str]] = {"filter": "look_up"}

    def __init__(self) -> None:
        super().__init__()
        self._standing: Standing | None = None
        self._connector = 0
        self._beside = ""
        self._since = ""
        self._told: list[str] = []

    def body(self) -> ComposeResult:
        """Summary, states beside drawers, what runs beside, the work list."""
        yield Static("", id="standing-summary", markup=False)
        with Horizontal(id="standing-counts"):
            yield Static("", id="standing-states", markup=False)
            yield Static("", id="standing-drawers", markup=False)
        yield Static("", id="standing-beside", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("State"), 17),
                RowColumn(lambda: _("Number"), 14),
                RowColumn(lambda: _("Form"), 12, wide=True),
                RowColumn(lambda: _("Patient"), 16, wide=True),
                RowColumn(lambda: _("Amount"), 10, right=True),
                RowColumn(lambda: _("Tries"), 5, right=True, wide=True),
                RowColumn(lambda: _("Last"), 8, wide=True),
                RowColumn(lambda: _("Reason")),
            ),
            self._shows,
            empty=lambda: _("Nothing waits: the HIS has everything."),
            id="standing-work",
        )

    def on_mount(self) -> None:
        """Put the mark into the work list."""
        super().on_mount()
        self.query_one(Rows).focus()
        self.set_interval(1, self._draw_beside)

    # -- what is shown ------------------------------------------------------------------------------

    @property
    def _connectors(self) -> list[str]:
        return list(self.desk.home.settings.connectors)

    @property
    def connector(self) -> str:
        """The connector whose work is listed, or ""."""
        names = self._connectors
        return names[self._connector % len(names)] if names else ""

    def redraw(self) -> None:
        """Look again and write everything."""
        desk = self.desk
        self._standing = found = desk.standing_told()
        self.query_one("#standing-summary", Static).update(summary_line(found, self.connector, desk.currency))
        self.query_one("#standing-states", Static).update(
            lines(
                [
                    *state_lines(found, self.connector, desk.currency, len(self._connectors)),
                    *closed_day_lines(desk.home.settings),
                ]
            )
        )
        self.query_one("#standing-drawers", Static).update(
            lines(
                [
                    *drawer_lines(found),
                    safety_line(self.station.glance),
                    *awaiting_lines(self.station.glance.awaiting, self.station.now()),
                ]
            )
        )
        work = desk_queries.work_list(desk, self.connector) if self.connector else []
        self.query_one(Rows).show(work)
        self._draw_beside()
        self.keys_changed()

    def _shows(self, work: desk_queries.Work) -> Shows:
        entry = work.entry
        known = self.station.may("look_up")  # whoever may only count sees no names
        name = str((entry.content.get("patient") or {}).get("name", "")) if known else ""
        amount = money(entry.amount_minor, self.desk.currency) if entry.amount_minor is not None else ""
        style = "bold $warning" if work.state in _URGENT else ""
        mark = f"! {state_name(work.state)}" if work.state in _URGENT else f"  {state_name(work.state)}"
        return Shows(
            (
                mark,
                entry.number or "",
                form_title(entry),
                name,
                amount,
                str(work.tries) if work.tries else "",
                work.at[11:19],
                work.reason,
            ),
            style,
        )

    def _draw_beside(self) -> None:
        drawn = self.query_one("#standing-beside", Static)
        told: list[Content | str] = []
        if self._beside:
            spent = elapsed(self._since, self.station.now())
            told.append(shown(f" {self._beside_word()}  {spent} ", "bold $text-on-warning on $warning"))
        told += [shown(one, "") for one in self._told[-TOLD_LINES_MAX:]]
        drawn.display = bool(told)
        drawn.update(lines(told))

    def _beside_word(self) -> str:
        return _("Sending to the HIS") if self._beside == "deliver" else _("Verifying every entry")

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "The states of all entries add up to what was recorded. Enter opens a row with its whole history. "
            "A rejected entry goes again only when a person decides so."
        )

    def on_key(self, event: Key) -> None:
        """Left and right go through the connectors."""
        if event.key in {"left", "right"} and len(self._connectors) > 1:
            event.stop()
            self._connector += 1 if event.key == "right" else -1
            self.redraw()

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Other keys may work on another row."""
        event.stop()
        self.keys_changed()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Show the entry with its history."""
        event.stop()
        if self.allows("look_up"):
            self.station.push_screen(EntryScreen(event.value.entry))

    def _marked(self) -> Entry | None:
        work: desk_queries.Work | None = self.query_one(Rows).marked
        return work.entry if work is not None else None

    def copyable(self) -> str:
        """Return the number of the marked entry."""
        entry = self._marked()
        return (entry.number or entry.id) if entry is not None else ""

    def label_of(self, act: str) -> str:
        """Return where the filter key leads from here."""
        return _("Not printed") if act == "filter" else super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """One program beside at a time; acts on an entry need one that allows it."""
        if act in {"deliver", "verify"}:
            return self._why_not_beside(act)
        if act == "filter":
            found = self._standing
            return None if found is not None and found.not_printed else _("Everything was printed.")
        if act != "resend":
            return None
        entry = self._marked()
        return _("Mark an entry first.") if entry is None else why_not_resend(self.desk, entry)

    def _why_not_beside(self, act: str) -> str | None:
        if self._beside:
            return _("Wait: {what}.").format(what=self._beside_word())
        if not self.desk.home.keys.service_password_file.is_file():
            return _("This station has no service account; ask IT.")
        if act == "deliver" and self.station.is_drill:
            return _("A drill is never sent to the HIS.")
        return _("No connector is set up here.") if act == "deliver" and not self._connectors else None

    def act_resend(self) -> None:
        """Let the marked entry go again."""
        entry = self._marked()
        if entry is not None:
            resend(self, entry)

    def act_filter(self) -> None:
        """Show the receipts that never came out."""
        from downtime.screens.journal import JournalScreen

        self.station.push_screen(JournalScreen(kept="not_printed"))

    def act_deliver(self) -> None:
        """Send what is owed, in a program beside the app."""
        self._start("deliver", ("sync", "once"))

    def act_verify(self) -> None:
        """Read every entry as an outsider would, in a program beside the app."""
        self._start("verify", ("downtime", "verify"))

    def _start(self, what: str, command: tuple[str, ...]) -> None:
        self._beside, self._since, self._told = what, self.station.now(), []
        self._draw_beside()
        self.station.behind(self._run(command))

    async def _run(self, command: tuple[str, ...]) -> None:
        def tell(told: str) -> None:
            self._told.append(told)
            if self.is_attached:
                self._draw_beside()

        ended: int | None = None
        try:
            ended = await run_beside(self.station.home, command, tell)
        except OSError as error:
            self._told.append(str(error))
        finally:
            what, self._beside = self._beside, ""
        self.station.look()
        if self.is_attached:
            self.redraw()
            self.say(lambda: _ended_words(what, ended), "done" if ended == 0 else "problem")


def _ended_words(what: str, code: int | None) -> str:
    if what == "verify":
        return (
            _("Verified: all of it is as it was written.")
            if code == 0
            else _("Verified: something is wrong, see above.")
        )
    return (
        _("Sent: nothing is left open.")
        if code == 0
        else _("Sent: some entries need a person, see the list.")
    )
