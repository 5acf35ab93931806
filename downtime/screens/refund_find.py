"""Finding the receipt money goes back for: by number, patient, name, initials, phone or amount."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.entry_lines import time_words
from downtime.screens.recorded import money
from downtime.screens.search_field import Candidate, Column
from downtime.store import delivery_queries, open_lists
from downtime.worklists import OpenRow
from forms import form_named
from forms.typed import as_code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from downtime.desk import Desk

RECEIPT_COLUMNS = (Column(11), Column(14), Column(8), Column(0), Column(11, right=True))
SHOWN_MAX = 27
_TYPED_MIN = 2
_DAY_AND_TIME = slice(5, 16)


class Receipts:
    """All receipts for money of a book, read once beside the screen and then only what came since."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rows: list[OpenRow] = []
        self._is_read = False

    async def reading(self) -> None:
        """Read them in a thread, through a connection of its own."""
        paths, key = self._desk.book.paths, self._desk.book.key

        def work() -> list[OpenRow]:
            db = delivery_queries.look(paths.journal, paths.deliveries, key)
            try:
                return list(_rows(db, 0))
            finally:
                db.close()

        self._rows = await asyncio.to_thread(work)
        self._is_read = True

    def seek(self, typed: str) -> list[Candidate]:
        """Return receipts that hold what was typed, newest first; those reversed are grey."""
        if len(typed) < _TYPED_MIN and typed.isascii():
            return []
        if not self._is_read:
            entry = self._desk.find(as_code(typed))  # a whole number is found before all are read
            return [_candidate(self._desk, row) for row in self._after(entry.seq - 1)[:1]] if entry else []
        self._rows += self._after(self._rows[-1].entry.seq if self._rows else 0)
        patients = self._patients(typed)
        currency, found = self._desk.currency, []
        for row in reversed(self._rows):
            if row.holds(typed, currency, patients):
                found.append(_candidate(self._desk, row))
                if len(found) == SHOWN_MAX:
                    break
        return found

    def _after(self, seq: int) -> list[OpenRow]:
        return list(_rows(self._desk.looking(), seq))

    def _patients(self, typed: str) -> frozenset[str]:
        search = self._desk.search
        return frozenset(hit.number for hit in search.search_patients(typed)) if search else frozenset()


def _rows(db: Any, seq: int) -> Iterator[OpenRow]:
    for entry, amount_minor in open_lists.receipts_after(db, seq):
        yield OpenRow(entry, amount_minor, entry.phone)


def _candidate(desk: Desk, row: OpenRow) -> Candidate:
    form = form_named(row.entry.form)
    shows = (
        time_words(row.entry.recorded_at)[_DAY_AND_TIME],
        row.entry.number,
        _(form.title) if form else row.entry.form,
        row.entry.name,
        money(row.amount_minor, desk.currency),
    )
    return Candidate(shows, row.entry.id, "$secondary" if desk.reversal_of(row.entry.id) is not None else "")
