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
    """

    method: Method
    amount_minor: PositiveMinor
    tendered_minor: AmountMinor = 0
    change_minor: AmountMinor = 0
    slip_tail: Annotated[str, Field(max_length=8, pattern=r"^[0-9A-Za-z]*$")] = ""

    @model_validator(mode="after")
    def _cash_adds_up(self) -> Self:
        if self.method != "cash":
            if self.tendered_minor or self.change_minor:
                raise fault(N_("Only cash is handed over and given back."), "tendered_minor")
        elif self.slip_tail:
            raise fault(N_("Cash has no slip."), "slip_tail")
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


def drawer(place: Place, method: str) -> str:
    """Return the account of the station's drawer for ``method``."""
    return account("drawer", place.station, method)


def collected(payments: Sequence[Payment], place: Place, patient: str, currency: str) -> tuple[Posting, ...]:
    """Return the postings of money coming from the patient's account into the drawer."""
    return tuple(
        leg
        for payment in payments
        for leg in move(
            currency,
            payment.amount_minor,
            out_of=account("patient", patient),
            into=drawer(place, payment.method),
        )
    )
