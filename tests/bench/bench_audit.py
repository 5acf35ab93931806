"""How long the auditor waits in a book of 100,000 audit lines: a page, a count, a word that stands nowhere."""

from __future__ import annotations

import json
import secrets
import statistics
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from downtime.store import audit_queries, journal
from downtime.store.audit_queries import AuditFilter
from downtime.store.sqlite import writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.store.sqlite import Database

LINES = 100_000
RUNS = 9
ASKED = {
    "no filter": AuditFilter(),
    "one event": AuditFilter(events=("login",)),
    "what failed": AuditFilter(success=False),
    "one person, one day": AuditFilter(operator="1003", since="2026-11-05", until="2026-11-05U"),
    "a word that stands nowhere": AuditFilter(text="nowhere"),
}


def run() -> dict[str, float | str]:
    """Return milliseconds of counting and reading the first page, and of the last page, cold and warm."""
    key = secrets.token_bytes(32)
    with TemporaryDirectory() as place:
        path = Path(place) / "journal.db"
        _fill(path, key)
        figures: dict[str, float | str] = {"journal, MB": round(path.stat().st_size / 1e6)}
        for name, wanted in ASKED.items():
            db = audit_queries.open_audit(path, key)
            ask = partial(_first_page, db, wanted)
            cold, warm = _milliseconds(ask), [_milliseconds(ask) for _run in range(RUNS)]
            figures[f"{name}: first time / again, ms (goal 100)"] = (
                f"{cold:.0f} / {statistics.median(warm):.0f}"
            )
            db.close()
        db = audit_queries.open_audit(path, key)
        last = _milliseconds(lambda: audit_queries.page(db, AuditFilter(), offset=LINES - 50))
        figures["last page of all, ms"] = round(last, 1)
        db.close()
    return figures


def _first_page(db: Database, wanted: AuditFilter) -> None:
    audit_queries.count(db, wanted)
    audit_queries.page(db, wanted)


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def _fill(path: Path, key: bytes) -> None:
    """Write as many receipts as audit lines, the way they are stored; nothing here is verified."""
    db = journal.open_journal(path, key, create=True)
    with writing(db):
        for seq in range(1, 2 * LINES + 1):
            journal.append(db, _row(seq, is_audit=seq % 2 == 0))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _row(seq: int, *, is_audit: bool) -> journal.JournalRow:
    operator, day = f"100{seq // 2 % 4}", 1 + seq * 28 // (2 * LINES + 1)
    recorded_at = f"2026-11-{day:02d}T08:20:00.000+08:00"
    form = "audit" if is_audit else "charge"
    content = (
        {
            "event": "login" if seq % 500 == 0 else "entry_recorded",
            "success": seq % 1000 != 0,
            "subject": secrets.token_hex(16),
            "detail": "charge",
        }
        if is_audit
        else {"lines": "x" * 400}
    )
    envelope: dict[str, Any] = {
        **dict.fromkeys(("hospital", "station", "incarnation", "outage", "role", "operator_name"), "x"),
        **dict.fromkeys(("number", "second_person", "reference_version")),
        "book": 1,
        "drill": False,
        "qr": [],
        "refers_to": [],
        "previous_hash": "00",
        "operator": operator,
        "happened_at": recorded_at,
        "recorded_at": recorded_at,
        "padding": "y" * 300,
    }
    body = {"v": 1, "form": form, "form_v": 1, "id": str(seq), "content": content}
    return journal.JournalRow(
        seq=seq,
        group_first=seq,
        id=str(seq),
        form=form,
        deliverable=not is_audit,
        body_hash=b"",
        salt=b"",
        sealed=json.dumps({"body": body, "envelope": envelope}).encode(),
        hash=seq.to_bytes(8, "big"),
        number=None,
        counter=None,
        patient=None,
        encounter=None,
        operator=operator,
        recorded_at=recorded_at,
        amount_minor=None,
        refers_to=(),
        postings=(),
    )
