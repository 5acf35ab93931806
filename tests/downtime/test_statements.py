"""Statements: every payment and every row has one outcome; nothing is guessed, odd files are refused by row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from downtime.record import Refused, new_entry_id, record
from downtime.sealing import Filled
from downtime.statement_csv import StatementLayout, StatementRow, read_statement
from downtime.statements import match, statement_form, verified_by
from downtime.store import open_lists
from downtime.store.statement_queries import PaymentHere, payments_here
from tests.downtime.builders import by, cash, charge, line, reversal, stand
from tests.forms.money import part_of, refund, refund_confirmed, unseen

if TYPE_CHECKING:
    from downtime.book import OpenBook

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 1, 5, 8, 20, tzinfo=ZONE)
LAYOUT = StatementLayout(
    source="练习",
    encoding="gb18030",
    header="交易时间",
    at="交易时间",
    amount="金额",
    reference="订单号",
    kind="类型",
)


def _here(n: int, amount: int, tail: str = "", minutes: int = 0, method: str = "mobile") -> PaymentHere:
    at = (AT + timedelta(minutes=minutes)).isoformat()
    return PaymentHere(f"e{n}", f"N{n}", "P1", at, 0, method, amount, tail, unverified=True)


def _there(n: int, amount: int, reference: str = "", minutes: int = 0) -> StatementRow:
    return StatementRow(n, AT + timedelta(minutes=minutes), amount, reference)


def _told(here: list[PaymentHere], there: list[StatementRow]) -> list[tuple[str, str, int]]:
    return [
        (one.outcome, one.here.entry_id if one.here else "", one.there.line if one.there else 0)
        for one in match(here, there)
    ]


def test_matched_missing_unknown_different() -> None:
    """By tail, amount and time; each payment and each row once."""
    here = [_here(1, 100, "8812"), _here(2, 200, "7777"), _here(3, 300, "5555"), _here(4, 400)]
    there = [_there(1, 100, "PX008812", 5), _there(2, 250, "PX007777", 1), _there(3, 999, "PX001234"),
             _there(4, 400, "PX000001", 20)]  # fmt: skip
    assert _told(here, there) == [
        ("matched", "e1", 1), ("matched", "e4", 4), ("different", "e2", 2), ("missing_there", "e3", 0),
        ("unknown_here", "", 3),
    ]  # fmt: skip


def test_duplicate_slips() -> None:
    """One order number twice in the file counts once; one slip used for two receipts is found out."""
    there = [_there(1, 100, "PX008812"), _there(2, 100, "PX008812")]
    assert _told([_here(1, 100, "8812")], there) == [("duplicate", "", 2), ("matched", "e1", 1)]
    here = [_here(1, 100, "8812"), _here(2, 100, "8812", 3)]
    assert _told(here, there[:1]) == [("matched", "e1", 1), ("duplicate", "e2", 0)]
    two_of_a_kind = [_there(1, 100, "PX118812"), _there(2, 100, "PX228812", 3)]
    assert _told(here, two_of_a_kind) == [("matched", "e1", 1), ("matched", "e2", 2)]


def test_without_a_tail_nothing_is_guessed() -> None:
    """Two receipts of one amount and one row: neither gets it."""
    here = [_here(1, 100), _here(2, 100, minutes=2)]
    assert _told(here, [_there(1, 100, "PX1")]) == [
        ("missing_there", "e1", 0), ("missing_there", "e2", 0), ("unknown_here", "", 1),
    ]  # fmt: skip
    assert _told(here[:1], [_there(1, 100, "PX1", 31)])[0][0] == "missing_there", "outside the window"


def test_another_time_is_a_difference() -> None:
    """Same slip, same amount, hours apart: a person looks at it."""
    assert _told([_here(1, 100, "8812")], [_there(1, 100, "PX8812", 300)]) == [("different", "e1", 1)]
    assert _told([_here(1, 100, "8812")], [_there(1, 100, "PX8812", 3000)])[0][0] == "missing_there"


def test_money_back_matches_money_back() -> None:
    """A refund is a negative row and never pairs with a payment."""
    here = [_here(1, 100, "8812"), _here(2, -100, "8812", 10)]
    there = [_there(1, -100, "PX8812", 11), _there(2, 100, "PX8812")]
    assert _told(here, there) == [("matched", "e1", 2), ("matched", "e2", 1)]


def test_read_as_declared() -> None:
    """GB18030, a preamble, back-ticks before long numbers, refunds by their word, sums below the list."""
    text = (
        "练习支付对账单\r\n起始,2026-01-05\r\n交易时间,订单号,类型,金额\r\n"
        '2026-01-05 08:21:00,`PX008812,支付,"1,234.50"\r\n2026-01-05 09:00:00,`PX008813,退款,20\r\n'
        "2026-01-05 09:01:00,`PX008814,支付,-3.00\r\n\r\n合计,3\r\n"
    )
    read = read_statement(text.encode("gb18030"), LAYOUT, "CNY", ZONE)
    assert not read.problems
    assert [(row.line, row.amount_minor, row.reference) for row in read.rows] == [
        (4, 123_450, "PX008812"), (5, -2_000, "PX008813"), (6, -300, "PX008814"),
    ]  # fmt: skip
    assert read.rows[0].at == datetime(2026, 1, 5, 8, 21, tzinfo=ZONE)


def test_odd_files_are_refused_by_row() -> None:
    """A wrong encoding, column, amount or time stops the file and is named; half a statement is none."""
    head = "交易时间,订单号,类型,金额\r\n"
    for text, encoding, told in (
        (head, "utf-16", "gb18030"),
        ("交易时间,订单号,类型\r\n", "gb18030", "金额"),
        (head + "2026-01-05 08:21:00,1,支付,一元\r\n", "gb18030", "2"),
        (head + "昨天早上,1,支付,1\r\n", "gb18030", "昨天早上"),
        (head + "2026-01-05 08:21:00,1\r\n", "gb18030", "2"),
        ("something else\r\n", "gb18030", "交易时间"),
    ):
        read = read_statement(text.encode(encoding), LAYOUT, "CNY", ZONE)
        assert any(told in problem for problem in read.problems), (text, read)


def test_what_waits_is_verified_by_the_statement(open_book: OpenBook) -> None:
    """Unverified money is found by its tail and leaves the list; refunds and reversals count as what they are."""
    seen = stand(open_book, charge([line(price=500, quantity="1")], payments=[unseen(500, "8812")]))
    stand(open_book, charge([line(price=700, quantity="1")], payments=[unseen(700)]))
    gone = stand(open_book, charge([line(price=900, quantity="1")], payments=[by("mobile", 900)]))
    stand(open_book, reversal(gone))
    charged = line(price=300, quantity="1")
    back = stand(open_book, charge([charged], payments=[by("mobile", 300, "4444")]))
    given = stand(open_book, refund(back.id, [part_of(1, charged, "1", 300)], [by("mobile", 300, "4444")]))
    stand(open_book, refund_confirmed(given.id, [by("mobile", 300, "4444")]))
    stand(open_book, charge(payments=[cash(2500)]))
    here = payments_here(open_book.db)
    assert [(one.amount_minor, one.tail, one.unverified) for one in here] == [
        (500, "8812", True), (700, "", True), (300, "4444", False), (-300, "4444", False),
    ]  # fmt: skip
    assert open_lists.unverified_total(open_book.db) == 1_200
    at = datetime.fromisoformat(seen.happened_at)
    compared = match(here, [StatementRow(2, at, 500, "PX008812"), StatementRow(3, at, 41, "PX1")])
    forms = verified_by(compared, "CNY", {seen.id: seen.content["patient"]})
    for form in forms:
        stand(open_book, form)
    assert open_lists.unverified_total(open_book.db) == 700
    assert [one.unverified for one in payments_here(open_book.db)] == [False, True, False, False]
    told = statement_form(
        compared, source="练习", file="px.csv", content=b"px", encoding="gb18030", currency="CNY"
    )
    assert {one.outcome: one.rows for one in told.sums} == {
        "matched": 1, "missing_there": 3, "unknown_here": 1, "different": 0, "duplicate": 0,
    }  # fmt: skip
    assert told.sums[0].here_minor == told.sums[0].there_minor == 500
    stand(open_book, told)
    assert isinstance(record(open_book, Filled(told, new_entry_id())), Refused)
