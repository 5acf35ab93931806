"""Card and mobile payments as a statement lists them: when, how much, which tail; refunds with a minus."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_PAYMENTS = """
SELECT e.id, e.number, e.patient, e.happened_at, part.key, json_extract(part.value, '$.method'),
       json_extract(part.value, '$.amount_minor'), coalesce(json_extract(part.value, '$.slip_tail'), ''),
       coalesce(json_extract(part.value, '$.unverified'), 0), e.form
FROM (SELECT id, number, patient, form, seq, CAST(sealed AS TEXT) told,
             json_extract(CAST(sealed AS TEXT), '$.envelope.happened_at') happened_at
      FROM entry WHERE form IN ('charge', 'payment', 'precollection', 'deposit', 'refund_confirmed')) e,
  json_each(e.told, CASE e.form WHEN 'refund_confirmed' THEN '$.body.content.refunds'
                                ELSE '$.body.content.payments' END) part
WHERE json_extract(part.value, '$.method') <> 'cash'
  AND NOT EXISTS (SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
                  WHERE r.to_id = e.id AND x.form = 'reversal')
ORDER BY e.seq, part.key
"""
_DECIDED = """
SELECT r.to_id, json_extract(CAST(e.sealed AS TEXT), '$.body.content.method'),
       sum(json_extract(CAST(e.sealed AS TEXT), '$.body.content.total_minor'))
FROM entry e JOIN entry_reference r ON r.seq = e.seq WHERE e.form = 'payment_verified' GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class PaymentHere:
    """One card or mobile part of an entry.

    Attributes:
        part: its place among the entry's payments, from 0.
        amount_minor: negative where money went back.
        happened_at: RFC 3339.
        unverified: it still waits to be verified.
    """

    entry_id: str
    number: str
    patient: str
    happened_at: str
    part: int
    method: str
    amount_minor: int
    tail: str
    unverified: bool


def payments_here(db: Database, methods: tuple[str, ...] = ("card", "mobile")) -> list[PaymentHere]:
    """Return the card and mobile payments of this book that are not reversed, in order."""
    decided = {(row[0], row[1]): int(row[2]) for row in db.execute(_DECIDED)}
    found = []
    for entry_id, number, patient, at, part, method, amount, tail, unverified, form in db.execute(_PAYMENTS):
        waits = bool(unverified)
        if waits and decided.get((entry_id, method), 0) >= amount:
            decided[entry_id, method] -= amount
            waits = False
        if method in methods:
            signed = -amount if form == "refund_confirmed" else amount
            found.append(
                PaymentHere(entry_id, number or "", patient or "", at, part, method, signed, tail, waits)
            )
    return found
