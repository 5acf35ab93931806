"""One round of telling one HIS: settle, ask, send what is owed, ask again, compare."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from downtime.outcome import Unreachable
from downtime.store import delivery_queries as queries
from downtime.store.deliveries import Deliveries
from downtime.store.headlog import HeadLog
from sync.delivering import Delivering, is_waiting
from sync.ledger import BookLedger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.clock import Clock
    from downtime.store.sqlite import Database
    from sync.compare import Comparison
    from sync.connector import Connector


class BookFiles(Protocol):
    """Where one book lies and what opens and signs it."""

    @property
    def journal_path(self) -> Path: ...  # noqa: D102 (named by itself)
    @property
    def deliveries_path(self) -> Path: ...  # noqa: D102
    @property
    def head_path(self) -> Path: ...  # noqa: D102
    @property
    def key(self) -> bytes: ...  # noqa: D102
    @property
    def sign(self) -> Callable[[bytes], bytes]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did.

    Attributes:
        connector: its name.
        unreachable: why the HIS could not be reached, or None.
        waits: the HIS was not tried, because the wait after the last failure is not over.
        sent: entries sent.
        standing: counts and money per state after the round, in total equal to ``total``.
        total: count and money of everything deliverable in the book.
        held: entries that wait, and the entry each waits for.
        comparison: what the HIS accepted in this round, read back; None if nothing was.
    """

    connector: str
    unreachable: str | None = None
    waits: bool = False
    sent: int = 0
    standing: tuple[queries.StandingLine, ...] = ()
    total: queries.StandingLine = field(default_factory=lambda: queries.StandingLine("total", 0, 0))
    held: dict[str, str] = field(default_factory=dict)
    comparison: Comparison | None = None

    @property
    def agrees(self) -> bool:
        """Whether the HIS was reached and holds what we say."""
        return self.unreachable is None and (self.comparison is None or self.comparison.agrees)


def deliver_once(
    book: BookFiles,
    connector: Connector,
    *,
    clock: Clock,
    controlled: frozenset[str] = frozenset(),
    respect_waits: bool = False,
) -> Round:
    """Tell the HIS what it is owed, once through.

    Args:
        book: the files of one book.
        connector: the HIS.
        clock: for the times written down and for waits; nothing is ordered by it.
        controlled: codes of controlled drugs, summed on both sides afterwards.
        respect_waits: leave the HIS alone until the wait after a failure is over; a person who asks
            for a round does not wait.

    Raises:
        InUseError: another sync delivers this book.
        JournalAlarmError: deliveries and their head log do not agree.
        SameIdOtherBodyError: the HIS holds other content under one of our ids; all other answers of
            that batch are recorded first.
    """
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    first = queries.first_entry_hash(look)
    look.close()
    if first is None:
        return Round(connector.name)
    with Deliveries(
        book.deliveries_path, book.key, heads=HeadLog(book.head_path), sign=book.sign, first_entry_hash=first
    ) as deliveries:
        look = queries.look(book.journal_path, book.deliveries_path, book.key)
        try:
            last = queries.last_of_connector(look, connector.name)
            is_down = last is not None and last[0] == Unreachable.state
            if respect_waits and is_down and last is not None and is_waiting(clock, last[1], last[2]):
                return _standing(look, Round(connector.name, waits=True))
            delivery = Delivering(
                BookLedger(deliveries, look, connector.name), connector, clock, respect_waits=respect_waits
            )
            unreachable = connector.reach()
            if unreachable is not None:
                delivery.record_unreached(unreachable, wait_seconds_before=last[2] if last else 0)
                return _standing(look, Round(connector.name, unreachable=unreachable.reason))
            if is_down:
                delivery.record_reached()
            delivery.run(controlled)
            return _standing(
                look,
                Round(
                    connector.name,
                    sent=delivery.sent,
                    held=dict(delivery.held),
                    comparison=delivery.comparison,
                ),
            )
        finally:
            look.close()


def _standing(look: Database, done: Round) -> Round:
    """Return ``done`` with what stands now, asked of the files."""
    return replace(
        done, standing=tuple(queries.standing(look, done.connector)), total=queries.standing_total(look)
    )
