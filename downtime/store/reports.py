"""What the journal answers beside single entries: what was not printed, charged lately, found by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlite_utils import Database

    from downtime.entry import Entry

_NAME = "json_extract(CAST(sealed AS TEXT), '$.body.content.patient.name')"
_NOT_PRINTED = """
SELECT e.seq FROM entry e
WHERE e.number IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM entry_reference r JOIN entry p ON p.seq = r.seq
  WHERE r.to_id = e.id AND p.form = 'printed'
    AND json_extract(CAST(p.sealed AS TEXT), '$.body.content.state') = 'printed')
ORDER BY e.seq DESC LIMIT ?
"""
_COPIES = """
SELECT coalesce(max(json_extract(CAST(p.sealed AS TEXT), '$.body.content.copy_number')), 0)
FROM entry_reference r JOIN entry p ON p.seq = r.seq WHERE r.to_id = ? AND p.form = 'printed'
  AND json_extract(CAST(p.sealed AS TEXT), '$.body.content.state') <> 'not_printed'
"""
_FORM_COUNTS = """
SELECT form, count(*), coalesce(sum(amount_minor), 0), count(number) FROM entry GROUP BY form ORDER BY form
"""
_RECENT_CODES = """
SELECT json_extract(line.value, '$.code') FROM (
  SELECT sealed, seq FROM entry WHERE form = 'charge' ORDER BY seq DESC LIMIT 40) charge,
  json_each(CAST(charge.sealed AS TEXT), '$.body.content.lines') line
ORDER BY charge.seq DESC
"""
_STATE_OF = """
SELECT CASE WHEN d.state IS NULL THEN 'owed'
            WHEN d.state = 'rejected' AND EXISTS (
              SELECT 1 FROM entry_reference r JOIN entry x ON x.seq = r.seq
              WHERE r.to_id = e.id AND r.seq > d.journal_seq AND x.form = 'resend_decided'
                AND json_extract(CAST(x.sealed AS TEXT), '$.body.content.connector') = :connector) THEN 'owed'
            ELSE d.state END
FROM entry e
LEFT JOIN deliveries.delivery d ON d.n = (
  SELECT l.n FROM deliveries.delivery l
  WHERE l.connector = :connector AND l.entry_seq = e.seq ORDER BY l.step DESC LIMIT 1)
WHERE e.id = :id AND e.deliverable = 1
"""


@dataclass(frozen=True, slots=True)
class FormCount:
    """How often a form stands in the book, its money and its receipts."""

    form: str
    entries: int
    amount_minor: int
    receipts: int


def not_printed(db: Database, limit: int = 200) -> list[Entry]:
    """Return entries with a receipt number whose paper never came out, newest first."""
    return entries_of(db, [row[0] for row in db.execute(_NOT_PRINTED, (limit,))])


def not_printed_count(db: Database) -> int:
    """Return how many receipts never came out."""
    return int(db.execute(f"SELECT count(*) FROM ({_NOT_PRINTED})", (-1,)).fetchone()[0])  # noqa: S608 (constant)


def copies_printed(db: Database, entry_id: str) -> int:
    """Return the highest copy number of an entry's receipt that came out, perhaps in part; 0 for none."""
    return int(db.execute(_COPIES, (entry_id,)).fetchone()[0])


def came_out(db: Database, entry_id: str) -> bool:
    """Return whether a copy of an entry's paper came out for certain."""
    return any(one.content["state"] == "printed" for one in naming(db, entry_id, ("printed",)))


def numbered_ids(db: Database) -> list[tuple[int, str]]:
    """Return (seq, id) of every entry with a receipt, in order."""
    return [
        (row[0], row[1])
        for row in db.execute("SELECT seq, id FROM entry WHERE number IS NOT NULL ORDER BY seq")
    ]


def form_counts(db: Database) -> list[FormCount]:
    """Return counts per form."""
    return [FormCount(*row) for row in db.execute(_FORM_COUNTS)]


def drawer_balances(db: Database) -> dict[tuple[str, str], int]:
    """Return what the drawers of this book took in, by (account, currency)."""
    rows = db.execute(
        "SELECT account, unit, sum(amount) FROM posting WHERE account LIKE 'drawer:%' GROUP BY account, unit"
    )
    return {(row[0], row[1]): row[2] for row in rows}


def stock_moved(db: Database, account: str) -> dict[str, int]:
    """Return what went into (positive) or out of a stock account, in thousandths, by unit of the posting."""
    rows = db.execute("SELECT unit, sum(amount) FROM posting WHERE account = ? GROUP BY unit", (account,))
    return {row[0]: row[1] for row in rows}


def naming(db: Database, entry_id: str, forms: Sequence[str]) -> list[Entry]:
    """Return the entries of ``forms`` that name ``entry_id``, in order."""
    rows = db.execute(
        "SELECT e.seq FROM entry_reference r JOIN entry e ON e.seq = r.seq "
        "WHERE r.to_id = ? AND e.form IN (SELECT value FROM json_each(?)) ORDER BY e.seq",
        (entry_id, json.dumps(list(forms))),
    )
    found = [journal.entry_by_seq(db, row[0]) for row in rows]
    return [entry for entry in found if entry is not None]


def state_of(db: Database, connector: str, entry_id: str) -> str | None:
    """Return the delivery state of one entry as the standing counts it; None if the HIS need not get it."""
    row = db.execute(_STATE_OF, {"connector": connector, "id": entry_id}).fetchone()
    return str(row[0]) if row else None


def recent_codes(db: Database, most: int = 30) -> list[str]:
    """Return the codes charged lately at this station, latest first, each once."""
    return _once((row[0] for row in db.execute(_RECENT_CODES)), most)


def registered_here(db: Database, text: str, limit: int = 20) -> list[Entry]:
    """Return registrations of this book whose number or name holds ``text``, newest first."""
    rows = db.execute(
        "SELECT seq FROM entry WHERE form = 'registration' AND "  # noqa: S608 (constant)
        f"(instr(upper(patient), upper(?)) OR instr({_NAME}, ?)) "
        "ORDER BY seq DESC LIMIT ?",
        (text, text, limit),
    )
    found = [journal.entry_by_seq(db, row[0]) for row in rows]
    return [entry for entry in found if entry is not None]


def of_patient(db: Database, patient: str, limit: int = 50) -> list[Entry]:
    """Return entries about a patient, newest first."""
    rows = db.execute("SELECT seq FROM entry WHERE patient = ? ORDER BY seq DESC LIMIT ?", (patient, limit))
    found = [journal.entry_by_seq(db, row[0]) for row in rows]
    return [entry for entry in found if entry is not None]


def newest_receipts(db: Database, limit: int = 100) -> list[Entry]:
    """Return entries that have a receipt number, newest first."""
    rows = db.execute("SELECT seq FROM entry WHERE number IS NOT NULL ORDER BY seq DESC LIMIT ?", (limit,))
    return entries_of(db, [row[0] for row in rows])


def entries_of(db: Database, seqs: Iterable[int]) -> list[Entry]:
    """Return the entries with these sequence numbers, in the order given."""
    found = (journal.entry_by_seq(db, seq) for seq in seqs)
    return [entry for entry in found if entry is not None]


def count_with_prefix(db: Database, form: str) -> int:
    """Return how many entries of ``form`` there are; temporary numbers count on from it."""
    return int(db.execute("SELECT count(*) FROM entry WHERE form = ?", (form,)).fetchone()[0])


def _once(codes: Iterable[str | None], most: int) -> list[str]:
    seen: dict[str, None] = {}
    for code in codes:
        if code and code not in seen:
            seen[code] = None
            if len(seen) == most:
                break
    return list(seen)
