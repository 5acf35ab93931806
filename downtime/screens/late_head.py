"""Which paper, when, and who wrote it: three fields, asked once for a pile; the number then counts on by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Static

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.late import LateHead, Paper, is_ahead, look_up
from downtime.late_time import read_time
from downtime.packs import read_number
from downtime.screens.ask import AskDialog
from downtime.screens.entry_lines import time_words
from downtime.screens.keyline import Words
from downtime.screens.pick import PickDialog
from downtime.screens.recorded import money
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import STAFF_COLUMNS, seek_staff
from downtime.screens.text import line, shown
from downtime.screens.typed_fields import CodeField, Field
from forms.paper_late import ODDITIES
from forms.paper_pack import PAPER_KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.app import DowntimeApp
    from downtime.desk import Desk

_MINUTES = slice(5, 16)


class HeadFields(Vertical):
    """The three fields; says ``Done`` when all are answered and everything strange was agreed to.

    Args:
        head: what stands there already.
    """

    DEFAULT_CSS = """
    HeadFields { height: auto; padding: 1 0 0 1; }
    HeadFields .late-row { height: 1; margin: 0 0 1 0; }
    HeadFields .late-label { width: 16; color: $text-muted; }
    HeadFields #late-number { width: 24; }
    HeadFields #late-time { width: 24; }
    HeadFields .problem { width: 1fr; padding: 0 0 0 2; }
    HeadFields .late-says { width: 1fr; padding: 0 0 0 2; color: $secondary; }
    """

    @dataclass
    class Done(Message):
        """The head is complete."""

        head: LateHead

    def __init__(self, head: LateHead | None = None) -> None:
        super().__init__(id="late-fields")
        self._head = head
        self._paper: Paper | None = head.paper if head is not None else None
        self._again = False

    def compose(self) -> ComposeResult:
        """Number, time, writer; what is wrong beside each."""
        head = self._head
        with Horizontal(classes="late-row"):
            yield Words(lambda: _("Form number"), classes="late-label")
            yield CodeField(head.paper.number if head else "", id="late-number", max_length=40)
            yield Static("", id="late-number-says", classes="late-says", markup=False)
        with Horizontal(classes="late-row"):
            yield Words(lambda: _("Time on paper"), classes="late-label")
            yield Field(_time(head.written_at) if head else "", id="late-time", max_length=20)
            yield Static("", id="late-time-says", classes="late-says", markup=False)
        with Horizontal(classes="late-row"):
            yield Words(lambda: _("Written by"), classes="late-label")
            yield SearchField(
                lambda typed: seek_staff(self._desk, typed),
                STAFF_COLUMNS,
                hint=lambda: _("staff number, initials or name"),
                width=58,
                id="late-writer",
            )

    @property
    def _station(self) -> DowntimeApp:
        return self.screen.station  # type: ignore[attr-defined,no-any-return]  # every screen of ours has it

    @property
    def _desk(self) -> Desk:
        return self.screen.desk  # type: ignore[attr-defined,no-any-return]  # as above

    def on_mount(self) -> None:
        """Show what is known."""
        if self._head is not None:
            self._show_writer(self._head.written_by, self._head.written_by_name)
        self.retell()

    def ask(self) -> None:
        """Put the cursor into the number, marked: Enter keeps it, anything typed replaces it."""
        field = self.query_one("#late-number", Field)
        field.focus()
        field.select_all()

    def take_number(self, text: str) -> None:
        """Take a number that was scanned."""
        self.query_one("#late-number", Field).take(text)
        self._number_given()

    def retell(self) -> None:
        """Write the sentences beside the fields in the language in use."""
        paper = self._paper
        words = _(PAPER_KINDS[paper.kind]) if paper is not None and paper.kind in PAPER_KINDS else ""
        if paper is not None and paper.holder_name:
            words += "  " + _("held by {name}").format(name=paper.holder_name)
        self._beside("late-number", shown(words or _("scan, or counter and check digit")))
        self._beside("late-time", shown(_("0820, or with the date 11220820")))

    def _beside(self, name: str, words: Content) -> None:
        self.query_one(f"#{name}-says", Static).update(words)

    def _wrong(self, name: str, words: str) -> None:
        self._beside(name, line(shown(f" {words} ", "bold $text-on-error on $error")))
        field = self.query_one(f"#{name}", Field)
        field.focus()
        field.select_all()

    # -- the number ---------------------------------------------------------------------------------

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        if event.input.id == "late-number":
            self._number_given()
        elif event.input.id == "late-time":
            self._time_given()

    def _number_given(self) -> None:
        try:
            number = read_number(self._desk.book, self.query_one("#late-number", Field).value)
        except RefusedInputError as error:
            self._wrong("late-number", error.what)
            return
        paper = look_up(self._desk, number)
        self._again = False
        if paper.stands:
            self._ask_again(paper)
        elif paper.odd:
            self._agree(lambda: _odd_words(paper), lambda: self._number_agreed(paper))
        else:
            self._number_agreed(paper)

    def _ask_again(self, paper: Paper) -> None:
        entry = self._desk.find(paper.stands)
        number = (entry.number if entry is not None else "") or paper.stands
        told = {
            "number": paper.number,
            "receipt": number,
            "amount": money(entry.amount_minor, self._desk.currency) if entry and entry.amount_minor else "",
            "who": f"{entry.operator_name} {entry.operator}" if entry is not None else "",
            "when": time_words(entry.recorded_at) if entry is not None else "",
        }

        def agreed() -> None:
            self._again = True
            self._number_agreed(paper)

        self._agree(
            lambda: _(
                "{number} stands already: {receipt} {amount}, typed by {who} at {when}. Type it again to compare? "
                "Nothing is booked twice; what differs is kept and listed."
            ).format(**told),
            agreed,
        )

    def _agree(self, question: Callable[[], str], then: Callable[[], None]) -> None:
        def answered(is_sure: bool | None) -> None:  # noqa: FBT001 (the dialog's answer)
            if is_sure:
                then()
            else:
                self.ask()

        self._station.push_screen(AskDialog(question), answered)

    def _number_agreed(self, paper: Paper) -> None:
        if paper.kind:
            self._kind_known(paper)
            return

        def picked(kind: str | None) -> None:
            if kind is None:
                self.ask()
            else:
                self._kind_known(replace(paper, kind=kind))

        rows = [(_(title), kind) for kind, title in PAPER_KINDS.items()]
        self._station.push_screen(PickDialog(lambda: _("Which form is it?"), rows), picked)

    def _kind_known(self, paper: Paper) -> None:
        self._paper = paper
        self.query_one("#late-number", Field).take(paper.number)
        self.retell()
        writer = self.query_one("#late-writer", SearchField)
        if paper.holder and not writer.text:
            self._show_writer(paper.holder, paper.holder_name)
        field = self.query_one("#late-time", Field)
        field.focus()
        field.select_all()

    # -- the time and the writer --------------------------------------------------------------------

    def _time_given(self) -> None:
        now = self._station.now()
        written_at = self._read_time()
        if written_at is None:
            self._wrong("late-time", _("This is no time; type 0820."))
        elif is_ahead(written_at, now):
            told = {"written": time_words(written_at), "now": time_words(now)}
            self._agree(
                lambda: _(
                    "{written} lies ahead of this PC's clock ({now}). Is the paper right and the clock wrong?"
                ).format(**told),
                self._time_agreed,
            )
        else:
            self._time_agreed()

    def _read_time(self) -> str | None:
        now = self._station.now()
        head = self._head
        return read_time(
            self.query_one("#late-time", Field).value,
            head.written_at if head is not None else now,
            now,
            ZoneInfo(self._station.settings.hospital.zone),
            is_first=head is None,
        )

    def _time_agreed(self) -> None:
        self.query_one("#late-writer", SearchField).ask()

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """A member of staff wrote it."""
        event.stop()
        self._show_writer(event.value.number, event.value.name)
        self._finish()

    def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Enter on what stands there, or a name that is not on the list."""
        event.stop()
        if event.text:
            self._finish()

    def _show_writer(self, number: str, name: str) -> None:
        search = self.query_one("#late-writer", SearchField)
        search.input.take(f"{name} {number}".strip())
        search.close()

    def _finish(self) -> None:
        written_at, paper = self._read_time(), self._paper
        if paper is None or paper.number != self.query_one("#late-number", Field).value:
            self._number_given()
            return
        if written_at is None:
            self._wrong("late-time", _("This is no time; type 0820."))
            return
        name, number = _writer(self._desk, self.query_one("#late-writer", SearchField).text)
        self.post_message(self.Done(LateHead(paper, written_at, number, name, again=self._again)))


def _odd_words(paper: Paper) -> str:
    strange = ", ".join(_(ODDITIES[one]) for one in paper.odd)
    return _("{number}: {strange}. Record it all the same? It is marked and listed.").format(
        number=paper.number, strange=strange
    )


def _writer(desk: Desk, text: str) -> tuple[str, str]:
    """Return (name, staff number) of what stands in the writer's field."""
    name, _space, number = text.strip().rpartition(" ")
    row = desk.reference.staff(number) if desk.reference is not None and name else None
    return (name, number) if row is not None else (text.strip(), "")


def _time(written_at: str) -> str:
    return written_at[_MINUTES].replace("T", " ")
