"""Verifying a book as it arrives, batch by batch: the very checks of ``downtime verify``, resumed where they were.

After each verified commit group what the next entry is judged by is small: the head, the number counter, the
number blocks, the approvals still open. That is kept as text, so a hub with hundreds of books starts at once
and a batch costs the same however long its book is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.canonical import seal, unseal
from downtime.verify_row import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from downtime.store.headlog import HeadRecord
    from sync.hub.arrived import Arrived


class _Tail(list[tuple[bytes, int]]):
    """The last head alone, though it counts all of them: older ones are never looked at again."""

    def __init__(self, count: int = 0, last: tuple[bytes, int] | None = None) -> None:
        super().__init__([last] if last else [])
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __bool__(self) -> bool:
        return self._count > 0

    def append(self, head: tuple[bytes, int]) -> None:
        """Count ``head`` and keep it instead of the one before."""
        self[:] = [head]
        self._count += 1


class ChainWalk:
    """One book's walk, which can be put away and taken up again between commit groups."""

    def __init__(
        self, book: int, public_key_of: Callable[[str], tuple[bytes, bytes]], kept: str = ""
    ) -> None:
        self._book = book
        self._public_key_of = public_key_of
        self._kept = kept or _begin()
        self._walk = self._resumed()

    @property
    def seq(self) -> int:
        """The last verified sequence number, 0 before the first."""
        return self._walk.entries

    @property
    def head(self) -> bytes:
        """The chain hash after it; empty before the first."""
        return self._walk.head

    @property
    def previous_head(self) -> str:
        """Head of the book before, as the opening entry states it (hex)."""
        return self._walk.previous_head

    def take_group(
        self, entries: Iterable[Arrived], record: HeadRecord, wrong_alone: Mapping[bytes, str | None]
    ) -> tuple[int, str] | None:
        """Verify one commit group; keep all of it, or nothing.

        Args:
            entries: its entries, in order.
            record: its head record, whose signature was found good.
            wrong_alone: what was found wrong with entries by themselves, by digest; the others are looked at now.

        Returns:
            None, or (sequence number, what is wrong there).
        """
        seq = self.seq
        for entry in entries:
            seq += 1
            sealed = {"body": entry.body, "envelope": entry.envelope}
            wrong = self._walk.follow(entry.row(record.seq_from), sealed, self._alone(entry, wrong_alone))
            if wrong is None and seq == record.seq_to and self._walk.head != record.head:
                wrong = "head"
            if wrong is not None:
                self._walk = self._resumed()
                return seq, wrong
        return None

    def _alone(self, entry: Arrived, known: Mapping[bytes, str | None]) -> Callable[[], str | None]:
        def wrong() -> str | None:
            if entry.digest in known:
                return known[entry.digest]
            return entry.wrong_by_itself(*self._public_key_of(str((entry.envelope or {}).get("incarnation"))))

        return wrong

    def close_group(self) -> list[tuple[int, str]]:
        """Keep the group just taken; return (sequence number, what it lacks): second persons nobody saw."""
        approvals = self._walk.approvals
        try:
            approvals.close_group()
        except (ValueError, KeyError, TypeError, AttributeError):  # content of no known form, made to trip us
            approvals.missing.append((self.seq, "content"))
            approvals._group, approvals._approved = {}, set()  # noqa: SLF001 (what close_group would leave)
        missing, approvals.missing = approvals.missing, []
        self._walk.gaps.clear()
        self._kept = self.kept()
        return missing

    def kept(self) -> str:
        """Return what to take the walk up with, as text."""
        walk = self._walk
        last = walk.heads[-1] if walk.heads else (b"", 0)
        return seal(
            {
                "v": 1,
                "seq": len(walk.heads),
                "head": last[0].hex(),
                "group_first": last[1],
                "identity": walk.identity,
                "previous_head": walk.previous_head,
                "anchor": list(walk.anchor) if walk.anchor else None,
                "counter": walk._counter,  # noqa: SLF001 (the walk's own state, put away and restored as it was)
                "blocks": [list(block) for block in walk._blocks],  # noqa: SLF001 (as above)
                "approvals": [
                    [approval_id, operator, dict(content)]
                    for approval_id, (operator, content) in walk.approvals._approvals.items()  # noqa: SLF001 (as above)
                ],
                "answered": sorted(walk.approvals._answered),  # noqa: SLF001 (as above)
            }
        ).decode()

    def _resumed(self) -> Walk:
        kept = unseal(self._kept.encode())
        walk = Walk(self._book, self._public_key_of)
        seq = kept["seq"]
        walk.heads = _Tail(seq, (bytes.fromhex(kept["head"]), kept["group_first"]) if seq else None)
        walk.identity = kept["identity"]
        walk.previous_head = kept["previous_head"]
        walk.anchor = tuple(kept["anchor"]) if kept["anchor"] else None
        walk._counter = kept["counter"]  # noqa: SLF001 (as in ``kept``)
        walk._blocks = [(first, last) for first, last in kept["blocks"]]  # noqa: SLF001 (as in ``kept``)
        walk.approvals._approvals = {  # noqa: SLF001 (as in ``kept``)
            approval_id: (operator, content) for approval_id, operator, content in kept["approvals"]
        }
        walk.approvals._answered = set(kept["answered"])  # noqa: SLF001 (as in ``kept``)
        return walk


def _begin() -> str:
    return seal(
        {
            "v": 1,
            "seq": 0,
            "head": "",
            "group_first": 0,
            "identity": {},
            "previous_head": "",
            "anchor": None,
            "counter": 0,
            "blocks": [],
            "approvals": [],
            "answered": [],
        }
    ).decode()
