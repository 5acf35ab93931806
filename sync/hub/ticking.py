"""The tick-off at the hub: every entry of every station beside what the HIS holds, kept as a view for the board.

Where people type everything in, it is how entries come to be accepted. Where a connector writes, the same is read
first: what somebody already typed in is not sent before a person decides.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import seal
from downtime.his_word import HisWord, reference_of
from downtime.i18n import _
from downtime.outcome import Accepted
from sync.connectors.retype import reference
from sync.hub.deciding import RESEND, corrections, entry_as_sent
from sync.hub.settling import last_of, never_tried, write
from sync.tick_off import DECIDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from downtime.entry import Entry
    from sync.connectors.retype import Retype
    from sync.hub.database import Database
    from sync.hub.deciding import HubSayings
    from sync.reading.fields import HisRow
    from sync.tick_off import Judged, TickedOff

AT_ONCE: Final = 1_000
_POPULATION: Final = """
SELECT n, turn, sealed, body_hash, hash, amount_minor, seq FROM entry
WHERE turn > ? AND deliverable = 1 AND verdict = '' ORDER BY turn LIMIT ?
"""
_CHANGED: Final = "SELECT max(turn) FROM entry WHERE turn IS NOT NULL"
_CORRECTED: Final = "SELECT count(*) FROM delivery WHERE decided_n IS NOT NULL"
_DIGEST: Final = "SELECT digest FROM tick_run WHERE connector = ?"
_RUN: Final = """
INSERT INTO tick_run (connector, at, digest, entries, his_rows, lines_not_read) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (connector) DO UPDATE SET at = excluded.at, digest = excluded.digest, entries = excluded.entries,
  his_rows = excluded.his_rows, lines_not_read = excluded.lines_not_read
"""
_SEEN_AGAIN: Final = "UPDATE tick_run SET at = ? WHERE connector = ?"
_LAST_FACT: Final = "SELECT max(n) FROM delivery"
_TICK: Final = """
INSERT INTO tick (connector, entry_n, outcome, what, reason, score, his_amount_minor, rows, word, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_TICK_ROW: Final = "INSERT INTO tick_row (connector, place, amount_minor, told, at) VALUES (?, ?, ?, ?, ?)"
_UNDECIDED: Final = ("agreed", "different", "doubtful")
_SETTLED_BY_WORD: Final = ("", "unreachable", "rejected", "in_doubt", RESEND)
"""States in which a person's word that it stands in the HIS is enough: nothing of ours is on its way there."""
ROWS_KEPT_MAX: Final = 50


def entries_at(db: Database, connector: str, n_of: dict[str, int]) -> Iterator[Entry]:
    """Yield every good entry at the hub in order, as it is sent; a reversal behind what it reverses.

    Args:
        db: the hub's store.
        connector: whose corrections count.
        n_of: filled with the place of each entry, by its id.
    """
    changed = corrections(db, connector)
    n_of.clear()
    early: list[Entry] = []
    after = 0
    while rows := db.rows(_POPULATION, (after, AT_ONCE)):
        for n, turn, sealed, *rest in rows:
            entry = entry_as_sent((db.shown(sealed), *rest), changed.get(n))
            n_of[entry.id] = n
            after = turn
            if entry.form == "reversal" and entry.content["entry_id"] not in n_of:
                early.append(entry)
            else:
                yield entry
    yield from early


class HubTick:
    """One connector's tick-off over the hub's store.

    Attributes:
        reader: reads the HIS and judges.
        compares_first: another connector writes; what stands in the HIS already is held back.
    """

    def __init__(
        self, db: Database, connector: str, reader: Retype, said: HubSayings, *, compares_first: bool
    ) -> None:
        self._db = db
        self._connector = connector
        self._said = said
        self._n_of: dict[str, int] = {}
        self._kept: tuple[TickedOff, Any] | None = None
        self.reader = reader
        self.compares_first = compares_first
        reader.population = lambda: entries_at(db, connector, self._n_of)
        reader.decisions = lambda: said.decisions(connector)
        reader.patients = said.patients
        reader.typed_in = said.typed
        reader.changed = lambda: (said.count, db.row(_CHANGED), db.row(_CORRECTED))

    def judged(self) -> Mapping[str, Judged]:
        """Return what became of every entry by its id; {} if nothing can be told."""
        return self.reader.judged()

    # Sending ------------------------------------------------------------------------------------------

    def why_not(self, entry_id: str) -> str | None:
        """Return why an entry that would be sent now must wait for a person, or None."""
        if not self.compares_first:
            return None
        one = self.judged().get(entry_id)
        if one is None:  # it came up while this was being compared: the next look will tell
            return _("it has not been compared with the HIS yet")
        return self._there(one).text() if one.outcome in _UNDECIDED else None

    def _there(self, one: Judged) -> HisWord:
        rows = tuple(row.id for row in one.rows[:ROWS_KEPT_MAX])
        return HisWord("there", one.what, one.reason, one.his_minor(), rows)

    def settle(self, at: str) -> int:
        """Accept what a person said stands in the HIS, where another connector would send it; return how many.

        Where people type everything in, asking does it.
        """
        if not self.compares_first or all(one.reason != DECIDED for one in self.judged().values()):
            return 0
        last = last_of(self._db, self._connector)
        news = []
        for entry_id, one in self.judged().items():
            before = last.get(entry_id) or never_tried(self._n_of, entry_id)
            is_free = before.state in _SETTLED_BY_WORD
            if is_free and one.reason == DECIDED and self.reader.is_final(one):
                news.append((before, Accepted(one.documents(), reference(one.rows))))
        return write(self._db, self._connector, news, at)

    # The view -----------------------------------------------------------------------------------------

    def keep(self, at: str) -> None:
        """Keep what the tick-off says, whole, in one commit; what is the same as before is not written again."""
        judged, extract, ticked = self.judged(), self.reader.extract, self.reader.ticked
        if not judged or extract is None or ticked is None:
            return
        of = (ticked, self._db.row(_LAST_FACT))
        if self._kept is not None and self._kept[0] is of[0] and self._kept[1] == of[1]:
            self._db.rows(_SEEN_AGAIN, (at, self._connector))
            return
        self._kept = of
        mark = hashlib.sha256()
        standing = {entry_id: one.state for entry_id, one in last_of(self._db, self._connector).items()}
        ticks, unknown = [], []
        for one in judged.values():
            row = self._tick(one, standing.get(one.claim.id))
            mark.update(seal(list(row)))
            ticks.append(row)
        for his in ticked.unknown:
            mark.update(seal([his.id, his.amount_minor]))
            unknown.append(his)
        digest = mark.digest()
        counts = (len(judged), len(extract.rows), extract.reasons.total)
        with self._db.writing():
            before = self._db.row(_DIGEST, (self._connector,))
            self._db.rows(_RUN, (self._connector, at, digest, *counts))
            if before is not None and bytes(before[0]) == digest:
                return
            for table in ("tick", "tick_row"):
                self._db.rows(f"DELETE FROM {table} WHERE connector = ?", (self._connector,))  # noqa: S608 (two names)
            self._db.many(
                _TICK,
                [
                    (self._connector, *row[:6], self._db.hidden(_told(judged[entry_id].rows)), row[6], at)
                    for entry_id, row in zip(judged, ticks, strict=True)
                ],
            )
            self._db.many(
                _TICK_ROW,
                [
                    (self._connector, place, his.amount_minor, self._db.hidden(_told((his,))), at)
                    for place, his in enumerate(unknown)
                ],
            )

    def _tick(self, one: Judged, state: str | None) -> tuple[Any, ...]:
        """Return place, outcome, what, reason, score, the HIS's amount and the word for the station."""
        word = self.reader.word(one)
        if self.compares_first and state in {None, "unreachable"} and one.outcome in _UNDECIDED:
            word = self._there(one)
        told = "" if word is None or state == "accepted" else reference_of(word)
        return (
            self._n_of[one.claim.id],
            one.outcome,
            ",".join(one.what),
            one.reason,
            one.score,
            one.his_minor(),
            told,
        )


def _told(rows: Sequence[HisRow]) -> bytes:
    """Return rows of the HIS as they are kept: field by field, the first fifty."""
    found = []
    for row in rows[:ROWS_KEPT_MAX]:
        told = row._asdict()
        told["document"] = row.document.number if row.document else None
        found.append(told)
    return seal(found)
