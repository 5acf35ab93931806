"""Money taken, kept and owed before a story begins, for stories about giving back and working lists off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.approvals import approve, rule_for
from downtime.book import OpenBook
from downtime.record import Recorded, new_entry_id, record, record_event
from downtime.sealing import Filled
from downtime.shift import closing, matters, opening, shift_now
from forms import form_named
from forms.shift import ShiftClosed, ShiftCounted
from forms.station_book import Printed
from tests.screens.made_up import CASHIER, SUPERVISOR

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.entry import Entry
    from forms.base import Form

PATIENT = {"number": "P900001", "name": "练习病人甲", "sex": "female", "birth_date": "1980-01-31"}


def CASH(amount: int) -> dict[str, Any]:  # noqa: N802 (reads like a coin)
    """Return a payment in cash."""
    return {"method": "cash", "amount_minor": amount, "tendered_minor": amount, "change_minor": 0}


def MOBILE_PAY(amount: int, tail: str = "8812") -> dict[str, Any]:  # noqa: N802 (as above)
    """Return a payment by mobile pay."""
    return {"method": "mobile", "amount_minor": amount, "slip_tail": tail}


def one_line(amount: int, code: str = "PX001", quantity: int = 1) -> dict[str, Any]:
    """Return a service whose lines come to an amount."""
    return {
        "code": code,
        "name": f"练习检查 {code}",
        "unit": "次",
        "kind": "service",
        "unit_price_minor": amount // quantity,
        "quantity": str(quantity),
        "amount_minor": amount,
    }


def two_lines() -> list[dict[str, Any]]:
    """Return one of 10.00 and two of 25.00."""
    return [one_line(1_000), one_line(5_000, "PX002", 2)]


def stand_here(desk: Desk, form: str, **content: Any) -> Entry:
    """Record a form as a cashier; a supervisor agrees where somebody must."""
    kind = form_named(form)
    assert kind is not None
    return stand_form(desk, kind.model_validate(content))


def stand_form(desk: Desk, form: Form, *, by: str = CASHIER) -> Entry:
    """Record a filled form as somebody."""
    home = desk.home
    book = OpenBook(home, home.keys.unlock(by, f"lianxi{by}"), home.current_book(), desk.book.clock)
    try:
        filled, rule = Filled(form, new_entry_id()), rule_for(book, form)
        approval = approve(book, filled, rule, SUPERVISOR, f"lianxi{SUPERVISOR}") if rule else None
        recorded = record(book, filled, approval)
    finally:
        book.close()
    assert isinstance(recorded, Recorded), recorded
    return recorded.entry


def made_paid(
    desk: Desk,
    payments: list[dict[str, Any]] | None = None,
    lines: list[dict[str, Any]] | None = None,
    **more: Any,
) -> Entry:
    """Record a charge paid by these payments, 50.00 in cash by default."""
    if lines is None:
        parts = [CASH(5_000)] if payments is None else payments
        total = sum(part["amount_minor"] for part in parts) or 5_000
        lines = [one_line(total)]
    total = sum(line["amount_minor"] for line in lines)
    paid = [CASH(total)] if payments is None else payments
    content = {"patient": PATIENT, "currency": desk.currency, "lines": lines, "total_minor": total}
    return stand_here(desk, "charge", **{**content, "payments": paid, **more})


def made_owing(desk: Desk, total: int = 5_000, **more: Any) -> Entry:
    """Record a charge somebody vouches for."""
    vouched = {"kind": "arrears", "guarantor": "练习担保人", "phone": "13800138001"}
    return made_paid(desk, [], [one_line(total)], authorisation=vouched, **more)


def made_advance(desk: Desk, amount: int, **more: Any) -> Entry:
    """Record a pre-collection in cash."""
    content = {"patient": PATIENT, "currency": desk.currency, "category": "化验费", "total_minor": amount}
    return stand_here(desk, "precollection", **{**content, "payments": [CASH(amount)], **more})


def made_deposit(desk: Desk, amount: int) -> Entry:
    """Record a deposit in cash."""
    content = {
        "patient": PATIENT,
        "currency": desk.currency,
        "total_minor": amount,
        "payments": [CASH(amount)],
    }
    return stand_here(desk, "deposit", **content)


def dispensed(desk: Desk, charge: Entry) -> Entry:
    """Let the pharmacy have handed out every drug of a charge."""
    lines = [
        {**{name: line[name] for name in ("code", "name", "unit", "quantity")}, "batch": "PX1"}
        for line in charge.content["lines"]
        if line["kind"] == "drug"
    ]
    content = {"charge_id": charge.id, "patient": charge.content["patient"], "lines": lines, "window": "1"}
    kind = form_named("dispense")
    assert kind is not None
    return stand_form(desk, kind.model_validate(content), by="3001")


def made_shift_closed(desk: Desk) -> ShiftClosed:
    """Let a shift of this window have been opened, counted and closed."""
    home = desk.home
    ring = home.keys.unlock(CASHIER, f"lianxi{CASHIER}")
    book = OpenBook(home, ring, home.current_book(), desk.book.clock)
    try:
        record_event(book, opening(book, float_minor=0))
        standing = shift_now(book.db)
        assert standing is not None
        counted = {"shift": standing.shift, "currency": desk.currency, "counted_minor": 5_000}
        record_event(
            book,
            ShiftCounted.model_validate({**counted, "counted": [{"denomination_minor": 5_000, "pieces": 1}]}),
        )
        for matter in matters(book.db):
            record_event(book, Printed(entry_id=matter.entry_id, number=matter.number, state="printed"))
        form = closing(book, counted_minor=5_000)
        assert isinstance(form, ShiftClosed), form
        record_event(book, form)
    finally:
        book.close()
    return form
