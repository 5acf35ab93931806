"""What is asked of a finished book before it is signed off or destroyed: who, when, how much, which drugs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from downtime.clock import Moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

_ACTS: Final = "SELECT DISTINCT operator, form FROM entry"
_READINGS: Final = """
SELECT recorded_at, json_extract(CAST(sealed AS TEXT), '$.envelope.clock.boot_id'),
       json_extract(CAST(sealed AS TEXT), '$.envelope.clock.monotonic_ms'),
       CASE WHEN form = 'reference_in_force' THEN json_extract(CAST(sealed AS TEXT), '$.body.content.taken_at') END
FROM entry ORDER BY seq
"""
_TOTALS: Final = """
SELECT substr(account, 1, instr(account || ':', ':') - 1) AS account_class, unit, sum(amount), count(*)
FROM posting GROUP BY account_class, unit ORDER BY account_class, unit
"""
_DISPENSED: Final = """
SELECT DISTINCT json_extract(line.value, '$.code'), json_extract(line.value, '$.controlled'),
       json_extract(CAST(e.sealed AS TEXT), '$.envelope.reference_version')
FROM entry e, json_each(CAST(e.sealed AS TEXT), '$.body.content.lines') line
WHERE e.form IN ('dispense', 'return')
"""
_REVERSED: Final = """
SELECT r.to_id FROM entry_reference r JOIN entry e ON e.seq = r.seq WHERE e.form = 'reversal'
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """The clock as one entry found it.

    Attributes:
        moment: wall clock, boot and time since boot.
        taken_at: for reference data put in force: when the HIS, by its own clock, gave them.
    """

    moment: Moment
    taken_at: str | None


@dataclass(frozen=True, slots=True)
class ClassTotal:
    """What the postings of one account class come to in one unit (minor units, or thousandths of stock)."""

    account_class: str
    unit: str
    amount: int
    postings: int


@dataclass(frozen=True, slots=True)
class DispensedCode:
    """A drug handed over: its code, whether the form itself called it controlled, and the tables in force."""

    code: str
    controlled: bool
    reference_version: int | None


def acts(db: Database) -> set[tuple[str, str]]:
    """Return (operator, form) of everything recorded in the book."""
    return {(row[0], row[1]) for row in db.execute(_ACTS)}


def readings(db: Database) -> Iterator[Reading]:
    """Yield how every entry found the clock, in order."""
    for wall, boot_id, monotonic_ms, taken_at in db.execute(_READINGS):
        yield Reading(Moment(wall, str(boot_id), int(monotonic_ms)), taken_at)


def totals(db: Database) -> list[ClassTotal]:
    """Return what the book's postings come to, per account class and unit."""
    return [ClassTotal(*row) for row in db.execute(_TOTALS)]


def dispensed_codes(db: Database) -> list[DispensedCode]:
    """Return the drugs the book says were handed over."""
    return [DispensedCode(str(code), bool(flag), version) for code, flag, version in db.execute(_DISPENSED)]


def reversed_ids(db: Database) -> set[str]:
    """Return the ids of entries that a reversal names."""
    return {row[0] for row in db.execute(_REVERSED)}
