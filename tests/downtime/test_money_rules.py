"""Who may give money back, and who must agree: above the limit nobody does it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.approvals import approve
from downtime.errors import AccessRefusedError
from downtime.record import Recorded, Refused, new_entry_id, record
from downtime.rules import needs_second_always, rule_for
from downtime.sealing import Filled
from forms.catalogue import FORMS, STATION_FORMS
from tests.downtime.builders import SECOND, SECOND_PASSWORD, cash, charge, line, stand
from tests.forms.money import deposit, deposit_refund, part_of, refund

if TYPE_CHECKING:
    from downtime.book import OpenBook

DEAR = line(price=30_000, quantity="1")


def test_a_large_refund_needs_a_second_person(open_book: OpenBook) -> None:
    """Above the limit of the reversal rule, by the same rule; below it nobody is asked."""
    paid = stand(open_book, charge([DEAR]))
    large = refund(paid.id, [part_of(1, DEAR, "1", 30_000)], [cash(30_000)])
    assert rule_for(open_book, large) == "reversal"
    filled = Filled(large, new_entry_id())
    assert isinstance(record(open_book, filled), Refused)
    approval = approve(open_book, filled, "reversal", SECOND, SECOND_PASSWORD)
    assert isinstance(record(open_book, filled, approval), Recorded)
    left = stand(open_book, deposit([cash(50_000)]))
    assert rule_for(open_book, deposit_refund(left.id, [cash(20_001)])) == "reversal"
    assert rule_for(open_book, deposit_refund(left.id, [cash(20_000)])) is None


def test_a_hand_over_always_has_two() -> None:
    """An auditor holds every hand-over in a book to it, whatever the settings say."""
    assert needs_second_always("shift_handed_over", {})


def test_every_money_form_asks_for_a_right() -> None:
    """Nothing that moves money is recorded by somebody whose role does not include it."""
    rights = {form.name: form.right for form in FORMS + STATION_FORMS}
    assert {name: rights[name] for name in ("refund", "deposit_refund", "reversal")} == {
        "refund": "reverse", "deposit_refund": "reverse", "reversal": "reverse",
    }  # fmt: skip
    assert {rights[name] for name in ("precollection", "deposit", "card_held", "exchange")} == {"cash"}
    assert {rights[name] for name in ("pricing", "itemisation", "bookkeeping")} == {"price"}
    assert {
        rights[name] for name in ("shift_opened", "shift_counted", "shift_handed_over", "shift_closed")
    } == {"cash"}
    assert rights["statement_matched"] == "sign_off", "payee and checker are two people"


def test_a_role_without_the_right_is_refused(open_book: OpenBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drafted helper prices; giving money back is refused and written down."""
    from dataclasses import replace

    paid = stand(open_book, charge([line()]))
    person = replace(open_book.person, roles=("helper",))
    monkeypatch.setattr(type(open_book), "person", person)
    back = refund(paid.id, [part_of(1, line(), "2", 2500)], [cash(2500)])
    with pytest.raises(AccessRefusedError):
        record(open_book, Filled(back, new_entry_id()))
