"""What the deliveries answer, beside the journal: standing, history, formal documents both ways.

Both files are opened for reading only; the app uses this as well as sync.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from downtime.outcome import FormalDocument, Outcome, outcome_of
from downtime.store.deliveries import create_schema
from downtime.store.journal import entry_from_sealed
from downtime.store.sqlite import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from downtime.entry import Entry

_STANDING_QUERY: Final = """
SELECT CASE WHEN d.state IS NULL THEN 'owed'
            WHEN d.state = 'rejected' AND EXISTS (
              SELECT 1 FROM entry_reference r JOIN entry x ON x.seq = r.seq
              WHERE r.to_id = e.id AND r.seq > d.journal_seq AND x.form = 'resend_decided'
                AND json_extract(CAST(x.sealed AS TEXT), '$.body.content.connector') = :connector) THEN 'owed'
            ELSE d.state END AS standing,
       count(*), coalesce(sum(e.amount_minor), 0)
FROM entry e
LEFT JOIN deliveries.delivery d ON d.n = (
  SELECT l.n FROM deliveries.delivery l
  WHERE l.connector = :connector AND l.entry_seq = e.seq ORDER BY l.step DESC LIMIT 1)
WHERE e.deliverable = 1
GROUP BY standing
"""
_ENTRIES_QUERY: Final = """
SELECT e.sealed, e.seq, e.body_hash, e.hash, e.patient, e.encounter, e.amount_minor, (
  SELECT json_extract(CAST(x.sealed AS TEXT), '$.body.content')
  FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id = e.id AND x.form = 'late_entry' LIMIT 1)
FROM json_each(?) wanted JOIN entry e ON e.seq = wanted.value ORDER BY e.seq
"""
_HISTORY_QUERY: Final = """
SELECT d.n, d.connector, d.state, d.at, d.sealed
FROM entry e JOIN deliveries.delivery d ON d.entry_seq = e.seq WHERE e.id = ? ORDER BY d.n
"""
_LAST_SENT_QUERY: Final = """
SELECT sent FROM deliveries.delivery
WHERE connector = ? AND entry_seq = ? AND sent IS NOT NULL ORDER BY step DESC LIMIT 1
"""
_LAST_OF_CONNECTOR_QUERY: Final = """
SELECT n, state, at, wait_seconds FROM deliveries.delivery WHERE connector = ? AND entry_seq IS NULL
ORDER BY step DESC, n DESC LIMIT 1
"""
STATUS_NOW: Final = """
CASE WHEN EXISTS (SELECT 1 FROM deliveries.delivery a JOIN deliveries.delivery l
  ON l.entry_seq = a.entry_seq AND l.connector = a.connector AND l.step > a.step WHERE a.n = f.n) THEN 'void'
ELSE f.status END"""
"""Of a document ``f``: void as well where what came with it was taken back, because the HIS voided it."""
_FORMAL_QUERY: Final = f"""
SELECT f.kind, f.bill_code, f.number, f.check_code, f.issued_at, {STATUS_NOW}, f.his_reference
FROM deliveries.formal_document f WHERE f.entry_id = ? ORDER BY f.n, f.place
"""  # noqa: S608 (constant names)
_BY_FORMAL_QUERY: Final = """
SELECT DISTINCT entry_id FROM deliveries.formal_document WHERE number = ? ORDER BY n
"""
HOT_QUERIES: Final[dict[str, tuple[str, tuple[Any, ...] | dict[str, Any]]]] = {
    "standing": (_STANDING_QUERY, {"connector": "x"}),
    "history": (_HISTORY_QUERY, ("x",)),
    "last_sent": (_LAST_SENT_QUERY, ("x", 1)),
    "last_of_connector": (_LAST_OF_CONNECTOR_QUERY, ("x",)),
    "formal_of": (_FORMAL_QUERY, ("x",)),
    "entries_of": (_BY_FORMAL_QUERY, ("x",)),
}
"""Queries that screens and the worker repeat; none may scan a whole table."""


@dataclass(frozen=True, slots=True)
class StandingLine:
    """How many entries of one connector are in one state, and their money.

    Attributes:
        state: "owed" (nothing sent yet, or reopened), "sending", or a state of ``downtime.outcome``.
        entries: number of entries.
        amount_minor: sum of their amounts in minor units.
    """

    state: str
    entries: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One fact about one entry: ``outcome`` is None for "sending"; ``n`` is its place in the file."""

    n: int
    connector: str
    state: str
    at: str
    outcome: Outcome | None


def look(journal: Path, deliveries: Path, key: bytes, *, any_thread: bool = False) -> Database:
    """Open a journal and its deliveries side by side for reading only.

    A book nothing was delivered from yet has no deliveries file; it reads as empty.

    Raises:
        WrongPlaceError: the journal is missing or the key does not open it.
    """
    db = open_database(journal, key, read_only=True, any_thread=any_thread)
    # Read-only matters: a writable attached file would be locked by every BEGIN IMMEDIATE beside it.
    if deliveries.exists() and deliveries.stat().st_size:
        uri = f"{deliveries.absolute().as_uri()}?mode=ro"
        db.execute(f"ATTACH DATABASE ? AS deliveries KEY \"x'{key.hex()}'\"", [uri])
        if db.execute("SELECT 1 FROM deliveries.sqlite_schema WHERE name = 'formal_document'").fetchone():
            return db
        db.execute("DETACH DATABASE deliveries")  # sync is making the file at this very moment
    db.execute("ATTACH DATABASE ':memory:' AS deliveries KEY ''")
    create_schema(db, "deliveries")
    return db


def sees_deliveries(db: Database) -> bool:
    """Return whether ``db`` reads a deliveries file, and not the empty stand-in for one."""
    return any(row[1] == "deliveries" and row[2] for row in db.execute("PRAGMA database_list"))


def read_entries(db: Database, seqs: Sequence[int]) -> Iterator[Entry]:
    """Yield the entries with the sequence numbers ``seqs``, in order."""
    for sealed, seq, body_hash, chain_hash, patient, encounter, amount_minor, late in db.execute(
        _ENTRIES_QUERY, (json.dumps(list(seqs)),)
    ):
        entry = entry_from_sealed(
            sealed,
            seq=seq,
            body_hash=body_hash,
            chain_hash=chain_hash,
            patient=patient,
            encounter=encounter,
            amount_minor=amount_minor,
        )
        yield entry if late is None else replace(entry, late=json.loads(late))


def journal_head_seq(db: Database) -> int:
    """Return the last sequence number of the journal, 0 for an empty one."""
    return int(db.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()[0])


def first_entry_hash(db: Database) -> bytes | None:
    """Return the hash of entry 1, to which the deliveries of this book are bound; None for an empty book."""
    row = db.execute("SELECT hash FROM entry WHERE seq = 1").fetchone()
    return bytes(row[0]) if row else None


def standing(db: Database, connector: str) -> list[StandingLine]:
    """Return counts and money per state; every deliverable entry stands in exactly one line."""
    return [StandingLine(*row) for row in db.execute(_STANDING_QUERY, {"connector": connector})]


def standing_total(db: Database) -> StandingLine:
    """Return count and money of all deliverable entries, asked of the journal alone."""
    row = db.execute(
        "SELECT 'total', count(*), coalesce(sum(amount_minor), 0) FROM entry WHERE deliverable = 1"
    ).fetchone()
    return StandingLine(*row)


def history(db: Database, entry_id: str) -> list[HistoryLine]:
    """Return everything that happened to one entry, with every connector, in order."""
    found = []
    for n, connector, state, at, sealed in db.execute(_HISTORY_QUERY, (entry_id,)):
        outcome = json.loads(sealed)["outcome"]
        found.append(HistoryLine(n, connector, state, at, outcome_of(outcome) if outcome else None))
    return found


def last_sent(db: Database, connector: str, seq: int) -> bytes | None:
    """Return the exact bytes last sent for entry ``seq``, or None."""
    row = db.execute(_LAST_SENT_QUERY, (connector, seq)).fetchone()
    return bytes(row[0]) if row else None


def last_of_connector(db: Database, connector: str) -> tuple[str, str, int] | None:
    """Return (state, at, wait_seconds) of the last fact about the connector as a whole, or None."""
    row = db.execute(_LAST_OF_CONNECTOR_QUERY, (connector,)).fetchone()
    return (row[1], row[2], row[3]) if row else None


def formal_of(db: Database, entry_id: str) -> list[FormalDocument]:
    """Return the formal documents of one entry, oldest first."""
    return [FormalDocument(*row) for row in db.execute(_FORMAL_QUERY, (entry_id,))]


def entries_of(db: Database, number: str) -> list[str]:
    """Return the ids of the entries behind the formal document ``number``."""
    return [row[0] for row in db.execute(_BY_FORMAL_QUERY, (number,))]


def delivery_head(journal: Path, deliveries: Path, key: bytes) -> tuple[int, bytes]:
    """Return (how many facts, chain hash after the last) of a book's deliveries; (0, b"") for none."""
    db = look(journal, deliveries, key)
    try:
        row = db.execute("SELECT n, hash FROM deliveries.delivery ORDER BY n DESC LIMIT 1").fetchone()
        return (int(row[0]), bytes(row[1])) if row else (0, b"")
    finally:
        db.close()
