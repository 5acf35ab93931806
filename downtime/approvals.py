"""Two-person rules: what needs a second person, how they agree, and checking that they did.

An approval stands in the same commit as what it approves and names its body hash; the second person signs
that with the key only their own password opens. Alone at night, a reason or a one-time code stands in and
the signature follows; controlled drugs are never given out alone, except where the site lets one pharmacist
sign twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.accounts import person_now
from downtime.attempts import CODES, FAILURES_MAX, Attempts
from downtime.canonical import seal
from downtime.entrance import enter
from downtime.envelopes import burnt_for, use_code
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.hub_notice import announced_bytes, hub_key
from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.rights import may, role_for
from downtime.rules import CODE_RULES, SECOND_RIGHTS, Needed, needed, rule_for, ways_open
from downtime.sealing import sealed_body
from downtime.signing import signature_is_good
from downtime.slots import Person
from forms.base import Problem
from forms.text import N_
from forms.trust import RULE_TITLES, Approval, Signed

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.hub_notice import Notice
    from downtime.keys import Keyring
    from downtime.sealing import Filled

__all__ = ["SECOND_RIGHTS", "Needed", "needed", "rule_for", "ways_open"]


# -- agreeing -----------------------------------------------------------------------------------------


def approved_bytes(entry_id: str, body_hash: str, rule: str, answer: str = "approved") -> bytes:
    """Return what is signed: which entry, exactly what it says, under which rule."""
    return b"downtime approval 1" + seal(
        {"entry_id": entry_id, "body_hash": body_hash, "rule": rule, "answer": answer}
    )


def signed_by(ring: Keyring, person: Person, right: str, message: bytes) -> Signed:
    """Return the signature of whoever opened ``ring`` under ``message``, in the role that gives ``right``."""
    return Signed(
        operator=person.operator,
        name=person.name,
        role=role_for(person.roles, right),
        public=ring.personal_public.hex(),
        signature=ring.sign(message).hex(),
    )


def approve(
    book: OpenBook, filled: Filled, rule: str, operator: str, password: str, reason: str = ""
) -> Approval:
    """Return the approval of a second person who types the own password; the first session goes on.

    The same person for a controlled drug is 单人双签字, where the site allows it.

    Raises:
        AccessRefusedError: wrong password, or this person may not approve it.
    """
    ring = enter(book.home, operator, password, book.clock)
    person = person_now(book, ring.person)
    own = person.operator == book.person.operator
    way = "own_twice" if own and rule == "controlled" else "second_person"
    body_hash = sealed_body(filled).digest.hex()
    approval = Approval.model_validate(
        {
            **_named(filled, rule, reason),
            "way": way,
            "signed": signed_by(
                ring,
                person,
                right_of(person, SECOND_RIGHTS[rule]),
                approved_bytes(filled.id, body_hash, rule),
            ).model_dump(),
        }
    )
    problem = problem_of_approval(book, filled, rule, approval)
    if problem is not None:
        raise AccessRefusedError(problem_words(problem), _("Nothing was recorded. Ask somebody else."))
    return approval


def approve_by_code(book: OpenBook, filled: Filled, rule: str, code: str, reason: str) -> Approval:
    """Return the approval of a one-time code from a sealed sheet, or read out by phone; the code is used up.

    Raises:
        AccessRefusedError: no such unused code, or too many wrong ones.
        RefusedInputError: this rule knows no codes.
    """
    if rule not in CODE_RULES:
        raise RefusedInputError(
            _("{rule}: a code is not enough.").format(rule=_(RULE_TITLES[rule])),
            _("A second person signs here."),
        )
    attempts = Attempts(book.home.keys, book.clock)
    attempts.begin(CODES, limit=FAILURES_MAX, waits_only=False)
    found = use_code(book.ring, code, filled.id)
    if found is None:
        raise AccessRefusedError(
            _("This is no unused one-time code of this station."),
            _("Read it again from the sheet; each line works once."),
        )
    attempts.forget(CODES)
    return Approval.model_validate(
        {**_named(filled, rule, reason), "way": "code", "code_sheet": found[0], "code_number": found[1]}
    )


def approve_alone(filled: Filled, rule: str, reason: str) -> Approval:
    """Return the mark of something done alone; ``record`` refuses it above the limit or without a reason."""
    return Approval.model_validate({**_named(filled, rule, reason), "way": "solo"})


def approve_by_hub(book: OpenBook, filled: Filled, notice: Notice) -> Approval:
    """Return the approval that what the hub announced gives: it ends the outage it names, at every station alike."""
    public = hub_key(book.home)
    assert public is not None, "what is kept here of the hub was found genuine"
    announced = {
        "outage": notice.name,
        "state": notice.state,
        "at": notice.at,
        "said_by": notice.said_by,
        "public": public.hex(),
        "signature": notice.signature,
    }
    return Approval.model_validate({**_named(filled, "outage", ""), "way": "hub", "announced": announced})


def _named(filled: Filled, rule: str, reason: str) -> dict[str, object]:
    return {
        "entry_id": filled.id,
        "body_hash": sealed_body(filled).digest.hex(),
        "rule": rule,
        "reason": reason,
    }


def right_of(person: Person, rights: tuple[str, ...]) -> str:
    """Return the first of ``rights`` that somebody has, or the first there is."""
    return next((right for right in rights if may(person.roles, right)), rights[0])


# -- checking -----------------------------------------------------------------------------------------


def problem_of_approval(
    book: OpenBook, filled: Filled, rule: str, approval: Approval | None
) -> Problem | None:
    """Return why an approval does not hold for exactly this form, or None."""
    if approval is None:
        return Problem("", N_("{rule}: a second person is needed."), {"rule": _(RULE_TITLES[rule])})
    body_hash = sealed_body(filled).digest.hex()
    if (approval.entry_id, approval.body_hash, approval.rule) != (filled.id, body_hash, rule):
        return Problem("", N_("The approval was given for something else."))
    if approval.way == "hub":
        return _announcement_problem(book, filled, approval)
    if approval.way not in ways_open(book, filled.form, rule):
        return Problem("", N_("This cannot be done alone or with a code here; a second person signs."))
    if approval.way in {"solo", "code"}:
        return _stand_in_problem(book, filled, approval)
    return _receiver_problem(filled, approval) or _signature_problem(
        book, rule, approval, approved_bytes(filled.id, body_hash, rule)
    )


def _stand_in_problem(book: OpenBook, filled: Filled, approval: Approval) -> Problem | None:
    """Return why a reason or a one-time code does not stand in for the second person, or None."""
    if approval.way == "solo":
        return None if approval.reason.strip() else Problem("", N_("Say why it is done alone."))
    burnt = burnt_for(book.ring, approval.code_sheet, approval.code_number)
    return None if burnt == filled.id else Problem("", N_("The one-time code was not used for this."))


def _announcement_problem(book: OpenBook, filled: Filled, approval: Approval) -> Problem | None:
    """Return why what is said to come from the hub does not end this outage, or None."""
    told = approval.announced
    fits = (
        told is not None
        and filled.form.name == "outage_ended"
        and (told.outage, told.state) == (getattr(filled.form, "outage", ""), "ended")
        and bytes.fromhex(told.public) == hub_key(book.home)
        and signature_is_good(
            bytes.fromhex(told.public),
            bytes.fromhex(told.signature),
            announced_bytes(book.identity.hospital, told.outage, told.state, told.at, told.said_by),
        )
    )
    return None if fits else Problem("", N_("This is not what this station's hub announced."))


def _receiver_problem(filled: Filled, approval: Approval) -> Problem | None:
    receiver = getattr(filled.form, "to_operator", "")
    if receiver and approval.signed is not None and approval.signed.operator != receiver:
        return Problem(
            "to_operator", N_("Whoever takes the drawer over signs: {operator}."), {"operator": receiver}
        )
    return None


def _signature_problem(book: OpenBook, rule: str, approval: Approval, message: bytes) -> Problem | None:
    signed = approval.signed
    if signed is None or not is_genuine(book, signed, message):
        return Problem("", N_("The signature of the second person does not fit."))
    own = signed.operator == book.person.operator
    if own != (approval.way == "own_twice"):
        return Problem("", N_("Nobody approves their own act; a second person is needed."))
    person = person_now(book, Person(signed.operator, signed.name, roles_enrolled(book, signed.operator)))
    if own and not may(person.roles, "dispense"):
        return Problem("", N_("Only a pharmacist may sign twice."))
    if not any(may(person.roles, right) for right in SECOND_RIGHTS[rule]):
        return Problem("", N_("{operator} may not approve this."), {"operator": signed.operator})
    return None


def roles_enrolled(book: OpenBook, operator: str) -> tuple[str, ...]:
    """Return the roles somebody was enrolled with; the staff list in force may say otherwise."""
    slot = book.home.keys.slot(operator)
    return slot.roles if slot is not None else ()


def is_genuine(book: OpenBook, signed: Signed, message: bytes) -> bool:
    """Return whether a signature is good, and made with the key of that very person's open account."""
    slot = book.home.keys.slot(signed.operator)
    return (
        slot is not None
        and not slot.closed
        and slot.signing == signed.public
        and signature_is_good(bytes.fromhex(signed.public), bytes.fromhex(signed.signature), message)
    )
