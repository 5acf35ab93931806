"""A station comes back from a backup: whole, in a new place, under a new letter, and nothing is overwritten."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from downtime import restore as restoring
from downtime.backup import delivering_ring
from downtime.clock import ManualClock
from downtime.desk import Desk
from downtime.envelopes import seal_recovery
from downtime.errors import AccessRefusedError, RefusedInputError, StopRecordingError, WrongPlaceError
from downtime.home import Home
from downtime.keys import CHEAP_COST, Person
from downtime.restore import last_restore_test, on_the_same_pc, restore, restore_test, with_recovery_code
from downtime.station import open_new_book
from downtime.store import journal
from downtime.verify import verify_book
from tests.downtime.backups import backed_up, keep_draft, record_one, restored, used_station
from tests.downtime.builders import (
    OPERATOR,
    PASSWORD,
    SECOND,
    SECOND_PASSWORD,
    charge,
    open_current,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def station(tmp_path: Path) -> Home:
    """Return a used station."""
    return used_station(tmp_path / "home")


def _all_whole(home: Home) -> bool:
    return all(verify_book(home, unlock(home), paths).whole for paths in home.books())


def _carried(home: Home) -> dict[tuple[str, str], int]:
    book = open_current(home)
    opening = journal.entry_by_seq(book.db, 1)
    book.close()
    assert opening is not None
    return {(one["account"], one["unit"]): one["amount"] for one in opening.content["balances"]}


def test_a_restored_station_works_and_repeats_no_number(station: Home, tmp_path: Path) -> None:
    """It verifies, carries every balance, and counts from one under the next letter; the old home is as it was."""
    keep_draft(station, "draft-1")
    recorded_draft = record_one(station)
    book = open_current(station)
    balances = journal.balances(book.db)
    book.close()
    copy = backed_up(station, tmp_path / "盘 甲")
    lost = record_one(station)
    before = sorted(path.name for path in station.path.rglob("*"))

    done = restored(copy.path, tmp_path / "new home", station)

    assert (done.prefix, done.book) == ("W03B", 2)
    assert sorted(path.name for path in station.path.rglob("*")) == before
    home = Home(tmp_path / "new home")
    assert _all_whole(home)
    assert _carried(home) == balances
    first = record_one(home)
    assert first.startswith("W03B-000001-")
    assert first not in {recorded_draft, lost}
    assert _all_whole(home)
    opened = open_current(home)
    came_from = journal.last_of_form(opened.db, "restored")
    opened.close()
    assert came_from is not None
    assert came_from.content["head"] == copy.manifest.last.head
    desk = Desk(home, unlock(home))
    assert [draft.id for draft in desk.drafts()] == ["draft-1"]
    desk.close()


def test_a_recorded_form_does_not_come_back_as_a_draft(station: Home, tmp_path: Path) -> None:
    """A draft whose entry stands in the backup would be recorded twice."""
    book = open_current(station)
    entry = stand(book, charge())
    book.close()
    keep_draft(station, entry.id)
    done = restored(backed_up(station, tmp_path / "out").path, tmp_path / "new", station)
    desk = Desk(done.home, unlock(done.home))
    assert not desk.drafts()
    desk.close()


def test_the_recovery_envelope_brings_it_back_on_another_pc(station: Home, tmp_path: Path) -> None:
    """Nothing of the old PC is needed: the code, the backup, and everybody's own password."""
    code = seal_recovery(unlock(station))
    copy = backed_up(station, tmp_path / "out")
    secret = (station.path / "keys" / "device.key").read_text()
    shutil.rmtree(station.path)
    done = restore(copy.path, tmp_path / "new", with_recovery_code(code), ManualClock())
    assert (tmp_path / "new" / "keys" / "device.key").read_text() != secret
    assert record_one(done.home).startswith("W03B-000001-")
    assert _all_whole(done.home)
    assert delivering_ring(done.home).person.roles == ("service",)
    again = backed_up(done.home, tmp_path / "out")
    assert again.path.name.startswith("W03B-")


def test_a_wrong_code_or_password_makes_no_home(station: Home, tmp_path: Path) -> None:
    """Nothing is left behind, not even an unfinished folder."""
    copy = backed_up(station, tmp_path / "out")
    seal_recovery(unlock(station))
    there = sorted(tmp_path.iterdir())
    with pytest.raises(AccessRefusedError):
        restore(copy.path, tmp_path / "new", on_the_same_pc(station.path, OPERATOR, "wrong"), ManualClock())
    with pytest.raises((AccessRefusedError, RefusedInputError, WrongPlaceError)):
        restore(copy.path, tmp_path / "new", with_recovery_code("1" * 44), ManualClock())
    assert sorted(tmp_path.iterdir()) == there


def test_nothing_is_ever_overwritten(station: Home, tmp_path: Path) -> None:
    """A folder with anything in it is refused; an empty one is taken."""
    copy = backed_up(station, tmp_path / "out")
    with pytest.raises(WrongPlaceError):
        restored(copy.path, station.path, station)
    (tmp_path / "file").write_text("x")
    with pytest.raises(WrongPlaceError):
        restored(copy.path, tmp_path / "file", station)
    (tmp_path / "empty").mkdir()
    assert restored(copy.path, tmp_path / "empty", station).prefix == "W03B"


@pytest.mark.parametrize(
    "name", ["books/0001/journal.db", "keys/grants/1006.json", "station.toml", "manifest.json"]
)
def test_a_damaged_backup_restores_nothing(station: Home, tmp_path: Path, name: str) -> None:
    """It is refused before anything is made; the file is named."""
    copy = backed_up(station, tmp_path / "out")
    stored = bytearray((copy.path / name).read_bytes())
    stored[len(stored) // 2] ^= 4
    (copy.path / name).write_bytes(bytes(stored))
    with pytest.raises(RefusedInputError, match=name.replace(".", "[.]")):
        restored(copy.path, tmp_path / "new", station)
    assert not (tmp_path / "new").exists()


def test_an_unfinished_backup_restores_nothing(station: Home, tmp_path: Path) -> None:
    """Without its manifest it never was a backup."""
    copy = backed_up(station, tmp_path / "out")
    (copy.path / "manifest.json").unlink()
    with pytest.raises(RefusedInputError, match="manifest"):
        restored(copy.path, tmp_path / "new", station)


def test_another_stations_keys_open_nothing(station: Home, tmp_path: Path) -> None:
    """The PC and the password of one station do not bring back another."""
    stranger = used_station(tmp_path / "stranger")
    copy = backed_up(stranger, tmp_path / "out")
    with pytest.raises((AccessRefusedError, RefusedInputError)):
        restored(copy.path, tmp_path / "new", station)
    assert not (tmp_path / "new").exists()


def test_letters_that_were_in_use_are_never_taken_again(station: Home, tmp_path: Path) -> None:
    """What lies beside tells of letters the backup cannot know: later backups, the old home, a head mirror."""
    first = backed_up(station, tmp_path / "out")
    again = restored(first.path, tmp_path / "again", station)
    assert again.prefix == "W03B"
    backed_up(again.home, tmp_path / "out")
    assert restored(first.path, tmp_path / "third", station).prefix == "W03C"
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    (mirror / "W03F-0004.head").write_bytes(b"")
    unlock_keys = on_the_same_pc(station.path, SECOND, SECOND_PASSWORD)
    fifth = restore(first.path, tmp_path / "fifth", unlock_keys, ManualClock(), places=[mirror])
    assert fifth.prefix == "W03G"
    assert restored(first.path, tmp_path / "sixth", station, letter="K").prefix == "W03K"
    with pytest.raises(RefusedInputError):
        restored(first.path, tmp_path / "seventh", station, letter="B")


def test_a_password_changed_since_still_restores(station: Home, tmp_path: Path) -> None:
    """The backup knows the password of then; on the same PC the one of now does as well."""
    copy = backed_up(station, tmp_path / "out")
    station.keys.enrol(
        unlock(station), Person(SECOND, "练习班长", ("supervisor",)), "another-1006", CHEAP_COST
    )
    unlock_keys = on_the_same_pc(station.path, SECOND, "another-1006")
    assert restore(copy.path, tmp_path / "new", unlock_keys, ManualClock()).prefix == "W03B"


def test_all_books_come_back(station: Home, tmp_path: Path) -> None:
    """Earlier books are there, chained to the ones after; sums carried from book to book stay."""
    open_new_book(station, unlock(station)).close()
    record_one(station)
    done = restored(backed_up(station, tmp_path / "out").path, tmp_path / "new", station)
    assert [paths.number for paths in done.home.books()] == [1, 2, 3]
    assert _all_whole(done.home)
    assert (
        sum(amount for (account, _unit), amount in _carried(done.home).items() if "drawer" in account)
        == 10000
    )
    third = open_new_book(done.home, unlock(done.home))
    assert third.identity.incarnation == "B"
    third.close()
    assert _all_whole(done.home)


def test_a_restore_test_proves_itself_and_leaves_nothing(station: Home, tmp_path: Path) -> None:
    """Restored beside the station, verified, deleted; the station remembers which backup and when."""
    copy = backed_up(station, tmp_path / "out")
    ring = unlock(station)
    assert last_restore_test(station, ring) is None
    with closing(open_current(station)) as book:
        unlock_keys = on_the_same_pc(station.path, OPERATOR, PASSWORD, ring)
        entry = restore_test(copy.path, book, unlock_keys)
    assert entry.content["file"] == copy.path.name
    assert entry.content["head"] == copy.manifest.last.head
    assert [path.name for path in (station.path / "backup").iterdir()] == ["lock"]
    open_new_book(station, ring).close()
    found = last_restore_test(station, ring)
    assert found is not None
    assert found.id == entry.id
    assert [paths.number for paths in station.books()] == [1, 2]


def test_a_failed_restore_test_is_not_remembered(station: Home, tmp_path: Path) -> None:
    """A damaged backup, or somebody without the right, leaves no trace of a success."""
    copy = backed_up(station, tmp_path / "out")
    (copy.path / "books" / "0001" / "head.log").write_bytes(b"")
    ring = unlock(station)
    with closing(open_current(station)) as book, pytest.raises(RefusedInputError):
        restore_test(copy.path, book, on_the_same_pc(station.path, OPERATOR, PASSWORD, ring))
    assert last_restore_test(station, ring) is None
    assert [path.name for path in (station.path / "backup").iterdir()] == ["lock"]


def test_what_does_not_verify_after_restoring_is_no_station(
    station: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new home is read once more before it gets its name."""
    copy = backed_up(station, tmp_path / "out")
    carry = restoring._carry_drafts

    def spoiling(home: Home, *given: object) -> None:
        carry(home, *given)  # type: ignore[arg-type]  # passed on as they came
        log = home.books()[-1].head_log
        log.write_bytes(b"\0" * log.stat().st_size)

    monkeypatch.setattr(restoring, "_carry_drafts", spoiling)
    with pytest.raises(StopRecordingError):
        restored(copy.path, tmp_path / "new", station)
    assert not (tmp_path / "new").exists()
