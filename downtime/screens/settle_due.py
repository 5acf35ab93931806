"""What settling needs to know: anything money is due for, a charge as well as a deposit or a later payment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from downtime.record import new_entry_id
from forms.base import read_form
from forms.payment import Collection

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from downtime.screens.people import PatientCard
    from forms.base import Form, Problem


class Due(Protocol):
    """Money that is due, and the form it becomes once it is known how it is paid.

    Attributes:
        entry_id: the same however often it is settled.
        payments: content of the payments, set by settling.
        authorisation: content of an ``Authorisation``, set by settling, or None.
    """

    entry_id: str
    currency: str
    patient: PatientCard | None
    payer_kind: str
    payments: list[dict[str, Any]]
    authorisation: dict[str, Any] | None

    @property
    def total_minor(self) -> int:
        """Return what is due, in minor units."""

    @property
    def may_be_owed(self) -> bool:
        """Return whether somebody may leave unpaid when another one vouches."""

    def price_reasons(self) -> str:
        """Return what goes into an approval, if one is needed."""

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""


@dataclass
class MoneyDue:
    """Money due for something that has no sheet of its own.

    Attributes:
        make: gives the form, or what is wrong, for the content of the payments.
    """

    currency: str
    patient: PatientCard | None
    total_minor: int
    make: Callable[[list[dict[str, Any]]], Form | list[Problem]]
    entry_id: str = field(default_factory=new_entry_id)
    payer_kind: str = "self"
    payments: list[dict[str, Any]] = field(default_factory=list)
    authorisation: dict[str, Any] | None = None
    may_be_owed: bool = False

    def price_reasons(self) -> str:
        """Return nothing: no price is another than the list's."""
        return ""

    def form(self) -> Form | list[Problem]:
        """Return the filled form."""
        return self.make(self.payments)


def due_of_bill(bill: Entry, owed_minor: int, patient: PatientCard) -> MoneyDue:
    """Return what a bill (a charge, or the lines of an advance) still owes, to be settled as a payment."""

    def make(payments: list[dict[str, Any]]) -> Form | list[Problem]:
        content = {
            "charge_id": bill.id,
            "charge_number": bill.number or "",
            "patient": patient.reference(),
            "currency": bill.content["currency"],
            "total_minor": owed_minor,
            "payments": payments,
        }
        return read_form(Collection, content)

    kind = str(bill.content.get("payer_kind", "self"))
    return MoneyDue(str(bill.content["currency"]), patient, owed_minor, make, payer_kind=kind)
