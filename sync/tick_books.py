"""The tick-off at a station: every entry of its books, and ticks that are taken back when the HIS voids a document."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Final

from downtime.outcome import Accepted, outcome_of
from downtime.store import delivery_queries as queries
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.headlog import HeadLog
from sync.connectors.by_payer import readers_of
from sync.tick_sayings import SAYING_FORMS, Sayings
from sync.worker import deliver_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.store.sqlite import Database
    from sync.connector import Connector
    from sync.worker import BookFiles, Round

AT_ONCE: Final = 1_000
_DELIVERABLE: Final = "SELECT seq FROM entry WHERE deliverable = 1 AND seq > ? ORDER BY seq LIMIT ?"
_TICKED: Final = """
SELECT d.entry_seq, d.entry_id, d.step, d.sealed FROM deliveries.delivery d
WHERE d.connector = ? AND d.state = 'accepted' AND NOT EXISTS (
  SELECT 1 FROM deliveries.delivery l
  WHERE l.connector = d.connector AND l.entry_seq = d.entry_seq AND l.step > d.step)
ORDER BY d.entry_seq
"""
_SAID: Final = """
SELECT id, form, recorded_at, json_extract(CAST(sealed AS TEXT), '$.body.content') FROM entry
WHERE form IN (SELECT value FROM json_each(?)) ORDER BY seq
"""


def entries_of(books: Iterable[BookFiles]) -> Iterator[Entry]:
    """Yield every deliverable entry of ``books`` in order, a thousand at a time."""
    for book in books:
        look = queries.look(book.journal_path, book.deliveries_path, book.key)
        try:
            after = 0
            while seqs := [row[0] for row in look.execute(_DELIVERABLE, (after, AT_ONCE))]:
                yield from queries.read_entries(look, seqs)
                after = seqs[-1]
        finally:
            look.close()


def sayings_of(books: Iterable[BookFiles]) -> Sayings:
    """Return what people said in ``books`` that a tick-off goes by."""
    said = Sayings()
    for book in books:
        look = queries.look(book.journal_path, book.deliveries_path, book.key)
        try:
            for entry_id, form, recorded_at, content in look.execute(_SAID, (json.dumps(SAYING_FORMS),)):
                said.add(entry_id, form, json.loads(content), datetime.fromisoformat(recorded_at).timestamp())
        finally:
            look.close()
    return said


def deliver_books(
    books: Sequence[BookFiles], connector: Connector, *, clock: Clock, respect_waits: bool
) -> list[Round]:
    """Bring ``books`` to one connector, book by book; where rows tick entries off, all books together decide.

    Raises:
        InUseError, JournalAlarmError, SameIdOtherBodyError: see ``sync.worker.deliver_once``.
    """
    if readers := readers_of(connector):
        said = sayings_of(books)
        for reader in readers:
            reader.population = lambda: entries_of(books)
            reader.decisions = lambda: said.decisions(connector.name)
            reader.patients = said.patients
            reader.typed_in = said.typed
            reader.tells = True
    rounds = []
    for book in books:
        done = deliver_once(book, connector, clock=clock, respect_waits=respect_waits)
        if connector.takes_back and not done.waits and done.unreachable is None:
            take_back(book, connector, clock)
        rounds.append(done)
    return rounds


def take_back(book: BookFiles, connector: Connector, clock: Clock) -> list[str]:
    """Write down, as a new fact each, that the HIS voided what it had accepted; return the entries' ids.

    Raises:
        InUseError: another sync delivers this book.
    """
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    try:
        facts = list(_taken_back(look, connector))
        first = queries.first_entry_hash(look)
        if not facts or first is None:
            return []
        head = queries.journal_head_seq(look)
        with Deliveries(
            book.deliveries_path,
            book.key,
            heads=HeadLog(book.head_path),
            sign=book.sign,
            first_entry_hash=first,
        ) as deliveries:
            deliveries.append(connector.name, facts, at=clock.now().wall, journal_seq=head)
    finally:
        look.close()
    return [fact.entry_id for fact in facts if fact.entry_id is not None]


def _taken_back(look: Database, connector: Connector) -> Iterator[Fact]:
    at: dict[str, tuple[int, int]] = {}

    def accepted() -> Iterator[tuple[str, Accepted]]:
        for seq, entry_id, step, sealed in look.execute(_TICKED, (connector.name,)):
            outcome = outcome_of(json.loads(sealed)["outcome"])
            assert isinstance(outcome, Accepted)
            at[entry_id] = (seq, step)
            yield entry_id, outcome

    for entry_id, outcome in connector.taken_back(accepted()):
        if entry_id in at:
            seq, step = at[entry_id]
            yield Fact(seq, entry_id, step + 1, outcome)
