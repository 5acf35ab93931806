"""Lists that somebody works off: not exchanged, unverified, to be returned, held cards, postponed discharges.

Each is a question to the journal; a row goes away when the entry that settles it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.store import delivery_queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

    from downtime.entry import Entry

_SETTLED = """
AND NOT EXISTS (SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq WHERE r.to_id = e.id
  AND x.form = 'reversal')
"""
_NOT_EXCHANGED = f"""
SELECT e.seq FROM entry e WHERE e.form IN ('charge', 'payment', 'precollection', 'deposit')
  AND json_array_length(CAST(e.sealed AS TEXT), '$.body.content.payments') > 0 {_SETTLED}
  AND coalesce((SELECT json_extract(CAST(x.sealed AS TEXT), '$.body.content.state')
    FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
    WHERE r.to_id = e.id AND x.form = 'exchange' ORDER BY x.seq DESC LIMIT 1), '') <> 'exchanged'
ORDER BY e.seq
"""  # noqa: S608 (constant)
_UNVERIFIED = f"""
SELECT e.seq, (SELECT sum(json_extract(part.value, '$.amount_minor'))
    FROM json_each(CAST(e.sealed AS TEXT), '$.body.content.payments') part
    WHERE json_extract(part.value, '$.unverified'))
  - (SELECT coalesce(sum(json_extract(CAST(x.sealed AS TEXT), '$.body.content.total_minor')), 0)
    FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
    WHERE r.to_id = e.id AND x.form = 'payment_verified') waiting
FROM entry e WHERE e.form IN ('charge', 'payment', 'precollection', 'deposit') {_SETTLED} AND waiting > 0
ORDER BY e.seq
"""  # noqa: S608 (constant)
_TO_BE_RETURNED = """
SELECT e.seq, (SELECT coalesce(sum(json_extract(part.value, '$.amount_minor')), 0)
    FROM json_each(CAST(e.sealed AS TEXT), '$.body.content.refunds') part
    WHERE json_extract(part.value, '$.method') <> 'cash')
  - (SELECT coalesce(sum(json_extract(CAST(x.sealed AS TEXT), '$.body.content.total_minor')), 0)
    FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
    WHERE r.to_id = e.id AND x.form = 'refund_confirmed') waiting
FROM entry e WHERE e.form IN ('refund', 'deposit_refund') AND waiting > 0 ORDER BY e.seq
"""
_CARDS_HELD = """
SELECT e.seq FROM entry e WHERE e.form = 'card_held' AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id = e.id AND x.form = 'card_returned') ORDER BY e.seq
"""
_POSTPONED = """
SELECT e.seq FROM entry e WHERE e.form = 'discharge_postponed'
  AND json_extract(CAST(e.sealed AS TEXT), '$.body.content.step') = 'postponed' AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id = e.id AND x.form = 'discharge_postponed'
    AND json_extract(CAST(x.sealed AS TEXT), '$.body.content.step') = 'settled') ORDER BY e.seq
"""
_INSURED = f"""
SELECT e.seq FROM entry e WHERE e.form IN ('charge', 'precollection')
  AND json_extract(CAST(e.sealed AS TEXT), '$.body.content.payer_kind') = 'insured_pending' {_SETTLED}
ORDER BY e.seq
"""  # noqa: S608 (constant)
_PHONE = """
SELECT json_extract(CAST(sealed AS TEXT), '$.body.content.patient.phone'),
       json_extract(CAST(sealed AS TEXT), '$.body.content.phone')
FROM entry WHERE patient = ? ORDER BY seq DESC
"""
_OPEN_ADVANCES = f"""
SELECT e.seq, json_extract(CAST(e.sealed AS TEXT), '$.body.content.total_minor')
  - (SELECT coalesce(sum(json_extract(CAST(x.sealed AS TEXT), '$.body.content.covered_minor')), 0)
    FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq WHERE r.to_id = e.id AND x.form = 'itemisation'
      AND NOT EXISTS (SELECT 1 FROM entry_reference r2 CROSS JOIN entry y ON y.seq = r2.seq
                      WHERE r2.to_id = x.id AND y.form = 'reversal'))
  - (SELECT coalesce(sum(json_extract(CAST(x.sealed AS TEXT), '$.body.content.total_minor')), 0)
    FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq WHERE r.to_id = e.id AND (x.form = 'refund'
      OR (x.form = 'payment_verified' AND NOT json_extract(CAST(x.sealed AS TEXT), '$.body.content.received'))))
  waiting
FROM entry e WHERE e.form = 'precollection' {_SETTLED} AND waiting > 0 ORDER BY e.seq
"""  # noqa: S608 (constant)
_OPEN_PRICINGS = """
SELECT e.seq FROM entry e WHERE e.form = 'pricing' AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id IN (e.id, e.number) AND x.form = 'charge' AND NOT EXISTS (
    SELECT 1 FROM entry_reference r2 CROSS JOIN entry y ON y.seq = r2.seq
    WHERE r2.to_id = x.id AND y.form = 'reversal')) ORDER BY e.seq
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One entry on a list, and its money that waits, in minor units."""

    entry: Entry
    amount_minor: int


def not_exchanged(db: Database) -> list[Entry]:
    """Return receipts for money that have not become formal (未换); a voided exchange counts as not exchanged."""
    return _read(db, db.execute(_NOT_EXCHANGED))


def unverified(db: Database) -> list[Waiting]:
    """Return receipts whose card or mobile money nobody saw arrive (未核实)."""
    return _waiting(db, db.execute(_UNVERIFIED))


def unverified_total(db: Database) -> int:
    """Return what waits to be verified in this book, in minor units: the figure on screen."""
    return sum(one.amount_minor for one in unverified(db))


def to_be_returned(db: Database) -> list[Waiting]:
    """Return refunds whose card or mobile money has not gone back yet (待原路退)."""
    return _waiting(db, db.execute(_TO_BE_RETURNED))


def open_advances(db: Database) -> list[Waiting]:
    """Return pre-collections whose money no line has used and nobody got back."""
    return _waiting(db, db.execute(_OPEN_ADVANCES))


def open_pricings(db: Database) -> list[Entry]:
    """Return pricing slips of this book that no charge took over here."""
    return _read(db, db.execute(_OPEN_PRICINGS))


def cards_held(db: Database) -> list[Entry]:
    """Return cards that lie here (留卡)."""
    return _read(db, db.execute(_CARDS_HELD))


def discharges_postponed(db: Database) -> list[Entry]:
    """Return postponed discharges that are not settled (暂缓出院)."""
    return _read(db, db.execute(_POSTPONED))


def insured_to_call_back(db: Database) -> list[Entry]:
    """Return what was charged to people whose insurance is settled later; ``phone_of`` has their numbers."""
    return _read(db, db.execute(_INSURED))


def phone_of(db: Database, patient: str) -> str:
    """Return the newest phone number any form of this book has for a patient, or ""."""
    for own, other in db.execute(_PHONE, (patient,)):
        if other or own:
            return str(other or own)
    return ""


def _read(db: Database, rows: Iterable[tuple[int, ...]]) -> list[Entry]:
    return list(delivery_queries.read_entries(db, [row[0] for row in rows]))


def _waiting(db: Database, rows: Iterable[tuple[int, int]]) -> list[Waiting]:
    amounts = dict(rows)
    return [Waiting(entry, amounts[entry.seq]) for entry in _read(db, ((seq,) for seq in amounts))]
