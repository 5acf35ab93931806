"""Destroying a book: only after sign-off and retention, by two people, with a certificate, and for good."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from downtime import destroying
from downtime.clock import ManualClock
from downtime.destroying import finish_purges
from downtime.errors import AccessRefusedError, DowntimeError, WrongPlaceError
from downtime.home import Home
from downtime.obstacles import NotYet
from downtime.practice_set import ORIGIN, practice_rows
from downtime.purge import Plan
from downtime.record import Recorded, record_event
from downtime.shelf import purged_entry
from downtime.station import open_new_book
from downtime.store.reference import build_reference
from downtime.store.sqlite import open_database
from forms.station_book import ReferenceInForce
from tests.downtime.builders import PATIENT, charge, dispense, drug, line, stand
from tests.downtime.kept_books import (
    all_whole,
    finish_book,
    make_station,
    opened,
    pass_days,
    planned_purge,
    purge_book,
    ring_of,
    sign_off_book,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def clock() -> ManualClock:
    """Return the station's clock."""
    return ManualClock()


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Home:
    """Return a station whose first book is finished and signed off."""
    made = make_station(tmp_path / "home", clock)
    finish_book(made, clock)
    sign_off_book(made, clock, 1)
    return made


def test_day_182_is_refused_and_day_184_allowed(home: Home, clock: ManualClock) -> None:
    """Never before the retention is over; 183 days is the least there is."""
    pass_days(clock, 182)
    assert planned_purge(home, clock) == ["retention"]
    pass_days(clock, 2)
    assert isinstance(planned_purge(home, clock), Plan)
    assert isinstance(purge_book(home, clock), Recorded)


def test_a_clock_set_forward_does_not_help(home: Home, clock: ManualClock) -> None:
    """Neither while running, nor over a restart."""
    clock.turn(wall_seconds=400 * 86_400)
    assert planned_purge(home, clock) == ["retention"]
    clock.boot_id = "after a restart"
    assert planned_purge(home, clock) == ["retention"]


def test_a_book_nobody_signed_off_stays(tmp_path: Path, clock: ManualClock) -> None:
    """However old it is."""
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    pass_days(clock, 1_200)
    assert planned_purge(home, clock) == ["not_signed_off"]


def test_the_current_book_stays(home: Home, clock: ManualClock) -> None:
    """What is written in is not destroyed."""
    pass_days(clock, 1_200)
    assert planned_purge(home, clock, 2) == ["current"]


def test_after_it_nobody_opens_the_old_bytes(home: Home, clock: ManualClock, tmp_path: Path) -> None:
    """A copy of the databases taken before is worth nothing without the key; no paper is left either."""
    paths = home.book(1)
    key_file = home.path / "keys" / "books" / "0001.json"
    paths.paper.joinpath("W03A-000001-0-copy1.pdf").write_bytes(b"%PDF " + PATIENT["name"].encode())
    kept = shutil.copytree(paths.folder, tmp_path / "kept")
    old_key = ring_of(home, "4003").book_key(1)
    open_database(kept / "journal.db", old_key, read_only=True).close()
    pass_days(clock, 184)
    purge_book(home, clock)
    assert not key_file.exists()
    left = sorted(path.name for path in paths.folder.iterdir())
    assert left == ["certificate.json", "certificate.pdf", "head.log"]
    for operator in ("1001", "4002", "4003"):
        with pytest.raises(DowntimeError):
            ring_of(home, operator).book_key(1)
    everything = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert old_key not in everything
    assert PATIENT["name"].encode() not in everything
    with pytest.raises(WrongPlaceError):
        open_database(kept / "journal.db", ring_of(home, "4003").book_key(2), read_only=True)


@pytest.mark.parametrize(("first", "second"), [("4003", "4002"), ("4002", "1006"), ("4003", "4003")])
def test_an_administrator_and_an_auditor_do_it_and_nobody_else(
    home: Home, clock: ManualClock, first: str, second: str
) -> None:
    """Nothing happens otherwise."""
    pass_days(clock, 184)
    try:
        outcome = purge_book(home, clock, first=first, second=second)
    except AccessRefusedError:
        outcome = NotYet(())
    assert isinstance(outcome, NotYet)
    assert all_whole(home)
    assert ring_of(home, "4003").book_key(1)


@pytest.mark.parametrize("step", ["write_certificate", "_overwrite", "certificate_pdf"])
def test_a_crash_in_between_is_finished_at_the_next_start(
    home: Home, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The entry stands, so the rest follows; done again, nothing changes."""
    pass_days(clock, 184)

    def crash(*_arguments: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as patch:
        patch.setattr(destroying, step, crash)
        with pytest.raises(OSError, match="power"):
            purge_book(home, clock)
    again = Home(home.path)
    ring = ring_of(again, "4003")
    assert purged_entry(again, ring, 1) is not None
    assert finish_purges(again, ring) == [1]
    assert finish_purges(again, ring) == []
    assert again.book(1).is_destroyed
    assert again.book(1).certificate.with_suffix(".pdf").is_file()
    assert all_whole(again)


def test_a_crash_before_the_entry_leaves_the_book(
    home: Home, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate nobody decided on goes away."""
    pass_days(clock, 184)

    def crash(*_arguments: object) -> None:
        raise OSError("power")

    with monkeypatch.context() as patch:
        patch.setattr("downtime.purge.record", crash)
        with pytest.raises(OSError, match="power"):
            purge_book(home, clock)
    ring = ring_of(home, "4003")
    assert home.book(1).certificate.is_file()
    assert finish_purges(home, ring) == []
    assert not home.book(1).certificate.exists()
    assert all_whole(home)


def test_a_book_with_a_sign_off_of_an_older_one_waits_for_it(home: Home, clock: ManualClock) -> None:
    """Else nobody could show any more that the older one was signed."""
    open_new_book(home, ring_of(home, "1006"), clock=clock).close()
    sign_off_book(home, clock, 2)
    pass_days(clock, 184)
    assert planned_purge(home, clock, 2) == ["needed"]
    purge_book(home, clock, 1)
    purge_book(home, clock, 2)
    assert [paths.is_destroyed for paths in home.books()] == [True, True, False]
    assert all_whole(home)


@pytest.mark.parametrize(("code", "is_long"), [("plain", False), ("controlled", True), ("unknown", True)])
def test_controlled_drugs_are_kept_three_years(
    tmp_path: Path, clock: ManualClock, code: str, *, is_long: bool
) -> None:
    """A drug that no list here knows any more might have been one."""
    home = make_station(tmp_path / "home", clock)
    codes = _put_reference_in_force(home, clock)
    book = opened(home, "1001", clock)
    charged = stand(book, charge([line(codes.get(code, "GONE"), kind="drug", quantity="1")]))
    form = dispense(charged.id, [drug(codes.get(code, "GONE"))])
    if code == "controlled":
        record_event(book, form, as_station=True)  # the second name is another test's
    else:
        stand(book, form)
    book.close()
    finish_book(home, clock)
    sign_off_book(home, clock, 1)
    pass_days(clock, 1_094)
    assert (planned_purge(home, clock) == ["retention"]) is is_long
    pass_days(clock, 2)
    assert isinstance(planned_purge(home, clock), Plan)


def _put_reference_in_force(home: Home, clock: ManualClock) -> dict[str, str]:
    rows = {table: list(found) for table, found in practice_rows(clock.now().wall).items()}
    rows["staff"] = []  # roles stay those of enrolment
    drugs: list[Any] = list(rows["drugs"])
    ring = ring_of(home, "4002")
    made = build_reference(
        home.path / "reference", 1, rows, ring.reference_key(), taken_at=clock.now().wall, origin=ORIGIN
    )
    book = opened(home, "4002", clock)
    record_event(
        book, ReferenceInForce(version=1, sha256=made.sha256, taken_at=made.taken_at, rows=made.rows)
    )
    book.close()
    return {
        "plain": next(row.code for row in drugs if not row.controlled),
        "controlled": next(row.code for row in drugs if row.controlled),
    }
