"""Every money form as staging rows, and what is owed by an insurance as not settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.outcome import Accepted
from sync.connector import Parcel
from sync.connectors.staging_rows import rows_of
from sync.contract_entries import HOSPITAL, charge, made_up_entry, made_up_id, money_forms, patient
from sync.practice_his import PracticeConnector

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from downtime.entry import Entry

ADVANCE, DEPOSIT, PAID = (made_up_id(f"money 1 {name}") for name in ("advance", "deposit", "paid"))
COLLECTED: dict[str, Any] = {
    "charge_id": PAID, "charge_number": "PX-1", "patient": patient(1), "currency": "CNY", "total_minor": 1925,
    "payments": [{"method": "mobile", "amount_minor": 1925, "slip_tail": "8812"}],
}  # fmt: skip
CONFIRMED: dict[str, Any] = {
    "refund_id": PAID, "refund_number": "PX-2", "patient": patient(1), "currency": "CNY", "total_minor": 1925,
    "refunds": [{"method": "mobile", "amount_minor": 1925, "slip_tail": "8812"}],
}  # fmt: skip
FORMS = [(form, content) for _seed, form, content in money_forms(1)]
MONEY = {**dict(FORMS), "payment": COLLECTED, "refund_confirmed": CONFIRMED}


@pytest.mark.parametrize(
    ("form", "names", "lines", "methods", "paid"),
    [
        ("precollection", None, 0, [("in", "mobile")], 1925),
        ("itemisation", ADVANCE, 2, [], None),
        ("deposit", None, 0, [("in", "cash")], 1925),
        ("deposit_refund", DEPOSIT, 0, [("out", "cash")], None),
        ("bookkeeping", None, 2, [], None),
        ("charge", None, 2, [("in", "cash")], 1925),
        ("refund", PAID, 2, [("out", "cash")], None),
        ("payment", PAID, 0, [("in", "mobile")], 1925),
        ("refund_confirmed", PAID, 0, [("out", "mobile")], None),
    ],
)
def test_every_money_form_has_its_rows(
    form: str, names: str | None, lines: int, methods: list[tuple[str, str]], paid: int | None
) -> None:
    """Who, how much, in or out by which method, what it builds on and its lines are columns, not only JSON."""
    rows = rows_of(made_up_entry(1, form, MONEY[form]))
    header = rows.header
    assert (header["form"], header["total_minor"], header["currency"]) == (form, 1925, "CNY")
    assert (header["names_entry"], header["reverses_entry"], header["paid_minor"]) == (names, None, paid)
    assert header["patient_number"] == "PX000001"
    assert len(rows.lines) == lines
    assert [(row["direction"], row["pay_method"]) for row in rows.payments] == methods
    assert sum(row["amount_minor"] for row in rows.payments) == (1925 if methods else 0)
    assert header["cut_columns"] is None


def test_late_from_paper_both_times_and_who_entered_it_travel_along() -> None:
    """When it happened and when it was entered are two columns; who entered it stands beside."""
    entry = made_up_entry(1, "charge", charge(1))
    header = rows_of(entry).header
    assert header["happened_at"] == entry.happened_at
    assert header["recorded_at"] == entry.recorded_at
    assert (header["operator_code"], header["operator_name"]) == (entry.operator, entry.operator_name)


def insured(seq: int, content: dict[str, Any]) -> Entry:
    """Return a charge whose insurance settles later."""
    return made_up_entry(seq, "charge", {**content, "payer_kind": "insured_pending"})


def test_insured_entries_go_unsettled(his: Engine) -> None:
    """The row says so, and the HIS posts it without a formal document, the later payment on it too."""
    connector = PracticeConnector(HOSPITAL, his)
    first = insured(1, charge(1))
    arrears = {"kind": "arrears", "guarantor": "练习担保人", "phone": "10086", "approved_by": "px09"}
    second = insured(2, {**charge(2), "payments": [], "authorisation": arrears})
    third = made_up_entry(3, "payment", {**COLLECTED, "charge_id": second.id, "patient": patient(2)})
    plain = made_up_entry(4, "charge", charge(4))
    entries = [first, second, third, plain]
    assert rows_of(first).header["payer_kind"] == "insured_pending"
    parcels = []
    for entry in entries:
        sent = connector.compose(entry)
        assert isinstance(sent, bytes)
        parcels.append(Parcel(entry, sent))
    dict(connector.deliver(parcels))
    answers = dict(connector.ask(entries))
    documents = []
    for entry in entries:
        answer = answers[entry.id]
        assert isinstance(answer, Accepted)
        documents.append(len(answer.formal))
    assert documents == [0, 0, 0, 2]
