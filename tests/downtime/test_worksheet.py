"""An entry as it is typed into the HIS: fields in its order, values as it wants them, nothing wrong as a code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from downtime.errors import RefusedInputError
from downtime.worksheet import can_be_bars, signed_minor, worksheet_entry
from downtime.worksheet_paper import sums_of
from downtime.worksheet_template import (
    WorksheetTemplate,
    found_template,
    read_template,
    retyped_forms,
    shipped_template,
    shipped_text,
    template_path,
)
from tests.downtime.builders import arrears, by, cash, charge, line, registration, reversal, stand, visit
from tests.forms.money import refund

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.worksheet import Cell, WorksheetEntry

TEMPORARY = {"number": "TW03A0100001", "name": "无名氏", "temporary": True}


def told(entry: Entry, template: WorksheetTemplate | None = None, **more: Any) -> WorksheetEntry:
    """Return an entry as it is typed."""
    named = {"language": "zh", "currency": "CNY", "patients": {}, "bills": {}, **more}
    return worksheet_entry(entry, template or shipped_template(), **named)


def field(one: WorksheetEntry, name: str, line: int = 0) -> Cell:
    """Return a field of an entry."""
    return next(cell for cell in one.cells if cell.field == name and (not line or cell.line == line))


def site(tmp_path: Path, text: str) -> WorksheetTemplate:
    """Return the template of a site."""
    path = tmp_path / "worksheet.toml"
    path.write_text(text, "utf-8")
    return read_template(path)


def test_fields_stand_in_the_order_of_the_his(open_book: OpenBook, tmp_path: Path) -> None:
    """The site's order is the order of the sheet, its titles are the HIS's, and what is not listed is not typed."""
    entry = stand(open_book, charge([line("A1", 1250, "2"), line("B2", 500, "1")]))
    own = site(
        tmp_path,
        '[titles]\nitem = "项目编码"\n[forms.charge]\nhead = ["visit", "patient"]\nlines = ["quantity", "item"]\n'
        'barcodes = ["item"]\n',
    )
    one = told(entry, own)
    assert [(cell.field, cell.value) for cell in one.typed()] == [
        ("visit", "V000001"), ("patient", "P000001"),
        ("quantity", "2"), ("item", "A1"), ("quantity", "1"), ("item", "B2"),
    ]  # fmt: skip
    assert field(one, "item").title == "项目编码"
    assert field(one, "item").bars == "A1"
    assert not field(one, "quantity").bars


def test_what_is_compared_is_not_typed(open_book: OpenBook) -> None:
    """Prices and sums are there to be compared; what stands in the HIS by itself is marked."""
    one = told(stand(open_book, charge([line("A1", 1250, "1")])))
    assert field(one, "total").checked
    assert field(one, "total").value == "12.50"
    assert "total" not in {cell.field for cell in one.typed()}
    assert field(one, "quantity").usual
    assert field(one, "paid").usual


@pytest.mark.parametrize(
    ("writes", "amount", "day", "clock"),
    [
        ("", "1234.50", "2026-01-05", "14:03"),
        ('amount = "1250"\nday = "20260105"\nclock = "140300"', "123450", "20260105", "140312"),
        ('amount = "12.5"\nday = "2026/01/05"\nclock = "1403"', "1234.5", "2026/01/05", "1403"),
    ],
)
def test_values_are_written_as_the_his_wants_them(
    open_book: OpenBook, tmp_path: Path, writes: str, amount: str, day: str, clock: str
) -> None:
    """Yuan or fen, days with or without strokes, times with or without seconds."""
    entry = stand(open_book, charge([line("A1", 123450, "1")]))
    entry = replace(entry, happened_at="2026-01-05T14:03:12.000+08:00")
    own = site(tmp_path, f'[writes]\n{writes}\n[forms.charge]\nhead = ["day", "clock"]\nfoot = ["total"]\n')
    assert [cell.value for cell in told(entry, own).cells] == [day, clock, amount]


def test_the_his_has_codes_of_its_own(open_book: OpenBook, tmp_path: Path) -> None:
    """With a code the code is typed and scanned and the word stands beside it; without one the word is text only."""
    entry = stand(open_book, charge([line()], payments=[by("card", 2500)]))
    for language in ("zh", "en"):
        plain = field(told(entry, language=language), "method")
        assert (plain.is_word, plain.bars, plain.is_copied) == (True, "", False)
    coded = field(told(entry, site(tmp_path, '[codes.method]\ncard = "2"\n')), "method")
    assert (coded.value, coded.meaning, coded.bars) == ("2", "银行卡", "2")


def test_what_is_given_back_is_negative(open_book: OpenBook, tmp_path: Path) -> None:
    """Refund and reversal carry a minus where the HIS wants one, and always count as negative in sums."""
    entry = stand(open_book, charge([line("A1", 1250, "2")]))
    part = {"line": 1, "code": "A1", "name": "练习项目", "quantity": "1", "amount_minor": 1250}
    back = stand(open_book, refund(entry.id, [part], [cash(1250)]))
    one = told(back)
    assert (field(one, "quantity").value, field(one, "amount").value, field(one, "total").value) == (
        "-1", "-12.50", "-12.50",
    )  # fmt: skip
    own = site(tmp_path, '[forms.refund]\nlines = ["quantity"]\nfoot = ["total"]\n')
    assert [cell.value for cell in told(back, own).cells] == ["1", "12.50"]
    assert signed_minor(back) == told(back, own).amount_minor == -1250


def test_a_temporary_number_is_never_typed(open_book: OpenBook) -> None:
    """Before the patient is matched there is nothing to scan; afterwards the HIS's number stands there."""
    stand(open_book, registration())
    entry = stand(open_book, arrears([line()], patient=TEMPORARY))
    before = told(entry)
    assert field(before, "patient").value == ""
    assert not field(before, "patient").is_typed
    assert "TW03A0100001" in field(before, "patient").meaning
    assert any("匹配" in remark for remark in before.remarks)
    after = told(entry, patients={"TW03A0100001": "P777"})
    assert field(after, "patient").bars == "P777"
    assert not any("匹配" in remark for remark in after.remarks)


def test_what_builds_on_another_entry_names_the_bill_of_the_his(open_book: OpenBook) -> None:
    """A reversal asks for the HIS's bill of what it undoes: known it is typed, unknown a person looks it up."""
    entry = stand(open_book, charge())
    undone = stand(open_book, reversal(entry))
    known = told(undone, bills={entry.id: "2026112200018"})
    assert field(known, "his_bill").bars == "2026112200018"
    unknown = told(undone)
    assert not field(unknown, "his_bill").is_typed
    assert field(unknown, "his_bill").meaning
    assert field(unknown, "names").value == entry.number


def test_unlisted_and_insured_are_said(open_book: OpenBook) -> None:
    """An item no list has is never typed as a code, and money the insurer still settles is said."""
    lines = [line("UNLISTED", 5000, "1", "unlisted", name="特殊治疗")]
    one = told(stand(open_book, charge(lines, payer_kind="insured_pending")))
    assert not field(one, "item").is_typed
    assert "特殊治疗" in field(one, "item").meaning
    assert any("医保" in remark for remark in one.remarks)


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("250101015", True), ("A-1.2/x y", True), ("~!@#$%^&*()", True),
        ("中药-001", False), ("A\x1b[31m", False), (" A1", False), ("A1\n", False), ("", False),
        ("\u202eA1", False), ("x" * 33, False), ("é", False), ("\xf1", False), ("１２", False),
    ],
)  # fmt: skip
def test_only_what_a_scanner_types_exactly_becomes_bars(text: str, *, can: bool) -> None:
    """Chinese, control characters, outer spaces and what does not fit stay text; there is never a wrong code."""
    assert can_be_bars(text) is can


def test_foreign_text_is_only_text(open_book: OpenBook) -> None:
    """A code with an escape sequence in it is shown, but neither scanned nor copied."""
    patient = {"number": "P1\x1b[2J", "name": "张\x1b[31m三"}
    one = told(stand(open_book, charge(patient=patient, visit=None)))
    assert field(one, "patient").is_odd
    assert not field(one, "patient").bars


def test_every_form_the_his_gets_can_be_typed(open_book: OpenBook) -> None:
    """The shipped order knows every such form; one without an order is shown with all its facts, titled."""
    assert set(shipped_template().forms) == set(retyped_forms())
    one = told(stand(open_book, visit()), WorksheetTemplate())
    assert not one.is_laid_out
    said = {cell.field: cell.value for cell in one.cells}
    assert said["patient.name"] == "练习病人甲"
    assert said["visit.department"] == "D01"
    assert all(cell.title for cell in one.cells)


def test_sums_add_up(open_book: OpenBook) -> None:
    """A line for each form, what was given back negative, and together every entry once."""
    entry = stand(open_book, charge())
    listed = [told(entry), told(stand(open_book, reversal(entry))), told(stand(open_book, registration()))]
    sums = sums_of(listed)
    assert sum(one.entries for one in sums) == 3
    assert sum(one.amount_minor for one in sums) == 0
    assert [one.amount_minor for one in sums] == [2500, -2500, 0]


@pytest.mark.parametrize(
    ("text", "line_number", "says"),
    [
        ('[forms.charge]\nhead = ["patient"]\ncolour = "red"\n', 3, "colour"),
        ('[forms.charge]\nhead = ["patient", "sexx"]\n', 2, "sexx"),
        ('[forms.charge]\nlines = ["patient"]\n', 2, "patient"),
        ('[forms.charge]\nhead = ["patient"]\nfoot = ["patient"]\n', 1, "patient"),
        ('[forms.charge]\nhead = ["patient"]\nbarcodes = ["visit"]\n', 1, "visit"),
        ('[forms.pricing]\nhead = ["patient"]\n', 1, "pricing"),
        ('[writes]\namount = "12,50"\n', 2, "amount"),
        ('[codes.method]\ncheque = "9"\n', 1, "cheque"),
        ("[forms.charge]\n", 1, "charge"),
    ],
)
def test_a_wrong_template_is_refused(tmp_path: Path, text: str, line_number: int, says: str) -> None:
    """What is wrong is said with file, line and what to do; nothing else is changed."""
    with pytest.raises(RefusedInputError) as refused:
        site(tmp_path, text)
    assert f"worksheet.toml 第 {line_number} 行" in refused.value.what
    assert says in refused.value.what
    assert "docs/retype.md" in refused.value.then


def test_the_screen_goes_on_with_the_shipped_order(tmp_path: Path) -> None:
    """While the site's file is wrong the shipped one is in force and the fault is told; without a file nothing is."""
    assert found_template(tmp_path).fault is None
    path = template_path(tmp_path)
    path.parent.mkdir()
    path.write_text("[forms.charge]\nhead = 3\n", "utf-8")
    found = found_template(tmp_path)
    assert found.template is shipped_template()
    assert found.fault is not None
    path.write_text(shipped_text(), "utf-8")
    assert found_template(tmp_path).fault is None
