"""Opening encrypted SQLite files, and the only way to write to them."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlcipher3
from sqlcipher3 import dbapi2

# sqlite-utils catches the exceptions of the driver it believes to be in use; this makes it ours.
sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", dbapi2)

from sqlite_utils import Database as Database  # noqa: E402, PLC0414 (driver first; named again for others)

from downtime import os_calls  # noqa: E402
from downtime.errors import WrongPlaceError  # noqa: E402
from downtime.i18n import _  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY_BYTES = 32
SQLITE_FLOOR = (3, 51, 3)
"""Older SQLite can corrupt a WAL file that two connections write or checkpoint (fixed in 3.51.3, 2026-03-13)."""

DriverError = dbapi2.Error
DatabaseError = dbapi2.DatabaseError
IntegrityError = dbapi2.IntegrityError
OperationalError = dbapi2.OperationalError

_BUSY_WAIT_MS = 10_000
_DISK_FULL = "full"


class CommitError(dbapi2.OperationalError):  # type: ignore[misc]  # the driver ships no types
    """COMMIT answered with an error: what was written may or may not be there when the file is opened again."""


def require_sqlite(version: tuple[int, ...] = dbapi2.sqlite_version_info) -> None:
    """Refuse to work on a SQLite that can corrupt the journal.

    Raises:
        WrongPlaceError: ``version`` is below 3.51.3.
    """
    if tuple(version) < SQLITE_FLOOR:
        found = ".".join(map(str, version))
        raise WrongPlaceError(
            _("This PC's SQLite is {found}; versions below 3.51.3 can corrupt the journal.").format(
                found=found
            ),
            _("Install the app with the packages it names, then start it again."),
        )


def open_database(
    path: Path, key: bytes, *, read_only: bool = False, create: bool = False, any_thread: bool = False
) -> Database:
    """Open the encrypted file ``path`` with its raw 32-byte ``key``.

    Args:
        path: the file.
        key: 32 bytes.
        read_only: refuse every write through this connection.
        create: make the file if it is not there; otherwise a missing file is an error.
        any_thread: let other threads use the connection, one at a time (the caller sees to that).

    Raises:
        WrongPlaceError: SQLite too old, file missing, or the key does not open it.
    """
    require_sqlite()
    assert len(key) == KEY_BYTES, "a raw key has 32 bytes"
    mode = "ro" if read_only else "rwc" if create else "rw"
    connection = None
    try:
        if create:
            os_calls.private_file(path)  # SQLite gives -wal and -shm the mode of the file they belong to
        connection = sqlcipher3.connect(
            f"{path.absolute().as_uri()}?mode={mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=not any_thread,
            timeout=_BUSY_WAIT_MS / 1000,
        )
        connection.execute("PRAGMA cipher_log_level=NONE")  # else it writes to stderr and tears the screen
        connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
        connection.execute("PRAGMA cipher_memory_security=OFF")
        connection.execute("PRAGMA cache_size=-16000")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute(
                "PRAGMA recursive_triggers=ON"
            )  # else INSERT OR REPLACE walks past the triggers
    except (DriverError, OSError) as error:
        if connection is not None:
            connection.close()
        raise WrongPlaceError(
            _("The file {file} cannot be opened: {reason}.").format(file=path.name, reason=error),
            _("Check that it is there and that this login belongs to it; restore a backup if it is damaged."),
        ) from error
    return Database(connection)


@contextmanager
def writing(db: Database) -> Iterator[Database]:
    """Group writes: BEGIN IMMEDIATE, then COMMIT, or ROLLBACK if the block raises.

    A plain BEGIN that reads first fails at once when another process wrote in between, whatever the timeout.

    Raises:
        CommitError: the outcome of COMMIT is unknown. A full disk is no such case: the last frame is missing.
    """
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
    try:
        db.execute("COMMIT")
    except DriverError as error:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        if _DISK_FULL in str(error):
            raise
        raise CommitError(str(error)) from error


def settle_log(db: Database) -> None:
    """Copy what the write-ahead log holds into the file itself, synced, as far as readers let it.

    After a COMMIT that answered with an error the log can look whole in memory without being on the disk, and
    syncing it once more would not tell.
    """
    db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
