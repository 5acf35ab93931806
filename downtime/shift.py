"""The shift at this station: what it took in, what the drawer should hold, what must be settled before it closes.

Pure questions to the journal: a shift left open by a crash is simply still open. Everything goes by sequence,
so a clock set back over midnight changes no figure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from downtime.book import JournalView
from downtime.shift_money import category_rows, payment_rows
from downtime.store import journal, shift_queries
from downtime.store.balances import balances_with_carried
from forms.shift import (
    Explained,
    ShiftCarried,
    ShiftClosed,
    ShiftOpened,
)
from forms.shift_figures import (
    Happened,
    MethodSum,
    NamedSum,
    NumberGap,
    Numbers,
    ShiftFigures,
    merged,
)
from forms.shift_rules import expected_by_method, open_shift

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.store.sqlite import Database
    from forms.shift_rules import Pieces


@dataclass(frozen=True, slots=True)
class ShiftNow:
    """The shift that is open.

    Attributes:
        shift: its label.
        opened_at: RFC 3339; ``business_day`` is what counts.
    """

    shift: str
    business_day: str
    operator: str
    operator_name: str
    opened_at: str
    float_minor: int


@dataclass(frozen=True, slots=True)
class Matter:
    """Something unaccounted for: closing waits until it is settled or explained.

    Attributes:
        kind: ``not_printed``, ``maybe_printed`` or ``unconfirmed``.
        number: receipt number; ``entry_id`` its entry.
    """

    kind: str
    number: str
    entry_id: str


def shift_now(db: Database) -> ShiftNow | None:
    """Return the open shift, also one that a crash or an earlier book left open; None if none is."""
    content = open_shift(JournalView(db))
    if content is None:
        return None
    opened = shift_queries.last_of(db, ShiftOpened.name)
    return ShiftNow(
        shift=content["shift"],
        business_day=content["business_day"],
        operator=content["operator"],
        operator_name=content["operator_name"],
        opened_at=content.get("opened_at") or (opened.happened_at if opened is not None else ""),
        float_minor=content["float_minor"],
    )


def opening(book: OpenBook, *, float_minor: int, counted: Sequence[Pieces] = ()) -> ShiftOpened:
    """Return the form that opens the next shift for whoever is logged in; the day is today's by the clock."""
    identity = book.identity
    n = sum(1 for _entry in journal.entries(book.db, forms=(ShiftOpened.name,))) + 1
    return ShiftOpened(
        shift=f"{identity.station}{identity.incarnation}{identity.book:02d}-{n}",
        business_day=book.clock.now().wall[:10],
        operator=book.person.operator,
        operator_name=book.person.name,
        float_minor=float_minor,
        counted=tuple(counted),
        currency=book.home.settings.hospital.currency,
    )


def float_suggested(db: Database) -> int:
    """Return the cash the shift before left in the drawer."""
    closed = shift_queries.last_of(db, ShiftClosed.name)
    if closed is not None:
        return int(closed.content["left_minor"])
    before = shift_queries.last_of(db, ShiftCarried.name)
    return int(before.content["float_minor"]) if before is not None and not before.content["is_open"] else 0


def figures_now(db: Database, currency: str) -> ShiftFigures:
    """Return the figures since the last shift was closed, the part of it in the book before included."""
    after = shift_queries.closed_seq(db)
    figures = _figures(db, after, currency)
    carried = shift_queries.last_of(db, ShiftCarried.name)
    if after or carried is None:
        return figures
    return merged(ShiftFigures.model_validate(carried.content["figures"]), figures)


def expected_now(db: Database, currency: str) -> dict[str, int]:
    """Return what the drawer should hold by method, by the postings; shown only after the blind count."""
    return expected_by_method(JournalView(db), currency)


def matters(db: Database, unconfirmed: Iterable[Entry] = ()) -> list[Matter]:
    """Return what is unaccounted for in this shift.

    Args:
        db: the book.
        unconfirmed: receipts nobody was told about; ``Desk.unconfirmed`` knows them.
    """
    after = shift_queries.closed_seq(db)
    found = [
        Matter("maybe_printed" if paper.maybe else "not_printed", paper.number, paper.entry_id)
        for paper in shift_queries.open_papers(db, after)
    ]
    named = {matter.entry_id for matter in found}
    return found + [
        Matter("unconfirmed", entry.number or entry.id, entry.id)
        for entry in unconfirmed
        if entry.seq > after and entry.id not in named
    ]


def closing(
    book: OpenBook,
    *,
    counted_minor: int,
    left_minor: int = 0,
    reason: str = "",
    explained: Mapping[str, str] | None = None,
    unconfirmed: Iterable[Entry] = (),
) -> ShiftClosed | list[Matter]:
    """Return the form that closes the shift, or what is unaccounted for and not explained.

    Args:
        book: the open book; a shift must be open in it.
        counted_minor: what the blind count came to.
        left_minor: cash that stays as the next float.
        reason: why the count is over or short.
        explained: reasons by receipt number for papers that will not come out any more.
        unconfirmed: see ``matters``.

    Raises:
        pydantic.ValidationError: the count differs and no reason is given, or more is left than was counted.
    """
    reasons = explained or {}
    open_matters = matters(book.db, unconfirmed)
    waiting = [matter for matter in open_matters if not reasons.get(matter.number, "").strip()]
    if waiting:
        return waiting
    standing = shift_now(book.db)
    assert standing is not None, "a shift is open"
    currency = book.home.settings.hospital.currency
    expected = expected_now(book.db, currency)
    _seq, head, _first = journal.head(book.db)
    return ShiftClosed(
        shift=standing.shift,
        currency=currency,
        business_day=standing.business_day,
        operator=standing.operator,
        float_minor=standing.float_minor,
        expected_minor=expected,
        counted_minor=counted_minor,
        over_short_minor=counted_minor - expected["cash"],
        left_minor=left_minor,
        reason=reason,
        figures=figures_now(book.db, currency),
        explained=tuple(Explained(number=one.number, reason=reasons[one.number]) for one in open_matters),
        head=head.hex() if head is not None else "",
    )


def carried(db: Database, currency: str) -> ShiftCarried:
    """Return what the next book must know: the open shift, if one is, and everything since the last was closed."""
    standing = shift_now(db)
    figures = figures_now(db, currency)
    if standing is None:
        left = float_suggested(db)
        return ShiftCarried(is_open=False, float_minor=left, currency=currency, figures=figures)
    return ShiftCarried(
        is_open=True,
        shift=standing.shift,
        business_day=standing.business_day,
        operator=standing.operator,
        operator_name=standing.operator_name,
        opened_at=standing.opened_at,
        float_minor=standing.float_minor,
        currency=currency,
        figures=figures,
    )


# -- counting -----------------------------------------------------------------------------------------


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
