"""What became of each entry: a person's word until the HIS is read, then the HIS's; counts that add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.his_word import HisWord, reference_of
from downtime.outcome import Accepted, FormalDocument, HandedOver, InDoubt, Rejected
from downtime.station import open_new_book
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.delivery_queries import first_entry_hash, journal_head_seq, look
from downtime.store.headlog import HeadLog
from downtime.worksheet_reading import read_retyping
from downtime.worksheet_standing import ORDER, counts_of
from forms.his_decided import TypedIn
from forms.patient_matched import PatientMatched
from tests.downtime.builders import (
    arrears,
    charge,
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
    from downtime.entry import Entry
    from downtime.outcome import Outcome
    from downtime.worksheet_standing import RetypeRow

DOCUMENT = FormalDocument("e_invoice", "PX", "00012345", "a1b2c3", "2026-01-05", "issued", "HIS-77")


@pytest.fixture
def book(tmp_path: Path) -> Any:
    """Return the book of a station whose HIS is only read."""
    home = make_home(tmp_path / "home", connectors={"retype": {"extract": "x.toml"}})
    opened = open_current(home)
    yield opened
    opened.close()


def answered(book: OpenBook, entry: Entry, outcome: Outcome, step: int = 1) -> None:
    """Let the connector have said something of an entry."""
    paths = book.paths
    db = look(paths.journal, paths.deliveries, book.key)
    first = first_entry_hash(db)
    assert first is not None
    heads = HeadLog(paths.deliveries_head)
    with Deliveries(
        paths.deliveries, book.key, heads=heads, sign=book.signing.sign, first_entry_hash=first
    ) as deliveries:
        fact = Fact(entry.seq, entry.id, step, outcome, entry.sealed if step == 1 else None)
        deliveries.append("retype", [fact], at=entry.recorded_at, journal_seq=journal_head_seq(db))
    db.close()


def row_of(book: OpenBook, entry: Entry) -> RetypeRow:
    """Return what became of an entry."""
    row = read_retyping(book.home, book.ring).row(entry.id)
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (None, "waiting"),
        (HandedOver("worksheet"), "waiting"),
        (InDoubt("x"), "waiting"),
        (Rejected("x"), "person"),
        (Accepted((DOCUMENT,), "HIS-77"), "verified"),
        (HandedOver(reference_of(HisWord("differs", ("amount",), "", 3750, ("F1",)))), "differs"),
        (HandedOver(reference_of(HisWord("twice", ("twice",), "", 5000, ("F1", "F2")))), "double"),
        (HandedOver(reference_of(HisWord("missing"))), "missing"),
        (HandedOver(reference_of(HisWord("taken_back"))), "missing"),
        (HandedOver(reference_of(HisWord("doubtful"))), "person"),
        (HandedOver(reference_of(HisWord("there"))), "person"),
    ],
)
def test_what_the_his_says(book: OpenBook, outcome: Outcome | None, state: str) -> None:
    """Every answer puts an entry into exactly one state, with the words that say why."""
    entry = stand(book, charge())
    if outcome is not None:
        answered(book, entry, outcome)
    row = row_of(book, entry)
    assert row.state == state
    assert (row.word is not None) is (isinstance(outcome, HandedOver) and outcome.reference != "worksheet")
    assert row.documents == (("00012345",) if state == "verified" else ())


def test_typed_in_counts_until_the_his_is_read(book: OpenBook) -> None:
    """Said to be typed in, then missing there, then said again: the newest word counts; undone, it waits again."""
    entry = stand(book, charge())
    said = stand(book, TypedIn(entry_id=entry.id, his_reference="2026112200018"))
    row = row_of(book, entry)
    assert (row.state, row.typed and row.typed.bill, row.typed and row.typed.entry_id) == (
        "entered", "2026112200018", said.id,
    )  # fmt: skip
    answered(book, entry, HandedOver(reference_of(HisWord("missing"))))
    assert row_of(book, entry).state == "missing"
    stand(book, TypedIn(entry_id=entry.id, is_undone=True, reason="练习:没存上"))
    assert row_of(book, entry).state == "missing"
    stand(book, TypedIn(entry_id=entry.id))
    assert row_of(book, entry).state == "entered"
    answered(book, entry, Accepted((DOCUMENT,), "HIS-77"), 2)
    assert row_of(book, entry).state == "verified"


def test_what_stands_there_otherwise_stays_on_top(book: OpenBook) -> None:
    """A difference is settled by the HIS's rows alone, not by somebody's word; it stands above what is to be typed."""
    first, second = stand(book, charge()), stand(book, charge([line("B2")]))
    answered(book, second, HandedOver(reference_of(HisWord("differs", ("amount",), "", 1, ("F1",)))))
    stand(book, TypedIn(entry_id=second.id))
    retyping = read_retyping(book.home, book.ring)
    assert [row.entry.id for row in retyping.rows] == [second.id, first.id]
    assert retyping.rows[0].state == "differs"


def test_counts_and_sums_add_up(book: OpenBook) -> None:
    """Every entry stands in one state; states come to all entries, what was given back as minus."""
    entries = [stand(book, charge([line(f"A{n}", 100 + n)])) for n in range(5)]
    undone = stand(book, reversal(entries[4]))
    answered(book, entries[0], Accepted((), "F1"))
    stand(book, TypedIn(entry_id=entries[1].id))
    rows = read_retyping(book.home, book.ring).rows
    counts = counts_of(rows)
    assert sum(one.entries for one in counts) == len(rows) == 6
    assert sum(one.amount_minor for one in counts) == sum(row.amount_minor for row in rows)
    assert [one.state for one in counts] == [s for s in ORDER if s in {"waiting", "entered", "verified"}]
    reversed_row = next(row for row in rows if row.entry.id == entries[4].id)
    assert reversed_row.reversed_by == undone.number


def test_entries_of_an_earlier_book_too(tmp_path: Path) -> None:
    """The outage before is typed in as well, and what is said of it in the new book counts."""
    home = make_home(tmp_path / "home")
    book = open_current(home)
    entry = stand(book, charge())
    book.close()
    book = open_new_book(home, unlock(home))
    newer = stand(book, charge([line("B2")]))
    rows = read_retyping(home, unlock(home)).rows
    assert [row.entry.id for row in rows] == [entry.id, newer.id]
    stand(book, TypedIn(entry_id=entry.id))
    assert row_of(book, entry).state == "entered"
    book.close()


def test_a_matched_patient_has_the_number_of_the_his(book: OpenBook) -> None:
    """Once a person decided who it is, the HIS's number is there to be typed."""
    stand(book, registration())
    stand(book, arrears([line()], patient={"number": "TW03A0100001", "name": "无名氏", "temporary": True}))
    assert read_retyping(book.home, book.ring).patients == {}
    matched = {
        "patient": {"number": "TW03A0100001", "name": "无名氏", "temporary": True},
        "outcome": "same",
        "other": {"number": "P777", "name": "练习病人甲"},
    }
    stand(book, PatientMatched.model_validate(matched))
    assert read_retyping(book.home, book.ring).patients == {"TW03A0100001": "P777"}
