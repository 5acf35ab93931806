"""Renewing keys: the station opens with the old or the new ones, whenever the power goes."""

from __future__ import annotations

import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from downtime import os_calls
from downtime.clock import ManualClock
from downtime.errors import InUseError, StopRecordingError, WrongPlaceError
from downtime.holding import BesideHold, StationHold
from downtime.home import Home
from downtime.outcome import Accepted
from downtime.record import new_entry_id
from downtime.renew import (
    alone_at_the_station,
    due_for_renewal,
    last_renewed,
    renew_book_key,
)
from downtime.renewing import renewal_lock
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.drafts import Draft, Drafts
from downtime.store.headlog import HeadLog
from downtime.store.sqlite import open_database
from downtime.verify import verify_book
from tests.downtime.builders import charge, stand
from tests.downtime.kept_books import finish_book, make_station, opened, pass_days, ring_of

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.findings import Verification


@pytest.fixture
def clock() -> ManualClock:
    """Return the station's clock."""
    return ManualClock()


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Home:
    """Return a station with a finished book, and a current one with entries, a delivery and a draft."""
    made = make_station(tmp_path / "home", clock)
    finish_book(made, clock)
    book = opened(made, "1001", clock)
    first = stand(book, charge())
    opening = book.db.execute("SELECT hash FROM entry WHERE seq = 1").fetchone()[0]
    heads = HeadLog(book.paths.deliveries_head)
    with Deliveries(
        book.paths.deliveries, book.key, heads=heads, sign=book.signing.sign, first_entry_hash=opening
    ) as deliveries:
        fact = Fact(first.seq, first.id, 1, Accepted((), "PRACTICE-1"))
        deliveries.append("practice", [fact], at=clock.now().wall, journal_seq=first.seq)
    drafts = Drafts(book.paths.drafts, book.key)
    drafts.save(Draft(new_entry_id(), "charge", "1001", {"half": "filled"}, clock.now().wall))
    drafts.close()
    book.close()
    return made


def _verified(home: Home, number: int = 2) -> Verification:
    return verify_book(home, ring_of(home, "4003"), home.book(number))


def _facts(home: Home, number: int = 2) -> tuple[object, ...]:
    found = _verified(home, number)
    assert found.whole, found.findings
    return found.head, found.entries, found.deliveries, found.receipts


def _renew(home: Home, clock: ManualClock, number: int = 2) -> None:
    with alone_at_the_station(home, clock):
        renew_book_key(home, ring_of(home, "4002"), number)


def _is_usable(home: Home, clock: ManualClock) -> None:
    """Somebody logs in, sees the draft, charges, and all of it verifies."""
    book = opened(home, "1001", clock)
    drafts = Drafts(book.paths.drafts, book.key)
    assert [draft.content for draft in drafts.all()] == [{"half": "filled"}]
    drafts.close()
    stand(book, charge())
    book.close()
    assert _verified(home).whole


def test_a_book_reads_as_before_under_another_key(home: Home, clock: ManualClock) -> None:
    """Same entries, same head, same deliveries; the old key opens nothing any more."""
    before, old = _facts(home), ring_of(home, "4003").book_key(2)
    schema = _schema(home, old)
    _renew(home, clock)
    fresh = ring_of(home, "4003").book_key(2)
    assert fresh != old
    assert _facts(home) == before
    assert _schema(home, fresh) == schema
    for path in (home.book(2).journal, home.book(2).deliveries, home.book(2).drafts):
        with pytest.raises(WrongPlaceError):
            open_database(path, old, read_only=True)
    _is_usable(home, clock)


def _schema(home: Home, key: bytes) -> list[tuple[str, ...]]:
    db = open_database(home.book(2).journal, key, read_only=True)
    found = db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name").fetchall()
    version = db.execute("PRAGMA user_version").fetchone()
    db.close()
    return [*found, version]


def test_a_finished_book_is_renewed_as_well(home: Home, clock: ManualClock) -> None:
    """The next one still continues it."""
    before = _facts(home, 1)
    _renew(home, clock, 1)
    assert _facts(home, 1) == before
    assert _verified(home).whole


def test_what_was_copied_before_stays_closed_to_the_new_key(
    home: Home, clock: ManualClock, tmp_path: Path
) -> None:
    """A stolen old key file opens the old copy and nothing written since."""
    old_key = ring_of(home, "4003").book_key(2)
    copy = shutil.copy(home.book(2).journal, tmp_path / "copy.db")
    _renew(home, clock)
    open_database(tmp_path / "copy.db", old_key, read_only=True).close()
    with pytest.raises(WrongPlaceError):
        open_database(tmp_path / "copy.db", ring_of(home, "4003").book_key(2), read_only=True)
    assert copy


_STEPS_MAX = 40


class PowerCutError(OSError):
    """The power went."""


@pytest.mark.parametrize("power", ["replace_durably", "fsync_dir", "fsync_file"])
def test_the_station_opens_after_a_power_cut_at_any_step(
    home: Home, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, power: str
) -> None:
    """Old or new, but always together; the next start finishes or takes back."""
    expected = _facts(home)
    real = getattr(os_calls, power)
    for step in range(1, _STEPS_MAX):
        place = Home(shutil.copytree(home.path, tmp_path / f"{power}-{step}"))
        calls = 0

        def cut(*arguments: Path, at: int = step) -> None:
            nonlocal calls
            calls += 1
            if calls == at:
                raise PowerCutError
            real(*arguments)

        with monkeypatch.context() as patch, alone_at_the_station(place, clock):
            ring = ring_of(place, "4002")
            patch.setattr(os_calls, power, cut)
            done = False
            with suppress(PowerCutError):
                renew_book_key(place, ring, 2)
                done = True
        if done:
            return
        again = Home(place.path)
        assert not list((again.path / "books").glob("*.next")), step
        assert _facts(again) == expected, step
        _is_usable(again, clock)
    raise AssertionError("more steps than expected")


def test_nobody_renews_while_the_app_is_open(home: Home, clock: ManualClock) -> None:
    """The message says who has the station."""
    with StationHold(home, clock), pytest.raises(InUseError), alone_at_the_station(home, clock):
        pass


def test_nobody_renews_while_sync_is_running(home: Home, clock: ManualClock) -> None:
    """And sync does not start meanwhile; what a dead sync left is no hindrance."""
    (home.path / "beside-99999.lock").touch()
    with (
        BesideHold(home),
        pytest.raises(InUseError, match="downtime-sync"),
        alone_at_the_station(home, clock),
    ):
        pass
    with alone_at_the_station(home, clock):
        assert not list(home.path.glob("beside-*.lock"))


def test_nobody_renews_a_book_that_is_open_elsewhere(home: Home, clock: ManualClock) -> None:
    """A script that is recording through ``downtime record`` would write into a file that is gone."""
    before = _facts(home)
    book = opened(home, "1001", clock)
    with pytest.raises(InUseError, match=r"journal\.db"):
        _renew(home, clock)
    stand(book, charge())
    book.close()
    assert _verified(home).entries > int(str(before[1]))
    _renew(home, clock)
    _is_usable(home, clock)


def test_nobody_renews_during_a_delivery(home: Home, clock: ManualClock) -> None:
    """Its lock says so."""
    lock_path = home.book(2).deliveries.with_suffix(".lock")
    with lock_path.open("rb+") as lock:
        assert os_calls.hold_file(lock.fileno(), 0)
        with pytest.raises(InUseError):
            _renew(home, clock)
    assert _verified(home).whole


def test_nobody_opens_the_home_while_keys_are_renewed(home: Home) -> None:
    """Whoever comes meanwhile is told to wait."""
    (home.path / "books" / "0002.next").mkdir()
    with renewal_lock(home.path), pytest.raises(InUseError):
        Home(home.path)
    assert Home(home.path).books()
    assert not (home.path / "books" / "0002.next").exists()


def test_a_damaged_book_keeps_its_key(home: Home, clock: ManualClock) -> None:
    """It is evidence as it is."""
    log = home.book(2).head_log
    log.write_bytes(log.read_bytes()[:-5] + b"xxxxx")
    with pytest.raises(StopRecordingError):
        _renew(home, clock)


def test_keys_are_asked_for_every_six_months(home: Home, clock: ManualClock) -> None:
    """A book's key is as old as the book."""
    ring = ring_of(home, "4003")
    assert due_for_renewal(home, ring, clock.now().wall) == []
    assert set(last_renewed(home, ring)) == {0, 1, 2}
    pass_days(clock, 190)
    assert due_for_renewal(home, ring, clock.now().wall) == [0, 1, 2]
