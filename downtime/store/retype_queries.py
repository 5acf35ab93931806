"""What the retype desk asks one book: entries the HIS must get, what was said of each, what stood on which sheet."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import unseal
from downtime.outcome import outcome_of
from downtime.store.delivery_queries import read_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlite_utils import Database

    from downtime.entry import Entry
    from downtime.outcome import Outcome

_LISTED: Final = """
SELECT e.seq, d.state, d.sealed, d.journal_seq, d.at
FROM entry e
LEFT JOIN deliveries.delivery d ON d.n = (
  SELECT l.n FROM deliveries.delivery l
  WHERE l.connector = :connector AND l.entry_seq = e.seq ORDER BY l.step DESC LIMIT 1)
WHERE e.deliverable = 1 AND (:operator = '' OR e.operator = :operator)
ORDER BY e.seq
"""
_OPERATORS: Final = """
SELECT e.operator, max(json_extract(CAST(e.sealed AS TEXT), '$.envelope.operator_name')), count(*)
FROM entry e WHERE e.deliverable = 1 GROUP BY e.operator ORDER BY e.operator
"""
_SAID: Final = "SELECT e.seq, e.id, e.sealed FROM entry e WHERE e.form = ? ORDER BY e.seq"
_REVERSED: Final = """
SELECT r.to_id, coalesce(x.number, x.id) FROM entry x JOIN entry_reference r ON r.seq = x.seq
WHERE x.form = 'reversal' ORDER BY x.seq
"""
_DOCUMENTS: Final = """
SELECT f.entry_id, f.number FROM deliveries.formal_document f WHERE f.status = 'issued' ORDER BY f.n, f.place
"""
HOT_QUERIES: Final[dict[str, tuple[str, tuple[Any, ...]]]] = {"said": (_SAID, ("typed_in",))}
"""Queries that screens repeat and that must not scan the whole table."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry the HIS must get, and the connector's last fact about it.

    Attributes:
        state: of that fact, or "" if there is none; ``outcome``: what it says, or None.
        journal_seq: how far the journal was when it was written, 0 if there is none; ``at``: when, or "".
    """

    entry: Entry
    state: str
    outcome: Outcome | None
    journal_seq: int = 0
    at: str = ""


def listed(db: Database, connector: str, operator: str = "") -> Iterator[Listed]:
    """Yield the entries the HIS must get, of one operator or of all, in order.

    Args:
        db: a journal with its deliveries; see ``delivery_queries.look``.
        connector: whose answers count.
        operator: staff number, or "" for everybody.
    """
    rows = list(db.execute(_LISTED, {"connector": connector, "operator": operator}))
    entries = read_entries(db, [row[0] for row in rows])
    for entry, (_seq, state, sealed, journal_seq, at) in zip(entries, rows, strict=True):
        outcome = json.loads(sealed)["outcome"] if sealed else None
        yield Listed(entry, state or "", outcome_of(outcome) if outcome else None, journal_seq or 0, at or "")


def operators(db: Database) -> list[tuple[str, str, int]]:
    """Return (number, name, entries the HIS must get) of everybody who made any."""
    return [(row[0], row[1] or "", row[2]) for row in db.execute(_OPERATORS)]


def said(db: Database, form: str) -> Iterator[tuple[int, str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield (seq, id, content, envelope) of the entries of a form, in order."""
    for seq, entry_id, sealed in db.execute(_SAID, (form,)):
        told = unseal(sealed)
        yield seq, entry_id, told["body"]["content"], told["envelope"]


def reversed_by(db: Database) -> dict[str, str]:
    """Return the number of the reversal by the id of what it reverses."""
    return {row[0]: row[1] for row in db.execute(_REVERSED)}


def formal_numbers(db: Database) -> dict[str, str]:
    """Return the first formal document's number by entry id."""
    found: dict[str, str] = {}
    for entry_id, number in db.execute(_DOCUMENTS):
        found.setdefault(entry_id, number)
    return found
