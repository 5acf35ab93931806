"""What somebody with the database key, and even with every key, can do to a book: and who notices."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from downtime.anchors import Anchors
from downtime.book import OpenBook
from downtime.canonical import seal, unseal
from downtime.errors import JournalAlarmError, RefusedInputError
from downtime.home import Home
from downtime.record import new_entry_id, record
from downtime.sealing import Filled
from downtime.store.chain import genesis, link
from downtime.store.headlog import HeadLog
from downtime.store.sqlite import open_database
from downtime.verify import verify_book
from tests.downtime.builders import charge, line, make_home, open_current, stand, unlock

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.findings import Finding

PAID = 5


@pytest.fixture
def receipts(cheap_home: Home) -> list[Entry]:
    """Return five charges; their papers are in patients' hands."""
    book = open_current(cheap_home)
    found = [stand(book, charge([line(price=1_000 + n)])) for n in range(PAID)]
    book.close()
    return found


def _shell(home: Home) -> Any:
    """Return what a SQL shell with the key is: the triggers are the first thing to go."""
    paths = home.current_book()
    db = open_database(paths.journal, unlock(home).book_key(paths.number))
    for trigger in [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='trigger'")]:
        db.execute(f'DROP TRIGGER "{trigger}"')
    return db


def _delete(db: Any, first: int, last: int) -> None:
    """Delete entries and all that hangs on them."""
    for statement in (
        "DELETE FROM posting WHERE seq BETWEEN ? AND ?",
        "DELETE FROM entry_reference WHERE seq BETWEEN ? AND ?",
        "DELETE FROM entry WHERE seq BETWEEN ? AND ?",
    ):
        db.execute(statement, [first, last])


def _says(found: Finding | None, position: int) -> None:
    """The position is named, in words that say what to do."""
    assert found is not None
    assert found.position == position
    assert str(position) in found.what
    assert "信息科" in found.then


def test_the_last_entries_are_deleted(cheap_home: Home, receipts: list[Entry]) -> None:
    """The head log remembers more than the journal holds."""
    first_gone = receipts[-1].seq
    db = _shell(cheap_home)
    _delete(db, first_gone, first_gone + 1)
    db.close()

    _says(verify_book(cheap_home, unlock(cheap_home), cheap_home.current_book()).first, first_gone)
    with pytest.raises(JournalAlarmError) as alarm:
        open_current(cheap_home)
    assert alarm.value.position == first_gone


def test_an_entry_in_the_middle_is_deleted(cheap_home: Home, receipts: list[Entry]) -> None:
    """The chain is broken exactly there."""
    gone = receipts[2].seq
    db = _shell(cheap_home)
    _delete(db, gone, gone)
    db.close()

    _says(verify_book(cheap_home, unlock(cheap_home), cheap_home.current_book()).first, gone)


def test_an_amount_is_edited(cheap_home: Home, receipts: list[Entry]) -> None:
    """In the column, in the postings, or in the sealed line itself."""
    changed = receipts[1].seq
    db = _shell(cheap_home)
    db.execute(
        "UPDATE entry SET sealed = CAST(replace(CAST(sealed AS TEXT), '2002', '1002') AS BLOB),"
        " amount_minor = 1002 WHERE seq = ?",
        [changed],
    )
    db.close()

    _says(verify_book(cheap_home, unlock(cheap_home), cheap_home.current_book()).first, changed)


def test_entries_are_renumbered_over_a_gap(cheap_home: Home, receipts: list[Entry]) -> None:
    """One is taken out and the others move up: every later one sits at a wrong place."""
    gone = receipts[2].seq
    db = _shell(cheap_home)
    _delete(db, gone, gone + 1)
    for seq in range(gone + 2, receipts[-1].seq + 2):
        for statement in (
            "UPDATE entry SET seq = seq - 2 WHERE seq = ?",
            "UPDATE posting SET seq = seq - 2 WHERE seq = ?",
            "UPDATE entry_reference SET seq = seq - 2 WHERE seq = ?",
        ):
            db.execute(statement, [seq])
    db.close()

    _says(verify_book(cheap_home, unlock(cheap_home), cheap_home.current_book()).first, gone)


def test_journal_and_head_log_are_rolled_back_together(cheap_home: Home, tmp_path: Path) -> None:
    """The disk cannot know; the paper in the patient's hand does, and so does a head log kept elsewhere."""
    book = open_current(cheap_home)
    stand(book, charge())
    book.close()
    old = shutil.copytree(cheap_home.current_book().folder, tmp_path / "old")
    book = open_current(cheap_home)
    paper = stand(book, charge())
    book.close()
    mirror = Path(shutil.copy(cheap_home.current_book().head_log, tmp_path / "elsewhere.head"))
    shutil.rmtree(cheap_home.current_book().folder)
    old.rename(cheap_home.path / "books" / "0001")

    ring, paths = unlock(cheap_home), cheap_home.current_book()
    assert verify_book(cheap_home, ring, paths).whole, "nothing on this disk can tell"
    anchors = Anchors(cheap_home, ring, paths)
    (by_paper,) = anchors.receipt(list(paper.qr))
    (by_mirror,) = anchors.head_log(mirror)
    anchors.close()
    _says(by_paper, paper.seq)
    _says(by_mirror, paper.seq)


def _rewrite_with_every_key(home: Home, seq: int, old: str, new: str) -> None:
    """Change one sealed line, chain everything after it anew and sign all heads: the attacker has all keys."""
    ring, paths = unlock(home), home.current_book()
    book = OpenBook(home, ring, paths)
    identity, signing = book.identity, book.signing
    book.close()
    db = _shell(home)
    previous = genesis(
        hospital=identity.hospital,
        station=identity.station,
        incarnation=identity.incarnation,
        book=identity.book,
        previous_head=identity.previous_head,
    )
    heads: dict[int, bytes] = {}
    for at, salt, sealed in db.execute("SELECT seq, salt, sealed FROM entry ORDER BY seq").fetchall():
        whole = unseal(sealed)
        text = seal(whole["body"]).decode()
        whole["body"] = unseal((text.replace(old, new) if at == seq else text).encode())
        whole["envelope"]["previous_hash"] = previous.hex()
        again = seal(whole)
        previous = link(at, previous, salt, again)
        heads[at] = previous
        db.execute("UPDATE entry SET sealed = ?, hash = ? WHERE seq = ?", [again, previous, at])
    db.conn.commit()
    db.close()
    log = HeadLog(paths.head_log)
    records = log.records()
    log.path.unlink()
    for one in records:
        HeadLog(paths.head_log).append(one.seq_from, one.seq_to, heads[one.seq_to], signing.sign)


def test_a_history_rewritten_with_every_key_meets_the_papers(
    cheap_home: Home, receipts: list[Entry], tmp_path: Path
) -> None:
    """Chain and signatures fit again; the next paper handed out after the change names the place."""
    kept = Path(shutil.copy(cheap_home.current_book().head_log, tmp_path / "elsewhere.head"))
    changed = receipts[1]
    _rewrite_with_every_key(cheap_home, changed.seq, "练习病人甲", "练习病人乙")

    anchors = Anchors(cheap_home, unlock(cheap_home), cheap_home.current_book())
    assert anchors.receipt(list(receipts[0].qr)) == [], "what came before is untouched"
    (by_next_paper,) = anchors.receipt(list(receipts[2].qr))
    (by_copy,) = anchors.head_log(kept)
    anchors.close()
    assert by_next_paper.position is not None
    assert changed.seq <= by_next_paper.position < receipts[2].seq
    assert by_copy.position == changed.seq


def test_what_nothing_outside_remembers_cannot_be_found(cheap_home: Home, receipts: list[Entry]) -> None:
    """Said honestly: after the last paper, whoever holds every key can still rewrite. The handbook says so."""
    last = receipts[-1]
    _rewrite_with_every_key(cheap_home, last.seq + 1, '"success":true', '"success":false')

    anchors = Anchors(cheap_home, unlock(cheap_home), cheap_home.current_book())
    assert [anchors.receipt(list(entry.qr)) for entry in receipts] == [[]] * PAID
    anchors.close()


def test_the_disk_is_cloned_and_both_go_on(cheap_home: Home, tmp_path: Path) -> None:
    """Two PCs give out one number: each one's paper is a stranger in the other's book."""
    twin = Home(shutil.copytree(cheap_home.path, tmp_path / "twin"))
    papers = []
    for home in (cheap_home, twin):
        book = open_current(home)
        outcome = record(book, Filled(charge([line(price=len(str(home.path)))]), new_entry_id()))
        papers.append(outcome.entry)  # type: ignore[union-attr]  # it stands
        book.close()
    assert papers[0].number == papers[1].number

    anchors = Anchors(cheap_home, unlock(cheap_home), cheap_home.current_book())
    assert anchors.receipt(list(papers[0].qr)) == []
    (found,) = anchors.receipt(list(papers[1].qr))
    anchors.close()
    _says(found, papers[0].seq)


def test_a_paper_of_somebody_else_proves_nothing(
    cheap_home: Home, receipts: list[Entry], tmp_path: Path
) -> None:
    """A receipt another station signed, or one that was forged, raises no alarm here."""
    other = make_home(tmp_path / "other")
    book = open_current(other)
    foreign = stand(book, charge())
    book.close()
    anchors = Anchors(cheap_home, unlock(cheap_home), cheap_home.current_book())
    forged = receipts[0].qr[0][:-1] + str((int(receipts[0].qr[0][-1]) + 1) % 10)

    for codes in (list(foreign.qr), [forged], ["nonsense"]):
        with pytest.raises(RefusedInputError):
            anchors.receipt(codes)
    anchors.close()
