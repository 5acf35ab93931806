"""Agreed, or not agreed and why; then number and password of whoever signs. Nobody signs their own act."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.countersigning import countersign
from downtime.errors import DowntimeError
from downtime.gate import GateLog
from downtime.i18n import _
from downtime.record import record_event
from downtime.screens.approved_lines import lines_of_entry
from downtime.screens.base import Dialog
from downtime.screens.choice import Choice
from downtime.screens.countersign_lines import awaiting_lines
from downtime.screens.keyline import Words
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import CodeField, Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.awaiting import Awaiting
    from downtime.desk import Desk

_WIDTH = 62


class CountersignDialog(Dialog):
    """Records the countersignature; gives True for agreed, False for not agreed, or None."""

    CSS_PATH = "countersign.tcss"
    acts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, one: Awaiting) -> None:
        super().__init__()
        self._one = one
        self._problem: Callable[[], str] = str
        self._checking = False

    def body(self) -> ComposeResult:
        """What was done, the answer, why not, who signs."""
        yield Static("", id="sign-told", markup=False)
        with Horizontal(classes="sign-row"):
            yield Words(lambda: _("Answer"), classes="label sign-label")
            yield Choice(
                (("agreed", lambda: _("agreed")), ("not_agreed", lambda: _("not agreed"))), id="sign-answer"
            )
        with Horizontal(classes="sign-row"):
            yield Words(lambda: _("Remark"), classes="label sign-label")
            yield Field(id="sign-reason", max_length=200)
        with Horizontal(classes="sign-row"):
            yield Words(lambda: _("Staff number"), classes="label sign-label")
            yield CodeField(id="sign-operator", max_length=20)
        with Horizontal(classes="sign-row"):
            yield Words(lambda: _("Password"), classes="label sign-label")
            yield Field(password=True, id="sign-password")
        yield Static("", id="sign-problem", classes="problem", markup=False)
        yield Static("", id="sign-next", markup=False)

    def on_mount(self) -> None:
        """Whoever is logged in and may sign needs only the own password."""
        super().on_mount()
        person = self.desk.person
        if self._one.may_be_signed_by(person):
            self._field("operator").take(person.operator)
        self.query_one(Choice).focus()

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "1 agreed, 2 not agreed; then your own number and password. Not agreeing needs a remark and stays "
            "listed. Nothing that was recorded changes."
        )

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(_("Countersign"))
        told: list[Content] = []
        if self._one.entry is not None:
            told += lines_of_entry(self.desk, self._one.entry, _WIDTH)
        told += awaiting_lines(self._one, self.station.now(), _WIDTH)
        self.query_one("#sign-told", Static).update(lines(told))
        self.query_one(Choice).refresh()
        words = _("Checking the password...") if self._checking else _("Enter after the password signs it.")
        self.query_one("#sign-next", Static).update(shown(words, "bold"))
        drawn = self.query_one("#sign-problem", Static)
        text = self._problem()
        drawn.display = bool(text)
        drawn.update(lines(text.split("\n")))
        self.query_one("#sign-next").display = not text  # the smallest screen has no room for both

    def _field(self, name: str) -> Field:
        return self.query_one(f"#sign-{name}", Field)

    @property
    def _agreed(self) -> bool:
        return self.query_one(Choice).value == "agreed"

    # -- keys ---------------------------------------------------------------------------------------

    def on_choice_settled(self, event: Choice.Settled) -> None:
        """Agreed: on to whoever signs. Not agreed: why?"""
        event.stop()
        if not self._agreed:
            self._field("reason").focus()
        else:
            self._field("password" if self._field("operator").value else "operator").focus()

    def on_input_changed(self, event: Field.Changed) -> None:
        """Typing changes nothing else."""
        event.stop()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on; after the password it is signed."""
        event.stop()
        if self._checking:
            return
        empty = next((name for name in self._wanted() if not self._field(name).value.strip()), None)
        if event.input.id != "sign-password":
            order = [name for name in ("reason", "operator", "password") if event.input.id != f"sign-{name}"]
            following = order if event.input.id == "sign-reason" else ["password"]
            target = next((name for name in following if not self._field(name).value), "password")
            self._field(target).focus()
        elif empty is not None:
            words = _("Say why you do not agree.") if empty == "reason" else _("Type number and password.")
            self._say_problem(lambda: words, empty)
        else:
            self._checking, self._problem = True, str
            self.redraw()
            self.station.behind(self._signing(self.desk))

    def _wanted(self) -> tuple[str, ...]:
        return ("operator", "password") if self._agreed else ("reason", "operator", "password")

    async def _signing(self, desk: Desk) -> None:
        operator, password = self._field("operator").value, self._field("password").value
        reason, agreed = self._field("reason").value, self._agreed

        def sign() -> None:
            try:
                form = countersign(
                    desk.book, self._one.approval, operator, password, agreed=agreed, reason=reason
                )
            except DowntimeError:
                GateLog(desk.home, desk.book.clock).drain(desk.book)
                raise
            desk.kept.recorded(lambda: record_event(desk.book, form))

        try:
            await desk.in_writer(sign)
        except DowntimeError as error:
            said = f"{error.what}\n{error.then}"
            self._checking = False
            if self.is_attached:
                self._say_problem(lambda: said, "password")
        else:
            self.dismiss(agreed)

    def _say_problem(self, words: Callable[[], str], wanted: str) -> None:
        """Keep the question and say what is wrong; the password is typed anew."""
        self._problem = words
        self._field("password").take("")
        self.redraw()
        self._field(wanted).focus()
