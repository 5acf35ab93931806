"""Promises of the gate log."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from downtime.clock import ManualClock
from downtime.gate import LINES_MAX, GateLog
from downtime.store import journal

if TYPE_CHECKING:
    from downtime.book import OpenBook


def _gate(book: OpenBook) -> GateLog:
    return GateLog(book.home, ManualClock())


def test_failed_logins_end_up_in_the_sealed_chain(open_book: OpenBook) -> None:
    """What happened before any key was open becomes audit entries at the next login, each once."""
    gate = _gate(open_book)
    gate.note("login", "1001", success=False)
    gate.note("login", "1001", success=True)

    assert gate.drain(open_book) == 2
    assert gate.drain(open_book) == 0

    found = [
        entry.content
        for entry in journal.entries(open_book.db, forms=("audit",))
        if entry.content["subject"] == "1001"
    ]
    assert [(content["event"], content["success"]) for content in found] == [
        ("gate_login", False),
        ("gate_login", True),
    ]
    assert all(json.loads(content["detail"])["genuine"] for content in found)


def test_draining_twice_after_a_crash_records_nothing_twice(open_book: OpenBook) -> None:
    """A crash between the entries and the removal of the file repeats no line."""
    gate = _gate(open_book)
    gate.note("login", "1001", success=False)
    kept = open_book.home.gate_log.read_bytes()
    gate.drain(open_book)
    open_book.home.gate_log.write_bytes(kept)

    gate.drain(open_book)

    found = [
        entry
        for entry in journal.entries(open_book.db, forms=("audit",))
        if entry.content["event"] == "gate_login"
    ]
    assert len(found) == 1


def test_a_changed_line_is_marked_not_hidden(open_book: OpenBook) -> None:
    """Whoever edits the file shows up in the audit."""
    gate = _gate(open_book)
    gate.note("login", "1001", success=False)
    path = open_book.home.gate_log
    path.write_text(path.read_text("utf-8").replace("1001", "1002") + "rubbish\n", "utf-8")

    assert [line.genuine for line in gate.lines()] == [False, False]


def test_a_stuck_key_does_not_fill_the_disk(open_book: OpenBook) -> None:
    """After the limit nothing more is written."""
    gate = _gate(open_book)
    line = '{"event": "login", "operator": "1", "at": "", "success": false, "mac": "00"}\n'
    open_book.home.gate_log.write_text(line * LINES_MAX, "utf-8")

    gate.note("login", "1001", success=False)

    assert len(gate.lines()) == LINES_MAX
