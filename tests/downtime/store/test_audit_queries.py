"""The audit is filtered and paged by the database, with an index of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.record import record_event
from downtime.store import audit_queries
from downtime.store.audit_queries import AuditFilter, end_of
from forms.station_book import Audit
from tests.downtime.builders import charge, stand

if TYPE_CHECKING:
    from downtime.book import OpenBook


def _noted(book: OpenBook, event: str, subject: str = "", *, success: bool = True, detail: str = "") -> None:
    record_event(book, Audit(event=event, subject=subject, success=success, detail=detail))


def _subjects(book: OpenBook, **wanted: object) -> list[str]:
    found = AuditFilter(**wanted)  # type: ignore[arg-type]  # named as there
    lines = audit_queries.page(book.db, found)
    assert audit_queries.count(book.db, found) == len(lines)
    return [str(line.content.get("subject", line.form)) for line in lines]


def test_newest_first_and_page_by_page(open_book: OpenBook) -> None:
    """Pages follow each other without a gap; receipts are no audit lines."""
    stand(open_book, charge())
    for n in range(7):
        _noted(open_book, "login", str(n))
    wanted = AuditFilter(events=("login",))
    assert _subjects(open_book, events=("login",)) == ["6", "5", "4", "3", "2", "1", "0"]
    parts = [audit_queries.page(open_book.db, wanted, offset=at, limit=3) for at in (0, 3, 6)]
    assert [line.content["subject"] for part in parts for line in part] == ["6", "5", "4", "3", "2", "1", "0"]
    assert all(line.form != "charge" for line in audit_queries.every(open_book.db, AuditFilter()))


def test_each_filter_narrows(open_book: OpenBook) -> None:
    """By event, success, day and text; a failed login belongs to whoever tried."""
    _noted(open_book, "login", "a")
    _noted(open_book, "right_refused", "export", success=False)
    _noted(open_book, "gate_login", "1003", success=False, detail='{"at": "2026-01-01T00:00:00+08:00"}')
    _noted(open_book, "patient_opened", "P1", detail="Some Words")
    assert _subjects(open_book, success=False) == ["1003", "export"]
    assert _subjects(open_book, operator="1003") == ["1003"]
    assert "1003" not in _subjects(open_book, operator="1001")
    assert _subjects(open_book, text="some w") == ["P1"]
    assert _subjects(open_book, text="SOME", success=True) == ["P1"]
    today = open_book.clock.now().wall[:10]
    assert _subjects(open_book, since=today, until=end_of(today), events=("login",)) == ["a"]
    assert _subjects(open_book, until=today, events=("login",)) == []
    assert _subjects(open_book, text="%") == []


def test_the_index_answers(open_book: OpenBook) -> None:
    """No entry is read to be passed over; a journal without the index answers the same, slower."""
    _noted(open_book, "login", "a")
    plan = " ".join(
        str(row[3])
        for row in open_book.db.execute(
            f"EXPLAIN QUERY PLAN {audit_queries._COUNTS[1]}",  # the statement itself
            AuditFilter(text="a").values(),
        )
    )
    assert "entry_audit" in plan
    indexed = _subjects(open_book, success=True)
    open_book.db.execute("DROP INDEX entry_audit")
    assert _subjects(open_book, success=True) == indexed


def test_span_and_newest(open_book: OpenBook) -> None:
    """How far back it goes, and the newest line of an event after a given one."""
    _noted(open_book, "clock_jumped", "1")
    _noted(open_book, "clock_acknowledged", "2")
    ends = audit_queries.span(open_book.db)
    assert ends is not None
    assert ends[0].seq == 1
    newest = audit_queries.newest(open_book.db, ("clock_jumped", "clock_acknowledged"))
    assert newest is not None
    assert newest.content["event"] == "clock_acknowledged"
    assert audit_queries.newest(open_book.db, ("clock_jumped",), after=newest.seq) is None
    assert {"opening", "clock_jumped"} <= set(audit_queries.events(open_book.db))
