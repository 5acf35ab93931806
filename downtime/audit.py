"""The audit as people read it: a line per entry the station wrote itself, and its export as a table."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.audit_words import event_words
from downtime.clean import spreadsheet
from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.i18n import _
from downtime.masking import mask_numbers
from downtime.store import audit_queries
from downtime.whole_file import write_whole
from forms.trust import Exported

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.store.audit_queries import AuditFilter
    from downtime.store.sqlite import Database

EXPORT_FOLDER = "exports"
PROMISED_DAYS = 183
"""Audit lines are kept at least this long."""

COLUMNS = (
    "seq", "recorded_at", "happened_at", "event", "event_words", "operator", "operator_name", "role", "success",
    "subject", "detail", "station", "incarnation", "book", "hash",
)  # fmt: skip
_HASH_CHARACTERS = 64
_SUBJECTS = ("number", "operator", "outage", "file", "what", "rule")


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line: when, who, what, on what, and whether it succeeded.

    Attributes:
        at: when it happened: before a login that is earlier than it could be recorded.
        by: who did it, or tried to; ``by_name`` as far as it is known.
        event: of the audit, or the name of the station form.
        subject: what it was about, in short; ``detail`` is the rest of it.
    """

    entry: Entry
    at: str
    by: str
    by_name: str
    event: str
    success: bool
    subject: str
    detail: str

    @property
    def words(self) -> str:
        """What the event is called."""
        return event_words(self.event)


def audit_line(entry: Entry) -> AuditLine:
    """Return the line an entry of the station is."""
    content = entry.content
    if entry.form == "audit":
        at, by, name = _before_login(content) or (entry.recorded_at, entry.operator, entry.operator_name)
        return AuditLine(
            entry,
            at,
            by,
            name,
            str(content["event"]),
            bool(content["success"]),
            mask_numbers(str(content["subject"])),
            mask_numbers(str(content["detail"])),
        )
    named = next((name for name in _SUBJECTS if content.get(name)), "")
    told = [f"{name} {text}" for name, text in _plain(content) if name != named and not name.endswith("_id")]
    return AuditLine(
        entry,
        entry.recorded_at,
        entry.operator,
        entry.operator_name,
        entry.form,
        content.get("state") != "not_printed",
        str(content.get(named, "")),
        mask_numbers("; ".join(told)),
    )


def _before_login(content: dict[str, Any]) -> tuple[str, str, str] | None:
    """Return (when, who, "") of what happened before anybody was logged in; somebody else's login recorded it."""
    if not str(content["event"]).startswith("gate_"):
        return None
    try:
        at = str(json.loads(content["detail"])["at"])
        datetime.fromisoformat(at)
    except (ValueError, KeyError, TypeError):
        return None
    return at, str(content["subject"]), ""


def _plain(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        if isinstance(value, bool | int) or (
            isinstance(value, str) and value and len(value) < _HASH_CHARACTERS
        ):
            yield name, str(value)
        elif isinstance(value, dict) and "operator" in value:
            yield name, str(value["operator"])


def day_of(typed: str) -> str:
    """Return a day as it was typed, "2026-11-22" or "20261122", as an ISO date; "" for none.

    Raises:
        RefusedInputError: there is no such day.
    """
    text = typed.strip()
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise RefusedInputError(
            _("There is no day {text}.").format(text=text), _("Write it as 2026-01-05.")
        ) from None


def span_days(oldest: Entry, newest: Entry) -> int:
    """Return how many days lie between two lines."""
    first, last = (datetime.fromisoformat(entry.recorded_at) for entry in (oldest, newest))
    return max((last - first).days, 0)


def as_csv(lines: Iterable[AuditLine]) -> bytes:
    """Return lines as CSV: UTF-8 with a byte order mark, nothing in it that a spreadsheet would calculate."""
    stored = io.StringIO()
    table = csv.writer(stored, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for line in lines:
        entry = line.entry
        cells = (
            entry.seq, entry.recorded_at, line.at, line.event, line.words, line.by, line.by_name, entry.role,
            "yes" if line.success else "no", line.subject, line.detail, entry.station, entry.incarnation, entry.book,
            entry.hash.hex(),
        )  # fmt: skip
        table.writerow([spreadsheet(str(cell)) for cell in cells])
    return b"\xef\xbb\xbf" + stored.getvalue().encode("utf-8", errors="backslashreplace")


def export_audit(db: Database, wanted: AuditFilter, book: int, target: Path, reason: str = "") -> Exported:
    """Write exactly the lines asked for to ``target``, complete or not at all; its owner alone can read it.

    Args:
        db: the journal, opened by ``audit_queries.open_audit``.
        wanted: the filter.
        book: number of the book.
        target: file to write; an older one is replaced.
        reason: said in the entry about the export, for instance what was filtered.

    Returns:
        The form that the caller records about it.

    Raises:
        WrongPlaceError: ``target`` cannot be written.
    """
    last = audit_queries.last_entry(db)
    assert last is not None, "a book begins with its opening"
    lines = [audit_line(entry) for entry in audit_queries.every(db, wanted)]
    content = as_csv(lines)
    try:
        write_whole(target, content)
    except OSError as error:
        raise WrongPlaceError(
            _("The export {file} could not be written: {reason}.").format(file=target.name, reason=error),
            _("Nothing was exported. Choose another place with enough room, then export again."),
        ) from error
    return Exported(
        what="audit",
        book=book,
        entries=len(lines),
        head=last.hash.hex(),
        file=target.name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        reason=reason[:2000],
    )


def export_path(home: Home, book: int, now: str) -> Path:
    """Return where the station puts an export of the audit, in a folder of its own that nobody else can read."""
    folder = home.path / EXPORT_FOLDER
    os_calls.private_dir(folder)
    stamp = now[:19].replace(":", "").replace("-", "").replace("T", "-")
    return folder / f"audit-{home.settings.station.code}-{book:04d}-{stamp}.csv"


def filter_words(wanted: AuditFilter) -> str:
    """Return a filter in one line, for the entry about an export."""
    told = {
        "events": ",".join(wanted.events or ()) if wanted.events is not None else "",
        "by": wanted.operator,
        "success": "" if wanted.success is None else str(wanted.success).lower(),
        "from": wanted.since,
        "to": wanted.until.removesuffix("U"),
        "text": wanted.text,
    }
    return " ".join(f"{name}={text}" for name, text in told.items() if text)
