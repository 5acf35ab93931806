"""The calls that differ by system, on Linux."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from downtime import os_calls

MOUNTS = """\
22 27 0:21 / /proc rw - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:50 / /srv/station\\040one rw shared:3 - nfs4 server:/export rw
41 27 0:51 / /srv/local rw - xfs /dev/sdb rw
42 41 0:52 / /srv/local/win rw - cifs //server/desk rw
43 42 0:53 / /srv/local/win rw - ext4 /dev/sdc rw
44 27 0:54 / /srv/ssh rw - fuse.sshfs desk@host:/ rw
broken line
"""


def _mode_of(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_time_since_boot_only_grows() -> None:
    """Two readings on one boot can be compared, whatever the clock on the wall does."""
    first, again = os_calls.monotonic_ms(), os_calls.monotonic_ms()
    assert 0 < first <= again
    assert os_calls.boot_id() == os_calls.boot_id() != ""


def test_a_machine_without_boot_id_compares_nothing_wrongly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without a boot id the text is this process's own, so no other process's times seem comparable."""
    monkeypatch.setattr(os_calls, "_BOOT_ID_FILE", tmp_path / "absent")
    os_calls.boot_id.cache_clear()
    first = os_calls.boot_id()
    os_calls.boot_id.cache_clear()
    assert first.startswith("process-")
    assert first != os_calls.boot_id()
    os_calls.boot_id.cache_clear()


def test_a_new_home_is_private_from_its_first_moment(tmp_path: Path) -> None:
    """The home and everything above it that had to be made is open to its own account alone."""
    home = tmp_path / "desk" / "home"
    os_calls.private_dir(home)
    assert (_mode_of(home), _mode_of(home.parent)) == (0o700, 0o700)
    home.chmod(0o755)
    os_calls.private_dir(home)
    assert _mode_of(home) == 0o700


def test_a_file_is_private_and_keeps_what_it_holds(tmp_path: Path) -> None:
    """A file that was readable by all becomes private; its content stays."""
    new, old = tmp_path / "new", tmp_path / "old"
    old.write_text("kept")
    old.chmod(0o644)
    os_calls.private_file(new)
    os_calls.private_file(old)
    assert (_mode_of(new), _mode_of(old), old.read_text()) == (0o600, 0o600, "kept")


def test_a_live_database_is_not_opened_to_make_it_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing a second handle on a database file would drop this process's locks on it."""
    live = tmp_path / "journal.db"
    live.touch()

    def refuse_close(_fd: int) -> None:
        pytest.fail("the file was opened")

    monkeypatch.setattr(os, "close", refuse_close)
    os_calls.private_file(live)
    assert _mode_of(live) == 0o600


def test_memory_does_not_end_in_a_crash_file() -> None:
    """A process that asked for it has no core limit left and cannot be dumped."""
    script = (
        "import resource, ctypes; from downtime import os_calls; os_calls.no_core_dumps(); "
        "os_calls.set_private_umask(); import os; "
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), "
        "oct(os.umask(0)))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.split("\n")[0] == "(0, 0) 0 0o77"


def test_a_finished_file_takes_its_name_at_once(tmp_path: Path) -> None:
    """The reader sees the old file or the new one, never a part of it."""
    part, final = tmp_path / "list.part", tmp_path / "list"
    final.write_text("old")
    part.write_text("new")
    os_calls.replace_durably(part, final)
    assert final.read_text() == "new"
    assert not part.exists()


def test_only_plain_files_are_read(tmp_path: Path) -> None:
    """A link, a pipe that nobody writes to and a folder are refused without waiting."""
    plain, link, pipe = tmp_path / "plain", tmp_path / "link", tmp_path / "pipe"
    plain.write_bytes(b"rows")
    link.symlink_to(plain)
    os.mkfifo(pipe)
    with os_calls.open_regular(plain) as opened:
        assert opened.read() == b"rows"
    for refused, code in ((link, errno.ELOOP), (pipe, errno.EINVAL), (tmp_path, errno.EINVAL)):
        with pytest.raises(OSError, match=refused.name) as caught:
            os_calls.open_regular(refused)
        assert caught.value.errno == code


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/station one/books", "nfs4"),
        ("/srv/station", "ext4"),
        ("/srv/local/books", "xfs"),
        ("/srv/local/win/books", "ext4"),
        ("/srv/ssh", "fuse.sshfs"),
        ("/", "ext4"),
    ],
)
def test_the_deepest_and_latest_mount_decides(place: str, kind: str) -> None:
    """A home below a share is on the share; a local disk mounted over the share is local again."""
    assert os_calls._file_system_of(Path(place), MOUNTS) == kind


def test_a_network_share_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home that does not exist yet is judged by where it would come to lie."""
    table = tmp_path / "mountinfo"
    monkeypatch.setattr(os_calls, "_MOUNTS_FILE", table)
    real = Path(os.path.realpath(tmp_path))
    for kind, found in (
        ("cifs", "cifs"),
        ("smb3", "smb3"),
        ("ext4", None),
        ("overlay", None),
        ("tmpfs", None),
    ):
        table.write_text(f"1 0 0:1 / {real} rw - {kind} x rw\n")
        assert os_calls.network_share_kind(tmp_path / "not" / "yet") == found
    monkeypatch.setattr(os_calls, "_MOUNTS_FILE", tmp_path / "absent")
    assert os_calls.network_share_kind(tmp_path) is None


def test_free_room_of_a_place_not_made_yet(tmp_path: Path) -> None:
    """The room is that of the disk on which the folder would be made."""
    assert os_calls.free_bytes(tmp_path / "not" / "yet") > 0


def test_who_is_still_running() -> None:
    """A running process is alive; one that ended is not, collected or not; nor is a made-up one."""
    assert os_calls.process_is_alive(os.getpid())
    assert os_calls.process_is_alive(1)
    assert not os_calls.process_is_alive(0)
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        assert not os_calls.process_is_alive(ended.pid)
    assert not os_calls.process_is_alive(ended.pid)


@pytest.mark.parametrize(
    ("environment", "classic"),
    [
        ({"TERM": "linux", "LANG": "zh_CN.UTF-8"}, True),
        ({"TERM": "xterm-256color", "LANG": "zh_CN.UTF-8"}, False),
        ({"TERM": "xterm-256color", "LANG": "zh_CN.utf8@stroke"}, False),
        ({"TERM": "xterm", "LANG": "zh_CN.GB18030"}, True),
        ({"TERM": "xterm", "LANG": "zh_CN"}, True),
        ({"TERM": "xterm", "LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.GBK"}, True),
        ({"TERM": "xterm", "LANG": "C"}, False),
        ({"TERM": "xterm"}, False),
        ({}, False),
    ],
)
def test_which_linux_consoles_get_the_plain_theme(environment: dict[str, str], *, classic: bool) -> None:
    """The kernel's console and national encodings do; a missing locale is no reason."""
    assert os_calls.console_is_classic_chinese(environment) is classic
