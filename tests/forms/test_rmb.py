"""Amounts in capital numerals 人民币大写."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.rmb import AMOUNT_FEN_MAX, in_words

DIGITS = "零壹贰叁肆伍陆柒捌玖"


def number_in(words: str) -> int:
    """Read capital numerals back into fen, by the grammar a person uses, not by the writer's code."""
    sign = -1 if words.startswith("负") else 1
    words = words.removeprefix("负").removesuffix("整")
    yuan, _, rest = words.rpartition("元") if "元" in words else ("", "", words)
    total = read_yuan(yuan) * 100
    for unit, worth in (("角", 10), ("分", 1)):
        if unit in rest:
            figure, rest = rest.split(unit)
            total += DIGITS.index(figure[-1]) * worth
    return sign * total


def read_yuan(words: str) -> int:
    """Read the part before 元."""
    for unit, worth in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        if unit in words:
            high, _, low = words.rpartition(unit)
            return read_yuan(high) * worth + read_yuan(low)
    return DIGITS.index(words.strip("零") or "零")


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (5, "伍分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (12345, "壹佰贰拾叁元肆角伍分"),
        (10050, "壹佰元伍角整"),
        (1000, "壹拾元整"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (1600002, "壹万陆仟元零贰分"),
        (10000000, "壹拾万元整"),
        (10010000, "壹拾万零壹佰元整"),
        (100100000000, "壹拾亿零壹佰万元整"),
        (10000000100, "壹亿零壹元整"),
        (100000000000000, "壹万亿元整"),
        (-4500, "负肆拾伍元整"),
    ],
)
def test_reads_as_banks_write_it(fen: int, words: str) -> None:
    """Known amounts read as the rules for filling in bills say."""
    assert in_words(fen) == words


@given(st.integers(-AMOUNT_FEN_MAX, AMOUNT_FEN_MAX))
def test_words_can_be_read_back(fen: int) -> None:
    """Any amount read back from its words is the same amount; so no two amounts share words."""
    assert number_in(in_words(fen)) == fen


@given(st.integers(-AMOUNT_FEN_MAX, AMOUNT_FEN_MAX))
def test_zeros_stand_once_and_never_last(fen: int) -> None:
    """No 零零, and none before a unit or at the end, but in 零元整."""
    words = in_words(fen)
    assert "零零" not in words
    if fen:
        assert not any(f"零{unit}" in words for unit in "元万亿仟佰拾角分整")
        assert words.endswith(("整", "分"))
