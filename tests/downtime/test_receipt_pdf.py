"""The 80 mm PDF: stable, embedded, inside its margins, and readable by a scanner."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import pytest
from pypdf import PdfReader

from downtime.i18n import Language
from downtime.receipt_blocks import PAGE_HEIGHT_MAX, ROLLS, layout
from downtime.receipt_font import FONT_FILE, broken, drawable, width_of
from downtime.receipt_pdf import receipt_pdf
from downtime.receipt_qr import check
from downtime.receipt_rows import Codes, Words
from tests.downtime.receipt_samples import PUBLIC_KEYS, SAMPLES, charge, line
from tests.downtime.test_receipt import paper

if TYPE_CHECKING:
    from pathlib import Path


def text_of(pdf: bytes) -> str:
    """Return the text a reader can copy from the PDF."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("roll", ROLLS)
def test_everything_stays_inside_the_margins(roll: str, name: str, language: Language) -> None:
    """No string of any receipt begins or ends outside what an 80 mm or 58 mm head reaches: 72 and 48 mm."""
    for block in layout(paper(name, language), ROLLS[roll]):
        for string in block.strings:
            assert string.x >= -0.01
            assert string.x + width_of(string.text, string.size) <= ROLLS[roll].room + 0.01
            assert 0 < string.y <= block.height + 0.01


@pytest.mark.parametrize("name", ["charge", "drill", "hostile"])
def test_same_receipt_gives_same_bytes(name: str) -> None:
    """A reprint of one copy is byte for byte the same file."""
    assert receipt_pdf(paper(name, "zh")) == receipt_pdf(paper(name, "zh"))


def test_font_is_embedded_and_text_can_be_copied() -> None:
    """The paper looks the same on a PC without Chinese fonts, and a person can search it."""
    pdf = receipt_pdf(paper("charge", "zh"))
    reader = PdfReader(io.BytesIO(pdf))
    fonts = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]  # pypdf types resources loosely
    for font in (reference.get_object() for reference in fonts.values()):
        if font["/Subtype"] == "/TrueType":
            assert "/FontFile2" in font["/FontDescriptor"].get_object()
            assert "DowntimeSansSC" in font["/BaseFont"]
    copied = text_of(pdf)
    for words in ("练习市第一人民医院", "练习张三", "W03A-000128-7", "¥90.00", "玖拾元整"):
        assert words in copied


def test_font_stays_small_and_knows_names() -> None:
    """The font is at most 3 MB and draws names GB2312 lacks; what it lacks is spelled out, never lost."""
    assert FONT_FILE.stat().st_size <= 3_000_000
    assert drawable("珺喆堃玥淼镕曌張陳 Aa0¥（，") == "珺喆堃玥淼镕曌張陳 Aa0¥（，"
    assert drawable("𠮷田Ł") == "[U+20BB7]田[U+0141]"


def test_hostile_text_is_drawn_not_parsed() -> None:
    """Markup in a name is letters; a character without a glyph shows its code point."""
    copied = text_of(receipt_pdf(paper("hostile", "en"))).replace("\n", "")
    assert "[red][U+20BB7]\\u202E<b>&\\u0000</b>" in copied


def test_lines_break_at_spaces_or_between_wide_characters() -> None:
    """Words stay whole, Chinese breaks anywhere but before a full stop, and endless words are cut."""
    assert broken("one two three", 10, width_of("one two t", 10)) == ["one two", "three"]
    assert broken("甲乙丙丁。", 10, 41) == ["甲乙丙", "丁。"]
    assert broken("甲乙丙丁\uff0c戊", 10, 41) == ["甲乙丙", "丁\uff0c戊"]
    assert broken("AAAA", 10, width_of("AA", 10) + 0.1) == ["AA", "AA"]
    assert broken("", 10, 50) == [""]


def test_an_amount_is_never_broken() -> None:
    """However large, price and amount of a line stand whole on one line."""
    drawn = [string.text for block in layout(paper("hostile", "zh")) for string in block.strings]
    assert any("9999900000000.00" in text and "¥" not in text for text in drawn)
    assert any("100000000.00" in text for text in drawn)


def test_endless_receipt_goes_on_a_second_page() -> None:
    """Paper longer than a PDF page may be is continued, not cut."""
    short = paper("charge", "en")
    long = replace(short, rows=tuple(Words(f"row {n}") for n in range(1300)))
    reader = PdfReader(io.BytesIO(receipt_pdf(long)))
    assert len(reader.pages) == 2
    assert all(page.mediabox.height <= PAGE_HEIGHT_MAX for page in reader.pages)
    assert all(
        float(page.mediabox.width) == pytest.approx(ROLLS["80"].width, abs=0.01) for page in reader.pages
    )
    assert "row 1299" in text_of(receipt_pdf(long))


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed")
@pytest.mark.parametrize("name", ["charge", "twelve-lines", "drill", "hostile", "three-codes"])
def test_scanner_reads_what_was_sealed(name: str, tmp_path: Path) -> None:
    """The printed QR codes, at a thermal printer's 203 dpi, give back the sealed texts and are genuine."""
    zxingcpp = pytest.importorskip("zxingcpp")
    image_module = pytest.importorskip("PIL.Image")
    if name == "three-codes":
        entry = charge([line(f"25{n:07}", f"练习项目{n}", "", "次", 100, "1") for n in range(45)])
        receipt = replace(paper("charge", "zh"), rows=(Codes(entry.qr, entry.number or ""),))
    else:
        entry, _ = SAMPLES[name]
        receipt = paper(name, "zh")
    (tmp_path / "r.pdf").write_bytes(receipt_pdf(receipt))
    subprocess.run(
        ["pdftoppm", "-r", "203", "-mono", "-singlefile", tmp_path / "r.pdf", tmp_path / "r"], check=True
    )
    with image_module.open(tmp_path / "r.pbm") as image:
        found = zxingcpp.read_barcodes(image.convert("L"), formats=zxingcpp.BarcodeFormat.QRCode)
    texts = [code.text for code in found]
    assert sorted(texts) == sorted(entry.qr)
    assert check(texts, PUBLIC_KEYS).status == "genuine"
