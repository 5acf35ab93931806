"""Every form there is: what people fill in, and what the station writes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forms import station_book
from forms.charge import Charge
from forms.dispense import Dispense
from forms.payment import Collection
from forms.registration import Registration
from forms.reversal import Reversal
from forms.trust import TRUST_FORMS
from forms.visit import Visit

if TYPE_CHECKING:
    from forms.base import Form

FORMS: tuple[type[Form], ...] = (Charge, Registration, Visit, Collection, Dispense, Reversal)
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
)
"""The forms the station writes itself."""

_BY_NAME = {form.name: form for form in FORMS + STATION_FORMS}


def form_named(name: str) -> type[Form] | None:
    """Return the form called ``name``, or None."""
    return _BY_NAME.get(name)


def people_form_named(name: str) -> type[Form] | None:
    """Return the form called ``name`` if people fill it in, or None."""
    return next((form for form in FORMS if form.name == name), None)
