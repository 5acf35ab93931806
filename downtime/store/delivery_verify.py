"""Whether a book's deliveries are what was written: chain, columns, sent bytes, documents, head log."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from downtime.store.chain import link
from downtime.store.deliveries import genesis
from downtime.store.delivery_queries import first_entry_hash
from downtime.store.sqlite import DatabaseError
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

    from downtime.store.headlog import HeadLog, HeadLogReading, HeadRecord

_ROWS = """
SELECT n, group_first, connector, entry_seq, entry_id, step, state, journal_seq, at, wait_seconds,
       sent, sealed, salt, hash
FROM deliveries.delivery ORDER BY n
"""
_DOCUMENTS = """
SELECT kind, bill_code, number, check_code, issued_at, status, his_reference
FROM deliveries.formal_document WHERE n = ? ORDER BY place
"""
_COLUMNS = ("connector", "entry_seq", "entry_id", "step", "state", "journal_seq", "at", "wait_seconds")


@dataclass(frozen=True, slots=True)
class BadDelivery:
    """The first position that cannot be trusted, and what is wrong there (msgid; no person's name in it)."""

    n: int
    what: str


def verify_deliveries(
    db: Database, heads: HeadLog, *, signature_is_good: Callable[[HeadRecord], bool]
) -> BadDelivery | None:
    """Return the first bad position of the deliveries, or None if all is as it was written.

    Args:
        db: made by :func:`downtime.store.delivery_queries.look`.
        heads: the head log ``deliveries.head``.
        signature_is_good: checks a head record with the station's public key.
    """
    reading = heads.read()
    rows = _Rows(n=0, group_first=1, documents=0)
    try:
        found = _bad_row(db, rows, reading, signature_is_good)
        documents = db.execute("SELECT count(*) FROM deliveries.formal_document").fetchone()[0]
    except (DatabaseError, ValueError, KeyError, TypeError):
        return BadDelivery(rows.n + 1, N_("the file cannot be read from here on."))
    if found is None and documents != rows.documents:
        found = BadDelivery(rows.n + 1, N_("there are formal documents that no answer brought."))
    return found or _bad_heads(reading, rows)


@dataclass(slots=True)
class _Rows:
    """How far the rows were read: position, first of its commit group, formal documents so far."""

    n: int
    group_first: int
    documents: int


def _bad_row(
    db: Database, rows: _Rows, reading: HeadLogReading, signature_is_good: Callable[[HeadRecord], bool]
) -> BadDelivery | None:
    logged = {record.seq_to: record for record in reading.records}
    previous = genesis(first_entry_hash(db) or b"")
    sent_hashes: dict[tuple[str, int], str] = {}
    for row in db.execute(_ROWS):
        rows.n += 1
        wrong = _wrong_in_row(db, rows.n, row, previous, sent_hashes)
        if wrong:
            return BadDelivery(rows.n, wrong)
        previous, rows.group_first = row[13], row[1]
        rows.documents += _documents_in(row[11])
        record = logged.get(rows.n)
        if record and (record.head != previous or record.seq_from != rows.group_first):
            return BadDelivery(rows.n, N_("the head log remembers another head."))
        if record and not signature_is_good(record):
            return BadDelivery(rows.n, N_("the signature of the head is not ours."))
    return None


def _bad_heads(reading: HeadLogReading, rows: _Rows) -> BadDelivery | None:
    last = reading.records[-1].seq_to if reading.records else 0
    if last > rows.n:
        return BadDelivery(rows.n + 1, N_("the head log goes further than the file."))
    for earlier, later in pairwise(reading.records):
        if later.seq_from != earlier.seq_to + 1:
            return BadDelivery(earlier.seq_to + 1, N_("a record is missing from the head log."))
    if reading.damaged_at is not None:
        return BadDelivery(last + 1, N_("the head log is damaged."))
    if last not in (rows.n, rows.group_first - 1):
        return BadDelivery(last + 1, N_("the file goes further than the head log."))
    return None


def _wrong_in_row(
    db: Database, n: int, row: tuple[Any, ...], previous: bytes, sent_hashes: dict[tuple[str, int], str]
) -> str | None:
    sent, sealed, salt, chain_hash = row[10:14]
    if row[0] != n:
        return N_("a row is missing.")
    if link(n, previous, salt, sealed) != chain_hash:
        return N_("the chain is broken.")
    content = json.loads(sealed)
    if tuple(content[name] for name in _COLUMNS) != tuple(row[2:10]):
        return N_("a column differs from what was sealed.")
    key = (content["connector"], content["entry_seq"])
    if sent is not None:
        sent_hashes[key] = hashlib.sha256(sent).hexdigest()
    if content["sent_sha256"] is not None and sent_hashes.get(key) != content["sent_sha256"]:
        return N_("the bytes sent differ from what was sealed.")
    return None if _documents_agree(db, n, content) else N_("a formal document differs from what was sealed.")


def _documents_agree(db: Database, n: int, content: dict[str, Any]) -> bool:
    if content["state"] != "accepted":
        return True
    names = ("kind", "bill_code", "number", "check_code", "issued_at", "status", "his_reference")
    sealed = [tuple(document[name] for name in names) for document in content["outcome"]["formal"]]
    return sealed == [tuple(row) for row in db.execute(_DOCUMENTS, (n,))]


def _documents_in(sealed: bytes) -> int:
    return len((json.loads(sealed)["outcome"] or {}).get("formal", ()))
