"""From the hub to the HIS: the same delivery as a station's, over the entries of all of them.

Order is kept per visit (per patient where there is none): a worker takes whole queues. With PostgreSQL several
workers run side by side and never get the same queue; with the hub's own file there is one. An entry that names
another station's, or whose patient only another station registered, waits until the HIS has that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import seal, unseal
from downtime.outcome import outcome_content
from downtime.store.journal import entry_from_sealed
from downtime.store.owed import OpenEntry
from sync.delivering import Delivering

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.store.deliveries import Fact
    from sync.connector import Connector
    from sync.hub.database import Database

LINES_AT_ONCE: Final = 400
PASSES_MAX: Final = 20
"""Longer chains from station to station go on in the next round."""
RESEND: Final = "resend_decided"

_OPEN: Final = {
    "sqlite": """
SELECT e.n, e.turn, e.id, e.form, e.line, d.state, coalesce(d.step, 0), d.at, coalesce(d.wait_seconds, 0)
FROM entry e LEFT JOIN delivery d ON d.n = (
  SELECT x.n FROM delivery x WHERE x.entry_n = e.n AND x.connector = ? ORDER BY x.step DESC LIMIT 1)
WHERE e.line IN (SELECT value FROM json_each(?)) AND e.deliverable = 1 AND e.verdict = '' ORDER BY e.turn
""",
    "postgresql": """
SELECT e.n, e.turn, e.id, e.form, e.line, d.state, coalesce(d.step, 0), d.at, coalesce(d.wait_seconds, 0)
FROM entry e LEFT JOIN delivery d ON d.n = (
  SELECT x.n FROM delivery x WHERE x.entry_n = e.n AND x.connector = ? ORDER BY x.step DESC LIMIT 1)
WHERE e.line = ANY(?) AND e.deliverable = 1 AND e.verdict = '' ORDER BY e.turn
""",
}
_NEEDS: Final = """
SELECT w.key, e.n, e.id, e.deliverable, (
  SELECT x.state FROM delivery x WHERE x.entry_n = e.n AND x.connector = ? ORDER BY x.step DESC LIMIT 1)
FROM needs w LEFT JOIN gives g ON g.key = w.key LEFT JOIN entry e ON e.n = g.n AND e.verdict = '' WHERE w.n = ?
"""
_ENTRY: Final = "SELECT sealed, body_hash, hash, amount_minor, seq FROM entry WHERE n = ?"
_SENT: Final = """
SELECT sent FROM delivery WHERE entry_n = ? AND connector = ? AND sent IS NOT NULL ORDER BY step DESC LIMIT 1
"""
_FACT: Final = """
INSERT INTO delivery (connector, entry_n, step, state, outcome, at, wait_seconds, sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_LAST_STEP: Final = """
SELECT d.step, d.state, e.n FROM entry e LEFT JOIN delivery d ON d.entry_n = e.n AND d.connector = ?
WHERE e.id = ? AND e.verdict = '' ORDER BY d.step DESC LIMIT 1
"""
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
        sent: entries sent.
        held: entries that wait, and what each waits for.
        agrees: what was accepted reads back as we say.
    """

    unreachable: str | None = None
    sent: int = 0
    held: dict[str, str] = field(default_factory=dict)
    agrees: bool = True


class _LinesLedger:
    """Some queues of the hub, as a ledger; see ``sync.ledger.Ledger``."""

    def __init__(self, db: Database, connector: Connector, lines: Sequence[str]) -> None:
        self._db = db
        self._connector = connector
        self._lines = lines
        self._n_at: dict[int, int] = {}
        self.held: dict[str, str] = {}

    def open_entries(self) -> list[OpenEntry]:
        """Return what has no final answer; what waits for another queue is left out, and what follows it."""
        rows = self._db.rows(
            _OPEN[self._db.dialect], (self._connector.name, self._db.some(list(dict.fromkeys(self._lines))))
        )
        here = {row[2] for row in rows}
        stopped: set[str] = set()
        found = []
        for n, turn, entry_id, form, line, state, step, at, wait_seconds in rows:
            if state == "accepted":
                continue
            names, waits = self._names(n, here)
            # What was sent already is asked about all the same: only the next sending waits.
            if waits is None and line in stopped:
                waits = line
            if waits is not None and state in (None, "unreachable", "rejected", RESEND):
                self.held[entry_id] = waits
                stopped.add(line)
                continue
            self._n_at[turn] = n
            is_reopened = state == RESEND
            stated = "rejected" if is_reopened else state
            found.append(
                OpenEntry(
                    turn, entry_id, form, None, line, names, stated, step, at, wait_seconds,
                    reopened=is_reopened,
                )
            )  # fmt: skip
        return self._in_order(found)

    def _in_order(self, found: list[OpenEntry]) -> list[OpenEntry]:
        """Put what is named before what names it: another station's charge may have come up after its dispense."""
        ordered: list[OpenEntry] = []
        placed: set[str] = set()
        rest = found
        while rest:
            open_ids = {entry.id for entry in rest}
            later = []
            for entry in rest:
                if any(name in open_ids and name not in placed for name in entry.names):
                    later.append(entry)
                else:
                    ordered.append(entry)
                    placed.add(entry.id)
            if len(later) == len(rest):  # they name each other in a circle: nobody can tell which was first
                self.held |= {entry.id: entry.names[0] for entry in later}
                break
            rest = later
        return ordered

    def _names(self, n: int, here: set[str]) -> tuple[tuple[str, ...], str | None]:
        """Return the ids an entry waits for among these queues, and what it waits for elsewhere, or None."""
        enough = {"accepted", "handed_over"} if self._connector.received_is_enough else {"accepted"}
        given: dict[str, bool] = {}
        names = []
        for key, _giver, giver_id, deliverable, state in self._db.rows(_NEEDS, (self._connector.name, n)):
            if giver_id in here:
                names.append(giver_id)
            good = giver_id is not None and (giver_id in here or not deliverable or state in enough)
            given[key] = given.get(key, False) or good
        return tuple(names), next((key for key, good in given.items() if not good), None)

    def entries(self, seqs: Sequence[int]) -> Iterable[Entry]:
        """Return the entries at ``seqs``, in order."""
        for turn in sorted(seqs):
            row = self._db.row(_ENTRY, (self._n_at[turn],))
            assert row is not None, "entries are never deleted"
            yield _entry(self._db.shown(row[0]), *row[1:])

    def last_sent(self, seq: int) -> bytes | None:
        """Return the exact bytes last sent for the entry at ``seq``."""
        row = self._db.row(_SENT, (self._n_at[seq], self._connector.name))
        return self._db.shown(row[0]) if row else None

    def append(self, facts: Sequence[Fact], at: str) -> None:
        """Write ``facts`` in one commit."""
        rows: list[tuple[Any, ...]] = []
        for fact in facts:
            told = seal(None if fact.outcome is None else outcome_content(fact.outcome)).decode()
            sent = self._db.hidden(fact.sent) if fact.sent is not None and fact.sent_anew else None
            n = None if fact.entry_seq is None else self._n_at[fact.entry_seq]
            rows.append((self._connector.name, n, fact.step, fact.state, told, at, fact.wait_seconds, sent))
        with self._db.writing():
            self._db.many(_FACT, rows)


def deliver_round(db: Database, claims: Database, connector: Connector, clock: Clock) -> HubRound:
    """Bring what stands verified at the hub into one HIS, once through.

    Args:
        db: the hub's store.
        claims: another connection to it: it holds the queues in hand while ``db`` commits what happened.
        connector: the HIS.
        clock: for the times written down.

    Raises:
        SameIdOtherBodyError: the HIS holds other content under one of our ids.
    """
    done = HubRound()
    unreachable = connector.reach()
    if unreachable is not None:
        done.unreachable = unreachable.reason
        return done
    reached = _reached(db, connector)
    for _pass in range(PASSES_MAX):  # what one queue brought may be what another waited for
        done.held.clear()
        after = 0
        while True:
            with claims.claimed(after, LINES_AT_ONCE, connector.name) as lines:
                if not lines:
                    break
                after = lines[-1][0]
                _deliver_lines(db, connector, clock, [key for _n, key in lines], done)
        before, reached = reached, _reached(db, connector)
        if reached == before or not done.held:
            break
    return done


def _reached(db: Database, connector: Connector) -> int:
    counted = standing(db, connector.name)
    return counted["accepted"] + counted["handed_over"]


def _deliver_lines(
    db: Database, connector: Connector, clock: Clock, lines: Sequence[str], done: HubRound
) -> None:
    ledger = _LinesLedger(db, connector, lines)
    delivering = Delivering(ledger, connector, clock, respect_waits=False)
    delivering.run(frozenset())
    done.sent += delivering.sent
    done.held |= ledger.held | delivering.held
    if delivering.comparison is not None:
        done.agrees = done.agrees and delivering.comparison.agrees


def decide_resend(db: Database, connector: str, entry_id: str, at: str) -> bool:
    """Let a rejected entry go to the HIS again; return whether there was one. Who decided stands elsewhere."""
    with db.writing():
        row = db.row(_LAST_STEP, (connector, entry_id))
        if row is None or row[1] != "rejected":
            return False
        db.rows(_FACT, (connector, row[2], row[0] + 1, RESEND, "null", at, 0, None))
    return True


def standing(db: Database, connector: str) -> Counter[str]:
    """Return how many entries stand in each state with one connector; together they are all there are."""
    return Counter({state: entries for state, entries, _amount in db.rows(_STANDING, (connector,))})


def _entry(sealed: bytes, body_hash: bytes, chain_hash: bytes, amount_minor: int | None, seq: int) -> Entry:
    content = unseal(sealed)["body"]["content"]
    return entry_from_sealed(
        sealed,
        seq=seq,
        body_hash=bytes(body_hash),
        chain_hash=bytes(chain_hash),
        patient=(content.get("patient") or {}).get("number"),
        encounter=(content.get("visit") or {}).get("number"),
        amount_minor=amount_minor,
    )
