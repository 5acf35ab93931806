"""Dispense 发药: what leaves the pharmacy on a charge that is paid or authorised unpaid."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from forms.base import Form, Part, Problem
from forms.bill import bill_of, dispensed_quantities, owed_minor, refunded_quantities
from forms.payment import NO_SUCH_CHARGE
from forms.people import Code, DateText, Name, OptionalName, PatientRef, VisitRef
from forms.postings import Posting, account, move, stock_unit
from forms.quantity import QuantityText, thousandths
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place


class DispenseLine(Part):
    """One drug handed over, from one batch."""

    code: Code
    name: Name
    spec: OptionalName = ""
    unit: OptionalName = ""
    quantity: QuantityText
    batch: Annotated[str, Field(max_length=64)] = ""
    expiry: DateText | None = None


class Dispense(Form):
    """Drugs handed to a patient at a pharmacy window."""

    name: ClassVar[str] = "dispense"
    title: ClassVar[str] = N_("Dispense")
    role: ClassVar[Literal["cashier", "pharmacist", "nurse"] | None] = "pharmacist"
    right: ClassVar[str | None] = "dispense"

    charge_id: Code
    charge_number: Annotated[str, Field(max_length=40)] = ""
    patient: PatientRef
    visit: VisitRef | None = None
    lines: Annotated[tuple[DispenseLine, ...], Field(min_length=1, max_length=60, strict=False)]
    window: Annotated[str, Field(max_length=40)] = ""
    checked_by: OptionalName = ""

    def refers_to(self) -> tuple[str, ...]:
        """It names its charge."""
        return (self.charge_id,)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """Stock goes from the station's pharmacy to the patient."""
        return tuple(
            leg
            for line in self.lines
            for leg in move(
                stock_unit(line.code, line.batch, line.unit),
                thousandths(line.quantity),
                out_of=account("stock", place.station),
                into=account("patient_stock", self.patient.number),
            )
        )

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The charge must stand, be paid or authorised, and cover what is handed over."""
        bill = bill_of(self.charge_id, earlier)
        if bill is None or bill.patient != self.patient.number:
            return [Problem("charge_id", NO_SUCH_CHARGE, {"number": self.charge_number or self.charge_id})]
        if not bill.vouched and owed_minor(self.charge_id, earlier) > 0:
            return [Problem("charge_id", N_("Charge {number} is not paid."), {"number": self.charge_number})]
        left = defaultdict(Decimal, left_to_dispense(self.charge_id, earlier))
        found = []
        for n, line in enumerate(self.lines):
            left[line.code] -= Decimal(line.quantity)
            if left[line.code] < 0:
                found.append(
                    Problem(
                        f"lines.{n}.quantity",
                        N_("More than the charge still allows for {name}."),
                        {"name": line.name},
                    )
                )
        return found


def left_to_dispense(charge_id: str, earlier: Earlier) -> dict[str, Decimal]:
    """Return what a bill still allows to be handed over, by code; an unlisted line may be a drug."""
    left: defaultdict[str, Decimal] = defaultdict(Decimal)
    bill = bill_of(charge_id, earlier)
    if bill is None:
        return left
    refunded = refunded_quantities(charge_id, earlier)
    for n, line in enumerate(bill.lines, start=1):
        if line.kind != "service":
            left[line.code] += Decimal(line.quantity) - refunded.get(n, Decimal(0))
    for code, handed in dispensed_quantities(charge_id, earlier).items():
        left[code] -= handed
    return left
