"""A real CUPS on the loopback address: a job is followed to its end, and a stopped queue is known before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.printer_profile import PrinterSettings
from downtime.printers import MaybePrinted, NotPrinted, Printed
from downtime.printers.cups import CupsPrinter
from downtime.printers.pdf import pdf_of
from tests.downtime.printers.jobs import job
from tests.downtime.printers.print_system import PdfPrinter, PrintSystem, printing, running, why_not

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "runs")


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintSystem]:
    """Return a CUPS of our own."""
    with running(tmp_path_factory.mktemp("cups") / "cups") as started:
        yield started


def profile(system: PrintSystem, queue: str, **asked: Any) -> PrinterSettings:
    """Return a profile for a queue of ``system``."""
    settings = {
        "kind": "cups",
        "host": "127.0.0.1",
        "port": system.port,
        "queue": queue,
        "timeout_seconds": 10,
    }
    return PrinterSettings.model_validate(settings | asked)


def test_a_queue_takes_a_pdf_and_says_when_it_is_done(system: PrintSystem) -> None:
    """The PDF that arrives at the printer is the one that was made, and the job is known by its number."""
    with printing(PdfPrinter()) as far:
        system.queue("window1", far.port)
        asked = profile(system, "window1", paper="a5")
        printer = CupsPrinter(asked)
        assert printer.state().state == "ok"
        answer = printer.print_receipt(job())
    assert answer == Printed("window1 window1-1")
    assert far.taken == [pdf_of(job().receipt, asked)]


def test_a_stopped_queue_is_busy_and_gets_nothing(system: PrintSystem) -> None:
    """What a stopped queue would print hours later is not sent at all."""
    with printing(PdfPrinter()) as far:
        system.queue("stopped", far.port)
        system.run("cupsdisable", "stopped")
        printer = CupsPrinter(profile(system, "stopped"))
        assert printer.state().state == "busy"
        assert isinstance(printer.print_receipt(job()), NotPrinted)
        system.run("cupsenable", "stopped")
        system.run("cupsreject", "stopped")
        assert printer.state().state == "busy"
        assert isinstance(printer.print_receipt(job()), NotPrinted)
        system.run("cupsaccept", "stopped")
        assert isinstance(printer.print_receipt(job()), Printed)
    assert len(far.taken) == 1


def test_a_printer_that_hangs_is_maybe_printed(system: PrintSystem) -> None:
    """A job the queue is in the middle of when the time is up may be on paper; one behind it is taken back."""
    with printing(PdfPrinter(hangs=True)) as far:
        system.queue("hangs", far.port)
        printer = CupsPrinter(profile(system, "hangs", timeout_seconds=2))
        answer = printer.print_receipt(job())
    assert isinstance(answer, MaybePrinted)


def test_an_unknown_queue_and_a_system_that_is_down_are_unreachable(system: PrintSystem) -> None:
    """A misspelt queue, and no print system at all: certainly nothing came out."""
    for asked in (profile(system, "nobody"), profile(system, "window1", port=9)):
        printer = CupsPrinter(asked)
        assert printer.state().state == "unreachable"
        assert isinstance(printer.print_receipt(job()), NotPrinted)
