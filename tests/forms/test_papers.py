"""Exchange, held cards, postponed discharges, unverified payments: what waits, and what ends it."""

from __future__ import annotations

from typing import Any

from forms.base import Form, read_form
from forms.bill import exchange_state, owed_minor
from forms.discharge_postponed import DischargePostponed
from forms.exchange import Exchange
from forms.statement_matched import StatementMatched
from tests.downtime.builders import PATIENT, by, cash, charge, collection, line
from tests.forms.earlier import EarlierEntries, fields
from tests.forms.money import (
    card_held,
    card_returned,
    exchange,
    exchange_void,
    refund,
    unseen,
    verified,
)
from tests.forms.test_reversal import _undo

LINES = [line("A001", 3000, "1")]
OTHER = {"number": "P000002", "name": "练习病人乙"}


def _paid(**more: Any) -> EarlierEntries:
    earlier = EarlierEntries()
    earlier.stand("c", charge(LINES, **more))
    return earlier


def test_not_exchanged_exchanged_void() -> None:
    """未换, 已换开, 作废: each state by an entry of its own, several documents, nothing taken away."""
    earlier = _paid()
    assert exchange_state("c", earlier) == ""
    assert not exchange("c", 1000, 2000).problems(earlier)
    earlier.stand("x", exchange("c", 1000, 2000))
    assert exchange_state("c", earlier) == "exchanged"
    assert fields(exchange("c", 3000).problems(earlier)) == {"entry_id"}
    assert fields(_undo("c", [cash(3000)]).problems(earlier)) == {"entry_id"}
    earlier.stand("v", exchange_void("c"))
    assert exchange_state("c", earlier) == "void"
    assert fields(exchange_void("c").problems(earlier)) == {"state"}
    assert not exchange("c", 3000).problems(earlier)
    assert not _undo("c", [cash(3000)]).problems(earlier)


def test_the_slip_comes_back_first() -> None:
    """Only an electronic invoice goes out without the slip, to a phone."""
    content = exchange("c", 3000).model_dump(mode="json")
    assert fields(read_form(Exchange, {**content, "slip_returned": False})) == {"slip_returned"}
    sent = {**content, "slip_returned": False, "sent_to": "13800000000"}
    assert isinstance(read_form(Exchange, sent), Form)
    paper = {**content["documents"][0], "kind": "paper_invoice"}
    assert fields(read_form(Exchange, {**sent, "documents": [paper]})) == {"slip_returned"}
    void = {**content, "state": "void", "reason": "错"}
    assert fields(read_form(Exchange, void)) == {"formal_returned"}
    assert fields(read_form(Exchange, {**void, "formal_returned": True, "reason": " "})) == {"reason"}
    assert fields(read_form(Exchange, {**content, "documents": []})) == {"documents"}


def test_a_cent_of_difference_is_explained() -> None:
    """The formal documents come to what was paid and not refunded, or somebody says why."""
    earlier = _paid(payments=[cash(3000)])
    assert fields(exchange("c", 2999).problems(earlier)) == {"difference_reason"}
    assert not exchange("c", 2999, difference_reason="练习:减免").problems(earlier)
    back = {
        "line": 1,
        "code": "A001",
        "name": "练习项目",
        "unit": "次",
        "quantity": "1",
        "amount_minor": 3000,
    }
    earlier.stand("r", refund("c", [back], [cash(3000)]))
    assert fields(exchange("c", 3000).problems(earlier)) == {"difference_reason"}
    assert fields(exchange("c", 3000, patient=OTHER).problems(earlier)) == {"entry_id"}


def test_a_held_card_goes_back_once() -> None:
    """留卡: to its own patient, against a name, and then it is not here any more."""
    earlier = EarlierEntries()
    earlier.stand("k", card_held(card_tail="4321"))
    assert fields(card_returned("k", patient=OTHER).problems(earlier)) == {"held_id"}
    assert fields(card_returned("x").problems(earlier)) == {"held_id"}
    assert not card_returned("k").problems(earlier)
    earlier.stand("b", card_returned("k"))
    assert fields(card_returned("k").problems(earlier)) == {"held_id"}


def test_a_postponed_discharge_needs_a_phone_and_an_end() -> None:
    """暂缓出院: nobody is put off without a number to call; called, then settled, once."""
    content = {"patient": PATIENT, "ward": "练习病区"}
    assert fields(read_form(DischargePostponed, content)) == {"phone"}
    first = DischargePostponed.model_validate({**content, "phone": "13800000000"})
    earlier = EarlierEntries()
    earlier.stand("o", first)
    assert fields(read_form(DischargePostponed, {**content, "step": "settled"})) == {"postponed_id"}
    called = DischargePostponed.model_validate({**content, "step": "called", "postponed_id": "o"})
    settled = called.model_copy(update={"step": "settled"})
    assert not called.problems(earlier)
    earlier.stand("o2", called)
    earlier.stand("o3", settled)
    assert fields(called.problems(earlier)) == {"postponed_id"}
    assert fields(called.model_copy(update={"postponed_id": "?"}).problems(earlier)) == {"postponed_id"}


def test_unverified_money_waits_and_is_matched_once() -> None:
    """未核实: in suspense until a statement says received, or that it never came; then it is owed."""
    earlier = _paid(payments=[unseen(2000, "8812"), by("card", 1000)])
    assert earlier.balances("suspense:") == {("suspense:unverified:mobile", "CNY"): 2000}
    assert earlier.balances("drawer:") == {("drawer:W03:card", "CNY"): 1000}
    assert fields(verified("c", 2001).problems(earlier)) == {"total_minor"}
    assert fields(verified("c", 2000, method="card").problems(earlier)) == {"total_minor"}
    assert fields(verified("c", 2000, patient=OTHER).problems(earlier)) == {"entry_id"}
    earlier.stand("v1", verified("c", 1500))
    earlier.stand("v2", verified("c", 500, received=False))
    assert fields(verified("c", 1).problems(earlier)) == {"total_minor"}
    assert not earlier.balances("suspense:")
    assert earlier.balances("drawer:W03:mobile")["drawer:W03:mobile", "CNY"] == 1500
    assert owed_minor("c", earlier) == 500
    assert not collection("c", [cash(500)]).problems(earlier)
    assert fields(_undo("c", [unseen(2000, "8812"), by("card", 1000)]).problems(earlier)) == {"entry_id"}


def test_an_unverified_payment_undone_leaves_nothing_waiting() -> None:
    """Reversed before it was matched, it is reversed as what it was: unverified."""
    earlier = _paid(payments=[unseen(3000)])
    assert fields(_undo("c", [by("mobile", 3000, "")]).problems(earlier)) == {"refunds"}
    undone = _undo("c", [unseen(3000)])
    assert not undone.problems(earlier)
    earlier.stand("r", undone)
    assert not earlier.balances("suspense:")
    assert fields(verified("c", 3000).problems(earlier)) == {"total_minor"}


def test_cash_is_never_unverified() -> None:
    """Cash lies in the drawer."""
    content = charge(LINES).model_dump(mode="json")
    odd = {**content, "payments": [{**cash(3000), "unverified": True}]}
    assert fields(read_form(type(charge(LINES)), odd)) == {"payments.0.unverified"}


def test_the_same_statement_is_not_matched_twice() -> None:
    """One file, one outcome, one record of it."""
    content = {
        "source": "练习",
        "sha256": "ab",
        "encoding": "gb18030",
        "currency": "CNY",
        "rows": 0,
        "sums": [],
    }
    form = StatementMatched.model_validate(content)
    earlier = EarlierEntries()
    assert not form.problems(earlier)
    earlier.stand("s", form)
    assert fields(form.problems(earlier)) == {"sha256"}
    one = {"outcome": "matched", "rows": 1, "here_minor": 1, "there_minor": 1}
    assert fields(read_form(StatementMatched, {**content, "sums": [one, one]})) == {"sums"}
