"""A consistent copy of one book's databases while others write to them.

The journal's writer waits only until the reading snapshots stand, a few milliseconds; the pages are copied
afterwards from what the book was at that instant. Each copy is one encrypted file without a log beside it,
so it can lie on a stick or a share.
"""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.errors import InUseError
from downtime.i18n import _
from downtime.store.headlog import RECORD_BYTES, HeadLog
from downtime.store.sqlite import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.home import BookPaths
    from downtime.store.sqlite import Database

LOCK_SECONDS_MAX = 30
_LAST_ENTRY = "SELECT coalesce(max(seq), 0) FROM entry"
_LAST_DELIVERY = "SELECT coalesce(max(n), 0) FROM delivery"


def copy_book(paths: BookPaths, key: bytes, target: BookPaths) -> None:
    """Copy journal, deliveries and drafts with their head logs into the folder of ``target``.

    No entry stands in the copy of the journal that its head log does not know, except the one commit a crash
    left unsigned; the deliveries are of the same instant, so they speak of no entry that is not there.

    Args:
        paths: the book, perhaps in use.
        key: its key; the copies open with the same.
        target: where; the folder exists and holds none of these files.

    Raises:
        InUseError: the journal's lock stays taken.
        WrongPlaceError: a file does not open.
        DatabaseError: a page is damaged, or the disk is full.
        OSError: the disk refuses.
    """
    with ExitStack() as open_files:
        journal = open_files.enter_context(closing(open_database(paths.journal, key, read_only=True)))
        deliveries = None
        if paths.deliveries.exists():
            deliveries = open_files.enter_context(
                closing(open_database(paths.deliveries, key, read_only=True))
            )
        with _writer_waits(paths):
            entries = _snapshot(journal, _LAST_ENTRY)
            heads = _records(paths.head_log)
            facts = 0 if deliveries is None else _snapshot(deliveries, _LAST_DELIVERY)
        _copy(journal, key, target.journal)
        _write_heads(target.head_log, heads, entries)
        if deliveries is not None:
            _copy(deliveries, key, target.deliveries)
            # Read only now: sync appends a head just after its commit, and holds no lock we could wait for.
            _write_heads(target.deliveries_head, _records(paths.deliveries_head), facts)
    if paths.drafts.exists():
        with closing(open_database(paths.drafts, key, read_only=True)) as drafts:
            _copy(drafts, key, target.drafts)


@contextmanager
def _writer_waits(paths: BookPaths) -> Iterator[None]:
    os_calls.private_file(paths.write_lock)
    with paths.write_lock.open("rb+") as lock:
        if not os_calls.hold_file(lock.fileno(), LOCK_SECONDS_MAX):
            raise InUseError(
                _("Another program on this PC has been writing to the journal for {seconds} seconds.").format(
                    seconds=LOCK_SECONDS_MAX
                ),
                _("No backup was made. Close the other program, then try again."),
            )
        try:
            yield
        finally:
            os_calls.let_go_of_file(lock.fileno())


def _snapshot(db: Database, last: str) -> int:
    """Hold on to what ``db`` says now; return its last position."""
    db.execute("BEGIN")
    return int(db.execute(last).fetchone()[0])


def _copy(db: Database, key: bytes, target: Path) -> None:
    with closing(open_database(target, key, create=True)) as copy:
        db.conn.backup(copy.conn)
        copy.execute(
            "PRAGMA journal_mode=DELETE"
        ).fetchone()  # one file, readable where nothing can be written
    with target.open("rb+") as stored:
        os_calls.fsync_file(stored.fileno())


def _records(head_log: Path) -> bytes:
    return head_log.read_bytes() if head_log.exists() else b""


def _write_heads(target: Path, stored: bytes, last: int) -> None:
    """Write the whole records of a head log that end at ``last`` or before; damage is copied as it is."""
    whole = stored[: len(stored) - len(stored) % RECORD_BYTES]
    os_calls.private_file(target)
    with target.open("wb") as log:
        log.write(whole)
    reading = HeadLog(target).read()
    kept = sum(record.seq_to <= last for record in reading.records)
    with target.open("rb+") as log:
        if reading.damaged_at is None:
            log.truncate(kept * RECORD_BYTES)
        os_calls.fsync_file(log.fileno())
