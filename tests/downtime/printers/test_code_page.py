"""What a printer has in its own letters, how wide it is, and that no code holds a control byte."""

from __future__ import annotations

import unicodedata
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downtime.printers.code_page import CodePage, cells, code_of, narrowed, printable, runs
from downtime.receipt_text import columns_of

PAGES = get_args(CodePage)
CHARACTERS = st.characters(codec="utf-16-be", exclude_categories=())


@pytest.mark.parametrize("page", PAGES)
def test_no_code_of_any_character_holds_a_control_byte(page: CodePage) -> None:
    """Of all 65,536 characters of the first plane, none is sent as a byte below 0x20 or as a lone high byte."""
    for code in range(0x10000):
        made = code_of(chr(code), page)
        assert len(made) in {0, 1, 2, 4}
        assert all(0x20 <= octet != 0x7F and octet != 0xFF for octet in made)
        if len(made) == 1:
            assert chr(code).isascii()
        elif made:
            assert made[0] >= 0x81
            assert made.decode("gb18030") == chr(code)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("收据", 4), ("W03A", 4), ("（练习）a", 9), ("\uffe59.00", 6), ("\u201c甲\u201d", 6)],
)
def test_a_chinese_character_takes_two_columns(text: str, columns: int) -> None:
    """Letters of the printer: one column for ASCII, two for everything its Chinese font draws."""
    assert cells(printable(text, "gb18030")) == columns


@given(st.text(CHARACTERS), st.sampled_from(PAGES))
def test_printable_text_is_only_what_can_be_drawn(text: str, page: CodePage) -> None:
    """Every character left is ASCII, in the printer, or in our font; pieces put together are the text."""
    made = printable(text, page)
    assert "".join(piece for _kind, piece in runs(made, page)) == made
    for kind, piece in runs(made, page):
        for character in piece:
            assert not unicodedata.category(character).startswith("C")
            assert bool(code_of(character, page)) == (kind != "drawn")
            assert character.isascii() == (kind == "latin")


@given(st.text(CHARACTERS), st.sampled_from(PAGES))
def test_narrowed_text_is_as_wide_as_it_counts(text: str, page: CodePage) -> None:
    """On printers that set plain lines, what the layout counts is what the head draws."""
    made = narrowed(text, page)
    assert all(code_of(character, page) for character in made)
    assert columns_of(made) == cells(made)
