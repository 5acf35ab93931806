"""The hub's database where a hospital outgrows a file, or wants several workers: PostgreSQL."""

from __future__ import annotations

import secrets
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from downtime.errors import WrongPlaceError
from downtime.i18n import _
from sync.hub.database import MARK_LABEL, OPEN_LINES, TAKING, Database, Row, require_version
from sync.hub.tables import SCHEMA_VERSION, statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg

_NONCE_BYTES: Final = 12
_ONE_BY_ONE: Final = 4_207_851
"""Advisory lock under which PostgreSQL tables are made: two hubs started at once make them once."""
_ALONE: Final = 4_207_854
"""First half of the advisory locks of ``only_one``."""


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
        self._marking = MARK_LABEL + key
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        try:
            self._held = self._connect()
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
        require_version(self)

    def _connect(self) -> psycopg.Connection[Row]:
        import psycopg

        return psycopg.connect(self._url, autocommit=True, connect_timeout=10)

    @property
    def _connection(self) -> psycopg.Connection[Row]:
        """The connection; a new one if the server was restarted. What was under way with the old one has failed."""
        if self._held.closed:
            self._held = self._connect()
        return self._held

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

    @contextmanager
    def arrival(self, first: str) -> Iterator[Row | None]:
        """Lock it; what is written in the block is committed at its end."""
        with self._connection.transaction():
            yield self.row(f"{first} FOR UPDATE OF a SKIP LOCKED")

    @property
    def passing(self) -> tuple[type[Exception], ...]:
        """What the server or the line to it says."""
        from psycopg import OperationalError as ServerError

        return (ServerError,)

    @contextmanager
    def only_one(self, what: str) -> Iterator[bool]:
        """Hold an advisory lock of that name; it is let go of with the connection."""
        mark = zlib.crc32(what.encode()) & 0x7FFF_FFFF
        mine = self.row("SELECT pg_try_advisory_lock(?, ?)", (_ALONE, mark)) == (True,)
        try:
            yield mine
        finally:
            if mine:
                self.rows("SELECT pg_advisory_unlock(?, ?)", (_ALONE, mark))

    def alone(self, doing: int = TAKING) -> None:
        """Within a write, wait until no other connection does the same."""
        self.rows("SELECT pg_advisory_xact_lock(?)", (doing,))

    def close(self) -> None:
        """Close the connection."""
        self._held.close()

    def hidden(self, content: bytes) -> bytes:
        """Return ``content`` encrypted."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, None)

    def shown(self, stored: bytes) -> bytes:
        """Return what ``hidden`` encrypted."""
        whole = bytes(stored)
        return self._cipher.decrypt(whole[:_NONCE_BYTES], whole[_NONCE_BYTES:], None)


def _percent(sql: str) -> bytes:
    assert "%" not in sql, "statements are written for both databases"
    return sql.replace("?", "%s").encode()
