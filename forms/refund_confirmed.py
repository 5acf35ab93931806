"""Refund confirmed 原路退已完成: card or mobile money has really gone back; until then it was owed (待原路退)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from forms.base import Problem, fault
from forms.bill import refund_left
from forms.people import Code, FreeText, PatientRef
from forms.postings import Posting, move
from forms.refund_rules import require_settled
from forms.station_book import StationForm
from forms.tender import Payments, PositiveMinor, drawer, to_be_returned_account
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place


class RefundConfirmed(StationForm):
    """Names the refund and what of it has gone back, by method."""

    name: ClassVar[str] = "refund_confirmed"
    title: ClassVar[str] = N_("Refund returned")
    right: ClassVar[str | None] = "cash"

    refund_id: Code
    refund_number: Annotated[str, Field(max_length=40)] = ""
    patient: PatientRef
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    refunds: Annotated[Payments, Field(min_length=1)]
    total_minor: PositiveMinor
    note: FreeText = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_settled(self.refunds, self.total_minor)
        if any(part.method == "cash" for part in self.refunds):
            raise fault(N_("Cash went back with the refund; only card and mobile are confirmed later."))
        return self

    def refers_to(self) -> tuple[str, ...]:
        """It names the refund."""
        return (self.refund_id,)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """The money leaves the account of its method; nothing is owed back any more."""
        return tuple(
            leg
            for part in self.refunds
            for leg in move(
                self.currency,
                part.amount_minor,
                out_of=drawer(place, part.method),
                into=to_be_returned_account(part.method),
            )
        )

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Only what is still owed back by that method."""
        left = refund_left(self.refund_id, earlier)
        where = {"number": self.refund_number or self.refund_id}
        for part in self.refunds:
            left[part.method] -= part.amount_minor
            if left[part.method] < 0:
                return [Problem("refunds", N_("Refund {number} does not owe that much any more."), where)]
        return []
