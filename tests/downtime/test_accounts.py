"""Accounts: who may come in, in which roles, and what changes an account only as it should."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from downtime.account_changes import (
    Enrolment,
    follow_staff,
    prepare,
)
from downtime.account_list import accounts_here, next_drafted
from downtime.accounts import admit, person_now, why_out
from downtime.approvals import approve
from downtime.book import OpenBook
from downtime.clock import ManualClock
from downtime.envelopes import seal_emergency
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.home import Home
from downtime.keys import Person
from downtime.record import new_entry_id, record_event, record_station_form
from downtime.rights import may
from downtime.sealing import Filled
from downtime.store import journal
from forms.station_book import OutageDeclared, OutageEnded
from tests.downtime.staff_lists import put_in_force as put_list_in_force
from tests.downtime.staff_lists import staff_list
from tests.downtime.stations import (
    ADMINISTRATOR,
    CASHIER,
    NEW_PASSWORD,
    PASSWORD,
    change,
    enrol,
    first_station,
    open_as,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


# -- who comes in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "outage", "must_change", "grace"),
    [
        (90, False, False, False),
        (91, False, True, False),
        (91, True, False, True),
        (-30, False, False, False),
    ],
)
def test_an_expired_password_waits_for_the_end_of_the_outage(
    home: Home, book: OpenBook, clock: ManualClock, days: int, *, outage: bool, must_change: bool, grace: bool
) -> None:
    """In an outage they work and the audit says so; else a new password comes first."""
    if outage:
        declare(book)
    clock.at = START + timedelta(days=days, minutes=5)
    cashier = open_as(home, "1001", clock)
    admission = admit(cashier)
    cashier.close()
    assert (admission.must_change, admission.grace) == (must_change, grace)
    told = [e for e in journal.entries(book.db, forms=("audit",)) if e.content["event"] == "grace_login"]
    assert len(told) == grace


def test_an_older_file_put_back_is_noticed(home: Home, book: OpenBook) -> None:
    """The old password would open it; the journal says that it must not."""
    path = home.keys.folder / "slots" / "1001.json"
    old, grant = path.read_text("utf-8"), (home.keys.folder / "grants" / "1001.json").read_text("utf-8")
    change(book, CASHIER, "password_reset", NEW_PASSWORD)
    path.write_text(old, "utf-8")
    (home.keys.folder / "grants" / "1001.json").write_text(grant, "utf-8")
    cashier = open_as(home, "1001")
    with pytest.raises(AccessRefusedError, match="旧"):
        admit(cashier)
    cashier.close()
    assert person_now(book, CASHIER).roles == ()


def test_a_file_that_is_not_genuine_puts_nobody_else_out(home: Home, book: OpenBook) -> None:
    """Edited by hand: its person is out, the list and everybody else go on."""
    path = home.keys.folder / "slots" / "1001.json"
    path.write_text(path.read_text("utf-8").replace("cashier", "supervisor"), "utf-8")
    assert person_now(book, CASHIER).roles == ()
    assert why_out(book, "1001") is not None
    assert {line.slot.operator for line in accounts_here(book)} == {"0000", "1005", "1006", "4002"}


def test_who_is_drafted_ends_with_the_outage(home: Home, book: OpenBook, clock: ManualClock) -> None:
    """Drafted by one; another outage is not theirs, and the number is not given to anybody else."""
    declare(book)
    change(book, DRAFTED, "drafted")
    drafted = open_as(home, "H01", clock, PASSWORD)
    admit(drafted)
    assert may(drafted.person.roles, "price")
    filled = Filled(OutageEnded(outage=book.outage()), new_entry_id())
    record_station_form(book, filled, approve(book, filled, "outage", "1005", PASSWORD))
    assert not may(drafted.person.roles, "price")
    with pytest.raises(AccessRefusedError, match="已结束"):
        admit(drafted)
    declare(book, "X2026-01-06")
    with pytest.raises(AccessRefusedError, match="已结束"):
        admit(drafted)
    drafted.close()
    assert next_drafted(home.keys.slots()) == "H02"


def test_the_emergency_account_is_used_up_by_its_login(home: Home, book: OpenBook) -> None:
    """Used up before anything is done with it; the journal says so even where the file is put back."""
    ring = home.keys.unlock("4002", ADMINISTRATOR[1])
    code, _slot = seal_emergency(ring, "2026-01-05T08:20:00.000+08:00")
    path = home.keys.folder / "slots" / "0000.json"
    kept, grant = path.read_text("utf-8"), (home.keys.folder / "grants" / "0000.json").read_text("utf-8")
    emergency = open_as(home, "0000", password=code)
    admit(emergency)
    assert emergency.person.roles == ("break_glass",)
    emergency.close()
    with pytest.raises(AccessRefusedError):
        open_as(home, "0000", password=code)
    path.write_text(kept, "utf-8")
    (home.keys.folder / "grants" / "0000.json").write_text(grant, "utf-8")
    again = open_as(home, "0000", password=code)
    with pytest.raises(AccessRefusedError, match="关闭"):
        admit(again)
    again.close()
    told = [e for e in journal.entries(book.db, forms=("audit",)) if e.content["event"] == "emergency_login"]
    assert len(told) == 1


# -- the staff list -----------------------------------------------------------------------------------


def test_leavers_are_closed_and_stay_so(practice_home: Home) -> None:
    """A list closes; a later one that has them again opens nothing, and is audited once per list."""
    put_list_in_force(practice_home, staff_list(practice_home, {"1002": {"leaver": True}}))
    book = OpenBook(
        practice_home, practice_home.keys.unlock("4001", "lianxi4001"), practice_home.current_book()
    )
    assert follow_staff(book) == ["1002"]
    assert follow_staff(book) == []
    again = staff_list(practice_home, {}, 3, "2099-01-02T04:00:00.000+08:00")
    record_event(book, again)
    for _n in range(3):
        assert follow_staff(book) == []
    told = [e for e in journal.entries(book.db, forms=("audit",)) if e.content["event"] == "leaver_on_list"]
    assert [e.content["subject"] for e in told] == ["1002"]
    assert why_out(book, "1002") is not None
    book.close()


def test_an_older_staff_list_is_refused(practice_home: Home) -> None:
    """Neither a lower version nor rows taken earlier come into force."""
    put_list_in_force(practice_home, staff_list(practice_home, {"1002": {"leaver": True}}))
    older = staff_list(practice_home, {}, 3, "2001-01-01T04:00:00.000+08:00")
    with pytest.raises(RefusedInputError):
        put_list_in_force(practice_home, older)
    with pytest.raises(RefusedInputError):
        put_list_in_force(practice_home, older.model_copy(update={"version": 1}))


def test_a_validity_that_ends_is_not_revived_by_the_clock(practice_home: Home) -> None:
    """The later of clock and list counts."""
    put_list_in_force(practice_home, staff_list(practice_home, {"1002": {"valid_until": "2098-12-31"}}))
    clock = ManualClock(at=START)
    ring = practice_home.keys.unlock("1002", "lianxi1002")
    book = OpenBook(practice_home, ring, practice_home.current_book(), clock)
    with pytest.raises(AccessRefusedError):
        admit(book)
    book.close()


def test_roles_follow_the_list(practice_home: Home) -> None:
    """Taken away or given by the list in force, whatever was enrolled; a strange role is no role."""
    roles = {"1001": {"roles": "nurse;wizard;service"}}
    put_list_in_force(practice_home, staff_list(practice_home, roles))
    ring = practice_home.keys.unlock("1001", "lianxi1001")
    book = OpenBook(practice_home, ring, practice_home.current_book())
    assert book.person.roles == ("nurse",)
    book.close()
