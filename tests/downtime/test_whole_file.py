"""Private files: complete or not at all."""

from __future__ import annotations

import errno
import os
import resource
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import pytest

from downtime import os_calls
from downtime.whole_file import made_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond ``size`` bytes: the write itself fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_its_owner_alone_can_read_it(tmp_path: Path) -> None:
    """The file holds all that was given, is private whatever the account's habits, and stands alone."""
    habit = os.umask(0)
    try:
        write_whole(tmp_path / "people.csv", b"Practice, Pat\n")
    finally:
        os.umask(habit)
    assert (tmp_path / "people.csv").read_bytes() == b"Practice, Pat\n"
    assert stat.S_IMODE((tmp_path / "people.csv").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_an_open_older_file_becomes_a_private_new_one(tmp_path: Path) -> None:
    """What anybody could read before nobody else reads afterwards."""
    (tmp_path / "list").write_bytes(b"old")
    (tmp_path / "list").chmod(0o644)
    write_whole(tmp_path / "list", b"new")
    assert (tmp_path / "list").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "list").stat().st_mode) == 0o600


def test_what_an_earlier_crash_left_is_no_obstacle(tmp_path: Path) -> None:
    """A longer half-written file, or a link that somebody laid in its place, gets nothing of ours."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"not ours")
    (tmp_path / "list.part").write_bytes(b"half of a much longer file")
    write_whole(tmp_path / "list", b"whole")
    (tmp_path / "again.part").symlink_to(elsewhere)
    write_whole(tmp_path / "again", b"whole")
    assert (tmp_path / "list").read_bytes() == (tmp_path / "again").read_bytes() == b"whole"
    assert elsewhere.read_bytes() == b"not ours"
    assert not list(tmp_path.glob("*.part"))


def test_a_disk_that_fills_leaves_the_old_file(tmp_path: Path) -> None:
    """The old bytes stay, nothing half-written stays beside them, and the caller hears why."""
    write_whole(tmp_path / "list", b"old")
    with _room_for(100), pytest.raises(OSError, match="too large"):
        write_whole(tmp_path / "list", bytes(1000))
    assert (tmp_path / "list").read_bytes() == b"old"
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("step", ["private_file", "fsync_file", "replace_durably"])
def test_a_failure_at_any_step_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Making, syncing and naming it may each fail; the old file stands and no part of the new one."""
    write_whole(tmp_path / "list", b"old")

    def full(*_asked: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os_calls, step, full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "list", b"new")
    assert (tmp_path / "list").read_bytes() == b"old"
    assert not list(tmp_path.glob("*.part"))


def test_file_and_folder_are_on_the_disk_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the bytes are synced, then the name is given, then the folder is synced."""
    steps: list[str] = []
    synced = os_calls.fsync_file

    def note(fd: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(fd).st_mode) else "file"
        steps.append(f"{kind}, named: {(tmp_path / 'list').exists()}")
        synced(fd)

    monkeypatch.setattr(os_calls, "fsync_file", note)
    write_whole(tmp_path / "list", b"whole")
    assert steps == ["file, named: False", "folder, named: True"]


def test_a_writer_that_gives_up_leaves_nothing(tmp_path: Path) -> None:
    """Whatever stops the one who fills the file, it does not appear."""

    def give_up() -> NoReturn:
        with made_whole(tmp_path / "list") as part:
            part.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        give_up()
    assert list(tmp_path.iterdir()) == []
