"""From the hub to the HIS: the same delivery as a station's, over the entries of all of them.

A worker takes whole queues. With PostgreSQL several workers run side by side and never get the same queue; with the
hub's own file there is one. What people decided is done first, each decision once. Where the HIS is read (because
people type into it, or to see what somebody typed in already) one worker at a time does it, for all entries at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from downtime.i18n import _
from downtime.outcome import Unreachable
from sync.connector import Guarantee
from sync.connectors.by_payer import readers_of
from sync.delivering import Delivering
from sync.hub import delivered
from sync.hub.deciding import RESEND, HubSayings, send_again
from sync.hub.ending import waiting_outages
from sync.hub.ledger import LinesLedger
from sync.hub.settling import take_back
from sync.hub.ticking import HubTick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.clock import Clock
    from sync.connector import Connector
    from sync.connectors.retype import Retype
    from sync.hub.database import Database

LINES_AT_ONCE: Final = 400
PASSES_MAX: Final = 20
"""Longer chains from station to station go on in the next round."""

_LAST_STEP: Final = """
SELECT d.step, d.state, e.n FROM entry e LEFT JOIN delivery d ON d.entry_n = e.n AND d.connector = ?
WHERE e.id = ? AND e.verdict = '' ORDER BY d.step DESC LIMIT 1
"""
_REACHED: Final = "SELECT count(*) FROM delivery WHERE connector = ? AND state IN ('accepted', 'handed_over')"
_STANDING: Final = """
SELECT coalesce(d.state, 'owed'), count(*), coalesce(sum(e.amount_minor), 0)
FROM entry e LEFT JOIN delivery d ON d.n = (
  SELECT x.n FROM delivery x WHERE x.entry_n = e.n AND x.connector = ? ORDER BY x.step DESC LIMIT 1)
WHERE e.deliverable = 1 AND e.verdict = '' GROUP BY 1
"""


@dataclass
class HubRound:
    """What one round of one worker did.

    Attributes:
        unreachable: why the HIS could not be reached, or None.
        is_elsewhere: another worker reads the HIS at this moment; nothing was done.
        sent: entries sent.
        held: entries that wait, and what each waits for.
        agrees: what was accepted reads back as we say.
    """

    unreachable: str | None = None
    is_elsewhere: bool = False
    sent: int = 0
    held: dict[str, str] = field(default_factory=dict)
    agrees: bool = True


@dataclass
class Worker:
    """Brings what stands verified at the hub into one HIS, round after round.

    Attributes:
        db: the hub's store.
        claims: another connection to it: it holds the queues in hand while ``db`` commits what happened.
        connector: the HIS.
        clock: for the times written down.
        first: reads what stands in the HIS already, before a connector that writes sends anything.
        although_open: stations that may still be in an outage whose entries are delivered; somebody said so.
    """

    db: Database
    claims: Database
    connector: Connector
    clock: Clock
    first: Retype | None = None
    although_open: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Join what reads the HIS to the entries of all stations."""
        self.said = HubSayings(self.db)
        name = self.connector.name
        readers = readers_of(self.connector)
        self._types = bool(readers)
        found = [HubTick(self.db, name, reader, self.said, compares_first=False) for reader in readers[:1]]
        if self.first is not None:
            found = [HubTick(self.db, name, self.first, self.said, compares_first=True)]
        self.tick = found[0] if found else None
        self._typed: frozenset[str] = frozenset()
        self._not_over: Mapping[str, str] = {}

    def round(self) -> HubRound:
        """Go once through.

        Raises:
            SameIdOtherBodyError: the HIS holds other content under one of our ids.
        """
        self._decide()
        if self.tick is None:
            return self._round()
        with self.claims.only_one(f"reading-{self.connector.name}") as is_mine:
            return self._round() if is_mine else HubRound(is_elsewhere=True)

    def _decide(self) -> None:
        self._not_over = waiting_outages(self.db, self.although_open)
        self.said.read()
        name = self.connector.name
        self.said.waiting[name] = send_again(
            self.db,
            name,
            self.said.waiting[name],
            self.clock.now().wall,
            from_doubt=self.connector.guarantee is Guarantee.ONE_ATTEMPT,
        )
        # Where people type everything in, that is what makes an entry stand there; else it would come twice.
        self._typed = frozenset() if self._types else frozenset(self.said.typed())

    def _round(self) -> HubRound:
        done = HubRound()
        unreachable = self.connector.reach() or self._reach_first()
        if unreachable is not None:
            done.unreachable = unreachable.reason
            return done
        self._settle()
        self._deliver(done)
        if self.tick is not None:
            self.tick.keep(self.clock.now().wall)
        return done

    def _settle(self) -> None:
        at = self.clock.now().wall
        if self.tick is not None:
            self.tick.settle(at)
        for source in (self.connector, self.first):
            if source is not None and source.takes_back:
                take_back(self.db, self.connector.name, source, at)

    def _reach_first(self) -> Unreachable | None:
        """Return why it cannot be told what stands in the HIS already: then nothing is sent."""
        if self.first is None:
            return None
        unreachable = self.first.reach()
        if unreachable is None and self.first.extract is None:
            return Unreachable(_("There is nothing yet to compare with what the HIS holds."))
        return unreachable

    def _deliver(self, done: HubRound) -> None:
        reached = self._reached()
        for _pass in range(PASSES_MAX):  # what one queue brought may be what another waited for
            done.held.clear()
            after = 0
            while True:
                with self.claims.claimed(after, LINES_AT_ONCE, self.connector.name) as lines:
                    if not lines:
                        break
                    after = lines[-1][0]
                    self._deliver_lines([key for _n, key in lines], done)
            before, reached = reached, self._reached()
            if reached == before or not done.held:
                break

    def _reached(self) -> int:
        """Return how often the HIS was reached so far: what others may have waited for."""
        row = self.db.row(_REACHED, (self.connector.name,))
        return int(row[0]) if row else 0

    def _deliver_lines(self, lines: Sequence[str], done: HubRound) -> None:
        ledger = LinesLedger(self.db, self.connector, lines, self.said, self._why_not)
        delivering = Delivering(ledger, self.connector, self.clock, respect_waits=False)
        delivering.run(frozenset())
        done.sent += delivering.sent
        done.held |= ledger.held | delivering.held
        if delivering.comparison is not None:
            done.agrees = done.agrees and delivering.comparison.agrees

    def _why_not(self, entry_id: str, outage: str) -> str | None:
        if outage in self._not_over:
            return self._not_over[outage]
        if entry_id in self._typed:
            return _("somebody said that it was typed in by hand")
        return self.tick.why_not(entry_id) if self.tick is not None else None


def deliver_round(
    db: Database, claims: Database, connector: Connector, clock: Clock, *, first: Retype | None = None
) -> HubRound:
    """Bring what stands verified at the hub into one HIS, once through; see :class:`Worker`."""
    return Worker(db, claims, connector, clock, first).round()


def decide_resend(db: Database, connector: str, entry_id: str, at: str) -> bool:
    """Let a rejected entry go to the HIS again; return whether there was one. Who decided stands elsewhere."""
    with db.writing():
        delivered.begin(db)
        row = db.row(_LAST_STEP, (connector, entry_id))
        if row is None or row[1] != "rejected":
            return False
        delivered.append(db, [delivered.FactRow(connector, row[2], row[0] + 1, RESEND, "null", at)])
    return True


def standing(db: Database, connector: str) -> Counter[str]:
    """Return how many entries stand in each state with one connector; together they are all there are."""
    return Counter({state: entries for state, entries, _amount in db.rows(_STANDING, (connector,))})
