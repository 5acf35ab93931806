"""What is asked before an account changes, and doing it: the dialogs of the accounts screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.account_list import next_drafted
from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.rights import ROLES
from downtime.rules import resets_need_two
from downtime.screens.account_dialogs import EnrolDialog
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.password import TWICE, rule_words, twice_problems
from downtime.screens.reason import ReasonDialog
from downtime.screens.text import shown
from downtime.slots import Person

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.content import Content

    from downtime.desk import Desk
    from downtime.screens.base import StationScreen
    from downtime.slots import Slot
    from forms.base import Problem

    Done = Callable[[Callable[[], str]], None]

SECOND = (
    Line("second", lambda: _("Second person"), "code"),
    Line("second_password", lambda: _("Their password"), "password"),
)


class _TwiceDialog(FieldsDialog):
    """Lines with a new password typed twice."""

    def refused(self, answers: Mapping[str, str]) -> Sequence[Problem]:
        """Typed twice the same?"""
        return twice_problems(answers)


async def apply(
    desk: Desk,
    person: Person,
    password: str,
    change: str,
    entry_id: str,
    *,
    reason: str = "",
    second: tuple[str, str] | None = None,
) -> Sequence[Problem]:
    """Prepare, let the second person agree, put in force; return what is wrong, or nothing.

    Raises:
        AccessRefusedError: no right to, or the second person's password is wrong.
        RefusedInputError: it needs a second person.
    """
    from downtime.account_changes import Enrolment, prepare, put_in_force
    from downtime.approvals import approve

    def do() -> Sequence[Problem]:
        made = prepare(desk.book, person, password, change, entry_id=entry_id, reason=reason)
        if not isinstance(made, Enrolment):
            return made
        approval = (
            approve(desk.book, made.filled, "accounts", *second, reason) if second is not None else None
        )
        desk.kept.recorded(lambda: put_in_force(desk.book, made, approval))
        return []

    return await desk.in_writer(do)


def enrol(screen: StationScreen, done: Done) -> None:
    """Make an account for somebody of the staff; two people."""
    desk, entry_id = screen.desk, new_entry_id()

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        person = dialog.person(answers)
        second = (answers["second"], answers["second_password"])
        return await apply(desk, person, answers["password"], "enrolled", entry_id, second=second)

    dialog = EnrolDialog(desk, (*TWICE, *SECOND), finish)
    _push(screen, dialog, done, lambda: _("{operator} has an account now and may log in."), "operator")


def draft(screen: StationScreen, done: Done) -> None:
    """Draft somebody for this outage: pricing and typing, no cash; one supervisor."""
    desk, entry_id = screen.desk, new_entry_id()
    number = next_drafted(desk.home.keys.slots())

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        person = Person(answers["operator"], answers["name"].strip(), ("helper",))
        return await apply(desk, person, answers["password"], "drafted", entry_id)

    def told() -> list[Content | str]:
        return [
            _("Looks up, registers and prices; takes no money. Ends with this outage."),
            shown(rule_words(desk.home.settings), "$secondary"),
        ]

    asked = (
        Line("operator", lambda: _("Staff number"), "code", number),
        Line("name", lambda: _("Full name")),
        *TWICE,
    )
    dialog = _TwiceDialog(lambda: _("Draft a person for this outage"), told, asked, finish, "operator")
    _push(screen, dialog, done, lambda: _("{operator} may log in until the outage ends."), "operator")


def reset(screen: StationScreen, slot: Slot, done: Done) -> None:
    """Let the person type a new password at this keyboard; whoever authorises it does not learn it."""
    desk, entry_id = screen.desk, new_entry_id()

    two = resets_need_two(slot.roles)

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        second = (answers["second"], answers["second_password"]) if two else None
        return await apply(desk, slot.person, answers["password"], "password_reset", entry_id, second=second)

    def told() -> list[Content | str]:
        return [
            shown(f"{slot.operator}  {slot.name}", "bold"),
            _("Hand the keyboard over: this person types a new password, twice. Nobody else sees it."),
            *([_("This account approves for others: a second person agrees below.")] if two else []),
            shown(rule_words(desk.home.settings), "$secondary"),
        ]

    asked = (*TWICE, *SECOND) if two else TWICE
    last = "second_password" if two else "password"
    dialog = _TwiceDialog(lambda: _("New password for somebody"), told, asked, finish, last)
    _push(screen, dialog, done, lambda: _("{operator} has a new password.").format(operator=slot.operator))


def reinstate(screen: StationScreen, slot: Slot, done: Done) -> None:
    """Take a closing back: a reason, a new password, two people."""
    desk, entry_id = screen.desk, new_entry_id()
    person = slot.person

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        second = (answers["second"], answers["second_password"])
        return await apply(
            desk, person, answers["password"], "reinstated", entry_id, reason=answers["reason"], second=second
        )

    def told() -> list[Content | str]:
        roles = ", ".join(_(ROLES[role]) for role in slot.roles if role in ROLES)
        return [
            shown(f"{slot.operator}  {slot.name}  {roles}", "bold"),
            _("The person types a new password; a second person agrees below."),
            shown(rule_words(desk.home.settings), "$secondary"),
        ]

    asked = (Line("reason", lambda: _("Reason")), *TWICE, *SECOND)
    dialog = _TwiceDialog(lambda: _("Reinstate an account"), told, asked, finish, "second_password")
    _push(screen, dialog, done, lambda: _("{operator} may log in again.").format(operator=slot.operator))


def close(screen: StationScreen, slot: Slot, done: Done) -> None:
    """Close an account at once, with a reason."""
    from downtime.account_changes import close_account
    from downtime.errors import DowntimeError

    desk = screen.desk

    async def do(reason: str) -> None:
        try:
            await desk.in_writer(
                lambda: desk.kept.recorded(lambda: close_account(desk.book, slot.operator, reason))
            )
        except DowntimeError as error:
            screen.station.alarm(error)
            return
        done(lambda: _("The account of {operator} is closed.").format(operator=slot.operator))

    def decided(reason: str | None) -> None:
        if reason is not None:
            screen.station.behind(do(reason))

    screen.station.push_screen(
        ReasonDialog(
            lambda: _("Close an account"),
            lambda: [
                shown(f"{slot.operator}  {slot.name}", "bold"),
                _("Nobody logs in with it any more; two people can take that back."),
            ],
            (
                lambda: _("Has left"),
                lambda: _("Moved to another post"),
                lambda: _("Password may be known to others"),
            ),
            sure=lambda: _(" Enter again: close it. Esc: leave it. "),
        ),
        decided,
    )


def _push(
    screen: StationScreen, dialog: FieldsDialog, done: Done, words: Callable[[], str], name: str = ""
) -> None:
    def after(answers: Mapping[str, str] | None) -> None:
        if answers is not None:
            done(lambda: words().format(operator=answers[name]) if name else words())

    screen.station.push_screen(dialog, after)
