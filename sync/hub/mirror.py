"""The verified books of all stations, laid out beside the hub's tables exactly as the stations have them.

Every question a station asks of its journal and deliveries can so be asked here, unchanged: of one book, or of
all of them as one journal, in which a receipt of one station may be exchanged or refunded at another. The files
lie in a private folder for as long as this is open, encrypted with a key that is nowhere else.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from datetime import datetime
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from downtime import os_calls
from downtime.canonical import seal, unseal
from downtime.outcome import STATES
from downtime.store import mirrored
from downtime.store.chain import link
from downtime.store.deliveries import OWED, REACHED, SENDING, genesis
from downtime.store.sqlite import KEY_BYTES, open_database
from sync.hub.arrivals import Place
from sync.hub.mirror_rows import Held, Mirrored, document_rows, journal_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sync.hub.database import Database, Row

NO_DECISION_AFTER: Final = 1 << 53
"""A fact of the hub stands after every entry: only the hub's own rows say that something goes again."""
_SALT: Final = bytes(16)
_KNOWN_STATES: Final = frozenset({*STATES, SENDING, REACHED})

_BOOKS: Final = "SELECT station, incarnation, book, seq FROM chain ORDER BY station, incarnation, book"
_ENTRIES: Final = """
SELECT seq, salt, sealed, hash, n, verdict FROM entry
WHERE station = ? AND incarnation = ? AND book = ? AND chained = 1 AND seq > ? ORDER BY seq
"""
_GROUPS: Final = """
SELECT seq_from, seq_to, head FROM head WHERE station = ? AND incarnation = ? AND book = ? AND seq_to > ?
"""
_FACTS: Final = """
SELECT d.n, d.connector, d.entry_n, d.step, d.state, d.outcome, d.at, d.wait_seconds
FROM delivery d WHERE d.entry_n IS NOT NULL AND d.n > ? ORDER BY d.n
"""
_FACT_COUNT: Final = "SELECT count(*) FROM delivery WHERE entry_n IS NOT NULL"


class Mirror:
    """The books as they stand at the hub; a context manager that leaves nothing behind."""

    def __init__(self, db: Database) -> None:
        """Prepare an empty folder; ``refresh`` fills it."""
        self._db = db
        self._key = secrets.token_bytes(KEY_BYTES)
        self._folder = Path(tempfile.mkdtemp(prefix="downtime-"))
        os_calls.private_dir(self._folder)
        self._books: dict[Place, Mirrored] = {}
        self._at: dict[int, Held] = {}
        self._places: dict[Place, list[int]] = {}
        self._facts_read = 0
        self._too_early: list[Row] = []
        self._last_fact = 0
        self._gathered: Mirrored | None = None
        self._rounds = 0

    def __enter__(self) -> Self:
        """Lay out what there is."""
        try:
            self.refresh()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_failure: object) -> None:
        """Delete everything."""
        self.close()

    def close(self) -> None:
        """Delete everything."""
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def books(self) -> Mapping[Place, Mirrored]:
        """Every book something of which stands verified, by its place, in order."""
        return self._books

    def of_station(self, station: str) -> list[Mirrored]:
        """Return the books of one station, oldest first."""
        found = [book for place, book in self._books.items() if place.station == station]
        return sorted(found, key=lambda book: (book.place.incarnation, book.place.book))

    def whose(self, n: int) -> Held | None:
        """Return entry ``n`` of the hub's tables, or None if it does not lie here."""
        return self._at.get(n)

    def entries_of(self, books: Iterable[Mirrored]) -> list[Held]:
        """Return every entry of these books."""
        wanted = {book.place for book in books}
        return [held for held in self._at.values() if held.place in wanted]

    def places(self, place: Place) -> Sequence[int]:
        """Return where the entries of a book stand in ``everything``."""
        self.everything()
        return self._places.get(place, [])

    def refresh(self) -> set[Place]:
        """Take over what came since; return the books in which something did."""
        changed = {place for place in self._read_books() if self._lay_entries(self._books[place])}
        changed |= self._lay_facts()
        if changed:
            self._gathered = None
        return changed

    def everything(self) -> Mirrored:
        """Return all books as one: entries in the order they were recorded, each book's own order kept.

        Its sequence numbers are places in this one alone. What stands in quarantine for being there twice is left out.
        """
        if self._gathered is None:
            self._gathered = self._gather(list(self._books.values()))
        return self._gathered

    # -- entries --------------------------------------------------------------------------------------

    def _read_books(self) -> list[Place]:
        found = []
        for station, incarnation, number, seq in self._db.rows(_BOOKS):
            place = Place(station, incarnation, number)
            book = self._books.get(place)
            if book is None:
                stem = self._folder / f"{station}{incarnation}-{number:04d}"
                journal, deliveries = stem.with_suffix(".journal"), stem.with_suffix(".deliveries")
                book = self._books[place] = Mirrored(place, journal, deliveries, self._key)
            if seq > book.entries:
                found.append(place)
        return found

    def _lay_entries(self, book: Mirrored) -> bool:
        place = book.place
        found = self._db.rows(_ENTRIES, (*place.key, book.entries))
        firsts = self._group_firsts(book, found)
        rows = []
        for seq, salt, sealed, chain_hash, n, verdict in found:
            first = firsts.get(seq, int(seq))
            row = journal_row(seq, first, bytes(salt), self._db.shown(sealed), bytes(chain_hash))
            rows.append(row)
            self._at[n] = Held(
                place, seq, row.id, row.form, row.number or "", row.amount_minor, row.patient or ""
            )
            if verdict:
                book.set_aside[seq] = verdict
        if not rows:
            return False
        mirrored.lay_entries(book.journal, self._key, rows)
        book.entries, book.head = rows[-1].seq, rows[-1].hash
        if rows[0].seq == 1:
            book.first_hash = rows[0].hash
        return True

    def _group_firsts(self, book: Mirrored, found: Sequence[Row]) -> dict[int, int]:
        """Return with which entry the commit group of each begins; heads of another chain say nothing."""
        begins = {
            (seq_to, bytes(head)): int(seq_from)
            for seq_from, seq_to, head in self._db.rows(_GROUPS, (*book.place.key, book.entries))
        }
        firsts: dict[int, int] = {}
        for seq, _salt, _sealed, chain_hash, _n, _verdict in found:
            seq_from = begins.get((seq, bytes(chain_hash)))
            if seq_from is not None:
                firsts |= dict.fromkeys(range(seq_from, seq + 1), seq_from)
        return firsts

    # -- facts ----------------------------------------------------------------------------------------

    def _lay_facts(self) -> set[Place]:
        """Add the facts that came since; where earlier ones turned up late, lay all of them out anew."""
        found = self._db.rows(_FACTS, (self._last_fact,))
        stated = self._db.row(_FACT_COUNT)
        if stated is not None and int(stated[0]) != self._facts_read + len(found):
            for book in self._books.values():
                book.facts, book.facts_head = 0, b""
                book.deliveries.unlink(missing_ok=True)
            self._facts_read, self._too_early, found = 0, [], self._db.rows(_FACTS, (-NO_DECISION_AFTER,))
        by_place: dict[Place, list[Row]] = {}
        waiting, self._too_early = [*self._too_early, *found], []
        for fact in waiting:
            held = self._at.get(fact[2])
            if held is not None:
                by_place.setdefault(held.place, []).append(fact)
            else:  # its entry was verified while we were reading
                self._too_early.append(fact)
        for place, facts in by_place.items():
            self._lay_facts_of(self._books[place], facts)
        self._facts_read += len(found)
        self._last_fact = max([self._last_fact, *(fact[0] for fact in found)])
        return set(by_place)

    def _lay_facts_of(self, book: Mirrored, facts: Sequence[Row]) -> None:
        rows: list[Row] = []
        documents: list[Row] = []
        n, head = book.facts, book.facts_head or genesis(book.first_hash)
        for _n, connector, entry_n, step, state, outcome, at, wait_seconds in facts:
            held = self._at[entry_n]
            seq, entry_id = held.seq, held.id
            n += 1
            told = unseal(outcome.encode())
            stated = state if state in _KNOWN_STATES else OWED
            content = {
                "connector": connector, "entry_seq": seq, "entry_id": entry_id, "step": step, "state": state,
                "outcome": told, "at": at,
            }  # fmt: skip
            sealed = seal(content)
            head = link(n, head, _SALT, sealed)
            rows.append(
                (
                    n, n, connector, seq, entry_id, step, stated, NO_DECISION_AFTER, at, wait_seconds, None, sealed,
                    _SALT, head,
                )
            )  # fmt: skip
            documents += document_rows(n, entry_id, told)
        mirrored.lay_facts(book.deliveries, self._key, rows, documents)
        book.facts, book.facts_head = n, head

    # -- all as one -----------------------------------------------------------------------------------

    def _gather(self, books: Sequence[Mirrored]) -> Mirrored:
        self._rounds += 1
        stem = self._folder / f"all-{self._rounds}"
        whole = Mirrored(
            Place("", "", 0), stem.with_suffix(".journal"), stem.with_suffix(".deliveries"), self._key
        )
        places: list[list[tuple[int, int]]] = [[] for _book in books]
        for place, (_at, which, seq) in enumerate(merge(*map(self._in_order, books, range(len(books)))), 1):
            places[which].append((seq, place))
        self._places = {
            book.place: [place for _seq, place in at] for book, at in zip(books, places, strict=True)
        }
        parts = [(book.journal, book.deliveries, at) for book, at in zip(books, places, strict=True)]
        mirrored.gather(whole.journal, whole.deliveries, self._key, parts)
        whole.entries = sum(map(len, places))
        return whole

    def _in_order(self, book: Mirrored, which: int) -> list[tuple[float, int, int]]:
        """Return (time, book, sequence number) of its entries; a clock that was set back does not reorder a book."""
        db = open_database(book.journal, self._key, read_only=True)
        found, latest = [], 0.0
        for seq, recorded_at in db.execute(mirrored.PLACE_OF):
            latest = max(latest, datetime.fromisoformat(recorded_at).timestamp())
            found.append((latest, which, seq))
        db.close()
        return found
