"""A second copy of the head log remembers what both files here forgot, and never holds anybody up."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from downtime import mirror
from downtime.desk import Desk
from downtime.errors import JournalAlarmError
from downtime.record import new_entry_id
from downtime.store.comparison import alarm
from downtime.store.headlog import RECORD_BYTES
from tests.downtime.builders import charge, make_home, open_current, stand, unlock

if TYPE_CHECKING:
    from downtime.home import Home

FILES = ("journal.db", "head.log")


@pytest.fixture
def station(tmp_path: Path) -> Home:
    """Return a station whose head log is copied into a folder beside."""
    (tmp_path / "副本").mkdir()
    return make_home(tmp_path / "home", journal={"head_mirror": str(tmp_path / "副本")})


def _copy_of(home: Home) -> Path:
    return Path(home.settings.journal.head_mirror) / "W03A-0001.head"


def _record(home: Home, count: int = 2) -> int:
    """Record through a desk; return the last sequence number."""
    desk = Desk(home, unlock(home))
    seq = 0
    for _n in range(count):
        desk.record(charge(), new_entry_id())
        last = desk.book.head_log.last()
        assert last is not None
        seq = last.seq_to
    desk.close()
    return seq


def _kept(home: Home, folder: Path) -> Path:
    shutil.copytree(home.current_book().folder, folder)
    return folder


def _roll_back(home: Home, kept: Path) -> None:
    paths = home.current_book()
    for left in paths.folder.glob("journal.db-*"):
        left.unlink()
    for name in FILES:
        shutil.copy2(kept / name, paths.folder / name)


def test_the_copy_follows_every_record(station: Home) -> None:
    """Byte for byte, across sessions and whatever other programs recorded meanwhile."""
    _record(station)
    assert _copy_of(station).read_bytes() == station.current_book().head_log.read_bytes()
    book = open_current(station)
    stand(book, charge())
    book.close()
    assert (
        len(_copy_of(station).read_bytes())
        == len(station.current_book().head_log.read_bytes()) - RECORD_BYTES
    )
    _record(station)
    assert _copy_of(station).read_bytes() == station.current_book().head_log.read_bytes()


def test_both_files_rolled_back_are_noticed_with_the_position(station: Home, tmp_path: Path) -> None:
    """Journal and head log agree with each other; only the second copy knows better."""
    last = _record(station)
    kept = _kept(station, tmp_path / "kept")
    _record(station)
    _roll_back(station, kept)
    open_current(station).close()  # nothing here could tell
    with pytest.raises(JournalAlarmError) as raised:
        Desk(station, unlock(station))
    assert raised.value.position == last + 1


def test_a_history_that_went_another_way_is_noticed(station: Home, tmp_path: Path) -> None:
    """Rolled back and recorded anew elsewhere, until it is longer than the copy."""
    last = _record(station)
    kept = _kept(station, tmp_path / "kept")
    _record(station)
    _roll_back(station, kept)
    book = open_current(station)
    for _n in range(5):
        stand(book, charge())
    book.close()
    with pytest.raises(JournalAlarmError) as raised:
        Desk(station, unlock(station))
    assert raised.value.position == last + 1


@pytest.mark.parametrize("scribble", [b"x" * 7, b"x" * RECORD_BYTES * 2])
def test_scribbling_on_the_other_disk_stops_nobody(station: Home, scribble: bytes) -> None:
    """Only the station's own signature speaks against it; damage there is a banner and is left as it is."""
    _record(station)
    with _copy_of(station).open("ab") as copy:
        copy.write(scribble)
    spoilt = _copy_of(station).read_bytes()
    desk = Desk(station, unlock(station))
    assert desk.kept.mirror is not None
    assert desk.kept.mirror.state == "damaged"
    assert "损坏" in desk.kept.mirror.words() or "damaged" in desk.kept.mirror.words()
    desk.record(charge(), new_entry_id())
    desk.close()
    assert _copy_of(station).read_bytes() == spoilt


def test_a_torn_copy_is_completed(station: Home) -> None:
    """A cut while the copy was written leaves half a record; it is part of ours, so it goes on."""
    _record(station)
    _copy_of(station).write_bytes(_copy_of(station).read_bytes()[:-50])
    _record(station, 1)
    assert _copy_of(station).read_bytes() == station.current_book().head_log.read_bytes()


def test_a_missing_folder_is_a_banner_until_it_is_back(station: Home) -> None:
    """The share is gone: recording goes on; it is caught up with when the share is there again."""
    folder = _copy_of(station).parent
    folder.rename(folder.with_name("gone"))
    desk = Desk(station, unlock(station))
    found = desk.kept.mirror
    assert found is not None
    states = [found.state]
    assert found.words()
    desk.record(charge(), new_entry_id())
    folder.with_name("gone").rename(folder)
    desk.close()
    assert [*states, found.state] == ["unreachable", ""]
    assert _copy_of(station).read_bytes() == station.current_book().head_log.read_bytes()


def test_a_share_that_hangs_holds_up_nobody(station: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Login and recording go on while the other side does not answer; a late alarm still stops recording."""
    never = threading.Event()
    monkeypatch.setattr(mirror, "START_SECONDS_MAX", 0.01)
    monkeypatch.setattr(mirror, "LEAVE_SECONDS_MAX", 0.01)
    monkeypatch.setattr(mirror.Mirror, "_compare", lambda _self: never.wait(30))
    desk = Desk(station, unlock(station))
    assert desk.kept.mirror is not None
    assert desk.kept.mirror.state == "unreachable"
    desk.record(charge(), new_entry_id())
    desk.kept.mirror.alarm = alarm(3, "late")
    with pytest.raises(JournalAlarmError):
        desk.record(charge(), new_entry_id())
    desk.kept.mirror.alarm = None
    desk.close()
    never.set()


def test_two_programs_write_the_same_copy(station: Home) -> None:
    """Both bring the same bytes to the same place."""
    first, second = Desk(station, unlock(station)), Desk(station, unlock(station))
    for _n in range(5):
        first.record(charge(), new_entry_id())
        second.record(charge(), new_entry_id())
    first.close()
    second.close()
    assert _copy_of(station).read_bytes() == station.current_book().head_log.read_bytes()


def test_without_the_setting_there_is_none(cheap_home: Home) -> None:
    """No thread, no file."""
    desk = Desk(cheap_home, unlock(cheap_home))
    assert desk.kept.mirror is None
    desk.close()
