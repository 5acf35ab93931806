"""What a worker has in hand: some queues of the hub, as the ledger a delivery goes by.

Order is kept per visit (per patient where there is none). An entry that names another station's, or whose patient
only another station registered, waits until the HIS has that; one that may stand in the HIS already is held.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from downtime.canonical import seal
from downtime.outcome import outcome_content
from downtime.store.owed import OpenEntry
from sync.hub import delivered
from sync.hub.deciding import RESEND, corrections, entry_as_sent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from downtime.entry import Entry
    from downtime.store.deliveries import Fact
    from sync.connector import Connector
    from sync.hub.database import Database
    from sync.hub.deciding import HubSayings

_WAITED_FOR: Final = frozenset({"registration", "visit"})
"""What others wait for never stands behind them, though it came up later from another station."""
NOT_SENT_YET: Final = (None, "unreachable", "rejected", RESEND)
"""States in which the next thing that happens to an entry is that it is sent."""

_OPEN: Final = {
    "sqlite": """
SELECT e.n, e.turn, e.id, e.form, e.line, d.state, coalesce(d.step, 0), d.at, coalesce(d.wait_seconds, 0), d.outcome,
  e.outage
FROM entry e LEFT JOIN delivery d ON d.n = (
  SELECT x.n FROM delivery x WHERE x.entry_n = e.n AND x.connector = ? ORDER BY x.step DESC LIMIT 1)
WHERE e.line IN (SELECT value FROM json_each(?)) AND e.deliverable = 1 AND e.verdict = '' ORDER BY e.turn
""",
    "postgresql": """
SELECT e.n, e.turn, e.id, e.form, e.line, d.state, coalesce(d.step, 0), d.at, coalesce(d.wait_seconds, 0), d.outcome,
  e.outage
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


class LinesLedger:
    """Some queues of the hub, as a ledger; see ``sync.ledger.Ledger``.

    Attributes:
        held: entries that wait, by id, and what each waits for.
    """

    def __init__(
        self,
        db: Database,
        connector: Connector,
        lines: Sequence[str],
        said: HubSayings,
        why_not: Callable[[str, str], str | None],
    ) -> None:
        """Look at ``lines``.

        Args:
            db: the hub's store.
            connector: the HIS.
            lines: keys of the queues.
            said: what came up beside the entries.
            why_not: why an entry may not be sent now, or None, by its id and the outage it was recorded in.
        """
        self._db = db
        self._connector = connector
        self._lines = lines
        self._said = said
        self._why_not = why_not
        self._corrections = corrections(db, connector.name)
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
        for n, turn, entry_id, form, line, state, step, at, wait_seconds, outcome, outage in rows:
            if state == "accepted":
                continue
            names, waits = self._names(n, here)
            # What was sent already is asked about all the same: only the next sending waits.
            if waits is None and line in stopped and form not in _WAITED_FOR:
                waits = line
            if waits is None and state in NOT_SENT_YET and state != "rejected":
                waits = self._why_not(entry_id, outage)
            if waits is not None and state in NOT_SENT_YET:
                self.held[entry_id] = waits
                stopped.add(line)
                continue
            self._n_at[turn] = n
            is_reopened = state == RESEND
            stated = "rejected" if is_reopened else state
            found.append(
                OpenEntry(
                    turn, entry_id, form, None, line, names, stated, step, at, wait_seconds,
                    reopened=is_reopened, reference=_reference(state, outcome),
                )
            )  # fmt: skip
        return self._in_order(self._not_behind_held(found, stopped))

    def _not_behind_held(self, found: list[OpenEntry], stopped: set[str]) -> list[OpenEntry]:
        """Hold what names an entry that is held, and what follows that in its queue, as far as it is not sent yet."""
        while True:
            kept = []
            for entry in found:
                holder = next((name for name in entry.names if name in self.held), None)
                if holder is None and entry.encounter in stopped and entry.form not in _WAITED_FOR:
                    holder = entry.encounter
                if holder is None or not (entry.reopened or entry.state in (None, "unreachable")):
                    kept.append(entry)
                    continue
                self.held[entry.id] = holder
                stopped.add(entry.encounter or "")
            if len(kept) == len(found):
                return kept
            found = kept

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
        """Return the entries at ``seqs`` as they are sent, in order."""
        self._said.read()  # what stands beside an entry came up with it
        for turn in sorted(seqs):
            n = self._n_at[turn]
            row = self._db.row(_ENTRY, (n,))
            assert row is not None, "entries are never deleted"
            entry = entry_as_sent((self._db.shown(row[0]), *row[1:]), self._corrections.get(n))
            late = self._said.late.get(entry.id)
            yield entry if late is None else replace(entry, late=late)

    def last_sent(self, seq: int) -> bytes | None:
        """Return the exact bytes last sent for the entry at ``seq``."""
        row = self._db.row(_SENT, (self._n_at[seq], self._connector.name))
        return self._db.shown(row[0]) if row else None

    def append(self, facts: Sequence[Fact], at: str) -> None:
        """Write ``facts`` in one commit."""
        rows = []
        for fact in facts:
            told = seal(None if fact.outcome is None else outcome_content(fact.outcome)).decode()
            sent = fact.sent if fact.sent_anew else None
            n = None if fact.entry_seq is None else self._n_at[fact.entry_seq]
            rows.append(
                delivered.FactRow(
                    self._connector.name, n, fact.step, fact.state, told, at, fact.wait_seconds, sent
                )
            )
        with self._db.writing():
            delivered.begin(self._db)
            delivered.append(self._db, rows)


def _reference(state: str | None, outcome: str | None) -> str | None:
    """Return what was said with the hand-over, if that is how the entry stands."""
    if state != "handed_over" or outcome is None:
        return None
    return str(json.loads(outcome)["reference"])
