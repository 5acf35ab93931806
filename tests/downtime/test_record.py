"""record(): a filled form becomes a durable, sealed entry, or nothing at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.errors import (
    SameIdOtherBodyError,
)
from downtime.receipt_number import parse_number
from downtime.record import Recorded, Refused, new_entry_id, record
from downtime.sealing import Filled
from downtime.store import journal
from downtime.store.sqlite import DatabaseError
from downtime.verify import verify_book
from forms.postings import imbalance
from forms.station_book import OutageDeclared, OutageEnded
from tests.downtime.builders import (
    arrears,
    cash,
    charge,
    collection,
    line,
    make_home,
    open_current,
    registration,
    reversal,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.home import Home


def _signed(book: OpenBook) -> int:
    last = book.head_log.last()
    return last.seq_to if last else 0


def _entries(book: OpenBook) -> int:
    return journal.head(book.db)[0]


def test_an_entry_and_its_audit_line_stand_together(open_book: OpenBook) -> None:
    """One commit group, one signed head: who did it can never be missing."""
    entry = stand(open_book, charge())
    audit = journal.entry_by_seq(open_book.db, entry.seq + 1)
    assert audit is not None
    assert (audit.form, audit.content["subject"]) == ("audit", entry.id)
    last = open_book.head_log.last()
    assert last is not None
    assert (last.seq_from, last.seq_to, last.head) == (entry.seq, audit.seq, audit.hash)


def test_what_is_recorded_is_there_after_reopening(cheap_home: Home) -> None:
    """Recorded means on disk, not in memory."""
    book = open_current(cheap_home)
    entry = stand(book, charge())
    book.close()
    book = open_current(cheap_home)
    assert journal.entry_by_id(book.db, entry.id) == entry
    book.close()


def test_the_same_form_twice_is_one_entry(open_book: OpenBook) -> None:
    """A repeat after a doubtful answer finds the entry and changes nothing."""
    entry_id = new_entry_id()
    entry = stand(open_book, charge(), entry_id)
    held = _entries(open_book)
    again = record(open_book, Filled(charge(), entry_id))
    assert again == Recorded(entry, already=True)
    assert _entries(open_book) == held


def test_one_id_with_another_body_is_a_full_stop(open_book: OpenBook) -> None:
    """Two contents under one id: nothing is written and IT is called."""
    entry_id = new_entry_id()
    entry = stand(open_book, charge(), entry_id)
    held = _entries(open_book)
    with pytest.raises(SameIdOtherBodyError):
        record(open_book, Filled(charge([line(price=1)]), entry_id))
    assert _entries(open_book) == held
    assert journal.entry_by_id(open_book.db, entry_id) == entry


def test_every_entry_balances(open_book: OpenBook) -> None:
    """Money that goes somewhere comes from somewhere, in the entry and in the rows beside it."""
    for form in (
        charge(),
        arrears(),
        charge([line(), line("D1", 300, "3", "drug"), line("UNLISTED", 5, "1", "unlisted")]),
    ):
        entry = stand(open_book, form)
        legs = journal.postings_of(open_book.db, entry.id)
        assert legs
        assert not imbalance(legs)
    assert sum(journal.balances(open_book.db).values()) == 0


def test_a_refused_form_leaves_no_trace(open_book: OpenBook) -> None:
    """What is wrong stands beside the field; no row, no number, no head is written."""
    held, signed = _entries(open_book), _signed(open_book)
    outcome = record(open_book, Filled(collection(new_entry_id(), [cash(100)]), new_entry_id()))
    assert isinstance(outcome, Refused)
    assert [problem.field for problem in outcome.problems] == ["charge_id"]
    assert (_entries(open_book), _signed(open_book)) == (held, signed)
    number = parse_number(stand(open_book, charge()).number or "")
    assert number is not None
    assert number.count == 1


def test_a_clock_set_back_changes_only_the_times(tmp_path: Path) -> None:
    """Order, numbers and proof do not depend on the wall clock."""
    clock = ManualClock()
    home = make_home(tmp_path / "home", clock=clock)
    book = open_current(home, clock)
    first = stand(book, charge())
    clock.turn(wall_seconds=-86_400 * 400, passed_seconds=5)
    second = stand(book, charge())
    book.close()
    assert second.recorded_at < first.recorded_at
    assert (second.seq, second.number) > (first.seq, first.number)
    assert verify_book(home, unlock(home), home.current_book()).whole


@pytest.mark.parametrize(
    "name", ["𠮷野家", "Ａｎｎａ　e\u0301", "\u202e=cmd'; DROP|^~\\&\x1b]52;c;eA==\x07", "x" * 5000]
)
def test_text_stays_exactly_as_typed(open_book: OpenBook, name: str) -> None:
    """Storage neither cleans nor normalises; search and paper do."""
    patient = {"number": "P1", "name": name}
    entry = stand(open_book, charge(patient=patient))
    assert entry.content["patient"]["name"] == name
    assert json.loads(entry.sealed)["body"]["content"]["patient"]["name"] == name


def test_half_a_character_is_refused(open_book: OpenBook) -> None:
    """A lone surrogate has no bytes; it is a fault of the input, not of the disk."""
    broken = charge(patient={"number": "P1", "name": "x"})
    broken = broken.model_copy(update={"patient": broken.patient.model_copy(update={"name": "\ud842"})})
    assert isinstance(record(open_book, Filled(broken, new_entry_id())), Refused)


def test_nothing_recorded_can_be_changed_or_deleted(open_book: OpenBook) -> None:
    """The tables refuse UPDATE, DELETE and INSERT OR REPLACE, even from our own code."""
    stand(open_book, reversal(stand(open_book, charge())))
    for statement in (
        "UPDATE entry SET operator='9999'",
        "DELETE FROM entry",
        "DELETE FROM posting",
        "UPDATE entry_reference SET to_id='x'",
        "INSERT OR REPLACE INTO posting SELECT seq, n, account, unit, 1 FROM posting",
    ):
        with pytest.raises(DatabaseError):
            open_book.db.execute(statement)


def test_the_outage_in_force_is_sealed_into_entries(open_book: OpenBook) -> None:
    """Entries say in which outage they were recorded; afterwards in none."""
    assert stand(open_book, charge()).outage == ""
    stand(open_book, OutageDeclared(outage="O-2026-01"))
    assert stand(open_book, charge()).outage == "O-2026-01"
    stand(open_book, OutageEnded(outage="O-2026-01"))
    assert stand(open_book, charge()).outage == ""


def test_a_reversal_takes_every_leg_back(open_book: OpenBook) -> None:
    """After a reversal all balances are what they were before."""
    before = journal.balances(open_book.db)
    entry = stand(open_book, charge([line(), line("D1", 300, "1.5", "drug")]))
    stand(open_book, reversal(entry))
    assert journal.balances(open_book.db) == before


def test_a_registration_goes_back_once_nothing_is_left_of_it(open_book: OpenBook) -> None:
    """As long as a charge for the person stands, the person does; afterwards both are gone."""
    person = stand(open_book, registration("T1"))
    used = stand(open_book, charge(patient={"number": "T1", "name": "无名氏", "temporary": True}))
    assert isinstance(record(open_book, Filled(reversal(person), new_entry_id())), Refused)
    stand(open_book, reversal(used))
    stand(open_book, reversal(person))
