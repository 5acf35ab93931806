"""What a station may send up, read from a request or a bundle; and the questions the hub's tables are asked."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.receipt_number import parse_number
from downtime.store.headlog import HeadRecord
from forms import STATION_FORMS
from sync.hub.arrived import Arrived
from sync.hub.wire import (
    BATCH_ENTRIES_MAX,
    ENTRY_BYTES_MAX,
    RefusedError,
    bytes_of,
    list_of,
    number_of,
    object_of,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.hub.database import Database

HELD_ENOUGH: Final = ("", "gap", "unsigned")
"""Verdicts under which an entry counts as held: good, or good once what is missing has come."""
WAITING: Final = ("gap", "unsigned")

KEY_LABEL: Final = b"downtime hub keys 1"
"""Sets the secret behind ``Keys`` apart from other uses of the store's key."""

_STATION_FORMS: Final = frozenset(form.name for form in STATION_FORMS)
_NUMBERS_NAMED: Final = (
    *("charge_number", "priced_number", "precollection_number", "deposit_number", "entry_number"),
    *("held_number", "refund_number"),
)

KNOWN_AT: Final = """
SELECT digest, verdict FROM entry WHERE station = ? AND incarnation = ? AND book = ? AND seq BETWEEN ? AND ?
"""
WAITING_AT: Final = """
SELECT n, seq, salt, sealed, hash FROM entry
WHERE station = ? AND incarnation = ? AND book = ? AND seq > ? AND chained = 0 AND verdict IN ('gap', 'unsigned')
ORDER BY seq, n LIMIT 1000
"""
HEADS_AFTER: Final = """
SELECT seq_from, seq_to, head, signature FROM head
WHERE station = ? AND incarnation = ? AND book = ? AND seq_to > ? ORDER BY seq_to LIMIT 2000
"""
SAME_IDS: Final = {
    "sqlite": """
SELECT id, body_hash, digest, verdict FROM entry
WHERE id IN (SELECT value FROM json_each(?)) AND verdict IN ('', 'gap', 'unsigned')
""",
    "postgresql": """
SELECT id, body_hash, digest, verdict FROM entry WHERE id = ANY(?) AND verdict IN ('', 'gap', 'unsigned')
""",
}
CHAIN: Final = "SELECT seq, head, walk FROM chain WHERE station = ? AND incarnation = ? AND book = ?"
CHAIN_OF_BOOK: Final = "SELECT head FROM chain WHERE station = ? AND book = ?"
CHAIN_KEPT: Final = """
INSERT INTO chain (station, incarnation, book, seq, head, walk) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (station, incarnation, book) DO UPDATE SET seq = excluded.seq, head = excluded.head, walk = excluded.walk
"""
HEAD_KEPT: Final = "INSERT INTO head VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
ENTRY_KEPT: Final = """
INSERT INTO entry (station, incarnation, book, seq, id, form, deliverable, line, turn, number, amount_minor, outage,
                   body_hash, salt, sealed, hash, digest, chained, verdict, why, arrived_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (station, incarnation, book, seq, digest) DO NOTHING
"""
ENTRY_JUDGED: Final = "UPDATE entry SET chained = ?, verdict = ?, why = ?, turn = ? WHERE n = ?"
NUMBERS_OF_TURNS: Final = "SELECT turn, n FROM entry WHERE turn >= ?"
LAST_TURN: Final = "SELECT max(turn) FROM entry WHERE turn IS NOT NULL"
LINES_KEPT: Final = "INSERT INTO line (key) VALUES (?) ON CONFLICT (key) DO NOTHING"
GIVES_KEPT: Final = "INSERT INTO gives (key, n) VALUES (?, ?) ON CONFLICT DO NOTHING"
NEEDS_KEPT: Final = "INSERT INTO needs (n, key) VALUES (?, ?) ON CONFLICT DO NOTHING"
KEY_OF: Final = "SELECT public FROM station_key WHERE station = ? AND incarnation = ?"
WITHDRAWN: Final = "SELECT 1 FROM station_withdrawn WHERE station = ? AND incarnation = ?"
ARRIVED_DONE: Final = "DELETE FROM arrived WHERE n = ?"
TIPS: Final = """
SELECT seq, hash FROM entry WHERE station = ? AND incarnation = ? AND book = ? AND verdict IN ('clone', 'other_hash')
ORDER BY seq DESC, n DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Place:
    """One book of one incarnation of a station."""

    station: str
    incarnation: str
    book: int

    @property
    def key(self) -> tuple[str, str, int]:
        """As bound to a statement."""
        return (self.station, self.incarnation, self.book)


@dataclass(frozen=True, slots=True)
class Batch:
    """Entries of one book with the signed heads that cover them, in order."""

    place: Place
    entries: tuple[Arrived, ...]
    heads: tuple[HeadRecord, ...]

    @classmethod
    def read(cls, station: str, content: Mapping[str, Any]) -> Batch:
        """Return what the body of a request or bundle says.

        Raises:
            RefusedError: it is no batch of entries.
        """
        place, rows, heads = read_batch(station, content)
        return cls(place, tuple(Arrived.read(*row) for row in rows), heads)


Row = tuple[int, bytes, bytes, bytes]
"""Sequence number, salt, sealed bytes and chain hash of one entry."""


def read_batch(station: str, content: Mapping[str, Any]) -> tuple[Place, list[Row], tuple[HeadRecord, ...]]:
    """Return place, rows and heads of a batch, looking at its shape alone.

    Raises:
        RefusedError: it is no batch of entries.
    """
    told = dict(content)
    incarnation = text_of(told, "incarnation", 1)
    if not ("A" <= incarnation <= "Z"):
        raise RefusedError("garbage")
    place = Place(station, incarnation, number_of(told, "book", 1))
    rows = list_of(told, "rows", BATCH_ENTRIES_MAX)
    heads = list_of(told, "heads", BATCH_ENTRIES_MAX)
    return place, [_row(row) for row in rows], tuple(map(_head, heads))


def _row(row: Any) -> Row:
    told = object_of(row)
    try:
        sealed = text_of(told, "sealed", ENTRY_BYTES_MAX).encode()
    except UnicodeEncodeError as error:
        raise RefusedError("garbage") from error
    return number_of(told, "seq", 1), bytes_of(told, "salt", 16), sealed, bytes_of(told, "hash", 32)


def _head(row: Any) -> HeadRecord:
    told = object_of(row)
    seq_from, seq_to = number_of(told, "seq_from", 1), number_of(told, "seq_to", 1)
    if seq_to < seq_from:
        raise RefusedError("garbage")
    return HeadRecord(seq_from, seq_to, bytes_of(told, "head", 32), bytes_of(told, "signature", 64))


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Turns what an entry is about into keys that say nothing to whoever sees the tables alone."""

    secret: bytes

    def line(self, entry: Arrived) -> str:
        """Return the queue an entry stands in: its visit, else its patient, else its own."""
        if entry.encounter:
            return self._hidden(f"visit {entry.encounter}")
        return self._hidden(f"patient {entry.patient}" if entry.patient else f"entry {entry.id}")

    def gives(self, entry: Arrived) -> list[str]:
        """Return what others may wait for."""
        if entry.form in _STATION_FORMS and not entry.deliverable:
            return []
        given = [f"id {entry.id}"]
        if entry.number:
            given.append(f"number {entry.number}")
        if entry.form == "registration" and entry.patient:
            given.append(self._hidden(f"patient {entry.patient}"))
        if entry.form == "visit" and entry.encounter:
            given.append(self._hidden(f"visit {entry.encounter}"))
        return given

    def needs(self, entry: Arrived) -> list[str]:
        """Return what the HIS must have before an entry: what it names, and whom only we registered."""
        if entry.form in _STATION_FORMS or entry.envelope is None or entry.content is None:
            return []
        content = entry.content
        wanted = []
        for name in entry.envelope["refers_to"]:  # another station's slip is named by its receipt number
            number = parse_number(name)
            wanted.append(f"id {name}" if number is None else f"number {number}")
        for name in _NUMBERS_NAMED:
            number = parse_number(str(content.get(name) or ""))
            if number is not None:
                wanted.append(f"number {number}")
        patient, visit = content.get("patient"), content.get("visit")
        if isinstance(patient, dict) and patient.get("temporary") and entry.form != "registration":
            wanted.append(self._hidden(f"patient {entry.patient}"))
        if isinstance(visit, dict) and visit.get("temporary") and entry.form != "visit":
            wanted.append(self._hidden(f"visit {entry.encounter}"))
        own = set(self.gives(entry))
        return [key for key in dict.fromkeys(wanted) if key not in own]

    def _hidden(self, text: str) -> str:
        kind = text.partition(" ")[0]
        marked = hmac.new(self.secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
        return f"{kind} {marked[:32]}"


def is_withdrawn(db: Database, station: str, incarnation: str) -> bool:
    """Return whether nothing signed with the key of that incarnation is taken any more."""
    return db.row(WITHDRAWN, (station, incarnation)) is not None


def public_key(db: Database, station: str, incarnation: str) -> bytes | None:
    """Return the public key of an incarnation, or None if the hub does not know it; a withdrawn one is known."""
    found = db.row(KEY_OF, (station, incarnation))
    return bytes(found[0]) if found else None
