"""How money changes hands: several methods, cash with change, slips by their tail, never a card number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from forms.base import Part, Place, fault
from forms.postings import Posting, account, move
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

AMOUNT_MINOR_MAX = 10_000_000_000
"""One hundred million yuan: above this it is a typing error."""

Method = Literal["cash", "card", "mobile"]
METHODS: tuple[Method, ...] = ("cash", "card", "mobile")
METHOD_WORDS = {"cash": N_("Cash"), "card": N_("Bank card"), "mobile": N_("Mobile pay")}
"""What they are called, as msgids."""
AmountMinor = Annotated[int, Field(ge=0, le=AMOUNT_MINOR_MAX)]
PositiveMinor = Annotated[int, Field(gt=0, le=AMOUNT_MINOR_MAX)]


class Payment(Part):
    """One part of a payment.

    Attributes:
        method: cash, card or mobile pay.
        amount_minor: what counts towards the total, in minor units.
        tendered_minor: cash handed over; 0 for other methods.
        change_minor: cash given back; tendered less amount.
        slip_tail: last digits of the slip or of the mobile order; empty for cash.
        unverified: nobody here saw the money arrive (未核实); it waits for a statement. Without a tail: no slip.
    """

    method: Method
    amount_minor: PositiveMinor
    tendered_minor: AmountMinor = 0
    change_minor: AmountMinor = 0
    slip_tail: Annotated[str, Field(max_length=8, pattern=r"^[0-9A-Za-z]*$")] = ""
    unverified: bool = False

    @model_validator(mode="after")
    def _cash_adds_up(self) -> Self:
        if self.method != "cash":
            if self.tendered_minor or self.change_minor:
                raise fault(N_("Only cash is handed over and given back."), "tendered_minor")
        elif self.slip_tail:
            raise fault(N_("Cash has no slip."), "slip_tail")
        elif self.unverified:
            raise fault(N_("Cash lies here; there is nothing to verify."), "unverified")
        elif self.tendered_minor - self.change_minor != self.amount_minor:
            raise fault(N_("Cash handed over less change must be the amount."), "change_minor")
        return self


Payments = Annotated[tuple[Payment, ...], Field(max_length=6, strict=False)]


def paid_minor(payments: Sequence[Payment]) -> int:
    """Return the sum of ``payments`` in minor units."""
    return sum(payment.amount_minor for payment in payments)


def require_one_cash(payments: Sequence[Payment]) -> None:
    """Refuse two cash parts: their change could not be told apart."""
    if sum(payment.method == "cash" for payment in payments) > 1:
        raise fault(N_("Cash stands twice; put it in one line."), "payments")


def require_paid(payments: Sequence[Payment], total_minor: int, field: str = "payments") -> None:
    """Refuse two cash parts and methods that do not add up; ``field`` is where they stand in the form."""
    require_one_cash(payments)
    if paid_minor(payments) != total_minor:
        raise fault(N_("The methods do not add up to the total."), field)


def drawer(place: Place, method: str) -> str:
    """Return the account of the station's drawer for ``method``."""
    return account("drawer", place.station, method)


def unverified_account(method: str) -> str:
    """Return the account of money that nobody saw arrive yet."""
    return account("suspense", "unverified", method)


def to_be_returned_account(method: str) -> str:
    """Return the account of money owed back the way it came (待原路退); negative while it is owed."""
    return account("suspense", "to_be_returned", method)


def received_into(place: Place, payment: Payment) -> str:
    """Return where a payment lies: in the drawer, or waiting to be verified."""
    return unverified_account(payment.method) if payment.unverified else drawer(place, payment.method)


def taken(payments: Sequence[Payment], place: Place, out_of: str, currency: str) -> tuple[Posting, ...]:
    """Return the postings of money coming from an account to where it lies here."""
    return tuple(
        leg
        for payment in payments
        for leg in move(currency, payment.amount_minor, out_of=out_of, into=received_into(place, payment))
    )


def given_back(refunds: Sequence[Payment], place: Place, into: str, currency: str) -> tuple[Posting, ...]:
    """Return the postings of money going back: cash leaves the drawer, the rest is only owed (原路退).

    A card or mobile refund leaves the account of that method when ``refund_confirmed`` says so, not before.
    """
    return tuple(
        leg
        for part in refunds
        for leg in move(
            currency,
            part.amount_minor,
            out_of=drawer(place, "cash") if part.method == "cash" else to_be_returned_account(part.method),
            into=into,
        )
    )


def collected(payments: Sequence[Payment], place: Place, patient: str, currency: str) -> tuple[Posting, ...]:
    """Return the postings of money coming from the patient's account."""
    return taken(payments, place, account("patient", patient), currency)
