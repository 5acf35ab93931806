"""Every entry beside every row: what agrees is ticked, all else is told; named by what went wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from downtime.outcome import FormalDocument
from sync.contract_entries import charge, made_up_entry, made_up_id, money_forms, reversal
from sync.tick_report import entry_counts, row_counts
from sync.tick_rules import Rules
from tests.sync.tick_his import MadeUpHis, Typed, judged, one_line, ticked

PAPER = FormalDocument("e_invoice", "0601", "00000007", "", "", "issued", "B1")
OTHER_PAPER = replace(PAPER, number="00000008")


def test_what_was_typed_as_it_was_recorded_is_ticked_with_its_formal_documents() -> None:
    """Two lines on one bill agree, and both papers of the bill come along."""
    entry = made_up_entry(1, "charge", charge(1))
    his = MadeUpHis()
    his.type_in(entry)
    his.change(0, document=PAPER)
    his.change(1, document=OTHER_PAPER)
    [one] = judged([entry], his)
    assert (one.outcome, one.score) == ("agreed", 100)
    assert one.documents() == (PAPER, OTHER_PAPER)


def test_what_nobody_typed_is_missing_there_and_what_nobody_recorded_is_unknown_here() -> None:
    """Both lists are told; nothing is paired for want of better."""
    entry, other = one_line(1, 1000), one_line(2, 1100, n=2)
    his = MadeUpHis()
    his.type_in(other)
    done = ticked([entry], his)
    assert [one.outcome for one in done.judged] == ["missing_there"]
    assert {row.patient for row in done.unknown} == {"PX000002"}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        ({"amount_minor": 751}, ("amount",)),
        ({"quantity": 2000}, ("quantity",)),
        ({"operator": "px99"}, ("operator",)),
        ({"item": "PX-OTHER"}, ("item",)),
        ({"quantity": 2000, "amount_minor": 1500}, ("amount", "quantity")),
    ],
)
def test_one_wrong_value_is_named(wrong: dict[str, object], what: tuple[str, ...]) -> None:
    """The entry is there, and what was typed differently is told by name."""
    entry = made_up_entry(1, "charge", charge(1))
    his = MadeUpHis()
    his.type_in(entry)
    his.change(0, **wrong)
    [one] = judged([entry], his)
    assert (one.outcome, one.what) == ("different", what)


def test_somebody_else_typed_it_in_where_the_operator_is_not_compared() -> None:
    """One person in IT types everything in: then the operator says nothing."""
    entry = made_up_entry(1, "charge", charge(1))
    his = MadeUpHis()
    his.type_in(entry, operator="it01")
    assert judged([entry], his)[0].outcome == "different"
    assert judged([entry], his, rules=Rules(compares_operator=False))[0].outcome == "agreed"


def test_typed_in_for_the_wrong_patient() -> None:
    """A bill with exactly this content stands under somebody else, and only one can be meant."""
    entry = made_up_entry(1, "charge", charge(1))
    his = MadeUpHis()
    his.type_in(entry, patient="PX000009")
    [one] = judged([entry], his)
    assert (one.outcome, one.what) == ("different", ("patient",))
    assert one.rows


def test_half_of_it_was_typed_in() -> None:
    """A line that is not there is told; the entry is not ticked."""
    entry = made_up_entry(1, "charge", charge(1))
    his = MadeUpHis()
    his.type_in(entry)
    his.rows.pop()
    assert judged([entry], his)[0].what == ("lines",)


def test_the_same_charge_typed_twice_by_hand_is_found() -> None:
    """重复: twice in full, twice with another operator, and once more for another patient by its receipt number."""
    entry = made_up_entry(1, "charge", charge(1))
    for other in ({}, {"operator": "px02"}, {"receipt": entry.number, "patient": "PX000009"}):
        his = MadeUpHis()
        his.type_in(entry)
        his.type_in(entry, bill="B2", **other)
        [one] = judged([entry], his)
        assert (one.outcome, one.what) == ("different", ("twice",)), other


def test_a_double_that_looks_like_the_retyping_of_another_entry_is_not_overlooked() -> None:
    """One entry typed twice, the second time by somebody else, and one of the same amount not at all."""
    omitted, twice = one_line(1, 1000), one_line(2, 1000, quantity="2")
    his = MadeUpHis()
    his.type_in(twice)
    his.type_in(twice, bill="B2", operator="px02")
    assert "agreed" not in {one.outcome for one in judged([omitted, twice], his)}


def test_the_amount_split_over_two_bills() -> None:
    """Three of an item, two on one bill and one on another, add up."""
    entry = one_line(1, 3000, quantity="3")
    his = MadeUpHis()
    [first] = his.type_in(entry)
    his.change(first, quantity=2000, amount_minor=2000, document=PAPER)
    his.rows.append(
        replace(his.rows[first], quantity=1000, amount_minor=1000, bill="B2", document=OTHER_PAPER)
    )
    [one] = judged([entry], his)
    assert one.outcome == "agreed"
    assert one.documents() == (PAPER, OTHER_PAPER)
    his.change(1, amount_minor=1001)
    assert judged([entry], his)[0].outcome == "doubtful"


def test_two_entries_on_one_bill() -> None:
    """Two entries of one patient stand on one bill, line by line or added up to one row."""
    one, two = one_line(1, 1000), one_line(2, 2000, quantity="2")
    his = MadeUpHis()
    his.type_in(one)
    his.type_in(two)
    assert [each.outcome for each in judged([one, two], his)] == ["agreed", "agreed"]
    his.rows = [replace(his.rows[0], quantity=3000, amount_minor=3000)]
    found = judged([one, two], his)
    assert [each.outcome for each in found] == ["agreed", "agreed"]
    assert found[0].rows == found[1].rows


def test_alike_entries_on_two_papers_are_asked_and_on_one_are_not() -> None:
    """Which of two alike bills is whose nobody can tell; without a paper of their own both are simply there."""
    one, two = one_line(1, 1000), one_line(2, 1000)
    his = MadeUpHis()
    his.type_in(one, document=PAPER)
    his.type_in(two, document=OTHER_PAPER, bill="B2")
    assert [each.outcome for each in judged([one, two], his)] == ["doubtful", "doubtful"]
    his.rows = [replace(row, document=None) for row in his.rows]
    assert [each.outcome for each in judged([one, two], his)] == ["agreed", "agreed"]
    his.rows.pop()
    assert [each.outcome for each in judged([one, two], his)] == ["doubtful", "doubtful"]


def test_alike_lines_are_told_apart_by_the_bill_of_the_other_lines() -> None:
    """What else stands on the bill says whose it is."""
    first, second = charge(1), charge(1)
    second["lines"][1]["code"] = "PX-OTHER"
    entries = [made_up_entry(1, "charge", first), made_up_entry(2, "charge", second)]
    his = MadeUpHis()
    his.type_in(entries[0], bill="B1", document=PAPER)
    his.type_in(entries[1], bill="B2", document=OTHER_PAPER)
    found = judged(entries, his)
    assert [one.documents() for one in found] == [(PAPER,), (OTHER_PAPER,)]


def test_a_receipt_number_in_the_remark_tells_alike_entries_apart() -> None:
    """A row that names our receipt belongs to no other entry."""
    one, two = one_line(1, 1000), one_line(2, 1000)
    his = MadeUpHis()
    his.type_in(two, document=PAPER, bill="B1", receipt=two.number or "")
    his.type_in(one, document=OTHER_PAPER, bill="B2", receipt=one.number or "")
    assert [each.documents() for each in judged([one, two], his)] == [(OTHER_PAPER,), (PAPER,)]


@pytest.mark.parametrize("how", ["flag", "row", "bill"])
def test_voided_later_it_is_not_there_any_more(how: str) -> None:
    """冲红: flagged, or taken back by a red row that names the row, or the bill."""
    entry = one_line(1, 1000)
    his = MadeUpHis()
    his.type_in(entry)
    if how == "flag":
        his.change(0, is_void=True)
    else:
        red = replace(his.rows[0], amount_minor=-1000, quantity=-1000, bill="B2")
        his.rows.append(replace(red, voids="F1" if how == "row" else "B1"))
    [one] = judged([entry], his)
    assert one.outcome == "missing_there"
    assert "voided" in one.reason


def test_a_red_row_that_names_nothing_makes_it_doubtful() -> None:
    """Something of this item was taken back and nobody says what."""
    entry = one_line(1, 1000)
    his = MadeUpHis()
    his.type_in(entry)
    his.rows.append(replace(his.rows[0], amount_minor=-1000, quantity=-1000, bill="B2"))
    assert judged([entry], his)[0].outcome == "doubtful"


def test_reversed_here_and_voided_there_both_agree() -> None:
    """A charge and its reversal were both typed in: the HIS shows a void pair."""
    entry = made_up_entry(1, "charge", charge(1))
    back = made_up_entry(2, "reversal", reversal(entry.id))
    his = MadeUpHis()
    his.type_in(entry, is_void=True)
    assert [one.outcome for one in judged([entry, back], his)] == ["agreed", "agreed"]
    his = MadeUpHis()
    his.type_in(entry)
    assert [one.outcome for one in judged([entry, back], his)] == ["agreed", "missing_there"]
    for row in list(his.rows):
        his.rows.append(
            replace(row, amount_minor=-row.amount_minor, quantity=-(row.quantity or 0), bill="B2")
        )
    assert [one.outcome for one in judged([entry, back], his)] == ["agreed", "agreed"]


def test_every_money_form_is_found() -> None:
    """Deposits and advances by their amount, bookkeeping and refunds line by line."""
    entries = []
    his = MadeUpHis()
    for seq, (seed, form, content) in enumerate(money_forms(1), 1):
        entries.append(made_up_entry(seq, form, content, entry_id=made_up_id(seed)))
    for entry in entries:
        if entry.form in {"bookkeeping", "charge", "itemisation"}:
            kind = "bookkeeping" if entry.form == "bookkeeping" else "charge"
            his.type_in(entry, kind=kind, bill=entry.form)
        elif entry.form == "refund":
            for n in his.type_in(entry, bill=entry.form):
                row = his.rows[n]
                his.change(n, amount_minor=-row.amount_minor, quantity=-(row.quantity or 0))
        else:
            back = -1 if entry.form == "deposit_refund" else 1
            kind = "payment" if entry.form == "precollection" else "deposit"
            at = 1767580000
            his.rows.append(Typed("PX000001", "", None, back * 1925, at, kind, bill=entry.form))
    found = judged(entries, his)
    assert {one.claim.form: one.outcome for one in found} == {entry.form: "agreed" for entry in entries}
    assert [one.his_minor() for one in found] == [one.claim.amount_minor for one in found]


def test_what_was_given_back_is_compared_as_money_given_back() -> None:
    """A refund of 10.00 that stands in the HIS as -8.00 is two yuan apart, not eighteen."""
    seed, form, content = next(one for one in money_forms(1) if one[1] == "refund")
    entry = made_up_entry(1, form, content, entry_id=made_up_id(seed))
    his = MadeUpHis()
    for n in his.type_in(entry):
        his.change(n, amount_minor=-his.rows[n].amount_minor, quantity=-(his.rows[n].quantity or 0))
    his.change(0, amount_minor=his.rows[0].amount_minor + 200)
    one = judged([entry], his)[0]
    assert one.what == ("amount",)
    assert one.his_minor() == (entry.amount_minor or 0) - 200


def test_a_row_from_before_the_entry_or_long_after_is_not_its_retyping() -> None:
    """Yesterday's charge of the same item, and next week's, tick nothing."""
    entry = one_line(1, 1000)
    for apart in (-86_400, 8 * 86_400):
        his = MadeUpHis()
        his.type_in(entry)
        his.change(0, at=his.rows[0].at + apart)
        assert judged([entry], his)[0].outcome == "missing_there"


def test_counts_and_sums_add_up() -> None:
    """Every entry and every row stands in exactly one line."""
    entries = [one_line(seq, 100 * seq, n=seq) for seq in range(1, 8)]
    his = MadeUpHis()
    for entry in entries[:5]:
        his.type_in(entry)
    his.change(0, amount_minor=99)
    his.change(1, is_void=True)
    his.rows.append(replace(his.rows[2], patient="PX999999", bill="B9"))
    done = ticked(entries, his)
    lines = entry_counts(done)
    assert sum(line.count for line in lines) == len(entries)
    assert sum(line.amount_minor for line in lines) == sum(entry.amount_minor or 0 for entry in entries)
    extract = his.extract()
    rows = row_counts(done, extract)
    assert sum(line.count for line in rows) == len(extract.rows)
    assert sum(line.amount_minor for line in rows) == sum(row.amount_minor for row in extract.rows)
