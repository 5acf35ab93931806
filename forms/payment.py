"""Payment 收款: money collected later for a charge authorised unpaid, or for lines no advance covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from forms.base import Form, Problem
from forms.bill import bill_of, owed_minor
from forms.charge import Charge
from forms.money import Told
from forms.people import Code, PatientRef
from forms.tender import Payments, PositiveMinor, collected, require_paid
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place
    from forms.postings import Posting

__all__ = ["NO_SUCH_CHARGE", "Collection", "owed_minor", "standing_charge"]

NO_SUCH_CHARGE = N_("There is no charge {number} here, or it has been reversed.")


class Collection(Form):
    """Collects what a charge left unpaid."""

    name: ClassVar[str] = "payment"
    title: ClassVar[str] = N_("Payment")

    charge_id: Code
    charge_number: Annotated[str, Field(max_length=40)] = ""
    patient: PatientRef
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    total_minor: PositiveMinor
    payments: Annotated[Payments, Field(min_length=1)]

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_paid(self.payments, self.total_minor)
        return self

    def refers_to(self) -> tuple[str, ...]:
        """It names its charge."""
        return (self.charge_id,)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """Money goes from the patient into the drawer."""
        return collected(self.payments, place, self.patient.number, self.currency)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The charge must stand, be this patient's, and still owe that much."""
        bill = bill_of(self.charge_id, earlier)
        if bill is None or bill.is_on_account or bill.patient != self.patient.number:
            return [Problem("charge_id", NO_SUCH_CHARGE, {"number": self.charge_number or self.charge_id})]
        owed = owed_minor(self.charge_id, earlier)
        if not owed:
            return [Problem("total_minor", N_("Nothing is owed on it any more: take no money."))]
        if self.total_minor > owed:
            return [
                Problem("total_minor", N_("Only {owed} is still owed."), {"owed": Told(owed, self.currency)})
            ]
        return []


def standing_charge(charge_id: str, earlier: Earlier) -> Charge | None:
    """Return the charge if it is here and not reversed."""
    found = earlier.content_of(charge_id)
    if found is None or found[0] != Charge.name or earlier.referring(charge_id, "reversal"):
        return None
    return Charge.model_validate(found[1])
