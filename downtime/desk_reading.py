"""What a desk is asked about the open book: entries, patients, what is owed, what became of a delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.store import delivery_queries, journal, reports
from forms.bill import owed_minor
from forms.dispense import left_to_dispense

if TYPE_CHECKING:
    from decimal import Decimal

    from downtime.entry import Entry
    from downtime.outcome import FormalDocument
    from downtime.store.receipt_names import ReceiptNames


class DeskReading:
    """The part of the desk that only looks; every answer takes milliseconds."""

    receipt_names: ReceiptNames

    def looking(self) -> Any:
        """Return this thread's connection for reading."""
        raise NotImplementedError

    def find(self, text: str) -> Entry | None:
        """Return the entry that ``text`` names: a receipt number or an entry id."""
        db = self.looking()
        return journal.entry_by_number(db, text.strip().upper()) or journal.entry_by_id(db, text.strip())

    def find_entries(self, text: str = "", limit: int = 100) -> list[Entry]:
        """Return receipts whose number, patient number or name holds ``text``, newest first."""
        db, asked = self.looking(), text.strip()
        if not asked:
            return reports.newest_receipts(db, limit)
        return reports.entries_of(db, self.receipt_names.seqs(db, asked, limit))

    def entries_of_patient(self, patient: str) -> list[Entry]:
        """Return entries about a patient, newest first."""
        return reports.of_patient(self.looking(), patient)

    def registered_here(self, text: str) -> list[Entry]:
        """Return registrations of this book by number or name."""
        return reports.registered_here(self.looking(), text.strip())

    def recent_codes(self) -> list[str]:
        """Return codes charged lately, latest first."""
        return reports.recent_codes(self.looking())

    def reversal_of(self, entry_id: str) -> str | None:
        """Return the id of the reversal that undoes an entry, or None."""
        return next(iter(journal.referring(self.looking(), entry_id, "reversal")), None)

    def owed_minor(self, charge_id: str) -> int:
        """Return what a charge still owes, in minor units; 0 for a reversed or unknown one."""
        return owed_minor(charge_id, JournalView(self.looking()))

    def left_to_dispense(self, charge_id: str) -> dict[str, Decimal]:
        """Return what a charge still allows to be handed over, by drug code."""
        return left_to_dispense(charge_id, JournalView(self.looking()))

    def formal_documents(self, entry_id: str) -> list[FormalDocument]:
        """Return the formal documents the HIS issued for an entry."""
        return delivery_queries.formal_of(self.looking(), entry_id)

    def entries_with_formal_number(self, number: str) -> list[str]:
        """Return ids of entries that a formal document number belongs to."""
        return delivery_queries.entries_of(self.looking(), number)

    def delivery_history(self, entry_id: str) -> list[delivery_queries.HistoryLine]:
        """Return every attempt to tell the HIS about an entry."""
        return delivery_queries.history(self.looking(), entry_id)
