"""Itemisation 补录明细: the lines a pre-collection was for, from the window, the pharmacy or a drafted person.

Revenue is posted against the advance as far as that reaches. The difference is shown and stays a fact: what the
lines come to above the advance is owed and collected with a payment (少补), what is left of the advance goes
back with a refund of the pre-collection (多退). Nothing is given back silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from forms.base import Form, Problem
from forms.charge import LINES_MAX, ChargeLine, lines_owed, require_total
from forms.money import Told
from forms.people import FreeText, PatientRef, VisitRef
from forms.postings import Posting, account, move
from forms.precollection import Precollection, advance_account, advance_left, covered_by
from forms.tender import AmountMinor, PositiveMinor
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place


class Itemisation(Form):
    """The lines of one pre-collection.

    Attributes:
        precollection_id: its entry, if it stands in this book; else empty.
        precollection_number: the number on its slip.
        advance_minor: what the slip says was paid; read from its code where the slip is another station's.
        covered_minor: how much of the lines the advance pays.
    """

    name: ClassVar[str] = "itemisation"
    title: ClassVar[str] = N_("Lines of a pre-collection")
    right: ClassVar[str | None] = "price"

    precollection_id: Annotated[str, Field(max_length=64)] = ""
    precollection_number: Annotated[str, Field(min_length=1, max_length=40, title=N_("For receipt"))]
    patient: PatientRef
    visit: VisitRef | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: Annotated[tuple[ChargeLine, ...], Field(min_length=1, max_length=LINES_MAX, strict=False)]
    total_minor: Annotated[AmountMinor, Field(title=N_("Total"))]
    advance_minor: Annotated[PositiveMinor, Field(title=N_("Paid in advance"))]
    covered_minor: Annotated[AmountMinor, Field(title=N_("Covered by the advance"))]
    note: FreeText = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_total(self.lines, self.total_minor)
        return self

    def refers_to(self) -> tuple[str, ...]:
        """It names the pre-collection: by its entry, or by its number where that is elsewhere."""
        return (self.precollection_id or self.precollection_number,)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """The patient owes the lines; the advance pays them as far as it goes."""
        patient = account("patient", self.patient.number)
        advance = advance_account(self.patient.number)
        covered = move(self.currency, self.covered_minor, out_of=patient, into=advance)
        return lines_owed(self.lines, patient, self.currency) + (covered if self.covered_minor else ())

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The pre-collection must stand and be this patient's; the advance is used as far as it goes."""
        where = {"number": self.precollection_number}
        if self.precollection_id:
            found = earlier.content_of(self.precollection_id)
            if (
                found is None
                or found[0] != Precollection.name
                or found[1]["patient"]["number"] != self.patient.number
                or earlier.referring(self.precollection_id, "reversal")
            ):
                return [
                    Problem("precollection_number", N_("There is no pre-collection {number} here."), where)
                ]
            left = advance_left(self.precollection_id, earlier)
        else:
            left = self.advance_minor - covered_by(self.precollection_number, earlier)
        if self.covered_minor != min(self.total_minor, max(left, 0)):
            return [
                Problem(
                    "covered_minor",
                    N_("{left} of pre-collection {number} is left; it pays as far as it goes."),
                    {**where, "left": Told(left, self.currency)},
                )
            ]
        return []

    def over_minor(self) -> int:
        """Return what the advance left over, or, negative, what is still owed (多退少补)."""
        short = self.total_minor - self.covered_minor
        return -short if short else self.advance_minor - self.covered_minor
