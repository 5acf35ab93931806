"""Packs of numbered paper forms, printed beforehand: who holds which, what came back, what was spoilt.

Bound receipt books work like that where the law wants them (domain findings 1.5, 4.3: 起止号、专人保管、作废留存).
Every step is an entry; nobody edits a ledger. A form is named by its series (station and incarnation, ``W03A``)
and a counter that never runs back; the series of paper is not that of receipts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Part, Problem, fault
from forms.people import Code, FreeText, OptionalName
from forms.station_book import StationForm
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier

PaperKind = Literal["charge", "deposit", "bookkeeping", "dispense"]
PAPER_KINDS: dict[str, str] = {
    "charge": N_("Charge form"),
    "deposit": N_("Deposit form"),
    "bookkeeping": N_("Bookkeeping form"),
    "dispense": N_("Dispensing form"),
}
PaperState = Literal["stock", "issued", "returned", "void", "lost", "used"]
PAPER_STATES: dict[str, str] = {
    "stock": N_("in stock"),
    "issued": N_("not accounted for"),
    "returned": N_("returned unused"),
    "void": N_("void, kept"),
    "lost": N_("lost, explained"),
    "used": N_("typed in"),
}
"""``issued`` with somebody and neither typed in, void, returned nor explained: missing, once the outage is over."""

COUNT_MAX = 999_999
PACK_MAX = 500
Count = Annotated[int, Field(ge=1, le=COUNT_MAX)]
Series = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,4}[A-Z]$")]
Holder = Literal["person", "department"]


class PaperForm(StationForm):
    """What all steps have in common: a run of forms of one series, both ends included."""

    right: ClassVar[str | None] = "late_entry"

    series: Series
    first: Count
    last: Count

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.last < self.first:
            raise fault(N_("The last number comes after the first."), "last")
        if self.last - self.first >= PACK_MAX:
            raise fault(N_("At most {most} forms at a time."), "last", most=PACK_MAX)
        return self


class PackPrinted(PaperForm):
    """A pack of empty forms came into being; its numbers follow the ones before.

    Attributes:
        kind: what is written on them.
        parts: copies of each form (联).
    """

    name: ClassVar[str] = "pack_printed"
    title: ClassVar[str] = N_("Pack of paper forms printed")

    kind: PaperKind
    parts: Annotated[int, Field(ge=1, le=3)] = 2
    layout: Annotated[str, Field(max_length=20)] = ""

    def problems(self, earlier: Earlier) -> list[Problem]:
        """A number is printed once."""
        following = next_count(earlier, self.series)
        if self.first == following:
            return []
        return [Problem("first", N_("The next pack begins with number {first}."), {"first": following})]


class PackIssued(PaperForm):
    """Somebody, or a department, holds these forms from now on; whoever held them before no longer does."""

    name: ClassVar[str] = "pack_issued"
    title: ClassVar[str] = N_("Paper forms issued")

    holder_kind: Holder
    holder: Code
    holder_name: OptionalName = ""


class PackReturned(PaperForm):
    """These forms came back unused; they may be issued again."""

    name: ClassVar[str] = "pack_returned"
    title: ClassVar[str] = N_("Paper forms returned")

    reason: FreeText = ""


class PaperVoided(PaperForm):
    """These forms will not be typed in: spoilt and kept with all copies, or lost.

    A lost one is explained by two people, or by a supervisor.
    """

    name: ClassVar[str] = "paper_voided"
    title: ClassVar[str] = N_("Paper form void or lost")

    state: Literal["void", "lost"]
    reason: Annotated[FreeText, Field(min_length=1)]
    copies_kept: bool = True


class HeldRange(Part):
    """A run of forms in the same state with the same holder."""

    first: Count
    last: Count
    state: PaperState
    holder_kind: Literal["", "person", "department"] = ""
    holder: Annotated[str, Field(max_length=64)] = ""
    holder_name: OptionalName = ""


class CarriedPack(Part):
    """One pack when a book was opened."""

    series: Series
    first: Count
    last: Count
    kind: PaperKind
    parts: Annotated[int, Field(ge=1, le=3)] = 2
    printed_at: Annotated[str, Field(max_length=40)] = ""
    ranges: Annotated[tuple[HeldRange, ...], Field(strict=False)] = ()


class PacksCarried(StationForm):
    """Carries the counter of paper forms, and the packs somebody may still hold, from book to book."""

    name: ClassVar[str] = "packs_carried"
    title: ClassVar[str] = N_("Paper forms carried over")

    series: Series
    next_count: Annotated[int, Field(ge=1)] = 1
    packs: Annotated[tuple[CarriedPack, ...], Field(strict=False)] = ()


def next_count(earlier: Earlier, series: str) -> int:
    """Return the counter the next pack of a series begins with."""
    printed, carried = earlier.last_of(PackPrinted.name), earlier.last_of(PacksCarried.name)
    found = 1
    if carried is not None and carried["series"] == series:
        found = int(carried["next_count"])
    if printed is not None and printed["series"] == series:
        found = max(found, int(printed["last"]) + 1)
    return found


PACK_FORMS: tuple[type[StationForm], ...] = (PackPrinted, PackIssued, PackReturned, PaperVoided, PacksCarried)
