"""Printing goes on behind: whatever the printer does, the entry stands and the next one is not held up."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from downtime.desk import Desk
from downtime.printers import MaybePrinted, Printed
from downtime.record import Recorded, new_entry_id
from tests.downtime.builders import charge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.printers import PrintJob, PrintOutcome


@pytest.fixture
def desk(practice_home: Home) -> Iterator[Desk]:
    """Return an open desk at a practice station."""
    opened = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))
    yield opened
    opened.close()


class _Stalled:
    """A printer that says nothing until it is let go."""

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()
        self.copies: list[int] = []

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        self.begun.set()
        assert self.let_go.wait(30)
        self.copies.append(job.receipt.copy)
        return Printed("stalled")


class _Broken:
    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        raise ZeroDivisionError(job.entry_id)


def _use(monkeypatch: pytest.MonkeyPatch, printer: Any) -> None:
    monkeypatch.setattr("downtime.paper.printer_of", lambda _profile, _folder: printer)


async def _stands(desk: Desk) -> Entry:
    recorded = await desk.recording(charge(), new_entry_id())
    assert isinstance(recorded, Recorded)
    return recorded.entry


async def test_a_stalled_printer_holds_nobody_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a receipt hangs in the printer, five more charges are recorded; its copies keep their order."""
    printer = _Stalled()
    _use(monkeypatch, printer)
    first = await _stands(desk)
    copies = [asyncio.create_task(desk.printing(first)), asyncio.create_task(desk.printing(first, "again"))]
    await asyncio.to_thread(printer.begun.wait, 30)
    more = [await _stands(desk) for _n in range(5)]
    assert not any(copy.done() for copy in copies)
    assert {entry.id for entry in more} <= {entry.id for entry in desk.not_printed()}
    printer.let_go.set()
    assert [(await copy).copy_number for copy in copies] == [1, 2]
    assert printer.copies == [1, 2]


async def test_a_printer_that_raises_is_maybe_printed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another package's printer may be faulty: the entry stands, and somebody is told to look."""
    _use(monkeypatch, _Broken())
    entry = await _stands(desk)
    outcome = await desk.printing(entry)
    assert (outcome.state, outcome.reason) == ("maybe_printed", "ZeroDivisionError")
    assert [waiting.id for waiting in desk.not_printed()] == [entry.id]


async def test_maybe_printed_waits_until_somebody_looked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job cut off stays on the list; "it came out whole" is recorded as said by a person."""

    class _CutOff:
        def print_receipt(self, _job: PrintJob) -> PrintOutcome:
            return MaybePrinted("cut off")

    _use(monkeypatch, _CutOff())
    entry = await _stands(desk)
    assert (await desk.printing(entry)).state == "maybe_printed"
    assert [waiting.id for waiting in desk.not_printed()] == [entry.id]
    await desk.paper.seeing(entry, 1)
    assert desk.not_printed() == []
