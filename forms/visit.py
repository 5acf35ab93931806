"""Visit 就诊: department, doctor and kind; the HIS hangs everything else on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from forms.base import Form, Problem
from forms.people import FreeText, PatientRef, VisitRef
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier


class Visit(Form):
    """A patient comes to a department."""

    name: ClassVar[str] = "visit"
    title: ClassVar[str] = N_("Visit")
    right: ClassVar[str | None] = "register"

    patient: PatientRef
    visit: VisitRef
    note: FreeText = ""

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Refuse a visit number that is already taken."""
        if earlier.has_visit(self.visit.number):
            return [
                Problem(
                    "visit.number",
                    N_("Number {number} is already in use; take the next one."),
                    {"number": self.visit.number},
                )
            ]
        return []
