"""The published field lists are what the models take."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from downtime.reference_tables import (
    TABLES,
    BatchRow,
    DrugRow,
    PatientRow,
    StaffRow,
    markdown,
    published_fields,
)

DOCS = Path(__file__).parents[2] / "docs" / "reference-tables.md"


def test_the_published_page_is_the_code() -> None:
    """Whoever writes an export reads docs/reference-tables.md; it says what the models say."""
    assert DOCS.read_text("utf-8") == markdown()


def test_every_field_has_a_name_a_label_and_a_kind() -> None:
    """Nothing unpublished is read and nothing published is missing."""
    for table, model in TABLES.items():
        fields = published_fields(table)
        assert [field.attribute for field in fields] == list(model.model_fields)
        assert all(field.label and field.kind for field in fields)
        assert {field.attribute for field in fields if field.is_key} == set(model.key)


def test_prices_are_whole_minor_units() -> None:
    """Money never passes through a float."""
    context = {"currency": "CNY"}
    told = {"code": "1", "name": "练习散"}
    assert (
        DrugRow.model_validate({**told, "price": "１，２３４．５０"}, context=context).price_minor == 123_450
    )
    for bad in ("", "-1", "1.005", "NaN", "1e3", "x"):
        with pytest.raises(ValidationError):
            DrugRow.model_validate({**told, "price": bad}, context=context)


def test_what_a_right_hangs_on_is_never_guessed() -> None:
    """An unreadable end of a login, an unknown role or an unreadable expiry refuses the row."""
    for wrong in ({"valid_until": "soon"}, {"roles": "cashier;king"}, {"leaver": "perhaps"}):
        with pytest.raises(ValidationError):
            StaffRow.model_validate({"number": "1", "name": "练习员", **wrong})
    with pytest.raises(ValidationError):
        BatchRow.model_validate({"drug": "1", "batch": "b", "expiry": "20261399"})


@pytest.mark.parametrize(
    "told", ["19800131", "1980-01-31", "1980/1/31", "1980年1月31日", "1980-01-31 00:00:00"]
)
def test_dates_of_birth_arrive_in_many_ways(told: str) -> None:
    """One day, however the HIS writes it; what is no day counts as not known."""
    assert PatientRow(number="1", name="练习", birth_date=told).birth_date == "1980-01-31"
    assert PatientRow(number="1", name="练习", birth_date="19801399").birth_date is None
