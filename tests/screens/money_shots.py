"""Pictures of the screens around money and paper: advances, deposits, refunds, work lists, statements, paper forms."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from downtime.pack_number import PaperNumber
from tests.screens.late_keys import issue_pack
from tests.screens.made_back import (
    CASH,
    MOBILE_PAY,
    PATIENT,
    made_advance,
    made_deposit,
    made_owing,
    made_paid,
    one_line,
    stand_here,
    two_lines,
)
from tests.screens.shot import Shot

if TYPE_CHECKING:
    from downtime.desk import Desk

_SOURCE = """
format = 1
[statement.wechat]
source = "练习扫码"
methods = ["mobile"]
encoding = "gb18030"
header = "交易时间"
at = "交易时间"
amount = "金额"
reference = "订单号"
"""


def money_day(desk: Desk) -> None:
    """Let every work list have something: eight receipts and a card."""
    made_paid(desk)
    made_paid(desk, [CASH(3_000), MOBILE_PAY(2_000)])
    made_owing(desk, 7_000)
    made_paid(desk, [{**MOBILE_PAY(123_456), "unverified": True}])
    made_advance(desk, 9_900, phone="13900139000")
    made_paid(desk, lines=two_lines(), payer_kind="insured_pending")
    phone = {"left_by": "练习家属", "phone": "13800138002", "kept_in": "07"}
    stand_here(desk, "card_held", patient=PATIENT, **phone)
    made_paid(desk, [CASH(8_000), MOBILE_PAY(1_000)], lines=[*two_lines(), one_line(3_000, "PX003")])


def statement_day(desk: Desk) -> None:
    """Lay a statement of the bank beside three payments: one is there, one is not, one differs."""
    made_paid(desk, [{**MOBILE_PAY(5_000), "unverified": True}])
    made_paid(desk, [MOBILE_PAY(3_000, "4444")])
    made_paid(desk, [MOBILE_PAY(3_000, "5555")])
    at = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}"
    rows = ("PX008812,50.00", "PX009999,5.50", "PX005555,31.00")
    text = "交易时间,订单号,金额\r\n" + "".join(f"{at},{row}\r\n" for row in rows)
    folder = desk.home.path / "statements"
    folder.mkdir()
    (desk.home.path / "statements.toml").write_text(_SOURCE, "utf-8")
    (folder / "wx.csv").write_bytes(text.encode("gb18030"))


def deposit_day(desk: Desk) -> None:
    """Let an inpatient have paid a deposit."""
    made_deposit(desk, 50_000)


def advance_day(desk: Desk) -> None:
    """Let 200.00 have been taken in advance."""
    made_advance(desk, 20_000)


def pack_day(desk: Desk) -> None:
    """Let a pack of ten charge forms lie with somebody."""
    issue_pack(desk.home)


_LISTS = ("go:worklists", "lists")
_INPATIENT = (*"zxy", "enter")
_PAPER = ("go:late_entry", *str(PaperNumber("W03A", 1, drill=False)), "enter", *"0820", "enter", "enter")
_OVER = ("go:itemisation", *"W03A-000001", "enter", *"xcg", "enter")
_PRICED = ("go:pricing", *"zw", "enter", *"xcg", "enter", *"amxl", "2")

MONEY_SHOTS: tuple[Shot, ...] = (
    Shot(
        "settle-unverified",
        "结算:未核实 Settle: money nobody saw arrive",
        ("go:charge", *"zw", "enter", *"xcg", "enter", "f8", "ctrl+e", *"8812"),
    ),
    Shot("precollection", "预收 Pre-collection", ("go:precollection", *"zw", "enter", "3", *"200")),
    Shot("itemisation", "预收补录明细 Lines of a pre-collection", _OVER, before=advance_day),
    Shot(
        "itemisation-over",
        "预收补录明细:多退 Lines of a pre-collection: what is over",
        (*_OVER, "f8", "itemised"),
        before=advance_day,
    ),
    Shot("deposit", "预交金 Deposit", ("go:deposit", *_INPATIENT, *"500")),
    Shot(
        "deposit-refund",
        "退预交金 Deposit refund",
        ("go:deposit_refund", *"W03A-000001-0", "enter"),
        before=deposit_day,
    ),
    Shot("pricing", "划价 Pricing", _PRICED, operator="3001"),
    Shot(
        "bookkeeping", "记账 Bookkeeping", ("go:bookkeeping", *_INPATIENT, *"xcg", "enter"), operator="2001"
    ),
    Shot("refund-find", "退费:找收据 Refund: finding the receipt", ("go:refund", *"W03"), before=money_day),
    Shot(
        "refund", "退费:几行 Refund: some lines", ("go:refund", *"0008", "enter", "1", "3"), before=money_day
    ),
    Shot(
        "refund-why",
        "退费:原因 Refund: the reason",
        ("go:refund", *"0008", "enter", "f9", "f8", "1", "enter"),
        before=money_day,
    ),
    Shot("worklists", "待办 Work lists", _LISTS, before=money_day),
    Shot(
        "worklists-rows",
        "待办:未换票据 Work lists: to be exchanged",
        (*_LISTS, "1", "down"),
        before=money_day,
    ),
    Shot(
        "worklists-exchange",
        "待办:换开正式票据 Work lists: exchanging a receipt",
        (*_LISTS, "1", "lists", "enter", "1", *"00123456", "enter"),
        before=money_day,
    ),
    Shot(
        "worklists-verify",
        "待办:核实到账 Work lists: did the money arrive",
        (*_LISTS, "2", "lists", "enter"),
        before=money_day,
    ),
    Shot(
        "worklists-card",
        "待办:留卡 Work lists: keeping a card",
        (*_LISTS, "4", "ctrl+n", *"zw"),
        before=money_day,
    ),
    Shot("statements", "对账 Statements", ("go:statements", "found"), operator="1006", before=statement_day),
    Shot(
        "statements-matched",
        "对账:结果 Statements: what agrees and what does not",
        ("go:statements", "found", "1", "compared"),
        operator="1006",
        before=statement_day,
    ),
    Shot("packs", "手工单 Paper forms", ("go:packs", "packs"), before=pack_day),
    Shot("late-entry", "补录手工单:单号 Late entry: the number", ("go:late_entry",), before=pack_day),
    Shot(
        "late-entry-lines",
        "补录手工单:明细 Late entry: the lines",
        (*_PAPER, *"zw", "enter", *"xcg", "enter"),
        before=pack_day,
    ),
    Shot("plain-worklists", "朴素外观:待办 The plain look: work lists", _LISTS, plain=True, before=money_day),
    Shot(
        "plain-refund",
        "朴素外观:退费 The plain look: a refund",
        ("go:refund", *"0008", "enter", "1", "3"),
        plain=True,
        before=money_day,
    ),
    Shot(
        "drill-precollection",
        "演练:预收 A drill: pre-collection",
        ("go:precollection", *"zw", "enter"),
        drill=True,
    ),
)
"""After the shots of charging and of the shift, on the page as well."""
