"""Where one can go from the home screen. A form without a screen of its own gets one made from its fields."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from downtime.screens.marks import N_

if TYPE_CHECKING:
    from downtime.screens.base import StationScreen


@dataclass(frozen=True, slots=True)
class Place:
    """One screen.

    Attributes:
        name: as in ``app.go(name)``; a form's screen has the form's name.
        title: msgid.
        screen: "module:Class", loaded when it is opened.
        roles: who sees it first on the home screen; empty for everybody.
    """

    name: str
    title: str
    screen: str
    roles: tuple[str, ...] = ()


PLACES: tuple[Place, ...] = (
    Place("charge", N_("Charge"), "downtime.screens.charge:ChargeScreen", ("cashier",)),
    Place(
        "registration", N_("Registration"), "downtime.screens.registration:RegistrationScreen", ("cashier",)
    ),
    Place("dispense", N_("Dispense"), "downtime.screens.dispense:DispenseScreen", ("pharmacist",)),
    Place("journal", N_("Journal"), "downtime.screens.journal:JournalScreen"),
    Place("standing", N_("Standing"), "downtime.screens.standing:StandingScreen"),
    Place("reversal", N_("Reversal"), "downtime.screens.journal:ReversalScreen", ("cashier",)),
    Place("outage", N_("Outage"), "downtime.screens.outage:OutageScreen"),
)
"""Screens with a face of their own, in the order of the home screen."""

FORM_SCREEN = "downtime.screens.form_screen:FormScreen"


def places() -> tuple[Place, ...]:
    """Return every place: the list above, then each form that has no screen of its own."""
    from forms import FORMS

    named = {place.name for place in PLACES}
    made = tuple(
        Place(form.name, form.title, FORM_SCREEN, (form.role,) if form.role else ())
        for form in FORMS
        if form.name not in named
    )
    return PLACES + made


def screen_of(name: str, /, **given: Any) -> StationScreen:
    """Return a new screen of the place called ``name``, or the one made from the form of that name."""
    place = next(place for place in places() if place.name == name)
    module, _colon, kind = place.screen.partition(":")
    if place.screen == FORM_SCREEN:
        given = {"form_name": name, **given}
    screen: StationScreen = getattr(import_module(module), kind)(**given)
    return screen
