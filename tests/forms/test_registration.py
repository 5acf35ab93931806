"""Registration: a name and a number are enough, the number is nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from forms.base import Form, read_form
from forms.registration import Registration
from tests.downtime.builders import registration
from tests.forms.earlier import EarlierEntries, fields

PERSON: dict[str, Any] = {"number": "TW03A0100001", "name": "wang wei", "temporary": True}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identity": "child"}, "guardian.name"),
        ({"identity": "child", "guardian": {"name": ""}}, "guardian.name"),
        ({"patient": {**PERSON, "temporary": False}}, "patient.temporary"),
        ({"patient": {**PERSON, "age_years": 151}}, "patient.age_years"),
        ({"patient": {**PERSON, "age_years": -1}}, "patient.age_years"),
        ({"patient": {**PERSON, "id_kind": "library_card"}}, "patient.id_kind"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], field: str) -> None:
    """A child without a guardian, a permanent number, an age nobody has."""
    assert field in fields(read_form(Registration, {"patient": PERSON, **change}))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"identity": "unknown_person"},
        {"identity": "child", "guardian": {"name": "王母", "relation": "母亲"}},
        {
            "patient": {
                **PERSON,
                "age_years": 3,
                "phone": "13800000000",
                "id_kind": "national_id",
                "id_number": "1",
            }
        },
    ],
)
def test_little_is_enough(more: dict[str, Any]) -> None:
    """Pinyin, an unknown person, a child with somebody: none of it stops anybody."""
    assert isinstance(read_form(Registration, {"patient": PERSON, **more}), Form)


def test_a_number_belongs_to_one_person() -> None:
    """A temporary number that is taken is refused beside it."""
    earlier = EarlierEntries()
    assert not registration().problems(earlier)
    earlier.stand("r1", registration())
    assert fields(registration().problems(earlier)) == {"patient.number"}
    assert not registration("TW03A0100002").problems(earlier)
