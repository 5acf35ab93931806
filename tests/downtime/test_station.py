"""Promises of opening books."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime import station
from downtime.record import new_entry_id
from downtime.station import open_new_book
from tests.downtime.builders import charge, open_current, stand, unlock

if TYPE_CHECKING:
    from downtime.home import Home


def test_a_crash_while_a_book_is_made_leaves_the_old_one_in_use(
    cheap_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until its opening stands the new book is not there; the next try makes it afresh."""

    def power_cut(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(station, "record_events", power_cut)
        with pytest.raises(KeyboardInterrupt):
            open_new_book(cheap_home, unlock(cheap_home))

    assert [paths.number for paths in cheap_home.books()] == [1]
    book = open_current(cheap_home)
    stand(book, charge(), new_entry_id())
    book.close()

    again = open_new_book(cheap_home, unlock(cheap_home))

    assert [paths.number for paths in cheap_home.books()] == [1, 2]
    assert stand(again, charge(), new_entry_id()).number == "W03A-000002-8"
    again.close()
