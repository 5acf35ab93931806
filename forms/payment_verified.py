"""Payment verified 已核实: an unverified card or mobile payment was found, or is known never to have come.

At the window nobody could see the confirmation, so the money waits in suspense. A statement, a slip or a call
decides: received moves it to the account of its method; not received makes the patient owe it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from forms.base import Problem
from forms.bill import unverified_left
from forms.deposit import Deposit, deposit_account
from forms.money import Told
from forms.people import Code, FreeText, PatientRef
from forms.postings import Posting, account, move
from forms.precollection import Precollection, advance_account
from forms.station_book import StationForm
from forms.tender import PositiveMinor, drawer, unverified_account
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place


class PaymentVerified(StationForm):
    """Names the entry whose payment it is about.

    Attributes:
        received: the money is there; False: it never came.
        source: what says so.
    """

    name: ClassVar[str] = "payment_verified"
    title: ClassVar[str] = N_("Payment verified")
    right: ClassVar[str | None] = "cash"

    entry_id: Code
    entry_number: Annotated[str, Field(max_length=40)] = ""
    patient: PatientRef
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    method: Literal["card", "mobile"]
    total_minor: PositiveMinor
    slip_tail: Annotated[str, Field(max_length=8, pattern=r"^[0-9A-Za-z]*$")] = ""
    received: bool = True
    source: Literal["statement", "slip", "phone"] = "statement"
    note: FreeText = ""

    def refers_to(self) -> tuple[str, ...]:
        """It names the entry."""
        return (self.entry_id,)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:
        """Out of suspense: to the account of the method, or back to whoever owes it."""
        found = earlier.content_of(self.entry_id)
        form = found[0] if found is not None else ""
        patient = self.patient.number
        owing = {Precollection.name: advance_account(patient), Deposit.name: deposit_account(patient)}
        into = drawer(place, self.method) if self.received else owing.get(form, account("patient", patient))
        return move(self.currency, self.total_minor, out_of=unverified_account(self.method), into=into)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Once only, and only what is really waiting under that entry."""
        where = {"number": self.entry_number or self.entry_id}
        found = earlier.content_of(self.entry_id)
        if found is not None and found[1]["patient"]["number"] != self.patient.number:
            return [Problem("entry_id", N_("Receipt {number} is another patient's."), where)]
        left = unverified_left(self.entry_id, earlier)[self.method]
        if self.total_minor > left:
            return [
                Problem(
                    "total_minor",
                    N_("Only {left} of {number} waits to be verified."),
                    {**where, "left": Told(left, self.currency)},
                )
            ]
        return []
