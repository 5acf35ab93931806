"""Receipt numbers: every used, void and unused one is accounted for, and running low is said in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.errors import OutOfNumbersError
from downtime.number_words import low_words, running_low
from downtime.numbers import number_lines, sums_of
from downtime.record import new_entry_id, record, record_event
from downtime.sealing import Filled
from downtime.station import continue_after_alarm, open_new_book
from downtime.store import number_queries
from forms.station_book import NumberBlock
from tests.downtime.builders import charge, make_home, open_current, reversal, stand, unlock

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home
    from downtime.numbers import NumberLine


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Return a station with ten receipt numbers."""
    monkeypatch.setattr("downtime.station.FIRST_BLOCK", 10)
    return make_home(tmp_path / "home")


def _told(lines: list[NumberLine]) -> list[tuple[str, str, str, int]]:
    return [(line.state, line.first[5:11], line.last[5:11], line.count) for line in lines]


def test_every_number_is_used_void_or_unused(home: Home) -> None:
    """Numbers one by one with who held them, void ones with the number that made them so, the rest as a range."""
    book = open_current(home)
    first = stand(book, charge())
    stand(book, charge())
    undone = stand(book, reversal(first))
    lines = number_lines(home, book.ring)
    assert _told(lines) == [
        ("void", "000001", "000001", 1), ("used", "000002", "000002", 1),
        ("used", "000003", "000003", 1), ("unused", "000004", "000010", 7),
    ]  # fmt: skip
    assert lines[0].reversed_by == undone.number
    assert [line.held_by for line in lines] == ["1001"] * 3 + ["W03"]
    assert sums_of(lines) == {"used": 2, "void": 1, "unused": 7, "missing": 0, "retired": 0}
    assert (number_queries.left(book.db), number_queries.void_count(book.db)) == (7, 1)
    book.close()


def test_numbers_go_on_in_the_next_book(home: Home) -> None:
    """A new book counts on: nothing is listed twice, nothing falls between two books."""
    book = open_current(home)
    stand(book, charge())
    book.close()
    book = open_new_book(home, unlock(home))
    stand(book, charge())
    lines = number_lines(home, book.ring)
    assert [(line.state, line.count, line.book) for line in lines] == [
        ("used", 1, 1), ("used", 1, 2), ("unused", 8, 1),
    ]  # fmt: skip
    assert sum(line.count for line in lines) == 10
    book.close()


def test_under_another_letter_the_old_numbers_are_retired(home: Home) -> None:
    """After an alarm the station goes on as W03B: what W03A did not use is never used again, and said so."""
    book = open_current(home)
    stand(book, charge())
    book.close()
    book = continue_after_alarm(home, unlock(home))
    stand(book, charge())
    lines = number_lines(home, book.ring)
    assert [(line.first[:4], line.state, line.count) for line in lines] == [
        ("W03A", "used", 1), ("W03A", "retired", 9), ("W03B", "used", 1), ("W03B", "unused", 9),
    ]  # fmt: skip
    book.close()


def test_a_block_that_is_jumped_over_is_listed_as_missing(home: Home) -> None:
    """Numbers of one's own that a later block overtook are named, with who put them in."""
    book = open_current(home)
    for _customer in range(10):
        stand(book, charge())
    record_event(book, NumberBlock(first=31, last=40))
    record_event(book, NumberBlock(first=21, last=25))  # the wrong way round: never reached
    stand(book, charge())
    assert ("missing", "000021", "000025", 5) in _told(number_lines(home, book.ring))
    assert number_queries.left(book.db) == 9
    book.close()


def test_used_up_in_mid_queue_loses_nothing(home: Home) -> None:
    """Refused with what to do; the same form under the same id stands as soon as there is a block."""
    book = open_current(home)
    for _customer in range(10):
        stand(book, charge())
    filled = Filled(charge(), new_entry_id())
    with pytest.raises(OutOfNumbersError, match="downtime numbers add") as refused:
        record(book, filled)
    assert "Enter" in refused.value.then
    assert number_queries.left(book.db) == 0
    record_event(book, NumberBlock(first=11, last=12))
    entry = stand(book, filled.form)
    assert entry.number is not None
    assert entry.number.startswith("W03A-000011")
    book.close()


def test_running_low_is_said_with_how_many_and_who_helps() -> None:
    """Below the site's limit it is said; at none left it says what to do until there are more."""
    assert not running_low(200, 200)
    assert running_low(199, 200)
    assert "199" in low_words(199)
    for left in (0, 199):
        assert "downtime numbers add" in low_words(left)
