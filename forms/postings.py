"""Postings: what an entry moves between accounts. They balance per unit in every entry (L3)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

AccountClass = Literal[
    "drawer", "patient", "revenue", "deposit", "stock", "patient_stock", "waste", "suspense"
]


class Posting(NamedTuple):
    """One leg of a movement.

    Attributes:
        account: ``class:key[:key]``, keys percent-encoded.
        unit: an ISO 4217 code (amount in minor units) or ``item|batch|base_unit``.
        amount: whole number, positive into the account, negative out of it.
    """

    account: str
    unit: str
    amount: int


def account(kind: AccountClass, *keys: str) -> str:
    """Return the account name of ``kind`` for ``keys``, each percent-encoded."""
    return ":".join([kind, *(quote(key, safe="") for key in keys)])


def stock_unit(item: str, batch: str, unit: str) -> str:
    """Return the unit in which a batch of an item is counted: thousandths of its ``unit``."""
    return "|".join(quote(part, safe=" ") for part in (item, batch, f"0.001 {unit}"))


def move(unit: str, amount: int, *, out_of: str, into: str) -> tuple[Posting, Posting]:
    """Return the two legs of ``amount`` going from one account to another."""
    return Posting(into, unit, amount), Posting(out_of, unit, -amount)


def opposite(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    """Return the postings that undo ``postings``."""
    return tuple(Posting(leg.account, leg.unit, -leg.amount) for leg in postings)


def imbalance(postings: Iterable[Posting]) -> dict[str, int]:
    """Return what does not sum to zero, by unit; empty when the postings balance."""
    sums: Counter[str] = Counter()
    for leg in postings:
        sums[leg.unit] += leg.amount
    return {unit: amount for unit, amount in sums.items() if amount}
