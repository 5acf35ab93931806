"""Half-filled forms, which recorded entries the operator has been told about, and which are in the printer.

A draft survives lock, crash and power cut. An entry that is in the journal but was never confirmed to
anybody is asked about at the next start: was it handed over?
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.errors import StopRecordingError
from downtime.i18n import _
from downtime.store.sqlite import DriverError, open_database, writing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS draft (
      id TEXT PRIMARY KEY, form TEXT NOT NULL, operator TEXT NOT NULL, content TEXT NOT NULL, saved_at TEXT NOT NULL
    ) STRICT""",
    "CREATE TABLE IF NOT EXISTS confirmed (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS in_printer (id TEXT PRIMARY KEY, copy INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A half-filled form.

    Attributes:
        id: the entry id it will be recorded under.
        content: whatever the screen needs to go on; plain JSON values.
    """

    id: str
    form: str
    operator: str
    content: dict[str, Any]
    saved_at: str


class Drafts:
    """drafts.db of one book."""

    def __init__(self, path: Path, key: bytes, *, any_thread: bool = True) -> None:
        """Open or make the file.

        Raises:
            WrongPlaceError: it does not open.
            StopRecordingError: the disk answered with an error.
        """
        self._db: Database = open_database(path, key, create=True, any_thread=any_thread)
        with self._disk_errors_named():
            for statement in _SCHEMA:
                self._db.execute(statement)

    @contextmanager
    def _disk_errors_named(self) -> Iterator[None]:
        try:
            yield
        except DriverError as error:
            raise StopRecordingError(
                _("The drafts cannot be kept: {reason}.").format(reason=error),
                _("What is recorded stands. Restart the app and call IT: the disk may be full or failing."),
            ) from error

    def save(self, draft: Draft) -> None:
        """Keep ``draft``, synced; an older version of it is replaced."""
        with self._disk_errors_named(), writing(self._db):
            self._db.execute(
                "INSERT INTO draft (id, form, operator, content, saved_at) VALUES (?,?,?,?,?) "
                "ON CONFLICT (id) DO UPDATE SET form=excluded.form, operator=excluded.operator, "
                "content=excluded.content, saved_at=excluded.saved_at",
                (
                    draft.id,
                    draft.form,
                    draft.operator,
                    json.dumps(draft.content, ensure_ascii=False),
                    draft.saved_at,
                ),
            )

    def all(self) -> list[Draft]:
        """Return the drafts, newest first."""
        rows = self._db.execute(
            "SELECT id, form, operator, content, saved_at FROM draft ORDER BY saved_at DESC"
        )
        return [Draft(row[0], row[1], row[2], json.loads(row[3]), row[4]) for row in rows]

    def drop(self, entry_id: str) -> None:
        """Forget a draft: it has been recorded, or the operator gave it up."""
        with self._disk_errors_named(), writing(self._db):
            self._db.execute("DELETE FROM draft WHERE id=?", (entry_id,))

    def confirm(self, entry_id: str) -> None:
        """Remember that somebody was told "recorded" for ``entry_id``.

        Not synced on purpose: losing it only makes the start screen ask once more.
        """
        self._db.execute("PRAGMA synchronous=NORMAL")
        try:
            with self._disk_errors_named(), writing(self._db):
                self._db.execute("INSERT OR IGNORE INTO confirmed (id) VALUES (?)", (entry_id,))
                self._db.execute("DELETE FROM draft WHERE id=?", (entry_id,))
        finally:
            self._db.execute("PRAGMA synchronous=FULL")

    def confirmed(self) -> set[str]:
        """Return the ids somebody was told about."""
        return {row[0] for row in self._db.execute("SELECT id FROM confirmed")}

    def begin_printing(self, entry_id: str, copy: int) -> None:
        """Remember, synced, that a copy is about to go to the printer; a power cut may come before its outcome."""
        with self._disk_errors_named(), writing(self._db):
            self._db.execute("INSERT OR REPLACE INTO in_printer (id, copy) VALUES (?,?)", (entry_id, copy))

    def end_printing(self, entry_id: str) -> None:
        """Forget it: what became of the copy stands in the journal."""
        with self._disk_errors_named(), writing(self._db):
            self._db.execute("DELETE FROM in_printer WHERE id=?", (entry_id,))

    def in_printer(self) -> dict[str, int]:
        """Return the copy that went to the printer, by entry id, where nothing says what became of it."""
        return dict(self._db.execute("SELECT id, copy FROM in_printer ORDER BY id").fetchall())

    def close(self) -> None:
        """Close the file."""
        self._db.close()
