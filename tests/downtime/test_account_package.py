"""Accounts on their way between stations: what counts, what is refused, and who stays out."""

from __future__ import annotations

import shutil
from pathlib import Path  # noqa: TC003 (pytest reads the annotation of a fixture)
from typing import TYPE_CHECKING

import pytest

from downtime.account_changes import change_own_password, close_account
from downtime.account_package import Taken, pack, packed, read_package, take, travelling
from downtime.accounts import admit, why_out
from downtime.envelopes import EMERGENCY_OPERATOR
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.home import Home
from downtime.record import new_entry_id
from downtime.store import journal
from tests.downtime.stations import (
    ADMINISTRATOR,
    CASHIER,
    NEW_PASSWORD,
    SUPERVISOR,
    change,
    enrol,
    first_station,
    joined_station,
    open_as,
)

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.slots import Slot


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Make two stations of one hospital once; the cashier has an account at the first."""
    folder = tmp_path_factory.mktemp("stations")
    first = first_station(folder / "one")
    second = joined_station(first, folder / "two")
    enrol(first)
    return first.path, second.path


@pytest.fixture
def stations(made: tuple[Path, Path], tmp_path: Path) -> tuple[Home, Home]:
    """Return both as a test's own."""
    one, two = (Home(shutil.copytree(path, tmp_path / path.name)) for path in made)
    return one, two


def carry(giver: Home, taker: Home, by: str = "1006") -> dict[str, str]:
    """Pack at one station, take at the other; return what became of each account."""
    return {one.operator: one.outcome for one in put(taker, packed_at(giver), by)}


def packed_at(home: Home) -> bytes:
    """Return the package of a station."""
    book = open_as(home, "1006")
    content = pack(book)
    book.close()
    return content


def put(home: Home, content: bytes, by: str = "1006") -> list[Taken]:
    """Take a package at a station."""
    book = open_as(home, by)
    found = take(book, read_package(content, home.keys.hospital_public()))
    book.close()
    return found


def close(home: Home, operator: str = "1001") -> None:
    """Close somebody's account at one station."""
    book = open_as(home, "1006")
    close_account(book, operator, "离职")
    book.close()


def new_password(home: Home, password: str = NEW_PASSWORD, old: str = "") -> None:
    """Let the cashier change the own password at one station."""
    book = open_as(home, "1001", password=old)
    assert not change_own_password(book, old or "Green-Kettle-63", password, new_entry_id())
    book.close()


def slot(home: Home, operator: str = "1001") -> Slot:
    """Return an account's file."""
    found = home.keys.slot(operator)
    assert found is not None
    return found


def test_a_password_set_at_one_window_opens_the_other(stations: tuple[Home, Home]) -> None:
    """A cashier can take any window: enrolled at the first, one file carried, in at the second."""
    one, two = stations
    with pytest.raises(AccessRefusedError):
        open_as(two, "1001")
    assert carry(one, two)["1001"] == "new"
    book = open_as(two, "1001")
    assert not admit(book).must_change
    assert book.person.roles == ("cashier",)
    book.close()
    assert [e.content["change"] for e in changes(two, "1001")] == ["taken_over"]


def changes(home: Home, operator: str) -> list[Entry]:
    """Return what a station's journal says about an account."""
    book = open_as(home, "1006")
    found = [
        entry
        for entry in journal.entries(book.db, forms=("account_changed",))
        if entry.content["operator"] == operator
    ]
    book.close()
    return found


def test_what_is_known_already_changes_nothing(stations: tuple[Home, Home]) -> None:
    """The same package again is no news."""
    one, two = stations
    carry(one, two)
    assert set(carry(one, two).values()) == {"same"}
    assert len(changes(two, "1001")) == 1


def test_a_new_password_travels(stations: tuple[Home, Home]) -> None:
    """The newer one counts; the old password opens nothing any more."""
    one, two = stations
    carry(one, two)
    new_password(one)
    assert carry(one, two)["1001"] == "newer"
    open_as(two, "1001", password=NEW_PASSWORD).close()
    with pytest.raises(AccessRefusedError):
        open_as(two, "1001")


def test_an_older_package_never_revives_a_password(stations: tuple[Home, Home]) -> None:
    """What was packed before the change is left aside, and told."""
    one, two = stations
    old = packed_at(one)
    new_password(one)
    carry(one, two)
    assert {t.operator: t.outcome for t in put(two, old)}["1001"] == "older"
    with pytest.raises(AccessRefusedError):
        open_as(two, "1001")


def test_a_leaver_closed_at_one_window_is_closed_at_the_other(stations: tuple[Home, Home]) -> None:
    """The closing travels, and no older package takes it back."""
    one, two = stations
    old = packed_at(one)
    carry(one, two)
    close(one)
    assert carry(one, two)["1001"] == "closed"
    with pytest.raises(AccessRefusedError):
        open_as(two, "1001")
    assert {t.operator: t.outcome for t in put(two, old)}["1001"] == "stays_closed"
    assert slot(two).closed


def test_a_leaver_does_not_live_on_by_a_password_changed_elsewhere(stations: tuple[Home, Home]) -> None:
    """Closed at one window, changed twice at the other meanwhile: closed at both, whatever the versions say."""
    one, two = stations
    carry(one, two)
    close(one)
    new_password(two)
    new_password(two, "Silver-Bridge-85", NEW_PASSWORD)
    assert slot(two).version > slot(one).version
    assert carry(two, one)["1001"] == "stays_closed"
    assert carry(one, two)["1001"] == "closed"
    assert slot(one).closed
    assert slot(two).closed


def test_a_closing_that_two_people_took_back_stays_taken_back(stations: tuple[Home, Home]) -> None:
    """An old package with the closing in it closes nobody a second time."""
    one, two = stations
    carry(one, two)
    close(one)
    with_closing = packed_at(one)
    book = open_as(one, "1006")
    change(book, CASHIER, "reinstated", NEW_PASSWORD, ("4002", ADMINISTRATOR[1]))
    book.close()
    assert carry(one, two)["1001"] == "newer"
    assert {t.operator: t.outcome for t in put(two, with_closing)}["1001"] == "older"
    open_as(two, "1001", password=NEW_PASSWORD).close()


def test_two_passwords_of_one_version_are_told_apart(stations: tuple[Home, Home]) -> None:
    """Changed at both windows since they last met: neither is taken, somebody has to decide."""
    one, two = stations
    carry(one, two)
    new_password(one)
    new_password(two, "Silver-Bridge-85")
    assert carry(one, two)["1001"] == "conflict"
    open_as(two, "1001", password="Silver-Bridge-85").close()


def test_somebody_without_a_grant_gets_one(stations: tuple[Home, Home]) -> None:
    """The file is here, the station never let them in: the same package does."""
    one, two = stations
    carry(one, two)
    (two.keys.folder / "grants" / "1001.json").unlink()
    with pytest.raises(AccessRefusedError, match="还不认识 1001"):
        open_as(two, "1001")
    assert carry(one, two)["1001"] == "granted"
    open_as(two, "1001").close()


def test_an_older_file_put_back_is_mended_by_the_package(stations: tuple[Home, Home]) -> None:
    """The journal knows better than the file; the person is out until the right file is here again."""
    one, two = stations
    carry(one, two)
    old = (two.keys.folder / "slots" / "1001.json").read_text("utf-8")
    new_password(one)
    carry(one, two)
    (two.keys.folder / "slots" / "1001.json").write_text(old, "utf-8")
    book = open_as(two, "1006")
    out = why_out(book, "1001")
    book.close()
    assert out is not None
    assert "旧" in out.what
    assert carry(one, two)["1001"] == "granted"
    open_as(two, "1001", password=NEW_PASSWORD).close()


@pytest.mark.parametrize("place", [0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_one_byte_changed_on_the_way_refuses_the_whole(stations: tuple[Home, Home], place: float) -> None:
    """Nothing is taken from a package whose signature does not fit."""
    one, two = stations
    content = bytearray(packed_at(one))
    at = int(len(content) * place)
    content[at] ^= 1
    with pytest.raises(RefusedInputError):
        read_package(bytes(content), two.keys.hospital_public())
    for spoilt in (content[:-9], b"", b"[]\n", b'{"package":{},"signature":""}\n', bytes(content) + b" "):
        with pytest.raises(RefusedInputError):
            read_package(bytes(spoilt), two.keys.hospital_public())


def test_a_package_of_another_hospital_is_refused(stations: tuple[Home, Home], tmp_path: Path) -> None:
    """It says so, and nothing is taken."""
    other = first_station(tmp_path / "other", hospital="OTHER")
    with pytest.raises(RefusedInputError, match="另一家医院"):
        read_package(packed_at(other), stations[0].keys.hospital_public())


def test_what_belongs_to_one_station_does_not_travel(stations: tuple[Home, Home]) -> None:
    """The emergency envelope and the delivering account stay; so do people drafted for an outage."""
    one, two = stations
    kinds = {slot.kind for slot in one.keys.slots()}
    assert {"break_glass", "service"} <= kinds
    hospital = one.keys.unlock("1006", SUPERVISOR[1]).hospital_key()
    content = packed(one.keys.slots(), hospital, "W01", "2026-01-05T08:20:00.000+08:00")
    package = read_package(content, two.keys.hospital_public())
    assert {slot.operator for slot in package.slots} == {"1001", "1006", "4002"}
    assert {slot.operator for slot in travelling(one.keys.slots())} == {"1001", "1006", "4002"}
    assert slot(one, EMERGENCY_OPERATOR).box != slot(two, EMERGENCY_OPERATOR).box


def test_no_secret_and_no_patient_is_in_a_package(stations: tuple[Home, Home]) -> None:
    """What travels opens nothing without a password."""
    one, _two = stations
    content = packed_at(one)
    for secret in (one.keys.hospital_secret(), one.keys.device_secret()):
        assert secret.hex().encode() not in content
