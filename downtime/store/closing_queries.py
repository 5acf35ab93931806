"""What the closing of a book asks of the deliveries: the state of each entry, its documents, and what the HIS said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from downtime.store.delivery_queries import STATUS_NOW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

_STATES: Final = """
SELECT e.seq, CASE WHEN d.state IS NULL THEN 'owed'
            WHEN d.state = 'rejected' AND EXISTS (
              SELECT 1 FROM entry_reference r JOIN entry x ON x.seq = r.seq
              WHERE r.to_id = e.id AND r.seq > d.journal_seq AND x.form = 'resend_decided'
                AND json_extract(CAST(x.sealed AS TEXT), '$.body.content.connector') = :connector) THEN 'owed'
            ELSE d.state END,
  coalesce(d.at, ''), coalesce(json_extract(CAST(d.sealed AS TEXT), '$.outcome.reason'), '')
FROM entry e
LEFT JOIN deliveries.delivery d ON d.n = (
  SELECT l.n FROM deliveries.delivery l
  WHERE l.connector = :connector AND l.entry_seq = e.seq ORDER BY l.step DESC LIMIT 1)
WHERE e.deliverable = 1 ORDER BY e.seq
"""
_IDS: Final = "SELECT e.id FROM json_each(?) w JOIN entry e ON e.seq = w.value"
_PLACES: Final = """
SELECT e.seq, coalesce(e.amount_minor, 0) FROM json_each(?) w JOIN entry e ON e.id = w.value ORDER BY e.seq
"""
_TOLD: Final = """
SELECT e.seq, coalesce(e.number, ''), e.amount_minor, coalesce((
  SELECT json_extract(CAST(d.sealed AS TEXT), '$.outcome.reason') FROM deliveries.delivery d
  WHERE d.connector = :connector AND d.entry_seq = e.seq ORDER BY d.step DESC LIMIT 1), '')
FROM json_each(:wanted) w JOIN entry e ON e.seq = w.value ORDER BY e.seq
"""
_UNLISTED: Final = """
SELECT e.seq, (SELECT sum(json_extract(line.value, '$.amount_minor'))
    FROM json_each(CAST(e.sealed AS TEXT), '$.body.content.lines') line
    WHERE json_extract(line.value, '$.kind') = 'unlisted') unlisted
FROM entry e WHERE e.form IN ('charge', 'itemisation') AND unlisted IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq WHERE r.to_id = e.id AND x.form = 'reversal')
ORDER BY e.seq
"""
_DOCUMENTS: Final = f"""
SELECT d.entry_seq, f.number, {STATUS_NOW}, d.at FROM deliveries.formal_document f
JOIN deliveries.delivery d ON d.n = f.n ORDER BY f.n, f.place
"""  # noqa: S608 (constant names)
_ENTRY_HASH: Final = "SELECT hash FROM entry WHERE seq = ?"
_DELIVERY_HASH: Final = "SELECT hash FROM deliveries.delivery WHERE n = ?"
_SENT: Final = "SELECT min(at), max(at), count(*) FROM deliveries.delivery WHERE entry_seq IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Answered:
    """Where one entry stands with one connector.

    Attributes:
        state: as ``downtime.standing`` counts it.
        at: when that was written (RFC 3339), or "".
        reason: what the HIS, or the line, gave as its reason, or "".
    """

    seq: int
    state: str
    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one entry that has no final answer: number, or "", amount, and the last reason given."""

    seq: int
    number: str
    amount_minor: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """A formal document as the HIS told it; ``at`` is when it came back here (RFC 3339)."""

    seq: int
    number: str
    status: str
    at: str


def states(db: Database, connector: str) -> dict[int, Answered]:
    """Return where every deliverable entry stands, by seq; ``db`` sees the deliveries."""
    found = (Answered(*row) for row in db.execute(_STATES, {"connector": connector}))
    return {one.seq: one for one in found}


def ids_at(db: Database, seqs: Sequence[int]) -> list[str]:
    """Return the ids of the entries at ``seqs``."""
    return [row[0] for row in db.execute(_IDS, (json.dumps(list(seqs)),))]


def places_of(db: Database, ids: Sequence[str]) -> dict[int, int]:
    """Return the seqs of the entries with these ids, each with its amount or 0."""
    return {row[0]: row[1] for row in db.execute(_PLACES, (json.dumps(list(ids)),))}


def unlisted(db: Database) -> dict[int, int]:
    """Return what lines without a price of the list came to (待核价), by seq; what was reversed is left out."""
    return {row[0]: row[1] for row in db.execute(_UNLISTED)}


def told(db: Database, connector: str, seqs: Sequence[int]) -> list[Told]:
    """Return what is told of the entries at ``seqs``, in order."""
    found = db.execute(_TOLD, {"connector": connector, "wanted": json.dumps(list(seqs))})
    return [Told(*row) for row in found]


def documents(db: Database) -> dict[int, list[Document]]:
    """Return the formal documents by the seq of their entry, oldest first; told twice alike, they count once."""
    found: dict[int, dict[tuple[str, str], Document]] = {}
    for row in db.execute(_DOCUMENTS):
        one = Document(*row)
        found.setdefault(one.seq, {}).setdefault((one.number, one.status), one)
    return {seq: list(each.values()) for seq, each in found.items()}


def delivery_span(db: Database) -> tuple[str, str, int]:
    """Return (first, last, how many) facts about entries in the deliveries; empty texts for none."""
    first, last, count = db.execute(_SENT).fetchone()
    return first or "", last or "", int(count)


def head_at(db: Database, position: int, *, deliveries: bool) -> bytes | None:
    """Return the chain hash at a position of the journal, or of the deliveries; None where there is none."""
    query = _DELIVERY_HASH if deliveries else _ENTRY_HASH
    row = db.execute(query, (position,)).fetchone()
    return bytes(row[0]) if row else None
