"""record(): a filled form becomes a durable, sealed entry, or nothing at all."""

from __future__ import annotations

import json
import stat
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.errors import (
    JournalAlarmError,
    OutcomeUnknownError,
    OutOfNumbersError,
    SameIdOtherBodyError,
    StopRecordingError,
)
from downtime.home import Home
from downtime.receipt_number import parse_number
from downtime.record import Filled, Recorded, Refused, new_entry_id, record, record_event
from downtime.station import continue_after_alarm, open_new_book
from downtime.store import journal
from downtime.store.headlog import RECORD_BYTES
from downtime.store.sqlite import DatabaseError, DriverError
from downtime.verify import verify_book
from forms.postings import imbalance
from forms.station_book import NumberBlock, OutageDeclared, OutageEnded
from tests.downtime.builders import (
    arrears,
    cash,
    charge,
    collection,
    line,
    make_home,
    open_current,
    reversal,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook


def _entries(book: OpenBook) -> int:
    return journal.head(book.db)[0]


def _signed(book: OpenBook) -> int:
    last = book.head_log.last()
    return last.seq_to if last else 0


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
    assert (verification.entries, verification.receipts) == (2 + 2 * 200, 200)
    assert not verification.gaps
    assert min(*first, *second).startswith("W03A-000001-")


def test_numbers_and_balances_carry_over_to_the_next_book(cheap_home: Home) -> None:
    """A receipt number is never used twice; what the drawer holds is not forgotten, over several books."""
    counts = []
    for _book in range(3):
        book = open_current(cheap_home)
        number = parse_number(stand(book, charge()).number or "")
        assert number is not None
        counts.append(number.count)
        last = journal.head(book.db)[1]
        book.close()
        book = open_new_book(cheap_home, unlock(cheap_home))
        opening = journal.entry_by_seq(book.db, 1)
        assert opening is not None
        assert last is not None
        assert opening.content["previous_head"] == last.hex()
        carried = {one["account"]: one["amount"] for one in opening.content["balances"]}
        assert carried["drawer:W03:cash"] == 2500 * len(counts)
        book.close()
    assert counts == [1, 2, 3]
    for paths in cheap_home.books():
        verification = verify_book(cheap_home, unlock(cheap_home), paths)
        assert verification.whole, verification.lines()


def test_a_new_incarnation_repeats_no_number(cheap_home: Home) -> None:
    """After an alarm the station goes on under the next letter, with a key of its own."""
    book = open_current(cheap_home)
    before = stand(book, charge()).number or ""
    book.close()
    book = continue_after_alarm(cheap_home, unlock(cheap_home))
    after = stand(book, charge()).number or ""
    book.close()
    assert (before[:10], after[:10]) == ("W03A-00000", "W03B-00000")
    for paths in cheap_home.books():
        assert verify_book(cheap_home, unlock(cheap_home), paths).whole


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


def test_a_drill_has_numbers_of_its_own(tmp_path: Path) -> None:
    """Drill paper can never be taken for real paper."""
    home = make_home(tmp_path / "home", drill=True)
    book = open_current(home)
    entry = stand(book, charge())
    book.close()
    assert entry.drill
    assert (entry.number or "").startswith("D-W03A-000001-")
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
    record_event(open_book, OutageDeclared(outage="O-2026-01"))
    assert stand(open_book, charge()).outage == "O-2026-01"
    record_event(open_book, OutageEnded(outage="O-2026-01"))
    assert stand(open_book, charge()).outage == ""


def test_a_reversal_takes_every_leg_back(open_book: OpenBook) -> None:
    """After a reversal all balances are what they were before."""
    before = journal.balances(open_book.db)
    entry = stand(open_book, charge([line(), line("D1", 300, "1.5", "drug")]))
    stand(open_book, reversal(entry))
    assert journal.balances(open_book.db) == before


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


def test_numbers_come_from_the_blocks_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Used up means refused; a new block goes on where it begins, and the gap is listed."""
    monkeypatch.setattr("downtime.station.FIRST_BLOCK", 2)
    home = make_home(tmp_path / "home")
    book = open_current(home)
    stand(book, charge())
    stand(book, charge())
    with pytest.raises(OutOfNumbersError):
        record(book, Filled(charge(), new_entry_id()))
    record_event(book, NumberBlock(first=11, last=12))
    assert (stand(book, charge()).number or "").startswith("W03A-000011-")
    book.close()
    verification = verify_book(home, unlock(home), home.current_book())
    assert verification.whole
    assert [(gap.first, gap.last, gap.held_by) for gap in verification.gaps] == [(3, 10, "W03A")]
