"""Keeping a batch as it came, at the port: durable with little work, so that no station waits for verification.

Only its shape is looked at, that each entry is chained to the one before, and that the station signed the head.
Everything else is the verifying worker's: until it has been there, nothing of a batch is delivered, and nothing is
answered of it but that it is here.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import UnsealableError, unseal
from downtime.signing import signature_is_good
from downtime.store.chain import HASH_BYTES, link
from sync.hub.arrivals import CHAIN, public_key, read_batch
from sync.hub.wire import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from downtime.store.headlog import HeadRecord
    from sync.hub.arrivals import Place, Row
    from sync.hub.database import Database

WAITING_BYTES_MAX: Final = 256 << 20
"""What one station may have waiting to be verified; it is asked to wait beyond that."""

_BODY_BEGINS: Final = b'{"body":{'
_BODY_ENDS: Final = b'},"envelope":{'
_ID: Final = re.compile(rb'"id":"([\x20\x21\x23-\x5b\x5d-\x7e]{1,64})","suite":[0-9]{1,3},"v":[0-9]{1,3}\}$')
_ID_BYTES: Final = 120

_TIP: Final = """
SELECT seq_to, head FROM arrived WHERE station = ? AND incarnation = ? AND book = ? AND linked = 1
ORDER BY n DESC LIMIT 1
"""
_KEPT: Final = """
INSERT INTO arrived (station, incarnation, book, entries, seq_to, head, linked, digest, ids, bytes, body, trouble,
                     arrived_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?) ON CONFLICT (station, digest) DO NOTHING
"""
_WAITING: Final = "SELECT coalesce(sum(bytes), 0) FROM arrived WHERE station = ?"
_IDS: Final = "SELECT ids FROM arrived WHERE station = ? ORDER BY n"


@dataclass(frozen=True, slots=True)
class Tip:
    """How far a book reaches at the hub, verified or waiting for it."""

    seq: int = 0
    head: bytes = b""


def tip_of(db: Database, place: Place) -> Tip:
    """Return how far a book reaches here, counting what waits to be verified and is chained to it."""
    chain, waiting = db.row(CHAIN, place.key), db.row(_TIP, place.key)
    found = [Tip(row[0], bytes(row[1])) for row in (chain, waiting) if row is not None]
    return max(found, key=lambda tip: tip.seq, default=Tip())


def ids_waiting(db: Database, station: str) -> dict[str, str]:
    """Return the body hash (hex) of what a station sent and nobody verified yet, by id."""
    found: dict[str, str] = {}
    for (ids,) in db.rows(_IDS, (station,)):
        found |= json.loads(ids)
    return found


class Keeper:
    """Keeps batches in ``arrived``."""

    def __init__(self, db: Database, now: Callable[[], str]) -> None:
        self._db = db
        self._now = now

    def keep(self, station: str, content: Mapping[str, Any], body: bytes, digest: str) -> tuple[Tip, int]:
        """Keep a batch as it came; durable on return. One that came before is kept once.

        Args:
            station: who sent it, by the signature over the request.
            content: what its body says.
            body: the very bytes.
            digest: their SHA-256, hex.

        Returns:
            How far the book reaches here now, and how many entries were in the batch.

        Raises:
            RefusedError: it is no batch, or too much of this station waits already; nothing was kept.
        """
        place, rows, heads = read_batch(station, content)
        if not rows and not heads:
            return tip_of(self._db, place), 0
        public = public_key(self._db, station, place.incarnation)
        ids = json.dumps(dict(filter(None, (_glanced(sealed) for _seq, _salt, sealed, _hash in rows))))
        with self._db.writing():
            (waiting,) = self._db.row(_WAITING, (station,)) or (0,)
            if waiting + len(body) > WAITING_BYTES_MAX:
                raise RefusedError("busy")
            tip = tip_of(self._db, place)
            linked = public is not None and _follows(tip, rows) and _is_signed(rows, heads, public)
            end = Tip(rows[-1][0], rows[-1][3]) if linked else tip
            row = (*place.key, len(rows), end.seq, end.head, int(linked), digest, ids, len(body))
            self._db.rows(_KEPT, (*row, self._db.hidden(body), self._now()))
        return end, len(rows)


def _follows(tip: Tip, rows: Sequence[Row]) -> bool:
    """Whether the rows are chained one to the next, the first of them to ``tip``."""
    if not rows or rows[0][0] != tip.seq + 1:
        return False
    previous = tip.head or _stated_begin(rows[0][2])
    for seq, (stated, salt, sealed, chain_hash) in enumerate(rows, tip.seq + 1):
        if stated != seq or link(seq, previous, salt, sealed) != chain_hash:
            return False
        previous = chain_hash
    return True


def _is_signed(rows: Sequence[Row], heads: Sequence[HeadRecord], public: bytes) -> bool:
    """Whether the station signed the last head that ends among the rows; that of a group cut in two comes later."""
    ending = [head for head in heads if rows[0][0] <= head.seq_to <= rows[-1][0]]
    return bool(ending) and (
        ending[-1].head == rows[ending[-1].seq_to - rows[0][0]][3]
        and signature_is_good(public, ending[-1].signature, ending[-1].signed_bytes())
    )


def _stated_begin(sealed: bytes) -> bytes:
    """Return what the first entry of a book says it follows; verification compares that with what it must be."""
    try:
        found = bytes.fromhex(unseal(sealed)["envelope"]["previous_hash"])
    except (UnsealableError, ValueError, KeyError, TypeError):
        return bytes(HASH_BYTES)
    return found if len(found) == HASH_BYTES else bytes(HASH_BYTES)


def _glanced(sealed: bytes) -> tuple[str, str] | None:
    """Return id and body hash of an entry in its usual form without reading it, or None."""
    end = sealed.rfind(_BODY_ENDS)
    if end < 0 or not sealed.startswith(_BODY_BEGINS):
        return None
    found = _ID.search(sealed, max(end - _ID_BYTES, 0), end + 1)
    if found is None:
        return None
    return found[1].decode("ascii"), hashlib.sha256(sealed[len(_BODY_BEGINS) - 1 : end + 1]).hexdigest()
