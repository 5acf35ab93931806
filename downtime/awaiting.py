"""待复核: what was done alone, with a code or signed twice, and waits for a countersignature, in every book kept.

A code's signature is due within ``two_person.code_minutes``; everything else before its book is signed off.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from downtime.rights import may
from downtime.rules import countersign_rights
from downtime.shelf import readable_books
from downtime.store import journal
from downtime.store.verification import open_evidence
from forms.trust import COUNTERSIGNED_LATER, Approval, Countersigned

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from downtime.entry import Entry
    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring, Person
    from downtime.store.sqlite import Database

_FORMS = (Approval.name, Countersigned.name)


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One approval that waits, or that somebody did not agree with.

    Attributes:
        approval: the ``approval`` entry.
        entry: what was done under it; None if the journal does not hold it.
        due_at: when the countersignature was due (RFC 3339); "" where only the sign-off asks for it.
        answer: the countersignature that disagrees; None while it waits.
    """

    approval: Entry
    entry: Entry | None
    due_at: str
    answer: Entry | None = None

    def is_overdue(self, now: str) -> bool:
        """Return whether the time for it has passed at ``now`` (RFC 3339)."""
        return bool(self.due_at) and datetime.fromisoformat(now) > datetime.fromisoformat(self.due_at)

    def may_be_signed_by(self, person: Person) -> bool:
        """Return whether somebody may countersign it: not the own act, and the right to."""
        rights = countersign_rights(str(self.approval.content["rule"]))
        return person.operator != self.approval.operator and any(may(person.roles, right) for right in rights)


@dataclass(frozen=True, slots=True)
class _Told:
    """What one book says: approvals that need an answer, what was done under them, and answers by approval."""

    approvals: tuple[tuple[Entry, Entry | None], ...] = ()
    answers: tuple[Entry, ...] = ()


def awaiting(home: Home, ring: Keyring) -> list[Awaiting]:
    """Return everything that waits, of all books that were not destroyed, newest first."""
    return _waiting(home, _all_told(home, ring, since=1))


def awaiting_in_book(home: Home, ring: Keyring, number: int) -> list[Awaiting]:
    """Return what was approved in book ``number`` and waits, newest first; answers of later books count.

    A book with anything in this list is not signed off yet: ``len(...)`` says how much is missing.
    """
    found = _waiting(home, _all_told(home, ring, since=number))
    return [one for one in found if one.approval.book == number]


def disagreed(home: Home, ring: Keyring, *, since: int = 1) -> list[Awaiting]:
    """Return what somebody did not agree with, of book ``since`` and later ones, newest first."""
    told = _all_told(home, ring, since=since)
    answers = {
        answer.content["approval_id"]: answer
        for one in told
        for answer in one.answers
        if not answer.content["agreed"]
    }
    found = [
        Awaiting(approval, entry, "", answers[approval.id])
        for one in told
        for approval, entry in one.approvals
        if approval.id in answers
    ]
    return found[::-1]


class AwaitingWatch:
    """Looks again and again at what waits, for the top line.

    Finished books are read once, the current one only when it holds something new.
    """

    def __init__(self, home: Home, ring: Keyring, current: int) -> None:
        self._home, self._ring, self._current = home, ring, current
        self._before: Sequence[_Told] | None = None
        self._seq = -1
        self._found: list[Awaiting] = []

    def look(self, db: Database) -> list[Awaiting]:
        """Return what waits, newest first; ``db`` is the current book's journal, open for reading."""
        seq = journal.last_seq_of(db, _FORMS)
        if seq != self._seq:
            if self._before is None:
                books = readable_books(self._home)
                self._before = [
                    _told_by(self._ring, paths) for paths in books if paths.number < self._current
                ]
            self._found = _waiting(self._home, [*self._before, _read(db)])
            self._seq = seq
        return self._found


def _waiting(home: Home, told: Sequence[_Told]) -> list[Awaiting]:
    answered = {answer.content["approval_id"] for one in told for answer in one.answers}
    minutes = home.settings.two_person.code_minutes
    found = [
        Awaiting(approval, entry, _due_at(approval, minutes))
        for one in told
        for approval, entry in one.approvals
        if approval.id not in answered
    ]
    return found[::-1]


def _due_at(approval: Entry, minutes: int) -> str:
    if approval.content["way"] != "code":
        return ""
    due = datetime.fromisoformat(approval.recorded_at) + timedelta(minutes=minutes)
    return due.isoformat(timespec="milliseconds")


def _all_told(home: Home, ring: Keyring, *, since: int) -> list[_Told]:
    return [_told_by(ring, paths) for paths in readable_books(home, since=since)]


def _told_by(ring: Keyring, paths: BookPaths) -> _Told:
    with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
        return _read(db)


def _read(db: Database) -> _Told:
    told = list(journal.entries(db, forms=_FORMS))
    return _Told(
        tuple(_with_entries(db, told)), tuple(entry for entry in told if entry.form == Countersigned.name)
    )


def _with_entries(db: Database, told: Sequence[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
    for entry in told:
        if entry.form == Approval.name and entry.content["way"] in COUNTERSIGNED_LATER:
            yield entry, journal.entry_by_id(db, entry.content["entry_id"])
