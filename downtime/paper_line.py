"""Printing behind: one thread that waits for the printer, so that recording never does."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.record import record_event
from downtime.store import reports
from forms.station_book import Printed

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.entry import Entry


class PaperLine:
    """The way from one desk to its printer; copies come out one after the other, in the order asked for."""

    def __init__(self, desk: Desk, writer: ThreadPoolExecutor) -> None:
        """Print for ``desk``; what touches its book is done in ``writer``."""
        self._desk = desk
        self._writer = writer
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

        outcome = print_entry(self._desk, entry, self._next_copy(entry), reason)
        self._record(outcome)
        return outcome

    async def seeing(self, entry: Entry, copy: int) -> None:
        """Record that somebody looked and found copy ``copy`` whole, which the printer could not say."""
        found = Printed(
            entry_id=entry.id,
            number=entry.number or "",
            copy_number=copy,
            state="printed",
            printer=self._desk.home.settings.printer.kind,
            reason=_("looked at: it came out whole"),
        )
        await asyncio.get_running_loop().run_in_executor(self._writer, self._record, found)

    def close(self) -> None:
        """Wait for the copy in the printer, which ends by the profile's time; those not begun stay unprinted."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _print(self, entry: Entry, reason: str) -> Printed:
        from downtime.paper import print_entry

        copy = self._writer.submit(self._next_copy, entry).result()
        outcome = print_entry(self._desk, entry, copy, reason)
        self._writer.submit(self._record, outcome).result()
        return outcome

    def _next_copy(self, entry: Entry) -> int:
        printed = reports.copies_printed(self._desk.book.db, entry.id)
        if printed:
            self._desk.require("reprint")
        return printed + 1

    def _record(self, outcome: Printed) -> None:
        self._desk.kept.recorded(lambda: record_event(self._desk.book, outcome))
