"""The desk: one person at one station with an open book; what screens and commands work through.

Writing happens in one thread of its own (``recording`` and its kin are awaitable), so a slow disk never
holds up a key. Reading goes through a second, read-only connection and takes milliseconds.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar

from downtime.book import JournalView, OpenBook
from downtime.record import Recorded, Refused, record, record_event
from downtime.rights import may, refusal
from downtime.sealing import Filled
from downtime.standing import Standing, standing_of
from downtime.store import delivery_queries, journal, reports
from downtime.store.drafts import Draft, Drafts
from downtime.store.reference import Reference, reference_path
from downtime.store.search import Search
from forms.dispense import left_to_dispense
from forms.payment import owed_minor, standing_charge
from forms.station_book import Audit, Printed

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.keys import Keyring
    from downtime.outcome import FormalDocument
    from forms.base import Form

_Answer = TypeVar("_Answer")

TEMPORARY_PATIENT = "T"
TEMPORARY_VISIT = "V"


class Desk:
    """One person's session at the station.

    Attributes:
        home: where the station lives.
        person: who is logged in.
        book: the open book.
        reference: the reference tables in force, or None; nothing stops without them.
        search: search over them, or None.
    """

    def __init__(self, home: Home, ring: Keyring, clock: Clock | None = None) -> None:
        """Open the newest book.

        Raises:
            JournalAlarmError: journal and head log do not agree.
            WrongPlaceError: a file is missing or does not open.
        """
        self.home = home
        self.person = ring.person
        self.currency = home.settings.hospital.currency
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self.book = OpenBook(home, ring, home.current_book(), clock)
        paths = self.book.paths
        self._readings: dict[int, tuple[Any, bool]] = {}
        self._look()
        self._drafts = Drafts(paths.drafts, self.book.key)
        self._reference_key = ring.reference_key()
        self.reference: Reference | None = None
        self.search: Search | None = None
        self.take_reference_in_force()

    # -- recording ----------------------------------------------------------------------------------

    def record(self, form: Form, entry_id: str, *, happened_at: str | None = None) -> Recorded | Refused:
        """Record a filled form and wait for the disk; see ``downtime.record.record`` for what it raises."""
        return record(self.book, Filled(form, entry_id, happened_at))

    async def recording(self, form: Form, entry_id: str) -> Recorded | Refused:
        """Record a filled form in the writer's thread."""
        return await self._in_writer(lambda: self.record(form, entry_id))

    async def recording_event(self, form: Form) -> Recorded:
        """Record something the station writes itself, in the writer's thread."""
        return await self._in_writer(lambda: record_event(self.book, form))

    def may(self, right: str) -> bool:
        """Return whether the person logged in has a right now; see ``downtime.rights``."""
        return may(self.book.person.roles, right)

    def require(self, right: str) -> None:
        """Go on only if the person logged in has a right; a refusal is audited.

        Raises:
            AccessRefusedError: they do not have it.
        """
        if not self.may(right):
            self.audit("right_refused", subject=right, success=False)
            raise refusal(right)

    def audit(self, event: str, *, subject: str = "", success: bool = True, detail: str = "") -> None:
        """Write an audit line and wait for the disk."""
        record_event(self.book, Audit(event=event, subject=subject, success=success, detail=detail))

    def confirm(self, entry_id: str) -> None:
        """Remember that the operator saw "recorded" for this entry; its draft goes."""
        self._drafts.confirm(entry_id)

    async def confirming(self, entry_id: str) -> None:
        """The same, in the writer's thread."""
        await self._in_writer(lambda: self._drafts.confirm(entry_id))

    def unconfirmed(self) -> list[Entry]:
        """Return receipts that were recorded but that nobody was told about: was it handed over?"""
        confirmed = self._drafts.confirmed()
        waiting = [seq for seq, entry_id in reports.numbered_ids(self._look()) if entry_id not in confirmed]
        return list(delivery_queries.read_entries(self._look(), waiting))

    async def _in_writer(self, act: Callable[[], _Answer]) -> _Answer:
        return await asyncio.get_running_loop().run_in_executor(self._writer, act)

    # -- drafts -------------------------------------------------------------------------------------

    async def saving_draft(self, entry_id: str, form: str, content: dict[str, Any]) -> None:
        """Keep a half-filled form, synced, in the writer's thread."""
        draft = Draft(entry_id, form, self.person.operator, content, self.book.clock.now().wall)
        await self._in_writer(lambda: self._drafts.save(draft))

    def drafts(self) -> list[Draft]:
        """Return half-filled forms that are not recorded, newest first."""
        found = self._drafts.all()
        return [draft for draft in found if journal.body_hash_of(self._look(), draft.id) is None]

    async def dropping_draft(self, entry_id: str) -> None:
        """Give a half-filled form up, in the writer's thread."""
        await self._in_writer(lambda: self._drafts.drop(entry_id))

    # -- paper --------------------------------------------------------------------------------------

    async def printing(self, entry: Entry, reason: str = "") -> Printed:
        """Print the next copy of an entry's receipt and record what became of it, in the writer's thread."""
        return await self._in_writer(lambda: self.print_receipt(entry, reason))

    def print_receipt(self, entry: Entry, reason: str = "") -> Printed:
        """Print the next copy of an entry's receipt and record what became of it."""
        from downtime.paper import print_entry

        outcome = print_entry(self, entry, reports.copies_printed(self.book.db, entry.id) + 1, reason)
        record_event(self.book, outcome)
        return outcome

    def not_printed(self) -> list[Entry]:
        """Return entries whose receipt never came out, newest first."""
        return reports.not_printed(self._look())

    # -- looking ------------------------------------------------------------------------------------

    def _look(self) -> Any:
        """Return the reading connection of this thread: printing reads in the writer's."""
        paths, thread = self.book.paths, get_ident()
        db, has_deliveries = self._readings.get(thread, (None, False))
        if db is None or (not has_deliveries and paths.deliveries.exists()):
            if db is not None:
                db.close()
            db = delivery_queries.look(paths.journal, paths.deliveries, self.book.key, any_thread=True)
            self._readings[thread] = (db, delivery_queries.sees_deliveries(db))
        return db

    def looking(self) -> Any:
        """Return the connection for reading; only the questions of ``downtime.desk_queries`` ask this way."""
        return self._look()

    def take_reference_in_force(self) -> None:
        """Open the reference tables the journal names; keep the ones in hand if that fails."""
        version = self.book.reference_version()
        if version is None or (self.reference is not None and self.reference.version == version):
            return
        path = reference_path(self.home.path / "reference", version)
        if path.is_file():
            self.reference = Reference(path, self._reference_key, any_thread=True)
            self.search = Search(self.reference)

    def find(self, text: str) -> Entry | None:
        """Return the entry that ``text`` names: a receipt number or an entry id."""
        db = self._look()
        return journal.entry_by_number(db, text.strip().upper()) or journal.entry_by_id(db, text.strip())

    def find_entries(self, text: str = "", limit: int = 100) -> list[Entry]:
        """Return receipts whose number, patient number or name holds ``text``, newest first."""
        return reports.search_entries(self._look(), text.strip(), limit)

    def entries_of_patient(self, patient: str) -> list[Entry]:
        """Return entries about a patient, newest first."""
        return reports.of_patient(self._look(), patient)

    def registered_here(self, text: str) -> list[Entry]:
        """Return registrations of this book by number or name."""
        return reports.registered_here(self._look(), text.strip())

    def recent_codes(self) -> list[str]:
        """Return codes charged lately, latest first."""
        return reports.recent_codes(self._look())

    def reversal_of(self, entry_id: str) -> str | None:
        """Return the id of the reversal that undoes an entry, or None."""
        return next(iter(journal.referring(self._look(), entry_id, "reversal")), None)

    def owed_minor(self, charge_id: str) -> int:
        """Return what a charge still owes, in minor units; 0 for a reversed or unknown one."""
        view = JournalView(self._look())
        charge = standing_charge(charge_id, view)
        return owed_minor(charge_id, charge, view) if charge else 0

    def left_to_dispense(self, charge_id: str) -> dict[str, Decimal]:
        """Return what a charge still allows to be handed over, by drug code."""
        return left_to_dispense(charge_id, JournalView(self._look()))

    def formal_documents(self, entry_id: str) -> list[FormalDocument]:
        """Return the formal documents the HIS issued for an entry."""
        return delivery_queries.formal_of(self._look(), entry_id)

    def entries_with_formal_number(self, number: str) -> list[str]:
        """Return ids of entries that a formal document number belongs to."""
        return delivery_queries.entries_of(self._look(), number)

    def delivery_history(self, entry_id: str) -> list[delivery_queries.HistoryLine]:
        """Return every attempt to tell the HIS about an entry."""
        return delivery_queries.history(self._look(), entry_id)

    def next_temporary_patient(self) -> str:
        """Return the next free temporary patient number; it carries the station."""
        return self._next_temporary(TEMPORARY_PATIENT, "registration")

    def next_temporary_visit(self) -> str:
        """Return the next free temporary visit number; it carries the station."""
        return self._next_temporary(TEMPORARY_VISIT, "visit")

    def _next_temporary(self, mark: str, form: str) -> str:
        identity = self.book.identity
        count = reports.count_with_prefix(self.book.db, form) + 1
        return f"{mark}{identity.station}{identity.incarnation}{identity.book:02d}{count:05d}"

    def standing(self) -> Standing:
        """Return counts and sums per state that always add up."""
        return standing_of(self._look(), self.home.settings, unconfirmed=len(self.unconfirmed()))

    def close(self) -> None:
        """End the session; everything recorded is on disk already."""
        self._writer.shutdown(wait=True)
        self._drafts.close()
        for db, _has_deliveries in self._readings.values():
            db.close()
        if self.reference is not None:
            self.reference.close()
        self.book.close()
