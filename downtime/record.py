"""``record()``: a filled form becomes a sealed, durable entry, or nothing at all.

BEGIN IMMEDIATE, rows, COMMIT (WAL, FULL), head log synced: only then does anybody hear "recorded".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from downtime.book import JournalView
from downtime.canonical import UnsealableError
from downtime.errors import (
    OutcomeUnknownError,
    RefusedInputError,
    SameIdOtherBodyError,
    StopRecordingError,
)
from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.rights import may, refusal
from downtime.sealing import Filled, append_group, sealed_body
from downtime.store import journal
from downtime.store.sqlite import CommitError, DriverError, writing
from forms.base import Problem
from forms.station_book import Audit
from forms.text import N_
from forms.trust import Approval, Countersigned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from forms.base import Form


@dataclass(frozen=True, slots=True)
class Recorded:
    """The entry stands, on disk and in the head log.

    Attributes:
        already: it stood before; this call changed nothing.
    """

    entry: Entry
    already: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written; what is wrong stands beside each field."""

    problems: Sequence[Problem] = field(default_factory=tuple)


def new_entry_id() -> str:
    """Return a fresh entry id; make it when the form opens and keep it with the draft."""
    return str(uuid.uuid4())


def record(book: OpenBook, filled: Filled, approval: Approval | None = None) -> Recorded | Refused:
    """Record one form with its audit line, and its approval if it needs one, in one commit group.

    Args:
        book: the open book.
        filled: the form and its id.
        approval: of a second person; see ``downtime.approvals``.

    Returns:
        ``Recorded``, with ``already`` set when this very entry stands there; or ``Refused``.

    Raises:
        AccessRefusedError: none of the operator's roles includes this; the refusal is audited.
        SameIdOtherBodyError: the id stands there with another body. Full stop.
        OutcomeUnknownError: the disk answered with an error; look the id up after reopening.
        OutOfNumbersError: no receipt number is left.
        JournalAlarmError: journal and head log do not agree.
    """
    audit = Filled(Audit(event="entry_recorded", subject=filled.id, detail=filled.form.name), new_entry_id())
    _require_right(book, filled, approval)
    beside = [Filled(form, new_entry_id(), filled.happened_at) for form in filled.beside]
    return _record_group(book, [filled, *beside, audit], approval)


def record_event(book: OpenBook, form: Form, *, as_station: bool = False) -> Recorded:
    """Record something the station writes itself; it cannot be refused.

    Args:
        book: the open book.
        form: the form.
        as_station: it follows from something already recorded, so nobody's right is asked.
    """
    if not as_station:
        _require_right(book, Filled(form, ""), None)
    outcome = _record_group(book, [Filled(form, new_entry_id())], None, is_checked=as_station)
    return _stands(outcome)


def record_events(book: OpenBook, forms: Sequence[Form]) -> Recorded:
    """Record several things the station writes itself in one commit group; return the first.

    The first one needs the right; the others follow from it.
    """
    _require_right(book, Filled(forms[0], ""), None)
    return _stands(_record_group(book, [Filled(form, new_entry_id()) for form in forms], None))


def record_as_station(book: OpenBook, group: Sequence[Filled]) -> Recorded:
    """Record what the hub's signature stands for, in one commit group, under ids of the caller's; return the first.

    Nobody's right is asked. A group whose first entry stands already changes nothing.
    """
    return _stands(_record_group(book, group, None, is_checked=True))


def record_station_form(book: OpenBook, filled: Filled, approval: Approval | None = None) -> Recorded:
    """The same, under an id of the caller's: recorded once, however often it is called.

    Raises:
        AccessRefusedError: the operator has no right to.
        RefusedInputError: it needs a second person, or what is asked cannot be.
    """
    _require_right(book, filled, approval)
    return _stands(_record_group(book, [filled], approval))


def _stands(outcome: Recorded | Refused) -> Recorded:
    if isinstance(outcome, Refused):
        first = outcome.problems[0]
        raise RefusedInputError(problem_words(first), _("Nothing was recorded."))
    return outcome


def _require_right(book: OpenBook, filled: Filled, approval: Approval | None) -> None:
    """Refuse what none of the operator's roles includes, and write that down."""
    right = filled.needs()
    if right is None or may(book.person.roles, right):
        return
    if right == "outage" and approval is not None and approval.way in {"code", "hub"}:
        return  # the code, or the hub's signature, carries the authority: whoever holds the sheet gave it out
    detail = f"{filled.form.name} {right}"
    record_event(book, Audit(event="right_refused", subject=right, success=False, detail=detail))
    raise refusal(right)


def _record_group(
    book: OpenBook, group: Sequence[Filled], approval: Approval | None, *, is_checked: bool = False
) -> Recorded | Refused:
    group = _with_approval(group, approval)
    main = group[0]
    try:
        bodies = [sealed_body(filled) for filled in group]
    except UnsealableError:
        return Refused([Problem("", N_("The text holds a broken character; type it again."))])
    body_hash = bodies[0].digest
    with book.lock():
        if book.needs_reopening:
            raise _stopped(main.id)
        try:
            known = journal.body_hash_of(book.db, main.id)
            if known is not None:
                return _already(book, main.id, known == body_hash)
            book.mend_head()
            with writing(book.db):
                _refuse_problems(book, group, None if is_checked else (approval,))
                rows = append_group(book, group, bodies)
        except _RefusedInsideError as refused:
            return Refused(refused.problems)
        except CommitError as error:
            raise _unknown(book, main.id) from error
        except DriverError as error:
            raise _stopped(main.id) from error
        last = rows[-1]
        try:
            book.head_log.append(last.group_first, last.seq, last.hash, book.signing.sign)
        except OSError as error:
            raise _unknown(book, main.id) from error
        assert journal.body_hash_of(book.db, main.id) == body_hash, (
            "what was read back is not what was written"
        )
        return Recorded(journal.entry_of(rows[0]))


def _with_approval(group: Sequence[Filled], approval: Approval | None) -> Sequence[Filled]:
    """Return the group with the approval right behind what it approves."""
    if approval is None:
        return group
    second = approval.signed.operator if approval.signed is not None else None
    return [replace(group[0], second_person=second), Filled(approval, new_entry_id()), *group[1:]]


def _refuse_problems(book: OpenBook, group: Sequence[Filled], given: tuple[Approval | None] | None) -> None:
    """Raise what is wrong with a form, or with the approval ``given``; None where none is asked for."""
    main = group[0]
    view = JournalView(book.db)
    problems = [problem for one in group for problem in one.form.problems(view)] or _signed_problems(
        book, group, given
    )
    if not problems and given is not None:
        from downtime.approvals import problem_of_approval, rule_for  # they record failures themselves

        (approval,) = given
        rule = rule_for(book, main.form) or (approval.rule if approval is not None else None)
        problem = problem_of_approval(book, main, rule, approval) if rule is not None else None
        problems = [problem] if problem is not None else []
    if problems:
        raise _RefusedInsideError(problems)


def _signed_problems(
    book: OpenBook, group: Sequence[Filled], given: tuple[Approval | None] | None
) -> Sequence[Problem]:
    """Return what is wrong with signatures that a caller brings along as forms: nobody records a forged one."""
    from downtime.countersigning import problem_of_countersigned  # it records failures itself

    for filled in group:
        if isinstance(filled.form, Countersigned):
            problem = problem_of_countersigned(book, filled.form)
            if problem is not None:
                return [problem]
        elif isinstance(filled.form, Approval) and filled.form not in (given or ()):
            return [Problem("", N_("An approval is recorded together with what it approves."))]
    return []


class _RefusedInsideError(Exception):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = problems


def _already(book: OpenBook, entry_id: str, is_same: bool) -> Recorded:  # noqa: FBT001 (one caller)
    if not is_same:
        raise SameIdOtherBodyError(
            _("Entry {id} is recorded already, with other content.").format(id=entry_id),
            _("Nothing was written. Stop and call IT; two entries share one id."),
        )
    book.mend_head()
    entry = journal.entry_by_id(book.db, entry_id)
    assert entry is not None
    return Recorded(entry, already=True)


def _stopped(entry_id: str) -> StopRecordingError:
    return StopRecordingError(
        _("The disk refused to take entry {id}; nothing was recorded.").format(id=entry_id),
        _("Go on by paper, restart the app and call IT: the disk may be full or failing."),
    )


def _unknown(book: OpenBook, entry_id: str) -> OutcomeUnknownError:
    """Return "perhaps recorded": this connection cannot tell what the disk will show when opened again.

    Nothing more is recorded through this book: a later sync may succeed although earlier pages are gone.
    """
    book.needs_reopening = True
    return OutcomeUnknownError(
        _("The disk answered with an error; entry {id} may or may not be recorded.").format(id=entry_id),
        _("Do not repeat it. Restart the app: it shows what stands. Until then go on by paper."),
    )
