"""The hub's database behind one small face: an encrypted SQLite file, or PostgreSQL.

Statements are written once, with ``?`` for a bound value. One object is one connection: used by one thread at
a time, which whoever holds it sees to.
"""

from __future__ import annotations

import json
import secrets
from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from downtime import os_calls
from downtime.errors import WrongPlaceError
from downtime.i18n import _
from downtime.store.sqlite import DriverError, open_database, writing
from sync.hub.tables import SCHEMA_VERSION, statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import psycopg

Row = tuple[Any, ...]

_NONCE_BYTES: Final = 12
_ONE_BY_ONE: Final = 4_207_851
"""Advisory lock under which PostgreSQL tables are made: two hubs started at once make them once."""


_TAKING: Final = 4_207_852
"""Advisory lock of whoever takes entries in: a chain is brought forward by one at a time."""


OPEN_LINES: Final = """
SELECT l.n, l.key FROM line l WHERE l.n > ? AND EXISTS (
  SELECT 1 FROM entry e WHERE e.line = l.key AND e.deliverable = 1 AND e.verdict = '' AND NOT EXISTS (
    SELECT 1 FROM delivery d WHERE d.entry_n = e.n AND d.connector = ? AND d.state = 'accepted'))
ORDER BY l.n LIMIT ?
"""


class Database(ABC):
    """One connection; see the module."""

    dialect: str

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

    def alone(self) -> None:
        """Within a write, wait until no other connection takes entries in; SQLite has one writer anyway."""
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
    def some(self, texts: Sequence[str]) -> Any:
        """Return ``texts`` as one bound value: a JSON list for ``json_each``, an array for ``ANY``."""

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
        self._delivering = path.with_suffix(".delivering")
        for name in ("-wal", "-shm"):
            if (beside := path.with_name(path.name + name)).exists():
                os_calls.private_file(beside)
        if self.row("SELECT 1 FROM sqlite_schema WHERE name = 'hub_schema'") is None:
            with self.writing():
                if self.row("SELECT 1 FROM sqlite_schema WHERE name = 'hub_schema'") is None:
                    for statement in statements("sqlite"):
                        self._db.execute(statement)
                    self.rows("INSERT INTO hub_schema VALUES (?)", (SCHEMA_VERSION,))
        _require_version(self)

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
        os_calls.private_file(self._delivering)
        with self._delivering.open("rb+") as lock:
            mine = os_calls.hold_file(lock.fileno(), 0)
            yield self.rows(OPEN_LINES, (after, connector, limit)) if mine else []

    def close(self) -> None:
        """Close the file."""
        self._db.close()


class Postgresql(Database):
    """A PostgreSQL database; what the entries say is encrypted with the hub's key before it goes there."""

    dialect = "postgresql"

    def __init__(self, url: str, key: bytes) -> None:
        """Connect, making the tables in an empty database.

        Raises:
            WrongPlaceError: it does not answer, or was made by a newer version.
        """
        import psycopg
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        self._cipher = ChaCha20Poly1305(key)
        try:
            self._connection: psycopg.Connection[Row] = psycopg.connect(
                url.replace("postgresql+psycopg://", "postgresql://", 1), autocommit=True, connect_timeout=10
            )
            with self.writing():
                self.rows("SELECT pg_advisory_xact_lock(?)", (_ONE_BY_ONE,))
                if self.row("SELECT to_regclass('hub_schema')") == (None,):
                    for statement in statements("postgresql"):
                        self._connection.execute(statement.encode())
                    self.rows("INSERT INTO hub_schema VALUES (?)", (SCHEMA_VERSION,))
        except psycopg.Error as error:
            raise WrongPlaceError(
                _("The hub's database cannot be used: {reason}.").format(reason=type(error).__name__),
                _("Check store.url in hub.toml and that the database runs."),
            ) from error
        _require_version(self)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return its rows."""
        cursor = self._connection.execute(_percent(sql), values)
        return cursor.fetchall() if cursor.description is not None else []

    def many(self, sql: str, values: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each of ``values``."""
        if values:
            with self._connection.cursor() as cursor:
                cursor.executemany(_percent(sql), values)

    def some(self, texts: Sequence[str]) -> Any:
        """Return ``texts`` for ``ANY``."""
        return list(texts)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One commit, synced by the server as its own settings say."""
        with self._connection.transaction():
            yield

    @contextmanager
    def claimed(self, after: int, limit: int, connector: str) -> Iterator[list[Row]]:
        """Lock the next queues nobody has; a worker that dies lets go of them with its connection."""
        with self._connection.transaction(force_rollback=True):
            yield self.rows(f"{OPEN_LINES} FOR UPDATE OF l SKIP LOCKED", (after, connector, limit))

    def alone(self) -> None:
        """Within a write, wait until no other connection takes entries in."""
        self.rows("SELECT pg_advisory_xact_lock(?)", (_TAKING,))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def hidden(self, content: bytes) -> bytes:
        """Return ``content`` encrypted."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def shown(self, stored: bytes) -> bytes:
        """Return what ``hidden`` encrypted."""
        whole = bytes(stored)
        return self._cipher.decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], None)


def open_store(url: str, file: Path, key: bytes) -> Database:
    """Open the hub's store: PostgreSQL at ``url``, or the encrypted ``file`` if that is empty."""
    return Postgresql(url, key) if url else SqliteFile(file, key)


def _percent(sql: str) -> bytes:
    assert "%" not in sql, "statements are written for both databases"
    return sql.replace("?", "%s").encode()


def _require_version(db: Database) -> None:
    found = db.row("SELECT max(version) FROM hub_schema")
    if found != (SCHEMA_VERSION,):
        db.close()
        raise WrongPlaceError(
            _("The hub's store was made by another version (schema {found}).").format(
                found=found[0] if found else "?"
            ),
            _("Start the version that made it; nothing has been changed."),
        )


__all__ = ["Database", "DriverError", "Postgresql", "SqliteFile", "open_store"]
