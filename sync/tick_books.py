"""The tick-off at a station: every entry of its books, and ticks that are taken back when the HIS voids a document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from downtime.i18n import _
from downtime.outcome import Accepted, Rejected, outcome_of
from downtime.store import delivery_queries as queries
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.headlog import HeadLog
from sync.connectors.retype import Retype, rows_gone
from sync.worker import deliver_once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.store.sqlite import Database
    from sync.connector import Connector
    from sync.tick_off import TickedOff
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


def deliver_books(
    books: Sequence[BookFiles], connector: Connector, *, clock: Clock, respect_waits: bool
) -> list[Round]:
    """Bring ``books`` to one connector, book by book; where rows tick entries off, all books together decide.

    Raises:
        InUseError, JournalAlarmError, SameIdOtherBodyError: see ``sync.worker.deliver_once``.
    """
    if isinstance(connector, Retype):
        connector.population = lambda: entries_of(books)
    rounds = []
    for book in books:
        rounds.append(deliver_once(book, connector, clock=clock, respect_waits=respect_waits))
        if isinstance(connector, Retype) and connector.judged() and connector.ticked is not None:
            take_back(book, connector.name, connector.ticked, clock)
    return rounds


def take_back(book: BookFiles, connector: str, ticked: TickedOff, clock: Clock) -> list[str]:
    """Write down, as a new fact each, that what was ticked off is voided in the HIS; return the entries' ids.

    Only a row that stands in the extract and does not count any more takes a tick back; a row that is not in
    this extract proves nothing. What was voided there because it was reversed here stays.

    Raises:
        InUseError: another sync delivers this book.
    """
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    try:
        facts = list(_taken_back(look, connector, ticked))
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
            deliveries.append(connector, facts, at=clock.now().wall, journal_seq=head)
    finally:
        look.close()
    return [fact.entry_id for fact in facts if fact.entry_id is not None]


def _taken_back(look: Database, connector: str, ticked: TickedOff) -> Iterator[Fact]:
    judged = ticked.of()
    for seq, entry_id, step, sealed in look.execute(_TICKED, (connector,)):
        outcome = outcome_of(json.loads(sealed)["outcome"])
        one = judged.get(entry_id)
        assert isinstance(outcome, Accepted)
        if one is None or one.outcome == "agreed" or not rows_gone(outcome.reference, ticked.dead):
            continue
        numbers = ", ".join(document.number for document in outcome.formal) or "-"
        reason = _("What was ticked off was voided in the HIS (formal document {numbers}).").format(
            numbers=numbers
        )
        yield Fact(seq, entry_id, step + 1, Rejected(reason))
