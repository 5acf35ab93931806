"""A book delivered through scripts, round by round, as it is on the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.clock import ManualClock
from sync.worker import deliver_once
from tests.sync.entries import MadeUpBook, charge, dispense, resend_decided
from tests.sync.sqlfile_clients import Site, site
from tests.sync.test_sqlfile import decide

if TYPE_CHECKING:
    from sync.worker import Round

__all__ = ["site"]


def stands(done: Round) -> dict[str, int]:
    """Return the counts of a round."""
    return {line.state: line.entries for line in done.standing if line.entries}


def test_a_day_by_scripts(site: Site, book: MadeUpBook) -> None:
    """Handed over, run, refused, decided by a person, run again, posted; what is accepted reads back the same."""
    (first,) = book.record(("charge", charge(1)))
    book.record(("dispense", dispense(1, first.id)), ("charge", charge(2)))
    entries = book.entries

    def round_now() -> Round:
        return deliver_once(book, site.connector(), clock=ManualClock())

    assert stands(round_now()) == {"handed_over": 3}
    assert round_now().sent == 0, "nothing goes twice while nobody ran the script"
    site.run_all()
    decide(site, first.id, "refused", reason="练习项目停用")
    for entry in entries[1:]:
        decide(site, entry.id, "posted")
    site.run_all()
    done = round_now()
    assert stands(done) == {"rejected": 1, "accepted": 2}
    assert done.comparison is not None
    assert done.comparison.agrees
    assert round_now().sent == 0
    book.record(resend_decided(first.id, "sqlfile"))
    assert stands(round_now()) == {"handed_over": 1, "accepted": 2}
    assert round_now().sent == 0
    site.run_all()
    decide(site, first.id, "posted", attempt=2)
    site.run_all()
    assert stands(round_now()) == {"accepted": 3}
    assert site.scripts() == []
