"""Another staff list comes into force, as IT puts it there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.book import OpenBook
from downtime.practice_set import ORIGIN, practice_rows
from downtime.record import record_event
from downtime.store.reference import build_reference
from forms.station_book import ReferenceInForce

if TYPE_CHECKING:
    from downtime.home import Home

TAKEN_AT = "2099-01-01T04:00:00.000+08:00"
"""Later than any real list, so that it may follow one."""


def staff_list(
    home: Home, changes: dict[str, dict[str, Any]], version: int = 2, taken_at: str = TAKEN_AT
) -> ReferenceInForce:
    """Build the practice tables with a staff list in which some people differ; nothing is in force by that.

    Args:
        home: a practice station.
        changes: fields of ``StaffRow`` by staff number.
        version: of the tables.
        taken_at: when they were taken, as they say.
    """
    ring = home.keys.unlock("4001", "lianxi4001")
    staff = [
        row.model_copy(update=changes.get(row.number, {}))  # type: ignore[attr-defined]  # rows of staff have one
        for row in practice_rows(taken_at)["staff"]
    ]
    made = build_reference(
        home.path / "reference",
        version,
        {"staff": staff},
        ring.reference_key(),
        taken_at=taken_at,
        origin=ORIGIN,
    )
    return ReferenceInForce(version=version, sha256=made.sha256, taken_at=made.taken_at, rows=made.rows)


def put_in_force(home: Home, form: ReferenceInForce, clock: Any = None) -> None:
    """Name it in the journal, in a program of its own."""
    ring = home.keys.unlock("4001", "lianxi4001")
    book = OpenBook(home, ring, home.current_book(), clock)
    try:
        record_event(book, form)
    finally:
        book.close()
