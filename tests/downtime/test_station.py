"""A station from its first book to the next: numbers, balances and proof carry over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.errors import (
    OutOfNumbersError,
)
from downtime.receipt_number import parse_number
from downtime.record import new_entry_id, record, record_event
from downtime.sealing import Filled
from downtime.station import continue_after_alarm, open_new_book
from downtime.store import journal
from downtime.verify import verify_book
from forms.station_book import NumberBlock
from tests.downtime.builders import (
    charge,
    make_home,
    open_current,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home


def test_numbers_and_balances_carry_over_to_the_next_book(cheap_home: Home) -> None:
    """A receipt number is never used twice; what the drawer holds is not forgotten, over several books."""
    counts = []
    for _book in range(3):
        book = open_current(cheap_home)
        number = parse_number(stand(book, charge()).number or "")
        assert number is not None
        counts.append(number.count)
        last = journal.head(book.db)[1]
        book.close()
        book = open_new_book(cheap_home, unlock(cheap_home))
        opening = journal.entry_by_seq(book.db, 1)
        assert opening is not None
        assert last is not None
        assert opening.content["previous_head"] == last.hex()
        carried = {one["account"]: one["amount"] for one in opening.content["balances"]}
        assert carried["drawer:W03:cash"] == 2500 * len(counts)
        book.close()
    assert counts == [1, 2, 3]
    for paths in cheap_home.books():
        verification = verify_book(cheap_home, unlock(cheap_home), paths)
        assert verification.whole, verification.lines()


def test_a_new_incarnation_repeats_no_number(cheap_home: Home) -> None:
    """After an alarm the station goes on under the next letter, with a key of its own."""
    book = open_current(cheap_home)
    before = stand(book, charge()).number or ""
    book.close()
    book = continue_after_alarm(cheap_home, unlock(cheap_home))
    after = stand(book, charge()).number or ""
    book.close()
    assert (before[:10], after[:10]) == ("W03A-00000", "W03B-00000")
    for paths in cheap_home.books():
        assert verify_book(cheap_home, unlock(cheap_home), paths).whole


def test_a_drill_has_numbers_of_its_own(tmp_path: Path) -> None:
    """Drill paper can never be taken for real paper."""
    home = make_home(tmp_path / "home", drill=True)
    book = open_current(home)
    entry = stand(book, charge())
    book.close()
    assert entry.drill
    assert (entry.number or "").startswith("D-W03A-000001-")
    assert verify_book(home, unlock(home), home.current_book()).whole


def test_numbers_come_from_the_blocks_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Used up means refused; a new block goes on where it begins, and the gap is listed."""
    monkeypatch.setattr("downtime.station.FIRST_BLOCK", 2)
    home = make_home(tmp_path / "home")
    book = open_current(home)
    stand(book, charge())
    stand(book, charge())
    with pytest.raises(OutOfNumbersError):
        record(book, Filled(charge(), new_entry_id()))
    record_event(book, NumberBlock(first=11, last=12))
    assert (stand(book, charge()).number or "").startswith("W03A-000011-")
    book.close()
    verification = verify_book(home, unlock(home), home.current_book())
    assert verification.whole
    assert [(gap.first, gap.last, gap.held_by) for gap in verification.gaps] == [(3, 10, "W03A")]
