"""Countersigning: the signature that follows what was done alone, with a code, or signed twice by one person.

It may come in a later book than the approval it answers, and comes once. Disagreeing is recorded as well.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from downtime.accounts import person_now
from downtime.approvals import approved_bytes, is_genuine, right_of, roles_enrolled, signed_by
from downtime.entrance import enter
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.i18n import _
from downtime.rights import may
from downtime.rules import countersign_rights
from downtime.shelf import entries_since, readable_books
from downtime.slots import Person
from downtime.store import journal
from downtime.store.verification import open_evidence
from forms.base import Problem
from forms.text import N_
from forms.trust import COUNTERSIGNED_LATER, Approval, Countersigned

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.entry import Entry

AGREED, NOT_AGREED = "agreed", "not agreed"
_NOT_WAITING = N_("There is nothing here that waits for a countersignature.")
_ANSWERED = N_("Somebody has signed this already.")


def countersign(
    book: OpenBook, approval: Entry, operator: str, password: str, *, agreed: bool, reason: str = ""
) -> Countersigned:
    """Return the countersignature of ``operator`` on something done alone or with a code; record it next.

    Args:
        book: the open book; whoever is logged in may be somebody else, the signer types the own password.
        approval: the ``approval`` entry that waits, of this book or an earlier one.
        operator: who signs.
        password: theirs.
        agreed: False records that they do not agree, with the reason.
        reason: in words.

    Raises:
        AccessRefusedError: wrong password, own act, or no right to.
        RefusedInputError: somebody signed already, or nothing waits.
    """
    if not agreed and not reason.strip():
        raise RefusedInputError(_("Say why you do not agree."), _("Type the reason; it is recorded."))
    ring = enter(book.home, operator, password, book.clock)
    person = person_now(book, ring.person)
    content = approval.content
    rule = str(content["rule"])
    message = approved_bytes(
        content["entry_id"], content["body_hash"], rule, AGREED if agreed else NOT_AGREED
    )
    form = Countersigned(
        approval_id=approval.id,
        entry_id=content["entry_id"],
        body_hash=content["body_hash"],
        agreed=agreed,
        reason=reason.strip(),
        signed=signed_by(ring, person, right_of(person, countersign_rights(rule)), message),
    )
    problem = problem_of_countersigned(book, form)
    if problem is None:
        return form
    what = _(problem.message).format(**problem.values)
    if problem.message in (_ANSWERED, _NOT_WAITING):
        raise RefusedInputError(what, _("Nothing is left to do here."))
    raise AccessRefusedError(
        what, _("Somebody else with the right to approve signs; nobody signs their own act.")
    )


def problem_of_countersigned(book: OpenBook, form: Countersigned) -> Problem | None:
    """Return why a countersignature does not hold, or None; ``record`` asks this of every caller."""
    approval = approval_of(book, form.approval_id)
    content = approval.content if approval is not None else {}
    if approval is None or content["way"] not in COUNTERSIGNED_LATER:
        return Problem("", _NOT_WAITING)
    if (form.entry_id, form.body_hash) != (content["entry_id"], content["body_hash"]):
        return Problem("", N_("The countersignature was given for something else."))
    if not form.agreed and not form.reason.strip():
        return Problem("reason", N_("Say why you do not agree."))
    if is_countersigned(book, approval):
        return Problem("", _ANSWERED)
    return _signer_problem(book, form, approval)


def _signer_problem(book: OpenBook, form: Countersigned, approval: Entry) -> Problem | None:
    rule = str(approval.content["rule"])
    message = approved_bytes(form.entry_id, form.body_hash, rule, AGREED if form.agreed else NOT_AGREED)
    if not is_genuine(book, form.signed, message):
        return Problem("", N_("The countersignature does not fit."))
    signer = form.signed.operator
    if signer == approval.operator:
        return Problem("", N_("{operator} did it; somebody else countersigns."), {"operator": signer})
    person = person_now(book, Person(signer, form.signed.name, roles_enrolled(book, signer)))
    if not any(may(person.roles, right) for right in countersign_rights(rule)):
        return Problem("", N_("{operator} may not countersign this."), {"operator": signer})
    return None


def approval_of(book: OpenBook, approval_id: str) -> Entry | None:
    """Return the approval with this id, of the open book or an earlier one that was not destroyed."""
    found = journal.entry_by_id(book.db, approval_id)
    for paths in reversed(readable_books(book.home)):
        if found is not None:
            break
        if paths.number < book.paths.number:
            with closing(open_evidence(paths.journal, book.ring.book_key(paths.number))) as db:
                found = journal.entry_by_id(db, approval_id)
    return found if found is not None and found.form == Approval.name else None


def is_countersigned(book: OpenBook, approval: Entry) -> bool:
    """Return whether an approval has its countersignature, in its own book or a later one."""
    if journal.referring(book.db, approval.id, Countersigned.name):
        return True
    if approval.book == book.paths.number:
        return False
    told = entries_since(book.home, book.ring, approval.book, (Countersigned.name,))
    return any(entry.content["approval_id"] == approval.id for entry in told)
