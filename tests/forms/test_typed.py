"""An input method that was left on changes nothing where a code, a number or an amount belongs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.typed import as_code, as_number, as_search, may_be_phone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ＷＯ３ａ", "WO3a"),
        (" 25 01\u3000", "2501"),
        ("１。５", "1.5"),
        ("PX－1", "PX-1"),
        ("plain", "plain"),
    ],
)
def test_a_code_is_ascii_whatever_the_input_method_made(typed: str, meant: str) -> None:
    """Full-width letters, spaces and stops in a code are the keys that were meant."""
    assert as_code(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("１２．５０", "12.50"),
        ("12。5", "12.5"),
        ("1,234.50", "1234.50"),
        ("１，２３４", "1234"),
        ("1,2", "1,2"),
        ("-３", "-3"),
        ("三", "三"),
    ],
)
def test_an_amount_is_ascii_and_nothing_is_guessed(typed: str, meant: str) -> None:
    """Only spelling is folded; what is not a number stays visible as typed."""
    assert as_number(typed) == meant


@given(st.text())
def test_search_text_is_folded_once_and_for_all(text: str) -> None:
    """Folding what is folded changes nothing, so what was stored and what is typed always meet."""
    assert as_search(as_search(text)) == as_search(text)


def test_punctuation_and_width_never_keep_texts_apart() -> None:
    """血常规（五分类）, 血常规(五分类) and a typed 血常规五分类 are one."""
    assert as_search("血常规（五分类）") == as_search("血常规(五分类)") == "血常规五分类"
    assert as_search("Ｃt-1 ") == "ct1"


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        *((text, True) for text in ("13800138009", "+86-571-8765 4321", "(0571)87654321转802", "")),
        *((text, False) for text in ("abc", "138x", "没有")),
    ],
)
def test_a_phone_number_is_told_from_what_is_none(typed: str, is_one: bool) -> None:  # noqa: FBT001 (a table)
    """Every spelling of a number passes, with its extension; letters and words do not."""
    assert may_be_phone(typed) is is_one
