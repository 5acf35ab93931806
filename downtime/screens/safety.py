"""What is looked after behind the screens: room on the disk, the head log's second copy, the day's backup."""

from __future__ import annotations

import threading
from asyncio import get_running_loop
from typing import TYPE_CHECKING

from downtime.backup_due import due
from downtime.number_words import low_words, running_low
from downtime.room import FREED

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.backup import NotMade
    from downtime.desk import Desk
    from downtime.screens.glance import Glance

AGAIN_SECONDS = 3_600
"""After a backup that failed, the next try waits this long."""


class Safety:
    """One session's look after its own safety; a thing is told when it begins, not every five seconds.

    Args:
        desk: who is logged in.
        tell: puts a line of news on the screen.
        note: writes an audit line behind.
    """

    def __init__(
        self, desk: Desk, tell: Callable[[Callable[[], str], str], None], note: Callable[[str, str], None]
    ) -> None:
        self._desk, self._tell, self._note = desk, tell, note
        self._told: set[str] = set()
        self._tried_ms: int | None = None
        self._thread: threading.Thread | None = None

    def look(self, glance: Glance) -> None:
        """Tell what is new, and start the day's backup if it is time."""
        room, mirror = glance.room, self._desk.kept.mirror
        if room.change:
            self._note(room.change, f"{room.free_bytes >> 20} MB")
        self._once(f"room {room.level} {room.change == FREED}", room.words)
        left = glance.numbers_left
        if left is not None:
            low = running_low(left, self._desk.home.settings.numbers.warn_below)
            self._once(f"numbers {low} {left == 0}", lambda: low_words(left) if low else "")
        fault = glance.paper_fault
        self._once(f"template {fault}", lambda: fault and _template_words(fault))
        if mirror is not None:
            self._once(f"mirror {mirror.state}", mirror.words)
        self._back_up(glance.backup_at)

    def _once(self, what: str, words: Callable[[], str]) -> None:
        group = what.split(" ", 1)[0]
        if what in self._told:
            return
        self._told = {told for told in self._told if not told.startswith(group)} | {what}
        if words():
            self._tell(words, "problem")

    def _back_up(self, last_at: str) -> None:
        home, now = self._desk.home, self._desk.book.clock.now()
        if not home.settings.backup.folders or not due(last_at, now.wall):
            return
        if self._thread is not None and self._thread.is_alive():
            return
        if self._tried_ms is not None and now.monotonic_ms - self._tried_ms < AGAIN_SECONDS * 1000:
            return
        self._tried_ms = now.monotonic_ms
        loop = get_running_loop()

        def told(failed: list[NotMade]) -> None:
            first = failed[0]
            loop.call_soon_threadsafe(self._tell, lambda: f"{first.what} {first.then}", "problem")

        # A daemon: a share that hangs must not keep the app from closing; what it leaves is cleared next time.
        self._thread = threading.Thread(target=self._run, args=(told,), name="backup", daemon=True)
        self._thread.start()

    def _run(self, told: Callable[[list[NotMade]], None]) -> None:
        from downtime.backup import daily_backup

        daily_backup(self._desk.home, None, self._desk.book.clock, told)


def _template_words(fault: str) -> str:
    from downtime.paper_template import template_words  # slow to load; the first screen does without

    return template_words(fault)
