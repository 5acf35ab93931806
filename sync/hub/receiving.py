"""Taking entries in: verify what continues the chain, keep everything, put in quarantine what does not fit.

One batch is one commit. What came before is recognised by its bytes and left alone, so a batch may come
twice, late or in pieces. Nothing is ever dropped, and one station's trouble stays its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.signing import key_id_of, signature_is_good
from downtime.store.headlog import HeadRecord
from sync.hub import arrivals as ask
from sync.hub import stations
from sync.hub.arrivals import WAITING, Batch, Keys, Place, public_key
from sync.hub.arrived import Arrived
from sync.hub.chain import ChainWalk
from sync.hub.judging import Judged, Work, group_under, last_sight, set_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.hub.database import Database

_NO_HASH = bytes(32)


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch.

    Attributes:
        seq: last verified sequence number of the book now; ``head``: the chain hash after it.
        verdicts: of each entry in the batch, by id: "" good, "gap" or "unsigned" not yet, else why it is in
            quarantine.
        new: entries that were not here before.
    """

    seq: int
    head: bytes
    verdicts: dict[str, str]
    new: int


@dataclass(frozen=True, slots=True)
class _Alone:
    """What was found out about a batch before anybody had to wait for it.

    Attributes:
        public: the station's key in that incarnation, or None if the hub does not know it.
        key: its id, and itself.
        heads: those with a good signature.
        wrong: what is wrong with each new entry by itself, or None, by digest.
    """

    public: bytes | None
    key: tuple[bytes, bytes]
    heads: tuple[HeadRecord, ...]
    wrong: dict[bytes, str | None]


class Receiver:
    """Takes batches into the hub's tables."""

    def __init__(self, db: Database, hospital: str, secret: bytes, now: Callable[[], str]) -> None:
        self._db = db
        self._hospital = hospital
        self._keys = Keys(secret)
        self._now = now

    def let_in(self, station: str, content: dict[str, Any]) -> None:
        """Let a station in that shows its code in a bundle; see ``stations.let_in``."""
        stations.let_in(self._db, self._hospital, station, content, self._now())

    def take(self, batch: Batch, arrived_n: int | None = None) -> Received:
        """Keep ``batch``, whatever is in it; durable on return. An error of the driver: none of it, or all.

        Args:
            batch: the entries.
            arrived_n: the row of ``arrived`` it was read from, which goes in the same commit.
        """
        alone = self._looked_at_alone(batch)
        with self._db.writing():
            self._db.alone()
            work = self._begin(batch.place, alone)
            held = self._held(batch)
            self._look_ids_up(work, batch)
            for entry in {entry.digest: entry for entry in batch.entries}.values():
                if entry.digest not in held:
                    self._sort_in(work, entry)
            self._keep_heads(work, alone.heads)
            self._name_clones(work)
            self._advance(work)
            self._keep(work)
            if arrived_n is not None:
                self._db.rows(ask.ARRIVED_DONE, (arrived_n,))
        now = {judged.entry.digest: judged.verdict for judged in work.judged}
        verdicts = {entry.id: now.get(entry.digest, held.get(entry.digest, "")) for entry in batch.entries}
        new = sum(1 for judged in work.judged if judged.n is None)
        return Received(work.walk.seq, work.walk.head, verdicts, new)

    # -- looking --------------------------------------------------------------------------------------

    def _looked_at_alone(self, batch: Batch) -> _Alone:
        """Do what needs neither the entries before nor anybody to wait: most of the work, signatures above all."""
        public = public_key(self._db, batch.place.station, batch.place.incarnation)
        # Without a key no head is good, and without a good head nothing ever reaches the walk.
        key = (key_id_of(public or b""), public or b"")
        held = self._held(batch)
        return _Alone(
            public,
            key,
            tuple(
                record
                for record in batch.heads
                if public is not None and signature_is_good(public, record.signature, record.signed_bytes())
            ),
            {
                entry.digest: entry.wrong_by_itself(*key)
                for entry in batch.entries
                if public is not None and entry.digest not in held
            },
        )

    def _begin(self, place: Place, alone: _Alone) -> Work:
        kept = self._db.row(ask.CHAIN, place.key)
        walk = ChainWalk(place.book, lambda _incarnation: alone.key, kept[2] if kept else "")
        work = Work(place, walk, alone.wrong)
        work.is_withdrawn = self._db.row(ask.WITHDRAWN, (place.station, place.incarnation)) is not None
        for n, seq, salt, sealed, chain_hash in self._db.rows(ask.WAITING_AT, (*place.key, work.walk.seq)):
            entry = Arrived.read(seq, bytes(salt), self._db.shown(sealed), bytes(chain_hash))
            judged = Judged(entry, "gap", n=n)
            work.judged.append(judged)
            work.waiting.setdefault(seq, []).append(judged)
        for seq_from, seq_to, head, signature in self._db.rows(ask.HEADS_AFTER, (*place.key, work.walk.seq)):
            record = HeadRecord(seq_from, seq_to, bytes(head), bytes(signature))
            work.heads.setdefault(seq_from, []).append(record)
        return work

    def _held(self, batch: Batch) -> dict[bytes, str]:
        """Return the verdicts of what came before, by digest."""
        if not batch.entries:
            return {}
        seqs = [entry.seq for entry in batch.entries]
        rows = self._db.rows(ask.KNOWN_AT, (*batch.place.key, min(seqs), max(seqs)))
        return {bytes(mark): verdict for mark, verdict in rows}

    def _look_ids_up(self, work: Work, batch: Batch) -> None:
        ids = {entry.id for entry in batch.entries} | {judged.entry.id for judged in work.judged}
        for entry_id, body_hash, mark, verdict in self._db.rows(
            ask.SAME_IDS[self._db.dialect], (self._db.some(sorted(ids)),)
        ):
            work.known.setdefault(entry_id, []).append((bytes(body_hash), bytes(mark), verdict))

    def _sort_in(self, work: Work, entry: Arrived) -> None:
        """Say what is plain at first sight; what may continue the chain waits for the walk."""
        judged = Judged(entry, self._first_sight(work, entry))
        work.judged.append(judged)
        if judged.verdict in WAITING:
            work.waiting.setdefault(entry.seq, []).append(judged)
            work.known.setdefault(entry.id, []).append((entry.body_hash, entry.digest, "gap"))

    def _first_sight(self, work: Work, entry: Arrived) -> str:
        return self._of_other_origin(work, entry) or self._out_of_place(work, entry) or "gap"

    def _of_other_origin(self, work: Work, entry: Arrived) -> str:
        envelope = entry.envelope
        if work.is_withdrawn:
            return "withdrawn"
        if envelope is None:
            return "unreadable"
        if envelope.get("hospital") != self._hospital:
            return "foreign"
        if envelope.get("drill") is not False:
            return "drill"
        stated = (envelope.get("station"), envelope.get("incarnation"), envelope.get("book"))
        if stated != work.place.key or type(envelope.get("book")) is not int:
            return "other_station"
        return ""

    @staticmethod
    def _out_of_place(work: Work, entry: Arrived) -> str:
        if entry.envelope is None or entry.envelope.get("seq") != entry.seq:
            return "broken"
        if entry.seq <= work.walk.seq:
            return "other_hash"
        same = work.known.get(entry.id, ())
        return (
            "other_body" if any(body_hash != entry.body_hash for body_hash, _mark, _verdict in same) else ""
        )

    # -- verifying ------------------------------------------------------------------------------------

    def _keep_heads(self, work: Work, heads: Sequence[HeadRecord]) -> None:
        """Keep the heads whose signature was found good; the others say nothing."""
        known = {record for records in work.heads.values() for record in records}
        new = [record for record in heads if record not in known and not work.is_withdrawn]
        for record in new:
            work.heads.setdefault(record.seq_from, []).append(record)
        rows = [(*work.place.key, one.seq_from, one.seq_to, one.head, one.signature) for one in new]
        self._db.many(ask.HEAD_KEPT, rows)

    @staticmethod
    def _name_clones(work: Work) -> None:
        """Where the station's own key vouches for another entry at a place that is taken, there are two of it."""
        signed = {record.head for records in work.heads.values() for record in records}
        forks = [judged for judged in work.judged if judged.verdict == "other_hash"]
        if any(judged.entry.hash in signed for judged in forks):
            for judged in forks:
                judged.verdict = "clone"

    def _advance(self, work: Work) -> None:
        """Verify group after group as far as everything is there; say of the rest what it waits for."""
        while self._advance_by_one(work):
            pass
        end = work.walk.seq
        while work.waiting.get(end + 1):
            end += 1
        for seq, waiting in work.waiting.items():
            for judged in waiting:
                judged.verdict, judged.why = ("unsigned", "") if seq <= end else ("gap", str(end + 1))

    def _advance_by_one(self, work: Work) -> bool:
        for record in work.heads.get(work.walk.seq + 1, ()):
            group = group_under(work, record)
            if group is None or (not work.walk.seq and not self._continues(work.place, group[0].entry)):
                continue
            wrong = work.walk.take_group([judged.entry for judged in group], record, work.wrong_alone)
            if wrong is not None:
                set_aside(work, group, wrong)
                continue
            missing = dict(work.walk.close_group())
            for judged in group:
                judged.chained, judged.why = True, ""
                judged.verdict = last_sight(work, judged.entry, missing)
                work.waiting[judged.entry.seq].remove(judged)
            return True
        return False

    def _continues(self, place: Place, opening: Arrived) -> bool:
        """Whether a book goes on where the one before ended, as far as that came here."""
        stated = (opening.content or {}).get("previous_head") or ""
        if not stated and (place.incarnation > "A" or place.book == 1):
            return True
        before = self._db.rows(ask.CHAIN_OF_BOOK, (place.station, place.book - 1))
        return not before or stated in {bytes(row[0]).hex() for row in before}

    # -- keeping --------------------------------------------------------------------------------------

    def _keep(self, work: Work) -> None:
        good = [judged for judged in work.judged if judged.chained and not judged.verdict]
        good.sort(key=lambda judged: judged.entry.seq)
        last = self._db.row(ask.LAST_TURN)
        first_turn = int(last[0] if last and last[0] is not None else 0) + 1
        for turn, judged in enumerate(good, first_turn):
            judged.turn = turn
        at = self._now()
        new = [judged for judged in work.judged if judged.n is None]
        older = [judged for judged in work.judged if judged.n is not None]
        self._db.many(ask.ENTRY_KEPT, [self._row(work.place, judged, at) for judged in new])
        self._db.many(
            ask.ENTRY_JUDGED, [(int(one.chained), one.verdict, one.why, one.turn, one.n) for one in older]
        )
        if good:
            self._keep_keys(good, first_turn)
        if any(judged.chained for judged in work.judged):
            walk = work.walk
            self._db.rows(ask.CHAIN_KEPT, (*work.place.key, walk.seq, walk.head or _NO_HASH, walk.kept()))

    def _keep_keys(self, good: Sequence[Judged], first_turn: int) -> None:
        numbers = {row[0]: row[1] for row in self._db.rows(ask.NUMBERS_OF_TURNS, (first_turn,))}
        gives, needs = [], []
        lines = dict.fromkeys(self._keys.line(judged.entry) for judged in good if judged.entry.deliverable)
        self._db.many(ask.LINES_KEPT, [(key,) for key in lines])
        for judged in good:
            assert judged.turn is not None, "what is good has its turn"
            n = numbers[judged.turn]
            gives += [(key, n) for key in self._keys.gives(judged.entry)]
            needs += [(n, key) for key in self._keys.needs(judged.entry)]
        self._db.many(ask.GIVES_KEPT, gives)
        self._db.many(ask.NEEDS_KEPT, needs)

    def _row(self, place: Place, judged: Judged, at: str) -> tuple[Any, ...]:
        entry = judged.entry
        return (
            *place.key, entry.seq, entry.id, entry.form, int(entry.deliverable), self._keys.line(entry), judged.turn,
            entry.number, entry.amount_minor, entry.outage, entry.body_hash, entry.salt,
            self._db.hidden(entry.sealed), entry.hash, entry.digest,
            int(judged.chained), judged.verdict, judged.why, at,
        )  # fmt: skip
