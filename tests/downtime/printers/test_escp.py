"""Dot-matrix forms: the bytes as agreed, in register, every part named, and nothing acts that a name holds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from downtime.i18n import Language
from downtime.printer_profile import PrinterSettings
from downtime.printers.code_page import CodePage
from downtime.printers.escp import job_bytes, receipt_bytes
from downtime.printers.matrix_face import LINES_OF_SIXTH
from downtime.printers.matrix_pages import LINE_AT, TRIAL_LINES, nudge_strokes, trial_strokes
from downtime.printers.pdf import TRIAL_DIGITS
from downtime.printers.register import settled
from downtime.printers.sequences import ESCP
from downtime.receipt_qr import check
from downtime.receipt_rows import Banner, Item, Pair, Receipt, Rule, Sign, Words
from tests.downtime.printers.matrix_paper import MatrixPrinter, UnknownBytesError, drawn
from tests.downtime.printers.scanning import scanned
from tests.downtime.receipt_samples import PUBLIC_KEYS, SAMPLES, charge, line
from tests.downtime.test_receipt import WRITE, paper

if TYPE_CHECKING:
    from downtime.printers.matrix_strokes import Stroke

GOLDENS = Path(__file__).parent / "goldens"
PAPERS = tuple(LINES_OF_SIXTH)


def profile(**asked: Any) -> PrinterSettings:
    """Return a dot-matrix profile."""
    return PrinterSettings.model_validate({"kind": "escp", "device": "/dev/null", "paper": "241x140"} | asked)


def printed(receipt: Receipt, **asked: Any) -> MatrixPrinter:
    """Return the printer after it printed ``receipt``."""
    asked_for = profile(**asked)
    return MatrixPrinter(page=asked_for.code_page).take(receipt_bytes(receipt, asked_for))


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("form", PAPERS)
def test_a_form_is_the_bytes_as_agreed(form: str, language: Language) -> None:
    """A receipt on each form is byte for byte what was looked at and approved."""
    made = receipt_bytes(paper("charge", language), profile(paper=form, parts=3))
    golden = GOLDENS / f"escp-charge-{form}-{language}.bin"
    if os.environ.get(WRITE):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(made)
    assert made == golden.read_bytes()


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("form", PAPERS)
def test_every_receipt_ends_at_the_top_of_a_form(form: str, name: str, language: Language) -> None:
    """Whatever a receipt says, the head stands at the next perforation afterwards, and nothing lies on one."""
    printer = printed(paper(name, language), paper=form)
    length = LINES_OF_SIXTH[form] * 30
    assert printer.y > 0
    assert printer.y % length == 0
    places = [one.y for one in printer.letters] + [one.y for one in printer.pins]
    for y in places:
        assert y % length >= 10
        assert y % length + 24 <= length


@pytest.mark.parametrize("name", ["charge", "drill", "twelve-lines", "hostile"])
@pytest.mark.parametrize("form", PAPERS)
@pytest.mark.parametrize("drawing", ["text", "raster"])
def test_a_scanner_reads_the_code_on_part_one(form: str, name: str, drawing: str) -> None:
    """The dots of the head make codes that give back what was sealed."""
    printer = printed(paper(name, "zh"), paper=form, drawing=drawing)
    texts = scanned(drawn(printer, printer.y))
    assert texts == sorted(SAMPLES[name][0].qr)
    assert check(texts, PUBLIC_KEYS).status == "genuine"


def test_many_items_take_more_forms_and_every_code_is_there() -> None:
    """Forty-five items: each form says the number and which it is; three codes stand on three forms."""
    entry = charge([line(f"25{n:07}", f"练习项目{n}", "", "次", 100, "1") for n in range(45)])
    from downtime.receipt import receipt_lines
    from tests.downtime.receipt_samples import LETTERHEADS

    printer = printed(receipt_lines(entry, LETTERHEADS["zh"], language="zh"))
    assert scanned(drawn(printer, printer.y)) == sorted(entry.qr)
    forms = printer.y // (33 * 30)
    text = "".join(printer.text())
    assert forms >= 3
    assert all(f"{n} / {forms}" in text for n in range(1, forms + 1))


@pytest.mark.parametrize("form", PAPERS)
def test_paper_out_of_register_by_one_line_is_put_right(form: str) -> None:
    """Paper that lies a line too high prints a line too low on it; the nudge the page works out mends it."""
    out_of_register = 30  # the perforation is a line above where the printer thinks
    measured_mm = (LINE_AT + out_of_register) * 25.4 / 180
    found = settled(profile(paper=form), measured_mm, measured_mm)
    assert found is not None
    assert (found.nudge, found.creep) == (-30, 0)
    right = printed(paper("charge", "zh"), paper=form)
    wrong = printed(paper("charge", "zh"), paper=form, nudge=found.nudge)
    shifted = [letter.y + out_of_register for letter in wrong.letters]
    assert [y for y in shifted if y > 60] == [letter.y for letter in right.letters if letter.y > 60]
    assert all(
        0 <= there - y <= 6 for y, there in zip((one.y for one in right.letters), shifted, strict=True)
    )


def test_ten_forms_that_creep_end_where_ten_forms_end() -> None:
    """Print 10, divide by 10: paper of 140.3 mm gains 4 steps a form; creep takes them up again."""
    gained = 4
    last_mm = (LINE_AT - 10 * gained) * 25.4 / 180
    found = settled(profile(), LINE_AT * 25.4 / 180, last_mm)
    assert found is not None
    assert (found.nudge, found.creep) == (0, gained)
    printer = MatrixPrinter().take(job_bytes(nudge_strokes("en"), profile(creep=found.creep)))
    assert printer.y == 11 * (990 + gained)
    numbers = [letter for letter in printer.letters if letter.character == "-" and letter.x == 0]
    assert [letter.y % (990 + gained) for letter in numbers] == [LINE_AT - 12] * 11


def test_what_no_setting_reaches_is_said() -> None:
    """Paper three centimetres off is moved by hand, not by settings."""
    assert settled(profile(), 36.8, 36.8) is None


def test_parts_are_named_on_carbon_paper_and_without() -> None:
    """Through carbon paper one print names all parts; without, each part is printed with its own name."""
    names = {"part_names": ["第一联 收据", "第二联 存根", "第三联 记账"]}
    together = printed(paper("charge", "zh"), parts=3, **names)
    assert together.y == 990
    assert any("第一联 收据   第二联 存根   第三联 记账" in text for text in together.text())
    apart = printed(paper("charge", "zh"), parts=2, carbon=False, **names)
    assert apart.y == 2 * 990
    said = [text for text in apart.text() if text.startswith("第")]
    assert [text[:6] for text in said if "联" in text] == ["第一联 收据", "第二联 存根"]


def test_the_copy_is_counted_on_the_form() -> None:
    """A third print says that it is one, in letters of the printer."""
    assert any("DUPLICATE: copy 3" in text for text in printed(paper("duplicate", "en")).text())


def test_what_the_printer_cannot_write_is_drawn() -> None:
    """A name beyond the printer's letters goes as dots, one beyond ours too is spelled; a yuan sign is wide."""
    name = Receipt("N", "zh", 1, "", (Pair("患者", "王喆㐀"), Words("\u00a59.00 \U00020bb7")))
    full = printed(name, code_page="gb18030")
    assert "患者: 王喆㐀" in full.text()
    small = printed(name, code_page="gb2312")
    assert "患者: 王  [U+3400]" in small.text()
    assert len(small.pins) > len(full.pins) == 0
    assert "\uffe59.00 [U+20BB7]" in small.text()


def test_as_dots_no_letter_is_left_to_the_printer() -> None:
    """A printer without Chinese letters is sent dots alone."""
    printer = printed(paper("charge", "zh"), drawing="raster")
    assert printer.letters == []
    assert "chinese" not in printer.used


def test_the_test_page_asks_for_every_code_page() -> None:
    """Each line of the page can be drawn by a printer with just its code page, the last by any."""
    printer = MatrixPrinter().take(job_bytes(trial_strokes("zh"), profile()))
    said = printer.text()
    for text, page in TRIAL_LINES:
        assert (text in said) == (page is not None)
    assert scanned(drawn(printer, printer.y)) == [TRIAL_DIGITS]


def test_the_table_is_what_is_used() -> None:
    """Every sequence of the table is used by some receipt; the interpreter fails on any other byte."""
    used = printed(paper("charge", "zh")).used | printed(paper("charge", "zh"), code_page="gb2312").used
    assert used == set(ESCP)
    for wrong in (b"\x1b[", b"\x1cZ", b"\x07", b"\x80", b"\x1b*\x27\x05\x00\x00", b"\x1b"):
        with pytest.raises(UnknownBytesError):
            MatrixPrinter().take(wrong)


ANY_TEXT = st.text(
    st.characters(codec="utf-16-be", exclude_categories=())
    | st.sampled_from("\x1b\x1c\x0c\x00\x7f\u202e\x85中é¥")
)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(ANY_TEXT, min_size=6, max_size=6),
    page=st.sampled_from(get_args(CodePage)),
    drawing=st.sampled_from(["text", "raster"]),
)
def test_no_text_becomes_a_command(texts: list[str], page: CodePage, drawing: str) -> None:
    """Whatever a name holds, the printer gets letters it has, dots, and sequences of the table only."""
    one, two, three, four, five, six = texts
    rows = (Words(one, "title", "centre"), Banner(two), Pair(three[:40], four, "loud"))
    rows2 = (Rule(), Item(five, "", six, "1", "2"), Sign(one[:40]), Rule(), Words(six, "small"))
    receipt = Receipt("N", "zh", 1, "", rows + rows2)
    printer = printed(receipt, code_page=page, drawing=drawing)
    assert printer.used <= set(ESCP)
    assert printer.y % 990 == 0


def test_strokes_never_go_back() -> None:
    """Paper is only fed forwards, also where a nudge lifts the first line above the form."""
    for form in PAPERS:
        made: list[Stroke] = [stroke for page in nudge_strokes("zh") for stroke in page]
        assert made
        octets = receipt_bytes(paper("charge", "zh"), profile(paper=form, nudge=-30))
        assert MatrixPrinter().take(octets).letters[0].y >= 0
