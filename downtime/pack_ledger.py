"""The ledger of paper forms: which pack, who holds which number, what became of it. A question to the journal.

Nothing is stored beside the entries: the ledger is read from them, in order of their sequence, whenever it is
asked for. The newest statement about a form counts, but what was typed in stays typed in.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from downtime.pack_number import PaperNumber, parse_paper
from downtime.store.pack_queries import PACK_NAMES, PAPER_NAMES, paper_events
from forms.paper_pack import CarriedPack, HeldRange, PackPrinted, PacksCarried

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from downtime.store.pack_queries import PaperEvent
    from downtime.store.sqlite import Database
    from forms.paper_pack import Holder, PaperKind, PaperState


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of one form.

    Attributes:
        state: see ``forms.paper_pack.PAPER_STATES``.
        holder: staff number or code of the department that has it, or had it last.
        reason: why it is void or lost.
        entry_id: what was typed in from it in this book, or "".
        at: when that was said (RFC 3339).
        before: state when it was typed in, "" if it was not.
    """

    state: PaperState = "stock"
    holder_kind: Holder | str = ""
    holder: str = ""
    holder_name: str = ""
    reason: str = ""
    entry_id: str = ""
    at: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A run of numbers printed together."""

    series: str
    first: int
    last: int
    kind: PaperKind
    parts: int
    printed_at: str

    def holds(self, series: str, count: int) -> bool:
        """Return whether a number belongs to it."""
        return series == self.series and self.first <= count <= self.last


@dataclass(frozen=True, slots=True)
class Conflict:
    """The same number typed in twice, differently.

    Attributes:
        id: of the ``paper_conflict``; ``entry_id`` what stands.
        typed_by: who typed the second.
    """

    id: str
    number: str
    entry_id: str
    typed_by: str
    typed_minor: int | None
    differs: tuple[str, ...]
    at: str


@dataclass
class Ledger:
    """Every pack this book knows of, and every form in them.

    Attributes:
        drill: whether its numbers carry the mark of a drill.
        forms: by (series, counter).
        outside: numbers typed in that belong to no pack known here.
        conflicts: by id, those nobody settled.
        once: numbers typed in once only, with who typed them.
        next_count: by series, what the next pack begins with.
    """

    drill: bool = False
    packs: list[Pack] = field(default_factory=list)
    forms: dict[tuple[str, int], Held] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    once: dict[str, str] = field(default_factory=dict)
    next_count: dict[str, int] = field(default_factory=dict)

    def pack_of(self, series: str, count: int) -> Pack | None:
        """Return the pack a number belongs to."""
        return next((pack for pack in self.packs if pack.holds(series, count)), None)

    def numbers(self, pack: Pack, *states: str) -> list[int]:
        """Return the counters of a pack whose forms are in one of ``states``."""
        return [n for n in range(pack.first, pack.last + 1) if self.forms[pack.series, n].state in states]

    def missing(self) -> list[tuple[str, int]]:
        """Return every form somebody holds that was neither typed in nor returned, void or explained."""
        return sorted(place for place, held in self.forms.items() if held.state == "issued")

    def skipped(self, pack: Pack) -> list[int]:
        """Return the forms left out in the middle: the same holder has used a later one."""
        highest: dict[str, int] = {}
        for n in range(pack.first, pack.last + 1):
            held = self.forms[pack.series, n]
            if held.state == "used":
                highest[held.holder] = n
        return [
            n for n in self.numbers(pack, "issued") if n < highest.get(self.forms[pack.series, n].holder, 0)
        ]

    def runs(self, pack: Pack) -> list[HeldRange]:
        """Return the forms of a pack as runs of the same state and holder."""
        found: list[HeldRange] = []
        for n in range(pack.first, pack.last + 1):
            held = self.forms[pack.series, n]
            content = {
                "state": held.state,
                "holder_kind": held.holder_kind,
                "holder": held.holder,
                "holder_name": held.holder_name,
            }
            last = found[-1] if found else None
            if last is not None and last.model_dump(include=set(content)) == content:
                found[-1] = last.model_copy(update={"last": n})
            else:
                found.append(HeldRange.model_validate({"first": n, "last": n, **content}))
        return found

    def name(self, series: str, count: int) -> str:
        """Return the number as it is printed."""
        return str(PaperNumber(series, count, self.drill))

    def take(self, event: PaperEvent) -> None:
        """Take the next entry about paper forms."""
        getattr(self, f"_{event.form}")(event)

    # -- one method for each form -------------------------------------------------------------------

    def _packs_carried(self, event: PaperEvent) -> None:
        carried = PacksCarried.model_validate(event.content)
        self.next_count[carried.series] = carried.next_count
        for one in carried.packs:
            self._add(Pack(one.series, one.first, one.last, one.kind, one.parts, one.printed_at))
            for run in one.ranges:
                held = Held(run.state, run.holder_kind, run.holder, run.holder_name)
                self.forms |= {(one.series, n): held for n in range(run.first, run.last + 1)}

    def _pack_printed(self, event: PaperEvent) -> None:
        said = PackPrinted.model_validate(event.content)
        self._add(Pack(said.series, said.first, said.last, said.kind, said.parts, event.recorded_at))
        self.next_count[said.series] = said.last + 1

    def _add(self, pack: Pack) -> None:
        self.packs.append(pack)
        self.forms |= {(pack.series, n): Held() for n in range(pack.first, pack.last + 1)}

    def _pack_issued(self, event: PaperEvent) -> None:
        said = event.content
        to = Held("issued", said["holder_kind"], said["holder"], said["holder_name"], at=event.recorded_at)
        self._move(event, to)

    def _pack_returned(self, event: PaperEvent) -> None:
        self._move(event, Held("returned", at=event.recorded_at))

    def _paper_voided(self, event: PaperEvent) -> None:
        for place, held in self._run(event):
            said = event.content
            self.forms[place] = replace(
                held, state=said["state"], reason=said["reason"], at=event.recorded_at
            )

    def _move(self, event: PaperEvent, held: Held) -> None:
        for place, _before in self._run(event):
            self.forms[place] = held

    def _run(self, event: PaperEvent) -> Iterator[tuple[tuple[str, int], Held]]:
        """Yield the forms an entry speaks of, but for those that were typed in."""
        said = event.content
        for n in range(said["first"], said["last"] + 1):
            held = self.forms.get((said["series"], n))
            if held is not None and held.state != "used":
                yield (said["series"], n), held

    def _late_entry(self, event: PaperEvent) -> None:
        said = event.content
        number = parse_paper(said["paper_number"])
        held = self.forms.get((number.series, number.count)) if number is not None else None
        if number is None or held is None:
            self.outside.append(said["paper_number"])
        else:
            self.forms[number.series, number.count] = replace(
                held,
                state="used",
                entry_id=said["entry_id"],
                at=event.recorded_at,
                before=held.before or held.state,
            )
        self.once[said["paper_number"]] = event.operator

    def _paper_typed_again(self, event: PaperEvent) -> None:
        self.once.pop(event.content["paper_number"], None)

    def _paper_conflict(self, event: PaperEvent) -> None:
        said = event.content
        self.conflicts[event.id] = Conflict(
            event.id,
            said["paper_number"],
            said["entry_id"],
            f"{event.operator} {event.operator_name}".strip(),
            said["typed_minor"],
            tuple(said["differs"]),
            event.recorded_at,
        )

    def _paper_conflict_settled(self, event: PaperEvent) -> None:
        self.conflicts.pop(event.content["conflict_id"], None)


def ledger_of(events: Iterable[PaperEvent], *, drill: bool = False) -> Ledger:
    """Return the ledger that entries about paper forms add up to."""
    ledger = Ledger(drill)
    for event in events:
        ledger.take(event)
    return ledger


def ledger_in(db: Database, *, drill: bool = False, packs_only: bool = False) -> Ledger:
    """Return the ledger of a book.

    Args:
        db: the book.
        drill: whether it is a drill's.
        packs_only: leave out what was typed in; that takes a millisecond however much it is.
    """
    return ledger_of(paper_events(db, PACK_NAMES if packs_only else PAPER_NAMES), drill=drill)


def carried(db: Database, series: str) -> PacksCarried | None:
    """Return what the next book must know: the counter, and packs with forms in stock or in hands; None for none."""
    ledger = ledger_in(db)
    if not ledger.packs and series not in ledger.next_count:
        return None
    return PacksCarried(
        series=series,
        next_count=ledger.next_count.get(series, 1),
        packs=tuple(
            CarriedPack(
                series=pack.series,
                first=pack.first,
                last=pack.last,
                kind=pack.kind,
                parts=pack.parts,
                printed_at=pack.printed_at,
                ranges=tuple(ledger.runs(pack)),
            )
            for pack in ledger.packs
            if ledger.numbers(pack, "stock", "returned", "issued")
        ),
    )


def in_words(numbers: Sequence[int]) -> str:
    """Return counters as runs: ``3, 7-9``."""
    runs: list[list[int]] = []
    for n in numbers:
        if runs and n == runs[-1][1] + 1:
            runs[-1][1] = n
        else:
            runs.append([n, n])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)
