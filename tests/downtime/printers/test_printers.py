"""The printer contract, held by every printer that ships."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from downtime.errors import RefusedInputError
from downtime.printers import (
    PRINTERS,
    DeadPrinter,
    MaybePrinted,
    MemoryPrinter,
    NotPrinted,
    PdfFolderPrinter,
    Printed,
    Printer,
    PrintJob,
    printer_of,
)
from downtime.receipt_rows import Receipt, Words

if TYPE_CHECKING:
    from pathlib import Path


def job(number: str = "W03A-000128-7", copy: int = 1) -> PrintJob:
    """Return a small job."""
    return PrintJob("an-entry", Receipt(number, "en", copy, "", (Words("practice"),)))


@pytest.mark.parametrize("kind", [printer.kind for printer in PRINTERS])
def test_every_printer_answers(kind: str, tmp_path: Path) -> None:
    """A printer named in the settings takes a job and says what became of it."""
    printer = printer_of(kind, tmp_path)
    assert isinstance(printer, Printer)
    assert isinstance(printer.print_receipt(job()), Printed | NotPrinted | MaybePrinted)


def test_unknown_kind_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """A misspelt printer in the settings is refused, and the right names are said."""
    with pytest.raises(RefusedInputError) as refused:
        printer_of("laser", tmp_path)
    assert "pdf_folder" in refused.value.then


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
