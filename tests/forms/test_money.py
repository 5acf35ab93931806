"""Money as it is typed, shown and multiplied."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.money import EXPONENTS, UnreadableNumberError, format_amount, line_amount, parse_amount

currencies = st.sampled_from(sorted(EXPONENTS))


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("45", "CNY", 4500),
        ("45.5", "CNY", 4550),
        ("45.00", "CNY", 4500),
        (" 45.0000 ", "CNY", 4500),
        ("４５。５０", "CNY", 4550),
        ("４５．５", "CNY", 4550),
        ("￥45", "CNY", 4500),
        ("¥45", "CNY", 4500),
        (".5", "CNY", 50),
        ("5.", "CNY", 500),
        ("0", "CNY", 0),
        ("007", "CNY", 700),
        ("1,234.50", "CNY", 123450),
        ("1，234", "CNY", 123400),
        ("45", "JPY", 45),
        ("1.234", "KWD", 1234),
        ("99999999.99", "CNY", 9_999_999_999),
    ],
)
def test_amounts_are_read_as_meant(typed: str, currency: str, minor: int) -> None:
    """Full-width digits, the Chinese full stop and a currency sign are read like plain figures."""
    assert parse_amount(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [
        ("", "CNY"),
        (".", "CNY"),
        ("-5", "CNY"),
        ("－５", "CNY"),
        ("+5", "CNY"),
        ("1e3", "CNY"),
        ("45.505", "CNY"),
        ("45.5", "JPY"),
        ("12,5", "CNY"),
        ("1,2345", "CNY"),
        ("1.2.3", "CNY"),
        ("五", "CNY"),
        ("४५", "CNY"),
        ("100000000", "CNY"),
        ("6901234567892", "CNY"),
        ("nan", "CNY"),
        ("0x10", "CNY"),
        ("1_000", "CNY"),
        ("4 5", "CNY"),
    ],
)
def test_what_is_no_amount_is_refused(typed: str, currency: str) -> None:
    """Nothing is guessed: the error carries a message for beside the field."""
    with pytest.raises(UnreadableNumberError) as refused:
        parse_amount(typed, currency)
    assert refused.value.msgid.format(**refused.value.fields)


@given(st.text(max_size=30), currencies)
def test_no_typing_crashes(typed: str, currency: str) -> None:
    """Whatever is typed is an amount within bounds or a refusal."""
    try:
        minor = parse_amount(typed, currency)
    except UnreadableNumberError:
        return
    assert 0 <= minor < 10**10


@given(st.integers(0, 10**10 - 1), currencies, st.booleans())
def test_money_survives_print_and_parse(minor: int, currency: str, thousands: bool) -> None:  # noqa: FBT001 (hypothesis hands it in)
    """What is shown, typed again, is the same amount, in every currency."""
    assert parse_amount(format_amount(minor, currency, thousands=thousands), currency) == minor


def test_amounts_show_all_their_decimals() -> None:
    """Always as many decimals as the currency has; commas only if asked for."""
    assert format_amount(4500, "CNY") == "45.00"
    assert format_amount(-5, "CNY") == "-0.05"
    assert format_amount(45, "JPY") == "45"
    assert format_amount(1, "KWD") == "0.001"
    assert format_amount(123456789, "CNY") == "1234567.89"
    assert format_amount(123456789, "CNY", thousands=True) == "1,234,567.89"


@given(st.integers(0, 10**10), st.integers(1, 99_999_999))
def test_line_amount_rounds_half_up(price: int, thousandths: int) -> None:
    """Price times quantity is exact, then rounded half up, never by way of a float."""
    exact = Fraction(price * thousandths, 1000)
    assert line_amount(price, Decimal(thousandths) / 1000) == int(exact + Fraction(1, 2))


def test_half_a_fen_goes_up() -> None:
    """0.5 fen is one fen; 1.005 yuan worth of three halves does not fall to a float."""
    assert line_amount(1, Decimal("0.5")) == 1
    assert line_amount(201, Decimal("0.5")) == 101
    assert line_amount(3, Decimal("0.499")) == 1
