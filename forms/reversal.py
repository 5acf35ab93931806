"""Reversal 冲正: an entry is undone by a new one that names it and says why; nothing is ever changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from forms.base import Form, Problem
from forms.bill import exchange_state
from forms.payment import Collection
from forms.people import Code, FreeText, PatientRef, VisitRef
from forms.postings import Posting, opposite
from forms.tender import AmountMinor, Payments
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from forms.base import Earlier, Place

REVERSIBLE = (
    *("registration", "visit", "charge", "payment", "dispense"),
    *("precollection", "itemisation", "deposit", "bookkeeping"),
)
TAKING_MONEY = ("charge", Collection.name, "precollection", "deposit")
"""Forms whose payments go back when they are reversed."""
STANDING_ON = (Collection.name, "dispense", "itemisation")
"""Forms that must be reversed before the entry they name."""
SETTLED_BY = ("refund", "deposit_refund", "payment_verified")
"""Forms after which an entry stays: money moved because of it."""


class Reversal(Form):
    """Undoes one whole entry. Money goes back the way it came."""

    name: ClassVar[str] = "reversal"
    title: ClassVar[str] = N_("Reversal")
    right: ClassVar[str | None] = "reverse"

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
        form, content = found
        standing = _stands_on(self.entry_id, form, content, earlier)
        if standing is not None:
            return [Problem("entry_id", standing, where)]
        refunded = content["payments"] if form in TAKING_MONEY else []
        expected = sorted(
            (part["method"], part["amount_minor"], part.get("unverified", False)) for part in refunded
        )
        given = sorted((part.method, part.amount_minor, part.unverified) for part in self.refunds)
        if expected != given or self.total_minor != sum(amount for _method, amount, _seen in expected):
            return [
                Problem(
                    "refunds", N_("Money goes back the way it came: the same methods and amounts."), where
                )
            ]
        return []


def _stands_on(entry_id: str, form: str, content: Mapping[str, Any], earlier: Earlier) -> str | None:
    """Return what to reverse first (msgid), or None if nothing stands on the entry."""
    if any(earlier.referring(entry_id, later) for later in STANDING_ON):
        return N_("Reverse first what was paid or dispensed on {number}.")
    if any(earlier.referring(entry_id, later) for later in SETTLED_BY):
        return N_("Money of {number} was refunded or matched already; refund what is left.")
    if exchange_state(entry_id, earlier) == "exchanged":
        return N_("Receipt {number} was exchanged; void the formal document first.")
    if form == "registration" and earlier.hangs_on(patient=content["patient"]["number"], besides=entry_id):
        return N_("Reverse first what was recorded for this patient.")
    if form == "visit" and earlier.hangs_on(visit=content["visit"]["number"], besides=entry_id):
        return N_("Reverse first what was recorded on this visit.")
    return None
