"""verify: the first position that is not what was written is named, whatever was done to the files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from downtime.keys import KeyFolder
from downtime.outcome import InDoubt
from downtime.record import record_event
from downtime.station import open_new_book
from downtime.store import journal
from downtime.store.chain import link
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.delivery_queries import first_entry_hash
from downtime.store.headlog import RECORD_BYTES, HeadLog
from downtime.store.sqlite import open_database
from downtime.store.verification import file_faults, open_evidence
from downtime.verify import verify_book
from downtime.verify_row import Walk
from forms.station_book import DeliveryAnchor
from tests.downtime.builders import (
    arrears,
    cash,
    charge,
    collection,
    dispense,
    drug,
    line,
    open_current,
    registration,
    reversal,
    stand,
    unlock,
    visit,
)

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.findings import Verification
    from downtime.home import Home


def _verified(home: Home) -> Verification:
    return verify_book(home, unlock(home), home.current_book())


@pytest.fixture
def used_home(cheap_home: Home) -> Home:
    """Return a home with five charges (entries 4, 6, 8, 10, 12, each with its audit line)."""
    book = open_current(cheap_home)
    for _n in range(5):
        stand(book, charge())
    book.close()
    return cheap_home


def _tampered(home: Home, *statements: str) -> Verification:
    """Change rows as somebody with the book's key and a SQL shell can, then verify."""
    paths = home.current_book()
    db = open_database(paths.journal, unlock(home).book_key(1))
    triggers = db.execute("SELECT name FROM sqlite_schema WHERE type='trigger'").fetchall()
    for (name,) in triggers:
        db.execute("DROP TRIGGER " + name)
    for statement in statements:
        db.execute(statement)
    db.close()
    return _verified(home)


def test_a_book_with_every_form_is_whole(cheap_home: Home) -> None:
    """What the app writes, the verifier accepts."""
    book = open_current(cheap_home)
    stand(book, registration())
    stand(book, visit())
    entry = stand(book, arrears([line("D001", 300, "2", "drug")]))
    stand(book, collection(entry.id, [cash(100, 200)]))
    stand(book, dispense(entry.id, [drug()]))
    stand(book, reversal(stand(book, charge())))
    book.close()
    found = _verified(cheap_home)
    assert found.whole, found.lines()
    assert (found.entries, found.receipts) == (3 + 2 * 7, 7)
    assert json.loads(json.dumps(found.as_json()))["whole"] is True


@pytest.mark.parametrize(
    ("statements", "position"),
    [
        (("UPDATE entry SET operator='9999' WHERE seq=6",), 6),
        (("UPDATE entry SET amount_minor=1 WHERE seq=8",), 8),
        (("UPDATE entry SET patient='P9' WHERE seq=8",), 8),
        (("UPDATE entry SET encounter=NULL WHERE seq=10",), 10),
        (("UPDATE entry SET deliverable=0 WHERE seq=4",), 4),
        (("UPDATE entry SET recorded_at='2020' WHERE seq=5",), 5),
        (("UPDATE entry SET counter=77 WHERE seq=6",), 6),
        (("UPDATE entry SET number='W03A-000077-1' WHERE seq=6",), 6),
        (("UPDATE entry SET id='x' WHERE seq=7",), 7),
        (("UPDATE entry SET form='payment' WHERE seq=6",), 6),
        (("UPDATE entry SET body_hash=zeroblob(32) WHERE seq=6",), 6),
        (("UPDATE entry SET salt=zeroblob(16) WHERE seq=6",), 6),
        (("UPDATE entry SET hash=zeroblob(32) WHERE seq=6",), 6),
        (("UPDATE entry SET group_first=5 WHERE seq=6",), 6),
        (
            (
                "UPDATE entry SET sealed=CAST(replace(CAST(sealed AS TEXT),'2500','2501') AS BLOB) WHERE seq=6",
            ),
            6,
        ),
        (("UPDATE posting SET amount=amount+1 WHERE seq=10 AND n=0",), 10),
        (("DELETE FROM posting WHERE seq=10",), 10),
        (("INSERT INTO posting VALUES (10, 99, 'drawer:W03:cash', 'CNY', 0)",), 10),
        (("INSERT INTO entry_reference VALUES (10, 'nobody')",), 10),
        (("INSERT INTO posting VALUES (100, 0, 'drawer:W03:cash', 'CNY', 1)",), 14),
        (("DELETE FROM entry WHERE seq=6", "DELETE FROM posting WHERE seq=6"), 6),
        (("DELETE FROM entry WHERE seq>11", "DELETE FROM posting WHERE seq>11"), 12),
        (("DELETE FROM entry", "DELETE FROM posting"), 1),
    ],
)
def test_a_changed_row_is_named(used_home: Home, statements: tuple[str, ...], position: int) -> None:
    """Whoever has the key can change rows; the position is found."""
    found = _tampered(used_home, *statements)
    assert found.first is not None
    assert found.first.position == position
    assert found.entries == position - 1 if position < 14 else 13
    assert found.lines()[1] == found.first.what


def test_a_forged_entry_with_a_fitting_chain_lacks_the_signature(used_home: Home) -> None:
    """Who can rewrite the chain to the end still has no station key."""
    ring, paths = unlock(used_home), used_home.current_book()
    db = open_database(paths.journal, ring.book_key(1))
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type='trigger'").fetchall():
        db.execute("DROP TRIGGER " + name)
    rows = list(journal.sealed_rows(db))
    previous = rows[9]["hash"]
    for row in rows[10:]:
        sealed = row["sealed"].replace("练习病人甲".encode(), "练习病人乙".encode())
        envelope_previous = json.loads(row["sealed"])["envelope"]["previous_hash"]
        sealed = sealed.replace(envelope_previous.encode(), previous.hex().encode())
        previous = link(row["seq"], previous, row["salt"], sealed)
        db.execute("UPDATE entry SET sealed=?, hash=? WHERE seq=?", [sealed, previous, row["seq"]])
    db.close()
    found = _verified(used_home)
    assert found.first is not None
    assert found.first.position == 12


@pytest.mark.parametrize("name", ["journal.db", "head.log"])
@pytest.mark.parametrize("content", [b"", b"not a database", None])
def test_a_file_that_does_not_open_is_a_finding(used_home: Home, name: str, content: bytes | None) -> None:
    """Missing, empty or overwritten: said in words, never a traceback."""
    path = used_home.current_book().folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    found = _verified(used_home)
    assert not found.whole
    assert found.first is not None
    assert found.first.what
    assert found.first.then


@pytest.mark.parametrize("name", ["books/0001.json", "stations/A.json"])
def test_a_damaged_key_file_is_a_finding(used_home: Home, name: str) -> None:
    """Without its key a book proves nothing, and that is said."""
    ring = unlock(used_home)
    path = used_home.path / "keys" / name
    path.write_text(path.read_text("utf-8").replace('"sealed": "', '"sealed": "00'), "utf-8")
    assert not verify_book(used_home, ring, used_home.current_book()).whole


def test_another_station_s_keys_prove_nothing(used_home: Home) -> None:
    """The public key is proven by the data key, not read from a file anybody may exchange."""
    ring = unlock(used_home)
    stranger = KeyFolder(used_home.path / "elsewhere")
    stranger.create()
    stolen = (stranger.folder / "stations" / "A.json").read_text("utf-8")
    (used_home.path / "keys" / "stations" / "A.json").write_text(stolen, "utf-8")
    assert not verify_book(used_home, ring, used_home.current_book()).whole


def test_verifying_changes_nothing(used_home: Home) -> None:
    """Evidence stays as it was found, an unfinished write-ahead log too."""
    book = open_current(used_home)
    stand(book, charge())
    folder = used_home.current_book().folder
    names = ("journal.db", "journal.db-wal", "head.log")
    before = {name: (folder / name).read_bytes() for name in names}
    assert _verified(used_home).whole
    assert {name: (folder / name).read_bytes() for name in names} == before
    book.close()


def test_verifying_beside_a_writer_is_no_alarm(open_book: OpenBook) -> None:
    """What was recorded after we began to read is left out, not called damage."""
    stand(open_book, charge())
    evidence = open_evidence(open_book.paths.journal, open_book.key)
    stand(open_book, charge())
    assert len(list(journal.sealed_rows(evidence))) == 5
    assert not file_faults(evidence, open_book.paths.journal)
    evidence.close()
    assert _verified(open_book.home).whole


def test_a_book_must_continue_the_one_before(used_home: Home) -> None:
    """Entries added to a closed book break the continuity of the next one."""
    ring = unlock(used_home)
    open_new_book(used_home, ring).close()
    first, second = used_home.books()
    assert verify_book(used_home, ring, second).whole
    heads = first.head_log.read_bytes()
    first.head_log.write_bytes(heads[:-RECORD_BYTES])
    assert not verify_book(used_home, ring, second).whole
    first.head_log.write_bytes(heads)
    second.folder.rename(second.folder.with_name("0003"))
    (used_home.path / "keys/books/0002.json").rename(used_home.path / "keys/books/0003.json")
    assert not verify_book(used_home, ring, used_home.books()[-1]).whole


def _deliver(book: OpenBook, seq: int) -> tuple[int, bytes]:
    first = first_entry_hash(book.db)
    assert first is not None
    heads = HeadLog(book.paths.deliveries_head)
    with Deliveries(
        book.paths.deliveries, book.key, heads=heads, sign=book.signing.sign, first_entry_hash=first
    ) as deliveries:
        fact = Fact(seq, f"practice-{seq}", 1, InDoubt("no answer"), sent=b"practice")
        deliveries.append("practice", [fact], at="2026-01-05T08:20:00.000+08:00", journal_seq=seq)
        return deliveries.head


def test_deliveries_are_verified_and_anchored(used_home: Home) -> None:
    """Their chain, their heads, and what the journal sealed about them."""
    book = open_current(used_home)
    _deliver(book, 3)
    count, head = _deliver(book, 5)
    record_event(book, DeliveryAnchor(count=count, head=head.hex()))
    book.close()
    paths = used_home.current_book()
    found = _verified(used_home)
    assert found.whole, found.lines()
    assert found.deliveries == 2
    paths.deliveries.unlink()
    paths.deliveries_head.unlink()
    found = _verified(used_home)
    assert found.first is not None
    assert found.first.part == "deliveries"


def test_a_changed_delivery_is_named(used_home: Home) -> None:
    """An answer of the HIS cannot be changed afterwards either."""
    book = open_current(used_home)
    _deliver(book, 3)
    _deliver(book, 5)
    book.close()
    paths = used_home.current_book()
    db = open_database(paths.deliveries, book.key)
    db.execute("DROP TRIGGER delivery_no_UPDATE")
    db.execute("UPDATE delivery SET state='accepted' WHERE n=2")
    db.close()
    found = _verified(used_home)
    assert found.first is not None
    assert (found.first.part, found.first.position) == ("deliveries", 2)


def test_a_row_of_unknown_shape_is_a_finding() -> None:
    """Content from a newer app, or no content at all, is named rather than read."""
    walk = Walk(1, lambda _incarnation: (b"", b""))
    row = {"seq": 1, "sealed": b"[]", "salt": b"", "hash": b"", "group_first": 1}
    assert walk.take(row, [], [])
    assert walk.take({**row, "sealed": b'{"body":{"content":{}},"envelope":{}}'}, [], [])
