"""A clock that was set is noticed, within one start and between two."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from downtime.clock import ManualClock
from downtime.clock_watch import ClockWatch, both_times, moment_of
from downtime.store.audit_queries import last_entry
from tests.downtime.builders import charge, make_home, open_current, stand

if TYPE_CHECKING:
    from pathlib import Path


def test_time_that_passes_is_no_jump() -> None:
    """Minutes go by; asleep, both clocks go on."""
    clock = ManualClock()
    watch = ClockWatch(None)
    assert watch.look(clock.now()) is None
    clock.turn(wall_seconds=3600, passed_seconds=3600)
    assert watch.look(clock.now()) is None


def test_a_clock_that_was_set_is_told_once_with_both_times() -> None:
    """Forwards or back; the next look compares with the new time."""
    clock = ManualClock()
    watch = ClockWatch(clock.now())
    before = clock.now().wall
    clock.turn(wall_seconds=-600, passed_seconds=5)
    detail = watch.look(clock.now())
    assert detail is not None
    assert both_times(detail) == (before, clock.now().wall)
    clock.turn(wall_seconds=5, passed_seconds=5)
    assert watch.look(clock.now()) is None


def test_the_newest_entry_is_the_moment_before_a_start(tmp_path: Path) -> None:
    """The clock sealed into an entry tells after a restart that the wall clock went back."""
    clock = ManualClock()
    home = make_home(tmp_path / "home", clock=clock)
    book = open_current(home, clock)
    stand(book, charge())
    newest = last_entry(book.db)
    assert newest is not None
    assert moment_of(newest) == clock.now()
    book.close()
    later = ManualClock(clock.at - timedelta(days=2), boot_id="another start")
    assert ClockWatch(moment_of(newest)).look(later.now()) is not None
    assert ClockWatch(moment_of(newest)).look(ManualClock(clock.at + timedelta(days=2), "x").now()) is None
