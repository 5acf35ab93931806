"""The deliveries file: append-only, chained, never further than its head log by more than one commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.errors import InUseError, JournalAlarmError
from downtime.outcome import (
    Accepted,
    FormalDocument,
    HandedOver,
    InDoubt,
    Rejected,
    Unreachable,
    outcome_content,
    outcome_of,
)
from downtime.store import delivery_queries as queries
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.delivery_verify import BadDelivery, verify_deliveries
from downtime.store.headlog import RECORD_BYTES, HeadLog
from downtime.store.owed import OPEN_QUERY
from downtime.store.sqlite import DatabaseError, open_database
from tests.sync.entries import MadeUpBook, charges

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.outcome import Outcome

AT = "2026-01-05T08:20:00.000+08:00"
DOCUMENT = FormalDocument("e_invoice", "PX-0601", "PX00000001", "A1B2C3", AT, "issued", "PX1")
OUTCOMES: tuple[Outcome, ...] = (
    Accepted((DOCUMENT, DOCUMENT), "PX1"),
    Accepted((), ""),
    Rejected("no such item"),
    Unreachable("no route"),
    InDoubt("no answer"),
    HandedOver("row 1"),
)


@pytest.fixture
def book(tmp_path: Path) -> MadeUpBook:
    """A book of four charges."""
    made_up = MadeUpBook(tmp_path)
    made_up.record(*charges(4))
    return made_up


def open_deliveries(book: MadeUpBook) -> Deliveries:
    """Open the deliveries for writing."""
    return Deliveries(
        book.deliveries_path,
        book.key,
        heads=HeadLog(book.head_path),
        sign=book.sign,
        first_entry_hash=book.entries[0].hash,
    )


def deliver(book: MadeUpBook, *, commits: int = 3) -> None:
    """Write so many commits of two facts each."""
    with open_deliveries(book) as deliveries:
        for entry in book.entries[:commits]:
            facts = [
                Fact(entry.seq, entry.id, 1, None, entry.sealed),
                Fact(entry.seq, entry.id, 2, Accepted((DOCUMENT,), "PX1")),
            ]
            deliveries.append("memory", facts, at=AT, journal_seq=4)


def verified(book: MadeUpBook) -> BadDelivery | None:
    """Verify the file with every signature taken as good."""
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    try:
        return verify_deliveries(look, HeadLog(book.head_path), signature_is_good=lambda _record: True)
    finally:
        look.close()


def tamper(book: MadeUpBook, statement: str) -> None:
    """Change the file as somebody would who has the key and drops the triggers."""
    db = open_database(book.deliveries_path, book.key)
    for table in ("delivery", "formal_document"):
        for verb in ("UPDATE", "DELETE"):
            db.execute(f"DROP TRIGGER {table}_no_{verb}")
    db.execute(statement)
    db.close()


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.state)
def test_an_answer_survives_being_written_down(outcome: Outcome) -> None:
    """Every outcome comes back from its JSON as it went in."""
    assert outcome_of(outcome_content(outcome)) == outcome


def test_a_book_nothing_was_delivered_from_owes_everything(book: MadeUpBook) -> None:
    """Without a deliveries file every entry is owed, and the sums add up."""
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    assert queries.standing(look, "memory") == [queries.StandingLine("owed", 4, 4 * 1925)]
    assert queries.standing_total(look) == queries.StandingLine("total", 4, 4 * 1925)
    look.close()


def test_facts_cannot_be_changed_or_deleted(book: MadeUpBook) -> None:
    """Neither an update, nor a delete, nor a replacement passes the file."""
    deliver(book)
    db = open_database(book.deliveries_path, book.key)
    for statement in (
        "UPDATE delivery SET state = 'rejected' WHERE n = 2",
        "DELETE FROM delivery WHERE n = 2",
        "INSERT OR REPLACE INTO delivery SELECT * FROM delivery WHERE n = 2",
        "DELETE FROM formal_document",
    ):
        with pytest.raises(DatabaseError):
            db.execute(statement)
    db.close()
    assert verified(book) is None


def test_the_history_of_an_entry_and_its_documents(book: MadeUpBook) -> None:
    """What was tried, what was answered, and the formal document, found from either side."""
    deliver(book)
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    entry = book.entries[0]
    assert [line.state for line in queries.history(look, entry.id)] == ["sending", "accepted"]
    assert queries.formal_of(look, entry.id) == [DOCUMENT]
    assert queries.entries_of(look, DOCUMENT.number) == [entry.id for entry in book.entries[:3]]
    assert queries.last_sent(look, "memory", entry.seq) == entry.sealed
    look.close()


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE delivery SET state = 'rejected' WHERE n = 4", 4),
        ("UPDATE delivery SET sent = x'00' WHERE n = 3", 3),
        ("UPDATE delivery SET sealed = CAST(replace(sealed, 'accepted', 'rejected') AS BLOB) WHERE n = 4", 4),
        ("UPDATE delivery SET entry_id = 'other' WHERE n = 1", 1),
        ("DELETE FROM delivery WHERE n = 2", 2),
        ("DELETE FROM delivery WHERE n > 4", 5),
        ("UPDATE formal_document SET number = 'PX9' WHERE n = 4", 4),
        ("DELETE FROM formal_document WHERE n = 4", 4),
        ("INSERT INTO formal_document VALUES (1, 9, 'x', 'e_invoice', '', 'PX9', '', '', 'issued', '')", 7),
    ],
)  # fmt: skip
def test_verification_names_the_first_bad_position(book: MadeUpBook, statement: str, position: int) -> None:
    """Whatever is changed in the file by somebody with the key, the first bad position is named."""
    deliver(book)
    assert verified(book) is None
    tamper(book, statement)
    found = verified(book)
    assert found is not None
    assert found.n == position


def test_a_bad_signature_or_a_missing_head_is_found(book: MadeUpBook) -> None:
    """Heads not signed by this station, or cut out of the middle, are named."""
    deliver(book)
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    heads = HeadLog(book.head_path)
    assert verify_deliveries(look, heads, signature_is_good=lambda record: record.seq_to != 4) == BadDelivery(
        4, "the signature of the head is not ours."
    )
    look.close()
    stored = book.head_path.read_bytes()
    book.head_path.write_bytes(stored[:RECORD_BYTES] + stored[2 * RECORD_BYTES :])
    assert verified(book) == BadDelivery(3, "a record is missing from the head log.")


def test_a_crash_before_the_head_record_is_made_good_but_two_are_an_alarm(book: MadeUpBook) -> None:
    """One commit ahead of the head log is a crash and is completed; two are tampering."""
    deliver(book)
    stored = book.head_path.read_bytes()
    book.head_path.write_bytes(stored[:-7])
    assert verified(book) is None
    open_deliveries(book).close()
    assert book.head_path.read_bytes() == stored
    book.head_path.write_bytes(stored[: -2 * RECORD_BYTES])
    assert verified(book) is not None
    with pytest.raises(JournalAlarmError) as alarm:
        open_deliveries(book)
    assert alarm.value.position == 3


def test_an_older_file_put_back_is_an_alarm(book: MadeUpBook) -> None:
    """Rolling the deliveries back to an earlier copy does not go unseen."""
    deliver(book, commits=1)
    before = book.deliveries_path.read_bytes()
    with open_deliveries(book) as deliveries:
        entry = book.entries[1]
        deliveries.append("memory", [Fact(entry.seq, entry.id, 1, Rejected("no"))], at=AT, journal_seq=4)
    book.deliveries_path.write_bytes(before)
    assert verified(book) == BadDelivery(3, "the head log goes further than the file.")
    with pytest.raises(JournalAlarmError):
        open_deliveries(book)


def test_another_book_s_deliveries_are_not_ours(book: MadeUpBook, tmp_path: Path) -> None:
    """A deliveries file carried over from another book does not fit."""
    deliver(book)
    (tmp_path / "other").mkdir()
    other = MadeUpBook(tmp_path / "other")
    other.record(*charges(1, first=7))
    for name in ("deliveries.db", "deliveries.head"):
        (other.folder / name).write_bytes((book.folder / name).read_bytes())
    assert verified(other) == BadDelivery(1, "the chain is broken.")


def test_one_writer_at_a_time(book: MadeUpBook) -> None:
    """A second sync on the same book is told so."""
    with open_deliveries(book), pytest.raises(InUseError):
        open_deliveries(book)
    open_deliveries(book).close()


def test_the_same_step_cannot_be_written_twice(book: MadeUpBook) -> None:
    """Two writers that both believe to be next collide in the file itself."""
    fact = Fact(1, book.entries[0].id, 1, None, b"{}")
    with open_deliveries(book) as deliveries:
        deliveries.append("memory", [fact], at=AT, journal_seq=4)
        with pytest.raises(DatabaseError):
            deliveries.append("memory", [fact], at=AT, journal_seq=4)
    assert verified(book) is None


def test_a_reader_never_holds_up_the_cashier(book: MadeUpBook) -> None:
    """While deliveries are read beside the journal and written, the journal takes new entries."""
    deliver(book)
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    with open_deliveries(book) as deliveries:
        deliveries._db.execute("BEGIN IMMEDIATE")
        book.record(*charges(1, first=9))
        deliveries._db.execute("ROLLBACK")
    assert queries.standing_total(look).entries == 5
    with pytest.raises(DatabaseError):
        look.execute("INSERT INTO entry_reference VALUES (1, 'x')")
    look.close()


@pytest.mark.parametrize("name", [*queries.HOT_QUERIES, "open"])
def test_repeated_queries_never_scan_a_table(book: MadeUpBook, name: str) -> None:
    """Every query that is repeated finds its rows by an index."""
    deliver(book)
    parameters: Any
    query, parameters = queries.HOT_QUERIES.get(name, (OPEN_QUERY, {"connector": "x", "after": 0}))
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    steps = [row[3] for row in look.execute(f"EXPLAIN QUERY PLAN {query}", parameters)]
    look.close()
    assert steps
    assert not [step for step in steps if step.startswith("SCAN")], steps
