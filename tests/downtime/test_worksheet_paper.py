"""The worksheet on paper: bar codes that read back, sums that add up, a reprint that says so."""

from __future__ import annotations

import io
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pypdf
import pytest

from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.record import new_entry_id
from downtime.store import journal
from downtime.worksheet import worksheet_entry
from downtime.worksheet_paper import Sheet, worksheet_pdf
from downtime.worksheet_printing import Asked, print_worksheet
from downtime.worksheet_template import shipped_template, template_path
from forms.his_decided import TypedIn
from tests.downtime.builders import charge, line, make_home, open_current, reversal, stand

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.i18n import Language

SHEET = Sheet(
    "练习医院", "1001 练习员", "练习停机", "2026-01-05T15:00:00.000+08:00", "1001 练习员", "W03-1", "待补录"
)
ODD = ("中药-001", "A1\x1b[31m", " A1", "x" * 40)


def pdf(entries: Sequence[Entry], language: Language = "zh", **more: Any) -> bytes:
    """Return the worksheet of entries."""
    listed = [
        worksheet_entry(entry, shipped_template(), language=language, currency="CNY", patients={}, bills={})
        for entry in entries
    ]
    return worksheet_pdf(replace(SHEET, **more), listed, language, "CNY")


def text_of(paper: bytes) -> str:
    """Return the text of all pages."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)


def scanned(paper: bytes, folder: Path) -> list[str]:
    """Return what a scanner reads off every page, drawn at 300 dpi."""
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import Image

    file = folder / "scanned.pdf"
    file.write_bytes(paper)
    subprocess.run(["pdftoppm", "-r", "300", "-gray", file, folder / "page"], check=True)
    found: list[str] = []
    for page in sorted(folder.glob("page*.pgm")):
        with Image.open(page) as drawn:
            found += [
                code.text for code in zxingcpp.read_barcodes(drawn, formats=zxingcpp.BarcodeFormat.Code128)
            ]
    return found


def test_every_code_reads_back_as_the_his_wants_it(open_book: OpenBook, tmp_path: Path) -> None:
    """A scanner types exactly the values of the entry; what can be no code is text, never a wrong code."""
    lines = [line("250101015", 2000, "1"), line("86979474", 1250, "2", "drug"), line("A-1.b/7 x", 300, "3.5")]
    lines += [line(code, 100, "4") for code in ODD]
    entry = stand(open_book, charge(lines))
    found = scanned(pdf([entry]), tmp_path)
    wanted = ["P000001", "V000001", "D01", "250101015", "1", "86979474", "2", "A-1.b/7 x", "3.5", *["4"] * 4]
    assert sorted(found) == sorted([*wanted, _paid(entry)])
    text = text_of(pdf([entry]))
    assert "中药-001" in text
    assert "A1\\u001B[31m" in text


def _paid(entry: Entry) -> str:
    assert entry.amount_minor is not None
    return f"{entry.amount_minor // 100}.{entry.amount_minor % 100:02}"


def test_the_same_sheet_is_the_same_bytes(open_book: OpenBook) -> None:
    """Nothing but the entries and the sheet's own facts goes into the paper."""
    entry = stand(open_book, charge())
    assert pdf([entry]) == pdf([entry])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_entry_of_two_hundred_lines_goes_on(open_book: OpenBook, language: Language) -> None:
    """Pages are numbered n of m, each says which entry goes on, no line is lost, and the sums stand at the end."""
    entry = stand(open_book, charge())
    many = [line(f"8{n:07}", 1250, "2", name=f"练习药品{n}") for n in range(200)]
    long = replace(entry, content={**entry.content, "lines": many})
    paper = pdf([entry, long], language)
    text = text_of(paper)
    pages = len(pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert pages > 5
    said = f"第 {pages} 页 共 {pages} 页" if language == "zh" else f"Page {pages} of {pages}"
    assert said in text
    assert all(f"8{n:07}" in text for n in range(200))
    assert text.count(entry.number or "") >= pages
    assert "50.00" in text


def test_sums_with_what_is_not_on_it(open_book: OpenBook) -> None:
    """The sheet and what is not on it come to all entries."""
    entry = stand(open_book, charge())
    text = text_of(pdf([entry, stand(open_book, reversal(entry))], left_out=(("已补录", 3, 7500),)))
    assert "-25.00" in text
    assert "75.00" in text


def test_a_drill_says_so(open_book: OpenBook) -> None:
    """A drill's sheet bears the word across and on top."""
    entry = replace(stand(open_book, charge()), drill=True)
    assert text_of(pdf([entry], drill=True)).count("演练") >= 3


def test_a_reprint_says_so(open_book: OpenBook, tmp_path: Path) -> None:
    """What stood on an earlier sheet is counted on top and said beside each entry; the journal knows every sheet."""
    stand(open_book, charge())
    first = print_worksheet(open_book, Asked("1001"), tmp_path / "1.pdf", "zh")
    stand(open_book, charge([line("B2")]))
    second = print_worksheet(open_book, Asked("1001"), tmp_path / "2.pdf", "zh")
    assert (first and first.entries, first and first.again) == (1, 0)
    assert (second and second.entries, second and second.again) == (2, 1)
    assert "重打" not in text_of((tmp_path / "1.pdf").read_bytes())
    text = text_of((tmp_path / "2.pdf").read_bytes())
    assert "重打" in text
    assert "W03-1" in text
    kept = list(journal.entries(open_book.db, forms=("worksheet_printed",)))
    assert [len(entry.content["entries"]) for entry in kept] == [1, 2]
    assert (tmp_path / "1.pdf").stat().st_mode & 0o077 == 0


def test_only_what_is_open_and_ones_own(open_book: OpenBook, tmp_path: Path) -> None:
    """What was said to be typed in is left out and counted; nothing left means no file."""
    entry = stand(open_book, charge())
    stand(open_book, TypedIn(entry_id=entry.id))
    assert print_worksheet(open_book, Asked("1001"), tmp_path / "1.pdf", "zh") is None
    assert print_worksheet(open_book, Asked("1006"), tmp_path / "1.pdf", "zh") is None
    assert not (tmp_path / "1.pdf").exists()
    made = print_worksheet(open_book, Asked("1001", everything=True), tmp_path / "1.pdf", "zh")
    assert made is not None
    assert made.entries == 1


def test_no_sheet_by_a_wrong_template(open_book: OpenBook, tmp_path: Path) -> None:
    """A wrong order on paper would be typed in wrongly: it is refused, nothing is recorded, no file is written over."""
    stand(open_book, charge())
    path = template_path(open_book.home.path)
    path.parent.mkdir(exist_ok=True)
    path.write_text("colour = 1\n", "utf-8")
    with pytest.raises(RefusedInputError, match="colour"):
        print_worksheet(open_book, Asked(), tmp_path / "1.pdf", "zh")
    path.unlink()
    (tmp_path / "1.pdf").write_bytes(b"kept")
    with pytest.raises(WrongPlaceError):
        print_worksheet(open_book, Asked(), tmp_path / "1.pdf", "zh")
    with pytest.raises(RefusedInputError, match="练习停机"):
        print_worksheet(open_book, Asked(outage="练习停机"), tmp_path / "2.pdf", "zh")
    assert (tmp_path / "1.pdf").read_bytes() == b"kept"
    assert not list(journal.entries(open_book.db, forms=("worksheet_printed",)))


def test_a_drills_station_prints_a_drills_sheet(tmp_path: Path) -> None:
    """The sheet of a drill cannot be taken for a real one."""
    book = open_current(make_home(tmp_path / "home", drill=True))
    stand(book, charge())
    assert print_worksheet(book, Asked(), tmp_path / "1.pdf", "zh") is not None
    book.close()
    assert "演练" in text_of((tmp_path / "1.pdf").read_bytes())


def test_ten_presses_are_one_saying(open_book: OpenBook) -> None:
    """Typed in is said once; the journal holds one."""
    entry = stand(open_book, charge())
    saying = new_entry_id()
    for _n in range(10):
        stand(open_book, TypedIn(entry_id=entry.id), saying)
    assert len(list(journal.entries(open_book.db, forms=("typed_in",)))) == 1
