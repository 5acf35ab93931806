"""A second copy of the head log on another disk or share: it remembers when both files here were rolled back.

Best effort, in a thread of its own: a share that hangs or is gone holds up nobody, and a banner says so. The
copy only ever grows by bytes the head log has; who finds it longer or different knows that the head log is not
the one it was. Only records with the station's genuine signature raise the alarm: damage on the other disk, or
somebody scribbling there, must not stop the station.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Literal

from downtime import os_calls
from downtime.i18n import _
from downtime.keys import signature_is_good
from downtime.store.comparison import alarm
from downtime.store.headlog import RECORD_BYTES, HeadRecord, record_in

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.errors import JournalAlarmError

State = Literal["", "unreachable", "damaged"]
START_SECONDS_MAX = 2.0
LEAVE_SECONDS_MAX = 1.0
LOOK_SECONDS = 1.0


class Mirror:
    """Keeps ``<station><incarnation>-<book>.head`` in a folder up with the head log.

    Attributes:
        state: "" while all is well, else why there is no mirror now.
        alarm: set once the mirror proves that the head log was rolled back or changed.
    """

    def __init__(self, folder: Path, name: str, head_log: Path, public: bytes) -> None:
        self.path = folder / name
        self.state: State = ""
        self.alarm: JournalAlarmError | None = None
        self._head_log, self._public = head_log, public
        self._length = -1
        """How many bytes of the mirror are known to be ours; -1: it must be compared first."""
        self._wake, self._compared, self._over = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="mirror", daemon=True)

    @classmethod
    def of(cls, book: OpenBook) -> Mirror | None:
        """Return the mirror the settings ask for, or None."""
        folder = book.home.settings.journal.head_mirror
        if not folder:
            return None
        identity = book.identity
        name = f"{identity.station}{identity.incarnation}-{identity.book:04d}.head"
        public = book.ring.public_key(identity.incarnation)
        return cls(book.home.path / folder, name, book.paths.head_log, public)

    def start(self) -> None:
        """Compare and catch up; wait a moment for the answer, and go on without it if there is none.

        Raises:
            JournalAlarmError: the mirror remembers what the head log does not.
        """
        self._thread.start()
        if not self._compared.wait(START_SECONDS_MAX):
            self.state = "unreachable"
        self.require()

    def require(self) -> None:
        """Go on only while the mirror says nothing against it; it may have answered late.

        Raises:
            JournalAlarmError: the mirror remembers what the head log does not.
        """
        if self.alarm is not None:
            raise self.alarm

    def nudge(self) -> None:
        """Say that something was recorded; nobody waits."""
        self._wake.set()

    def close(self) -> None:
        """Stop; what is missing is copied first if that takes no more than a moment."""
        self._over.set()
        self._wake.set()
        self._thread.join(LEAVE_SECONDS_MAX)

    def words(self) -> str:
        """Return what to tell whoever is there; "" while all is well."""
        if self.state == "unreachable":
            return _("The second copy of the head log cannot be reached; recording goes on. Tell IT.")
        if self.state == "damaged":
            return _("The second copy of the head log is damaged; recording goes on. Tell IT.")
        return ""

    # -- in the thread ------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            is_over = self._over.is_set()
            self.catch_up()
            self._compared.set()
            if is_over or self.alarm is not None:
                return
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def catch_up(self) -> None:
        """Bring the mirror up to the head log, comparing first what was not written by this object."""
        try:
            there = self.path.stat().st_size if self.path.exists() else 0
            if there != self._length:
                self._compare()
            if self.state != "damaged" and self.alarm is None:
                self._append()
                self.state = ""
        except OSError:
            self.state, self._length = "unreachable", -1

    def _compare(self) -> None:
        # The mirror is read first: whoever else copies meanwhile copies only what the head log has.
        theirs = self.path.read_bytes() if self.path.exists() else b""
        own = self._own()
        if own.startswith(theirs):
            self._length, self.state = len(theirs), ""
            return
        position = self._contradiction(theirs, own)
        if position is None:
            self.state = "damaged"
            return
        self.alarm = alarm(
            position, _("the second copy of the head log remembers more; both files here were rolled back.")
        )

    def _contradiction(self, theirs: bytes, own: bytes) -> int | None:
        """Return the first position where a genuine record stands against the head log, or None."""
        last = 0
        for at in range(0, len(theirs) - RECORD_BYTES + 1, RECORD_BYTES):
            here = own[at : at + RECORD_BYTES]
            found, ours = record_in(theirs[at : at + RECORD_BYTES]), record_in(here)
            if theirs[at : at + RECORD_BYTES] != here and found is not None and self._is_genuine(found):
                return max(last + 1, 1) if ours is None else found.seq_from
            last = ours.seq_to if ours is not None else last
        return None

    def _is_genuine(self, record: HeadRecord) -> bool:
        return signature_is_good(self._public, record.signature, record.signed_bytes())

    def _own(self) -> bytes:
        stored = self._head_log.read_bytes() if self._head_log.exists() else b""
        return stored[: len(stored) - len(stored) % RECORD_BYTES]

    def _append(self) -> None:
        """Write the missing tail at its place: two programs that do so write the same bytes twice."""
        own = self._own()
        if len(own) <= self._length:
            return
        os_calls.private_file(self.path)
        with self.path.open("r+b") as mirror:
            mirror.seek(self._length)
            mirror.write(own[self._length :])
            mirror.flush()
            os_calls.fsync_file(mirror.fileno())
        self._length = len(own)
