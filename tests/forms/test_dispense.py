"""Dispense: only what was charged, paid or vouched for, leaves the pharmacy, from a named batch."""

from __future__ import annotations

from decimal import Decimal

import pytest

from forms.base import read_form
from forms.dispense import Dispense, left_to_dispense
from forms.postings import imbalance
from tests.downtime.builders import arrears, charge, dispense, drug, line
from tests.forms.earlier import PLACE, EarlierEntries, fields


@pytest.fixture
def earlier() -> EarlierEntries:
    """Return a journal with two boxes of a drug and a service, paid."""
    entries = EarlierEntries()
    entries.stand("c1", charge([line("D001", 300, "2", "drug"), line("S001", 500, "1")]))
    return entries


def test_stock_goes_from_the_window_to_the_patient(earlier: EarlierEntries) -> None:
    """Counted per item and batch in thousandths, balanced, and never in money."""
    filled = dispense("c1", [drug("D001", "1.5", "B7")])
    assert not filled.problems(earlier)
    legs = filled.postings(PLACE, earlier)
    assert not imbalance(legs)
    assert {leg.unit for leg in legs} == {"D001|B7|0.001 %E7%9B%92"}
    assert {leg.account: leg.amount for leg in legs} == {"patient_stock:P000001": 1500, "stock:W03": -1500}


def test_not_more_than_was_charged(earlier: EarlierEntries) -> None:
    """Over one dispense or several, over two batches in one, each refusal stands beside its line."""
    assert fields(dispense("c1", [drug(quantity="3")]).problems(earlier)) == {"lines.0.quantity"}
    assert fields(dispense("c1", [drug(), drug(quantity="2", batch="B2")]).problems(earlier)) == {
        "lines.1.quantity"
    }
    earlier.stand("d1", dispense("c1", [drug()]))
    assert left_to_dispense("c1", earlier)["D001"] == Decimal(1)
    assert fields(dispense("c1", [drug(quantity="2")]).problems(earlier)) == {"lines.0.quantity"}
    assert not dispense("c1", [drug()]).problems(earlier)


def test_a_drug_nobody_charged_is_refused(earlier: EarlierEntries) -> None:
    """Neither another drug nor a service can be handed over on this charge."""
    assert fields(dispense("c1", [drug("D999")]).problems(earlier)) == {"lines.0.quantity"}
    assert fields(dispense("c1", [drug("S001")]).problems(earlier)) == {"lines.0.quantity"}


def test_vouched_for_is_as_good_as_paid(earlier: EarlierEntries) -> None:
    """Arrears and green channel are dispensed; an unknown charge is not."""
    earlier.stand("c2", arrears([line("D001", 300, "1", "drug")]))
    assert not dispense("c2", [drug()]).problems(earlier)
    assert fields(dispense("c3", [drug()]).problems(earlier)) == {"charge_id"}
    stranger = {"number": "P9", "name": "乙"}
    assert fields(dispense("c1", [drug()], patient=stranger).problems(earlier)) == {"charge_id"}


def test_what_is_missing_is_said() -> None:
    """No line, no quantity, a date that does not exist."""
    content = dispense("c1", [drug()]).model_dump(mode="json")
    assert "lines" in fields(read_form(Dispense, {**content, "lines": []}))
    assert "lines.0.expiry" in fields(
        read_form(Dispense, {**content, "lines": [{**drug(), "expiry": "2026-13-01"}]})
    )
    assert "lines.0.quantity" in fields(read_form(Dispense, {**content, "lines": [drug(quantity="1.0")]}))
