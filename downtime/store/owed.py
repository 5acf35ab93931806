"""Which entries have no final answer from a connector, and what each of them waits for.

The outbox is a question, not a table. An entry is owed while its last fact does not say accepted. Order is
kept per visit (per patient where there is no visit): an entry waits while an earlier one of the same
visit is open, or while one it names is open or refused. Everything else flows (L8).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from downtime.store.deliveries import OWED, SENDING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlite_utils import Database

OPEN_QUERY: Final = """
SELECT e.seq, e.id, e.form, e.patient, e.encounter,
       (SELECT json_group_array(r.to_id) FROM entry_reference r WHERE r.seq = e.seq),
       d.state, coalesce(d.step, 0), d.at, coalesce(d.wait_seconds, 0),
       CASE WHEN d.state IN ('rejected', 'in_doubt') THEN EXISTS (
         SELECT 1 FROM entry_reference r JOIN entry x ON x.seq = r.seq
         WHERE r.to_id = e.id AND r.seq > d.journal_seq AND x.form = 'resend_decided'
           AND json_extract(CAST(x.sealed AS TEXT), '$.body.content.connector') = :connector)
       ELSE 0 END,
       CASE WHEN d.state = 'handed_over' THEN json_extract(CAST(d.sealed AS TEXT), '$.outcome.reference') END
FROM entry e
LEFT JOIN deliveries.delivery d ON d.n = (
  SELECT l.n FROM deliveries.delivery l
  WHERE l.connector = :connector AND l.entry_seq = e.seq ORDER BY l.step DESC LIMIT 1)
WHERE e.deliverable = 1 AND e.seq > :after AND d.state IS NOT 'accepted'
ORDER BY e.seq
"""
_DONE: Final = "accepted"


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """One entry without a final answer.

    Attributes:
        seq: its sequence number; the order.
        id: its id.
        form: name of its form.
        patient: patient number, or None.
        encounter: visit number, or None.
        names: ids of the entries it names.
        state: last state, or None if never tried.
        step: number of facts about it so far.
        at: when the last fact was written (RFC 3339), or None.
        wait_seconds: not again by itself before this has passed since ``at``.
        reopened: after a refusal (or a doubt) a person decided that it goes again.
        reference: what was said when it was handed over, last; else None.
    """

    seq: int
    id: str
    form: str
    patient: str | None
    encounter: str | None
    names: tuple[str, ...]
    state: str | None
    step: int
    at: str | None
    wait_seconds: int
    reopened: bool
    reference: str | None = None


def open_entries(db: Database, connector: str, *, after: int = 0) -> list[OpenEntry]:
    """Return every deliverable entry after ``after`` that ``connector`` has not accepted, in order.

    Args:
        db: made by :func:`downtime.store.delivery_queries.look`.
        connector: its name.
        after: entries up to this sequence number are known to be accepted.
    """
    rows = db.execute(OPEN_QUERY, {"connector": connector, "after": after})
    return [
        OpenEntry(
            seq, entry_id, form, patient, encounter, tuple(json.loads(names)), state, step, at, wait_seconds,
            reopened=bool(reopened), reference=reference,
        )
        for seq, entry_id, form, patient, encounter, names, state, step, at, wait_seconds, reopened, reference
        in rows
    ]  # fmt: skip


class WorkList:
    """Walks open entries once, in order, and hands out what may go now.

    Args of the constructor:
        entries: from :func:`open_entries`.
        received_is_enough: the HIS posts what it received in our order, so that followers go along in
            the same batch and need not wait for its own number.
        doubt_can_be_reopened: a person's decision reopens an entry in doubt (nobody else can tell).
    """

    def __init__(
        self, entries: Sequence[OpenEntry], *, received_is_enough: bool, doubt_can_be_reopened: bool
    ) -> None:
        self._entries = entries
        self._received_is_enough = received_is_enough
        self._doubt_can_be_reopened = doubt_can_be_reopened
        self._at = 0
        self._state: dict[str, str] = {}
        self._named: defaultdict[str, list[str]] = defaultdict(list)
        self._in_order: defaultdict[str, list[str]] = defaultdict(list)
        self.held: dict[str, str] = {}
        """Entries that wait, by id, and the id of the entry each waits for."""

    def next_batch(self, limit: int, *, skip: Iterable[str] = ()) -> list[OpenEntry]:
        """Return up to ``limit`` entries that may go now; empty at the end of the list.

        Args:
            limit: number of entries.
            skip: ids that are not to go in this round.
        """
        skipped = frozenset(skip)
        batch: list[OpenEntry] = []
        while self._at < len(self._entries) and len(batch) < limit:
            entry = self._entries[self._at]
            self._at += 1
            holder = self._holder(entry)
            if not self._may_go(entry):
                self._stays(entry, entry.state or OWED)
            elif holder is not None:
                self.held[entry.id] = holder
                self._stays(entry, OWED)
            elif entry.id in skipped:
                self._stays(entry, OWED)
            else:
                batch.append(entry)
                if not self._received_is_enough:
                    self._stays(entry, SENDING)
        return batch

    def answered(self, entry: OpenEntry, state: str) -> None:
        """Note the state an entry of the last batch is in now."""
        self._stays(entry, state)

    def _may_go(self, entry: OpenEntry) -> bool:
        if entry.state == "rejected" or (entry.state == "in_doubt" and self._doubt_can_be_reopened):
            return entry.reopened
        return entry.state in (None, "unreachable")

    def _stays(self, entry: OpenEntry, state: str) -> None:
        known = entry.id in self._state
        self._state[entry.id] = state
        if known or self._done(entry.id):
            return
        self._named[entry.id].append(entry.id)
        if entry.form == "registration" and entry.patient:
            self._named[f"patient {entry.patient}"].append(entry.id)
        if entry.form == "visit" and entry.encounter:
            self._named[f"visit {entry.encounter}"].append(entry.id)
        self._in_order[_line_of(entry)].append(entry.id)

    def _holder(self, entry: OpenEntry) -> str | None:
        named = [*entry.names, f"patient {entry.patient}", f"visit {entry.encounter}"]
        for key in named:
            waiting = self._named.get(key)
            while waiting and self._done(waiting[-1]):
                waiting.pop()
            if waiting:
                return waiting[-1]
        queue = self._in_order.get(_line_of(entry))
        while queue and (self._done(queue[-1]) or self._state[queue[-1]] == "rejected"):
            queue.pop()
        return queue[-1] if queue else None

    def _done(self, entry_id: str) -> bool:
        state = self._state[entry_id]
        return state == _DONE or (state == "handed_over" and self._received_is_enough)


def _line_of(entry: OpenEntry) -> str:
    """Return the queue an entry stands in: its visit, else its patient, else none but its own."""
    if entry.encounter:
        return f"visit {entry.encounter}"
    return f"patient {entry.patient}" if entry.patient else f"entry {entry.id}"
