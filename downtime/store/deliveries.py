"""``deliveries.db`` of one book: every attempt to tell the HIS, and every answer, as facts in a row.

Written by sync alone, one process at a time, append-only, with a hash chain and a head log of its own.
``sending`` is written before anything leaves, so that a crash in mid-send is a question ("was it received?"),
never a loss and never a blind second send. A state is never stored: it is the last fact; the HIS may void even
what was accepted, and post it again.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from downtime import os_calls
from downtime.canonical import seal
from downtime.errors import InUseError, JournalAlarmError, WrongPlaceError
from downtime.i18n import _
from downtime.outcome import Accepted, Outcome, outcome_content
from downtime.store.chain import link
from downtime.store.sqlite import open_database, writing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlite_utils import Database

    from downtime.store.headlog import HeadLog

OWED: Final = "owed"
SENDING: Final = "sending"
REACHED: Final = "reached"
SALT_BYTES = 16
WAL_PAGES = 4_000
"""About 16 MB between checkpoints: a large round would otherwise checkpoint at every second commit."""
SCHEMA_VERSION = 1
SCHEMA: Final = (
    """
CREATE TABLE delivery (
  n INTEGER PRIMARY KEY,            -- from 1, without gaps
  group_first INTEGER NOT NULL,     -- first n of its commit group
  connector TEXT NOT NULL,
  entry_seq INTEGER,                -- NULL: about the connector as a whole (HIS not reachable)
  entry_id TEXT,
  step INTEGER NOT NULL,            -- 1, 2, 3.. of this entry; a second writer would collide here
  state TEXT NOT NULL CHECK (state IN
    ('sending', 'reached', 'accepted', 'rejected', 'unreachable', 'in_doubt', 'handed_over')),
  journal_seq INTEGER NOT NULL,     -- how far the journal was: a decision to resend comes after it
  at TEXT NOT NULL,                 -- shown and waited by, never ordered by
  wait_seconds INTEGER NOT NULL,    -- not again by itself before this has passed
  sent BLOB,                        -- the exact bytes of the attempt; NULL if the same as the attempt before
  sealed BLOB NOT NULL,             -- canonical bytes of the fact, as chained
  salt BLOB NOT NULL,
  hash BLOB NOT NULL
) STRICT""",
    "CREATE UNIQUE INDEX delivery_step ON delivery(entry_seq, connector, step)",
    "CREATE INDEX delivery_accepted ON delivery(connector, entry_seq) WHERE state = 'accepted'",
    """
CREATE TABLE formal_document (
  n INTEGER NOT NULL, place INTEGER NOT NULL,
  entry_id TEXT NOT NULL, kind TEXT NOT NULL, bill_code TEXT NOT NULL, number TEXT NOT NULL,
  check_code TEXT NOT NULL, issued_at TEXT NOT NULL, status TEXT NOT NULL, his_reference TEXT NOT NULL,
  PRIMARY KEY (n, place)
) STRICT""",
    "CREATE INDEX formal_document_entry ON formal_document(entry_id)",
    "CREATE INDEX formal_document_number ON formal_document(number)",
)
_APPEND_ONLY = """CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END"""
_ACCEPTED_ONCE = """
CREATE TRIGGER delivery_accepted_once BEFORE INSERT ON delivery WHEN NEW.state = 'accepted' AND EXISTS (
  SELECT 1 FROM delivery l WHERE l.entry_seq = NEW.entry_seq AND l.connector = NEW.connector
    AND l.step = NEW.step - 1 AND l.state = 'accepted')
BEGIN SELECT RAISE(ABORT, 'it is accepted already; only what was taken back is accepted again'); END"""
_INSERT = f"INSERT INTO delivery VALUES ({','.join('?' * 14)})"  # noqa: S608 (placeholders only)
_INSERT_DOCUMENT = f"INSERT INTO formal_document VALUES ({','.join('?' * 10)})"  # noqa: S608 (placeholders only)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to one entry, or to the connector as a whole.

    Attributes:
        entry_seq: its sequence number, or None when it is about the connector.
        entry_id: its id, or None as above.
        step: number of this fact among the entry's own, from 1; 0 for the connector.
        outcome: the answer; None for "we are sending now", or for "the HIS answers again" of the connector.
        sent: exact bytes of the attempt, or None.
        sent_anew: whether ``sent`` differs from the attempt before and must be kept.
        wait_seconds: do not try again by itself before this has passed.
    """

    entry_seq: int | None
    entry_id: str | None
    step: int
    outcome: Outcome | None
    sent: bytes | None = None
    sent_anew: bool = True
    wait_seconds: int = 0

    @property
    def state(self) -> str:
        """The state this fact leaves the entry in."""
        if self.outcome is not None:
            return self.outcome.state
        return REACHED if self.entry_seq is None else SENDING


def create_schema(db: Database, schema: str = "main") -> None:
    """Create the tables in the attached ``schema``; the caller holds the write."""
    for statement in SCHEMA:
        for word in ("TABLE ", "UNIQUE INDEX ", "INDEX "):
            if statement.lstrip().startswith("CREATE " + word):
                db.execute(statement.replace("CREATE " + word, f"CREATE {word}{schema}.", 1))
                break


def genesis(first_entry_hash: bytes) -> bytes:
    """Return the hash before delivery 1; it binds the file to the book whose first entry has that hash."""
    return hashlib.sha256(b"downtime-deliveries-1\x00" + first_entry_hash).digest()


def fact_content(
    fact: Fact, *, connector: str, journal_seq: int, at: str, sent_hash: str | None
) -> dict[str, Any]:
    """Return what the chain seals of one fact."""
    return {
        "v": SCHEMA_VERSION,
        "connector": connector,
        "entry_seq": fact.entry_seq,
        "entry_id": fact.entry_id,
        "step": fact.step,
        "state": fact.state,
        "outcome": None if fact.outcome is None else outcome_content(fact.outcome),
        "journal_seq": journal_seq,
        "at": at,
        "wait_seconds": fact.wait_seconds,
        "sent_sha256": sent_hash,
    }


class Deliveries:
    """The one writer of a book's deliveries; a context manager that holds the file's lock.

    Nothing is attached to its connection: BEGIN IMMEDIATE would lock an attached journal as well and
    hold up the cashier.
    """

    def __init__(
        self,
        path: Path,
        key: bytes,
        *,
        heads: HeadLog,
        sign: Callable[[bytes], bytes],
        first_entry_hash: bytes,
    ) -> None:
        """Open or create the file and compare it with its head log.

        Raises:
            InUseError: another sync works on this book.
            WrongPlaceError: the file was made by a newer version.
            JournalAlarmError: the file and its head log do not agree.
        """
        self.path = path
        self._heads = heads
        self._sign = sign
        lock = path.with_suffix(".lock")
        os_calls.private_file(lock)
        self._lock = lock.open("rb+")
        if not os_calls.hold_file(self._lock.fileno(), 0):
            self._lock.close()
            raise InUseError(
                _("Another sync is delivering this book ({file}).").format(file=path.name),
                _("Let it finish; nothing needs to be started twice."),
            )
        try:
            os_calls.private_file(path)
            self._db = open_database(path, key, create=True)
            self._db.execute(f"PRAGMA wal_autocheckpoint={WAL_PAGES}")
            _migrate(self._db)
            self._n, self._head = self._compare_with_heads(genesis(first_entry_hash))
        except BaseException:
            self._lock.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let the next one in."""
        self._db.close()
        self._lock.close()

    @property
    def head(self) -> tuple[int, bytes]:
        """How many facts there are, and the chain hash after the last; what the journal anchors."""
        return self._n, self._head

    def append(self, connector: str, facts: Sequence[Fact], *, at: str, journal_seq: int) -> None:
        """Write ``facts`` in one commit, then the signed head; durable on return.

        Args:
            connector: name of the connector.
            facts: what happened, in order.
            at: RFC 3339.
            journal_seq: last sequence number of the journal just before.
        """
        if not facts:
            return
        n, head, first = self._n, self._head, self._n + 1
        rows, documents = [], []
        salts = os.urandom(SALT_BYTES * len(facts))
        for at_salt, fact in zip(range(0, len(salts), SALT_BYTES), facts, strict=True):
            n += 1
            sent_hash = None if fact.sent is None else hashlib.sha256(fact.sent).hexdigest()
            content = fact_content(
                fact, connector=connector, journal_seq=journal_seq, at=at, sent_hash=sent_hash
            )
            sealed, salt = seal(content), salts[at_salt : at_salt + SALT_BYTES]
            head = link(n, head, salt, sealed)
            sent = fact.sent if fact.sent_anew else None
            rows.append(
                (
                    n, first, connector, fact.entry_seq, fact.entry_id, fact.step, fact.state, journal_seq, at,
                    fact.wait_seconds, sent, sealed, salt, head,
                )
            )  # fmt: skip
            documents += _document_rows(n, fact)
        with writing(self._db) as db:
            db.conn.executemany(_INSERT, rows)
            db.conn.executemany(_INSERT_DOCUMENT, documents)
        self._heads.append(first, n, head, self._sign)
        self._n, self._head = n, head

    def _compare_with_heads(self, before_first: bytes) -> tuple[int, bytes]:
        """Return the last position and hash; complete the head log if a crash cut off its last record."""
        row = self._db.execute("SELECT n, hash, group_first FROM delivery ORDER BY n DESC LIMIT 1").fetchone()
        n, head, group_first = row or (0, before_first, 1)
        reading = self._heads.read()
        last = reading.records[-1] if reading.records else None
        logged, logged_head = (last.seq_to, last.head) if last else (0, before_first)
        if reading.damaged_at is None:
            if (logged, logged_head) == (n, head):
                return n, head
            if (
                logged == group_first - 1
                and n > logged
                and self._hash_at(logged, before_first) == logged_head
            ):
                self._heads.append(group_first, n, head, self._sign)
                return n, head
        raise JournalAlarmError(
            _("{file} and its head log do not agree after position {position}.").format(
                file=self.path.name, position=min(n, logged)
            ),
            _("Deliver nothing more from this book; call IT and run: downtime verify."),
            min(n, logged) + 1,
        )

    def _hash_at(self, n: int, before_first: bytes) -> bytes:
        row = self._db.execute("SELECT hash FROM delivery WHERE n=?", (n,)).fetchone()
        return bytes(row[0]) if row else before_first


def _document_rows(n: int, fact: Fact) -> list[tuple[Any, ...]]:
    if not isinstance(fact.outcome, Accepted):
        return []
    return [
        (
            n, place, fact.entry_id, document.kind, document.bill_code, document.number, document.check_code,
            document.issued_at, document.status, document.his_reference,
        )
        for place, document in enumerate(fact.outcome.formal)
    ]  # fmt: skip


def _migrate(db: Database) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise WrongPlaceError(
            _("These deliveries were written by a newer version of the app (schema {found}).").format(
                found=version
            ),
            _("Start the newer version; nothing has been changed."),
        )
    if version == SCHEMA_VERSION:
        return
    with writing(db):
        create_schema(db)
        for table in ("delivery", "formal_document"):
            for verb in ("UPDATE", "DELETE"):
                db.execute(_APPEND_ONLY.format(table=table, verb=verb))
        db.execute(_ACCEPTED_ONCE)
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
