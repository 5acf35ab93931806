"""The hub's deliveries as rows: appended one behind the other, chained with the hub's key, verified again.

The key keeps whoever can change the database from changing a row unseen: what stands there was written here. What
was cut off at the end is not seen by the chain alone; count and head, kept elsewhere, show it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import seal
from sync.hub.database import CHAINING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.hub.database import Database

GENESIS: Final = bytes(32)
ROWS_AT_ONCE: Final = 2_000
_COLUMNS: Final = "connector, entry_n, step, state, outcome, at, wait_seconds, sent, decided_n, turn, hash"
_INSERT: Final = f"INSERT INTO delivery ({_COLUMNS}) VALUES ({', '.join('?' * 11)})"  # noqa: S608 (constant names)
_LAST: Final = "SELECT hash FROM delivery ORDER BY n DESC LIMIT 1"
_AFTER: Final = f"SELECT n, {_COLUMNS} FROM delivery WHERE n > ? ORDER BY n LIMIT ?"  # noqa: S608 (constant names)
_HEAD: Final = "SELECT count(*) FROM delivery"
_TURN: Final = "SELECT max(turn) FROM entry WHERE turn IS NOT NULL"


@dataclass(frozen=True, slots=True)
class FactRow:
    """One thing that happened to one entry with one connector; see the table ``delivery``."""

    connector: str
    entry_n: int | None
    step: int
    state: str
    outcome: str
    at: str
    wait_seconds: int = 0
    sent: bytes | None = None
    decided_n: int | None = None


def begin(db: Database) -> None:
    """Within a write, wait until no other worker adds; what is read from here on is what stands."""
    db.alone(CHAINING)


def append(db: Database, facts: Sequence[FactRow]) -> None:
    """Add ``facts`` in order; the caller holds the write and has called :func:`begin`."""
    if not facts:
        return
    last, reached = db.row(_LAST), db.row(_TURN)
    head = bytes(last[0]) if last else GENESIS
    turn = int(reached[0]) if reached and reached[0] is not None else 0
    rows = []
    for fact in facts:
        head = _link(db, head, fact, turn)
        sent = None if fact.sent is None else db.hidden(fact.sent)
        rows.append(
            (
                fact.connector, fact.entry_n, fact.step, fact.state, fact.outcome, fact.at, fact.wait_seconds, sent,
                fact.decided_n, turn, head,
            )
        )  # fmt: skip
    db.many(_INSERT, rows)


def _link(db: Database, head: bytes, fact: FactRow, turn: int) -> bytes:
    content: dict[str, Any] = {
        "connector": fact.connector,
        "entry_n": fact.entry_n,
        "step": fact.step,
        "state": fact.state,
        "outcome": fact.outcome,
        "at": fact.at,
        "wait_seconds": fact.wait_seconds,
        "sent_sha256": None if fact.sent is None else hashlib.sha256(fact.sent).hexdigest(),
        "decided_n": fact.decided_n,
        "turn": turn,
    }
    return db.marked(head + seal(content))


def delivery_head(db: Database) -> tuple[int, bytes]:
    """Return how many facts there are, and the hash over the last; 32 zero bytes for none."""
    counted, last = db.row(_HEAD), db.row(_LAST)
    return int(counted[0]) if counted else 0, bytes(last[0]) if last else GENESIS


def first_altered(db: Database) -> int | None:
    """Return the number of the first delivery that is not as it was written, or None."""
    head, after = GENESIS, 0
    while rows := db.rows(_AFTER, (after, ROWS_AT_ONCE)):
        for n, connector, entry_n, step, state, outcome, at, wait, sent, decided_n, turn, kept in rows:
            try:
                shown = None if sent is None else db.shown(sent)
            except Exception:  # noqa: BLE001 (whatever the cipher says of altered bytes)
                return int(n)
            fact = FactRow(connector, entry_n, step, state, outcome, at, wait, shown, decided_n)
            head = _link(db, head, fact, turn)
            if head != bytes(kept):
                return int(n)
            after = n
    return None
