"""Charge: lines add up, and the money for them is there or somebody vouches."""

from __future__ import annotations

from typing import Any

import pytest

from forms.base import Form, read_form
from forms.charge import Charge
from forms.postings import Posting, imbalance
from tests.downtime.builders import arrears, by, cash, charge, charge_content, line
from tests.forms.earlier import PLACE, EarlierEntries, fields

VOUCHED = {"kind": "green_channel", "guarantor": "总值班"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"total_minor": 2499}, "total_minor"),
        ({"lines": [{**line(), "amount_minor": 1}]}, "lines.0.amount_minor"),
        ({"payments": []}, "payments"),
        ({"payments": [cash(2400)]}, "payments"),
        ({"payments": [cash(2500), by("card", 1)]}, "payments"),
        ({"payments": [cash(1250), cash(1250)]}, "payments"),
        ({"payments": [{**cash(2500), "change_minor": 100}]}, "payments.0.change_minor"),
        ({"payments": [{**cash(2500), "slip_tail": "1234"}]}, "payments.0.slip_tail"),
        ({"payments": [{**by("card", 2500), "tendered_minor": 1}]}, "payments.0.tendered_minor"),
        ({"payments": [by("card", 2500, "4111111111111111")]}, "payments.0.slip_tail"),
        ({"payments": [by("cheque", 2500)]}, "payments.0.method"),
        ({"payments": [cash(0)]}, "payments.0.amount_minor"),
        ({"authorisation": VOUCHED}, "authorisation"),
        ({"payments": [], "authorisation": {**VOUCHED, "guarantor": ""}}, "authorisation.guarantor"),
        ({"payer_kind": "free"}, "payer_kind"),
    ],
)
def test_what_does_not_add_up_is_refused_beside_its_field(change: dict[str, Any], field: str) -> None:
    """Wrong total, underpaid, overpaid, two cash parts, a card number as a slip: each has its place."""
    assert field in fields(read_form(Charge, {**charge_content(), **change}))


def test_cash_with_change_and_several_methods() -> None:
    """Cash counts what stays in the drawer; the rest comes by card and mobile."""
    filled = charge(payments=[cash(500, 10_000), by("card", 1500), by("mobile", 500)])
    drawer = {leg.account: leg.amount for leg in filled.postings(PLACE, EarlierEntries()) if leg.amount > 0}
    assert drawer["drawer:W03:cash"] == 500
    assert drawer["drawer:W03:card"] == 1500
    assert drawer["drawer:W03:mobile"] == 500


def test_postings_balance_and_name_where_money_comes_from() -> None:
    """The patient owes the lines; unlisted items wait in suspense until their price is checked."""
    lines = [line(price=100, quantity="1"), line("D1", 50, "2", "drug"), line("UNLISTED", 7, "1", "unlisted")]
    legs = charge(lines).postings(PLACE, EarlierEntries())
    assert not imbalance(legs)
    assert Posting("revenue:service", "CNY", -100) in legs
    assert Posting("revenue:drug", "CNY", -100) in legs
    assert Posting("suspense:unlisted", "CNY", -7) in legs
    assert sum(leg.amount for leg in legs if leg.account == "patient:P000001") == 0


def test_a_charge_somebody_vouches_for_leaves_the_patient_owing() -> None:
    """Arrears and green channel: nothing in the drawer, the whole on the patient's account."""
    filled = arrears()
    legs = filled.postings(PLACE, EarlierEntries())
    assert not imbalance(legs)
    assert sum(leg.amount for leg in legs if leg.account.startswith("patient:")) == 2500
    assert not [leg for leg in legs if leg.account.startswith("drawer:")]
    assert filled.owed_minor() == 2500
    assert filled.amount_minor() == 2500


def test_a_charge_of_nothing_is_a_charge() -> None:
    """Free items are recorded like others: no payment, nobody vouches."""
    assert isinstance(read_form(Charge, charge_content([line(price=0)])), Form)


@pytest.mark.parametrize(
    ("price", "quantity", "amount"),
    [(333, "0.5", 167), (1, "0.5", 1), (1, "0.499", 0), (99_999, "1.005", 100_499)],
)
def test_amounts_round_half_up(price: int, quantity: str, amount: int) -> None:
    """Half a cent goes up, as on every till."""
    assert line(price=price, quantity=quantity)["amount_minor"] == amount
    assert isinstance(read_form(Charge, charge_content([line(price=price, quantity=quantity)])), Form)
