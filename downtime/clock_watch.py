"""Watching the clock: a wall clock that was set while the station ran, or between two starts, is written down."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from downtime.clock import Moment, jumped

if TYPE_CHECKING:
    from downtime.entry import Entry

CLOCK_JUMPED, CLOCK_ACKNOWLEDGED = "clock_jumped", "clock_acknowledged"


class ClockWatch:
    """Compares each moment with the one before.

    Args:
        before: the last moment known, for instance of the newest entry; None if there is none.
    """

    def __init__(self, before: Moment | None) -> None:
        self._before = before

    def look(self, now: Moment) -> str | None:
        """Return the detail of an audit line with both times if the clock jumped since the last look."""
        before, self._before = self._before, now
        if before is None or not jumped(before, now):
            return None
        return json.dumps({"before": before.wall, "now": now.wall})


def moment_of(entry: Entry) -> Moment:
    """Return the moment at which an entry was recorded, by the clock sealed into it."""
    clock = json.loads(entry.sealed)["envelope"]["clock"]
    return Moment(entry.recorded_at, str(clock["boot_id"]), int(clock["monotonic_ms"]))


def both_times(detail: str) -> tuple[str, str]:
    """Return (before, now) of such an audit line."""
    told = json.loads(detail)
    return str(told["before"]), str(told["now"])
