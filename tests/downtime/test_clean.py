"""Promises of the one place that cleans foreign text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downtime.clean import spreadsheet, visible


@given(st.text())
def test_nothing_that_acts_is_left(text: str) -> None:
    """No control, format or line-separating character reaches screen, paper or file."""
    assert not {"Cc", "Cf", "Cs", "Zl", "Zp"} & {
        unicodedata.category(character) for character in visible(text)
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王[/]伟", "王[/]伟"),
        ("[red]王", "[red]王"),
        ("a\x1b]52;c;eA==\x07", "a\\u001B]52;c;eA==\\u0007"),
        ("a\u202eb", "a\\u202Eb"),
        ("𠮷", "𠮷"),
        ("'; DROP TABLE", "'; DROP TABLE"),
        ("|^~\\&", "|^~\\&"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 3),
        ("\U000e0001", "\\U000E0001"),
    ],
)
def test_foreign_text_is_shown_literally(text: str, shown: str) -> None:
    """Markup, escapes, bidi and SQL are only text."""
    assert visible(text) == shown


def test_a_limit_cuts_what_is_shown() -> None:
    """A name of five thousand characters takes no more room than there is."""
    assert visible("长" * 5000, 12) == "长" * 12


@pytest.mark.parametrize("text", ["=cmd", "+1", "-1", "@x", "＝cmd"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    """A spreadsheet opens the cell as text."""
    assert spreadsheet(text) == "'" + text
