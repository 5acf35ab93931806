"""The shift at this station: what it took in, what the drawer should hold, what must be settled before it closes.

Pure questions to the journal: a shift left open by a crash is simply still open. Everything goes by sequence,
so a clock set back over midnight changes no figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.book import JournalView
from downtime.shift_counting import expected_now, figures_now
from downtime.store import journal, shift_queries
from forms.shift import (
    Explained,
    ShiftCarried,
    ShiftClosed,
    ShiftCounted,
    ShiftHandedOver,
    ShiftOpened,
)
from forms.shift_rules import open_shift

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.store.sqlite import Database
    from forms.shift_rules import Pieces

__all__ = ["expected_now", "figures_now"]


@dataclass(frozen=True, slots=True)
class ShiftNow:
    """The shift that is open.

    Attributes:
        shift: its label.
        opened_at: RFC 3339; ``business_day`` is what counts.
        holder: whose hands the drawer is in: whoever opened it, until it was handed over.
    """

    shift: str
    business_day: str
    operator: str
    operator_name: str
    opened_at: str
    float_minor: int
    holder: str
    holder_name: str


@dataclass(frozen=True, slots=True)
class CountNow:
    """The last blind count of the open shift, as long as it still says what is in the drawer."""

    counted_minor: int
    operator: str
    counted_at: str


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
    handed = JournalView(db).last_of(ShiftHandedOver.name)
    if handed is not None and handed["shift"] != content["shift"]:
        handed = None
    return ShiftNow(
        shift=content["shift"],
        business_day=content["business_day"],
        operator=content["operator"],
        operator_name=content["operator_name"],
        opened_at=content.get("opened_at") or (opened.happened_at if opened is not None else ""),
        float_minor=content["float_minor"],
        holder=handed["to_operator"] if handed is not None else content.get("holder") or content["operator"],
        holder_name=handed["to_name"]
        if handed is not None
        else content.get("holder_name") or content["operator_name"],
    )


def count_now(db: Database) -> CountNow | None:
    """Return the last blind count of the open shift, or None.

    None also after money moved or the drawer changed hands since: what was counted then is no longer in it.
    """
    standing, counted = shift_now(db), shift_queries.last_of(db, ShiftCounted.name)
    if standing is None or counted is None or counted.content["shift"] != standing.shift:
        return None
    if journal.last_seq_of(db, (*shift_queries.MONEY_FORMS, ShiftHandedOver.name)) > counted.seq:
        return None
    return CountNow(
        counted_minor=int(counted.content["counted_minor"]),
        operator=counted.operator,
        counted_at=counted.recorded_at,
    )


def is_blind(db: Database) -> bool:
    """Return whether the drawer of an open shift waits to be counted: no sum of it is shown until then."""
    return shift_now(db) is not None and count_now(db) is None


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
        holder=standing.holder,
        holder_name=standing.holder_name,
        float_minor=standing.float_minor,
        currency=currency,
        figures=figures,
    )
