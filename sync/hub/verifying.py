"""Verifying what arrived: the worker behind the port. Only after it may an entry be delivered, or answered for.

It reads a batch as it was kept, and in one commit the entries stand judged and the batch is gone: killed in between,
the batch is simply there again. With PostgreSQL several may run, each with another book in hand.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Final

from downtime.canonical import unseal
from downtime.process import crash_text
from sync.hub.arrivals import KEY_LABEL, Batch
from sync.hub.database import open_store
from sync.hub.receiving import Receiver
from sync.hub.wire import object_of

if TYPE_CHECKING:
    from sync.hub.database import Database
    from sync.hub.place import HubKeys, HubPlace

LOOK_SECONDS: Final = 2.0
"""How often it looks by itself: another process may have kept something."""
_FIRST: Final = """
SELECT a.n, a.station, a.body FROM arrived a WHERE a.trouble = '' AND NOT EXISTS (
  SELECT 1 FROM arrived b WHERE b.station = a.station AND b.incarnation = a.incarnation AND b.book = a.book
    AND b.n < a.n AND b.trouble = '')
ORDER BY a.n LIMIT 1
"""
_TROUBLED: Final = "UPDATE arrived SET trouble = ? WHERE n = ?"
_AGAIN: Final = "UPDATE arrived SET trouble = '' WHERE trouble <> ''"
_WAITING: Final = "SELECT count(*) FROM arrived WHERE trouble = ''"
_OF_STATION: Final = "SELECT count(*) FROM arrived WHERE station = ? AND trouble = ''"


class Verifier:
    """Verifies batch after batch; holds one connection, used by one thread at a time."""

    def __init__(self, db: Database, receiver: Receiver) -> None:
        self._db = db
        self._receiver = receiver

    def step(self) -> bool:
        """Verify the oldest batch of a book nobody else has in hand; return whether there was one."""
        with self._db.arrival(_FIRST) as row:
            if row is None:
                return False
            n, station, body = row
            try:
                content = object_of(unseal(self._db.shown(body)))
                self._receiver.take(Batch.read(station, content), n)
            except self._db.passing:
                raise
            except Exception as error:  # noqa: BLE001 (one batch nobody foresaw must not hold up all the others)
                sys.stderr.write(crash_text(error))  # kinds and places, never what was being worked on
                self._set_aside(n, type(error).__name__)
        return True

    def drain(self) -> int:
        """Verify until nothing is left that this one may take; return how many batches it were."""
        count = 0
        while self.step():
            count += 1
        return count

    def try_again(self) -> None:
        """Let what could not be verified be looked at again: the program may be a newer one now."""
        with self._db.writing():
            self._db.rows(_AGAIN)

    def _set_aside(self, n: int, trouble: str) -> None:
        with self._db.writing():
            self._db.rows(_TROUBLED, (trouble, n))


def waiting(db: Database, station: str = "") -> int:
    """Return how many batches wait to be verified, of one station or of all."""
    row = db.row(_OF_STATION, (station,)) if station else db.row(_WAITING)
    return int(row[0]) if row is not None else 0


def verifier_at(place: HubPlace, keys: HubKeys) -> tuple[Database, Verifier]:
    """Return a verifier of a hub with a connection of its own: it never holds up what the port keeps."""
    db, clock = open_store(place.settings.store.url, place.store_file, keys.store), place.clock()
    receiver = Receiver(db, place.settings.hospital.id, KEY_LABEL + keys.store, lambda: clock.now().wall)
    return db, Verifier(db, receiver)


class VerifyingThread:
    """A verifier at work in a thread of its own, until it is closed."""

    def __init__(self, db: Database, verifier: Verifier) -> None:
        """Begin at once; ``db`` is the verifier's own connection, and closed with this."""
        self._db, self._verifier = db, verifier
        self._over = False
        self._turn = threading.Lock()
        self._called = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-verifier", daemon=True)
        self._verifier.try_again()
        self._thread.start()

    def call(self) -> None:
        """Something was kept: look at once."""
        self._called.set()

    def settle(self) -> None:
        """Verify whatever waits now, before going on."""
        with self._turn:
            self._verifier.drain()

    def close(self) -> None:
        """Finish the batch in hand, and stop."""
        self._over = True
        self._called.set()
        self._thread.join()
        self._db.close()

    def _step(self) -> bool:
        with self._turn:
            return self._verifier.step()

    def _run(self) -> None:
        while not self._over:
            try:
                while not self._over and self._step():
                    pass
            except self._db.passing as error:  # a database that is gone for a moment: it stays as it was
                sys.stderr.write(crash_text(error))
            self._called.wait(LOOK_SECONDS)
            self._called.clear()
