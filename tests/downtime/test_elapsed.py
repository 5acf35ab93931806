"""How long ago a book ended: a clock set forward proves nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from downtime.clock import Moment, rfc3339
from downtime.elapsed import DAY_SECONDS, GAP_DAYS_MAX, Elapsed, proven_seconds
from downtime.store.retention import Reading

_ENDED = datetime(2026, 1, 5, tzinfo=UTC)


def _moment(days: float, boot: str, running_days: float) -> Moment:
    return Moment(rfc3339(_ENDED + timedelta(days=days)), boot, round(running_days * DAY_SECONDS * 1000))


def _proven(*later: Moment, taken_at: dict[int, float] | None = None) -> float:
    readings = [
        Reading(moment, rfc3339(_ENDED + timedelta(days=taken_at[n])) if taken_at and n in taken_at else None)
        for n, moment in enumerate(later)
    ]
    return proven_seconds(_moment(0, "a", 1), _ENDED.timestamp(), readings) / DAY_SECONDS


def test_time_since_boot_counts_whatever_the_wall_says() -> None:
    """Within one boot no setting of the clock matters, forward or back."""
    assert _proven(_moment(400, "a", 3)) == 2
    assert _proven(_moment(-400, "a", 3)) == 2


def test_between_boots_the_wall_clock_is_believed_for_a_month() -> None:
    """A station used every week proves everything; a leap of a year proves a month."""
    assert _proven(*(_moment(7 * n, f"boot {n}", 0) for n in range(1, 31))) == 210
    assert _proven(_moment(400, "b", 0)) == GAP_DAYS_MAX
    assert _proven(_moment(-5, "b", 0)) == 0


def test_reference_tables_tell_the_time_of_the_his() -> None:
    """After a year in a cupboard the first set of prices says how late it is."""
    assert _proven(_moment(400, "b", 0), _moment(400, "b", 0.1), taken_at={1: 399}) == pytest.approx(399)


def test_old_reference_tables_take_nothing_away() -> None:
    """They prove at least, never at most."""
    assert _proven(_moment(10, "b", 0), _moment(11, "b", 1), taken_at={1: -30}) == 11


def test_the_shorter_of_both_lengths_counts() -> None:
    """A clock that runs behind delays; one that runs ahead does not hasten."""
    assert Elapsed(wall=10 * DAY_SECONDS, proven=200 * DAY_SECONDS).days == 10
    assert Elapsed(wall=200 * DAY_SECONDS, proven=10 * DAY_SECONDS).days == 10
