"""Balances over the books: what this book moved, and what the one before left."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from downtime.store import journal

if TYPE_CHECKING:
    from sqlite_utils import Database


def balances_with_carried(db: Database, beginning: str) -> dict[tuple[str, str], int]:
    """Return the balances of accounts whose name begins so, what the book before left included; no zeros."""
    sums: Counter[tuple[str, str]] = Counter()
    # One character after the last that begins so: the index answers this, LIKE would read everything.
    after = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    for account, unit, amount in db.execute(
        "SELECT account, unit, sum(amount) FROM posting WHERE account >= ? AND account < ? GROUP BY account, unit",
        (beginning, after),
    ):
        sums[account, unit] += amount
    opening = journal.entry_by_seq(db, 1)
    for carried in opening.content.get("balances", ()) if opening is not None else ():
        if carried["account"].startswith(beginning):
            sums[carried["account"], carried["unit"]] += carried["amount"]
    return {key: amount for key, amount in sums.items() if amount}
