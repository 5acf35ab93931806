"""The audit: everything the station itself wrote into a book, filtered and paged in SQL.

Audit lines, printouts, exports, changes of accounts and the like stand between the receipts; all of them are
the entries the HIS does not get. An index of their own answers, so that 100,000 lines are no burden; a journal
that no app has opened for writing since is without it, and answers slower.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.store import journal
from downtime.store.journal_schema import AUDIT_EVENT, AUDIT_SUCCESS, AUDIT_TOLD
from downtime.store.sqlite import open_database

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from downtime.entry import Entry

PAGE: Final = 200

_INDEXED: Final = "FROM entry INDEXED BY entry_audit WHERE deliverable = 0"
_PLAIN: Final = "FROM entry WHERE deliverable = 0"
_WANTED: Final = (
    f" AND (:events IS NULL OR {AUDIT_EVENT} IN (SELECT value FROM json_each(:events)))"  # noqa: S608 (constant)
    f" AND (:operator = '' OR (operator = :operator AND {AUDIT_EVENT} NOT LIKE 'gate\\_%' ESCAPE '\\')"
    f" OR ({AUDIT_EVENT} LIKE 'gate\\_%' ESCAPE '\\' AND {AUDIT_TOLD} LIKE :operator || ' %'))"
    f" AND (:success IS NULL OR {AUDIT_SUCCESS} = :success)"
    " AND (:since = '' OR recorded_at >= :since) AND (:until = '' OR recorded_at < :until)"
    f" AND (:text = '' OR instr(lower({AUDIT_TOLD}), :text) OR instr(operator, :text))"
)
"""Written with the very expressions of the index, so that no entry has to be read to be passed over."""

_HAS_INDEX: Final = "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'entry_audit'"
_COUNTS: Final = (
    f"SELECT count(*) {_PLAIN}{_WANTED}",
    f"SELECT count(*) {_INDEXED}{_WANTED}",
)
_PAGES: Final = (
    f"SELECT seq {_PLAIN}{_WANTED} ORDER BY seq DESC LIMIT :limit OFFSET :offset",
    f"SELECT seq {_INDEXED}{_WANTED} ORDER BY seq DESC LIMIT :limit OFFSET :offset",
)
_EVENTS: Final = (
    f"SELECT DISTINCT {AUDIT_EVENT} {_PLAIN} ORDER BY 1",
    f"SELECT DISTINCT {AUDIT_EVENT} {_INDEXED} ORDER BY 1",
)
_AFTER: Final = (
    f" AND seq > :after AND {AUDIT_EVENT} IN (SELECT value FROM json_each(:events))"  # noqa: S608 (constant)
    " ORDER BY seq DESC LIMIT 1"
)
_NEWEST: Final = (f"SELECT seq {_PLAIN}{_AFTER}", f"SELECT seq {_INDEXED}{_AFTER}")
_SPAN: Final = "SELECT min(seq), max(seq) FROM entry WHERE deliverable = 0"


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is asked for; empty means everything.

    Attributes:
        events: events (or names of station forms), or None for all.
        operator: who did it, by staff number.
        success: only what succeeded, only what failed, or None for both.
        since: from this time on (RFC 3339 or a date); until: before this time.
        text: part of the subject, detail, number, reason or file.
    """

    events: tuple[str, ...] | None = None
    operator: str = ""
    success: bool | None = None
    since: str = ""
    until: str = ""
    text: str = ""

    def values(self) -> dict[str, Any]:
        """Return what is bound to the statement."""
        return {
            "events": None if self.events is None else json.dumps(self.events),
            "operator": self.operator,
            "success": None if self.success is None else int(self.success),
            "since": self.since,
            "until": self.until,
            "text": self.text.lower() if self.text.isascii() else self.text,
        }


def end_of(day: str) -> str:
    """Return what every time of ``day`` (ISO date) stands before, for ``AuditFilter.until``."""
    return f"{day}U"  # a time goes on with T


def open_audit(path: Path, key: bytes) -> Database:
    """Open a journal for reading its audit only.

    Raises:
        WrongPlaceError: it is missing or does not open.
    """
    return open_database(path, key, read_only=True, any_thread=True)


def _is_indexed(db: Database) -> int:
    return int(db.execute(_HAS_INDEX).fetchone() is not None)


def count(db: Database, wanted: AuditFilter) -> int:
    """Return how many lines there are."""
    return int(db.execute(_COUNTS[_is_indexed(db)], wanted.values()).fetchone()[0])


def page(db: Database, wanted: AuditFilter, *, offset: int = 0, limit: int = PAGE) -> list[Entry]:
    """Return one page of lines, newest first."""
    values = {**wanted.values(), "limit": limit, "offset": offset}
    return list(_entries(db, [row[0] for row in db.execute(_PAGES[_is_indexed(db)], values)]))


def every(db: Database, wanted: AuditFilter) -> Iterator[Entry]:
    """Yield all lines, newest first; one row at a time."""
    seqs = [
        row[0] for row in db.execute(_PAGES[_is_indexed(db)], {**wanted.values(), "limit": -1, "offset": 0})
    ]
    return _entries(db, seqs)


def _entries(db: Database, seqs: Sequence[int]) -> Iterator[Entry]:
    for seq in seqs:
        entry = journal.entry_by_seq(db, seq)
        if entry is not None:
            yield entry


def events(db: Database) -> list[str]:
    """Return every event that stands in the book."""
    return [row[0] for row in db.execute(_EVENTS[_is_indexed(db)])]


def newest(db: Database, events: Sequence[str], *, after: int = 0) -> Entry | None:
    """Return the newest line of ``events`` after entry ``after``, or None."""
    values = {"events": json.dumps(list(events)), "after": after}
    row = db.execute(_NEWEST[_is_indexed(db)], values).fetchone()
    return journal.entry_by_seq(db, row[0]) if row else None


def span(db: Database) -> tuple[Entry, Entry] | None:
    """Return the oldest and the newest line, or None."""
    first, last = db.execute(_SPAN).fetchone()
    found = [journal.entry_by_seq(db, seq) for seq in (first, last) if seq is not None]
    return (found[0], found[1]) if len(found) == 2 and found[0] and found[1] else None  # noqa: PLR2004 (a pair)


def last_entry(db: Database) -> Entry | None:
    """Return the newest entry of the book, whatever it is."""
    return next(journal.entries(db, limit=1, newest=True), None)
