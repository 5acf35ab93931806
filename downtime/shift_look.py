"""Everything the shift screen shows, read in one go; sums only once the drawer was counted blind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.shift import (
    count_now,
    expected_now,
    figures_now,
    float_suggested,
    matters,
    shift_now,
)
from downtime.store import number_queries, shift_queries
from forms.shift import ShiftClosed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.entry import Entry
    from downtime.shift import CountNow, Matter, ShiftNow
    from downtime.store.sqlite import Database
    from forms.shift_figures import ShiftFigures


@dataclass(frozen=True, slots=True)
class ShiftLook:
    """One look at the shift.

    Attributes:
        standing: the open shift, or None.
        counted: its blind count, if it still holds.
        figures, expected: None until it was counted.
        matters: what is unaccounted for.
        used: counters of the receipts since the last closing.
        numbers_left, numbers_void: of this book.
        suggested_minor: the float the shift before left.
        closed: the last closing in this book, or None.
    """

    standing: ShiftNow | None
    counted: CountNow | None
    figures: ShiftFigures | None
    expected: dict[str, int] | None
    matters: tuple[Matter, ...]
    used: tuple[int, ...]
    numbers_left: int
    numbers_void: int
    suggested_minor: int
    closed: Entry | None


def look_at_shift(db: Database, currency: str, unconfirmed: Iterable[Entry] = ()) -> ShiftLook:
    """Look; a few tens of milliseconds for a long shift, so never in the way of a key.

    Args:
        db: the book.
        currency: of the hospital.
        unconfirmed: receipts nobody was told about.
    """
    counted = count_now(db)
    return ShiftLook(
        standing=shift_now(db),
        counted=counted,
        figures=figures_now(db, currency) if counted is not None else None,
        expected=expected_now(db, currency) if counted is not None else None,
        matters=tuple(matters(db, unconfirmed)),
        used=tuple(shift_queries.counters(db, shift_queries.closed_seq(db))),
        numbers_left=number_queries.left(db),
        numbers_void=number_queries.void_count(db),
        suggested_minor=float_suggested(db),
        closed=shift_queries.last_of(db, ShiftClosed.name),
    )
