"""What delivery asks and writes, wherever entries lie: in the files of one book, or at the hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from downtime.store import delivery_queries as queries
from downtime.store.owed import OpenEntry, open_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from downtime.entry import Entry
    from downtime.store.deliveries import Deliveries, Fact
    from downtime.store.sqlite import Database


class Ledger(Protocol):
    """Entries owed to one connector, and the facts about them. ``seq`` is the order towards the HIS."""

    def open_entries(self) -> list[OpenEntry]:
        """Return every deliverable entry that has no final answer, in order."""

    def entries(self, seqs: Sequence[int]) -> Iterable[Entry]:
        """Return the entries at ``seqs``, in order."""

    def last_sent(self, seq: int) -> bytes | None:
        """Return the exact bytes last sent for the entry at ``seq``."""

    def append(self, facts: Sequence[Fact], at: str) -> None:
        """Write ``facts`` in one commit; durable on return."""


class BookLedger:
    """The ledger of one book of a station."""

    def __init__(self, deliveries: Deliveries, look: Database, connector: str) -> None:
        self._deliveries = deliveries
        self._look = look
        self._connector = connector

    def open_entries(self) -> list[OpenEntry]:
        """Return every deliverable entry that has no final answer, in order."""
        return open_entries(self._look, self._connector)

    def entries(self, seqs: Sequence[int]) -> Iterable[Entry]:
        """Return the entries at ``seqs``, in order."""
        return queries.read_entries(self._look, seqs)

    def last_sent(self, seq: int) -> bytes | None:
        """Return the exact bytes last sent for the entry at ``seq``."""
        return queries.last_sent(self._look, self._connector, seq)

    def append(self, facts: Sequence[Fact], at: str) -> None:
        """Write ``facts`` in one commit; durable on return."""
        seq = queries.journal_head_seq(self._look)
        self._deliveries.append(self._connector, facts, at=at, journal_seq=seq)
