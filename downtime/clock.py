"""Clocks are shown and stored, never trusted: order comes from the sequence (L5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo  # noqa: TC003 (callers make one)

from downtime import os_calls


@dataclass(frozen=True, slots=True)
class Moment:
    """One reading of the clock.

    Attributes:
        wall: RFC 3339 with offset and milliseconds.
        boot_id: which start of the PC this was.
        monotonic_ms: milliseconds since that start.
    """

    wall: str
    boot_id: str
    monotonic_ms: int


class Clock(Protocol):
    """Where times come from; injected, so that jumps can be tried."""

    def now(self) -> Moment:
        """Return this moment."""


def rfc3339(moment: datetime) -> str:
    """Return an aware ``moment`` as RFC 3339 with offset and milliseconds."""
    assert moment.tzinfo is not None, "a time without offset means nothing"
    return moment.isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class SystemClock:
    """The PC's clock, shown in the site's IANA ``zone``."""

    zone: ZoneInfo

    def now(self) -> Moment:
        """Return this moment."""
        return Moment(rfc3339(datetime.now(self.zone)), os_calls.boot_id(), os_calls.monotonic_ms())


@dataclass
class ManualClock:
    """A clock set and turned by hand; for practice runs and tests."""

    at: datetime = field(default_factory=lambda: datetime(2026, 1, 5, 8, 20, tzinfo=UTC))
    boot_id: str = "manual"
    monotonic_ms: int = 0

    def now(self) -> Moment:
        """Return the moment it stands at."""
        return Moment(rfc3339(self.at), self.boot_id, self.monotonic_ms)

    def turn(self, *, wall_seconds: float = 0, passed_seconds: float = 0) -> None:
        """Move the wall clock by one amount and the time since boot by another."""
        self.at += timedelta(seconds=wall_seconds)
        self.monotonic_ms += round(passed_seconds * 1000)


JUMP_SECONDS = 120
"""A wall clock that moved by more than this against the time since boot has jumped."""


def jumped(before: Moment, now: Moment) -> bool:
    """Return whether the wall clock was set between two moments of one boot, or went backwards at all."""
    wall = (datetime.fromisoformat(now.wall) - datetime.fromisoformat(before.wall)).total_seconds()
    if before.boot_id != now.boot_id:
        return wall < 0
    passed = (now.monotonic_ms - before.monotonic_ms) / 1000
    return abs(wall - passed) > JUMP_SECONDS
