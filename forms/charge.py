"""Charge 收费: lines, and the money for them over several methods, or who vouches that it comes later."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Form, Part, fault
from forms.money import line_amount
from forms.people import Code, Name, OptionalName, PatientRef, PayerKind, Phone, VisitRef
from forms.postings import Posting, account, move
from forms.quantity import QuantityText
from forms.tender import AmountMinor, Payments, collected, paid_minor, require_one_cash
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place

LINES_MAX = 60


class ChargeLine(Part):
    """One item charged.

    Attributes:
        code: code in the price list; ``UNLISTED`` for an item no list has (待核价).
        unit_price_minor: price of one unit in minor units.
        quantity: canonical decimal text, for instance "1" or "1.5".
        amount_minor: price times quantity, rounded half up.
        kind: service, drug, or unlisted: its price is checked later.
    """

    code: Code
    name: Name
    spec: OptionalName = ""
    unit: OptionalName = ""
    kind: Literal["service", "drug", "unlisted"] = "service"
    unit_price_minor: AmountMinor
    quantity: QuantityText
    amount_minor: AmountMinor
    department: OptionalName = ""
    doctor: OptionalName = ""

    @model_validator(mode="after")
    def _amount_is_price_times_quantity(self) -> Self:
        expected = line_amount(self.unit_price_minor, Decimal(self.quantity))
        if self.amount_minor != expected:
            raise fault(
                N_("Price times quantity is {expected} minor units, not {given}."),
                "amount_minor",
                expected=expected,
                given=self.amount_minor,
            )
        return self


class Authorisation(Part):
    """Why the patient leaves without paying: arrears 欠费 or green channel 绿色通道, and who vouches."""

    kind: Literal["arrears", "green_channel"]
    guarantor: Name
    phone: Phone = ""
    approved_by: OptionalName = ""


class Charge(Form):
    """Items charged to a patient; paid now, or authorised unpaid."""

    name: ClassVar[str] = "charge"
    title: ClassVar[str] = N_("Charge")

    patient: PatientRef
    visit: VisitRef | None = None
    payer_kind: PayerKind = "self"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    lines: Annotated[tuple[ChargeLine, ...], Field(min_length=1, max_length=LINES_MAX, strict=False)]
    total_minor: AmountMinor
    payments: Payments = ()
    authorisation: Authorisation | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        total = sum(line.amount_minor for line in self.lines)
        if total != self.total_minor:
            raise fault(
                N_("The lines add up to {expected} minor units, not {given}."),
                "total_minor",
                expected=total,
                given=self.total_minor,
            )
        require_one_cash(self.payments)
        paid = paid_minor(self.payments)
        if paid > total:
            raise fault(N_("More is paid than is due; give change in cash."), "payments")
        if paid < total and self.authorisation is None:
            raise fault(
                N_("{missing} minor units are not paid; collect them or say who vouches."),
                "payments",
                missing=total - paid,
            )
        if paid == total and total and self.authorisation is not None:
            raise fault(N_("It is paid in full; nobody needs to vouch."), "authorisation")
        return self

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """The patient owes the lines; what is paid goes from the patient into the drawer."""
        patient = account("patient", self.patient.number)
        owed = tuple(
            leg
            for line in self.lines
            for leg in move(
                self.currency,
                line.amount_minor,
                out_of=account("suspense", "unlisted")
                if line.kind == "unlisted"
                else account("revenue", line.kind),
                into=patient,
            )
        )
        return owed + collected(self.payments, place, self.patient.number, self.currency)

    def owed_minor(self) -> int:
        """Return what is still to be collected, in minor units."""
        return self.total_minor - paid_minor(self.payments)
