"""Handing a drawer over: two people count and sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.approvals import approve
from downtime.errors import AccessRefusedError
from downtime.record import Recorded, new_entry_id, record
from downtime.sealing import Filled
from downtime.shift import shift_now
from forms.base import read_form
from forms.shift import ShiftHandedOver
from tests.downtime.builders import (
    SECOND,
    SECOND_PASSWORD,
    stand,
)
from tests.downtime.shifts import (
    CNY,
    blind_count,
    label_of,
    pile,
    problem_fields,
)
from tests.forms.earlier import fields

if TYPE_CHECKING:
    from downtime.book import OpenBook


def _handing_over(book: OpenBook, **more: Any) -> ShiftHandedOver:
    content = {
        "shift": label_of(book), "currency": CNY, "from_operator": "1001", "to_operator": SECOND,
        "given_minor": 20_000, "counted": pile(20_000), "received_minor": 20_000,
    }  # fmt: skip
    return ShiftHandedOver.model_validate({**content, **more})


def test_two_people_hand_a_drawer_over(book: OpenBook) -> None:
    """Counted by one, counted by the other, signed by whoever takes it; alone it is refused."""
    assert problem_fields(book, _handing_over(book)) == {"given_minor"}
    stand(book, blind_count(book, 20_000))
    form = _handing_over(book)
    assert problem_fields(book, form) == {""}
    filled = Filled(form, new_entry_id())
    approval = approve(book, filled, "hand_over", SECOND, SECOND_PASSWORD)
    outcome = record(book, filled, approval)
    assert isinstance(outcome, Recorded)
    assert outcome.entry.second_person == SECOND
    assert shift_now(book.db) is not None, "handing over is not closing"


def test_whoever_takes_the_drawer_signs(book: OpenBook) -> None:
    """A third person's signature is not the receiver's."""
    stand(book, blind_count(book, 20_000))
    filled = Filled(_handing_over(book, to_operator="1002"), new_entry_id())
    with pytest.raises(AccessRefusedError, match="1002"):
        approve(book, filled, "hand_over", SECOND, SECOND_PASSWORD)


def test_two_counts_that_differ_say_why(book: OpenBook) -> None:
    """A difference between the two counts is written down with its reason, or not handed over."""
    content = _handing_over(book).model_dump(mode="json")
    other = {**content, "counted": pile(19_900), "received_minor": 19_900}
    assert fields(read_form(ShiftHandedOver, other)) == {"reason"}
    assert not isinstance(read_form(ShiftHandedOver, {**other, "reason": "练习:少一张"}), list)
    assert fields(read_form(ShiftHandedOver, {**content, "to_operator": "1001"})) == {"to_operator"}
    assert fields(read_form(ShiftHandedOver, {**content, "received_minor": 1})) == {"counted"}
    odd = [{"denomination_minor": 7, "pieces": 1}]
    assert fields(read_form(ShiftHandedOver, {**content, "counted": odd, "received_minor": 7})) == {"counted"}
