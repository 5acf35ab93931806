"""What the checks of an inspection look at: the journals of this station, its accounts, its staff list, its clock.

Everything is opened for reading only, read once and closed again. A drill's entries are left out: nothing of a
drill proves anything about the real station.
"""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from downtime.errors import DowntimeError
from downtime.rights import ROLES
from downtime.store import audit_queries, journal
from downtime.store.inspection_queries import EventCount, event_counts, last_printed, versions
from downtime.store.reference import Reference, reference_path
from downtime.store.sqlite import DatabaseError
from downtime.store.verification import open_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring
    from downtime.reference_tables import StaffRow
    from downtime.slots import Slot

_Answer = TypeVar("_Answer")
UNREADABLE = (DowntimeError, DatabaseError, OSError, ValueError, KeyError)
_KEPT = (
    *("opening", "outage_declared", "outage_ended", "reference_in_force", "approval", "countersigned"),
    *("account_changed", "backup_made", "restore_tested", "keys_renewed", "signed_off", "book_purged"),
)
_NO_ROLES = {"service", "break_glass"}
SHARE_SECONDS_MAX = 3.0
"""How long a folder on another computer may take to answer."""


@dataclass(frozen=True, slots=True)
class BookLook:
    """One book as it was read.

    Attributes:
        entries: those of the forms a check asks for, in order.
        span: the oldest and the newest line of the audit, or None.
        events: how often which event stands in it.
        printed: the last paper that came out and how many did not since, or None.
        is_drill: its entries are a drill's.
    """

    paths: BookPaths
    entries: tuple[Entry, ...]
    span: tuple[Entry, Entry] | None
    events: tuple[EventCount, ...]
    printed: tuple[Entry, int] | None
    is_drill: bool


class Look:
    """One look at a station.

    Attributes:
        now: this moment, RFC 3339.
        books: those that can be read, oldest first; a drill's are left out.
        broken: (number, reason) of those that cannot.
        slots: every genuine account file.
        staff: the staff list in force by number, or None where there is none.
        sqlite, cipher: versions in use.
    """

    def __init__(self, home: Home, ring: Keyring, clock: Clock) -> None:
        self.home, self.ring, self.clock = home, ring, clock
        self.settings = home.settings
        self.now = clock.now().wall
        self.broken: list[tuple[int, str]] = []
        self.sqlite = self.cipher = ""
        read = [self._read(paths) for paths in home.books() if not paths.is_destroyed]
        self.books = tuple(book for book in read if book is not None and not book.is_drill)
        self.is_drill = self.settings.station.drill or any(
            book is not None and book.is_drill for book in read
        )
        self.slots: tuple[Slot, ...] = tuple(home.keys.slots())
        self.reference_problem = ""
        self.staff = self._staff()

    def _read(self, paths: BookPaths) -> BookLook | None:
        try:
            with closing(open_evidence(paths.journal, self.ring.book_key(paths.number))) as db:
                self.sqlite, self.cipher = versions(db)
                kept = tuple(entry for entry in journal.entries(db, forms=_KEPT) if not entry.drill)
                first = journal.entry_by_seq(db, 1)
                paper = last_printed(db)
                printed = journal.entry_by_seq(db, paper[0]) if paper else None
                return BookLook(
                    paths,
                    kept,
                    audit_queries.span(db),
                    tuple(event_counts(db)),
                    (printed, paper[1]) if paper and printed else None,
                    is_drill=first is not None and first.drill,
                )
        except UNREADABLE as error:
            self.broken.append((paths.number, error.what if isinstance(error, DowntimeError) else str(error)))
            return None

    def _staff(self) -> dict[str, StaffRow] | None:
        """Return the staff list in force; also proves that its file is there and opens."""
        in_force = self.newest("reference_in_force")
        if in_force is None:
            return None
        path = reference_path(self.home.path / "reference", int(in_force.content["version"]))
        try:
            with Reference(path, self.ring.reference_key()) as reference:
                found = {slot.operator: reference.staff(slot.operator) for slot in self.slots}
        except UNREADABLE as error:
            self.reference_problem = error.what if isinstance(error, DowntimeError) else str(error)
            return None
        return {operator: row for operator, row in found.items() if row is not None}

    # -- questions ----------------------------------------------------------------------------------

    def entries(self, *forms: str) -> list[Entry]:
        """Return the entries of ``forms`` in every book, in order."""
        return [entry for book in self.books for entry in book.entries if entry.form in forms]

    def newest(self, *forms: str) -> Entry | None:
        """Return the newest entry of ``forms``."""
        return next(reversed(self.entries(*forms)), None)

    def people(self) -> list[Slot]:
        """Return the open accounts of persons, drafted ones aside."""
        return [slot for slot in self.slots if slot.kind == "person" and not slot.closed]

    def roles_of(self, slot: Slot) -> tuple[str, ...]:
        """Return the roles somebody has now: the staff list's, else those of enrolment."""
        row = self.staff.get(slot.operator) if self.staff is not None else None
        if row is None:
            return slot.roles
        return (
            ()
            if row.leaver
            else tuple(role for role in row.role_names if role in ROLES and role not in _NO_ROLES)
        )

    def outage(self) -> str:
        """Return the outage in force, or ""."""
        last = self.newest("outage_declared", "outage_ended")
        return str(last.content["outage"]) if last is not None and last.form == "outage_declared" else ""


def who(slots: Sequence[Slot]) -> list[str]:
    """Return people as number and name."""
    return [f"{slot.operator} {slot.name}" if slot.name != slot.operator else slot.operator for slot in slots]


def within(seconds_max: float, act: Callable[[], _Answer]) -> _Answer:
    """Do something that a share which hangs could hold up for ever.

    Raises:
        TimeoutError: it took longer; whatever it does is given up.
        OSError: as ``act`` raises it.
    """
    answers: list[_Answer] = []
    failures: list[Exception] = []

    def run() -> None:
        try:
            answers.append(act())
        except Exception as error:  # noqa: BLE001 (raised again by the caller's thread)
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True, name="inspection")
    thread.start()
    thread.join(seconds_max)
    if failures:
        raise failures[0]
    if not answers:
        raise TimeoutError
    return answers[0]
