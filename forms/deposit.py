"""Deposit 预交金 of an inpatient, and its refund: money held, a liability until the discharge bill.

Fields as on the white slip hospitals write by hand (病房, 姓名, 金额, 病人联系电话, 本科室电话, 交款人): domain
findings, cashier. The balance is what the list said "as of" some time; it informs and never blocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from forms.base import Form, Problem
from forms.bill import exchange_state, money_of
from forms.people import Code, FreeText, OptionalName, PatientRef, Phone, VisitRef
from forms.postings import Posting, account
from forms.refund_rules import FORMAL_PAPER_FIRST, method_problem, require_settled
from forms.tender import Payments, PositiveMinor, given_back, require_paid, taken
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place


class Deposit(Form):
    """Money an inpatient leaves before the bill.

    Attributes:
        ward: 病区; ``bed`` 床号; ``department_phone`` the ward's own.
        payer_name: who paid, if not the patient.
        balance_minor: the inpatient's balance before this, by the list, or None if no list has it.
        balance_as_of: RFC 3339 time of that list.
    """

    name: ClassVar[str] = "deposit"
    title: ClassVar[str] = N_("Deposit")

    patient: PatientRef
    visit: VisitRef | None = None
    ward: Annotated[str, Field(max_length=80, title=N_("Ward"))] = ""
    bed: Annotated[str, Field(max_length=20, title=N_("Bed"))] = ""
    phone: Annotated[Phone, Field(title=N_("Phone"))] = ""
    department_phone: Annotated[Phone, Field(title=N_("Ward's phone"))] = ""
    payer_name: Annotated[OptionalName, Field(title=N_("Paid by"))] = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    total_minor: Annotated[PositiveMinor, Field(title=N_("Amount"))]
    payments: Annotated[Payments, Field(min_length=1)]
    balance_minor: Annotated[int, Field(title=N_("Balance by the list"))] | None = None
    balance_as_of: Annotated[str, Field(max_length=40, title=N_("Balance as of"))] = ""
    note: FreeText = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_paid(self.payments, self.total_minor)
        return self

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """Money lies here, and is owed to the inpatient."""
        return taken(self.payments, place, deposit_account(self.patient.number), self.currency)


class DepositRefund(Form):
    """A deposit goes back, whole or in part, the way it came."""

    name: ClassVar[str] = "deposit_refund"
    title: ClassVar[str] = N_("Deposit refund")
    right: ClassVar[str | None] = "reverse"

    deposit_id: Code
    deposit_number: Annotated[str, Field(max_length=40, title=N_("For receipt"))] = ""
    patient: PatientRef
    visit: VisitRef | None = None
    reason: Annotated[FreeText, Field(min_length=1)]
    refunds: Annotated[Payments, Field(min_length=1)]
    total_minor: Annotated[PositiveMinor, Field(title=N_("Amount"))]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    paper_returned: Annotated[bool, Field(title=N_("Formal paper taken back"))] = False

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_settled(self.refunds, self.total_minor)
        return self

    def refers_to(self) -> tuple[str, ...]:
        """It names the deposit."""
        return (self.deposit_id,)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """Cash leaves the drawer; what was paid by card or mobile is owed back the same way."""
        return given_back(self.refunds, place, deposit_account(self.patient.number), self.currency)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The deposit must stand and still hold that much, by that method."""
        where = {"number": self.deposit_number or self.deposit_id}
        found = earlier.content_of(self.deposit_id)
        if (
            found is None
            or found[0] != Deposit.name
            or found[1]["patient"]["number"] != self.patient.number
            or earlier.referring(self.deposit_id, "reversal")
        ):
            return [Problem("deposit_id", N_("There is no deposit {number} here."), where)]
        if exchange_state(self.deposit_id, earlier) == "exchanged" and not self.paper_returned:
            return [Problem("paper_returned", FORMAL_PAPER_FIRST, where)]
        return method_problem(money_of(self.deposit_id, earlier), self.refunds, self.currency)


def deposit_account(patient: str) -> str:
    """Return the account of an inpatient's deposits; negative: the station owes it."""
    return account("deposit", patient, "inpatient")


def deposited_here(patient: str, earlier: Earlier, currency: str) -> int:
    """Return what of an inpatient's deposits stations of this journal hold, in minor units."""
    return -earlier.balances(deposit_account(patient)).get((deposit_account(patient), currency), 0)
