"""Every cell of docs/rights.md, tried: who may do it does it, everybody else is refused and that is written down."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from downtime.approvals import approve
from downtime.book import OpenBook
from downtime.commands.common import require
from downtime.desk import Desk
from downtime.envelopes import EMERGENCY_OPERATOR, seal_emergency
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.home import Home
from downtime.keys import CHEAP_COST, SERVICE_OPERATOR, Person
from downtime.record import new_entry_id, record
from downtime.rights import RIGHTS, ROLES
from downtime.sealing import Filled
from downtime.station import create_station
from downtime.store import journal
from forms.book_end import BookPurged, SignedOff
from forms.his_decided import TypedIn
from forms.station_book import NumberBlock, Opening, OutageDeclared, ReferenceInForce, ResendDecided
from forms.trust import (
    AccountChanged,
    BackupMade,
    Exported,
    KeysRenewed,
)
from tests.downtime.builders import (
    SERVICE_PASSWORD,
    arrears,
    charge,
    dispense,
    drug,
    registration,
    reversal,
    stand,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.keys import Keyring
    from forms.base import Form

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
PASSWORD = "practice-word"
ASKING = "ASKS"
OUTAGE = "O-2026-01"
HASH = "00" * 32


def documented() -> dict[tuple[str, str], bool]:
    """Return the cells of the table in the document: (right, role) -> granted."""
    roles: list[str] = []
    cells = {}
    for row in DOCUMENT.read_text("utf-8").splitlines():
        columns = [column.strip() for column in row.strip().strip("|").split("|")]
        named = [re.search(r"`([a-z_]+)`", column) for column in columns]
        if len(columns) > len(ROLES) and all(named[-len(ROLES) :]):
            roles = [found[1] for found in named[-len(ROLES) :] if found]
        elif roles and len(columns) > len(ROLES) and named[0]:
            for role, cell in zip(roles, columns[-len(ROLES) :], strict=True):
                assert cell in {"x", ""}, f"{named[0][1]}/{role}: {cell!r}"
                cells[named[0][1], role] = cell == "x"
    return cells


CELLS = documented()


def test_the_document_has_every_cell() -> None:
    """No role and no right is left out."""
    assert set(CELLS) == {(right, role) for right in RIGHTS for role in ROLES}


@dataclass
class Station:
    """A copy of the station, opened by somebody in one role only."""

    home: Home
    ring: Keyring
    book: OpenBook
    operator: str
    password: str

    def record(self, form: Form) -> None:
        """Record a form; what is wrong with it otherwise is another test's."""
        record(self.book, Filled(form, new_entry_id()))

    def agree(self, form: Form, rule: str) -> None:
        """Be the second person for somebody else's form."""
        asking = OpenBook(self.home, self.home.keys.unlock(ASKING, PASSWORD), self.home.current_book())
        try:
            approve(asking, Filled(form, new_entry_id()), rule, self.operator, self.password)
        finally:
            asking.close()


def _number(role: str) -> str:
    return {"service": SERVICE_OPERATOR, "break_glass": EMERGENCY_OPERATOR}.get(
        role, f"R-{role.replace('_', '')}"
    )


@pytest.fixture(scope="session")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Make a station with one account per role, in an outage; return it and the emergency code."""
    settings = {
        "hospital": {"id": "PRACTICE", "name": "练习医院"},
        "station": {"code": "W03", "name": "练习窗口"},
        "access": {"policy": "practice"},
    }
    people = [
        (Person(_number(role), f"练习{role}", (role,)), PASSWORD)
        for role in ROLES
        if role not in {"service", "break_glass", "helper"}
    ]
    people += [(Person(ASKING, "练习员", ("cashier", "pharmacist", "supervisor")), PASSWORD)]
    path = tmp_path_factory.mktemp("rights") / "home"
    home = create_station(
        path, settings, people, service_password=SERVICE_PASSWORD, cost=CHEAP_COST, ballast_bytes=0
    )
    ring = home.keys.unlock(ASKING, PASSWORD)
    book = OpenBook(home, ring, home.current_book())
    form = OutageDeclared(outage=OUTAGE)
    filled = Filled(form, new_entry_id())
    approval = approve(book, filled, "outage", _number("supervisor"), PASSWORD)
    record(book, filled, approval)
    drafted = Person(_number("helper"), "练习抽调", ("helper",))
    home.keys.enrol(ring, drafted, PASSWORD, CHEAP_COST, kind="helper", outage=OUTAGE)
    code, _slot = seal_emergency(ring, book.clock.now().wall)
    book.close()
    return path, code


def _big_reversal(station: Station) -> Form:
    return reversal(_paid(station, 900_000))


def _paid(station: Station, price: int) -> Any:
    asking = OpenBook(station.home, station.home.keys.unlock(ASKING, PASSWORD), station.home.current_book())
    try:
        return stand(asking, charge([{**charge().lines[0].model_dump(), **_priced(price)}]))
    finally:
        asking.close()


def _priced(price: int) -> dict[str, Any]:
    return {"unit_price_minor": price, "quantity": "1", "amount_minor": price}


def _account(change: str) -> Form:
    return AccountChanged.model_validate({"operator": "X1", "change": change})


def _purged() -> Form:
    return BookPurged(book=9, head=HASH, entries=1, first_at="", last_at="", signed_off="x")


def _reprint(station: Station) -> None:
    desk = Desk(station.home, station.ring)
    try:
        entry = _paid(station, 100)
        desk.print_receipt(entry)
        desk.print_receipt(entry, "again")
    finally:
        desk.close()


ACTS: dict[str, Callable[[Station], None]] = {
    "register": lambda station: station.record(registration()),
    "cash": lambda station: station.record(charge()),
    "dispense": lambda station: station.record(dispense("nobody", [drug()])),
    "reverse": lambda station: station.record(reversal(_paid(station, 100))),
    "outage": lambda station: station.record(OutageDeclared(outage="O-2026-02")),
    "deliver": lambda station: station.record(ResendDecided(entry_id="x", connector="practice")),
    "retype": lambda station: station.record(TypedIn(entry_id="x")),
    "sign_off": lambda station: station.record(SignedOff(book=9, head=HASH, entries=1, finished_at="")),
    "export": lambda station: station.record(Exported(what="book", book=1, entries=1, head=HASH)),
    "audit": lambda station: station.record(Exported(what="audit", book=1, entries=1, head=HASH)),
    "reference": lambda station: station.record(
        ReferenceInForce(version=1, sha256=HASH, taken_at="2026-01-05T04:00:00+08:00", rows={})
    ),
    "numbers": lambda station: station.record(NumberBlock(first=30_000, last=30_001)),
    "book": lambda station: station.record(Opening(book=1)),
    "backup": lambda station: station.record(
        BackupMade(folder="x", file="x", sha256=HASH, book=1, head=HASH, entries=1)
    ),
    "accounts": lambda station: station.record(_account("enrolled")),
    "draft": lambda station: station.record(_account("drafted")),
    "unlock": lambda station: station.record(_account("opened_again")),
    "keys": lambda station: station.record(KeysRenewed(what="station")),
    "purge": lambda station: station.record(_purged()),
    "approve": lambda station: station.agree(_big_reversal(station), "reversal"),
    "witness": lambda station: station.agree(dispense("nobody", [drug()]), "controlled"),
    "reprint": _reprint,
}
"""The act itself where the app knows one form or call for it; everything else asks the commands' own gate."""

ASKED_AT_THE_GATE = set(RIGHTS) - set(ACTS)


@pytest.fixture
def station(everybody: tuple[Path, str], tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """Return a copy of the station, opened in the role of the cell."""
    role = str(request.node.callspec.params["role"])
    path, code = everybody
    home = Home(shutil.copytree(path, tmp_path / "home"))
    password = {"service": SERVICE_PASSWORD, "break_glass": code}.get(role, PASSWORD)
    ring = home.keys.unlock(_number(role), password)
    book = OpenBook(home, ring, home.current_book())
    yield Station(home, ring, book, _number(role), password)
    book.close()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("right", RIGHTS)
def test_every_cell_of_the_table(station: Station, right: str, role: str) -> None:
    """Granted: it is not refused for want of a right. Not granted: refused, nothing recorded but the refusal."""
    act = ACTS.get(right) or (lambda asked: require(asked.home, asked.ring, right))
    try:
        act(station)
    except AccessRefusedError:
        allowed = False
    except RefusedInputError:
        allowed = True  # something else is wrong with what was asked; that is not this test's
    else:
        allowed = True

    assert allowed == CELLS[right, role]
    if not allowed and right not in {"approve", "witness"}:
        forms = [entry.form for entry in journal.entries(station.book.db, limit=1, newest=True)]
        audit = journal.entries(station.book.db, forms=("audit",))
        refused = [entry for entry in audit if not entry.content["success"]]
        assert forms == ["audit"]
        assert [entry.content["event"] for entry in refused] == ["right_refused"]


def test_rights_without_an_act_of_their_own_are_few() -> None:
    """Looking, and what later work brings."""
    assert {"look_up", "price", "late_entry", "standing", "verify", "inspect", "drill"} == ASKED_AT_THE_GATE


def test_an_unpaid_charge_needs_the_same_right_as_a_paid_one(
    everybody: tuple[Path, str], tmp_path: Path
) -> None:
    """Leaving with a debt is decided at the cash desk, not by somebody drafted to price."""
    path, _code = everybody
    home = Home(shutil.copytree(path, tmp_path / "home"))
    book = OpenBook(home, home.keys.unlock(_number("helper"), PASSWORD), home.current_book())
    with pytest.raises(AccessRefusedError):
        record(book, Filled(arrears(), new_entry_id()))
    book.close()
