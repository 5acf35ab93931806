"""A backup counts once it was opened again and verified, and nothing but a whole one ever does."""

from __future__ import annotations

import shutil
import stat
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from downtime import backup
from downtime.backup import (
    Made,
    NotMade,
    delivering_ring,
    make_backups,
)
from downtime.backup_copy import verify_copy
from downtime.backup_folder import backups_in
from downtime.backup_manifest import MANIFEST, copy_file
from downtime.clock import ManualClock
from downtime.errors import (
    InUseError,
    JournalAlarmError,
    StopRecordingError,
)
from downtime.home import Home
from downtime.station import continue_after_alarm, open_new_book
from downtime.store import journal
from downtime.store.copying import copy_book
from downtime.store.headlog import RECORD_BYTES
from downtime.store.sqlite import DriverError
from tests.downtime.backups import backed_up, keep_draft, record_one, restored, used_station
from tests.downtime.builders import SECOND, SECOND_PASSWORD, charge, open_current, stand, unlock

if TYPE_CHECKING:
    from downtime.backup_copy import Copy
    from downtime.home import BookPaths


@pytest.fixture
def station(tmp_path: Path) -> Home:
    """Return a used station."""
    return used_station(tmp_path / "home")


def _keys(home: Home) -> list[bytes]:
    ring = unlock(home)
    return [ring.public_key(path.stem) for path in (home.path / "keys" / "stations").glob("*.json")]


def _made(home: Home) -> list[dict[str, object]]:
    book = open_current(home)
    found = [dict(entry.content) for entry in journal.entries(book.db, forms=("backup_made",))]
    book.close()
    return found


def test_a_backup_holds_what_a_station_needs_and_nothing_of_the_pc(station: Home, tmp_path: Path) -> None:
    """Books, drafts, keys and settings go; the PC's secret and the delivering account's password stay."""
    keep_draft(station, "draft-1")
    copy = backed_up(station, tmp_path / "盘 甲")
    names = {file.name for file in copy.manifest.files}
    assert {
        "FORMAT",
        "station.toml",
        "books/0001/journal.db",
        "books/0001/head.log",
        "books/0001/drafts.db",
    } <= names
    assert {"keys/slots/1001.json", "keys/books/0001.json", "keys/stations/A.json"} <= names
    assert not [
        name for name in names if name.endswith(("device.key", "svc-sync.password", "attempts.json", "-wal"))
    ]
    assert copy.path.name == "W03A-20260105T082000Z"
    assert all(
        stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
        for path in copy.path.rglob("*")
    )
    stated = copy.manifest.last
    assert verify_copy(copy.path, unlock(station)).manifest.last == stated
    (told,) = _made(station)
    assert (told["file"], told["head"], told["entries"]) == (copy.path.name, stated.head, stated.entries)
    assert told["sha256"] == copy.sha256


def test_a_folder_that_fails_stops_no_other(station: Home, tmp_path: Path) -> None:
    """Missing, a file in its place: each says so; the good one gets its backup, and only that is recorded."""
    (tmp_path / "good").mkdir()
    (tmp_path / "a file").write_text("x")
    folders = [tmp_path / "missing", tmp_path / "a file", tmp_path / "good"]
    results = make_backups(station, delivering_ring(station), folders, ManualClock())
    assert [type(result) for result in results] == [NotMade, NotMade, Made]
    assert str(tmp_path / "missing") in results[0].what  # type: ignore[union-attr]  # seen above
    assert not (tmp_path / "missing").exists()
    assert len(_made(station)) == 1


def test_a_full_disk_leaves_nothing_behind(
    station: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room, nothing is begun; where it ends on the way, the unfinished copy goes."""
    (tmp_path / "out").mkdir()

    def full(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("downtime.backup_folder.copy_file", full)
        (result,) = make_backups(station, delivering_ring(station), [tmp_path / "out"], ManualClock())
    assert isinstance(result, NotMade)
    assert "No space left" in result.what
    with monkeypatch.context() as patched:
        patched.setattr("downtime.backup_folder.os_calls.free_bytes", lambda _path: 1000)
        (result,) = make_backups(station, delivering_ring(station), [tmp_path / "out"], ManualClock())
    assert isinstance(result, NotMade)
    assert not list((tmp_path / "out").iterdir())
    assert sorted(path.name for path in (station.path / "backup").iterdir()) == ["lock"]


def test_a_copy_that_changes_on_its_way_never_counts(
    station: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What lies in the folder is read again; a stick that lies gets no backup and no record of one."""

    def lying(source: Path, target: Path, **_more: object) -> object:
        told = copy_file(source, target)
        if target.name == "journal.db":
            stored = bytearray(target.read_bytes())
            stored[5000] ^= 1
            target.write_bytes(bytes(stored))
        return told

    (tmp_path / "out").mkdir()
    monkeypatch.setattr("downtime.backup_folder.copy_file", lying)
    (result,) = make_backups(station, delivering_ring(station), [tmp_path / "out"], ManualClock())
    assert isinstance(result, NotMade)
    assert "journal.db" in result.what
    assert not list((tmp_path / "out").iterdir())
    assert not _made(station)


def test_a_stick_that_knows_no_rights_takes_a_backup(
    station: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """FAT and some shares refuse modes: what lies there is encrypted; in the home itself the rule stays strict."""
    stick, chmod = tmp_path / "stick", Path.chmod

    def refusing(path: Path, mode: int) -> None:
        if path.is_relative_to(stick):
            raise PermissionError(1, "Operation not permitted", str(path))
        chmod(path, mode)

    stick.mkdir()
    monkeypatch.setattr("pathlib.Path.chmod", refusing)
    copy = backed_up(station, stick)
    assert verify_copy(copy.path, unlock(station)).manifest == copy.manifest
    with pytest.raises(PermissionError):
        restored(copy.path, stick / "home", station)


def test_an_unfinished_backup_is_none(station: Home, tmp_path: Path) -> None:
    """What a crash left under a name ending in .part is never listed, and is cleared away by the next backup."""
    copy = backed_up(station, tmp_path / "out")
    part = copy.path.with_name("W03A-20260105T000000Z-0a0a0a0a.part")
    shutil.copytree(copy.path, part)
    (station.path / "backup" / "copying-left").mkdir()
    assert [one.path for one in backups_in(tmp_path / "out", _keys(station))] == [copy.path]
    backed_up(station, tmp_path / "out")
    assert not part.exists()
    assert not (station.path / "backup" / "copying-left").exists()


def test_only_as_many_are_kept_as_asked_for(tmp_path: Path) -> None:
    """The ones that hold least go, whatever the clock said; strangers and what is not ours stay."""
    home = used_station(tmp_path / "home", backup={"keep": 2})
    stranger = used_station(tmp_path / "stranger", backup={"keep": 2})
    out = tmp_path / "out"
    foreign = backed_up(stranger, out, ManualClock(datetime(2020, 1, 1, tzinfo=UTC)))
    (out / "W03A-20190101T000000Z").mkdir()
    clock = ManualClock()
    kept = []
    for _n in range(4):
        kept.append(backed_up(home, out, clock).path)
        record_one(home)
        clock.turn(wall_seconds=-3600)
    assert [one.path for one in backups_in(out, _keys(home))] == kept[-2:]
    assert foreign.path.exists()
    assert (out / "W03A-20190101T000000Z").exists()
    assert not kept[0].exists()
    assert len(_made(home)) == 4


def test_a_strangers_file_in_an_old_backup_is_not_removed(tmp_path: Path) -> None:
    """Only what the manifest lists goes; the folder stays if something else lies in it, and counts no more."""
    home = used_station(tmp_path / "home", backup={"keep": 2})
    first = backed_up(home, tmp_path / "out").path
    (first / "notes.txt").write_text("mine")
    for _n in range(2):
        record_one(home)
        backed_up(home, tmp_path / "out")
    assert (first / "notes.txt").read_text() == "mine"
    assert not (first / MANIFEST).exists()


def _record_many(path: Path, count: int) -> list[str]:
    book = open_current(Home(path))
    ids = [stand(book, charge()).id for _n in range(count)]
    book.close()
    return ids


def test_a_backup_of_a_station_that_records_is_whole(station: Home, tmp_path: Path) -> None:
    """What was acknowledged before it began is in it; the copy verifies although the writer never stops."""
    (tmp_path / "out").mkdir()
    before = record_one(station)
    with get_context("spawn").Pool(1) as pool:
        recording = pool.apply_async(_record_many, (station.path, 150))
        copies: list[Copy] = []
        while not recording.ready() or not copies:
            copies.append(backed_up(station, tmp_path / "out"))
        recording.get()
    for copy in copies:
        shown = verify_copy(copy.path, unlock(station))
        assert shown.manifest.last.whole
        assert shown.manifest.last.entries >= int(before[5:11])


def test_two_backups_at_once_are_one(station: Home, tmp_path: Path) -> None:
    """The second is told to wait; nothing is started twice."""
    with backup._alone(station), pytest.raises(InUseError):
        backed_up(station, tmp_path / "out")
    assert backed_up(station, tmp_path / "out").path.exists()


def test_all_books_are_in_it_and_a_damaged_old_one_as_evidence(station: Home, tmp_path: Path) -> None:
    """After an alarm the station goes on; its backups keep the broken book as it is and say so."""
    paths = station.current_book()
    paths.head_log.write_bytes(paths.head_log.read_bytes()[: -2 * RECORD_BYTES])
    with pytest.raises(JournalAlarmError):
        backed_up(station, tmp_path / "out")
    continue_after_alarm(station, station.keys.unlock(SECOND, SECOND_PASSWORD)).close()
    copy = backed_up(station, tmp_path / "out")
    assert copy.path.name.startswith("W03B-")
    assert [(book.book, book.whole) for book in copy.manifest.books] == [(1, False), (2, True)]
    assert verify_copy(copy.path, unlock(station)).manifest == copy.manifest


def test_a_destroyed_book_leaves_only_its_heads(station: Home, tmp_path: Path) -> None:
    """A book whose key is gone is not carried on in new backups."""
    open_new_book(station, station.keys.unlock(SECOND, SECOND_PASSWORD)).close()
    (station.path / "keys" / "books" / "0001.json").unlink()
    station.book(1).certificate.write_text("{}")
    copy = backed_up(station, tmp_path / "out")
    names = {file.name for file in copy.manifest.files if file.name.startswith("books/0001")}
    assert names == {"books/0001/head.log", "books/0001/certificate.json"}
    assert copy.manifest.books[0].purged
    assert verify_copy(copy.path, unlock(station)).manifest == copy.manifest


def test_a_copy_that_does_not_verify_is_no_backup(
    station: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the copy taken beside the station is not whole, nothing is carried anywhere."""

    def lossy(paths: BookPaths, key: bytes, target: BookPaths) -> None:
        copy_book(paths, key, target)
        target.head_log.write_bytes(target.head_log.read_bytes()[: -2 * RECORD_BYTES])

    monkeypatch.setattr("downtime.backup_copy.copy_book", lossy)
    (tmp_path / "out").mkdir()
    with pytest.raises(StopRecordingError):
        make_backups(station, delivering_ring(station), [tmp_path / "out"], ManualClock())
    assert not list((tmp_path / "out").iterdir())


def test_a_failing_database_names_every_folder(
    station: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that cannot hold the copy beside the station is said for each folder; recording goes on."""

    def failing(*_given: object) -> None:
        raise DriverError("database or disk is full")

    monkeypatch.setattr("downtime.backup_copy.copy_book", failing)
    results = make_backups(station, delivering_ring(station), [tmp_path / "a", tmp_path / "b"], ManualClock())
    assert [type(result) for result in results] == [NotMade, NotMade]
    assert record_one(station)
