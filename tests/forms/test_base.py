"""What is wrong stands beside its field, in a sentence that can be translated; nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from forms import FORMS, STATION_FORMS, form_named, people_form_named
from forms.base import Form, Problem, read_form
from forms.charge import Charge
from forms.registration import Registration
from tests.downtime.builders import charge_content, line
from tests.forms.earlier import fields


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"patient": {"number": "", "name": "甲"}}, "patient.number"),
        ({"patient": {"number": "P1"}}, "patient.name"),
        ({"patient": {"number": "P1", "name": "甲", "birth_date": "1980-02-30"}}, "patient.birth_date"),
        ({"patient": {"number": "P1", "name": "甲", "sex": "other"}}, "patient.sex"),
        ({"patient": {"number": 1, "name": "甲"}}, "patient.number"),
        ({"currency": "yuan"}, "currency"),
        ({"total_minor": "2500"}, "total_minor"),
        ({"total_minor": 25.0}, "total_minor"),
        ({"total_minor": True}, "total_minor"),
        ({"lines": []}, "lines"),
        ({"lines": [line()] * 61}, "lines"),
        ({"lines": [line(quantity="-1")]}, "lines.0.quantity"),
        ({"lines": [line(), line(quantity="0")]}, "lines.1.quantity"),
        ({"lines": [{**line(), "unit_price_minor": -1}]}, "lines.0.unit_price_minor"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_a_problem_stands_beside_its_field(change: dict[str, Any], field: str) -> None:
    """Missing, of another type, unknown or absurd: the field is named and nothing is converted silently."""
    found = read_form(Charge, {**charge_content(), **change})
    assert field in fields(found)
    assert isinstance(found, list)
    assert all(problem.message.format(**problem.values) for problem in found)


@pytest.mark.parametrize("content", [None, [], "charge", 5, {}])
def test_no_form_at_all_is_a_problem_too(content: object) -> None:
    """Whatever a script sends, the answer is a list of problems."""
    found = read_form(Charge, content)
    assert isinstance(found, list)
    assert found
    assert all(isinstance(problem, Problem) for problem in found)


def test_free_text_takes_no_bank_card_number() -> None:
    """A card number typed into a note would be ours to protect; it is refused beside the note."""
    patient = {"number": "T1", "name": "无名氏", "temporary": True}
    for note in ("4111 1111 1111 1111", "卡号4111111111111111。"):
        assert fields(read_form(Registration, {"patient": patient, "note": note})) == {"note"}
    assert isinstance(
        read_form(Registration, {"patient": patient, "note": "电话 13800000000, 4111111111111112"}), Form
    )


def test_forms_are_found_by_name() -> None:
    """Names are stable and each stands once; the station's own forms are not for people."""
    names = [form.name for form in FORMS + STATION_FORMS]
    assert len(set(names)) == len(names)
    assert all(form_named(name) is form for name, form in zip(names, FORMS + STATION_FORMS, strict=True))
    assert people_form_named("charge") is Charge
    assert people_form_named("audit") is None
    assert form_named("nothing") is None
    assert not any(form.deliverable or form.numbered for form in STATION_FORMS)
