"""The index words of a text are what a search asks for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from downtime.store.reference_schema import code_words, create_statements, grams, insert_statement, tail_words
from forms.typed import as_search


@given(st.text(max_size=40).map(as_search).filter(bool), st.data())
def test_every_inner_part_is_covered_by_its_grams(text: str, draw: st.DataObject) -> None:
    """Whatever part of a name is typed, all its one- to three-character pieces are index words."""
    start = draw.draw(st.integers(0, len(text) - 1))
    part = text[start : start + draw.draw(st.integers(1, len(text)))]
    words = grams([text])
    assert {part[n : n + 3] for n in range(max(1, len(part) - 2))} <= words


def test_codes_are_found_from_their_beginning_and_numbers_from_their_end() -> None:
    """2501 finds 250101015; 5678 finds a phone that ends so; the middle of either finds nothing."""
    assert "^2501" in code_words("250101015")
    assert "0101" not in code_words("250101015")
    assert tail_words(["10012345678"]) == {"~5678", "~345678"}


def test_every_table_is_strict() -> None:
    """No table takes text where a number belongs."""
    tables = [text for text in create_statements() if text.startswith("CREATE TABLE")]
    assert tables
    assert all(text.endswith("STRICT") for text in tables)
    assert insert_statement("batches").count("?") == 7
