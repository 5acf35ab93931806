"""The entrance: every failure is counted and noted, whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.account_opening import locked_accounts, open_account, open_account_at_the_door
from downtime.attempts import AccountLockedError, Attempts
from downtime.book import OpenBook
from downtime.clock import ManualClock
from downtime.entrance import enter, enter_again
from downtime.envelopes import grouped, seal_emergency
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.gate import GateLog
from tests.downtime.builders import unlock
from tests.downtime.stations import (
    ADMINISTRATOR,
    CASHIER,
    PASSWORD,
    SUPERVISOR,
    enrol,
    first_station,
    open_as,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a station with a cashier, a supervisor and an administrator."""
    made = first_station(tmp_path / "one", clock=ManualClock())
    enrol(made)
    return made


def test_ten_thousand_pins_end_at_five(home: Home) -> None:
    """The sixth guess is not looked at, and the right one neither."""
    clock = ManualClock()
    for n in range(5):
        with pytest.raises(AccessRefusedError):
            enter(home, "1001", f"{n:04d}", clock)
    for password in ("0005", PASSWORD):
        with pytest.raises(AccountLockedError):
            enter(home, "1001", password, clock)
    assert locked_accounts(home, clock) == {"1001": 5}
    events = [(line.event, line.operator, line.success) for line in GateLog(home, clock).lines()]
    assert events == [("login", "1001", False)] * 5 + [("locked", "1001", False)] * 2


def test_unknown_numbers_are_noted_and_fill_no_counter(home: Home) -> None:
    """Somebody typing numbers at random locks nobody and makes no file grow by names."""
    clock = ManualClock()
    for number in ("9999", "", "../1001", "0000000"):
        with pytest.raises(AccessRefusedError):
            enter(home, number, "x", clock)
    assert Attempts(home.keys, clock).locked(1) == {}
    assert len(GateLog(home, clock).lines()) == 4


def test_a_supervisor_is_never_listed_as_locked(home: Home) -> None:
    """They wait, and F9 offers nobody to open."""
    clock = ManualClock()
    for n in range(20):
        with pytest.raises(AccessRefusedError):
            enter(home, "1006", f"no{n}", clock)
    assert locked_accounts(home, clock) == {}


def test_opening_is_recorded_with_who_did_it(home: Home) -> None:
    """The entry carries the supervisor; then the cashier's password counts again."""
    clock = ManualClock()
    for n in range(5):
        with pytest.raises(AccessRefusedError):
            enter(home, "1001", f"no{n}", clock)
    open_account_at_the_door(home, "1001", "1006", SUPERVISOR[1], clock)
    assert enter(home, "1001", PASSWORD, clock).person == CASHIER


@pytest.mark.parametrize(
    ("by", "password", "error"),
    [
        ("1006", "wrong", AccessRefusedError),
        ("1001", PASSWORD, RefusedInputError),
        ("9999", "x", AccessRefusedError),
    ],
)
def test_nobody_else_opens(home: Home, by: str, password: str, error: type[Exception]) -> None:
    """A wrong password, one's own account, somebody unknown: it stays locked."""
    clock = ManualClock()
    for n in range(5):
        with pytest.raises(AccessRefusedError):
            enter(home, "1001", f"no{n}", clock)
    with pytest.raises(error):
        open_account_at_the_door(home, "1001", by, password, clock)
    assert Attempts(home.keys, clock).count("1001") == 5


def test_one_who_may_not_open_is_refused_and_audited(home: Home) -> None:
    """A cashier at work cannot open a colleague's account."""
    clock = ManualClock()
    book = open_as(home, "1001", clock)
    Attempts(home.keys, clock).begin("1006", limit=5, waits_only=True)
    with pytest.raises(AccessRefusedError):
        open_account(book, "1006")
    with pytest.raises(RefusedInputError):
        open_account(book, "1001")
    with pytest.raises(RefusedInputError):
        open_account(book, "9999")
    book.close()
    assert Attempts(home.keys, clock).count("1006") == 1


def test_the_emergency_code_is_typed_from_paper(cheap_home: Home) -> None:
    """Groups, full-width figures and stray signs do not matter; wrong ones are counted in the session too."""
    clock = ManualClock()
    code, _slot = seal_emergency(unlock(cheap_home), "2026-01-05T08:20:00.000+08:00")
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isdecimal() else sign for sign in grouped(code))
    ring = enter(cheap_home, "0000", wide, clock)
    enter_again(cheap_home, ring, grouped(code), clock)
    for _n in range(5):
        with pytest.raises(AccessRefusedError):
            enter_again(cheap_home, ring, "1111 2222", clock)
    with pytest.raises(AccountLockedError):
        enter_again(cheap_home, ring, code, clock)


def test_everything_at_the_gate_comes_into_the_book(home: Home) -> None:
    """At the next login the failures become audit lines."""
    clock = ManualClock()
    with pytest.raises(AccessRefusedError):
        enter(home, "1001", "wrong", clock)
    ring = enter(home, "4002", ADMINISTRATOR[1], clock)
    book = OpenBook(home, ring, home.current_book(), clock)
    assert GateLog(home, clock).drain(book) == 1
    book.close()
