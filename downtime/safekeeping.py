"""What stands around every recording of a session: room on the disk, and the second copy of the head log."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from downtime import os_calls
from downtime.book import OpenBook
from downtime.mirror import Mirror
from downtime.record import record_event
from downtime.room import BACK, FREED, is_spent, make_room, with_room
from downtime.store import journal
from forms.station_book import Audit

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.clock import Clock
    from downtime.home import Home
    from downtime.keys import Keyring

_Answer = TypeVar("_Answer")


class Safekeeping:
    """The newest book, opened for recording, with room and mirror.

    Attributes:
        book: the open book; whoever uses this closes it.
        mirror: the second copy of the head log, or None where the settings ask for none.
    """

    def __init__(self, home: Home, ring: Keyring, clock: Clock | None = None) -> None:
        """Open the book, with the ballast's room if there is no other, and compare the mirror.

        Raises:
            JournalAlarmError: journal, head log and mirror do not agree.
            WrongPlaceError: a file is missing or does not open.
        """
        make_room(home.path)
        self.book = OpenBook(home, ring, home.current_book(), clock)
        self.mirror: Mirror | None = None
        try:
            self.mirror = Mirror.of(self.book)
            if self.mirror is not None:
                self.mirror.start()
            if is_spent(home.path) and not self._is_told():
                self._note_freed()  # at the login already, or by a command that records nothing of its own
        except BaseException:
            self.close()
            self.book.close()
            raise

    def recorded(self, act: Callable[[], _Answer]) -> _Answer:
        """Let ``act`` record something: with the ballast's room if there is no other, and mirrored behind.

        Raises:
            JournalAlarmError: the mirror, answering late, remembers what the head log does not.
        """
        if self.mirror is not None:
            self.mirror.require()
        answer = with_room(self.book.home.path, act, self._note_freed)
        if self.mirror is not None:
            self.mirror.nudge()
        return answer

    def _is_told(self) -> bool:
        """Return whether the audit says that the reserve is used; only asked while it is."""
        events = (
            entry.content["event"]
            for entry in journal.entries(self.book.db, forms=(Audit.name,), newest=True)
            if entry.content["event"] in {FREED, BACK}
        )
        return next(events, "") == FREED

    def _note_freed(self) -> None:
        free = os_calls.free_bytes(self.book.home.path)
        record_event(self.book, Audit(event=FREED, detail=f"{free >> 20} MB"))

    def close(self) -> None:
        """Stop mirroring; what is missing is copied first if that takes no more than a moment."""
        if self.mirror is not None:
            self.mirror.close()
