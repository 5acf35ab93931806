"""What changes an account: enrolling, drafting, a new password, closing, and following the staff list."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from downtime.accounts import changed, genuine_slot
from downtime.entrance import enter
from downtime.envelopes import EMERGENCY_OPERATOR
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.password_policy import policy_named, problems_of_password, was_used
from downtime.record import record_event, record_station_form
from downtime.rights import ROLES
from downtime.sealing import Filled
from downtime.slots import Slot, closed_slot, locked_slot, open_slot
from downtime.wrapping import Argon2Cost
from forms.base import Problem
from forms.station_book import Audit
from forms.text import N_
from forms.trust import AccountChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.book import OpenBook
    from downtime.keys import Keyring, Person
    from forms.trust import AccountMark, Approval

NUMBER_MAX, NAME_MAX = 32, 64
"""Characters of a staff number and of a name."""

_NAMESPACE = uuid.UUID("b0b5a3a4-5a0e-5f35-8c1f-5a3b2f6a1c77")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An account ready to be recorded: what a second person approves, and the file that follows."""

    slot: Slot
    filled: Filled


def password_problems(book: OpenBook, operator: str, name: str, password: str) -> Sequence[Problem]:
    """Return what is wrong with a new password for somebody."""
    policy = policy_named(book.home.settings.access.policy)
    own = (operator, name, book.home.settings.hospital.id, book.home.settings.station.code)
    found = problems_of_password(password, policy, own)
    slot = genuine_slot(book, operator)
    if not found and slot is not None and was_used(slot, password, policy, book.home.keys.hospital_secret()):
        found.append(
            Problem(
                "password", N_("Used before; the last {count} do not come back."), {"count": policy.history}
            )
        )
    return found


def prepare(
    book: OpenBook, person: Person, password: str, change: str, *, entry_id: str, reason: str = ""
) -> Enrolment | Sequence[Problem]:
    """Return an account behind a new password, not written anywhere yet.

    Args:
        book: of whoever does it.
        person: for whom; the roles count where no staff list names them.
        password: as the person typed it.
        change: "enrolled", "drafted", "reinstated", "password_changed" or "password_reset".
        entry_id: id of the entry to come.
        reason: in words.
    """
    problems = [
        *_who_problems(book, person, change),
        *password_problems(book, person.operator, person.name, password),
    ]
    if problems:
        return problems
    keys = book.home.keys
    before = genuine_slot(book, person.operator)
    drafted = change == "drafted"
    kind = "helper" if drafted else (before.kind if before and change.startswith("password") else "person")
    known = book.state().accounts.get(person.operator)
    version = max(before.version if before else 0, known.version if known else 0)
    fresh = Slot(
        person.operator,
        person.name,
        ("helper",) if drafted else person.roles,
        kind,
        version,
        "",
        outage=book.outage() if drafted else (before.outage if before and kind == "helper" else ""),
        history=before.history if before else (),
        lifted=_lifted(before, known, change),
    )
    slot = locked_slot(fresh, password, keys.hospital_secret(), _cost_of(book.ring), book.clock.now().wall)
    return Enrolment(slot, Filled(changed(slot, change, reason), entry_id))


def _lifted(before: Slot | None, known: AccountMark | None, change: str) -> int:
    """Return the version of the newest closing that this change takes back, or that was taken back before."""
    if change != "reinstated":
        return before.lifted if before is not None else 0
    return max(before.version if before is not None else 0, known.version if known is not None else 0)


def _who_problems(book: OpenBook, person: Person, change: str) -> list[Problem]:
    """Return why this cannot be done to this account, before any password is looked at."""
    if not _is_number(person.operator):
        emergency = {"number": EMERGENCY_OPERATOR}
        return [Problem("operator", N_("Letters and figures only, and not {number}."), emergency)]
    slot = genuine_slot(book, person.operator)
    wrong = _wrong_with_draft(book, slot) if change == "drafted" else _wrong_with(book, person, slot, change)
    number = {"operator": person.operator}
    return [Problem("operator", wrong, number)] if wrong else _text_problems(person)


def _wrong_with(book: OpenBook, person: Person, slot: Slot | None, change: str) -> str:
    """Return what stands against a change of this account as a msgid, or ""."""
    mark = book.state().accounts.get(person.operator)
    is_closed = (slot is not None and slot.closed) or (mark is not None and mark.closed)
    is_enrolled = slot is not None and slot.kind != "helper"
    is_absent = slot is None or slot.kind == "service"
    is_own = person.operator == book.ring.person.operator
    reference = book.reference() if change in {"enrolled", "reinstated"} else None
    row = reference.staff(person.operator) if reference is not None else None
    roles = set(row.role_names) & ROLES.keys() if row is not None else {""}
    checks = (
        (row is not None and row.leaver, N_("The staff list says that {operator} has left.")),
        (not roles, N_("The staff list gives {operator} no role here.")),
        (change != "enrolled" and is_absent, N_("{operator} has no account.")),
        (change != "reinstated" and is_closed, N_("The account of {operator} is closed: reinstate it.")),
        (change == "enrolled" and is_enrolled, N_("{operator} has an account already.")),
        (change == "reinstated" and not is_closed, N_("The account of {operator} is not closed.")),
        (change == "password_reset" and is_own, N_("You change your own password with the old one.")),
    )
    return next((message for applies, message in checks if applies), "")


def _wrong_with_draft(book: OpenBook, slot: Slot | None) -> str:
    """Return what stands against drafting somebody as a msgid, or ""."""
    if not book.outage():
        return N_("People are drafted for a declared outage; none is declared.")
    if slot is not None and slot.kind != "helper":
        return N_("{operator} has an account already.")
    if slot is not None and slot.outage == book.outage():
        return N_("{operator} is taken in this outage; take the next number.")
    return ""


def _is_number(number: str) -> bool:
    return number != EMERGENCY_OPERATOR and number.replace("-", "").isalnum() and len(number) <= NUMBER_MAX


def _text_problems(person: Person) -> list[Problem]:
    if not person.name.strip() or len(person.name) > NAME_MAX or not person.name.isprintable():
        return [Problem("name", N_("Type the name."))]
    if not person.roles:
        return [Problem("roles", N_("Say at least one role."))]
    return []


def change_own_password(book: OpenBook, old: str, new: str, entry_id: str) -> Sequence[Problem]:
    """Give whoever is at work a new password; the session goes on. Return what is wrong, or nothing.

    Raises:
        AccessRefusedError: the old password is wrong; it is counted as at the login.
    """
    slot = enter(book.home, book.ring.person.operator, old, book.clock).slot
    assert slot is not None, "somebody with an account"
    if new == old:
        return [Problem("password", N_("This is the old password."))]
    made = prepare(book, slot.person, new, "password_changed", entry_id=entry_id)
    if not isinstance(made, Enrolment):
        return made
    personal = open_slot(made.slot, new, book.home.keys.hospital_secret())
    book.ring = replace(book.ring, slot=made.slot, personal=personal)
    put_in_force(book, made)
    return []


def put_in_force(book: OpenBook, enrolment: Enrolment, approval: Approval | None = None) -> None:
    """Record a prepared account and write its file.

    Raises:
        RefusedInputError: it needs a second person, or the approval does not hold.
        AccessRefusedError: whoever does it has no right to.
    """
    keys, slot, filled = book.home.keys, enrolment.slot, enrolment.filled
    assert isinstance(filled.form, AccountChanged)
    if filled.form.change == "password_changed":
        # The file first: a crash in between leaves a working new password, which the next login records.
        keys.keep_slot(book.ring, slot)
        record_station_form(book, filled)
        return
    record_station_form(book, filled, approval)
    keys.keep_slot(book.ring, slot)


def close_account(book: OpenBook, operator: str, reason: str) -> None:
    """Close an account at once; one person is enough, since it takes nothing but a right away.

    Raises:
        RefusedInputError: there is no open account, or it is one's own.
    """
    slot = genuine_slot(book, operator)
    is_open = slot is not None and not slot.closed and slot.kind != "service"
    if slot is None or not is_open or operator == book.ring.person.operator:
        raise RefusedInputError(
            _("{operator} has no open account here that you could close.").format(operator=operator),
            _("Choose another one from the list; one's own account is closed by somebody else."),
        )
    closed = closed_slot(slot)
    record_event(book, changed(closed, "closed", reason))
    book.home.keys.keep_slot(book.ring, closed)


def follow_staff(book: OpenBook) -> list[str]:
    """Close the accounts of those who left by the staff list in force; return their numbers.

    Somebody whose account is closed and who is back on the list stays closed; the audit names them once.
    """
    reference = book.reference()
    if reference is None:
        return []
    closed_now: list[str] = []
    for slot in list(book.home.keys.slots()):
        row = reference.staff(slot.operator) if slot.kind == "person" else None
        if row is None:
            continue
        if row.leaver and not slot.closed:
            closed = closed_slot(slot)
            reason = _("left, by staff list {version}").format(version=reference.version)
            record_event(book, changed(closed, "closed", reason), as_station=True)
            book.home.keys.keep_slot(book.ring, closed)
            closed_now.append(slot.operator)
        elif slot.closed and not row.leaver:
            _note_back_on_list(book, slot.operator, reference.version)
    return closed_now


def _note_back_on_list(book: OpenBook, operator: str, version: int) -> None:
    """Audit once per list that it names somebody whose account is closed."""
    line = Audit(event="leaver_on_list", subject=operator, success=False, detail=f"v{version}")
    once = str(uuid.uuid5(_NAMESPACE, f"{book.paths.number}:{operator}:{version}"))
    record_station_form(book, Filled(line, once))


def _cost_of(ring: Keyring) -> Argon2Cost:
    """Return the work one guess costs for the accounts of this station."""
    lock = ring.slot.lock if ring.slot is not None else None
    return Argon2Cost(**lock["argon2id"]) if lock else Argon2Cost()
