"""Late entry 补录: what a paper form says becomes an entry, and these stand beside it.

A late entry is an ordinary charge, deposit, bookkeeping or dispense whose envelope says when it happened;
``late_entry`` is recorded in the same commit and holds what only the paper knows: its number, who wrote it, its
own total, and the mark 补记 where it is about a rescue (six hours: findings of the rules, R1). So the forms of
money stay as they are, the HIS gets what it always gets, and there is never one without the other.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Problem, fault
from forms.paper_pack import PACK_FORMS
from forms.people import Code, FreeText, Name, OptionalName
from forms.station_book import StationForm
from forms.tender import AmountMinor
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier

LATE_FORMS = ("charge", "deposit", "bookkeeping", "dispense")
"""Forms of people that may be entered late from paper."""

RESCUE_HOURS = 6
"""抢救结束后6小时内据实补记: after that it is still taken, and marked."""

Mark = Literal["", "supplement", "supplement_late"]
MARKS: dict[str, str] = {
    "supplement": N_("Supplement within 6 hours"),
    "supplement_late": N_("Supplement AFTER 6 hours"),
}
Odd = Literal["no_pack", "finished_pack", "stock", "returned", "void", "lost", "other_kind", "time_ahead"]
ODDITIES: dict[str, str] = {
    "no_pack": N_("number of no pack"),
    "finished_pack": N_("pack of an earlier book"),
    "stock": N_("was issued to nobody"),
    "returned": N_("was returned as unused"),
    "void": N_("was declared void"),
    "lost": N_("was declared lost"),
    "other_kind": N_("form of another kind"),
    "time_ahead": N_("time on paper lies ahead of the clock"),
}
PaperNumberText = Annotated[str, Field(min_length=1, max_length=40)]
Time = Annotated[str, Field(min_length=1, max_length=40)]


def mark_of(*, rescue: bool, ended_at: str, typed_at: str) -> Mark:
    """Return the mark of something written down late: it follows from the times, nobody sets it.

    Args:
        rescue: whether it is about a rescue.
        ended_at: RFC 3339 time the rescue ended.
        typed_at: RFC 3339 time of typing.
    """
    if not rescue:
        return ""
    passed = datetime.fromisoformat(typed_at) - datetime.fromisoformat(ended_at)
    return "supplement" if passed <= timedelta(hours=RESCUE_HOURS) else "supplement_late"


class LateEntry(StationForm):
    """Stands in the same commit as the entry it is about.

    Attributes:
        entry_id: that entry; the paper's own time is the ``happened_at`` of its envelope.
        paper_number: number on the paper: of a pack, or the receipt number of another station.
        paper_kind: kind of form by its pack, or ``receipt``.
        written_by: staff number of who wrote it, "" if not on the list; who types it is the operator.
        written_at: time on the paper, ``typed_at`` time of typing (both RFC 3339).
        paper_minor: the sum on the paper, and ``entered_minor`` what the lines come to; both None without money.
        reason: why the two differ.
        rescue: about a rescue (抢救), which ended at ``rescue_ended_at``; ``mark`` follows from that.
        odd: what was strange about the number, each confirmed by whoever typed it.
    """

    name: ClassVar[str] = "late_entry"
    title: ClassVar[str] = N_("Late entry from paper")
    right: ClassVar[str | None] = "late_entry"

    entry_id: Code
    paper_number: PaperNumberText
    paper_kind: Literal["charge", "deposit", "bookkeeping", "dispense", "receipt"]
    written_by: Annotated[str, Field(max_length=64)] = ""
    written_by_name: Name
    written_at: Time
    typed_at: Time
    paper_minor: AmountMinor | None = None
    entered_minor: AmountMinor | None = None
    reason: FreeText = ""
    rescue: bool = False
    rescue_ended_at: Annotated[str, Field(max_length=40)] = ""
    mark: Mark = ""
    odd: Annotated[tuple[Odd, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _is_honest(self) -> Self:
        if self.paper_minor != self.entered_minor and not self.reason.strip():
            raise fault(N_("The paper has another sum; say why."), "reason")
        ended = self.rescue_ended_at or self.written_at
        if self.mark != mark_of(rescue=self.rescue, ended_at=ended, typed_at=self.typed_at):
            raise fault(N_("The mark of a rescue follows from its times."), "mark")
        return self

    def refers_to(self) -> tuple[str, ...]:
        """It names its entry, and the number on the paper."""
        return (self.entry_id, self.paper_number)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """A paper is typed in once; again only when the first was reversed."""
        if standing_entry(self.paper_number, earlier) is None:
            return []
        what = N_("Form {number} stands in the journal already.")
        return [Problem("paper_number", what, {"number": self.paper_number})]


class PaperTypedAgain(StationForm):
    """A second person keyed the same paper, and it came out the same; only where the site says so."""

    name: ClassVar[str] = "paper_typed_again"
    title: ClassVar[str] = N_("Paper form keyed twice")
    right: ClassVar[str | None] = "late_entry"

    entry_id: Code
    paper_number: PaperNumberText

    def refers_to(self) -> tuple[str, ...]:
        """It names the entry, and the number on the paper."""
        return (self.entry_id, self.paper_number)


class PaperConflict(StationForm):
    """The same number was typed in twice with different content; the second is kept here, and moves nothing.

    Attributes:
        entry_id: what stands.
        typed_form: name of the form typed second, and ``typed`` all of its content.
        differs: what is different: patient, lines, total, payments, form.
    """

    name: ClassVar[str] = "paper_conflict"
    title: ClassVar[str] = N_("Paper form typed in differently")
    right: ClassVar[str | None] = "late_entry"

    entry_id: Code
    paper_number: PaperNumberText
    typed_form: Code
    typed: dict[str, Any]
    typed_minor: AmountMinor | None = None
    written_at: Time
    written_by: Annotated[str, Field(max_length=64)] = ""
    written_by_name: OptionalName = ""
    differs: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]

    def refers_to(self) -> tuple[str, ...]:
        """It names what stands, and the number on the paper."""
        return (self.entry_id, self.paper_number)


Decision = Literal["first", "second", "two_papers"]
DECISIONS: dict[str, str] = {
    "first": N_("The first is right"),
    "second": N_("The second is right: the first was reversed"),
    "two_papers": N_("Two papers: one number was misread"),
}


class PaperConflictSettled(StationForm):
    """Somebody looked at the paper and decides; what was wrong is reversed by its own entry."""

    name: ClassVar[str] = "paper_conflict_settled"
    title: ClassVar[str] = N_("Difference of a paper form settled")
    right: ClassVar[str | None] = "approve"

    conflict_id: Code
    paper_number: PaperNumberText
    decision: Decision
    reason: Annotated[FreeText, Field(min_length=1)]

    def refers_to(self) -> tuple[str, ...]:
        """It names the conflict, and the number on the paper."""
        return (self.conflict_id, self.paper_number)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The second cannot be right while the first still stands."""
        found = earlier.content_of(self.conflict_id)
        if self.decision != "second" or found is None or earlier.referring(found[1]["entry_id"], "reversal"):
            return []
        return [Problem("decision", N_("Reverse the first entry first, then type the paper in again."))]


def standing_entry(paper_number: str, earlier: Earlier) -> str | None:
    """Return the id of the entry that stands for a paper form in this book, or None."""
    for late_id in earlier.referring(paper_number, LateEntry.name):
        found = earlier.content_of(late_id)
        if found is not None and not earlier.referring(found[1]["entry_id"], "reversal"):
            return str(found[1]["entry_id"])
    return None


PAPER_FORMS: tuple[type[StationForm], ...] = (
    *PACK_FORMS,
    LateEntry,
    PaperTypedAgain,
    PaperConflict,
    PaperConflictSettled,
)
