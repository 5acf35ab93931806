"""Writing a database anew under another key, while nobody else has it open.

``PRAGMA rekey`` breaks every other connection and leaves a half-changed file after a crash; a new file beside
the old one does neither.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from typing import TYPE_CHECKING, Final, Self

from downtime import os_calls
from downtime.errors import InUseError
from downtime.i18n import _
from downtime.store.sqlite import DatabaseError, DriverError, open_database

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.store.sqlite import Database

_BUSY_WAIT_MS: Final = 500
_SPOILED_BYTES: Final = 1 << 16
_TABLES: Final = """
SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name
"""


class SoleDatabase:
    """A database nobody else can read or write until this is closed; a context manager.

    Raises:
        InUseError: another program has it open.
        WrongPlaceError: it is not there or the key does not open it.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        # Opened first and closed last: closing any handle of a file drops all locks this process has on it.
        self._raw = path.open("rb+")
        self._db: Database | None = None
        try:
            self._db = open_database(path, key)
            self._take_alone(self._db)
        except BaseException:
            self.close()
            raise

    def _take_alone(self, db: Database) -> None:
        db.execute(f"PRAGMA busy_timeout={_BUSY_WAIT_MS}").fetchone()
        try:
            db.execute("PRAGMA locking_mode=EXCLUSIVE").fetchone()
            alone = db.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete"
            if alone:
                db.execute("BEGIN EXCLUSIVE")
                db.execute("COMMIT")
        except DriverError:
            alone = False
        if not alone:
            raise InUseError(
                _("Another program on this PC has {file} open.").format(file=self.path.name),
                _("Close the app and every other downtime program, then try again; nothing was changed."),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def write_anew(self, target: Path, key: bytes) -> None:
        """Write everything into the new file ``target`` under ``key``, synced.

        Raises:
            DatabaseError: a page is damaged, or the disk is full.
        """
        assert self._db is not None, "closed"
        _write_anew(self._db, target, key)

    def spoil(self) -> None:
        """Make the old bytes useless: whoever waits for the file finds no database instead of a stale one."""
        self._raw.seek(0)
        self._raw.write(secrets.token_bytes(_SPOILED_BYTES))
        self._raw.flush()
        os_calls.fsync_file(self._raw.fileno())

    def close(self) -> None:
        """Let others in."""
        if self._db is not None:
            self._db.close()
        self._raw.close()


def write_copy_anew(source: Path, key: bytes, target: Path, new_key: bytes) -> None:
    """Write a file that never changes (reference tables) anew under another key, and check what came out.

    Raises:
        DatabaseError: it does not read back as it was.
        WrongPlaceError: the key does not open it.
    """
    with closing(open_database(source, key, read_only=True)) as db:
        _write_anew(db, target, new_key)
        counted = _counts(db)
    with closing(open_database(target, new_key, read_only=True)) as db:
        if [row[0] for row in db.execute("PRAGMA integrity_check(1)")] != ["ok"] or _counts(db) != counted:
            raise DatabaseError("the new file does not read back as it was written")


def _write_anew(db: Database, target: Path, key: bytes) -> None:
    target.unlink(missing_ok=True)
    os_calls.private_file(target)
    db.execute(
        f"ATTACH DATABASE ? AS renewed KEY \"x'{key.hex()}'\"", [f"{target.absolute().as_uri()}?mode=rwc"]
    )
    try:
        # Until it is named in force the file may be lost at any moment: no syncing on the way.
        db.execute("PRAGMA renewed.synchronous=OFF")
        db.execute("PRAGMA temp_store=MEMORY")  # nothing may spill into a plain file
        db.execute("SELECT sqlcipher_export('renewed')").fetchone()
        version = int(db.execute("PRAGMA main.user_version").fetchone()[0])
        db.execute(f"PRAGMA renewed.user_version={version}")
    finally:
        db.execute("DETACH DATABASE renewed")
    with target.open("rb+") as written:
        os_calls.fsync_file(written.fileno())


def _counts(db: Database) -> dict[str, int]:
    names = [row[0] for row in db.execute(_TABLES)]
    return {name: int(db.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in names}  # noqa: S608 (names out of the file we wrote)
