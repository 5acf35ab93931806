"""What a jump of the clock is called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.clock_watch import both_times
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

_SECONDS = slice(0, 19)


def clock_words(detail: str) -> Callable[[], str]:
    """Return what says that the clock jumped, from when to when, and what to do about it."""
    before, now = (stamp[_SECONDS].replace("T", " ") for stamp in both_times(detail))
    return lambda: _(
        "The clock of this PC jumped from {before} to {now}. The order of what is recorded does not depend on it, "
        "but the times on paper do: compare it with another clock, and call IT if it is wrong. "
        "Take the warning away?"
    ).format(before=before, now=now)
