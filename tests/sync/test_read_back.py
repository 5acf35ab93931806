"""What the HIS holds is read back after it was accepted, also when the HIS goes away in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from sync.contract_entries import HOSPITAL
from sync.practice_his import PracticeConnector
from tests.sync.entries import charges
from tests.sync.test_worker import run, states

if TYPE_CHECKING:
    import pytest
    from sqlalchemy import Engine

    from tests.sync.entries import MadeUpBook


def test_a_his_that_goes_away_before_it_is_read_back_is_compared_in_the_next_round(
    book: MadeUpBook, his: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The postings stand; the round does not claim that they agree, and the next one reads them."""

    def gone(_his: object, _ids: object) -> object:
        raise OperationalError("SELECT", {}, Exception("gone"))

    book.record(*charges(3))
    connector = PracticeConnector(HOSPITAL, his)
    with monkeypatch.context() as away:
        away.setattr("sync.practice_his._facts_of_books", gone)
        done = run(book, connector)
    assert states(done) == {"accepted": 3}
    assert not done.agrees
    assert done.comparison is not None
    assert done.comparison.entries_not_read == 3
    again = run(book, connector)
    assert again.agrees
    assert again.comparison is not None
    assert again.comparison.entries_theirs == 3
