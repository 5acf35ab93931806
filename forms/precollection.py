"""Pre-collection 预收: the amount now, the lines later, from wherever somebody has time to type them.

What the queue needs when nobody can price: a category of the fee list, an amount and how it was paid. Until the
lines follow (``itemisation``) the money is an advance that belongs to the patient, not revenue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from forms.base import Form
from forms.bill import money_of
from forms.people import FreeText, PatientRef, PayerKind, Phone, VisitRef
from forms.postings import Posting, account
from forms.tender import Payments, PositiveMinor, require_paid, taken
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place


class Precollection(Form):
    """Money taken before anybody knows the lines.

    Attributes:
        category: fee category in the site's words, for instance 化验费.
        phone: who is called when the lines come to more or less.
    """

    name: ClassVar[str] = "precollection"
    title: ClassVar[str] = N_("Pre-collection")

    patient: PatientRef
    visit: VisitRef | None = None
    payer_kind: PayerKind = "self"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    category: Annotated[str, Field(min_length=1, max_length=64, title=N_("Fee category"))]
    total_minor: Annotated[PositiveMinor, Field(title=N_("Amount"))]
    payments: Annotated[Payments, Field(min_length=1)]
    phone: Phone = ""
    note: FreeText = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_paid(self.payments, self.total_minor)
        return self

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """Money lies here; as much is owed to the patient in lines or in money."""
        return taken(self.payments, place, advance_account(self.patient.number), self.currency)


def advance_account(patient: str) -> str:
    """Return the account of a patient's advances; negative while the station owes lines or money."""
    return account("deposit", patient, "advance")


def advance_left(precollection_id: str, earlier: Earlier) -> int:
    """Return what of a pre-collection is neither used by lines nor given back; 0 where it does not stand."""
    found = earlier.content_of(precollection_id)
    if found is None or found[0] != Precollection.name or earlier.referring(precollection_id, "reversal"):
        return 0
    return money_of(precollection_id, earlier).held_minor() - covered_by(precollection_id, earlier)


def covered_by(named: str, earlier: Earlier) -> int:
    """Return what standing itemisations took from the advance they call ``named`` (an id, or a number)."""
    contents = (earlier.content_of(one) for one in earlier.referring(named, "itemisation"))
    return sum(int(found[1]["covered_minor"]) for found in contents if found is not None)
