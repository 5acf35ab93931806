"""What a shift asks the journal: its money entries, numbers, copies, and papers that never came out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from downtime.entry import Entry

MONEY_FORMS = (
    *("charge", "payment", "precollection", "deposit"),
    *("reversal", "refund", "deposit_refund", "refund_confirmed", "payment_verified"),
)
_MONEY = """
SELECT seq, form, operator, json_extract(CAST(sealed AS TEXT), '$.body.content') FROM entry
WHERE seq > ? AND form IN (SELECT value FROM json_each(?)) ORDER BY seq
"""
_COUNTERS = "SELECT counter FROM entry WHERE counter IS NOT NULL AND seq > ? ORDER BY seq"
_COUNTER_BEFORE = "SELECT max(counter) FROM entry WHERE counter IS NOT NULL AND seq <= ?"
_REPRINTS = """
SELECT count(*) FROM entry WHERE seq > ? AND form = 'printed'
  AND json_extract(CAST(sealed AS TEXT), '$.body.content.copy_number') > 1
  AND json_extract(CAST(sealed AS TEXT), '$.body.content.state') <> 'not_printed'
"""
_PAPERS = """
SELECT e.id, e.number, (
  SELECT max(CASE json_extract(CAST(p.sealed AS TEXT), '$.body.content.state')
             WHEN 'printed' THEN 2 WHEN 'maybe_printed' THEN 1 ELSE 0 END)
  FROM entry_reference r CROSS JOIN entry p ON p.seq = r.seq WHERE r.to_id = e.id AND p.form = 'printed') state
FROM entry e WHERE e.number IS NOT NULL AND e.seq > ? AND coalesce(state, 0) < 2 ORDER BY e.seq
"""


@dataclass(frozen=True, slots=True)
class MoneyEntry:
    """One entry that moved money, or said where it is."""

    seq: int
    form: str
    operator: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OpenPaper:
    """A receipt that never came out for certain; maybe: a job was cut off."""

    entry_id: str
    number: str
    maybe: bool


def closed_seq(db: Database) -> int:
    """Return the seq of the last closing of a shift in this book, or 0: a shift is what comes after it."""
    return journal.last_seq_of(db, ("shift_closed",))


def last_of(db: Database, form: str) -> Entry | None:
    """Return the newest entry of ``form`` in this book."""
    return journal.last_of_form(db, form)


def money_entries(db: Database, after: int) -> Iterator[MoneyEntry]:
    """Yield the entries about money after seq ``after``, in order."""
    for seq, form, operator, content in db.execute(_MONEY, (after, json.dumps(MONEY_FORMS))):
        yield MoneyEntry(seq, form, operator, json.loads(content))


def counters(db: Database, after: int) -> list[int]:
    """Return the receipt counters used after seq ``after``, in order of seq."""
    return [int(row[0]) for row in db.execute(_COUNTERS, (after,))]


def counter_before(db: Database, after: int) -> int:
    """Return the receipt counter that was used last up to seq ``after``; what the book began with, if none."""
    row = db.execute(_COUNTER_BEFORE, (after,)).fetchone()
    if row[0] is not None:
        return int(row[0])
    opening = journal.entry_by_seq(db, 1)
    return int(opening.content["next_number"]) - 1 if opening is not None else 0


def reprints(db: Database, after: int) -> int:
    """Return how many copies beyond the first were printed after seq ``after``."""
    return int(db.execute(_REPRINTS, (after,)).fetchone()[0])


def open_papers(db: Database, after: int) -> list[OpenPaper]:
    """Return the receipts after seq ``after`` of which nobody knows that they came out."""
    return [OpenPaper(row[0], row[1], row[2] == 1) for row in db.execute(_PAPERS, (after,))]


def blocks(db: Database) -> list[tuple[int, int]]:
    """Return the blocks of receipt numbers this book was given, as (first, last)."""
    return [
        (int(block.content["first"]), int(block.content["last"]))
        for block in journal.entries(db, forms=("number_block",))
    ]
