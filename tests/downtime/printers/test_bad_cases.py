"""What goes wrong at a printer in the middle of a queue, through a real connection and a real desk."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from downtime.desk import Desk
from downtime.desk_queries import printouts
from downtime.printer_profile import PrinterSettings
from downtime.record import Recorded, new_entry_id
from tests.downtime.builders import charge
from tests.downtime.printers.matrix_paper import MatrixPrinter
from tests.downtime.printers.tcp_printer import TcpPrinter, listening

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.entry import Entry
    from downtime.home import Home
    from forms.station_book import Printed

RECEIPTS_A_MINUTE = 80


@pytest.fixture
def desk(practice_home: Home) -> Iterator[Desk]:
    """Return an open desk at a practice station."""
    opened = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))
    yield opened
    opened.close()


def _at(desk: Desk, printer: TcpPrinter, **profile: Any) -> None:
    """Put ``printer`` on the desk."""
    asked = {"kind": "escpos", "host": "127.0.0.1", "port": printer.port, "timeout_seconds": 1, **profile}
    settings = desk.home.settings.model_copy(update={"printer": PrinterSettings.model_validate(asked)})
    desk.home.__dict__["settings"] = settings  # what the home has read from its file


async def _stands(desk: Desk) -> Entry:
    recorded = await desk.recording(charge(), new_entry_id())
    assert isinstance(recorded, Recorded)
    return recorded.entry


def _copies(desk: Desk, entry: Entry) -> list[tuple[int, str]]:
    copies = sorted(printouts(desk, entry.id), key=lambda one: one.seq)
    return [(one.content["copy_number"], one.content["state"]) for one in copies]


async def _then_whole(desk: Desk, entry: Entry, reason: str) -> Printed:
    """Print the next copy on a printer that works."""
    with listening(TcpPrinter()) as far:
        _at(desk, far)
        return await desk.printing(entry, reason)


@pytest.mark.parametrize(
    "fault",
    [
        {"closes_after": 2_000},
        {"stalls_after": 2_000},
        {"paper_ends_while_printing": True},
        {"silent_at_end": True},
    ],
    ids=["it dies", "it stalls", "its paper ends", "it says nothing at the end"],
)
async def test_the_printer_dies_in_mid_receipt(desk: Desk, fault: dict[str, Any]) -> None:
    """The receipt stands and is perhaps printed: it waits until somebody looked; the next is copy 2, with a reason."""
    with listening(TcpPrinter(**fault)) as far:
        _at(desk, far)
        entry = await _stands(desk)
        outcome = await desk.printing(entry)
    assert (outcome.state, outcome.copy_number) == ("maybe_printed", 1)
    assert [waiting.id for waiting in desk.not_printed()] == [entry.id]
    again = await _then_whole(desk, entry, "只出来一半")
    assert (again.state, again.copy_number, again.reason) == ("printed", 2, "只出来一半")
    assert _copies(desk, entry) == [(1, "maybe_printed"), (2, "printed")]
    assert desk.not_printed() == []


async def test_somebody_looked_and_it_came_out_whole(desk: Desk) -> None:
    """Nothing is printed again, and the book says that a person said so."""
    with listening(TcpPrinter(silent_at_end=True)) as far:
        _at(desk, far)
        entry = await _stands(desk)
        assert (await desk.printing(entry)).state == "maybe_printed"
    await desk.paper.seeing(entry, 1)
    assert _copies(desk, entry) == [(1, "maybe_printed"), (1, "printed")]
    assert desk.not_printed() == []


@pytest.mark.parametrize("fault", [{"paper": False}, {"offline_because": 0x04}], ids=["no paper", "cover"])
async def test_the_roll_is_empty_when_the_next_patient_comes(desk: Desk, fault: dict[str, Any]) -> None:
    """Nothing is sent, so nothing half comes out when paper is put in; the receipt waits on the list."""
    with listening(TcpPrinter(**fault)) as far:
        _at(desk, far)
        entry = await _stands(desk)
        assert (await desk.printing(entry)).state == "not_printed"
        assert far.taken == b""
    assert [waiting.id for waiting in desk.not_printed()] == [entry.id]
    assert (await _then_whole(desk, entry, "")).state == "printed"


async def test_a_minute_of_customers_behind_a_slow_printer(desk: Desk) -> None:
    """While a printer takes nothing, 80 receipts are recorded and the screen goes on; then all come out in order."""
    beats = 0

    async def screen() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0)
            beats += 1

    with listening(TcpPrinter(answers=False, gate=threading.Event())) as far:
        _at(desk, far, kind="escp", timeout_seconds=60)
        assert far.gate is not None
        alive = asyncio.create_task(screen())
        entries = []
        copies = []
        for _n in range(RECEIPTS_A_MINUTE):
            before = beats
            entries.append(await _stands(desk))
            copies.append(asyncio.create_task(desk.printing(entries[-1])))
            assert beats > before, "the screen had its turn while this was recorded"
        assert far.jobs == 0
        far.gate.set()
        assert [(await copy).state for copy in copies] == ["printed"] * RECEIPTS_A_MINUTE
        alive.cancel()
    said = "\n".join(MatrixPrinter().take(bytes(far.taken)).text())
    places = [said.index(entry.number or "-") for entry in entries]
    assert places == sorted(places)
    assert desk.not_printed() == []
