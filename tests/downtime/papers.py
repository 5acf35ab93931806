"""Paper forms for tests: packs in somebody's hands, and papers typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.late import LateHead, Paper, beside
from downtime.pack_number import PaperNumber
from downtime.packs import Run, issue, new_pack
from downtime.record import Recorded, Refused, new_entry_id, record, record_event
from downtime.sealing import Filled
from tests.downtime.builders import (
    cash,
    charge,
)

if TYPE_CHECKING:
    from downtime.book import OpenBook

WRITTEN, NOW = "2026-01-05T08:20:00.000+08:00", "2026-01-05T12:00:00.000+08:00"


def give_out(book: OpenBook, count: int = 5, kind: Any = "charge") -> None:
    """Print a pack and give it to 1001."""
    form = new_pack(book, kind, count)
    record_event(book, form)
    run = Run(form.series, form.first, form.last)
    record_event(book, issue(book, run, "person", "1001", "练习员"))


def head_of(number: str) -> LateHead:
    """Return a paper written at 8:20."""
    return LateHead(Paper(number, "charge"), WRITTEN, "1002", "练习员乙")


def type_in(book: OpenBook, count: int, amount: int = 2500, entry_id: str = "") -> Recorded | Refused:
    """Type charge form ``count`` in."""
    number = str(PaperNumber("W03A", count))
    entry = entry_id or new_entry_id()
    form = charge(payments=[cash(amount)])
    late = beside(head_of(number), entry, NOW, (amount, amount))
    return record(book, Filled(form, entry, WRITTEN, beside=late))
