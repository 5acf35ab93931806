"""Every form there is: what people fill in, and what the station writes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms import station_book
from forms.book_end import BOOK_END_FORMS
from forms.bookkeeping import Bookkeeping
from forms.card_held import CardHeld, CardReturned
from forms.charge import Charge
from forms.deposit import Deposit, DepositRefund
from forms.discharge_postponed import DischargePostponed
from forms.dispense import Dispense
from forms.exchange import Exchange
from forms.his_decided import HIS_FORMS
from forms.itemisation import Itemisation
from forms.outage_signed_off import OutageSignedOff
from forms.paper_late import PAPER_FORMS
from forms.patient_matched import MATCH_FORMS
from forms.payment import Collection
from forms.payment_verified import PaymentVerified
from forms.precollection import Precollection
from forms.pricing import Pricing
from forms.refund import Refund
from forms.refund_confirmed import RefundConfirmed
from forms.registration import Registration
from forms.reversal import Reversal
from forms.shift import SHIFT_FORMS
from forms.statement_matched import StatementMatched
from forms.trust import TRUST_FORMS
from forms.visit import Visit
from forms.worksheet_printed import WorksheetPrinted

if TYPE_CHECKING:
    from forms.base import Form

FORMS: tuple[type[Form], ...] = (
    *(Charge, Precollection, Itemisation, Pricing, Registration, Visit, Collection, Dispense),
    *(Deposit, DepositRefund, Bookkeeping, Refund, Reversal, CardHeld),
)
"""The forms people fill in. A new one is one file and one place here."""

STATION_FORMS: tuple[type[Form], ...] = (
    station_book.Opening,
    station_book.NumberBlock,
    station_book.ReferenceInForce,
    station_book.OutageDeclared,
    station_book.OutageEnded,
    station_book.Audit,
    station_book.Printed,
    station_book.ResendDecided,
    station_book.DeliveryAnchor,
    *TRUST_FORMS,
    *BOOK_END_FORMS,
    *SHIFT_FORMS,
    *PAPER_FORMS,
    *MATCH_FORMS,
    *HIS_FORMS,
    OutageSignedOff,
    WorksheetPrinted,
    *(PaymentVerified, RefundConfirmed, Exchange, CardReturned, DischargePostponed, StatementMatched),
)
"""The forms the station writes itself."""

_BY_NAME = {form.name: form for form in FORMS + STATION_FORMS}


def form_named(name: str) -> type[Form] | None:
    """Return the form called ``name``, or None."""
    return _BY_NAME.get(name)


def people_form_named(name: str) -> type[Form] | None:
    """Return the form called ``name`` if people fill it in, or None."""
    return next((form for form in FORMS if form.name == name), None)
