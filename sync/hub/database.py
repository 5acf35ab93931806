"""The hub's database behind one small face: an encrypted SQLite file, or PostgreSQL.

Statements are written once, with ``?`` for a bound value. One object is one connection: used by one thread at
a time, which whoever holds it sees to.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from downtime import os_calls
from downtime.errors import WrongPlaceError
from downtime.i18n import _
from downtime.store.sqlite import DriverError, OperationalError, open_database, writing
from sync.hub.tables import SCHEMA_VERSION, statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


Row = tuple[Any, ...]


TAKING: Final = 4_207_852
"""Advisory lock of whoever takes entries in: a chain is brought forward by one at a time."""
CHAINING: Final = 4_207_853
"""The same of whoever adds to the deliveries, which are chained one behind the other."""
MARK_LABEL: Final = b"downtime hub deliveries 1"

OPEN_LINES: Final = """
SELECT l.n, l.key FROM line l WHERE l.n > ? AND EXISTS (
  SELECT 1 FROM entry e WHERE e.line = l.key AND e.deliverable = 1 AND e.verdict = '' AND 'accepted' <> coalesce((
    SELECT d.state FROM delivery d WHERE d.entry_n = e.n AND d.connector = ? ORDER BY d.step DESC LIMIT 1), ''))
ORDER BY l.n LIMIT ?
"""


class Database(ABC):
    """One connection; see the module."""

    dialect: str
    _marking: bytes

    @abstractmethod
    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return its rows."""

    @abstractmethod
    def many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of ``values``."""

    @abstractmethod
    def writing(self) -> Any:
        """Return a context manager: one commit, or nothing if the block raises."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    def alone(self, doing: int = TAKING) -> None:  # noqa: ARG002 (SQLite has one writer anyway)
        """Within a write, wait until no other connection does the same: takes entries in, or chains deliveries."""
        return

    @abstractmethod
    def claimed(self, after: int, limit: int, connector: str) -> Any:
        """Return a context manager that gives queues ((n, key) rows) no other worker has meanwhile.

        Args:
            after: only queues with a higher number.
            limit: at most so many.
            connector: whose open entries must stand in them.
        """

    @abstractmethod
    def arrival(self, first: str) -> Any:
        """Return a context manager that gives the row of ``first`` to this one alone, or None if there is none.

        Args:
            first: statement for a batch that waits to be verified.
        """

    @property
    @abstractmethod
    def passing(self) -> tuple[type[Exception], ...]:
        """Errors that say nothing of what was being written: a full disk, a server that is gone."""

    @abstractmethod
    def some(self, texts: Sequence[str]) -> Any:
        """Return ``texts`` as one bound value: a JSON list for ``json_each``, an array for ``ANY``."""

    @abstractmethod
    def only_one(self, what: str) -> Any:
        """Return a context manager that says whether nobody else does ``what`` meanwhile; then nobody may."""

    def marked(self, content: bytes) -> bytes:
        """Return 32 bytes over ``content`` that only whoever holds the store's key can make."""
        return hmac.new(self._marking, content, hashlib.sha256).digest()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Return the first row, or None."""
        return next(iter(self.rows(sql, values)), None)

    def hidden(self, content: bytes) -> bytes:
        """Return ``content`` as it is stored at rest."""
        return content

    def shown(self, stored: bytes) -> bytes:
        """Return what ``hidden`` stored."""
        return bytes(stored)


class SqliteFile(Database):
    """A SQLCipher file; one process writes, others may read beside it."""

    dialect = "sqlite"

    def __init__(self, path: Path, key: bytes) -> None:
        """Open or make the file.

        Raises:
            WrongPlaceError: the key does not open it, or it was made by a newer version.
        """
        self._db = open_database(path, key, create=True, any_thread=True)
        self._marking = MARK_LABEL + key
        self._path = path
        for name in ("-wal", "-shm"):
            if (beside := path.with_name(path.name + name)).exists():
                os_calls.private_file(beside)
        if self.row("SELECT 1 FROM sqlite_schema WHERE name = 'hub_schema'") is None:
            with self.writing():
                if self.row("SELECT 1 FROM sqlite_schema WHERE name = 'hub_schema'") is None:
                    for statement in statements("sqlite"):
                        self._db.execute(statement)
                    self.rows("INSERT INTO hub_schema VALUES (?)", (SCHEMA_VERSION,))
        require_version(self)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return its rows."""
        return list(self._db.conn.execute(sql, values).fetchall())

    def many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of ``values``."""
        self._db.conn.executemany(sql, values)

    def some(self, texts: Sequence[str]) -> Any:
        """Return ``texts`` for ``json_each``."""
        return json.dumps(list(texts))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One commit: BEGIN IMMEDIATE .. COMMIT, synced."""
        with writing(self._db):
            yield

    @contextmanager
    def claimed(self, after: int, limit: int, connector: str) -> Iterator[list[Row]]:
        """Give the next queues to one worker at a time; a second one gets none."""
        with self.only_one("delivering") as mine:
            yield self.rows(OPEN_LINES, (after, connector, limit)) if mine else []

    @contextmanager
    def arrival(self, first: str) -> Iterator[Row | None]:
        """Give it to one verifier at a time; a second one gets none."""
        with self.only_one("verifying") as mine:
            yield self.row(first) if mine else None

    @property
    def passing(self) -> tuple[type[Exception], ...]:
        """What SQLite says of its file."""
        return (OperationalError,)

    @contextmanager
    def only_one(self, what: str) -> Iterator[bool]:
        """Hold a file of that name beside the store; it is let go of with the process."""
        file = self._path.with_suffix(f".{what}")
        os_calls.private_file(file)
        with file.open("rb+") as lock:
            yield os_calls.hold_file(lock.fileno(), 0)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def open_store(url: str, file: Path, key: bytes) -> Database:
    """Open the hub's store: PostgreSQL at ``url``, or the encrypted ``file`` if that is empty."""
    if not url:
        return SqliteFile(file, key)
    from sync.hub.postgresql import Postgresql

    return Postgresql(url, key)


def require_version(db: Database) -> None:
    """Go on only if this version made the tables.

    Raises:
        WrongPlaceError: it did not; the connection is closed.
    """
    found = db.row("SELECT max(version) FROM hub_schema")
    if found != (SCHEMA_VERSION,):
        db.close()
        raise WrongPlaceError(
            _("The hub's store was made by another version (schema {found}).").format(
                found=found[0] if found else "?"
            ),
            _("Start the version that made it; nothing has been changed."),
        )


__all__ = ["Database", "DriverError", "SqliteFile", "open_store"]
