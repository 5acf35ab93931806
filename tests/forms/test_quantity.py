"""Quantities as they are typed and kept."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.money import UnreadableNumberError
from forms.quantity import is_quantity, parse_quantity, quantity_decimal, thousandths


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1", "1"),
        ("１。５０", "1.5"),
        ("0.125", "0.125"),
        (".5", "0.5"),
        ("007", "7"),
        ("99999", "99999"),
        ("2.000", "2"),
    ],
)
def test_quantities_have_one_form(typed: str, kept: str) -> None:
    """However it is typed, equal quantities are equal text."""
    assert parse_quantity(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "0", "0.000", "-1", "1.2345", "100000", "99999.001", "1e3", "一", "1.2.3", "."]
)
def test_absurd_quantities_are_refused(typed: str) -> None:
    """Zero, negative, too fine, too many: an error with a message, no guess."""
    with pytest.raises(UnreadableNumberError) as refused:
        parse_quantity(typed)
    assert refused.value.msgid.format(**refused.value.fields)


@given(st.integers(1, 99_999_000))
def test_quantities_survive_keeping(number: int) -> None:
    """Every quantity of whole thousandths is kept exactly and is canonical."""
    kept = parse_quantity(f"{Decimal(number) / 1000:f}")
    assert is_quantity(kept)
    assert quantity_decimal(kept) * 1000 == number == thousandths(kept)


@given(st.text(max_size=20))
def test_no_typing_crashes(typed: str) -> None:
    """Whatever is typed is a canonical quantity or a refusal."""
    try:
        kept = parse_quantity(typed)
    except UnreadableNumberError:
        return
    assert is_quantity(kept)
    assert parse_quantity(kept) == kept


@pytest.mark.parametrize("text", ["1.0", "01", "1.", ".5", "0", "-1", "1e1", "１", "1.1234", "100000", "1\n"])
def test_other_spellings_are_not_canonical(text: str) -> None:
    """Only one spelling of a quantity may be sealed."""
    assert not is_quantity(text)
