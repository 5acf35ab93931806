"""How long work still takes, said honestly: by what was done lately, and nothing while nothing can be told."""

from __future__ import annotations

from collections import deque
from typing import Final

from downtime.i18n import _

LATELY_SECONDS: Final = 60.0
ENOUGH_SECONDS: Final = 5.0
STANDS_SECONDS: Final = 15.0
_MINUTE, _HOUR = 60, 3_600
_HOURS_SAID = 48
"""From so many hours on days are said."""


class Pace:
    """What is left, looked at again and again.

    Attributes:
        first: how much was left at the first look; ``left``: at the last one.
    """

    def __init__(self) -> None:
        self._looks: deque[tuple[float, int]] = deque()
        self.first = self.left = 0
        self._moved_at = 0.0

    def look(self, seconds: float, left: int) -> None:
        """Note how much is left.

        Args:
            seconds: of a clock that only goes forward.
            left: pieces; more than before means that further work has come.
        """
        if not self._looks:
            self.first, self._moved_at = left, seconds
        elif left != self.left:
            self._moved_at = seconds
        self.first = max(self.first, left)
        self.left = left
        self._looks.append((seconds, left))
        while len(self._looks) > 2 and self._looks[1][0] <= seconds - LATELY_SECONDS:  # noqa: PLR2004 (two ends)
            self._looks.popleft()

    @property
    def done(self) -> int:
        """How much was done since the first look."""
        return self.first - self.left

    def has_moved(self, within: float) -> bool:
        """Return whether something was done within the last ``within`` seconds."""
        return bool(self._looks) and self.done > 0 and self._looks[-1][0] - self._moved_at < within

    def stands_for(self) -> int:
        """Return for how many seconds nothing has moved; 0 while that is nothing unusual."""
        stood = self._looks[-1][0] - self._moved_at if self._looks else 0.0
        return int(stood) if self.left and stood >= STANDS_SECONDS else 0

    def seconds_left(self) -> int | None:
        """Return how long the rest takes at the pace of the last minute, or None while that cannot be told."""
        if len(self._looks) < 2:  # noqa: PLR2004 (a pace lies between two looks)
            return None
        (began, left_then), (ended, left_now) = self._looks[0], self._looks[-1]
        done, spent = left_then - left_now, ended - began
        if done <= 0 or spent < ENOUGH_SECONDS:
            return None
        return round(left_now * spent / done)


def span_words(seconds: int) -> str:
    """Return a length of time as one says it: "40 s", "12 min", "2 h 10 min", "3 d 4 h"."""
    seconds = max(seconds, 0)
    if seconds < _MINUTE:
        return _("{count} s").format(count=seconds)
    if seconds < _HOUR:
        return _("{count} min").format(count=seconds // _MINUTE)
    hours, rest = divmod(seconds, _HOUR)
    if hours >= _HOURS_SAID:
        return _("{days} d {hours} h").format(days=hours // 24, hours=hours % 24)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=rest // _MINUTE)
