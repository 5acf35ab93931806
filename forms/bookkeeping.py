"""Bookkeeping 记账: lines on an inpatient's account, no money. The ward writes it, the discharge bill settles it.

Fields as on the 记账单: 病区, 床号, 开单科室/医生 (in the visit), 执行人, 核对人; see domain findings 5.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Form
from forms.charge import LINES_MAX, ChargeLine, lines_owed, require_total
from forms.people import FreeText, OptionalName, PatientRef, VisitRef
from forms.postings import Posting, account
from forms.tender import AmountMinor
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place


class Bookkeeping(Form):
    """Items an inpatient's account owes.

    Attributes:
        done_by: who carried it out (执行人); ``checked_by`` who checked it (核对人).
    """

    name: ClassVar[str] = "bookkeeping"
    title: ClassVar[str] = N_("Bookkeeping charge")
    role: ClassVar[Literal["cashier", "pharmacist", "nurse"] | None] = "nurse"
    right: ClassVar[str | None] = "price"

    patient: PatientRef
    visit: VisitRef | None = None
    ward: Annotated[str, Field(max_length=80, title=N_("Ward"))] = ""
    bed: Annotated[str, Field(max_length=20, title=N_("Bed"))] = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: Annotated[tuple[ChargeLine, ...], Field(min_length=1, max_length=LINES_MAX, strict=False)]
    total_minor: AmountMinor
    done_by: Annotated[OptionalName, Field(title=N_("Done by"))] = ""
    checked_by: Annotated[OptionalName, Field(title=N_("Checked by"))] = ""
    note: FreeText = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_total(self.lines, self.total_minor)
        return self

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """The inpatient's account owes the lines."""
        return lines_owed(self.lines, account("patient", self.patient.number, "inpatient"), self.currency)
