"""Lists that somebody works off: not exchanged, unverified, to be returned, held cards, postponed discharges.

Each is a question to the journal; a row goes away when the entry that settles it stands.
"""

from __future__ import annotations

import json
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
_EXCHANGE_STATE = """coalesce((SELECT json_extract(CAST(x.sealed AS TEXT), '$.body.content.state')
    FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
    WHERE r.to_id = e.id AND x.form = 'exchange' ORDER BY x.seq DESC LIMIT 1), '')"""
_RECEIPTS = f"""
SELECT e.seq, (SELECT coalesce(sum(json_extract(part.value, '$.amount_minor')), 0)
    FROM json_each(CAST(e.sealed AS TEXT), '$.body.content.payments') part)
  - (SELECT coalesce(sum(json_extract(CAST(x.sealed AS TEXT), '$.body.content.total_minor')), 0)
    FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
    WHERE r.to_id = e.id AND (x.form IN ('refund', 'deposit_refund') OR (x.form = 'payment_verified'
      AND NOT json_extract(CAST(x.sealed AS TEXT), '$.body.content.received')))) waiting
FROM entry e WHERE e.form IN ('charge', 'payment', 'precollection', 'deposit') {_SETTLED}
"""  # noqa: S608 (constant)
_NOT_EXCHANGED = f"{_RECEIPTS} AND {_EXCHANGE_STATE} <> 'exchanged' AND waiting > 0 ORDER BY e.seq"
_EXCHANGED = f"{_RECEIPTS} AND {_EXCHANGE_STATE} = 'exchanged' ORDER BY e.seq"
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
SELECT e.seq, 0 FROM entry e WHERE e.form = 'card_held' AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id = e.id AND x.form IN ('card_returned', 'reversal')) ORDER BY e.seq
"""
_POSTPONED = """
SELECT e.seq, 0 FROM entry e WHERE e.form = 'discharge_postponed'
  AND json_extract(CAST(e.sealed AS TEXT), '$.body.content.step') = 'postponed' AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id = e.id AND x.form = 'discharge_postponed'
    AND json_extract(CAST(x.sealed AS TEXT), '$.body.content.step') = 'settled') ORDER BY e.seq
"""
_INSURED = f"""
SELECT e.seq, coalesce(e.amount_minor, 0) FROM entry e WHERE e.form IN ('charge', 'precollection')
  AND json_extract(CAST(e.sealed AS TEXT), '$.body.content.payer_kind') = 'insured_pending' {_SETTLED}
  AND {_EXCHANGE_STATE} <> 'exchanged'
ORDER BY e.seq
"""  # noqa: S608 (constant)
_LATER = """(SELECT coalesce(sum(json_extract(CAST(x.sealed AS TEXT), '$.body.content.total_minor')), 0)
    FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq WHERE r.to_id = e.id AND {which}
      AND NOT EXISTS (SELECT 1 FROM entry_reference r2 CROSS JOIN entry y ON y.seq = r2.seq
                      WHERE r2.to_id = x.id AND y.form = 'reversal'))"""
_NEVER_CAME = (
    "x.form = 'payment_verified' AND NOT json_extract(CAST(x.sealed AS TEXT), '$.body.content.received')"
)
_LATER_NEVER_CAME = f"""(SELECT coalesce(sum(json_extract(CAST(x.sealed AS TEXT), '$.body.content.total_minor')), 0)
    FROM entry_reference p CROSS JOIN entry c ON c.seq = p.seq CROSS JOIN entry_reference r ON r.to_id = c.id
      CROSS JOIN entry x ON x.seq = r.seq WHERE p.to_id = e.id AND c.form = 'payment' AND {_NEVER_CAME})"""  # noqa: S608 (constant)
_OWING = f"""
SELECT e.seq, e.amount_minor
  - coalesce(json_extract(CAST(e.sealed AS TEXT), '$.body.content.covered_minor'), 0)
  - (SELECT coalesce(sum(json_extract(part.value, '$.amount_minor')), 0)
    FROM json_each(CAST(e.sealed AS TEXT), '$.body.content.payments') part)
  - {_LATER.format(which="x.form = 'payment'")} + {_LATER.format(which=_NEVER_CAME)} + {_LATER_NEVER_CAME} owed,
  EXISTS (SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
          WHERE r.to_id = e.id AND x.form = 'refund'), e.id
FROM entry e WHERE e.form IN ('charge', 'itemisation') {_SETTLED} AND owed > 0 ORDER BY e.seq
"""  # noqa: S608 (constant)
_PHONE = """
SELECT json_extract(CAST(sealed AS TEXT), '$.body.content.patient.phone'),
       json_extract(CAST(sealed AS TEXT), '$.body.content.phone')
FROM entry WHERE patient = ? ORDER BY seq DESC
"""
_PHONES = """
SELECT patient, json_extract(CAST(sealed AS TEXT), '$.body.content.phone') own,
       json_extract(CAST(sealed AS TEXT), '$.body.content.patient.phone') other
FROM entry WHERE form IN ('registration', 'precollection', 'deposit', 'card_held', 'discharge_postponed')
  AND patient IS NOT NULL AND (coalesce(own, '') <> '' OR coalesce(other, '') <> '') ORDER BY seq
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
SELECT e.seq, coalesce(e.amount_minor, 0) FROM entry e WHERE e.form = 'pricing' AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id IN (e.id, e.number) AND x.form = 'charge' AND NOT EXISTS (
    SELECT 1 FROM entry_reference r2 CROSS JOIN entry y ON y.seq = r2.seq
    WHERE r2.to_id = x.id AND y.form = 'reversal')) ORDER BY e.seq
"""


_SHOWN_COLUMNS = """ e.seq, e.id, e.form, coalesce(e.number, ''), coalesce(e.patient, ''), e.recorded_at,
  coalesce(json_extract(CAST(e.sealed AS TEXT), '$.body.content.patient.name'), ''),
  coalesce(nullif(json_extract(CAST(e.sealed AS TEXT), '$.body.content.phone'), ''),
    nullif(json_extract(CAST(e.sealed AS TEXT), '$.body.content.second_phone'), ''),
    nullif(json_extract(CAST(e.sealed AS TEXT), '$.body.content.authorisation.phone'), ''), '')"""
_SHOWN = (
    f"SELECT {_SHOWN_COLUMNS} FROM json_each(?) wanted JOIN entry e ON e.seq = wanted.value ORDER BY e.seq"  # noqa: S608 (constant)
)
_FOR_MONEY = f"""
SELECT {_SHOWN_COLUMNS}, coalesce(e.amount_minor, 0) FROM entry e
WHERE e.form IN ('charge', 'precollection', 'payment', 'deposit') AND e.seq > ? ORDER BY e.seq
"""  # noqa: S608 (constant)
_VOIDED = (
    "SELECT DISTINCT r.to_id FROM entry x JOIN entry_reference r ON r.seq = x.seq WHERE x.form = 'exchange'"
)
_FORMAL = f"""SELECT f.entry_id, f.number FROM deliveries.formal_document f
WHERE {delivery_queries.STATUS_NOW} = 'issued' ORDER BY f.n, f.place"""  # noqa: S608 (constant)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of one entry; whatever else it holds is read when somebody opens it."""

    seq: int
    id: str
    form: str
    number: str
    patient: str
    recorded_at: str
    name: str
    phone: str


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


def owing(db: Database) -> list[tuple[int, int, bool, str]]:
    """Return (seq, owed, refunded, id) of charges and itemisations of which money is still to be collected.

    Where something was refunded the figure counts all lines: ``forms.bill.owed_minor`` has the right one.
    """
    return [
        (seq, owed, bool(is_refunded), entry_id) for seq, owed, is_refunded, entry_id in db.execute(_OWING)
    ]


def waiting(db: Database, name: str) -> dict[int, int]:
    """Return the money that waits on one list, in minor units, by the seq of the entry, oldest first.

    Args:
        db: the journal.
        name: one of ``LISTS`` except owing, or ``exchanged`` (已换开).
    """
    return dict(db.execute(_QUERIES[name]).fetchall())


def phones(db: Database) -> dict[str, str]:
    """Return the newest phone number any form of this book has for each patient."""
    return {patient: own or other for patient, own, other in db.execute(_PHONES)}


def listed(db: Database, seqs: Iterable[int]) -> list[Listed]:
    """Return what a list shows of these entries, oldest first."""
    return [Listed(*row) for row in db.execute(_SHOWN, (json.dumps(list(seqs)),))]


def receipts_after(db: Database, seq: int) -> list[tuple[Listed, int]]:
    """Return the receipts for money recorded after ``seq`` with their amounts, oldest first."""
    return [(Listed(*row[:-1]), row[-1]) for row in db.execute(_FOR_MONEY, (seq,))]


def once_exchanged(db: Database) -> set[str]:
    """Return the ids of receipts for which a formal document was ever given out, voided or not."""
    return {row[0] for row in db.execute(_VOIDED)}


def formal_numbers(db: Database) -> dict[str, list[str]]:
    """Return the numbers of the formal documents the HIS issued, by the id of the entry; ``db`` sees deliveries."""
    found: dict[str, list[str]] = {}
    for entry_id, number in db.execute(_FORMAL):
        found.setdefault(entry_id, []).append(number)
    return found


_QUERIES = {
    "not_exchanged": _NOT_EXCHANGED,
    "exchanged": _EXCHANGED,
    "unverified": _UNVERIFIED,
    "to_be_returned": _TO_BE_RETURNED,
    "cards": _CARDS_HELD,
    "insured": _INSURED,
    "discharges": _POSTPONED,
    "advances": _OPEN_ADVANCES,
    "pricings": _OPEN_PRICINGS,
}
LISTS = (
    *("not_exchanged", "unverified", "to_be_returned", "cards", "insured"),
    *("discharges", "owing", "advances", "pricings"),
)
"""The lists, in the order of their digits."""


def _read(db: Database, rows: Iterable[tuple[int, ...]]) -> list[Entry]:
    return list(delivery_queries.read_entries(db, [row[0] for row in rows]))


def _waiting(db: Database, rows: Iterable[tuple[int, int]]) -> list[Waiting]:
    amounts = dict(rows)
    return [Waiting(entry, amounts[entry.seq]) for entry in _read(db, ((seq,) for seq in amounts))]
