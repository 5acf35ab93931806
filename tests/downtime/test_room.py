"""A disk that fills up is told in time, and the reserve lets the shift be closed."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from downtime import room
from downtime.desk import Desk
from downtime.errors import OutcomeUnknownError, StopRecordingError
from downtime.record import Recorded, new_entry_id
from downtime.station import open_new_book
from downtime.store import journal
from downtime.store.sqlite import DriverError
from tests.downtime.builders import charge, make_home, open_current, unlock

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home

SMALL = 300_000


@pytest.fixture
def station(tmp_path: Path) -> Home:
    """Return a station with a small ballast."""
    return make_home(tmp_path / "home", ballast_bytes=SMALL)


def _free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr("downtime.room.os_calls.free_bytes", lambda _path: free)


def _size(home: Home) -> int:
    return room.ballast_path(home.path).stat().st_size


def _events(home: Home) -> list[str]:
    book = open_current(home)
    found = [str(entry.content["event"]) for entry in journal.entries(book.db, forms=("audit",))]
    book.close()
    return found


@pytest.mark.parametrize(
    ("free", "level"),
    [(500 << 20, ""), ((500 << 20) - 1, "low"), (100 << 20, "low"), ((100 << 20) - 1, "very_low")],
)
def test_it_is_told_at_500_and_at_100_megabytes(free: int, level: str) -> None:
    """Nothing before, and then with the figure."""
    found = room.Room(free)
    assert found.level == level
    assert bool(found.words()) is bool(level)
    assert not level or str(free >> 20) in found.words()


def test_the_reserve_is_made_with_the_station(station: Home, tmp_path: Path) -> None:
    """Of the size asked for; a station without one never gets one."""
    assert _size(station) == SMALL
    bare = make_home(tmp_path / "bare")
    assert not room.ballast_path(bare.path).exists()
    assert room.look(bare.path, SMALL).change == ""
    assert not room.ballast_path(bare.path).exists()


def test_the_reserve_goes_and_comes_back(station: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below 20 MB it is given up, once; with room again it is put back."""
    _free(monkeypatch, (20 << 20) - 1)
    assert room.look(station.path, SMALL).change == "ballast_freed"
    assert _size(station) == 0
    assert room.look(station.path, SMALL).change == ""
    _free(monkeypatch, 500 << 20)
    assert room.look(station.path, SMALL).change == ""
    _free(monkeypatch, (500 << 20) + SMALL)
    assert room.look(station.path, SMALL).change == "ballast_back"
    assert _size(station) == SMALL
    assert room.look(station.path, SMALL).change == ""


def _full_until_freed(home: Home, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    execute = desk.book.db.execute

    def failing(sql: str, *arguments: object) -> object:
        if sql.startswith("BEGIN IMMEDIATE") and _size(home):
            raise DriverError("database or disk is full")
        return execute(sql, *arguments)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(desk.book.db, "execute", failing)


def test_an_entry_refused_for_want_of_room_is_recorded_with_the_reserve(
    station: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator sees "recorded"; the audit says how."""
    desk = Desk(station, unlock(station))
    with monkeypatch.context() as patched:
        _full_until_freed(station, desk, patched)
        entry_id = new_entry_id()
        outcome = desk.record(charge(), entry_id)
        assert isinstance(outcome, Recorded)
        assert not outcome.already
    desk.close()
    assert _size(station) == 0
    assert _events(station).count("ballast_freed") == 1


def test_without_a_reserve_the_refusal_stands(cheap_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is repeated for nothing."""
    desk = Desk(cheap_home, unlock(cheap_home))
    tries = []

    def full(sql: str, *_given: object) -> None:
        tries.append(sql)
        raise DriverError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("downtime.record.append_group", full)
        with pytest.raises(StopRecordingError):
            desk.record(charge(), new_entry_id())
    assert len(tries) == 1
    desk.close()


def test_what_may_have_been_written_is_not_repeated(station: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A head that could not be written: the reserve is given up for the next start, and the entry stays unknown."""

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    desk = Desk(station, unlock(station))
    entry_id = new_entry_id()
    with monkeypatch.context() as patched:
        patched.setattr(desk.book.head_log, "append", full)
        with pytest.raises(OutcomeUnknownError):
            desk.record(charge(), entry_id)
    desk.close()
    assert _size(station) == 0
    again = Desk(station, unlock(station))
    outcome = again.record(charge(), entry_id)
    assert isinstance(outcome, Recorded)
    assert outcome.already
    again.close()


def test_other_failures_leave_the_reserve_alone(station: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing disk is not a full one."""

    def broken(*_given: object) -> None:
        raise DriverError("disk I/O error")

    desk = Desk(station, unlock(station))
    with monkeypatch.context() as patched:
        patched.setattr("downtime.record.append_group", broken)
        patched.setattr("downtime.room.os_calls.free_bytes", lambda _path: 1 << 40)
        with pytest.raises(StopRecordingError):
            desk.record(charge(), new_entry_id())
    desk.close()
    assert _size(station) == SMALL


def test_a_full_disk_at_the_start_still_opens_the_book(
    station: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reserve goes first, and the audit says so; a new book can be opened as well."""
    with monkeypatch.context() as patched:
        _free(patched, 1 << 20)
        Desk(station, unlock(station)).close()
        assert _size(station) == 0
    assert "ballast_freed" in _events(station)
    room.make_ballast(station.path, SMALL)
    with monkeypatch.context() as patched:
        _free(patched, 1 << 20)
        open_new_book(station, unlock(station)).close()
    assert _size(station) == 0
