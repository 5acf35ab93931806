"""What a station sends up of one book: rows as stored, after a place, and what stands at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from sqlite_utils import Database

_AFTER: Final = "SELECT seq, salt, sealed, hash FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?"
_AT: Final = "SELECT hash FROM entry WHERE seq = ?"
_FIRST: Final = "SELECT json_extract(CAST(sealed AS TEXT), '$.envelope.incarnation') FROM entry WHERE seq = 1"


def rows_after(db: Database, seq: int, up_to: int, limit: int) -> list[tuple[int, bytes, bytes, bytes]]:
    """Return (seq, salt, sealed bytes, hash) of up to ``limit`` entries after ``seq``, to ``up_to`` at most."""
    rows: list[tuple[Any, ...]] = db.execute(_AFTER, (seq, up_to, limit)).fetchall()
    return [(row[0], bytes(row[1]), bytes(row[2]), bytes(row[3])) for row in rows]


def hash_at(db: Database, seq: int) -> bytes | None:
    """Return the chain hash after entry ``seq``, or None if the book does not reach so far."""
    row = db.execute(_AT, (seq,)).fetchone()
    return bytes(row[0]) if row else None


def incarnation_of(db: Database) -> str:
    """Return the incarnation the book belongs to, as its first entry says; "" for an empty one."""
    row = db.execute(_FIRST).fetchone()
    return str(row[0]) if row else ""
