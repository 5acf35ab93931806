"""A printer may stall, run out of paper or vanish: each time it is known what may have come out."""

from __future__ import annotations

import os
import socket
import sys
import threading
import tty
from typing import TYPE_CHECKING, Any

import pytest

from downtime.printer_profile import PrinterSettings
from downtime.printers import MaybePrinted, NotPrinted, Printed, printer_of
from downtime.printers.escpos import EscposPrinter
from tests.downtime.printers.jobs import job
from tests.downtime.printers.tcp_printer import TcpPrinter, listening

if TYPE_CHECKING:
    from pathlib import Path


def thermal(printer: TcpPrinter, **profile: Any) -> EscposPrinter:
    """Return our side of a listening printer."""
    settings = {"kind": "escpos", "host": "127.0.0.1", "port": printer.port, "timeout_seconds": 1}
    return EscposPrinter(PrinterSettings.model_validate(settings | profile))


def test_a_printer_that_says_it_printed_has_printed() -> None:
    """The answer that comes after everything else is taken as paper."""
    with listening(TcpPrinter()) as far:
        near = thermal(far)
        assert near.state().state == "ok"
        assert near.print_receipt(job()) == Printed(f"127.0.0.1:{far.port}")
    assert far.taken.startswith(b"\x1b@\x1dv0\x00")
    assert far.taken.endswith(b"\x1dVB\x00")


def test_a_printer_that_answers_nothing_is_believed_once_it_took_everything() -> None:
    """A cheap printer answers no question: its state is unknown, and a whole job counts as printed."""
    with listening(TcpPrinter(answers=False)) as far:
        near = thermal(far)
        assert near.state().state == "unknown"
        assert isinstance(near.print_receipt(job()), Printed)


def test_no_paper_is_known_before_anything_is_sent() -> None:
    """A printer without paper gets nothing, so that nothing half comes out when paper is put in."""
    with listening(TcpPrinter(paper=False)) as far:
        near = thermal(far)
        assert near.state().state == "no_paper"
        assert isinstance(near.print_receipt(job()), NotPrinted)
    assert far.taken == b""


@pytest.mark.parametrize("because", [0x04, 0x40, 0x08])
def test_an_open_cover_or_a_fault_is_busy(because: int) -> None:
    """A printer that stands still says why, and gets nothing."""
    with listening(TcpPrinter(offline_because=because)) as far:
        assert thermal(far).state().state == "busy"
        assert isinstance(thermal(far).print_receipt(job()), NotPrinted)
    assert far.taken == b""


def test_a_job_cut_off_in_the_middle_is_maybe_printed() -> None:
    """The printer closed after a part of the job: some paper may be out."""
    with listening(TcpPrinter(closes_after=2_000)) as far:
        answer = thermal(far).print_receipt(job(lines=200))
    assert isinstance(answer, MaybePrinted)


def test_a_printer_that_stalls_is_maybe_printed_and_nobody_waits_on() -> None:
    """It took a part and no more: after the profile's time the answer is there."""
    with listening(TcpPrinter(stalls_after=1_000)) as far:
        answer = thermal(far).print_receipt(job(lines=2_000))
    assert isinstance(answer, MaybePrinted)


def test_everything_taken_and_no_word_is_maybe_printed() -> None:
    """A printer that answers otherwise, and not after the job, may have stopped in the middle."""
    with listening(TcpPrinter(silent_at_end=True)) as far:
        assert isinstance(thermal(far).print_receipt(job()), MaybePrinted)


@pytest.mark.parametrize(("silent", "outcome"), [(False, Printed), (True, MaybePrinted)])
def test_a_late_answer_is_not_taken_for_another(*, silent: bool, outcome: type) -> None:
    """A slow printer's answer about its paper arrives after the job: it does not count as "printed"."""
    with listening(TcpPrinter(late=True, silent_at_end=silent)) as far:
        assert isinstance(thermal(far).print_receipt(job()), outcome)


def test_paper_that_ends_while_printing_is_maybe_printed() -> None:
    """The end of the roll came out with the receipt on it, or without."""
    with listening(TcpPrinter(paper_ends_while_printing=True)) as far:
        answer = thermal(far).print_receipt(job())
    assert isinstance(answer, MaybePrinted)


def test_nobody_there_is_not_printed() -> None:
    """A port nobody listens on: certainly nothing came out."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    near = thermal(TcpPrinter(port=port))
    assert near.state().state == "unreachable"
    assert isinstance(near.print_receipt(job()), NotPrinted)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_device_file_is_written_to() -> None:
    """A printer on a device file gets the same bytes as one on the network."""
    master, slave = os.openpty()
    tty.setraw(slave)
    taken = bytearray()

    def printer() -> None:
        while not taken.endswith(b"\x1dr\x01"):
            got = os.read(master, 4096)
            if got.startswith(b"\x10\x04"):
                os.write(master, b"\x12")
            else:
                taken.extend(got)
        os.write(master, b"\x00")

    thread = threading.Thread(target=printer, daemon=True)
    thread.start()
    near = EscposPrinter(PrinterSettings(kind="escpos", device=os.ttyname(slave), timeout_seconds=5))
    assert isinstance(near.print_receipt(job()), Printed)
    thread.join(5)
    os.close(master)
    os.close(slave)
    assert taken.startswith(b"\x1b@")
    assert taken.endswith(b"\x1dVB\x00\x1dr\x01")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_device_that_takes_no_more_is_maybe_printed(tmp_path: Path) -> None:
    """A device whose other end stopped reading: what is in it may come out later."""
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    near = EscposPrinter(PrinterSettings(kind="escpos", device=str(pipe), timeout_seconds=1))
    assert isinstance(near.print_receipt(job(lines=2_000)), MaybePrinted)
    os.close(reader)
    assert isinstance(near.print_receipt(job()), NotPrinted)


def test_a_device_that_is_not_there_is_not_printed(tmp_path: Path) -> None:
    """An unplugged printer has no device file."""
    near = EscposPrinter(PrinterSettings(kind="escpos", device=str(tmp_path / "lp7")))
    assert near.state().state == "unreachable"
    assert isinstance(near.print_receipt(job()), NotPrinted)


class _Spooler:
    """Stands in for the Windows spooler: what pywin32 calls win32print."""

    error = type("error", (Exception,), {})

    def __init__(self, takes: int | None = None) -> None:
        self.takes, self.taken = takes, b""
        self.calls: list[tuple[object, ...]] = []

    def OpenPrinter(self, name: str) -> int:  # noqa: N802 (pywin32's name)
        if name != "EPSON LQ-635K":
            raise self.error(1801, "OpenPrinter", "The printer name is invalid.")
        return 7

    def StartDocPrinter(self, printer: int, level: int, document: tuple[str, None, str]) -> int:  # noqa: N802
        self.calls.append(("start", printer, level, document[2]))
        return 1

    def StartPagePrinter(self, printer: int) -> None:  # noqa: N802 (pywin32's name)
        self.calls.append(("page", printer))

    def WritePrinter(self, printer: int, octets: bytes) -> int:  # noqa: N802 (pywin32's name)
        del printer
        self.taken += octets[: self.takes]
        return len(octets[: self.takes])

    def EndPagePrinter(self, printer: int) -> None:  # noqa: N802 (pywin32's name)
        self.calls.append(("end page", printer))

    def EndDocPrinter(self, printer: int) -> None:  # noqa: N802 (pywin32's name)
        self.calls.append(("end", printer))

    def ClosePrinter(self, printer: int) -> None:  # noqa: N802 (pywin32's name)
        self.calls.append(("close", printer))


def test_the_windows_spooler_gets_the_bytes_raw(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On Windows the named printer gets one RAW document; a wrong name, or a full spooler, is told apart."""
    profile = PrinterSettings(kind="escp", queue="EPSON LQ-635K")
    near = printer_of(profile, tmp_path)
    monkeypatch.setitem(sys.modules, "win32print", None)
    assert isinstance(near.print_receipt(job()), NotPrinted)
    spooler = _Spooler()
    monkeypatch.setitem(sys.modules, "win32print", spooler)
    assert near.print_receipt(job()) == Printed("EPSON LQ-635K")
    assert spooler.taken.startswith(b"\x1b@")
    assert spooler.calls == [("start", 7, 1, "RAW"), ("page", 7), ("end page", 7), ("end", 7), ("close", 7)]
    monkeypatch.setitem(sys.modules, "win32print", _Spooler(takes=20))
    assert isinstance(near.print_receipt(job()), MaybePrinted)
    other = printer_of(profile.model_copy(update={"queue": "LASER"}), tmp_path)
    assert isinstance(other.print_receipt(job()), NotPrinted)
