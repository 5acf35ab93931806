"""A shift outlives a crash, midnight, a used-up block of numbers and a new book."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.errors import OutOfNumbersError
from downtime.record import new_entry_id, record, record_event
from downtime.sealing import Filled
from downtime.shift import expected_now, figures_now, float_suggested, opening, shift_now
from downtime.station import open_new_book
from forms.station_book import NumberBlock
from tests.downtime.builders import (
    charge,
    make_home,
    open_current,
    stand,
    unlock,
)
from tests.downtime.shifts import (
    CNY,
    close_shift,
    label_of,
    print_all,
    some_customers,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook


def test_a_crash_leaves_the_shift_open(tmp_path: Path) -> None:
    """Closed or not, the app finds the shift as it was: label, day, float, figures."""
    home = make_home(tmp_path / "home")
    book = open_current(home)
    stand(book, opening(book, float_minor=20_000))
    some_customers(book)
    before, figures = shift_now(book.db), figures_now(book.db, CNY)
    book.close()
    again = open_current(home)
    assert shift_now(again.db) == before
    assert figures_now(again.db, CNY) == figures
    again.close()


def test_clock_set_back_over_midnight(book: OpenBook) -> None:
    """Past midnight and back again: same shift, same business day, same figures, nothing counted twice."""
    clock = book.clock
    assert isinstance(clock, ManualClock)
    some_customers(book)
    clock.turn(wall_seconds=3 * 3600, passed_seconds=3 * 3600)
    some_customers(book)
    clock.turn(wall_seconds=-26 * 3600)
    some_customers(book)
    standing = shift_now(book.db)
    assert standing is not None
    assert standing.business_day == "2026-01-05"
    figures = figures_now(book.db, CNY)
    assert figures.net_of("cash") == 3 * 12_300
    assert figures.numbers.used == 21
    assert close_shift(book, 20_000 + 3 * 12_300).business_day == "2026-01-05"
    stand(book, opening(book, float_minor=0))
    assert figures_now(book.db, CNY).methods == ()


def test_block_used_up_in_mid_shift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a number nothing is recorded; with the next block the jump is listed and explained."""
    monkeypatch.setattr("downtime.station.FIRST_BLOCK", 3)
    home = make_home(tmp_path / "home")
    book = open_current(home)
    stand(book, opening(book, float_minor=0))
    for _customer in range(3):
        stand(book, charge())
    with pytest.raises(OutOfNumbersError):
        record(book, Filled(charge(), new_entry_id()))
    assert figures_now(book.db, CNY).net_of("cash") == 3 * 2_500
    record_event(book, NumberBlock(first=11, last=20))
    stand(book, charge())
    numbers = figures_now(book.db, CNY).numbers
    assert (numbers.first, numbers.last, numbers.used) == (1, 11, 4)
    assert [(gap.first, gap.last, gap.explained) for gap in numbers.gaps] == [(4, 10, True)]
    book.close()


def test_a_jump_inside_the_own_block_is_not_explained() -> None:
    """Numbers of one's own that nobody used are told apart from those of others."""
    from downtime.shift_counting import _gaps

    found = _gaps(4, 22, [(1, 5), (11, 20)])
    assert [(gap.first, gap.last, gap.explained) for gap in found] == [
        (4, 5, False), (6, 10, True), (11, 20, False), (21, 22, True),
    ]  # fmt: skip


def test_an_open_shift_goes_on_in_a_new_book(tmp_path: Path) -> None:
    """A new outage in mid-shift: figures and drawer of the old book belong to it until it closes."""
    home = make_home(tmp_path / "home")
    book = open_current(home)
    stand(book, opening(book, float_minor=20_000))
    some_customers(book)
    print_all(book)
    label = label_of(book)
    book.close()
    book = open_new_book(home, unlock(home))
    assert label_of(book) == label
    some_customers(book)
    figures = figures_now(book.db, CNY)
    assert figures.net_of("cash") == 2 * 12_300
    assert (figures.numbers.first, figures.numbers.last, figures.numbers.used) == (1, 14, 14)
    assert not figures.numbers.gaps
    assert figures.unverified_minor == 1_800
    assert expected_now(book.db, CNY)["cash"] == 20_000 + 2 * 12_300
    closed = close_shift(book, 20_000 + 2 * 12_300, left_minor=5_000)
    assert closed.figures.net_minor() == 2 * 15_200
    book.close()
    book = open_new_book(home, unlock(home))
    assert shift_now(book.db) is None
    assert figures_now(book.db, CNY).methods == ()
    assert float_suggested(book.db) == 5_000
    stand(book, opening(book, float_minor=5_000))
    book.close()
