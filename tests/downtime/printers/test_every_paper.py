"""Every paper anybody is handed, on every kind of paper: its code is read, its parts are named, nothing is lost."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING, get_args

import pytest
from pypdf import PdfReader, PdfWriter

from downtime.i18n import Language
from downtime.printer_profile import PrinterSettings
from downtime.printers.escp import receipt_bytes
from downtime.printers.matrix_face import LINES_OF_SIXTH, MatrixFace, sheet_of
from downtime.printers.pdf import pdf_of
from downtime.receipt_font import drawable
from downtime.receipt_rows import Codes, Pair
from downtime.receipt_wide import forms
from tests.downtime.printers.matrix_paper import MatrixPrinter, drawn
from tests.downtime.printers.scanning import scanned
from tests.papers.kinds import KINDS, drawn_of

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.receipt_rows import Receipt

PAGES = ("80", "58", "a5", "241x93", "241x140", "241x280")
MODULE_MIN = 4
"""180ths of an inch: 0.56 mm, what a hand scanner reads from the pins of a dot-matrix printer."""


def codes_of(receipt: Receipt) -> list[str]:
    """Return the texts of the codes on a receipt."""
    return sorted(text for row in receipt.rows if isinstance(row, Codes) for text in row.texts)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed")
@pytest.mark.parametrize("name", PAGES)
def test_a_scanner_reads_every_paper_from_its_pdf(name: str, tmp_path: Path) -> None:
    """Rendered at 203 dots an inch, black or white, each paper gives back the digits that were sealed."""
    zxingcpp = pytest.importorskip("zxingcpp")
    image_module = pytest.importorskip("PIL.Image")
    profile = PrinterSettings.model_validate({"kind": "pdf_folder", "paper": name})
    whole, wanted = PdfWriter(), []
    for kind in KINDS:
        receipt = drawn_of(kind, "zh")
        wanted += codes_of(receipt)
        whole.append(io.BytesIO(pdf_of(receipt, profile)))
    whole.write(tmp_path / "all.pdf")
    subprocess.run(["pdftoppm", "-r", "203", "-mono", tmp_path / "all.pdf", tmp_path / "p"], check=True)
    found = []
    for page in tmp_path.glob("p-*.pbm"):
        with image_module.open(page) as image:
            read = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
        found += [code.text for code in read]
    assert sorted(found) == sorted(wanted)
    assert len(wanted) >= len(KINDS)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", LINES_OF_SIXTH)
@pytest.mark.parametrize("kind", KINDS)
def test_every_form_of_three_parts(kind: str, name: str, language: Language) -> None:
    """Code and short code on part one, large enough for a hand scanner; all parts named; money whole."""
    receipt = drawn_of(kind, language)
    profile = PrinterSettings.model_validate({"kind": "escp", "device": "-", "paper": name, "parts": 3})
    printer = MatrixPrinter().take(receipt_bytes(receipt, profile))
    assert scanned(drawn(printer, printer.y)) == codes_of(receipt)
    said = printer.text()
    names = (
        "第一联 收据   第二联 存根   第三联 记账" if language == "zh" else "Part 1: receipt   Part 2: stub"
    )
    count = printer.y // (LINES_OF_SIXTH[name] * 30)
    assert sum(names in line for line in said) == count
    caption = next(row.caption for row in receipt.rows if isinstance(row, Codes))
    assert any(caption in line for line in said)
    face = MatrixFace("gb18030", 26.0, tight=name == "241x93")
    first = forms(receipt, sheet_of(profile.paper_in), face)[0]
    assert min(code.module for code in first.codes) >= MODULE_MIN


@pytest.mark.parametrize("name", ["241x140", "241x280"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_one_customer_gets_is_one_form(kind: str, name: str) -> None:
    """Three lines, a long exchange notice, a stamp: the usual receipt takes no second form."""
    profile = PrinterSettings.model_validate({"kind": "escp", "device": "-", "paper": name, "parts": 3})
    printer = MatrixPrinter().take(receipt_bytes(drawn_of(kind, "zh"), profile))
    assert printer.y == LINES_OF_SIXTH[name] * 30


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", PAGES)
def test_nothing_a_paper_says_is_lost(name: str, language: Language) -> None:
    """Every value of every paper can be copied from its PDF, whole, whatever the width."""
    profile = PrinterSettings.model_validate({"kind": "pdf_folder", "paper": name})
    for kind in KINDS:
        receipt = drawn_of(kind, language)
        pages = PdfReader(io.BytesIO(pdf_of(receipt, profile))).pages
        copied = "".join("".join(page.extract_text().split()) for page in pages)
        for row in receipt.rows:
            if isinstance(row, Pair) and (row.weight == "loud" or " " not in row.value):
                assert "".join(drawable(row.value).split()) in copied, (kind, row)
