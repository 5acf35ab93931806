"""Where one can go from the home screen. A form without a screen of its own gets one made from its fields."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from downtime.rights import may
from downtime.screens.marks import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.screens.base import StationScreen


@dataclass(frozen=True, slots=True)
class Place:
    """One screen.

    Attributes:
        name: as in ``app.go(name)``; a form's screen has the form's name.
        title: msgid.
        screen: "module:Class", loaded when it is opened.
        roles: who sees it first on the home screen; empty for everybody.
        right: what one must be allowed in order to open it; see ``downtime.rights``.
        shown_to: listed on the home screen only for whoever has any of these rights; empty for everybody who
            may open it.
    """

    name: str
    title: str
    screen: str
    roles: tuple[str, ...] = ()
    right: str = "look_up"
    shown_to: tuple[str, ...] = ()


PLACES: tuple[Place, ...] = (
    Place("charge", N_("Charge"), "downtime.screens.charge:ChargeScreen", ("cashier",), "price"),
    Place(
        "precollection",
        N_("Pre-collection"),
        "downtime.screens.precollection:PrecollectionScreen",
        ("cashier",),
        "cash",
    ),
    Place("deposit", N_("Deposit"), "downtime.screens.deposit:DepositScreen", ("cashier",), "cash"),
    Place(
        "registration",
        N_("Registration"),
        "downtime.screens.registration:RegistrationScreen",
        ("cashier",),
        "register",
    ),
    Place("refund", N_("Refund"), "downtime.screens.refund:RefundScreen", ("cashier",), "reverse"),
    Place("worklists", N_("Work lists"), "downtime.screens.worklists:WorklistsScreen", ("cashier",)),
    Place("shift", N_("Shift"), "downtime.screens.shift:ShiftScreen", ("cashier",), "cash"),
    Place(
        "dispense", N_("Dispense"), "downtime.screens.dispense:DispenseScreen", ("pharmacist",), "dispense"
    ),
    Place(
        "pricing",
        N_("Pricing"),
        "downtime.screens.pricing:PricingScreen",
        ("pharmacist", "nurse", "helper"),
        "price",
    ),
    Place(
        "bookkeeping",
        N_("Bookkeeping charge"),
        "downtime.screens.bookkeeping:BookkeepingScreen",
        ("nurse",),
        "price",
    ),
    Place(
        "late_entry",
        N_("Late entry from paper"),
        "downtime.screens.late_entry:LateEntryScreen",
        ("cashier", "nurse", "pharmacist", "helper"),
        "late_entry",
    ),
    Place(
        "retype",
        N_("Retype desk"),
        "downtime.screens.retype:RetypeScreen",
        ("cashier", "nurse", "pharmacist"),
        "retype",
    ),
    Place("audit", N_("Audit"), "downtime.screens.audit:AuditScreen", ("auditor",), "audit"),
    Place("journal", N_("Journal"), "downtime.screens.journal:JournalScreen"),
    Place("reversal", N_("Reversal"), "downtime.screens.journal:ReversalScreen", ("cashier",), "reverse"),
    Place("standing", N_("Standing"), "downtime.screens.standing:StandingScreen", right="standing"),
    Place(
        "statements", N_("Statements"), "downtime.screens.statements:StatementsScreen", shown_to=("sign_off",)
    ),
    Place("packs", N_("Paper forms"), "downtime.screens.packs:PacksScreen", right="late_entry"),
    Place("outage", N_("Outage"), "downtime.screens.outage:OutageScreen"),
    Place(
        "closing",
        N_("Closing"),
        "downtime.screens.closing:ClosingScreen",
        right="inspect",
        shown_to=("sign_off", "outage"),
    ),
    Place(
        "countersign",
        N_("Countersign"),
        "downtime.screens.countersign:CountersignScreen",
        shown_to=("approve", "witness"),
    ),
    Place(
        "itemisation",
        N_("Lines of a pre-collection"),
        "downtime.screens.itemisation:ItemisationScreen",
        ("cashier", "pharmacist", "nurse", "helper"),
        "price",
    ),
    Place(
        "deposit_refund",
        N_("Deposit refund"),
        "downtime.screens.deposit_refund:DepositRefundScreen",
        ("cashier",),
        "reverse",
    ),
    Place(
        "patients",
        N_("Patient matching"),
        "downtime.screens.patients:PatientsScreen",
        ("it", "supervisor"),
        "deliver",
    ),
    Place("accounts", N_("Accounts"), "downtime.screens.accounts:AccountsScreen", right="unlock"),
    Place(
        "inspection",
        N_("Security self-inspection"),
        "downtime.screens.inspection:InspectionScreen",
        ("auditor", "administrator"),
        "inspect",
    ),
)
"""Screens with a face of their own, in the order of the home screen."""

FROM_ELSEWHERE = ("visit", "payment", "card_held")
"""Forms that other screens fill in where they are wanted: registration, work lists."""

FORM_SCREEN = "downtime.screens.form_screen:FormScreen"


def places() -> tuple[Place, ...]:
    """Return every place: the list above, then each form that has no screen of its own."""
    from forms import FORMS

    named = {place.name for place in PLACES}
    made = tuple(
        Place(form.name, form.title, FORM_SCREEN, (form.role,) if form.role else (), form.right or "look_up")
        for form in FORMS
        if form.name not in named
    )
    return PLACES + made


def at_home(roles: Sequence[str]) -> list[Place]:
    """Return the rows of the home screen for somebody with ``roles``: those of the roles first."""
    return sorted(
        (place for place in places() if place.name not in FROM_ELSEWHERE and _is_for(place, roles)),
        key=lambda place: bool(place.roles) and not set(place.roles) & set(roles),
    )


def _is_for(place: Place, roles: Sequence[str]) -> bool:
    rights = place.shown_to or (place.right,)
    return may(roles, place.right) and any(may(roles, right) for right in rights)


def place_named(name: str) -> Place:
    """Return the place called ``name``."""
    return next(place for place in places() if place.name == name)


def screen_of(name: str, /, **given: Any) -> StationScreen:
    """Return a new screen of the place called ``name``, or the one made from the form of that name."""
    place = place_named(name)
    module, _colon, kind = place.screen.partition(":")
    if place.screen == FORM_SCREEN:
        given = {"form_name": name, **given}
    screen: StationScreen = getattr(import_module(module), kind)(**given)
    screen.needs = place.right
    screen.place = name
    return screen
