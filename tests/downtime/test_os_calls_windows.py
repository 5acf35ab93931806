"""The Windows branches of the calls that differ by system, against a stand-in of Windows' libraries."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

import pytest

from downtime import os_calls

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Kernel32:
    """Stands for the Windows library; keeps what it was asked."""

    def __init__(
        self, *, code_page: int = 936, drive: int = 3, exit_code: int | None = 259, moved: int = 1
    ) -> None:
        self.code_page, self.drive, self.exit_code, self.moved = code_page, drive, exit_code, moved
        self.asked: list[tuple[Any, ...]] = []

    def GetTickCount64(self) -> int:  # noqa: N802 (Windows' name)
        return 86_400_123

    def SetErrorMode(self, mode: int) -> None:  # noqa: N802 (Windows' name)
        self.asked.append(("error mode", mode))

    def GetDriveTypeW(self, root: str) -> int:  # noqa: N802 (Windows' name)
        self.asked.append(("drive", root))
        return self.drive

    def MoveFileExW(self, part: str, final: str, flags: int) -> int:  # noqa: N802 (Windows' name)
        self.asked.append(("move", part, final, flags))
        if self.moved:
            Path(part).replace(final)
        return self.moved

    def OpenProcess(self, _access: int, _inherit: int, pid: int) -> int:  # noqa: N802 (Windows' name)
        self.asked.append(("open", pid))
        return 0 if self.exit_code is None else 7

    def GetExitCodeProcess(self, _handle: int, code: Any) -> int:  # noqa: N802 (Windows' name)
        code._obj.value = self.exit_code
        return 1

    def CloseHandle(self, handle: int) -> None:  # noqa: N802 (Windows' name)
        self.asked.append(("close", handle))

    def GetConsoleOutputCP(self) -> int:  # noqa: N802 (Windows' name)
        return self.code_page


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Kernel32]:
    """Take every Windows branch, with a library that answers as told."""
    library = _Kernel32()
    monkeypatch.setattr(os_calls, "WINDOWS", True)
    monkeypatch.setattr(os_calls, "_kernel32", lambda: library)
    os_calls.boot_id.cache_clear()
    yield library
    os_calls.boot_id.cache_clear()


def test_windows_time_and_boot_count(windows: _Kernel32, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows counts its starts in the registry and its milliseconds in the kernel."""
    assert windows.asked == []

    class Key:
        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

    registry = SimpleNamespace(
        HKEY_LOCAL_MACHINE=1, OpenKey=lambda *_: Key(), QueryValueEx=lambda _key, name: (41, name)
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    assert os_calls.boot_id() == "boot-41"
    assert os_calls.monotonic_ms() == 86_400_123


def test_windows_rights_go_by_icacls(
    windows: _Kernel32, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inherited rights are cut; account, system and administrators stay; a refusal is an error."""
    assert windows.asked == []
    asked: list[list[str]] = []
    answers = iter([0, 5])

    def run(command: list[str], **_: Any) -> Any:
        asked.append(command)
        return SimpleNamespace(returncode=next(answers))

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("USERDOMAIN", "DESK")
    monkeypatch.setenv("USERNAME", "cashier")
    os_calls.private_dir(tmp_path / "home")
    assert asked[0][:3] == ["icacls", str(tmp_path / "home"), "/inheritance:r"]
    assert "DESK\\cashier:(OI)(CI)F" in asked[0]
    with pytest.raises(OSError, match="rights"):
        os_calls.private_dir(tmp_path / "home")


def test_windows_leaves_modes_umask_and_folder_flush_alone(windows: _Kernel32, tmp_path: Path) -> None:
    """What Windows does not have is not asked of it."""
    os_calls.private_file(tmp_path / "file")
    os_calls.fsync_dir(tmp_path / "absent")
    os_calls.set_private_umask()
    os_calls.no_core_dumps()
    assert windows.asked == [("error mode", 3)]


def test_windows_renames_through_to_the_disk(windows: _Kernel32, tmp_path: Path) -> None:
    """The rename replaces, and is written through."""
    part, final = tmp_path / "part", tmp_path / "final"
    part.write_text("new")
    os_calls.replace_durably(part, final)
    assert windows.asked == [("move", str(part), str(final), 0x9)]


def test_windows_says_when_a_rename_is_refused(
    windows: _Kernel32, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file another program holds open leaves the old one in place and raises."""
    windows.moved = 0
    monkeypatch.setattr(ctypes, "get_last_error", lambda: 32, raising=False)
    (tmp_path / "part").write_text("new")
    with pytest.raises(OSError, match="32"):
        os_calls.replace_durably(tmp_path / "part", tmp_path / "final")


def test_windows_refuses_to_read_a_link(windows: _Kernel32, tmp_path: Path) -> None:
    """Windows has no flag for it, so the link is looked at first."""
    assert windows.asked == []
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="link"):
        os_calls.open_regular(tmp_path / "link")


@pytest.mark.parametrize(
    ("path", "drive", "kind"),
    [
        (r"\\server\share\home", 3, "unc"),
        (r"\\?\UNC\server\share", 3, "unc"),
        ("//server/share/home", 3, "unc"),
        (r"\\?\C:\home", 3, None),
        (r"C:\home", 3, None),
        (r"H:\home", 4, "network drive"),
    ],
)
def test_windows_shares(windows: _Kernel32, path: str, drive: int, kind: str | None) -> None:
    """A server path and a mapped letter are shares; a local disk is not."""
    windows.drive = drive
    assert os_calls._windows_share_kind(path) == kind


@pytest.mark.parametrize(("exit_code", "alive"), [(259, True), (0, False), (None, False)])
def test_windows_processes(windows: _Kernel32, exit_code: int | None, *, alive: bool) -> None:
    """A process is asked for its exit code; a signal would be Ctrl-C there."""
    windows.exit_code = exit_code
    assert os_calls.process_is_alive(4242) is alive


@pytest.mark.parametrize(
    ("environment", "code_page", "classic"),
    [
        ({}, 936, True),
        ({}, 950, True),
        ({}, 65001, False),
        ({}, 437, False),
        ({"WT_SESSION": "a"}, 936, False),
        ({"TERM_PROGRAM": "vscode"}, 936, False),
    ],
)
def test_which_windows_consoles_get_the_plain_theme(
    windows: _Kernel32, environment: dict[str, str], code_page: int, *, classic: bool
) -> None:
    """The classic console with an East Asian code page does; Windows Terminal does not."""
    windows.code_page = code_page
    assert os_calls.console_is_classic_chinese(environment) is classic
