"""What the self-inspection asks a journal: which kinds of events stand in it, the last paper, the versions in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlcipher3 import dbapi2

from downtime.store.journal_schema import AUDIT_EVENT, AUDIT_SUCCESS

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

_EVENTS: Final = (
    f"SELECT {AUDIT_EVENT}, {AUDIT_SUCCESS}, count(*), max(seq), max(recorded_at) FROM entry "  # noqa: S608 (constant)
    "WHERE deliverable = 0 GROUP BY 1, 2 ORDER BY 1, 2"
)
_LAST_PRINTED: Final = """
SELECT seq FROM entry WHERE form = 'printed'
  AND json_extract(CAST(sealed AS TEXT), '$.body.content.state') = 'printed' ORDER BY seq DESC LIMIT 1
"""
_FAILED_AFTER: Final = """
SELECT count(*) FROM entry WHERE form = 'printed' AND seq > ?
  AND json_extract(CAST(sealed AS TEXT), '$.body.content.state') <> 'printed'
"""
_CIPHER: Final = "PRAGMA cipher_version"
_PLAIN_HEADER: Final = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class EventCount:
    """How often one event stands in a book, and when it last happened.

    Attributes:
        last_seq: the newest of them; ``last_at`` its time.
    """

    event: str
    success: bool
    count: int
    last_seq: int
    last_at: str


def event_counts(db: Database) -> list[EventCount]:
    """Return every kind of event the station itself wrote into the book."""
    return [EventCount(row[0], bool(row[1]), row[2], row[3], row[4]) for row in db.execute(_EVENTS)]


def last_printed(db: Database) -> tuple[int, int] | None:
    """Return (seq of the last paper that came out, papers that did not since then), or None."""
    row = db.execute(_LAST_PRINTED).fetchone()
    if row is None:
        return None
    return row[0], int(db.execute(_FAILED_AFTER, (row[0],)).fetchone()[0])


def versions(db: Database) -> tuple[str, str]:
    """Return the versions of SQLite and SQLCipher in use."""
    row = db.execute(_CIPHER).fetchone()
    return str(dbapi2.sqlite_version), str(row[0]) if row else ""


def is_encrypted(path: Path) -> bool:
    """Return whether a database file does not begin as an unencrypted one does; an empty file is none."""
    with path.open("rb") as stored:
        header = stored.read(len(_PLAIN_HEADER))
    return bool(header) and header != _PLAIN_HEADER
