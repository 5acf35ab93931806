"""A cell becomes a value or a reason, never a guess."""

from __future__ import annotations

import pytest
from pydantic_core import PydanticCustomError

from downtime.reference_values import REASONS, ROLES, minor_units
from forms.money import EXPONENTS


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("12.50", "CNY", 1_250),
        ("253.0", "USD", 25_300),
        ("500", "JPY", 500),
        ("0.125", "KWD", 125),
        ("0", "CNY", 0),
    ],
)
def test_amounts_follow_the_currency(text: str, currency: str, minor: int) -> None:
    """The number of decimals is the currency's, not ours."""
    assert currency in EXPONENTS
    assert minor_units(text, currency) == minor


def test_a_refused_amount_says_why_in_words_that_can_be_translated() -> None:
    """The reason carries its msgid and fields, so the report speaks the reader's language."""
    with pytest.raises(PydanticCustomError) as refused:
        minor_units("1.005", "CNY")
    assert refused.value.context is not None
    assert refused.value.context["decimals"] == 2
    assert "{decimals}" in refused.value.context["msgid"]


def test_every_reason_and_role_is_a_word() -> None:
    """Nothing is refused without words for it."""
    assert all(REASONS.values())
    assert "cashier" in ROLES
