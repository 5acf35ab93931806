"""What changes an account: only by whom it should, and never more than was agreed to."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from downtime.account_changes import (
    Enrolment,
    change_own_password,
    close_account,
    prepare,
    put_in_force,
)
from downtime.accounts import why_out
from downtime.approvals import approve
from downtime.clock import ManualClock
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.home import Home
from downtime.keys import CHEAP_COST, Person
from downtime.record import new_entry_id, record_station_form
from downtime.sealing import Filled
from downtime.store import journal
from forms.station_book import OutageDeclared
from tests.downtime.stations import (
    ADMINISTRATOR,
    CASHIER,
    NEW_PASSWORD,
    PASSWORD,
    SUPERVISOR,
    change,
    enrol,
    first_station,
    open_as,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.entry import Entry

DRAFTED = Person("H01", "Li Si", ("helper",))
START = datetime(2026, 1, 5, 8, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a real station once, with a cashier in it."""
    home = first_station(tmp_path_factory.mktemp("station") / "one", clock=ManualClock(at=START))
    enrol(home, clock=ManualClock(at=START))
    enrol(home, Person("1005", "练习员单丽", ("supervisor",)), ManualClock(at=START))
    return home.path


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Home:
    """Return the station as a test's own."""
    import shutil

    return Home(shutil.copytree(template, tmp_path / "one"))


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock set by hand."""
    return ManualClock(at=START)


@pytest.fixture
def book(home: Home, clock: ManualClock) -> Iterator[OpenBook]:
    """Return the book, opened by the supervisor."""
    opened = open_as(home, "1006", clock)
    yield opened
    opened.close()


def declare(book: OpenBook, outage: str = "X2026-01-05") -> None:
    """Declare an outage; two people."""
    filled = Filled(OutageDeclared(outage=outage, reason="练习"), new_entry_id())
    record_station_form(book, filled, approve(book, filled, "outage", "1005", PASSWORD))


def problems(book: OpenBook, person: Person, what: str, password: str = NEW_PASSWORD) -> list[str]:
    """Return what is wrong with a change, as msgids."""
    made = prepare(book, person, password, what, entry_id=new_entry_id())
    return [] if isinstance(made, Enrolment) else [problem.message for problem in made]


def changes(book: OpenBook, operator: str) -> list[Entry]:
    """Return what the journal says about an account."""
    found = journal.entries(book.db, forms=("account_changed",))
    return [entry for entry in found if entry.content["operator"] == operator]


def test_enrolling_needs_a_second_person(book: OpenBook) -> None:
    """Alone it is refused, by oneself too; nothing is written."""
    made = prepare(book, Person("1002", "练习员李娜", ("cashier",)), PASSWORD, "enrolled", entry_id="e1")
    assert isinstance(made, Enrolment)
    with pytest.raises(RefusedInputError):
        put_in_force(book, made)
    with pytest.raises(AccessRefusedError):
        put_in_force(book, made, approve(book, made.filled, "accounts", "1006", SUPERVISOR[1]))
    assert book.home.keys.slot("1002") is None


def test_an_approval_holds_for_exactly_one_account(book: OpenBook) -> None:
    """What was approved for one person cannot be used for another, nor for other roles."""
    made = prepare(book, Person("1002", "练习员李娜", ("cashier",)), PASSWORD, "enrolled", entry_id="e1")
    other = prepare(
        book, Person("1002", "练习员李娜", ("administrator",)), PASSWORD, "enrolled", entry_id="e1"
    )
    assert isinstance(made, Enrolment)
    assert isinstance(other, Enrolment)
    approval = approve(book, made.filled, "accounts", "4002", ADMINISTRATOR[1])
    with pytest.raises(RefusedInputError):
        put_in_force(book, other, approval)


def test_a_cashier_changes_nobody(home: Home) -> None:
    """Not even with the right call: no reset, no closing, no draft; each refusal is audited."""
    cashier = open_as(home, "1001")
    made = prepare(cashier, SUPERVISOR[0], NEW_PASSWORD, "password_reset", entry_id="e1")
    assert isinstance(made, Enrolment)
    with pytest.raises(AccessRefusedError):
        put_in_force(cashier, made)
    with pytest.raises(AccessRefusedError):
        close_account(cashier, "1006", "no")
    cashier.close()
    home.keys.unlock("1006", SUPERVISOR[1])


@pytest.mark.parametrize(
    ("person", "what", "message"),
    [
        (CASHIER, "enrolled", "{operator} has an account already."),
        (Person("0000", "x", ("cashier",)), "enrolled", "Letters and figures only, and not {number}."),
        (Person("../x", "x", ("cashier",)), "enrolled", "Letters and figures only, and not {number}."),
        (Person("1" * 33, "x", ("cashier",)), "enrolled", "Letters and figures only, and not {number}."),
        (Person("1002", " ", ("cashier",)), "enrolled", "Type the name."),
        (Person("1002", "a\x1b[2J", ("cashier",)), "enrolled", "Type the name."),
        (Person("1002", "Li Si", ()), "enrolled", "Say at least one role."),
        (DRAFTED, "drafted", "People are drafted for a declared outage; none is declared."),
        (Person("1009", "x", ("cashier",)), "password_reset", "{operator} has no account."),
        (Person("svc-sync", "x", ("service",)), "password_reset", "{operator} has no account."),
        (SUPERVISOR[0], "password_reset", "You change your own password with the old one."),
        (CASHIER, "reinstated", "The account of {operator} is not closed."),
    ],
)
def test_what_cannot_be_done_is_said(book: OpenBook, person: Person, what: str, message: str) -> None:
    """Each refusal is a sentence beside its field, before any password is looked at."""
    assert problems(book, person, what) == [message]


@pytest.mark.parametrize("what", ["password_reset", "enrolled", "drafted"])
def test_one_person_revives_no_leaver(book: OpenBook, what: str) -> None:
    """A closed account is not reset open, nor enrolled or drafted anew under its number."""
    declare(book)
    close_account(book, "1001", "离职")
    assert problems(book, CASHIER, what)


def test_a_closing_in_the_journal_counts_even_where_the_file_was_put_back(home: Home, book: OpenBook) -> None:
    """A reset does not take the closing back."""
    path = home.keys.folder / "slots" / "1001.json"
    old = path.read_text("utf-8")
    close_account(book, "1001", "离职")
    path.write_text(old, "utf-8")
    assert problems(book, CASHIER, "password_reset") == ["The account of {operator} is closed: reinstate it."]


def test_a_number_in_use_is_not_drafted_twice(book: OpenBook) -> None:
    """Two people behind one number would be one name in the journal."""
    declare(book)
    change(book, DRAFTED, "drafted")
    assert problems(book, Person("H01", "Wang Wu", ("helper",)), "drafted") == [
        "{operator} is taken in this outage; take the next number."
    ]
    assert problems(book, Person("1001", "Wang Wu", ("helper",)), "drafted") == [
        "{operator} has an account already."
    ]


def test_the_last_five_passwords_do_not_come_back(home: Home) -> None:
    """By the profile; the sixth before may."""
    cashier = open_as(home, "1001")
    used = [PASSWORD, *(f"Green-Kettle-7{n}" for n in range(5))]
    for old, new in pairwise(used):
        assert change_own_password(cashier, old, new, new_entry_id()) == []
    refused = change_own_password(cashier, used[-1], used[1], new_entry_id())
    assert [problem.message for problem in refused] == ["Used before; the last {count} do not come back."]
    assert change_own_password(cashier, used[-1], used[0], new_entry_id()) == []
    cashier.close()


def test_one_s_own_new_password_leaves_the_session_whole(home: Home) -> None:
    """Roles stay, signatures are made with the new key, other sessions of the person too."""
    cashier, other = open_as(home, "1001"), open_as(home, "1001")
    assert change_own_password(cashier, PASSWORD, NEW_PASSWORD, new_entry_id()) == []
    slot = home.keys.slot("1001")
    assert slot is not None
    assert cashier.ring.personal_public.hex() == slot.signing
    assert cashier.person.roles == other.person.roles == ("cashier",)
    assert why_out(cashier, "1001") is None
    refused = change_own_password(cashier, NEW_PASSWORD, NEW_PASSWORD, new_entry_id())
    assert [problem.message for problem in refused] == ["This is the old password."]
    with pytest.raises(AccessRefusedError):
        change_own_password(cashier, PASSWORD, "Silver-Bridge-85", new_entry_id())
    cashier.close()
    other.close()


def test_whoever_resets_learns_nothing(book: OpenBook) -> None:
    """The journal holds who did it for whom; no password and nothing made from it but the file's hash."""
    change(book, CASHIER, "password_reset", NEW_PASSWORD)
    entry = changes(book, "1001")[-1]
    assert (entry.operator, entry.content["change"]) == ("1006", "password_reset")
    assert NEW_PASSWORD.encode() not in entry.sealed


def test_nobody_closes_the_own_account_nor_the_delivering_one(book: OpenBook) -> None:
    """The first would lock the door from inside, the second would stop delivery."""
    for operator in ("1006", "svc-sync", "9999"):
        with pytest.raises(RefusedInputError):
            close_account(book, operator, "x")


def test_a_second_signer_s_password_is_not_reset_by_one_person(home: Home, book: OpenBook) -> None:
    """Else one supervisor could hold both halves of every two-person rule."""
    other = Person("1007", "练习班长乙", ("supervisor",))
    home.keys.enrol(book.ring, other, PASSWORD, CHEAP_COST)
    made = prepare(book, other, NEW_PASSWORD, "password_reset", entry_id="e1")
    assert isinstance(made, Enrolment)
    with pytest.raises(RefusedInputError):
        put_in_force(book, made)
    home.keys.unlock("1007", PASSWORD)
