"""Payment collected later: never more than is owed, never for somebody else's charge."""

from __future__ import annotations

import pytest

from forms.base import read_form
from forms.payment import Collection, owed_minor, standing_charge
from forms.postings import imbalance
from tests.downtime.builders import arrears, by, cash, charge, collection
from tests.forms.earlier import PLACE, EarlierEntries, fields


@pytest.fixture
def earlier() -> EarlierEntries:
    """Return a journal with a charge of 25.00 that is owed."""
    entries = EarlierEntries()
    entries.stand("c1", arrears())
    return entries


def test_it_may_be_collected_in_parts(earlier: EarlierEntries) -> None:
    """What is left is what was owed less what came; then nothing more is taken."""
    first = collection("c1", [cash(1000, 2000)])
    assert not first.problems(earlier)
    assert not imbalance(first.postings(PLACE, earlier))
    earlier.stand("p1", first)
    assert fields(collection("c1", [cash(1501)]).problems(earlier)) == {"total_minor"}
    earlier.stand("p2", collection("c1", [by("mobile", 1500)]))
    held = standing_charge("c1", earlier)
    assert held is not None
    assert owed_minor("c1", earlier) == 0
    assert fields(collection("c1", [cash(1)]).problems(earlier)) == {"total_minor"}


def test_only_a_standing_charge_of_this_patient(earlier: EarlierEntries) -> None:
    """Unknown, another patient's, paid or reversed: refused beside the charge."""
    assert fields(collection("c9", [cash(1)]).problems(earlier)) == {"charge_id"}
    stranger = collection("c1", [cash(1)]).model_copy(
        update={"patient": charge(patient={"number": "P9", "name": "乙"}).patient}
    )
    assert fields(stranger.problems(earlier)) == {"charge_id"}
    earlier.stand("c2", charge())
    assert fields(collection("c2", [cash(1)]).problems(earlier)) == {"total_minor"}


def test_methods_add_up_to_the_total() -> None:
    """The total is the sum of its parts; nothing at all is no payment."""
    content = collection("c1", [cash(1000)]).model_dump(mode="json")
    assert fields(read_form(Collection, {**content, "total_minor": 999})) == {"payments"}
    assert "payments" in fields(read_form(Collection, {**content, "payments": []}))
