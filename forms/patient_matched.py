"""Patient matched 患者匹配: a temporary number belongs to this patient of the HIS, or to nobody it knows.

A person decides and the evidence stands beside it; what was decided wrongly is undone by ``patient_unmatched`` with a
reason, never changed. One decision stands for a number at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Part, Problem, fault
from forms.people import Code, FreeText, PatientRef
from forms.station_book import StationForm
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier

Outcome = Literal["same", "same_temporary", "nobody"]
Verdict = Literal["certain", "likely", "possible", "chosen"]


class Evidence(Part):
    """What one field said.

    Attributes:
        field: which one, for instance ``birth_date``.
        level: how far it agrees, for instance ``same`` or ``slip``.
        weight: hundredths of a bit for (positive) or against its being the same person.
    """

    field: Annotated[str, Field(min_length=1, max_length=40)]
    level: Annotated[str, Field(min_length=1, max_length=40)]
    weight: int


class PatientMatched(StationForm):
    """One decision about one temporary number.

    Attributes:
        patient: as registered, under the temporary number.
        registration_id: entry id of the registration, or "" where it stands in another book.
        outcome: same: ``other`` is the HIS patient; same_temporary: ``other`` is an earlier temporary number of
            the same person; nobody: the lists do not hold this person.
        verdict: how it had been proposed; "chosen" if a person found the patient by searching.
        score: 0 to 100, how sure the comparison was.
        others: how many further candidates were shown.
        compared_with: version of the reference tables.
    """

    name: ClassVar[str] = "patient_matched"
    title: ClassVar[str] = N_("Patient matched")
    right: ClassVar[str | None] = "deliver"

    patient: PatientRef
    registration_id: Annotated[str, Field(max_length=64)] = ""
    outcome: Outcome
    other: PatientRef | None = None
    verdict: Verdict = "chosen"
    score: Annotated[int, Field(ge=0, le=100)] = 0
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=20, strict=False)] = ()
    others: Annotated[int, Field(ge=0)] = 0
    compared_with: Annotated[int, Field(ge=0)] = 0
    note: FreeText = ""

    @model_validator(mode="after")
    def _names_whom_it_means(self) -> Self:
        if not self.patient.temporary:
            raise fault(N_("Only a temporary number is matched."), "patient.number")
        if (self.other is None) != (self.outcome == "nobody"):
            raise fault(N_("Say which patient it is, or that it is nobody."), "other")
        if self.other is not None:
            if self.other.temporary != (self.outcome == "same_temporary"):
                raise fault(N_("Say which patient it is, or that it is nobody."), "other")
            if self.other.number == self.patient.number:
                raise fault(N_("A number is not matched to itself."), "other")
        return self

    def patient_number(self) -> None:
        """Return None: a decision about a number must not keep a mistaken registration from being reversed."""
        return

    def refers_to(self) -> tuple[str, ...]:
        """It names the temporary number, and the registration where that stands here."""
        return tuple(filter(None, (self.patient.number, self.registration_id)))

    def problems(self, earlier: Earlier) -> list[Problem]:
        """One decision at a time; "nobody" gives way to a patient who was found after all."""
        held = standing_match(earlier, self.patient.number)
        if held is not None and not (held[1].outcome == "nobody" and self.outcome != "nobody"):
            return [
                Problem(
                    "patient.number",
                    N_("{number} has been decided already; undo that first."),
                    {"number": self.patient.number},
                )
            ]
        if self.outcome == "same_temporary" and self.other is not None:
            before = standing_match(earlier, self.other.number)
            if before is not None and before[1].outcome == "same_temporary":
                return [
                    Problem(
                        "other.number",
                        N_("{number} itself belongs to another temporary number; choose that one."),
                        {"number": self.other.number},
                    )
                ]
        return []


class PatientUnmatched(StationForm):
    """A decision is undone; the number waits again.

    Attributes:
        decision_id: entry id of the ``patient_matched``.
    """

    name: ClassVar[str] = "patient_unmatched"
    title: ClassVar[str] = N_("Patient match undone")
    right: ClassVar[str | None] = "deliver"

    decision_id: Code
    patient: PatientRef
    reason: Annotated[FreeText, Field(min_length=1)]

    def patient_number(self) -> None:
        """Return None, as the decision does."""
        return

    def refers_to(self) -> tuple[str, ...]:
        """It names the decision."""
        return (self.decision_id,)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Only the decision that stands can be undone, under its own number."""
        held = standing_match(earlier, self.patient.number)
        if held is None or held[0] != self.decision_id:
            where = {"number": self.patient.number}
            return [Problem("decision_id", N_("That decision about {number} does not stand."), where)]
        return []


MATCH_FORMS = (PatientMatched, PatientUnmatched)


def standing_match(earlier: Earlier, temporary: str) -> tuple[str, PatientMatched] | None:
    """Return (entry id, decision) of what stands for a temporary number, or None."""
    for entry_id in reversed(earlier.referring(temporary, PatientMatched.name)):
        found = earlier.content_of(entry_id)
        assert found is not None, "it was just named"
        decision = PatientMatched.model_validate(found[1])
        if decision.patient.number == temporary:
            if earlier.referring(entry_id, PatientUnmatched.name):
                continue
            return entry_id, decision
    return None
