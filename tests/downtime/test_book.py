"""An open book agrees with its head log, or says so before anything is written."""

from __future__ import annotations

import stat
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from downtime.errors import (
    JournalAlarmError,
    OutcomeUnknownError,
    StopRecordingError,
    WrongPlaceError,
)
from downtime.home import Home
from downtime.record import Recorded, new_entry_id, record
from downtime.sealing import Filled
from downtime.store.headlog import RECORD_BYTES
from downtime.store.sqlite import DriverError
from downtime.verify import verify_book
from tests.downtime.builders import (
    charge,
    open_current,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook


def _signed(book: OpenBook) -> int:
    last = book.head_log.last()
    return last.seq_to if last else 0


def test_a_crash_between_commit_and_head_is_mended(cheap_home: Home) -> None:
    """The journal is one commit ahead after such a crash; the next start signs it."""
    book = open_current(cheap_home)
    entry = stand(book, charge())
    book.close()
    path = cheap_home.current_book().head_log
    whole = path.read_bytes()
    for left in (len(whole) - RECORD_BYTES, len(whole) - 1, len(whole) - RECORD_BYTES + 1):
        path.write_bytes(whole[:left])
        book = open_current(cheap_home)
        assert _signed(book) == entry.seq + 1
        book.close()
        assert verify_book(cheap_home, unlock(cheap_home), cheap_home.current_book()).whole
        assert len(path.read_bytes()) == len(whole)


def test_two_missing_heads_are_an_alarm(cheap_home: Home) -> None:
    """The head log never lags by more than one commit; more means somebody cut it."""
    book = open_current(cheap_home)
    first = stand(book, charge())
    stand(book, charge())
    book.close()
    path = cheap_home.current_book().head_log
    path.write_bytes(path.read_bytes()[: -2 * RECORD_BYTES])
    with pytest.raises(JournalAlarmError) as alarm:
        open_current(cheap_home)
    assert alarm.value.position == first.seq


def test_a_partial_head_that_nothing_explains_is_an_alarm(cheap_home: Home) -> None:
    """An unfinished record is only right after a commit that has no head yet."""
    book = open_current(cheap_home)
    stand(book, charge())
    book.close()
    with cheap_home.current_book().head_log.open("ab") as log:
        log.write(b"DTHD")
    with pytest.raises(JournalAlarmError):
        open_current(cheap_home)


def test_a_journal_behind_its_head_log_is_an_alarm(cheap_home: Home) -> None:
    """An older journal put back, or a write-ahead log lost: the head log remembers more."""
    paths = cheap_home.current_book()
    older = paths.journal.read_bytes()
    book = open_current(cheap_home)
    entry = stand(book, charge())
    book.close()
    for left_over in ("journal.db-wal", "journal.db-shm"):
        (paths.folder / left_over).unlink(missing_ok=True)
    paths.journal.write_bytes(older)
    with pytest.raises(JournalAlarmError) as alarm:
        open_current(cheap_home)
    assert alarm.value.position == entry.seq


def _record_many(path: Path, count: int) -> list[str]:
    book = open_current(Home(path))
    numbers = [stand(book, charge()).number or "" for _n in range(count)]
    book.close()
    return numbers


def test_two_writers_share_one_sequence(cheap_home: Home) -> None:
    """The app and ``downtime record`` at once: no gap, no number twice."""
    with get_context("spawn").Pool(2) as pool:
        first, second = pool.starmap(_record_many, [(cheap_home.path, 100)] * 2)
    assert len({*first, *second}) == 200
    verification = verify_book(cheap_home, unlock(cheap_home), cheap_home.current_book())
    assert verification.whole, verification.lines()
    assert (verification.entries, verification.receipts) == (3 + 2 * 200, 200)
    assert not verification.gaps
    assert min(*first, *second).startswith("W03A-000001-")


def test_files_are_for_the_own_account_alone(cheap_home: Home) -> None:
    """Folders 0700, files 0600, whatever the umask was."""
    book = open_current(cheap_home)
    stand(book, charge())
    modes = {
        path.relative_to(cheap_home.path).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in cheap_home.path.rglob("*")
    }
    book.close()
    wrong = {
        name: oct(mode)
        for name, mode in modes.items()
        if mode != (0o700 if (cheap_home.path / name).is_dir() else 0o600)
    }
    assert not wrong
    assert "books/0001/journal.db-wal" in modes


def test_a_disk_that_fails_at_commit_leaves_it_unknown(
    open_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither "recorded" nor "not recorded" is said, and nothing more is taken before a restart."""
    execute = open_book.db.execute

    def failing(sql: str, *arguments: object) -> object:
        if sql == "COMMIT":
            raise DriverError("disk I/O error")
        return execute(sql, *arguments)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(open_book.db, "execute", failing)
    with pytest.raises(OutcomeUnknownError):
        record(open_book, Filled(charge(), new_entry_id()))
    monkeypatch.undo()
    with pytest.raises(StopRecordingError):
        record(open_book, Filled(charge(), new_entry_id()))


def test_a_head_that_cannot_be_written_leaves_it_unknown(
    open_book: OpenBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry is committed but unsigned: nobody is told "recorded"; the next start signs it."""

    def failing(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    entry_id = new_entry_id()
    with monkeypatch.context() as patched:
        patched.setattr(open_book.head_log, "append", failing)
        with pytest.raises(OutcomeUnknownError):
            record(open_book, Filled(charge(), entry_id))
    again = open_current(open_book.home)
    outcome = record(again, Filled(charge(), entry_id))
    again.close()
    assert isinstance(outcome, Recorded)
    assert outcome.already


def test_a_damaged_page_met_at_the_start_is_said_in_words(cheap_home: Home) -> None:
    """Whatever page is hit, opening the book works or says what to do; no raw error of the database."""
    book = open_current(cheap_home)
    stand(book, charge())
    book.close()
    path = cheap_home.current_book().journal
    whole = path.read_bytes()
    refused = 0
    for page in range(len(whole) // 4096):
        damaged = bytearray(whole)
        damaged[page * 4096 + 99] ^= 1
        path.write_bytes(bytes(damaged))
        try:
            open_current(cheap_home).close()
        except (StopRecordingError, WrongPlaceError):
            refused += 1
    assert refused
