"""Thermal paper: dots or letters, the same bytes as python-escpos makes, and nothing acts that a name holds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from downtime.printer_profile import PrinterSettings
from downtime.printers import dots
from downtime.printers.code_page import CodePage
from downtime.printers.escpos import picture_bytes, receipt_bytes, trial_bytes
from downtime.printers.pdf import TRIAL_DIGITS
from downtime.printers.sequences import ESCPOS
from downtime.printers.thermal_text import native_codes
from downtime.receipt_qr import check
from downtime.receipt_rows import Banner, Codes, Item, Pair, Receipt, Rule, Words
from tests.downtime.printers.matrix_paper import UnknownBytesError
from tests.downtime.printers.scanning import scanned
from tests.downtime.printers.test_escp import ANY_TEXT
from tests.downtime.printers.thermal_paper import ThermalPrinter
from tests.downtime.receipt_samples import PUBLIC_KEYS, SAMPLES
from tests.downtime.test_receipt import ALL_SAMPLES, WRITE, paper

if TYPE_CHECKING:
    from collections.abc import Iterator

GOLDENS = Path(__file__).parent / "goldens"
COLUMNS = {"80": 48, "58": 32}


def profile(**asked: Any) -> PrinterSettings:
    """Return a thermal profile."""
    return PrinterSettings.model_validate({"kind": "escpos", "device": "/dev/null"} | asked)


def printed(receipt: Receipt, **asked: Any) -> ThermalPrinter:
    """Return the printer after it printed ``receipt``."""
    asked_for = profile(**asked)
    printer = ThermalPrinter(columns=COLUMNS[asked_for.paper_in], page=asked_for.code_page)
    return printer.take(receipt_bytes(receipt, asked_for))


@pytest.mark.parametrize("roll", COLUMNS)
def test_letters_are_the_bytes_as_agreed(roll: str) -> None:
    """A receipt as text is byte for byte what was looked at and approved."""
    made = receipt_bytes(paper("charge", "zh"), profile(paper=roll, drawing="text", qr="native"))
    golden = GOLDENS / f"escpos-charge-{roll}-zh.bin"
    if os.environ.get(WRITE):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(made)
    assert made == golden.read_bytes()


@pytest.mark.parametrize("roll", COLUMNS)
@pytest.mark.parametrize("drawing", ["raster", "text"])
@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_a_scanner_reads_the_code(name: str, drawing: str, roll: str) -> None:
    """Every receipt on both rolls carries its codes, as dots that a scanner reads."""
    printer = printed(paper(name, "en"), paper=roll, drawing=drawing)
    assert printer.cuts == 1
    texts = scanned(printer.picture())
    assert texts == sorted(ALL_SAMPLES[name][0].qr)
    assert check(texts, PUBLIC_KEYS).status == "genuine"


@pytest.mark.parametrize("drawing", ["raster", "text"])
def test_the_printer_may_draw_the_code_itself(drawing: str) -> None:
    """A native code holds the sealed digits, and no dots of it are sent besides."""
    printer = printed(paper("charge", "zh"), drawing=drawing, qr="native")
    assert printer.codes == list(SAMPLES["charge"][0].qr)
    if drawing == "text":
        assert printer.pictures == []
    else:
        assert scanned(printer.picture()) == []


@pytest.mark.parametrize(("cut", "cuts"), [("partial", 1), ("full", 1), ("none", 0)])
def test_the_paper_is_cut_as_the_profile_says(cut: str, cuts: int) -> None:
    """A printer without a knife is only fed."""
    assert printed(paper("visit", "zh"), cut=cut).cuts == cuts


def test_letters_say_what_the_receipt_says() -> None:
    """As text nothing is lost: number, name, sum; signs of unclear width become ASCII."""
    printer = printed(paper("charge", "zh"), drawing="text")
    said = "\n".join(printer.lines)
    for words in ("应急临时收据", "W03A-000128-7", "练习张三", "\uffe590.00", "玖拾元整"):
        assert words in said
    odd = Receipt("N", "zh", 1, "", (Words("\u201c甲\u201d\u2014\u00b7\u2026\u00d72 \u00e9 \U00020bb7"),))
    assert printed(odd, drawing="text").lines == ['"甲"-....x2 [U+00E9] [U+20BB7]']


def test_the_test_page_shows_letters_dots_and_a_code() -> None:
    """One page says whether letters, dots, and codes of either making come out."""
    printer = ThermalPrinter(columns=48).take(trial_bytes("zh", profile()))
    assert [text[:1] for text in printer.lines[:4]] == ["1", "2", "3", "4"]
    assert scanned(printer.picture()) == printer.codes == [TRIAL_DIGITS]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Return python-escpos's printer that only collects bytes; it wants a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESCPOS_CAPABILITIES_PICKLE_DIR", str(tmp_path_factory.mktemp("escpos")))
        yield pytest.importorskip("escpos.printer").Dummy


def test_dots_are_the_bytes_python_escpos_makes(library: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A picture, a native code, and the cuts are what the common library sends."""
    from PIL import ImageOps

    picture = dots.blank(576, 100)
    dots.write(picture, 10, 60, "收据 W03A", 40, bold=True)
    theirs = library()
    theirs.image(ImageOps.invert(picture.convert("L")), impl="bitImageRaster")
    assert picture_bytes(picture) == theirs.output

    theirs = library()
    theirs.qr(TRIAL_DIGITS, native=True, size=4, ec=1, model=2)
    receipt = Receipt("N", "en", 1, "", (Codes((TRIAL_DIGITS,), "N"),))
    ours = native_codes(receipt)
    for block in (b"1A2\x00", b"1C\x04", b"1E1", b"1P0" + TRIAL_DIGITS.encode(), b"1Q0"):
        made = ESCPOS["code"].made(dots=block)
        assert made in ours
        assert made in theirs.output
    theirs = library()
    theirs.cut(mode="PART", feed=False)
    theirs.cut(mode="FULL", feed=False)
    assert b"\x1dV" in theirs.output
    capsys.readouterr()  # the library prints about its profile


def test_an_unknown_byte_is_noticed() -> None:
    """The interpreter fails on everything outside the table."""
    for wrong in (b"\x1bZ", b"\x1d(L", b"\x80", b"\x1dv0\x00\x01\x00\x02\x00\xff", b"x" * 49):
        with pytest.raises(UnknownBytesError):
            ThermalPrinter(columns=48).take(wrong)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(ANY_TEXT, min_size=4, max_size=4),
    page=st.sampled_from(get_args(CodePage)),
    roll=st.sampled_from(list(COLUMNS)),
)
def test_no_text_becomes_a_command(texts: list[str], page: CodePage, roll: str) -> None:
    """Whatever a name holds, the printer gets letters it has, in lines as wide as its head."""
    one, two, three, four = texts
    rows = (Words(one, "title", "centre"), Banner(two), Pair("Patient", three, "loud"), Rule())
    receipt = Receipt("N", "zh", 1, two[:20], (*rows, Item(four, one[:20], "1", "2", "3")))
    printer = printed(receipt, code_page=page, paper=roll, drawing="text")
    assert printer.used <= set(ESCPOS)
