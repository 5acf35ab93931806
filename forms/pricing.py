"""Pricing 划价: lines priced by the pharmacy or a drafted helper, no money; the cashier scans and takes it.

Its slip is numbered, so its code holds number, patient, items, quantities and amounts, signed; ``charge`` takes
it over by ``priced_id``, or by ``priced_number`` where another station made it. It is nothing the HIS must get.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Form
from forms.charge import LINES_MAX, ChargeLine, require_total
from forms.people import FreeText, PatientRef, PayerKind, VisitRef
from forms.tender import AmountMinor
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier


class Pricing(Form):
    """What something will cost, on paper; not paid, and no proof of payment."""

    name: ClassVar[str] = "pricing"
    title: ClassVar[str] = N_("Pricing")
    deliverable: ClassVar[bool] = False
    role: ClassVar[Literal["cashier", "pharmacist", "nurse"] | None] = "pharmacist"
    right: ClassVar[str | None] = "price"

    patient: PatientRef
    visit: VisitRef | None = None
    payer_kind: PayerKind = "self"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: Annotated[tuple[ChargeLine, ...], Field(min_length=1, max_length=LINES_MAX, strict=False)]
    total_minor: AmountMinor
    note: FreeText = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_total(self.lines, self.total_minor)
        return self


def charged_as(pricing_id: str, earlier: Earlier) -> str | None:
    """Return the charge that took over a pricing slip of this book, or None."""
    return next(iter(earlier.referring(pricing_id, "charge")), None)
