"""Who may do what: one table. Screens leave out what somebody may not do; the act itself refuses it too.

docs/rights.md shows the same table with words; a test tries every cell of that document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.errors import AccessRefusedError
from downtime.i18n import _
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

ROLES: dict[str, str] = {
    "cashier": N_("Cashier"),
    "nurse": N_("Nurse"),
    "pharmacist": N_("Pharmacist"),
    "supervisor": N_("Shift supervisor"),
    "it": N_("IT"),
    "auditor": N_("Auditor"),
    "organiser": N_("Drill organiser"),
    "administrator": N_("Administrator"),
    "helper": N_("Drafted for this outage"),
    "service": N_("Delivery, no person"),
    "break_glass": N_("Emergency envelope"),
}

RIGHTS: dict[str, str] = {
    "look_up": N_("Look up patients and entries"),
    "register": N_("Register patients and visits"),
    "price": N_("Price without taking money"),
    "cash": N_("Charge and take money"),
    "dispense": N_("Dispense"),
    "witness": N_("Second name on controlled drugs"),
    "reverse": N_("Reverse and refund"),
    "approve": N_("Approve and countersign"),
    "late_entry": N_("Enter late from paper"),
    "reprint": N_("Print a copy"),
    "outage": N_("Declare and end an outage"),
    "deliver": N_("Send to the HIS, send again"),
    "retype": N_("Say what was typed into the HIS"),
    "standing": N_("See counts and sums"),
    "verify": N_("Verify the journal"),
    "sign_off": N_("Sign off a book"),
    "export": N_("Export entries"),
    "audit": N_("See and export the audit"),
    "inspect": N_("Self-inspection"),
    "drill": N_("Run drills"),
    "reference": N_("Put reference data in force"),
    "numbers": N_("Add receipt numbers"),
    "book": N_("Open a book, go on after an alarm"),
    "backup": N_("Make and test backups"),
    "accounts": N_("Enrol and close accounts"),
    "draft": N_("Draft a person for this outage"),
    "unlock": N_("Open a locked account, reset a password"),
    "keys": N_("Keys, envelopes, code sheets"),
    "purge": N_("Destroy a book after its retention"),
}

STATION = "station"
"""The station itself while it is being made: there is nobody yet who could log in."""

_GRANTED: dict[str, str] = {
    "cashier": "look_up register price cash reverse late_entry retype reprint standing verify",
    "nurse": "look_up register price late_entry retype reprint standing verify",
    "pharmacist": "look_up price dispense witness reverse late_entry retype reprint standing verify",
    "supervisor": "look_up register price cash reverse approve late_entry reprint outage deliver retype standing"
    " verify sign_off export inspect book backup accounts draft unlock",
    "it": "look_up outage deliver retype standing verify export inspect reference numbers book backup",
    "auditor": "look_up standing verify sign_off audit inspect purge",
    "organiser": "standing inspect drill",
    "administrator": "standing verify inspect reference numbers book backup accounts unlock keys purge",
    "helper": "look_up register price late_entry",
    "service": "deliver verify reference backup",
    "break_glass": "look_up register price cash dispense late_entry",
    STATION: "reference numbers book accounts keys",
}
TABLE: dict[str, frozenset[str]] = {role: frozenset(granted.split()) for role, granted in _GRANTED.items()}

APART: tuple[tuple[str, str], ...] = (
    ("it", "administrator"),
    ("it", "auditor"),
    ("administrator", "auditor"),
    ("supervisor", "auditor"),
    ("cashier", "auditor"),
    ("cashier", "supervisor"),
)
"""Roles that belong in different hands (会计法: 出纳不得兼任稽核; three administrators). Reported, never blocked."""


def may(roles: Iterable[str], right: str) -> bool:
    """Return whether any of ``roles`` grants ``right``."""
    assert right in RIGHTS, right
    return any(right in TABLE.get(role, ()) for role in roles)


def role_for(roles: Iterable[str], right: str) -> str:
    """Return the first of ``roles`` that grants ``right``, or the first role there is."""
    held = tuple(roles)
    granting = (role for role in held if right in TABLE.get(role, ()))
    return next(granting, held[0] if held else "")


def refusal(right: str) -> AccessRefusedError:
    """Return what somebody without ``right`` is told."""
    return AccessRefusedError(
        _("Your role does not include: {right}.").format(right=_(RIGHTS[right])),
        _("Nothing was done. Ask somebody whose role includes it."),
    )


def in_one_hand(roles: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of roles that should be apart and are held together."""
    held = set(roles)
    return [pair for pair in APART if set(pair) <= held]
