"""A paper typed in: one commit with its entry, once only, by whoever may."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.book import OpenBook
from downtime.errors import AccessRefusedError
from downtime.keys import CHEAP_COST, Person
from downtime.late import beside
from downtime.pack_ledger import ledger_in
from downtime.record import Recorded, Refused, new_entry_id
from downtime.sealing import Filled
from downtime.store import journal
from downtime.verify import verify_book
from forms.paper_late import LateEntry
from tests.downtime.builders import (
    charge,
    make_home,
    open_current,
    reversal,
    stand,
    unlock,
)
from tests.downtime.papers import NOW, WRITTEN, give_out, head_of, type_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def pack(open_book: OpenBook) -> OpenBook:
    """Return a book with a pack of five charge forms in the hands of somebody."""
    give_out(open_book)
    return open_book


def test_the_entry_and_its_paper_stand_in_one_commit(pack: OpenBook) -> None:
    """There is never a late entry without its paper, nor the paper without its entry; both verify."""
    outcome = type_in(pack, 1)
    assert isinstance(outcome, Recorded)
    late = journal.last_of_form(pack.db, LateEntry.name)
    assert late is not None
    firsts = {
        row["id"]: row["group_first"]
        for row in journal.sealed_rows(pack.db)
        if row["id"] in {late.id, outcome.entry.id}
    }
    assert len(set(firsts.values())) == 1
    assert outcome.entry.happened_at == WRITTEN
    paths = pack.paths
    home, ring = pack.home, pack.ring
    pack.close()
    assert verify_book(home, ring, paths).first is None


def test_the_same_number_is_not_booked_twice(pack: OpenBook) -> None:
    """The journal itself refuses, whichever screen or program asks; the same entry again is the same entry."""
    entry_id = new_entry_id()
    first = type_in(pack, 1, entry_id=entry_id)
    assert isinstance(first, Recorded)
    again = type_in(pack, 1, entry_id=entry_id)
    assert isinstance(again, Recorded)
    assert again.already
    other = type_in(pack, 1)
    assert isinstance(other, Refused)
    assert [problem.field for problem in other.problems] == ["paper_number"]


def test_a_reversed_paper_can_be_typed_in_again(pack: OpenBook) -> None:
    """Typed wrongly, reversed, typed again: both stand, the number points at the one that counts."""
    first = type_in(pack, 1)
    assert isinstance(first, Recorded)
    stand(pack, reversal(first.entry))
    assert isinstance(type_in(pack, 1), Recorded)
    assert ledger_in(pack.db).missing() == [("W03A", n) for n in (2, 3, 4, 5)]


def test_only_forms_of_paper_take_the_right_of_typing_in(pack: OpenBook) -> None:
    """A late entry beside a reversal does not let anybody reverse."""
    stood = type_in(pack, 1)
    assert isinstance(stood, Recorded)
    filled = Filled(charge(), "x", beside=(_late("x"),))
    assert filled.needs() == "late_entry"
    undo = reversal(stood.entry)
    assert Filled(undo, "x", beside=(_late("x"),)).needs() == "reverse"


def _late(entry_id: str) -> LateEntry:
    late = beside(head_of("W03A-P000001-0"), entry_id, NOW)[0]
    assert isinstance(late, LateEntry)
    return late


def test_an_auditor_types_nothing_in(tmp_path: Path) -> None:
    """Whoever checks the book does not fill it."""
    home = make_home(tmp_path / "home")
    book = open_current(home)
    give_out(book)
    book.close()
    ring = unlock(home)
    home.keys.enrol(ring, Person("4003", "练习审计", ("auditor",)), "practice-4003", CHEAP_COST)
    audited = OpenBook(home, home.keys.unlock("4003", "practice-4003"), home.current_book())
    with pytest.raises(AccessRefusedError):
        type_in(audited, 1)
    audited.close()
