"""The printer contract, held by every printer that ships."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pypdf import PdfReader

from downtime.errors import RefusedInputError
from downtime.printer_profile import PrinterSettings
from downtime.printers import (
    API,
    BUILT_IN,
    MaybePrinted,
    NotPrinted,
    Printed,
    Printer,
    PrinterState,
    printer_kinds,
    printer_of,
)
from downtime.printers.memory import DeadPrinter, MemoryPrinter
from downtime.printers.pdf_folder import PdfFolderPrinter
from tests.downtime.printers.jobs import job

if TYPE_CHECKING:
    from pathlib import Path

NEEDS = {
    "escp": {"device": "/nowhere/lp0"},
    "escpos": {"device": "/nowhere/lp0"},
    "cups": {"queue": "nowhere"},
}


def profile(kind: str, **settings: Any) -> PrinterSettings:
    """Return a profile with what its kind cannot do without."""
    return PrinterSettings.model_validate({"kind": kind, **NEEDS.get(kind, {}), **settings})


@pytest.mark.parametrize("kind", [kind for kind, _place in BUILT_IN])
def test_every_printer_answers(kind: str, tmp_path: Path) -> None:
    """A printer named in the settings takes a job and a page and says what became of it, and how it is."""
    printer = printer_of(profile(kind), tmp_path)
    assert isinstance(printer, Printer)
    assert (printer.kind, printer.api) == (kind, API)
    for answer in (
        printer.print_receipt(job()),
        printer.print_page("test", "zh"),
        printer.print_page("nudge", "en"),
    ):
        assert isinstance(answer, Printed | NotPrinted | MaybePrinted)
    assert isinstance(printer.state(), PrinterState)


def test_unknown_kind_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """A misspelt printer in the settings is refused, and the right names are said."""
    with pytest.raises(RefusedInputError) as refused:
        printer_of(profile("laser"), tmp_path)
    assert "pdf_folder" in refused.value.then


class _Acme(MemoryPrinter):
    kind = "acme"


class _OldAcme(MemoryPrinter):
    kind = "acme"
    api = API - 1


def _installed(monkeypatch: pytest.MonkeyPatch, printer: str) -> None:
    point = EntryPoint("acme", f"{__name__}:{printer}", "downtime.printers")

    def entry_points(*, group: str, name: str | None = None) -> list[EntryPoint]:
        return [point] if group == "downtime.printers" and name in {None, "acme"} else []

    monkeypatch.setattr("downtime.printers.entry_points", entry_points)


def test_another_packages_printer_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site's own printer is one class under the entry-point group; one for an older contract is refused."""
    _installed(monkeypatch, "_Acme")
    assert "acme" in printer_kinds()
    assert isinstance(printer_of(profile("acme", options={"tray": "2"}), tmp_path), _Acme)
    _installed(monkeypatch, "_OldAcme")
    with pytest.raises(RefusedInputError, match="acme"):
        printer_of(profile("acme"), tmp_path)


@pytest.mark.parametrize(
    "settings",
    [
        {"kind": "escp"},
        {"kind": "escpos", "device": "/dev/usb/lp0", "host": "printer"},
        {"kind": "cups"},
        {"kind": "cups", "queue": "-o raw"},
        {"kind": "escp", "device": "/dev/usb/lp0", "paper": "80"},
        {"kind": "escpos", "device": "/dev/usb/lp0", "paper": "a5"},
        {"kind": "escp", "device": "/dev/usb/lp0", "nudge": 31},
        {"kind": "Laser Jet"},
        {"parts": 4},
    ],
)
def test_a_profile_that_cannot_print_is_refused(settings: dict[str, Any]) -> None:
    """A printer without a way to it, or on paper it does not take, is refused when the settings are read."""
    with pytest.raises(ValidationError):
        PrinterSettings.model_validate(settings)


@pytest.mark.parametrize("paper", ["80", "58", "a5", "241x93", "241x140", "241x280"])
def test_the_folder_takes_every_paper(paper: str, tmp_path: Path) -> None:
    """A PDF is as wide as the paper the profile names, each part of a form a page."""
    printer = PdfFolderPrinter(tmp_path, profile("pdf_folder", paper=paper, parts=2, carbon=False))
    printer.print_receipt(job())
    pages = PdfReader(tmp_path / "W03A-000128-7-copy1.pdf").pages
    wide = {"80": 80, "58": 58, "a5": 210}.get(paper, 241)
    assert float(pages[0].mediabox.width) == pytest.approx(wide / 25.4 * 72, abs=0.1)
    assert len(pages) == (1 if paper in {"80", "58"} else 2)


def test_one_file_per_copy(tmp_path: Path) -> None:
    """Each copy is a PDF of its own; the same copy again is the same file with the same bytes."""
    printer = PdfFolderPrinter(tmp_path / "paper")
    assert printer.print_receipt(job()) == Printed("W03A-000128-7-copy1.pdf")
    first = (tmp_path / "paper" / "W03A-000128-7-copy1.pdf").read_bytes()
    assert first.startswith(b"%PDF-")
    printer.print_receipt(job())
    printer.print_receipt(job(copy=2))
    assert sorted(path.name for path in (tmp_path / "paper").iterdir()) == [
        "W03A-000128-7-copy1.pdf",
        "W03A-000128-7-copy2.pdf",
    ]
    assert (tmp_path / "paper" / "W03A-000128-7-copy1.pdf").read_bytes() == first


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_paper_is_nobody_elses_to_read(tmp_path: Path) -> None:
    """The folder and the files belong to the app's account alone."""
    PdfFolderPrinter(tmp_path / "paper").print_receipt(job())
    assert (tmp_path / "paper").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "paper" / "W03A-000128-7-copy1.pdf").stat().st_mode & 0o777 == 0o600


def test_text_never_becomes_a_path(tmp_path: Path) -> None:
    """A hostile number stays inside the folder."""
    PdfFolderPrinter(tmp_path / "paper").print_receipt(job("../../etc/passwd\x00" + "x" * 500))
    assert [path.parent.name for path in tmp_path.rglob("*.pdf")] == ["paper"]


def test_unwritable_folder_is_not_printed(tmp_path: Path) -> None:
    """Where the folder cannot be, the answer is "not printed" with the reason; nothing is raised."""
    (tmp_path / "paper").write_text("in the way")
    assert isinstance(PdfFolderPrinter(tmp_path / "paper").print_receipt(job()), NotPrinted)


def test_half_written_file_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk fills while writing, no PDF appears and nothing is left behind."""

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = PdfFolderPrinter(tmp_path).print_receipt(job())
    assert isinstance(answer, NotPrinted)
    assert "No space left" in answer.reason
    assert list(tmp_path.iterdir()) == []


def test_memory_printer_keeps_jobs_and_plays_answers() -> None:
    """Tests can look at what was printed and play a printer that fails once."""
    printer = MemoryPrinter()
    printer.answers = [MaybePrinted("paper out while printing")]
    assert printer.print_receipt(job()) == MaybePrinted("paper out while printing")
    assert printer.print_receipt(job()) == Printed("memory")
    assert [kept.receipt.copy for kept in printer.jobs] == [1]
    assert isinstance(DeadPrinter().print_receipt(job()), NotPrinted)
