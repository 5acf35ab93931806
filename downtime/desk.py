"""The desk: one person at one station with an open book; what screens and commands work through.

Writing happens in one thread of its own (``recording`` and its kin are awaitable), so a slow disk never
holds up a key. Reading goes through a second, read-only connection and takes milliseconds.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident
from typing import TYPE_CHECKING, Any, TypeVar

from downtime.approvals import approve, rule_for
from downtime.begun import OUTAGE_FORMS, BegunForms
from downtime.desk_reading import DeskReading
from downtime.destroying import finish_purges
from downtime.paper_line import PaperLine
from downtime.record import Recorded, Refused, record, record_event
from downtime.rights import may, refusal
from downtime.safekeeping import Safekeeping
from downtime.sealing import Filled
from downtime.shift import is_blind
from downtime.standing import Standing, standing_of
from downtime.store import delivery_queries, journal, reports
from downtime.store.drafts import Draft, Drafts
from downtime.store.receipt_names import ReceiptNames
from downtime.store.reference import Reference, reference_path
from downtime.store.search import Search
from forms.station_book import Audit, Printed

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.gate import GateLog
    from downtime.home import Home
    from downtime.keys import Keyring
    from forms.base import Form
    from forms.trust import Approval

_Answer = TypeVar("_Answer")

TEMPORARY_PATIENT = "T"
TEMPORARY_VISIT = "V"


class Desk(DeskReading):
    """One person's session at the station.

    Attributes:
        home: where the station lives.
        person: who is logged in.
        book: the open book.
        paper: the way to the printer.
        kept: room on the disk and the second copy of the head log, around every recording.
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
        self.currency = home.settings.hospital.currency
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="writer")
        self.kept = Safekeeping(home, ring, clock)
        self.book = self.kept.book
        finish_purges(home, ring)
        self.person = self.book.person
        paths = self.book.paths
        self._readings: dict[int, tuple[Any, bool]] = {}
        self.receipt_names = ReceiptNames()
        self._look()
        self._drafts = Drafts(paths.drafts, self.book.key)
        self.begun = BegunForms()
        self.paper = PaperLine(self, self._writer, self._drafts)
        self._reference_key = ring.reference_key()
        self.reference: Reference | None = None
        self.search: Search | None = None
        self.take_reference_in_force()

    # -- recording ----------------------------------------------------------------------------------

    def record(
        self,
        form: Form,
        entry_id: str,
        *,
        happened_at: str | None = None,
        beside: tuple[Form, ...] = (),
        approval: Approval | None = None,
        agree: tuple[str, str] | None = None,
    ) -> Recorded | Refused:
        """Record a filled form and wait for the disk; see ``downtime.record.record`` for what it raises.

        Args:
            form: the form.
            entry_id: made when the form opened.
            happened_at: RFC 3339, if earlier than now.
            beside: recorded in the same commit; see ``Filled``.
            approval: of a second person, where one is needed.
            agree: (operator, password) of a second person who agrees right here if one is needed.
        """
        filled = Filled(form, entry_id, happened_at, beside=beside)
        rule = rule_for(self.book, form) if agree is not None and approval is None else None
        agreed = (
            approve(self.book, filled, rule, *agree) if rule is not None and agree is not None else approval
        )
        return self.kept.recorded(lambda: record(self.book, filled, agreed))

    async def recording(
        self, form: Form, entry_id: str, approval: Approval | None = None
    ) -> Recorded | Refused:
        """Record a filled form in the writer's thread."""
        return await self._in_writer(lambda: self.record(form, entry_id, approval=approval))

    async def in_writer(self, act: Callable[[], _Answer]) -> _Answer:
        """Do something with the book in the writer's thread: rules, approvals, accounts, countersigning."""
        return await self._in_writer(act)

    async def recording_event(self, form: Form) -> Recorded:
        """Record something the station writes itself, in the writer's thread."""
        return await self._in_writer(lambda: self.kept.recorded(lambda: record_event(self.book, form)))

    def may(self, right: str) -> bool:
        """Return whether the person logged in has a right; see ``downtime.rights``."""
        return may(self.person.roles, right)

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
        line = Audit(event=event, subject=subject, success=success, detail=detail)
        self.kept.recorded(lambda: record_event(self.book, line))

    async def draining(self, gate: GateLog) -> None:
        """Take what happened before a login into the audit, in the writer's thread."""
        await self._in_writer(lambda: gate.drain(self.book))

    def log_out(self) -> None:
        """Write the end of the session, after everything that still waits for the writer."""
        self._writer.submit(self.audit, "logout", subject=self.person.operator).result()

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

        def save() -> None:
            self.begun.saw(entry_id, self.book.outage())
            self._drafts.save(draft)

        await self._in_writer(lambda: self.kept.recorded(save))

    def drafts(self) -> list[Draft]:
        """Return half-filled forms that are not recorded, newest first."""
        found = self._drafts.all()
        self.begun.found(found, journal.entries(self._look(), forms=OUTAGE_FORMS, limit=2, newest=True))
        return [draft for draft in found if journal.body_hash_of(self._look(), draft.id) is None]

    async def dropping_draft(self, entry_id: str) -> None:
        """Give a half-filled form up, in the writer's thread."""
        await self._in_writer(lambda: self._drafts.drop(entry_id))

    # -- paper --------------------------------------------------------------------------------------

    async def printing(self, entry: Entry, reason: str = "") -> Printed:
        """Print the next copy of an entry's receipt in the printer's thread and record what became of it."""
        return await self.paper.printing(entry, reason)

    def print_receipt(self, entry: Entry, reason: str = "") -> Printed:
        """Print the next copy of an entry's receipt and record what became of it.

        Raises:
            AccessRefusedError: it was printed before, and this person may not print copies.
        """
        return self.paper.print_receipt(entry, reason)

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
        """Return the connection for reading; see ``downtime.desk_reading`` and ``downtime.desk_queries``."""
        return self._look()

    def take_reference_in_force(self) -> None:
        """Open the reference tables the journal names; keep the ones in hand if that fails."""
        version = self.book.reference_version()
        self.person = self.book.person
        if version is None or (self.reference is not None and self.reference.version == version):
            return
        path = reference_path(self.home.path / "reference", version)
        if path.is_file():
            self.reference = Reference(path, self._reference_key, any_thread=True)
            self.search = Search(self.reference)

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

    async def reading_receipts(self) -> None:
        """Have numbers and names of all receipts at hand before somebody searches them with every key."""
        await self.in_writer(lambda: self.find_entries("-", 1))

    def standing(self) -> Standing:
        """Return counts and sums per state that always add up."""
        unconfirmed = len(self.unconfirmed())  # first: looking again may open another connection in its place
        return standing_of(self._look(), self.home.settings, unconfirmed=unconfirmed)

    def standing_told(self) -> Standing:
        """Return the same as it may be told: no drawer to whoever is going to count theirs blind."""
        found = self.standing()
        return found.hiding_drawers() if self.may("cash") and is_blind(self._look()) else found

    def close(self) -> None:
        """End the session; everything recorded is on disk already."""
        self.paper.close()
        self._writer.shutdown(wait=True)
        self.kept.close()
        self._drafts.close()
        for db, _has_deliveries in self._readings.values():
            db.close()
        if self.reference is not None:
            self.reference.close()
        self.book.close()
