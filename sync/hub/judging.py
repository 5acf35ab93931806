"""Judging the entries of one batch: which belong together, which follow, which are put aside and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downtime.clean import visible
from downtime.store.chain import link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.store.headlog import HeadRecord
    from sync.hub.arrivals import Place
    from sync.hub.arrived import Arrived
    from sync.hub.chain import ChainWalk


@dataclass(eq=False)
class Judged:
    """One entry in hand; ``n`` is set where it stands in the table already."""

    entry: Arrived
    verdict: str
    why: str = ""
    chained: bool = False
    n: int | None = None
    turn: int | None = None


@dataclass
class Work:
    """One batch in hand.

    Attributes:
        wrong_alone: what was found wrong with new entries by themselves, by digest.
        is_withdrawn: nothing is taken of this key any more.
        waiting: what may continue the chain, by sequence number, older arrivals first.
        heads: by the sequence number they begin with.
        known: (body hash, digest, verdict) of entries held under the ids of this batch.
    """

    place: Place
    walk: ChainWalk
    wrong_alone: dict[bytes, str | None] = field(default_factory=dict)
    is_withdrawn: bool = False
    judged: list[Judged] = field(default_factory=list)
    waiting: dict[int, list[Judged]] = field(default_factory=dict)
    heads: dict[int, list[HeadRecord]] = field(default_factory=dict)
    known: dict[str, list[tuple[bytes, bytes, str]]] = field(default_factory=dict)


def last_sight(work: Work, entry: Arrived, missing: dict[int, str]) -> str:
    """Say of an entry that stands in the chain whether it may go on to the HIS."""
    same = work.known.setdefault(entry.id, [])
    for body_hash, mark, verdict in same:
        if mark != entry.digest and verdict == "":
            return "other_body" if body_hash != entry.body_hash else "twice"
    if entry.unreadable:
        return "unknown_form"
    if entry.seq in missing:
        return "no_second_person"
    same.append((entry.body_hash, entry.digest, ""))
    return ""


def group_under(work: Work, record: HeadRecord) -> list[Judged] | None:
    """Return the entries ``record`` covers, linked one to the next, or None if they are not all there.

    Where none links, what stands under the signed hash is returned: the walk then says what is wrong.
    """
    begin = work.walk.head
    paths: list[list[Judged]] = [[]]
    for seq in range(record.seq_from, record.seq_to + 1):
        candidates = work.waiting.get(seq)
        if not candidates:
            return None
        # At most one path ends in each candidate: what it follows is in its hash.
        paths = [
            [*path, judged]
            for path in paths
            for judged in candidates
            if not (previous := path[-1].entry.hash if path else begin) or _links(judged.entry, previous)
        ]
    vouched = [path for path in paths if path[-1].entry.hash == record.head]
    if vouched:
        return vouched[0]
    last = [judged for judged in work.waiting[record.seq_to] if judged.entry.hash == record.head]
    first = [work.waiting[seq][0] for seq in range(record.seq_from, record.seq_to)]
    return [*first, last[0]] if last else None


def set_aside(work: Work, group: Sequence[Judged], wrong: tuple[int, str]) -> None:
    """Put what does not hold into quarantine; a signed chain that goes on from elsewhere means there are two."""
    seq, why = wrong
    judged = next(one for one in group if one.entry.seq == seq)
    judged.verdict, judged.why = (
        ("clone", "") if _goes_on_elsewhere(work, judged) else ("broken", visible(why, 300))
    )
    work.waiting[seq].remove(judged)


def _goes_on_elsewhere(work: Work, judged: Judged) -> bool:
    """Whether an entry is whole in itself, but follows another one than the last that stands here."""
    stated = str((judged.entry.envelope or {}).get("previous_hash"))
    if judged.entry.seq != work.walk.seq + 1 or not work.walk.seq or stated == work.walk.head.hex():
        return False
    try:
        return _links(judged.entry, bytes.fromhex(stated))
    except ValueError:
        return False


def _links(entry: Arrived, previous: bytes) -> bool:
    return link(entry.seq, previous, entry.salt, entry.sealed) == entry.hash
