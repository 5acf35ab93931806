"""Promises about clocks."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from downtime.clock import ManualClock, SystemClock, jumped


def test_times_carry_their_offset_and_milliseconds() -> None:
    """A time on paper can be placed anywhere in the world."""
    assert SystemClock(ZoneInfo("Asia/Shanghai")).now().wall.endswith("+08:00")
    assert ManualClock().now().wall == "2026-01-05T08:20:00.000+00:00"


@pytest.mark.parametrize(
    ("wall", "passed", "expected"),
    [(60, 60, False), (-1, 60, False), (-3600, 60, True), (86_400, 60, True), (60, 86_400, True)],
)
def test_a_set_clock_is_noticed(wall: int, passed: int, expected: bool) -> None:  # noqa: FBT001 (parametrised)
    """The wall clock is compared with the time since boot."""
    clock = ManualClock()
    before = clock.now()
    clock.turn(wall_seconds=wall, passed_seconds=passed)

    assert jumped(before, clock.now()) is expected


def test_after_a_restart_only_going_back_is_a_jump() -> None:
    """The time since boot starts anew; an empty CMOS battery shows as a clock that went back."""
    clock = ManualClock()
    before = clock.now()
    clock.boot_id = "another"
    clock.turn(wall_seconds=86_400)
    assert not jumped(before, clock.now())
    clock.turn(wall_seconds=-10 * 86_400)
    assert jumped(before, clock.now())
