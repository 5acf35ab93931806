"""Times as somebody types them off a paper: ``0820``, ``8:20``, ``11220820``, ``11-22 8:20``, ``2026-11-22 8:20``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from downtime.clock import rfc3339
from forms.typed import as_number

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_TYPED = re.compile(
    r"(?:(?:(?P<year>\d{4})[-./])?(?P<month>\d{1,2})[-./](?P<day>\d{1,2})[ T])?(?P<hour>\d{1,2}):(?P<minute>\d{2})"
)
_SHAPES = {3: "0hmm", 4: "hhmm", 8: "MMDDhhmm", 12: "YYYYMMDDhhmm"}
_SOON = timedelta(minutes=5)


def moment_of(time: str) -> datetime:
    """Return an RFC 3339 time."""
    return datetime.fromisoformat(time)


def read_time(typed: str, base: str, now: str, zone: ZoneInfo, *, is_first: bool = False) -> str | None:
    """Return the RFC 3339 time that was typed, or None where it is none.

    Args:
        typed: see above; the date may be left out.
        base: RFC 3339 time whose date counts where none is typed.
        now: RFC 3339; a first time without a date that would lie ahead was yesterday's.
        zone: of the site.
        is_first: nothing was inherited from a slip before.
    """
    text = " ".join(as_number(part) for part in typed.replace("：", ":").split()).replace("：", ":")
    found = _TYPED.fullmatch(_spread(text))
    if found is None:
        return None
    day = moment_of(base).astimezone(zone)
    named = {name: int(part) for name, part in found.groupdict().items() if part is not None}
    try:
        at = day.replace(
            year=named.get("year", day.year),
            month=named.get("month", day.month),
            day=named.get("day", day.day),
            hour=named["hour"],
            minute=named["minute"],
            second=0,
            microsecond=0,
        )
    except ValueError:
        return None
    if is_first and "day" not in named and at > moment_of(now) + _SOON:
        at -= timedelta(days=1)
    return rfc3339(at)


def _spread(text: str) -> str:
    """Return figures typed without separators as they are written with them."""
    if not text.isdigit() or len(text) not in _SHAPES:
        return text
    figures = text.rjust(4, "0")
    day, time = figures[:-4], f"{figures[-4:-2]}:{figures[-2:]}"
    if not day:
        return time
    year = f"{day[:4]}-" if len(day) > 4 else ""  # noqa: PLR2004 (YYYY)
    return f"{year}{day[-4:-2]}-{day[-2:]} {time}"


def hours_left(ended_at: str, now: str, hours: int) -> tuple[int, int] | None:
    """Return (hours, minutes) until ``hours`` have passed since ``ended_at``; None when they have."""
    left = moment_of(ended_at) + timedelta(hours=hours) - moment_of(now)
    minutes = int(left.total_seconds() // 60)
    return divmod(minutes, 60) if left.total_seconds() > 0 else None
