"""Promises of the canonical bytes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downtime.canonical import UnsealableError, seal, unseal

_TEXT = st.text(st.characters(codec="utf-8"))
_PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(_PLAIN)
def test_content_survives_sealing(content: Any) -> None:
    """What is sealed comes back equal, and seals to the same bytes again."""
    sealed = seal(content)

    assert unseal(sealed) == content
    assert seal(unseal(sealed)) == sealed


def test_golden_bytes() -> None:
    """The byte form is fixed for ever: keys sorted, no space, text as typed."""
    assert (
        seal({"b": [1, True, None], "a": "𠮷\x1b[31m|^~\\&"})
        == '{"a":"𠮷\\u001b[31m|^~\\\\&","b":[1,true,null]}'.encode()
    )


@pytest.mark.parametrize(
    "content", [1.5, {"a": 0.0}, [float("nan")], "\ud800", {1: "a"}, {"a": b"x"}, {"a": {1, 2}}]
)
def test_what_has_no_single_byte_form_is_refused(content: Any) -> None:
    """Floats, half surrogates, foreign types and keys that are not text never get in."""
    with pytest.raises(UnsealableError):
        seal(content)


@pytest.mark.parametrize(
    "sealed", [b'{"a":1.5}', b'{"a":NaN}', b'{"a":1,"a":2}', b"\xff", b"{", b"[" * 100_000, b'{"a":1e999}']
)
def test_foreign_json_with_two_readings_is_refused(sealed: bytes) -> None:
    """Floats, NaN, repeated keys, bad UTF-8 and bottomless nesting are errors, not guesses."""
    with pytest.raises(UnsealableError):
        unseal(sealed)
