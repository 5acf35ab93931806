"""Reading a journal as evidence: every row as it is stored, and what SQLite says about the file itself.

Nothing here writes: the file is opened read-only, and what cannot be read is for the caller to report.
"""

from __future__ import annotations

import re
import struct
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Literal

from downtime.store.delivery_queries import look
from downtime.store.journal import sealed_rows
from downtime.store.sqlite import DatabaseError, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

Schema = Literal["main", "deliveries"]

_INTEGRITY: Final = {
    "main": ("PRAGMA main.integrity_check(1)", "PRAGMA main.cipher_integrity_check"),
    "deliveries": ("PRAGMA deliveries.integrity_check(1)", "PRAGMA deliveries.cipher_integrity_check"),
}
_REFERENCES: Final = "SELECT seq, to_id FROM entry_reference ORDER BY seq, to_id"
_POSTINGS: Final = "SELECT seq, n, account, unit, amount FROM posting ORDER BY seq, n"
_DELIVERED: Final = "SELECT hash FROM deliveries.delivery WHERE n = ?"
_DELIVERED_COUNT: Final = "SELECT count(*) FROM deliveries.delivery"

_WAL_HEADER: Final = struct.Struct(">IIIIIIII")
_FRAME_HEADER: Final = struct.Struct(">IIIIII")
_DAMAGED_PAGE: Final = re.compile(r"page (\d+)")


def open_evidence(journal: Path, key: bytes) -> Database:
    """Open a journal for reading only and hold on to what it says now, whoever writes meanwhile.

    Raises:
        WrongPlaceError: it is missing or does not open.
    """
    db = open_database(journal, key, read_only=True)
    db.execute("BEGIN")
    db.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return db


def open_deliveries_evidence(journal: Path, deliveries: Path, key: bytes) -> Database:
    """Open a journal with its deliveries beside it, both for reading only; absent deliveries read as empty.

    Raises:
        WrongPlaceError: the journal is missing or does not open.
        DatabaseError: the deliveries do not open.
    """
    db = look(journal, deliveries, key)
    db.execute("BEGIN")
    return db


def file_faults(db: Database, path: Path, schema: Schema = "main") -> list[str]:
    """Return what SQLite and SQLCipher find wrong with the file ``path`` as such; empty when it is whole.

    A page that fails its HMAC in the file but has a newer version in the write-ahead log is not a fault: a
    power cut in mid-checkpoint leaves such pages, and nobody ever reads them.
    """
    logical, physical = _INTEGRITY[schema]
    try:
        found = [str(row[0]) for row in db.execute(logical) if row[0] != "ok"]
        pages = [str(row[0]) for row in db.execute(physical)]
    except DatabaseError as error:
        return [str(error)]
    newer = _pages_in_wal(path.with_name(path.name + "-wal")) if pages else set()
    return found + [line for line in pages if not newer & {int(n) for n in _DAMAGED_PAGE.findall(line)}]


def _pages_in_wal(path: Path) -> set[int]:
    """Return the numbers of the pages that the write-ahead log holds; its frame headers are not secret."""
    stored = path.read_bytes() if path.exists() else b""
    if len(stored) < _WAL_HEADER.size:
        return set()
    _magic, _version, page_bytes, _round, *salts, _sum1, _sum2 = _WAL_HEADER.unpack_from(stored)
    pages = set()
    for at in range(_WAL_HEADER.size, len(stored) - _FRAME_HEADER.size, _FRAME_HEADER.size + page_bytes):
        page, _size, salt1, salt2, _sum1, _sum2 = _FRAME_HEADER.unpack_from(stored, at)
        if [salt1, salt2] != salts:
            break
        pages.add(page)
    return pages


def stored_rows(
    db: Database,
) -> Iterator[tuple[dict[str, Any], list[str], list[list[Any]]]]:
    """Yield (row, ids it names, postings) of every entry in order of seq.

    Raises:
        DatabaseError: the next row cannot be read.
        OrphanError: references or postings belong to no entry.
    """
    references = _Grouped(db, _REFERENCES)
    postings = _Grouped(db, _POSTINGS)
    for row in sealed_rows(db):
        named = [line[1] for line in references.of(row["seq"])]
        legs = postings.of(row["seq"])
        if [leg[1] for leg in legs] != list(range(len(legs))):
            raise OrphanError
        yield row, named, [list(leg[2:]) for leg in legs]
    if not (references.is_used_up and postings.is_used_up):
        raise OrphanError


class OrphanError(Exception):
    """There are references or postings that no entry explains."""


class _Grouped:
    """Rows of one table by their entry, read along with the entries."""

    def __init__(self, db: Database, query: str) -> None:
        self._groups = groupby(db.execute(query), key=lambda line: line[0])
        self._next: tuple[int, list[tuple[Any, ...]]] | None = None
        self._advance()

    @property
    def is_used_up(self) -> bool:
        return self._next is None

    def of(self, seq: int) -> list[tuple[Any, ...]]:
        if self._next is None or self._next[0] > seq:
            return []
        if self._next[0] < seq:
            raise OrphanError
        lines = self._next[1]
        self._advance()
        return lines

    def _advance(self) -> None:
        found = next(self._groups, None)
        self._next = (found[0], list(found[1])) if found else None


def delivered_count(db: Database) -> int:
    """Return how many facts the deliveries hold."""
    return int(db.execute(_DELIVERED_COUNT).fetchone()[0])


def delivered_hash(db: Database, n: int) -> bytes | None:
    """Return the chain hash after fact ``n`` of the deliveries, or None if there is none."""
    row = db.execute(_DELIVERED, (n,)).fetchone()
    return row[0] if row else None
