"""Charge 收费: lines, and the money for them over several methods, or who vouches that it comes later."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Protocol, Self

from pydantic import Field, model_validator

from forms.base import Form, Part, Problem, fault
from forms.money import line_amount
from forms.people import Code, Name, OptionalName, PatientRef, PayerKind, Phone, VisitRef
from forms.postings import Posting, account, move
from forms.quantity import QuantityText
from forms.tender import AmountMinor, Payments, collected, paid_minor, require_one_cash
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        category: fee category of the price list (费用类别), for the shift's sums; the registration fee is one.
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
    category: Annotated[str, Field(max_length=64)] = ""

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


class PricedLine(Protocol):
    """A line with its kind and amount: of a charge, or of a refund."""

    @property
    def kind(self) -> str:
        """Return service, drug or unlisted."""

    @property
    def amount_minor(self) -> int:
        """Return its money."""


def lines_owed(lines: Iterable[PricedLine], into: str, currency: str) -> tuple[Posting, ...]:
    """Return the postings of lines that somebody's account owes: revenue, or waiting for a price."""
    return tuple(
        leg
        for line in lines
        for leg in move(
            currency,
            line.amount_minor,
            out_of=account("suspense", "unlisted")
            if line.kind == "unlisted"
            else account("revenue", line.kind),
            into=into,
        )
    )


def require_total(lines: Iterable[PricedLine], given: int) -> None:
    """Refuse a total that is not the sum of its lines."""
    total = sum(line.amount_minor for line in lines)
    if total != given:
        raise fault(
            N_("The lines add up to {expected} minor units, not {given}."),
            "total_minor",
            expected=total,
            given=given,
        )


class Charge(Form):
    """Items charged to a patient; paid now, or authorised unpaid.

    Attributes:
        priced_id: the pricing slip (划价) it takes over, if that stands in this book.
        priced_number: the number on that slip, also where another station made it.
    """

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
    priced_id: Annotated[str, Field(max_length=64)] = ""
    priced_number: Annotated[str, Field(max_length=40)] = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_total(self.lines, self.total_minor)
        total = self.total_minor
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
        owed = lines_owed(self.lines, account("patient", self.patient.number), self.currency)
        return owed + collected(self.payments, place, self.patient.number, self.currency)

    def refers_to(self) -> tuple[str, ...]:
        """It names the pricing slip it takes over: by its entry, or by its number where that is elsewhere."""
        named = self.priced_id or self.priced_number
        return (named,) if named else ()

    def problems(self, earlier: Earlier) -> list[Problem]:
        """A pricing slip is paid once, by its own patient."""
        if not self.refers_to():
            return []
        where = {"number": self.priced_number or self.priced_id}
        if any(
            earlier.referring(named, self.name) for named in (self.priced_id, self.priced_number) if named
        ):
            return [Problem("priced_id", N_("Pricing slip {number} has been charged already."), where)]
        if not self.priced_id:
            return []
        found = earlier.content_of(self.priced_id)
        if found is None or found[0] != "pricing":
            return [Problem("priced_id", N_("There is no pricing slip {number} here."), where)]
        if found[1]["patient"]["number"] != self.patient.number:
            return [Problem("priced_id", N_("Pricing slip {number} is another patient's."), where)]
        return []

    def owed_minor(self) -> int:
        """Return what is still to be collected, in minor units."""
        return self.total_minor - paid_minor(self.payments)
