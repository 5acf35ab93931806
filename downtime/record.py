"""``record()``: a filled form becomes a sealed, durable entry, or nothing at all.

BEGIN IMMEDIATE, rows, COMMIT (WAL, FULL), head log synced: only then does anybody hear "recorded".
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downtime.book import JournalView
from downtime.canonical import UnsealableError
from downtime.errors import OutcomeUnknownError, SameIdOtherBodyError, StopRecordingError
from downtime.i18n import _
from downtime.sealing import STATION_ROLE, Filled, append_group, sealed_body
from downtime.store import journal
from downtime.store.sqlite import CommitError, DriverError, writing
from forms.base import Problem
from forms.station_book import Audit
from forms.text import N_

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


def record(book: OpenBook, filled: Filled, *, role: str = "") -> Recorded | Refused:
    """Record one form with its audit line in one commit group.

    Args:
        book: the open book.
        filled: the form and its id.
        role: the role the operator acts in; the first one they have by default.

    Returns:
        ``Recorded``, with ``already`` set when this very entry stands there; or ``Refused``.

    Raises:
        SameIdOtherBodyError: the id stands there with another body. Full stop.
        OutcomeUnknownError: the disk answered with an error; look the id up after reopening.
        OutOfNumbersError: no receipt number is left.
        JournalAlarmError: journal and head log do not agree.
    """
    audit = Filled(Audit(event="entry_recorded", subject=filled.id, detail=filled.form.name), new_entry_id())
    return _record_group(book, [filled, audit], role)


def record_event(book: OpenBook, form: Form) -> Recorded:
    """Record something the station writes itself; it cannot be refused."""
    return record_station_form(book, Filled(form, new_entry_id()))


def record_events(book: OpenBook, forms: Sequence[Form]) -> Recorded:
    """Record several things the station writes itself in one commit group; return the first."""
    outcome = _record_group(book, [Filled(form, new_entry_id()) for form in forms], STATION_ROLE)
    assert isinstance(outcome, Recorded), outcome
    return outcome


def record_station_form(book: OpenBook, filled: Filled) -> Recorded:
    """The same, under an id of the caller's: recorded once, however often it is called."""
    outcome = _record_group(book, [filled], STATION_ROLE)
    assert isinstance(outcome, Recorded), outcome
    return outcome


def _record_group(book: OpenBook, group: Sequence[Filled], role: str) -> Recorded | Refused:
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
                problems = main.form.problems(JournalView(book.db))
                if problems:
                    raise _RefusedInsideError(problems)  # noqa: TRY301 (rolls the write back)
                rows = append_group(book, group, bodies, role)
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
