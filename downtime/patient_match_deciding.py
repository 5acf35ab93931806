"""Looking at all temporary patients at once, and the forms that say what a person decided."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from downtime.patient_match import Shares, compare, proposed
from downtime.patient_match_blocks import link
from downtime.patient_match_people import person_of_row
from downtime.reference_tables import PatientRow
from downtime.store import patient_match as decided
from forms.patient_matched import Evidence, PatientMatched, PatientUnmatched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from downtime.patient_match import Candidate
    from downtime.patient_match_people import Person
    from downtime.store.patient_match import Decision
    from downtime.store.reference import Reference
    from downtime.store.sqlite import Database


@dataclass(frozen=True, slots=True)
class Temporary:
    """One temporary patient with everything a person needs to decide.

    Attributes:
        candidates: the surest first; empty where nobody in the lists comes near.
        decision: what stands, or None.
    """

    person: Person
    candidates: tuple[Candidate, ...]
    decision: Decision | None = None

    @property
    def certain(self) -> Candidate | None:
        """The candidate that is certain, as long as nothing was decided."""
        return None if self.decision is not None else proposed(self.candidates)

    @property
    def is_open(self) -> bool:
        """Whether somebody must still decide."""
        return self.decision is None


@dataclass(frozen=True, slots=True)
class Matching:
    """All temporary patients of a book, compared with one version of the lists.

    Attributes:
        version: of the reference tables, 0 without any; taken_at: when their patients were taken.
        people: how many patients the lists hold.
    """

    temporaries: tuple[Temporary, ...]
    version: int = 0
    taken_at: str = ""
    people: int = 0

    def certain(self) -> list[Temporary]:
        """Return those whose patient is certain and who wait for a person to say so."""
        return [one for one in self.temporaries if one.certain is not None]

    def open(self) -> list[Temporary]:
        """Return those nothing was decided about."""
        return [one for one in self.temporaries if one.is_open]

    def with_decision(self, number: str, decision: Decision | None) -> Matching:
        """Return the same after something was decided or undone about one number."""
        told = (
            replace(one, decision=decision) if one.person.number == number else one
            for one in self.temporaries
        )
        return replace(self, temporaries=tuple(told))

    def matched_to(self, number: str) -> list[str]:
        """Return the temporary numbers that were matched to a HIS number."""
        return [
            one.person.number
            for one in self.temporaries
            if one.decision is not None
            and one.decision.form.other is not None
            and one.decision.form.other.number == number
        ]


def match_patients(
    db: Database, reference: Reference | None, on_read: Callable[[int], None] = lambda _read: None
) -> Matching:
    """Compare every temporary patient of a journal with the patients of a reference file.

    Args:
        db: the journal.
        reference: the lists, or None where there are none yet.
        on_read: told how many patients were read, every thousand; what it raises ends the reading.
    """
    here = decided.temporaries(db)
    standing = decided.standing_decisions(db)
    count = reference.counts.get("patients", 0) if reference is not None else 0
    found = link(here, _people(reference), count, on_read)
    return Matching(
        tuple(Temporary(one, tuple(found[one.number]), standing.get(one.number)) for one in here),
        reference.version if reference is not None else 0,
        reference.table_taken_at.get("patients", "") if reference is not None else "",
        count,
    )


def _people(reference: Reference | None) -> Iterator[Person]:
    for row in reference.rows("patients") if reference is not None else ():
        assert isinstance(row, PatientRow)
        yield person_of_row(row)


def compared_by_hand(one: Person, others: Sequence[Person], people: int) -> list[Candidate]:
    """Compare with patients somebody searched for; none is left out, however little fits."""
    shares = Shares(people)
    return [compare(one, other, shares) for other in others]


def matched_form(
    one: Temporary, candidate: Candidate | None, version: int, *, by_hand: bool = False, note: str = ""
) -> PatientMatched:
    """Return the form that says whom a person chose; ``candidate`` None: nobody in the lists."""
    told = {
        "patient": one.person.reference(),
        "registration_id": one.person.entry_id,
        "compared_with": version,
        "note": note,
    }
    if candidate is None:
        return PatientMatched.model_validate({**told, "outcome": "nobody", "others": len(one.candidates)})
    evidence = tuple(Evidence(field=r.field, level=r.level, weight=r.weight) for r in candidate.reasons)
    return PatientMatched.model_validate(
        {
            **told,
            "outcome": "same_temporary" if candidate.person.temporary else "same",
            "other": candidate.person.reference(),
            "verdict": "chosen" if by_hand else candidate.verdict,
            "score": candidate.score,
            "evidence": evidence,
            "others": len(
                [other for other in one.candidates if other.person.number != candidate.person.number]
            ),
        }
    )


def unmatched_form(decision: Decision, reason: str) -> PatientUnmatched:
    """Return the form that undoes a decision."""
    return PatientUnmatched(decision_id=decision.entry_id, patient=decision.form.patient, reason=reason)
