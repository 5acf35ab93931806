"""Receipts searched in memory: the same answers as the book gives, and what came a moment ago is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.store.receipt_names import ReceiptNames
from tests.downtime.builders import charge, stand

if TYPE_CHECKING:
    import pytest

    from downtime.book import OpenBook


def test_number_patient_and_name_are_found_newest_first(open_book: OpenBook) -> None:
    """Any part of each, numbers in whatever case; a text that nobody has finds nothing."""
    names = ReceiptNames()
    first, second = stand(open_book, charge()), stand(open_book, charge())
    patient = first.content["patient"]
    for text in (
        patient["name"],
        patient["name"][1:],
        patient["number"].lower(),
        str(first.number)[:5].lower(),
    ):
        assert names.seqs(open_book.db, text, 10) == [second.seq, first.seq], text
    assert names.seqs(open_book.db, str(first.number), 10) == [first.seq]
    assert names.seqs(open_book.db, "nobody", 10) == []
    assert names.seqs(open_book.db, patient["name"], 1) == [second.seq]


def test_what_came_since_is_read_and_nothing_twice(
    open_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next search finds the receipt of a moment ago, and asks the book only for that one."""
    names = ReceiptNames()
    first = stand(open_book, charge())
    assert names.seqs(open_book.db, str(first.number), 10) == [first.seq]
    second = stand(open_book, charge())
    asked: list[object] = []
    execute = open_book.db.execute

    def note(sql: str, given: tuple[int, ...]) -> Any:
        asked.append(given)
        return execute(sql, given)

    monkeypatch.setattr(open_book.db, "execute", note)
    assert names.seqs(open_book.db, str(second.number), 10) == [second.seq]
    assert asked == [(first.seq,)]
