"""Enough of a number is left to compare it, too little to copy it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downtime.masking import mask_field, mask_identity, mask_numbers, mask_phone

IDENTITY = re.compile(r"\d{17}[\dXx]")
PHONE = re.compile(r"(?<!\d)\d{11}(?!\d)")


@pytest.mark.parametrize(
    ("number", "seen"),
    [
        ("11010119800131002X", "110101********002X"),
        ("E12345678", "E1*****78"),
        ("123", "***"),
        ("", ""),
    ],
)
def test_identity_numbers(number: str, seen: str) -> None:
    """Six and four of eighteen; of others a quarter at each end; of the shortest nothing."""
    assert mask_identity(number) == seen


@pytest.mark.parametrize(
    ("number", "seen"),
    [("13800138000", "138****8000"), ("010-12345678", "010******678"), ("8020", "8020"), ("", "")],
)
def test_phone_numbers(number: str, seen: str) -> None:
    """Three and four of a mobile number; of others a quarter at each end; an extension reaches nobody outside."""
    assert mask_phone(number) == seen


def test_numbers_in_free_text() -> None:
    """Whatever was typed beside them stays; receipt and patient numbers are no identity numbers."""
    text = "母13800138000,身份证11010119800131002x;收据 W03A-000123-4 20261122"
    assert mask_numbers(text) == "母138****8000,身份证110101********002x;收据 W03A-000123-4 20261122"


@given(st.text(alphabet="0123456789X -号", max_size=60), st.sampled_from(("note", "phone", "id_number")))
def test_nothing_long_enough_is_left(text: str, field: str) -> None:
    """However it is typed, a masked field holds no identity number of a person and no mobile number."""
    seen = mask_field(field, text)
    assert len(seen) == len(text)
    for found in PHONE.findall(seen):
        assert not re.fullmatch(r"1[3-9]\d{9}", found)
    for found in re.findall(r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)", seen):
        pytest.fail(found)
