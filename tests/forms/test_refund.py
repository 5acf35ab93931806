"""Refund: whole or by line, never above what was paid, never twice, back the way it came."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from forms.base import Form, read_form
from forms.bill import money_of, owed_minor, refund_amount
from forms.charge import ChargeLine
from forms.dispense import left_to_dispense
from forms.postings import imbalance
from forms.reversal import Reversal
from tests.downtime.builders import arrears, by, cash, charge, collection, dispense, drug, line
from tests.forms.earlier import PLACE, EarlierEntries, fields
from tests.forms.money import (
    exchange,
    exchange_void,
    part_of,
    precollection,
    refund,
    refund_confirmed,
    unseen,
    verified,
)

if TYPE_CHECKING:
    from forms.refund import Refund

DRUG = line("D001", 1250, "3", "drug")
CHECKUP = line("A001", 999, "1")


@pytest.fixture
def earlier() -> EarlierEntries:
    """Return a charge of a drug and a service, 47.49 yuan, 20 of it in cash and the rest by mobile."""
    entries = EarlierEntries()
    entries.stand("c", charge([DRUG, CHECKUP], payments=[cash(2000), by("mobile", 2749)]))
    return entries


def _whole(parts: list[dict[str, Any]], **more: Any) -> Refund:
    return refund("c", [part_of(1, DRUG, "3", 3750), part_of(2, CHECKUP, "1", 999)], parts, **more)


def test_whole_and_by_line(earlier: EarlierEntries) -> None:
    """A line or all of them, each the way it was paid; cash leaves the drawer, mobile is only owed back."""
    assert not _whole([cash(2000), by("mobile", 2749)]).problems(earlier)
    one = refund("c", [part_of(1, DRUG, "1", 1250)], [cash(1250)])
    assert not one.problems(earlier)
    legs = {leg.account: leg.amount for leg in one.postings(PLACE, earlier)}
    assert legs["drawer:W03:cash"] == -1250
    assert legs["revenue:drug"] == 1250
    back = refund("c", [part_of(2, CHECKUP, "1", 999)], [by("mobile", 999)])
    legs = {leg.account: leg.amount for leg in back.postings(PLACE, earlier)}
    assert legs["suspense:to_be_returned:mobile"] == -999
    assert "drawer:W03:mobile" not in legs
    assert not imbalance(back.postings(PLACE, earlier))


def test_never_above_what_was_paid(earlier: EarlierEntries) -> None:
    """More than the lines, more than a method brought in, or more of a line than was charged is refused."""
    lines = [part_of(1, DRUG, "1", 1250)]
    assert fields(refund("c", lines, [cash(1300)]).problems(earlier)) == {"total_minor"}
    assert fields(_whole([cash(4749)]).problems(earlier)) == {"refunds"}, "mobile money leaves as cash"
    more = [part_of(1, DRUG, "4", 5000)]
    assert fields(refund("c", more, [cash(2000), by("mobile", 3000)]).problems(earlier)) == {
        "lines.0.quantity"
    }
    assert fields(refund("c", [part_of(3, DRUG, "1", 1250)], [cash(1250)]).problems(earlier)) == {
        "lines.0.line"
    }
    assert fields(refund("c", [], [cash(100)]).problems(earlier)) == {"lines"}
    wrong = [part_of(1, DRUG, "1", 1251)]
    assert fields(refund("c", wrong, [cash(1251)]).problems(earlier)) == {"lines.0.amount_minor"}


def test_not_twice_and_no_refund_of_a_refund(earlier: EarlierEntries) -> None:
    """What went back cannot go back again; a refund is no payment."""
    earlier.stand("r", _whole([cash(2000), by("mobile", 2749)]))
    assert fields(_whole([cash(2000), by("mobile", 2749)]).problems(earlier)) == {"lines.0.quantity"}
    assert fields(refund("r", [part_of(1, DRUG, "1", 1250)], [cash(1250)]).problems(earlier)) == {"entry_id"}
    undone = reversal_of("r")
    assert fields(undone.problems(earlier)) == {"entry_id"}
    assert fields(refund("nothing", [], [cash(1)]).problems(earlier)) == {"entry_id"}


def reversal_of(entry_id: str) -> Form:
    """Return the attempt to undo an entry that cannot be undone."""
    return Reversal.model_validate({"entry_id": entry_id, "reason": "x", "currency": "CNY"})


def test_parts_of_a_line_add_up_to_it() -> None:
    """However a line is cut into refunds, together they are the line to the cent."""
    charged = ChargeLine.model_validate(line("A001", 333, "2.5"))
    parts = [Decimal("0.7"), Decimal("0.9"), Decimal("0.9")]
    before, total = Decimal(0), 0
    for part in parts:
        total += refund_amount(charged, before, part)
        before += part
    assert total == charged.amount_minor


def test_dispensed_drugs_come_back_first(earlier: EarlierEntries) -> None:
    """What the patient carried away is not refunded; what was refunded is not handed out."""
    earlier.stand("d", dispense("c", [drug("D001", "2")]))
    lines = [part_of(1, DRUG, "2", 2500)]
    assert fields(refund("c", lines, [cash(2000), by("mobile", 500)]).problems(earlier)) == {
        "lines.0.quantity"
    }
    earlier.stand("r", refund("c", [part_of(1, DRUG, "1", 1250)], [cash(1250)]))
    assert left_to_dispense("c", earlier)["D001"] == 0


def test_lines_nobody_paid_for_bring_no_money_back() -> None:
    """With arrears a refunded line first lowers what is owed; only what is paid beyond that goes back."""
    earlier = EarlierEntries()
    earlier.stand("c", arrears([DRUG, CHECKUP]))
    assert not refund("c", [part_of(2, CHECKUP, "1", 999)], []).problems(earlier)
    earlier.stand("r1", refund("c", [part_of(2, CHECKUP, "1", 999)], []))
    assert owed_minor("c", earlier) == 3750
    earlier.stand("p", collection("c", [cash(3000)]))
    back = refund("c", [part_of(1, DRUG, "2", 2500)], [cash(1750)])
    assert not back.problems(earlier)
    earlier.stand("r2", back)
    assert owed_minor("c", earlier) == 0
    assert money_of("c", earlier).held_minor() == 1250


def test_after_exchange_the_formal_paper_comes_back_first(earlier: EarlierEntries) -> None:
    """浙江省 article 21: paper that was exchanged is taken back before any money is."""
    earlier.stand("x", exchange("c", 4749))
    parts = [cash(2000), by("mobile", 2749)]
    assert fields(_whole(parts).problems(earlier)) == {"paper_returned"}
    assert not _whole(parts, paper_returned=True).problems(earlier)
    earlier.stand("v", exchange_void("c"))
    assert not _whole(parts).problems(earlier)


def test_unverified_money_is_not_given_back() -> None:
    """Money nobody saw arrive is matched first; what never came lowers what can go back."""
    earlier = EarlierEntries()
    earlier.stand("c", charge([CHECKUP], payments=[unseen(999, "8812")]))
    lines = [part_of(1, CHECKUP, "1", 999)]
    assert fields(refund("c", lines, [by("mobile", 999)]).problems(earlier)) == {"refunds"}
    earlier.stand("v", verified("c", 999))
    assert not refund("c", lines, [by("mobile", 999)]).problems(earlier)


def test_to_be_returned_until_confirmed(earlier: EarlierEntries) -> None:
    """原路退 ends when the confirmation is recorded, once, by method, never in cash."""
    earlier.stand("r", refund("c", [part_of(2, CHECKUP, "1", 999)], [by("mobile", 999)]))
    account = ("suspense:to_be_returned:mobile", "CNY")
    assert earlier.balances("suspense:to_be_returned")[account] == -999
    assert fields(refund_confirmed("r", [by("card", 999)]).problems(earlier)) == {"refunds"}
    done = refund_confirmed("r", [by("mobile", 999)])
    assert not done.problems(earlier)
    earlier.stand("ok", done)
    assert not earlier.balances("suspense:to_be_returned")
    assert fields(done.problems(earlier)) == {"refunds"}
    read = read_form(type(done), {**done.model_dump(mode="json"), "refunds": [cash(999)]})
    assert fields(read) == {""}


def test_what_is_left_of_an_advance_goes_back() -> None:
    """多退: an amount, at most what is left, named as what it is."""
    earlier = EarlierEntries()
    earlier.stand("a", precollection([cash(5000)]))
    assert not refund("a", [], [cash(5000)]).problems(earlier)
    assert fields(refund("a", [], [cash(5001)]).problems(earlier)) == {"total_minor"}
    assert fields(refund("a", [part_of(1, CHECKUP, "1", 999)], [cash(999)]).problems(earlier)) == {"lines"}


def test_a_charge_with_a_refund_on_it_stays(earlier: EarlierEntries) -> None:
    """Undoing the whole charge would give the refunded money back twice."""
    from tests.forms.test_reversal import _undo

    earlier.stand("r", refund("c", [part_of(1, DRUG, "1", 1250)], [cash(1250)]))
    assert fields(_undo("c", [cash(2000), by("mobile", 2749)]).problems(earlier)) == {"entry_id"}
