"""Verifying a book as it arrives, batch by batch: the very checks of ``downtime verify``, resumed where they were.

After each verified commit group what the next entry is judged by is small: the head, the number counter, the
number blocks, the approvals still open. That is kept as text, so a hub with hundreds of books starts at once
and a batch costs the same however long its book is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import UnsealableError, digest, seal, unseal
from downtime.receipt_number import parse_number
from downtime.verify_row import Walk
from forms import form_named
from forms.base import Form, read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from downtime.store.headlog import HeadRecord

SQL_NUMBER_MAX: Final = 1 << 53
_IDENTITY: Final = ("hospital", "station", "incarnation", "book", "drill")


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


@dataclass(frozen=True, slots=True)
class Arrived:
    """One entry as it came, and what follows from its sealed bytes; see ``store.journal_schema`` for the names.

    Attributes:
        unreadable: it is not in a form this hub knows, why nothing else can be said of it.
    """

    seq: int
    salt: bytes
    sealed: bytes
    hash: bytes
    digest: bytes
    id: str
    form: str = "?"
    body_hash: bytes = b""
    envelope: Mapping[str, Any] | None = None
    content: Mapping[str, Any] | None = None
    deliverable: bool = False
    number: str | None = None
    counter: int | None = None
    patient: str | None = None
    encounter: str | None = None
    amount_minor: int | None = None
    postings: tuple[tuple[Any, ...], ...] = ()
    unreadable: str = ""

    @classmethod
    def read(cls, seq: int, salt: bytes, sealed: bytes, chain_hash: bytes) -> Arrived:
        """Return the entry in ``sealed``; whatever it holds, nothing is raised."""
        mark = hashlib.sha256(salt + chain_hash + sealed).digest()
        bare = cls(seq, salt, sealed, chain_hash, mark, f"unreadable-{mark.hex()[:32]}", unreadable="content")
        try:
            whole = unseal(sealed)
            body, envelope = whole["body"], whole["envelope"]
            return _read(bare, body, envelope)
        except (UnsealableError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            return bare

    def row(self, group_first: int) -> dict[str, Any]:
        """Return it as a row of a journal, for the walk."""
        assert self.envelope is not None, "what is unreadable never walks"
        return {
            "seq": self.seq,
            "group_first": group_first,
            "id": self.id,
            "form": self.form,
            "deliverable": int(self.deliverable),
            "body_hash": self.body_hash,
            "salt": self.salt,
            "sealed": self.sealed,
            "hash": self.hash,
            "number": self.number,
            "counter": self.counter,
            "patient": self.patient,
            "encounter": self.encounter,
            "operator": self.envelope.get("operator"),
            "recorded_at": self.envelope.get("recorded_at"),
            "amount_minor": self.amount_minor,
        }


def _read(bare: Arrived, body: Mapping[str, Any], envelope: Mapping[str, Any]) -> Arrived:
    kind = form_named(body["form"])
    content = body["content"]
    filled = read_form(kind, content) if kind and kind.content_version == body["form_v"] else None
    is_known = isinstance(filled, Form)
    number = envelope.get("number")
    parsed = parse_number(number) if isinstance(number, str) else None
    amount = filled.amount_minor() if isinstance(filled, Form) else content.get("total_minor")
    names = envelope["refers_to"]
    if not all(_is_plain(text, 64) for text in (body["id"], body["form"], number or "-", *names)):
        return bare
    if amount is not None and (type(amount) is not int or abs(amount) > SQL_NUMBER_MAX):
        return bare
    return Arrived(
        bare.seq, bare.salt, bare.sealed, bare.hash, bare.digest, body["id"], body["form"],
        body_hash=digest(body),
        envelope=dict(envelope),
        content=dict(content),
        deliverable=isinstance(filled, Form) and filled.deliverable,
        number=number,
        counter=parsed.count if parsed else None,
        patient=filled.patient_number() if isinstance(filled, Form) else _number_in(content, "patient"),
        encounter=filled.encounter() if isinstance(filled, Form) else _number_in(content, "visit"),
        amount_minor=amount,
        postings=tuple(tuple(leg) for leg in envelope.get("postings") or ()),
        unreadable="" if is_known else "form",
    )  # fmt: skip


def _is_plain(text: Any, length_max: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= length_max and text.isascii() and text.isprintable()


def _number_in(content: Mapping[str, Any], name: str) -> str | None:
    found = (content.get(name) or {}).get("number")
    return found if isinstance(found, str) else None


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

    def take_group(self, entries: Iterable[Arrived], record: HeadRecord) -> tuple[int, str] | None:
        """Verify one commit group; keep all of it, or nothing.

        Args:
            entries: its entries, in order.
            record: its head record, whose signature was found good.

        Returns:
            None, or (sequence number, what is wrong there).
        """
        seq = self.seq
        for entry in entries:
            seq += 1
            named = list(dict.fromkeys((entry.envelope or {}).get("refers_to") or ()))
            legs = [list(leg) for leg in entry.postings]
            try:
                wrong = self._walk.take(entry.row(record.seq_from), named, legs)
            except RecursionError:
                wrong = "content"
            if wrong is None and seq == record.seq_to and self._walk.head != record.head:
                wrong = "head"
            if wrong is not None:
                self._walk = self._resumed()
                return seq, wrong
        return None

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
