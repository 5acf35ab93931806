"""Pre-collection and its lines, pricing, deposits, bookkeeping: money before lines, and lines without money."""

from __future__ import annotations

import pytest

from forms.base import read_form
from forms.bill import owed_minor
from forms.deposit import deposited_here
from forms.dispense import left_to_dispense
from forms.itemisation import Itemisation
from forms.postings import imbalance
from forms.precollection import Precollection, advance_left
from forms.pricing import charged_as
from tests.downtime.builders import PATIENT, by, cash, charge, collection, dispense, drug, line
from tests.forms.earlier import PLACE, EarlierEntries, fields
from tests.forms.money import (
    bookkeeping,
    deposit,
    deposit_refund,
    itemisation,
    precollection,
    pricing,
    refund,
    unseen,
    verified,
)
from tests.forms.test_reversal import _undo

LINES = [line("A001", 3000, "1"), line("D001", 500, "2", "drug")]
OTHER = {"number": "P000002", "name": "练习病人乙"}


@pytest.fixture
def earlier() -> EarlierEntries:
    """Return fifty yuan taken in advance."""
    entries = EarlierEntries()
    entries.stand("a1", precollection([cash(3000), by("card", 2000)]))
    return entries


def test_an_advance_is_owed_until_its_lines_follow(earlier: EarlierEntries) -> None:
    """The money is a liability; the lines make it revenue; what is over stays owed, and is shown."""
    assert earlier.balances("deposit:") == {("deposit:P000001:advance", "CNY"): -5000}
    lines = itemisation(LINES, 5000, 4000)
    assert not lines.problems(earlier)
    assert lines.over_minor() == 1000
    assert not imbalance(lines.postings(PLACE, earlier))
    earlier.stand("i1", lines)
    assert earlier.balances("deposit:") == {("deposit:P000001:advance", "CNY"): -1000}
    assert not earlier.balances("patient:")
    assert advance_left("a1", earlier) == 1000
    assert not refund("a1", [], [cash(1000)]).problems(earlier)
    assert fields(refund("a1", [], [cash(1001)]).problems(earlier)) == {"total_minor"}


def test_lines_above_the_advance_are_owed_and_collected(earlier: EarlierEntries) -> None:
    """少补: the rest is owed like any arrears, drugs wait for it, a payment ends it."""
    earlier.stand("i1", itemisation([*LINES, line("A002", 2500, "1")], 5000, 5000))
    assert owed_minor("i1", earlier) == 1500
    assert fields(dispense("i1", [drug()]).problems(earlier)) == {"charge_id"}
    assert fields(collection("i1", [cash(1501)]).problems(earlier)) == {"total_minor"}
    earlier.stand("p1", collection("i1", [cash(1500)]))
    assert owed_minor("i1", earlier) == 0
    assert not dispense("i1", [drug()]).problems(earlier)
    assert left_to_dispense("i1", earlier)["D001"] == 2


def test_the_advance_pays_as_far_as_it_goes_and_once(earlier: EarlierEntries) -> None:
    """Neither less nor twice, and not another patient's."""
    assert fields(itemisation(LINES, 5000, 3000).problems(earlier)) == {"covered_minor"}
    earlier.stand("i1", itemisation(LINES, 5000, 4000))
    assert fields(itemisation(LINES, 5000, 4000).problems(earlier)) == {"covered_minor"}
    assert not itemisation(LINES, 5000, 1000).problems(earlier)
    strange = itemisation(LINES, 5000, 4000, patient=OTHER)
    assert fields(strange.problems(earlier)) == {"precollection_number"}
    assert fields(itemisation(LINES, 5000, 4000, "c9").problems(earlier)) == {"precollection_number"}


def test_lines_from_anywhere(earlier: EarlierEntries) -> None:
    """Another station's slip is itemised by its number and what its code says, once."""
    far = itemisation(LINES, 5000, 4000, "", precollection_number="W05A-000009-3")
    assert not far.problems(earlier)
    assert far.refers_to() == ("W05A-000009-3",)
    earlier.stand("i1", far)
    again = itemisation(LINES, 5000, 4000, "", precollection_number="W05A-000009-3")
    assert fields(again.problems(earlier)) == {"covered_minor"}


def test_what_stands_on_an_advance_is_reversed_first(earlier: EarlierEntries) -> None:
    """Lines first, then the advance; reversing the lines gives the advance back."""
    earlier.stand("i1", itemisation(LINES, 5000, 4000))
    back = [cash(3000), by("card", 2000)]
    assert fields(_undo("a1", back).problems(earlier)) == {"entry_id"}
    assert not _undo("i1").problems(earlier)
    earlier.stand("r1", _undo("i1"))
    assert advance_left("a1", earlier) == 5000
    assert not _undo("a1", back).problems(earlier)


def test_an_advance_that_never_came_is_no_advance() -> None:
    """Unverified money pays lines for now; if it never came, the advance is short and says so."""
    earlier = EarlierEntries()
    earlier.stand("a1", precollection([unseen(5000)]))
    earlier.stand("v1", verified("a1", 5000, received=False))
    assert advance_left("a1", earlier) == 0
    assert not earlier.balances("deposit:")
    assert not earlier.balances("suspense:")


def test_methods_add_up() -> None:
    """An amount that its payments do not come to is refused beside the payments."""
    content = precollection([cash(100)]).model_dump(mode="json")
    assert fields(read_form(Precollection, {**content, "total_minor": 101})) == {"payments"}
    content = itemisation(LINES, 5000, 4000).model_dump(mode="json")
    assert fields(read_form(Itemisation, {**content, "total_minor": 1})) == {"total_minor"}


def test_a_pricing_slip_is_charged_once_by_its_own_patient() -> None:
    """划价: no money; taken over once; another patient's slip is refused; elsewhere's by its number."""
    earlier = EarlierEntries()
    earlier.stand("q1", pricing(LINES))
    assert not earlier.postings_of("q1")
    assert not pricing().deliverable
    assert charged_as("q1", earlier) is None
    other = charge(LINES, patient=OTHER, priced_id="q1")
    assert fields(other.problems(earlier)) == {"priced_id"}
    assert fields(charge(LINES, priced_id="gone").problems(earlier)) == {"priced_id"}
    paid = charge(LINES, priced_id="q1", priced_number="W03A-000001-0")
    assert not paid.problems(earlier)
    earlier.stand("c1", paid)
    assert charged_as("q1", earlier) == "c1"
    assert fields(paid.problems(earlier)) == {"priced_id"}
    far = charge(LINES, priced_number="W05A-000003-2")
    assert not far.problems(earlier)
    earlier.stand("c2", far)
    assert fields(far.problems(earlier)) == {"priced_id"}
    earlier.stand("r2", _undo("c2", [cash(4000)]))
    assert not far.problems(earlier), "undone, the slip can be charged again"


def test_deposits_are_owed_and_go_back_the_way_they_came() -> None:
    """预交金: at most what is left, by its own method; exchanged, the formal paper first."""
    earlier = EarlierEntries()
    earlier.stand("d1", deposit([cash(100_000), by("card", 50_000)], balance_minor=-200, balance_as_of="x"))
    assert deposited_here("P000001", earlier, "CNY") == 150_000
    assert fields(deposit_refund("d1", [cash(100_001)]).problems(earlier)) == {"refunds"}
    assert fields(deposit_refund("d1", [by("mobile", 1)]).problems(earlier)) == {"refunds"}
    assert fields(deposit_refund("d1", [cash(1)], patient=OTHER).problems(earlier)) == {"deposit_id"}
    earlier.stand("b1", deposit_refund("d1", [cash(60_000), by("card", 50_000)]))
    assert earlier.balances("suspense:") == {("suspense:to_be_returned:card", "CNY"): -50_000}
    assert deposited_here("P000001", earlier, "CNY") == 40_000
    assert fields(deposit_refund("d1", [cash(40_001)]).problems(earlier)) == {"refunds"}
    assert fields(_undo("d1", [cash(100_000), by("card", 50_000)]).problems(earlier)) == {"entry_id"}


def test_bookkeeping_moves_no_money() -> None:
    """记账: the inpatient's account owes it, nothing is collected for it, the ward's drugs go out on it."""
    earlier = EarlierEntries()
    earlier.stand("b1", bookkeeping(LINES))
    assert not earlier.balances("drawer:")
    assert earlier.balances("patient:") == {("patient:P000001:inpatient", "CNY"): 4000}
    assert fields(collection("b1", [cash(100)]).problems(earlier)) == {"charge_id"}
    assert not dispense("b1", [drug(quantity="2")]).problems(earlier)
    assert owed_minor("b1", earlier) == 0
    assert not _undo("b1").problems(earlier)
    assert PATIENT["number"] == "P000001"
