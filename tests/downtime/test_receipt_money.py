"""Money forms on paper: nobody takes a pricing for a receipt, or a promised refund for money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.letterhead import Letterhead
from downtime.receipt import receipt_lines
from downtime.receipt_facts import receipt_facts
from downtime.receipt_text import as_text
from downtime.shift import opening
from downtime.shift_report import head_code, read_head_code, shift_report
from downtime.store import journal
from tests.downtime.builders import by, cash, charge, line, stand
from tests.downtime.shifts import close_shift, some_customers
from tests.forms.money import (
    bookkeeping,
    card_held,
    deposit,
    deposit_refund,
    itemisation,
    part_of,
    precollection,
    pricing,
    refund,
    unseen,
)

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.entry import Entry
    from forms.base import Form

HOSPITAL = Letterhead("练习医院")


def _paper(entry: Entry, language: str = "zh") -> str:
    return as_text(receipt_lines(entry, HOSPITAL, language="en" if language == "en" else "zh"))


def _stands(book: OpenBook, form: Form) -> str:
    return _paper(stand(book, form))


def test_nobody_takes_it_for_something_else(open_book: OpenBook) -> None:
    """Each paper says in one line what it is worth."""
    assert "未付款" in _stands(open_book, pricing())
    assert "记账:未收款" in _stands(open_book, bookkeeping())
    advance = stand(open_book, precollection([cash(3000), unseen(2000, "8812")]))
    assert "预收:明细后补" in _paper(advance)
    assert "未核实" in _paper(advance)
    lines = itemisation([line(price=2000)], 5000, 4000, advance.id)
    assert "多收,待退" in _stands(open_book, lines)
    paid = stand(open_book, charge([line()], payments=[by("mobile", 2500)]))
    back = refund(paid.id, [part_of(1, paid.content["lines"][0], "2", 2500)], [by("mobile", 2500)])
    assert "待原路退" in _stands(open_book, back)
    assert "凭此条取回卡" in _stands(open_book, card_held())


def test_a_deposit_says_what_the_white_slip_said(open_book: OpenBook) -> None:
    """病房, 姓名, 金额, 电话, 本科室电话, 公章; the balance with its time."""
    more = {"department_phone": "8012", "balance_minor": -2050, "balance_as_of": "2026-01-05T07:00:00+08:00"}
    entry = stand(open_book, deposit([cash(100_000)], phone="13800000000", **more))
    for said in ("练习病区  12", "8012", "138****0000", "壹仟元整", "公章", "¥-20.50", "2026-01-05 07:00"):
        assert said in _paper(entry), said
    assert "退费" in _stands(open_book, deposit_refund(entry.id, [cash(100)]))


@pytest.mark.parametrize(
    ("form", "settled", "undoing"),
    [
        ("pricing", "none", False), ("bookkeeping", "unpaid", False), ("precollection", "paid", False),
        ("itemisation", "paid", False), ("refund", "none", True), ("deposit_refund", "none", True),
    ],
)  # fmt: skip
def test_the_code_says_whether_it_is_paid(form: str, settled: str, *, undoing: bool) -> None:
    """A pharmacy that scans it must not hand out on a pricing or a refund."""
    contents: dict[str, dict[str, Any]] = {
        "precollection": {"payments": [cash(1)]},
        "itemisation": {"covered_minor": 5, "total_minor": 5},
    }
    content = contents.get(form, {})
    facts = receipt_facts(
        form, content, hospital="P", station="W03", incarnation="A", seq=1, number="n", outage="", drill=False,
        happened_at="2026-01-05T08:20:00+08:00", previous_hash=bytes(32),
    )  # fmt: skip
    assert (facts.settlement, facts.reversal) == (settled, undoing)


def test_the_shift_report(open_book: OpenBook) -> None:
    """Sums three ways, the drawer, numbers, what is open, in both languages; the head as digits."""
    stand(open_book, opening(open_book, float_minor=20_000))
    some_customers(open_book)
    close_shift(open_book, 32_200, reason="练习:找错零", left_minor=20_000)
    entry = journal.last_of_form(open_book.db, "shift_closed")
    assert entry is not None
    told = as_text(shift_report(entry, HOSPITAL, language="zh"))
    for said in ("日结单", "化验费", "预收:化验费", "短款", "练习:找错零", "000001 - 000007  (7)", "¥323.00"):
        assert said in told, said
    english = as_text(shift_report(entry, HOSPITAL, language="en"))
    for said in ("Shift report", "In advance: 化验费", "Short", "Cash counted"):
        assert said in english, said
    assert read_head_code(head_code(entry.seq, entry.hash)) == (entry.seq, entry.hash)
    for other in ("", "02", "0112", "02x", entry.qr[0] if entry.qr else "0"):
        assert read_head_code(other) is None
