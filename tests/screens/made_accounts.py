"""Accounts as they stand in the middle of an outage: one locked, one drafted, one closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.account_changes import Enrolment, close_account, prepare, put_in_force
from downtime.account_opening import locked_accounts
from downtime.attempts import Attempts
from downtime.clock import ManualClock
from downtime.keys import Person
from downtime.record import new_entry_id
from downtime.screens.accounts import AccountsScreen
from downtime.screens.login import LoginScreen

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.home import Home
    from tests.screens.story import Story

_FAILURES = 5


def locked_cashier(home: Home, operator: str = "1001") -> None:
    """Let somebody type five wrong passwords."""
    attempts = Attempts(home.keys, ManualClock())
    for _n in range(_FAILURES):
        attempts.begin(operator, limit=_FAILURES, waits_only=False)
    assert locked_accounts(home, ManualClock())


def changed_accounts(desk: Desk) -> None:
    """Draft somebody, close an account, lock another."""
    drafted = Person("H01", "练习志愿者", ("helper",))
    made = prepare(desk.book, drafted, "word5", "drafted", entry_id=new_entry_id())
    assert isinstance(made, Enrolment)
    put_in_force(desk.book, made)
    close_account(desk.book, "1002", "离职")
    locked_cashier(desk.home, "3002")


def is_answered(s: Story) -> bool:
    """Whether the login screen has said what it thinks of a password."""
    screen = s.app.screen
    return (
        isinstance(screen, LoginScreen)
        and bool(screen._problem)
        and not screen._asking
        and bool(screen._shut)
    )


def is_listed(s: Story) -> bool:
    """Whether the accounts are on the screen."""
    return isinstance(s.app.screen, AccountsScreen) and s.app.screen.marked is not None
