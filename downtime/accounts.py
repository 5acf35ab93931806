"""Accounts on one station: who may come in now, in which roles, and what changes an account.

An account's file (``downtime.slots``) says what opens it; the journal says how far it had come, so an older
file put back is noticed. Roles and validity come from the staff list in force where somebody stands on it.
A leaver stays closed until two people reinstate the account, whatever a later list says.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.errors import AccessRefusedError
from downtime.i18n import _
from downtime.keys import Person
from downtime.password_policy import is_expired, policy_named
from downtime.record import record_event
from downtime.rights import ROLES, STATION
from downtime.slots import Slot, closed_slot
from forms.station_book import Audit
from forms.trust import AccountChanged

if TYPE_CHECKING:
    from downtime.book import OpenBook

_OWN_ROLES = {"service", "break_glass"}


def person_now(book: OpenBook, person: Person) -> Person:
    """Return ``person`` with the roles they have at this moment; none if they may not work here any more."""
    if STATION in person.roles or _OWN_ROLES & set(person.roles):
        return person
    # The file on disk, not the one a session began with: a new password meanwhile puts nobody out.
    slot = genuine_slot(book, person.operator)
    return Person(
        person.operator,
        person.name,
        () if _why_out(book, person.operator, slot) else _roles(book, person, slot),
    )


def why_out(book: OpenBook, operator: str) -> AccessRefusedError | None:
    """Return why somebody may not work here at this moment, or None if they may."""
    return _why_out(book, operator, genuine_slot(book, operator))


def genuine_slot(book: OpenBook, operator: str) -> Slot | None:
    """Return an account whose file the hospital's key vouches for, or None."""
    with suppress(AccessRefusedError):
        return book.home.keys.slot(operator)
    return None


def _roles(book: OpenBook, person: Person, slot: Slot | None) -> tuple[str, ...]:
    """Return the staff list's roles, or those of enrolment for whoever is not on it."""
    reference = book.reference()
    row = reference.staff(person.operator) if reference is not None else None
    if row is None or slot is None or slot.kind != "person":
        return person.roles
    return tuple(role for role in row.role_names if role in ROLES and role not in _OWN_ROLES)


def _why_out(book: OpenBook, operator: str, slot: Slot | None) -> AccessRefusedError | None:
    """Return why somebody may not work here now, or None."""
    state = book.state()
    mark = state.accounts.get(operator)
    if slot is None or slot.closed or (mark is not None and mark.closed):
        return AccessRefusedError(
            _("The account of {operator} is closed.").format(operator=operator),
            _(
                "Two people can reinstate it: a supervisor and a second one. Until then somebody else works here."
            ),
        )
    if mark is not None and (
        slot.version < mark.version or (slot.version == mark.version and slot.fingerprint() != mark.sha256)
    ):
        return AccessRefusedError(
            _("The account file of {operator} is older than the journal says.").format(operator=operator),
            _(
                "It was not used. Ask a supervisor to reset the password, and tell IT that a file was put back."
            ),
        )
    if slot.kind == "helper" and slot.outage != state.outage:
        return AccessRefusedError(
            _("{operator} was drafted for outage {outage}, which is over.").format(
                operator=operator, outage=slot.outage
            ),
            _("A supervisor can draft them again while an outage is declared."),
        )
    return _left(book, operator, slot)


def _left(book: OpenBook, operator: str, slot: Slot) -> AccessRefusedError | None:
    reference = book.reference()
    row = reference.staff(operator) if reference is not None and slot.kind == "person" else None
    if reference is None or row is None:
        return None
    # The later of both: a clock set back revives nobody.
    today = max(book.clock.now().wall[:10], reference.taken_at[:10])
    if row.leaver or (row.valid_until and row.valid_until < today):
        return AccessRefusedError(
            _("{operator} is on the staff list as somebody who has left.").format(operator=operator),
            _("If that is wrong, HR mends the list; meanwhile a supervisor can draft them for the outage."),
        )
    return None


@dataclass(frozen=True, slots=True)
class Admission:
    """Somebody is in.

    Attributes:
        must_change: the password has to be changed before anything else.
        grace: it has expired, but an outage is on: they work, and the audit says so.
    """

    must_change: bool = False
    grace: bool = False


def admit(book: OpenBook) -> Admission:
    """Let the person whose password opened the book come to work.

    Raises:
        AccessRefusedError: closed, left, drafted for an outage that is over, or an older account file.
    """
    ring = book.ring
    slot = ring.slot
    assert slot is not None, "only somebody with an account comes in this way"
    if slot.kind == "service":
        return Admission()
    refuse_at_the_door(book)
    mark = book.state().accounts.get(slot.operator)
    if mark is None or slot.version > mark.version:
        record_event(book, changed(slot, "taken_over"))
    if slot.kind == "break_glass":
        _burn(book, slot)
        return Admission()
    policy = policy_named(book.home.settings.access.policy)
    if not is_expired(slot, policy, book.clock.now().wall):
        return Admission()
    if book.outage():
        record_event(book, Audit(event="grace_login", subject=slot.operator, detail=slot.set_at))
        return Admission(grace=True)
    return Admission(must_change=True)


def refuse_at_the_door(book: OpenBook) -> None:
    """Refuse whoever may not come in before the one at work is disturbed; ``admit`` asks again.

    Raises:
        AccessRefusedError: as for ``admit``; it is audited.
    """
    slot = book.ring.slot
    assert slot is not None, "only somebody with an account comes in this way"
    out = None if slot.kind == "service" else _why_out(book, slot.operator, slot)
    if out is not None:
        refused = Audit(event="login_refused", subject=slot.operator, success=False, detail=out.what)
        record_event(book, refused)
        raise out


def _burn(book: OpenBook, slot: Slot) -> None:
    """Use the emergency envelope up before anything is done with it."""
    closed = closed_slot(slot)
    record_event(book, changed(closed, "envelope_used"))
    record_event(book, Audit(event="emergency_login", subject=slot.operator))
    book.home.keys.keep_slot(book.ring, closed)


def changed(slot: Slot, change: str, reason: str = "") -> AccountChanged:
    """Return the form that says how an account became what ``slot`` is."""
    return AccountChanged.model_validate(
        {
            "operator": slot.operator,
            "operator_name": slot.name,
            "change": change,
            "version": slot.version,
            "sha256": slot.fingerprint(),
            "roles": slot.roles,
            "outage": slot.outage,
            "reason": reason,
        }
    )
