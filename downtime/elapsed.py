"""How long ago a book ended, measured so that setting the PC's clock forward does not help.

Two lengths are compared, and the shorter one counts:

- by the wall clock: now less the newest time the book itself knows;
- proven: added up over every entry recorded since. Within one boot the time since boot decides, which no
  setting of the clock moves. Between two boots the wall clock is believed for at most ``GAP_DAYS_MAX`` days.
  Reference data put in force say how late it was by the HIS's own clock when they were taken; that is believed.

What it catches: a clock set forward, once or while running, and a book closed under a clock that ran behind.
What it cannot: somebody who sets the clock forward, restarts the PC and records something, again and again,
or who puts invented reference data in force. Both leave entries with their times in the chain, and neither
is enough alone: an administrator and an auditor must both give their passwords for a book to be destroyed.
What it costs: a station that was switched off for years proves only a month of them, until reference data
arrive again.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from downtime.shelf import readable_books
from downtime.store.retention import Reading, readings
from downtime.store.verification import open_evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from downtime.clock import Moment
    from downtime.home import Home
    from downtime.keys import Keyring

DAY_SECONDS = 86_400
GAP_DAYS_MAX = 31


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Time since a book's last entry, in seconds.

    Attributes:
        wall: by the PC's clock; negative if that runs behind.
        proven: see above.
    """

    wall: float
    proven: float

    @property
    def days(self) -> float:
        """Days that certainly passed."""
        return min(self.wall, self.proven) / DAY_SECONDS


def elapsed_since(home: Home, ring: Keyring, number: int, now: Moment) -> Elapsed:
    """Return how long ago book ``number`` ended.

    Args:
        home: the station.
        ring: open keys.
        number: a finished book that still opens.
        now: this moment.
    """
    own = list(_readings(home, ring, number, last=number))
    ended = max(_seconds(time) for reading in own for time in (reading.moment.wall, reading.taken_at) if time)
    later = [*_readings(home, ring, number + 1), Reading(now, None)]
    return Elapsed(_seconds(now.wall) - ended, proven_seconds(own[-1].moment, ended, later))


def proven_seconds(start: Moment, ended: float, later: Iterable[Reading]) -> float:
    """Return the seconds that certainly passed since ``ended``.

    Args:
        start: how the book's last entry found the clock.
        ended: newest time the book knows, as a POSIX time.
        later: how the entries after it found the clock, in order, and this moment.
    """
    passed, before = 0.0, start
    for reading in later:
        passed += _step(before, reading.moment)
        if reading.taken_at:
            passed = max(passed, _seconds(reading.taken_at) - ended)
        before = reading.moment
    return passed


def _step(before: Moment, after: Moment) -> float:
    if before.boot_id == after.boot_id and after.monotonic_ms >= before.monotonic_ms:
        return (after.monotonic_ms - before.monotonic_ms) / 1000
    wall = _seconds(after.wall) - _seconds(before.wall)
    return min(max(wall, 0.0), GAP_DAYS_MAX * DAY_SECONDS)


def _readings(home: Home, ring: Keyring, since: int, last: int | None = None) -> Iterator[Reading]:
    for paths in readable_books(home, since=since):
        if last is None or paths.number <= last:
            with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
                yield from readings(db)


def _seconds(time: str) -> float:
    return datetime.fromisoformat(time).timestamp()
