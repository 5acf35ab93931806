"""Books of other stations, laid out once more in exactly a station's schema, so that every question fits them.

The files are thrown away after use: they are written without waiting for the disk, and their key is nowhere else.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from downtime.store.deliveries import create_schema
from downtime.store.journal import open_journal
from downtime.store.sqlite import open_database, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from downtime.store.journal import JournalRow

_ENTRY: Final = f"INSERT INTO entry VALUES ({','.join('?' * 16)})"  # noqa: S608 (placeholders only)
_REFERENCE: Final = "INSERT OR IGNORE INTO entry_reference VALUES (?,?)"
_POSTING: Final = "INSERT INTO posting VALUES (?,?,?,?,?)"
_FACT: Final = f"INSERT INTO delivery VALUES ({','.join('?' * 14)})"  # noqa: S608 (placeholders only)
_DOCUMENT: Final = f"INSERT INTO formal_document VALUES ({','.join('?' * 10)})"  # noqa: S608 (placeholders only)

_COLUMNS: Final = (
    "id, form, deliverable, body_hash, salt, sealed, hash, number, counter, patient, encounter, operator, "
    "recorded_at, amount_minor"
)
_GATHER: Final = (
    f"""
INSERT OR IGNORE INTO entry SELECT p.place, p.place, {_COLUMNS}
FROM part.entry e JOIN temp.places p ON p.seq = e.seq
""",  # noqa: S608 (constant names)
    """
DELETE FROM temp.places WHERE NOT EXISTS (
  SELECT 1 FROM entry e JOIN part.entry s ON s.hash = e.hash
  WHERE e.seq = temp.places.place AND s.seq = temp.places.seq)
""",
    """
INSERT OR IGNORE INTO entry_reference SELECT p.place, r.to_id
FROM part.entry_reference r JOIN temp.places p ON p.seq = r.seq
""",
    """
INSERT INTO posting SELECT p.place, o.n, o.account, o.unit, o.amount
FROM part.posting o JOIN temp.places p ON p.seq = o.seq
""",
)
_GATHER_FACTS: Final = (
    """
INSERT INTO delivery SELECT d.n + :after, d.n + :after, d.connector, p.place, d.entry_id, d.step, d.state,
  d.journal_seq, d.at, d.wait_seconds, d.sent, d.sealed, d.salt, d.hash
FROM part.delivery d JOIN temp.places p ON p.seq = d.entry_seq
""",
    """
INSERT INTO formal_document SELECT f.n + :after, f.place, f.entry_id, f.kind, f.bill_code, f.number, f.check_code,
  f.issued_at, f.status, f.his_reference
FROM part.formal_document f JOIN delivery d ON d.n = f.n + :after
""",
)
_ASKED_OF_ONE: Final = ("DROP INDEX entry_audit", "DROP INDEX posting_account")
"""What only a book by itself is asked, and what is slow to lay out."""
PLACE_OF: Final = "SELECT seq, recorded_at FROM entry ORDER BY seq"


def lay_entries(path: Path, key: bytes, rows: Sequence[JournalRow]) -> None:
    """Add ``rows`` to the journal in ``path``, which is made if it is not there."""
    with closing(open_journal(path, key, create=True)) as db:
        _in_haste(db)
        with writing(db):
            db.conn.executemany(_ENTRY, (_values(row) for row in rows))
            db.conn.executemany(_REFERENCE, ((row.seq, to_id) for row in rows for to_id in row.refers_to))
            db.conn.executemany(
                _POSTING,
                (
                    (row.seq, n, leg.account, leg.unit, leg.amount)
                    for row in rows
                    for n, leg in enumerate(row.postings)
                ),
            )


def lay_facts(
    path: Path, key: bytes, rows: Sequence[tuple[Any, ...]], documents: Sequence[tuple[Any, ...]]
) -> None:
    """Add facts and formal documents to the deliveries in ``path``, which are made if they are not there.

    Args:
        path: the file.
        key: 32 bytes.
        rows: a value for each column of ``delivery``; a state no station writes may stand in it.
        documents: a value for each column of ``formal_document``.
    """
    with closing(_open_facts(path, key)) as db, writing(db):
        db.conn.executemany(_FACT, rows)
        db.conn.executemany(_DOCUMENT, documents)


def gather(
    journal: Path,
    deliveries: Path,
    key: bytes,
    parts: Iterable[tuple[Path, Path, Sequence[tuple[int, int]]]],
) -> None:
    """Lay several books out as one, every entry at a place of its own; they may name one another.

    Args:
        journal: a new file.
        deliveries: another.
        key: of all files, 32 bytes.
        parts: journal and deliveries of each, and (sequence number, place) of its entries. An entry whose id or
            number stands there already is left out with what hangs on it.
    """
    count = 0
    with (
        closing(open_journal(journal, key, create=True)) as db,
        closing(_open_facts(deliveries, key)) as facts,
    ):
        _in_haste(db)
        for index in _ASKED_OF_ONE:
            db.execute(index)
        for part_journal, part_deliveries, places in parts:
            _take(db, part_journal, key, places, _GATHER, {})
            if part_deliveries.exists():
                kept = db.execute("SELECT seq, place FROM temp.places").fetchall()
                _take(facts, part_deliveries, key, kept, _GATHER_FACTS, {"after": count})
                count = int(facts.execute("SELECT coalesce(max(n), 0) FROM delivery").fetchone()[0])


def _take(
    db: Database,
    part: Path,
    key: bytes,
    places: Sequence[tuple[int, int]],
    statements: Sequence[str],
    values: dict[str, Any],
) -> None:
    db.execute(f"ATTACH DATABASE ? AS part KEY \"x'{key.hex()}'\"", [str(part)])
    db.execute("DROP TABLE IF EXISTS temp.places")
    db.execute("CREATE TEMP TABLE places (seq INTEGER PRIMARY KEY, place INTEGER NOT NULL)")
    with writing(db):
        db.conn.executemany("INSERT INTO temp.places VALUES (?,?)", places)
        for statement in statements:
            db.execute(statement, values)
    db.execute("DETACH DATABASE part")


def _open_facts(path: Path, key: bytes) -> Database:
    db = open_database(path, key, create=True)
    _in_haste(db)
    if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'delivery'").fetchone() is None:
        with writing(db):
            create_schema(db)
    return db


def _in_haste(db: Database) -> None:
    """A file that is thrown away waits for no disk; and its states are what the hub says, not a station."""
    db.execute("PRAGMA synchronous=OFF")
    db.execute("PRAGMA temp_store=MEMORY")
    db.execute("PRAGMA ignore_check_constraints=ON")


def _values(row: JournalRow) -> tuple[Any, ...]:
    return (
        row.seq, row.group_first, row.id, row.form, int(row.deliverable), row.body_hash, row.salt, row.sealed,
        row.hash, row.number, row.counter, row.patient, row.encounter, row.operator, row.recorded_at,
        row.amount_minor,
    )  # fmt: skip
