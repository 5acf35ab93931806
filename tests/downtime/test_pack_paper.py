"""Numbers of paper forms, their codes, and the paper itself."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
import segno

from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.pack_ledger import ledger_in
from downtime.pack_number import PaperNumber, parse_paper
from downtime.pack_paper import pack_pdf
from downtime.pack_printing import print_pack
from downtime.packs import new_pack, read_number
from downtime.receipt_number import format_number, parse_number
from tests.downtime.builders import (
    make_home,
    open_current,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook


def test_a_paper_number_is_no_receipt_number() -> None:
    """With and without hyphens, nobody takes one for the other, whatever the station is called."""
    for series in ("W03A", "W3P", "AAAAZ", "P0P", "W03P"):
        for count in (1, 128, 4711, 999_999):
            text = str(PaperNumber(series, count))
            assert parse_number(text) is None
            assert parse_number(text.replace("-", "")) is None
            receipt = format_number("W03A", "P", count)
            assert parse_paper(receipt) is None
            assert parse_paper(receipt.replace("-", "")) is None


def test_a_paper_number_reads_back() -> None:
    """Typed whole, without hyphens, full-width, by its code, or short at its own station."""
    number = PaperNumber("W03A", 128)
    assert str(number) == "W03A-P000128-1"
    for text in ("W03A-P000128-1", "w03ap0001281", "Ｗ０３Ａ－Ｐ０００１２８－１", number.code()):
        assert parse_paper(text) == number
    assert parse_paper("1281", series="W03A") == number
    assert parse_paper("1281") is None


def test_every_single_wrong_figure_is_found() -> None:
    """The check digit catches each figure mistyped, wherever it stands."""
    text = str(PaperNumber("W03A", 128))
    for place, sign in enumerate(text):
        if sign.isdigit():
            for other in set("0123456789") - {sign}:
                assert parse_paper(text[:place] + other + text[place + 1 :]) is None


def test_the_code_is_figures_only_and_small() -> None:
    """Neither Caps Lock nor an input method spoils it, and it fits the smallest QR code at a high level."""
    for series in ("W3A", "W03A", "WX03A"):
        code = PaperNumber(series, 999_999, drill=True).code()
        assert code.isdigit()
        assert segno.make(code, error="q", micro=False, boost_error=False).version == 1


def test_wrong_check_digit(open_book: OpenBook) -> None:
    """A misread number is refused in words before anything is recorded."""
    with pytest.raises(RefusedInputError, match="校验位不符"):
        read_number(open_book, "W03A-P000001-4")
    with pytest.raises(RefusedInputError, match="校验位不符"):
        read_number(open_book, "11")


def test_a_drills_form_does_not_belong_here(open_book: OpenBook) -> None:
    """Drill and real papers never mix."""
    with pytest.raises(RefusedInputError, match="不能混用"):
        read_number(open_book, str(PaperNumber("W03A", 1, drill=True)))


@pytest.mark.parametrize("kind", ["charge", "deposit", "bookkeeping", "dispense"])
@pytest.mark.parametrize(("layout", "pages"), [("a4", 3), ("a5", 6)])
def test_every_form_carries_its_number(tmp_path: Path, kind: Any, layout: str, pages: int) -> None:
    """Three forms in two parts: two on a sheet of A4 or one on A5, each with its number, once as figures."""
    home = make_home(tmp_path / "home", paper={"layout": layout})
    book = open_current(home)
    form = new_pack(book, kind, 3)
    for language in ("zh", "en"):
        made = pack_pdf(form, home.settings, language)
        assert made == pack_pdf(form, home.settings, language)
        reader = pypdf.PdfReader(io.BytesIO(made))
        assert len(reader.pages) == pages
        text = "".join(page.extract_text() for page in reader.pages)
        for count in (1, 2, 3):
            assert text.count(str(PaperNumber("W03A", count))) == 2
    book.close()


def test_numbers_stand_before_there_is_paper(open_book: OpenBook, tmp_path: Path) -> None:
    """The pack is recorded, then written; a file that is there already is never written over."""
    out = tmp_path / "pack.pdf"
    first, last = print_pack(open_book, "charge", 3, out, "zh")
    assert (first.count, last.count) == (1, 3)
    assert ledger_in(open_book.db).packs[0].last == 3
    with pytest.raises(WrongPlaceError):
        print_pack(open_book, "charge", 3, out, "zh")
    assert new_pack(open_book, "charge", 1).first == 4
