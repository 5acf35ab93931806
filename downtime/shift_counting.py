"""What a shift comes to, counted from payment rows only: sums three ways, numbers and gaps, what is still open."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from downtime.book import JournalView
from downtime.shift_money import category_rows, payment_rows
from downtime.store import shift_queries
from downtime.store.balances import balances_with_carried
from forms.shift import ShiftCarried
from forms.shift_figures import (
    Happened,
    MethodSum,
    NamedSum,
    NumberGap,
    Numbers,
    ShiftFigures,
    merged,
)
from forms.shift_rules import expected_by_method

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.store.sqlite import Database


def figures_now(db: Database, currency: str) -> ShiftFigures:
    """Return the figures since the last shift was closed, the part of it in the book before included."""
    after = shift_queries.closed_seq(db)
    figures = _figures(db, after, currency)
    carried = shift_queries.last_of(db, ShiftCarried.name)
    if after or carried is None:
        return figures
    return merged(ShiftFigures.model_validate(carried.content["figures"]), figures)


def figures_of_book(db: Database, currency: str) -> ShiftFigures:
    """Return the figures of the whole book, whatever shifts it had, what was carried into it left out."""
    return _figures(db, 0, currency)


def expected_now(db: Database, currency: str) -> dict[str, int]:
    """Return what the drawer should hold by method, by the postings; shown only after the blind count."""
    return expected_by_method(JournalView(db), currency)


def _figures(db: Database, after: int, currency: str) -> ShiftFigures:
    taken, back, parts = Counter[str](), Counter[str](), Counter[str]()
    by_category, by_operator = Counter[str](), Counter[str]()
    category_parts, operator_parts = Counter[str](), Counter[str]()
    happened = {"reversal": Counter[str](), "refund": Counter[str]()}
    for entry in shift_queries.money_entries(db, after):
        for row in payment_rows(entry.form, entry.content):
            parts[row.method] += 1
            (taken if row.amount_minor > 0 else back)[row.method] += abs(row.amount_minor)
            by_operator[entry.operator] += row.amount_minor
            operator_parts[entry.operator] += 1
        for category, amount in category_rows(entry.form, entry.content):
            by_category[category] += amount
            category_parts[category] += 1
        kind = "refund" if entry.form == "deposit_refund" else entry.form
        if kind in happened:
            happened[kind].update(count=1, amount=entry.content["total_minor"])
    return ShiftFigures(
        methods=tuple(
            MethodSum(method=one, parts=parts[one], taken_minor=taken[one], returned_minor=back[one])
            for one in sorted(parts)
        ),
        categories=_named(category_parts, by_category),
        operators=_named(operator_parts, by_operator),
        numbers=_numbers(db, after),
        reprints=shift_queries.reprints(db, after),
        reversals=Happened(count=happened["reversal"]["count"], amount_minor=happened["reversal"]["amount"]),
        refunds=Happened(count=happened["refund"]["count"], amount_minor=happened["refund"]["amount"]),
        unverified_minor=_sum(db, "suspense:unverified:", currency),
        advances_minor=-_sum(db, "deposit:", currency, "advance"),
        owed_minor=_sum(db, "patient:", currency, ""),
        to_be_returned_minor=-_sum(db, "suspense:to_be_returned:", currency),
    )


def _named(parts: Mapping[str, int], money: Mapping[str, int]) -> tuple[NamedSum, ...]:
    return tuple(NamedSum(name=one, parts=parts[one], amount_minor=money[one]) for one in sorted(parts))


def _sum(db: Database, beginning: str, currency: str, last: str | None = None) -> int:
    """Return the balance of accounts that begin so; with ``last`` only those with that second key ("" for none)."""
    found = balances_with_carried(db, beginning)
    return sum(
        amount
        for (account, unit), amount in found.items()
        if unit == currency and (last is None or ([*account.split(":"), ""][2] == last))
    )


def _numbers(db: Database, after: int) -> Numbers:
    used = shift_queries.counters(db, after)
    if not used:
        return Numbers()
    own = shift_queries.blocks(db)
    gaps: list[NumberGap] = []
    before = shift_queries.counter_before(db, after)
    for counter in used:
        if counter > before + 1:
            gaps += _gaps(before + 1, counter - 1, own)
        before = counter
    return Numbers(first=used[0], last=used[-1], used=len(used), gaps=tuple(gaps))


def _gaps(first: int, last: int, own: Sequence[tuple[int, int]]) -> list[NumberGap]:
    """Return a range that was jumped over, cut where a block of this station begins or ends."""
    edges = {first, last + 1}
    for low, high in own:
        edges |= {edge for edge in (low, high + 1) if first < edge <= last}
    cuts = sorted(edges)
    return [
        NumberGap(
            first=low,
            last=high - 1,
            explained=not any(block_first <= low <= block_last for block_first, block_last in own),
        )
        for low, high in pairwise(cuts)
    ]
