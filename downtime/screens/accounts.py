"""Accounts: who has one, what is wrong with it, and everything a supervisor does about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from downtime.account_list import AccountLine, accounts_here
from downtime.account_opening import locked_accounts, open_account
from downtime.account_words import account_words, role_words, state_words
from downtime.attempts import CODES
from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.screens.account_asks import close, draft, enrol, reinstate, reset
from downtime.screens.base import StationScreen
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import line, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult

_GREY, _ALARM = "$secondary", "bold $warning"
_STYLES = {"closed": _GREY, "over": _GREY, "locked": _ALARM, "strange": _ALARM, "expired": _ALARM}


class AccountsScreen(StationScreen):
    """The list; each key does something to the marked account, or makes one."""

    CSS_PATH = "accounts.tcss"
    acts: ClassVar[tuple[str, ...]] = ("patient", "delete_line", "reverse", "register", "payer")
    rights: ClassVar[Mapping[str, str]] = {
        "delete_line": "accounts",
        "reverse": "unlock",
        "register": "accounts",
        "patient": "draft",
        "payer": "unlock",
    }

    def __init__(self) -> None:
        super().__init__()
        self._codes_failed = 0

    def body(self) -> ComposeResult:
        """How many, and the rows."""
        yield Static("", id="accounts-top", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("Staff no."), 9),
                RowColumn(lambda: _("Full name"), 10),
                RowColumn(lambda: _("Roles")),
                RowColumn(lambda: _("Password"), 9, right=True),
                RowColumn(lambda: _("State"), 22),
            ),
            _shows,
            empty=lambda: _("Looking..."),
            digits=False,
            id="accounts-rows",
        )

    def on_mount(self) -> None:
        """Let the arrow keys walk through the list."""
        super().on_mount()
        self.query_one(Rows).focus()

    def offers(self, act: str) -> bool:
        """Leave the short bottom line to what is done here."""
        return act not in {"quit", "copy"} and super().offers(act)

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Enrolling and taking a closed account back need two people. One supervisor drafts a person for the "
            "outage, opens a locked account, and resets a password: the person types the new one."
        )

    @property
    def marked(self) -> AccountLine | None:
        """The account in the marked row; None before the list is there."""
        rows = self.query(Rows)
        found: AccountLine | None = rows.first().marked if rows else None
        return found

    def label_of(self, act: str) -> str:
        """Return what the keys are called here."""
        marked = self.marked
        named = {
            "delete_line": _("Reinstate") if marked is not None and marked.slot.closed else _("Close"),
            "reverse": _("Open"),
            "register": _("Enrol"),
            "patient": _("Draft"),
            "payer": _("Reset"),
        }
        return named.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Each key belongs to some accounts only."""
        marked = self.marked
        if act == "patient" and not self.station.glance.outage:
            return _("People are drafted for a declared outage; none is declared.")
        if act == "reverse":
            locked = marked is not None and marked.failures
            return None if locked or self._codes_failed else _("This account is not locked.")
        if act in {"delete_line", "payer"} and marked is None:
            return _("Mark an account first.")
        if act == "payer" and marked is not None:
            return self._why_no_reset(marked)
        if act == "delete_line" and marked is not None and self._is_own(marked):
            return _("Nobody closes their own account.")
        return None

    def _why_no_reset(self, marked: AccountLine) -> str | None:
        if self._is_own(marked):
            return _("You change your own password on the home screen, with the old one.")
        if marked.slot.closed:
            return _("This account is closed: reinstate it.")
        if marked.slot.kind == "break_glass":
            return _("The emergency envelope is sealed anew, not reset.")
        return None

    def _is_own(self, marked: AccountLine) -> bool:
        return marked.slot.operator == self.desk.person.operator

    def redraw(self) -> None:
        """Look again; reading every account takes a moment."""
        self.station.behind(self._look_again())

    async def _look_again(self) -> None:
        desk = self.desk
        try:
            found = await desk.in_writer(lambda: accounts_here(desk.book))
            locked = await desk.in_writer(lambda: locked_accounts(desk.home, desk.book.clock))
        except (RuntimeError, DowntimeError):
            return  # the session ended, or the place is being left
        if not self.is_attached:
            return
        self._codes_failed = locked.get(CODES, 0)
        self.query_one(Rows).show(found, place=self._place_in(found))
        counted = _("{count} accounts").format(count=sum(not one.slot.closed for one in found))
        warned = _("one-time codes locked: F9 opens them") if self._codes_failed else ""
        self.query_one("#accounts-top", Static).update(
            line(shown(counted, "bold"), "   ", shown(warned, "bold $warning"))
        )
        self.keys_changed()

    def _place_in(self, found: Sequence[AccountLine]) -> int | None:
        """Return where the marked account stands now, so that the mark goes with it."""
        operator = self.marked.slot.operator if self.marked is not None else ""
        return next((n for n, one in enumerate(found) if one.slot.operator == operator), None)

    def on_rows_marked(self, _event: Rows.Marked) -> None:
        """Other keys work on another account."""
        self.keys_changed()

    # -- acts ---------------------------------------------------------------------------------------

    def act_register(self) -> None:
        """Enrol somebody; a second person agrees in the same dialog."""
        enrol(self, self.done)

    def act_patient(self) -> None:
        """Draft somebody for this outage."""
        draft(self, self.done)

    def act_payer(self) -> None:
        """Let the person of the marked row type a new password."""
        if self.marked is not None:
            reset(self, self.marked.slot, self.done)

    def act_delete_line(self) -> None:
        """Close the marked account, or take its closing back."""
        if self.marked is None:
            return
        if self.marked.slot.closed:
            reinstate(self, self.marked.slot, self.done)
        else:
            close(self, self.marked.slot, self.done)

    async def act_reverse(self) -> None:
        """Open the marked account, or the one-time codes."""
        marked = self.marked
        operator = marked.slot.operator if marked is not None and marked.failures else CODES
        desk = self.desk
        try:
            await desk.in_writer(lambda: desk.kept.recorded(lambda: open_account(desk.book, operator)))
        except DowntimeError as error:
            self.station.alarm(error)
            return
        self.done(lambda: _("{account} is open again.").format(account=account_words(operator)))

    def done(self, words: Callable[[], str]) -> None:
        """Say what was done and show it."""
        self.say(words, "done")
        self.redraw()


def _shows(found: AccountLine) -> Shows:
    slot = found.slot
    age = "" if found.age_days is None else _("{days} d").format(days=found.age_days)
    texts = (slot.operator, slot.name, role_words(found.roles or slot.roles), age, state_words(found))
    return Shows(texts, _STYLES.get(found.state, ""))
