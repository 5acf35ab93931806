"""Reversal: a whole entry is undone once, money goes back the way it came, nothing may stand on it."""

from __future__ import annotations

from typing import Any

import pytest

from forms.base import Form, read_form
from forms.postings import imbalance
from forms.reversal import Reversal
from tests.downtime.builders import (
    PATIENT,
    arrears,
    by,
    cash,
    charge,
    collection,
    dispense,
    drug,
    line,
    registration,
    visit,
)
from tests.forms.earlier import PLACE, EarlierEntries, fields


def _undo(entry_id: str, refunds: list[dict[str, Any]] | None = None, reason: str = "重复") -> Reversal:
    back = refunds or []
    content = {
        "entry_id": entry_id,
        "patient": PATIENT,
        "reason": reason,
        "refunds": back,
        "total_minor": sum(part["amount_minor"] for part in back),
        "currency": "CNY",
    }
    return Reversal.model_validate(content)


@pytest.fixture
def earlier() -> EarlierEntries:
    """Return a journal with a paid charge, one that is owed, and a registration."""
    entries = EarlierEntries()
    entries.stand(
        "paid", charge([line("D001", 1250, "2", "drug")], payments=[cash(1000, 2000), by("card", 1500)])
    )
    entries.stand("owed", arrears())
    entries.stand("person", registration())
    return entries


def test_every_leg_goes_back(earlier: EarlierEntries) -> None:
    """Entry and reversal together move nothing."""
    undone = _undo("paid", [cash(1000), by("card", 1500)])
    assert not undone.problems(earlier)
    both = [*earlier.postings_of("paid"), *undone.postings(PLACE, earlier)]
    sums: dict[str, int] = {}
    for leg in both:
        sums[leg.account] = sums.get(leg.account, 0) + leg.amount
    assert not any(sums.values())
    assert not imbalance(undone.postings(PLACE, earlier))


@pytest.mark.parametrize(
    "refunds", [[], [cash(2500)], [cash(1000), by("mobile", 1500)], [cash(999), by("card", 1500)]]
)
def test_money_goes_back_the_way_it_came(earlier: EarlierEntries, refunds: list[dict[str, Any]]) -> None:
    """The same methods and amounts, or it is refused beside the refunds."""
    assert fields(_undo("paid", refunds).problems(earlier)) == {"refunds"}


def test_once_only_and_only_what_is_here(earlier: EarlierEntries) -> None:
    """An entry is undone once; a reversal, an unknown id or the station's own lines cannot be."""
    assert not _undo("owed").problems(earlier)
    earlier.stand("r1", _undo("owed"))
    assert fields(_undo("owed").problems(earlier)) == {"entry_id"}
    assert fields(_undo("r1").problems(earlier)) == {"entry_id"}
    assert fields(_undo("nothing").problems(earlier)) == {"entry_id"}
    assert not _undo("person").problems(earlier)


def test_what_stands_on_a_charge_is_reversed_first(earlier: EarlierEntries) -> None:
    """Drugs come back and later payments are returned before the charge itself goes."""
    earlier.stand("d1", dispense("paid", [drug()]))
    assert fields(_undo("paid", [cash(1000), by("card", 1500)]).problems(earlier)) == {"entry_id"}
    earlier.stand("r1", _undo("d1"))
    assert not _undo("paid", [cash(1000), by("card", 1500)]).problems(earlier)
    earlier.stand("p1", collection("owed", [cash(100)]))
    assert fields(_undo("owed").problems(earlier)) == {"entry_id"}
    assert not _undo("p1", [cash(100)]).problems(earlier)


def test_a_person_or_visit_that_is_used_stays() -> None:
    """A registration or visit goes back only when nothing is left that is about it."""
    earlier = EarlierEntries()
    earlier.stand("person", registration("T1"))
    earlier.stand("visit", visit("V9"))
    used = {"patient": {"number": "T1", "name": "无名氏", "temporary": True}, "visit": {"number": "V9"}}
    earlier.stand("used", charge([line(price=0)], **used))
    assert fields(_undo("person").problems(earlier)) == {"entry_id"}
    assert fields(_undo("visit").problems(earlier)) == {"entry_id"}
    earlier.stand("r1", _undo("used"))
    assert not _undo("person").problems(earlier)
    assert not _undo("visit").problems(earlier)


def test_a_reason_is_demanded() -> None:
    """Nobody undoes an entry without saying why."""
    content = _undo("paid").model_dump(mode="json")
    assert fields(read_form(Reversal, {**content, "reason": ""})) == {"reason"}
    assert isinstance(read_form(Reversal, {**content, "reason": "录错"}), Form)
