"""Reversal 冲正: an entry is undone by a new one that names it and says why; nothing is ever changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from forms.base import Form, Problem
from forms.payment import Collection
from forms.people import Code, FreeText, PatientRef, VisitRef
from forms.postings import Posting, opposite
from forms.tender import AmountMinor, Payments
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place

REVERSIBLE = ("registration", "visit", "charge", "payment", "dispense")
STANDING_ON = (Collection.name, "dispense")
"""Forms that must be reversed before the charge they name."""


class Reversal(Form):
    """Undoes one whole entry. Money goes back the way it came."""

    name: ClassVar[str] = "reversal"
    title: ClassVar[str] = N_("Reversal")

    entry_id: Code
    entry_number: Annotated[str, Field(max_length=40)] = ""
    patient: PatientRef | None = None
    visit: VisitRef | None = None
    reason: Annotated[FreeText, Field(min_length=1)]
    refunds: Payments = ()
    total_minor: AmountMinor = 0
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]

    def refers_to(self) -> tuple[str, ...]:
        """It names what it undoes."""
        return (self.entry_id,)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """Every leg of the entry, the other way round."""
        return opposite(earlier.postings_of(self.entry_id))

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The entry must be here, reversible, not yet reversed, and nothing may stand on it."""
        where = {"number": self.entry_number or self.entry_id}
        found = earlier.content_of(self.entry_id)
        if found is None or found[0] not in REVERSIBLE:
            return [Problem("entry_id", N_("There is no entry {number} here that can be reversed."), where)]
        if earlier.referring(self.entry_id, self.name):
            return [Problem("entry_id", N_("Entry {number} has been reversed already."), where)]
        for form in STANDING_ON:
            if earlier.referring(self.entry_id, form):
                return [
                    Problem("entry_id", N_("Reverse first what was paid or dispensed on {number}."), where)
                ]
        form, content = found
        refunded = [] if form not in {"charge", "payment"} else content["payments"]
        expected = sorted((part["method"], part["amount_minor"]) for part in refunded)
        given = sorted((part.method, part.amount_minor) for part in self.refunds)
        if expected != given or self.total_minor != sum(amount for _method, amount in expected):
            return [
                Problem(
                    "refunds", N_("Money goes back the way it came: the same methods and amounts."), where
                )
            ]
        return []
