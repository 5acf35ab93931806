"""When the next backup is due; asked every few seconds, so it loads nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

DUE_HOURS = 24


def due(last_at: str, now: str) -> bool:
    """Return whether the last backup is a day old, absent, or of a time that has not come yet.

    Args:
        last_at: when it was recorded (RFC 3339), or "".
        now: this moment (RFC 3339).
    """
    if not last_at:
        return True
    age = datetime.fromisoformat(now) - datetime.fromisoformat(last_at)
    return not timedelta(0) <= age < timedelta(hours=DUE_HOURS)
