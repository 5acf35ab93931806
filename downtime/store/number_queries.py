"""What the journal answers about receipt numbers: which were given, which were used, by whom, which are void."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

_USED = """
SELECT e.counter, e.number, e.form, e.operator, e.recorded_at, e.amount_minor, coalesce((
  SELECT x.number FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id = e.id AND x.form = 'reversal' LIMIT 1), '')
FROM entry e WHERE e.counter IS NOT NULL ORDER BY e.counter
"""
_VOID_COUNT = """
SELECT count(*) FROM entry x JOIN entry_reference r ON r.seq = x.seq JOIN entry e ON e.id = r.to_id
WHERE x.form = 'reversal' AND e.counter IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class UsedNumber:
    """One receipt number that stands on an entry.

    Attributes:
        counter: its six figures.
        operator: who recorded the entry: who held the number.
        amount_minor: money of the entry, or None.
        reversed_by: number of the reversal that makes it void, or "".
    """

    counter: int
    number: str
    form: str
    operator: str
    recorded_at: str
    amount_minor: int | None
    reversed_by: str


@dataclass(frozen=True, slots=True)
class Block:
    """Receipt numbers this station was given, both ends included, and who put them in."""

    first: int
    last: int
    operator: str
    recorded_at: str


def used(db: Database) -> Iterator[UsedNumber]:
    """Yield every number this book used, in order."""
    for row in db.execute(_USED):
        yield UsedNumber(*row)


def blocks(db: Database) -> list[Block]:
    """Return the blocks this book was given, in order of seq."""
    return [
        Block(int(one.content["first"]), int(one.content["last"]), one.operator, one.recorded_at)
        for one in journal.entries(db, forms=("number_block",))
    ]


def following(db: Database) -> int:
    """Return the lowest counter this book may still use."""
    opening = journal.entry_by_seq(db, 1)
    begins = int(opening.content["next_number"]) if opening is not None else 1
    return max(journal.counter_max(db) + 1, begins)


def left(db: Database) -> int:
    """Return how many numbers this book may still use."""
    begins = following(db)
    taken, count = begins, 0
    for block in blocks(db):  # as recording takes them: a block below the one before is never reached
        first = max(block.first, taken)
        if first <= block.last:
            count += block.last - first + 1
            taken = block.last + 1
    return count


def void_count(db: Database) -> int:
    """Return how many numbers of this book are void because their entry was reversed."""
    return int(db.execute(_VOID_COUNT).fetchone()[0])
