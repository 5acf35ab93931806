"""Printing behind: one thread that waits for the printer, so that recording never does."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal

from downtime.i18n import _
from downtime.record import record_event
from downtime.store import reports
from forms.station_book import Printed

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.store.drafts import Drafts


class PaperLine:
    """The way from one desk to its printer; copies come out one after the other, in the order asked for."""

    def __init__(self, desk: Desk, writer: ThreadPoolExecutor, drafts: Drafts) -> None:
        """Print for ``desk``; what touches its book is done in ``writer``, what is begun stands in ``drafts``."""
        self._desk = desk
        self._writer = writer
        self._drafts = drafts
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="printer")

    async def printing(self, entry: Entry, reason: str = "") -> Printed:
        """Print the next copy of an entry's receipt in the printer's thread; see ``print_receipt``."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._print, entry, reason)

    def print_receipt(self, entry: Entry, reason: str = "") -> Printed:
        """Print the next copy of an entry's receipt and record what became of it, in this thread.

        Raises:
            AccessRefusedError: it was printed before, and this person may not print copies.
        """
        from downtime.paper import print_entry

        outcome = print_entry(self._desk, entry, self._begin(entry), reason)
        self._record(outcome)
        return outcome

    def ask_about_cut_off(self) -> None:
        """Record "perhaps printed" for copies that were in the printer when the app died; called at a login.

        Whoever prints them again is asked what came out, and the next copy is marked as one.
        """
        for entry_id, copy in self._drafts.in_printer().items():
            entry = self._desk.find(entry_id)
            if entry is None or reports.copies_printed(self._desk.book.db, entry_id) >= copy:
                self._drafts.end_printing(entry_id)
            else:
                reason = _("the power went, or the app died, while it was in the printer")
                self._record(self._found(entry, copy, "maybe_printed", reason), as_station=True)

    async def seeing(self, entry: Entry, copy: int) -> None:
        """Record that somebody looked and found copy ``copy`` whole, which the printer could not say."""
        found = self._found(entry, copy, "printed", _("looked at: it came out whole"))
        await asyncio.get_running_loop().run_in_executor(self._writer, self._record, found)

    def close(self) -> None:
        """Wait for the copy in the printer, which ends by the profile's time; those not begun stay unprinted."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _print(self, entry: Entry, reason: str) -> Printed:
        from downtime.paper import print_entry

        copy = self._writer.submit(self._begin, entry).result()
        outcome = print_entry(self._desk, entry, copy, reason)
        self._writer.submit(self._record, outcome).result()
        return outcome

    def _found(
        self, entry: Entry, copy: int, state: Literal["printed", "maybe_printed"], reason: str
    ) -> Printed:
        return Printed(
            entry_id=entry.id,
            number=entry.number or "",
            copy_number=copy,
            state=state,
            printer=self._desk.home.settings.printer.kind,
            reason=reason,
        )

    def _begin(self, entry: Entry) -> int:
        copy = self._next_copy(entry)
        self._desk.kept.recorded(lambda: self._drafts.begin_printing(entry.id, copy))
        return copy

    def _next_copy(self, entry: Entry) -> int:
        printed = reports.copies_printed(self._desk.book.db, entry.id)
        if printed:
            self._desk.require("reprint")
        return printed + 1

    def _record(self, outcome: Printed, *, as_station: bool = False) -> None:
        self._desk.kept.recorded(lambda: record_event(self._desk.book, outcome, as_station=as_station))
        self._drafts.end_printing(outcome.entry_id)
