"""Late entry 补录: what is known of a number, what stands beside the entry, and whether two typings agree."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.late_time import moment_of
from downtime.pack_ledger import ledger_in
from downtime.pack_number import PaperNumber, parse_paper
from downtime.shelf import readable_books
from downtime.store import journal
from downtime.store.verification import open_evidence
from forms.paper_late import LateEntry, PaperConflict, PaperTypedAgain, mark_of, standing_entry
from forms.station_book import Printed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.pack_ledger import Held
    from downtime.store.sqlite import Database
    from forms.base import Form
    from forms.paper_late import Odd

AHEAD_SECONDS = 300
"""A time on paper this much ahead of the clock is asked about: the paper or the clock is wrong."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper in hand.

    Attributes:
        number: as it is printed.
        kind: of its pack, ``receipt`` for another station's receipt, "" where nobody knows.
        holder: staff number of who had it, and ``holder_name``; "" for a department or nobody.
        odd: what is strange about it; see ``forms.paper_late.ODDITIES``.
        stands: id of the entry it was typed in as, or "".
    """

    number: str
    kind: str = ""
    holder: str = ""
    holder_name: str = ""
    odd: tuple[Odd, ...] = ()
    stands: str = ""


@dataclass(frozen=True, slots=True)
class LateHead:
    """What is above the lines: the paper, when it was written and by whom. Time and writer go on to the next.

    Attributes:
        written_at: RFC 3339.
        written_by: staff number, or "" for somebody who is not on the list.
        rescue: about a rescue; ``ended_at`` when that ended (RFC 3339), "" for the time on the paper.
        again: the paper stands already and is typed again to be compared.
    """

    paper: Paper
    written_at: str
    written_by: str
    written_by_name: str
    rescue: bool = False
    ended_at: str = ""
    again: bool = False

    def mark(self, now: str) -> str:
        """Return the mark it has by now."""
        return mark_of(rescue=self.rescue, ended_at=self.ended_at or self.written_at, typed_at=now)

    def as_content(self) -> dict[str, Any]:
        """Return plain values for a draft."""
        return asdict(self)

    @classmethod
    def of_content(cls, content: Mapping[str, Any]) -> LateHead:
        """Return what a draft holds."""
        paper = dict(content["paper"])
        return cls(**{**content, "paper": Paper(**{**paper, "odd": tuple(paper["odd"])})})


def look_up(desk: Desk, number: PaperNumber) -> Paper:
    """Return what is known of a number; a few milliseconds."""
    db = desk.looking()
    ledger = ledger_in(db, drill=number.drill, packs_only=True)
    pack, held = (
        ledger.pack_of(number.series, number.count),
        ledger.forms.get((number.series, number.count)),
    )
    stands = standing_entry(str(number), JournalView(db)) or ""
    if pack is None or held is None:
        is_old = number.count < ledger.next_count.get(number.series, 1)
        return Paper(str(number), odd=("finished_pack" if is_old else "no_pack",), stands=stands)
    if held.state == "used" and not stands and not _was_typed(db, str(number)):
        stands = entry_of_earlier_book(desk, str(number))
    is_person = held.holder_kind == "person"
    return Paper(
        number=str(number),
        kind=pack.kind,
        holder=held.holder if is_person else "",
        holder_name=held.holder_name if is_person else "",
        odd=_odd(held),
        stands=stands,
    )


def _odd(held: Held) -> tuple[Odd, ...]:
    found: dict[str, Odd] = {"stock": "stock", "returned": "returned", "void": "void", "lost": "lost"}
    return (found[held.state],) if held.state in found else ()


def _was_typed(db: Database, number: str) -> bool:
    return bool(JournalView(db).referring(number, LateEntry.name))


def entry_of_earlier_book(desk: Desk, number: str) -> str:
    """Return the id of the entry a number was typed in as in an earlier book, or ""; opens these books."""
    for paths in readable_books(desk.home):
        if paths.number < desk.book.paths.number:
            db = open_evidence(paths.journal, desk.book.ring.book_key(paths.number))
            try:
                found = standing_entry(number, JournalView(db))
            finally:
                db.close()
            if found is not None:
                return found
    return ""


def twin_of(desk: Desk, entry_id: str) -> Entry | None:
    """Return the entry with an id, of this book or an earlier one."""
    found = journal.entry_by_id(desk.looking(), entry_id)
    if found is not None:
        return found
    for paths in readable_books(desk.home):
        db = open_evidence(paths.journal, desk.book.ring.book_key(paths.number))
        try:
            found = journal.entry_by_id(db, entry_id)
        finally:
            db.close()
        if found is not None:
            return found
    return None


def following(desk: Desk, head: LateHead) -> LateHead | None:
    """Return the head of the next paper: the number counts on over what is accounted for; None after the pack."""
    number = parse_paper(head.paper.number)
    if number is None:
        return None
    db = desk.looking()
    ledger, earlier = ledger_in(db, drill=number.drill, packs_only=True), JournalView(db)
    pack = ledger.pack_of(number.series, number.count)
    while (further := number.following()) is not None:
        number = further
        if pack is None or not pack.holds(number.series, number.count):
            return None
        is_open = ledger.forms[number.series, number.count].state in {"issued", "stock"}
        if is_open and standing_entry(str(number), earlier) is None:
            return replace(head, paper=look_up(desk, number), rescue=False, ended_at="", again=False)
    return None


def without_number(head: LateHead) -> LateHead:
    """Return time and writer for a paper whose number is still to be read."""
    return replace(head, paper=Paper(""), rescue=False, ended_at="", again=False)


def beside(
    head: LateHead,
    entry_id: str,
    now: str,
    sums: tuple[int, int] | None = None,
    reason: str = "",
) -> tuple[Form, ...]:
    """Return what is recorded in the same commit as the entry of a paper.

    Args:
        head: the paper.
        entry_id: of the entry.
        now: RFC 3339.
        sums: what the paper says and what was entered, in minor units; None without money.
        reason: why they differ.
    """
    paper = head.paper
    late = LateEntry.model_validate(
        {
            "entry_id": entry_id,
            "paper_number": paper.number,
            "paper_kind": paper.kind,
            "written_by": head.written_by,
            "written_by_name": head.written_by_name or head.written_by,
            "written_at": head.written_at,
            "typed_at": now,
            "paper_minor": sums[0] if sums else None,
            "entered_minor": sums[1] if sums else None,
            "reason": reason,
            "rescue": head.rescue,
            "rescue_ended_at": head.ended_at,
            "mark": head.mark(now),
            "odd": [*paper.odd, *(["time_ahead"] if is_ahead(head.written_at, now) else [])],
        }
    )
    # the patient holds the paper itself: what the printer makes afterwards is a copy
    in_hand = Printed(entry_id=entry_id, copy_number=1, state="printed", printer=paper.number)
    return late, in_hand


def is_ahead(written_at: str, now: str) -> bool:
    """Return whether a time lies ahead of the clock: the paper is wrong, or the clock was set back."""
    return (moment_of(written_at) - moment_of(now)).total_seconds() > AHEAD_SECONDS


def differences(first: Entry, form: Form) -> tuple[str, ...]:
    """Return in what a second typing of a paper differs from the entry that stands; () for nothing that matters."""
    if first.form != form.name:
        return ("form",)
    one, other = first.content, form.model_dump(mode="json")
    found = {
        "patient": (one["patient"]["number"], other["patient"]["number"]),
        "lines": (_lines(one), _lines(other)),
        "total": (one.get("total_minor"), other.get("total_minor")),
        "payments": (_payments(one), _payments(other)),
    }
    return tuple(name for name, (a, b) in found.items() if a != b)


def _lines(content: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    names = ("code", "quantity", "amount_minor", "batch")
    return sorted(tuple(str(line.get(name, "")) for name in names) for line in content.get("lines", ()))


def _payments(content: Mapping[str, Any]) -> list[tuple[str, int]]:
    return sorted((part["method"], part["amount_minor"]) for part in content.get("payments", ()))


def compared(head: LateHead, first: Entry, form: Form) -> PaperTypedAgain | PaperConflict:
    """Return what is recorded when a paper was typed a second time: the same, or what differs, all of it kept."""
    differs = differences(first, form)
    if not differs:
        return PaperTypedAgain(entry_id=first.id, paper_number=head.paper.number)
    return PaperConflict(
        entry_id=first.id,
        paper_number=head.paper.number,
        typed_form=form.name,
        typed=form.model_dump(mode="json"),
        typed_minor=form.amount_minor(),
        written_at=head.written_at,
        written_by=head.written_by,
        written_by_name=head.written_by_name,
        differs=differs,
    )
