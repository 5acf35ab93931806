"""Every call that differs between Linux and Windows, each with both branches.

No other module of the app asks which system it runs on or calls what only one of them has; a tidy test
holds that. The Windows branches are written from Microsoft's documentation and exercised here only
against a stand-in of the Windows libraries.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import secrets
import shutil
import stat
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Mapping

WINDOWS = os.name == "nt"

_PRIVATE_DIR_MODE = 0o700
_PRIVATE_FILE_MODE = 0o600
_BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")
_BOOT_COUNT_KEY = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
_MOUNTS_FILE = Path("/proc/self/mountinfo")
_PR_SET_DUMPABLE = 4
_SEM_NO_CRASH_BOXES = 0x0001 | 0x0002
_DRIVE_REMOTE = 4
_MOVE_REPLACE_AND_WRITE_THROUGH = 0x1 | 0x8
_PROCESS_QUERY_LIMITED = 0x1000
_STILL_ACTIVE = 259
_PRINTER_STATUS = 0x060B  # LPGETSTATUS
_EAST_ASIAN_CODE_PAGES = {932, 936, 949, 950}

# File systems that another host, or another virtual machine, may be writing to at the same moment.
_SHARED_FILE_SYSTEMS = re.compile(
    "9p|afs|beegfs|ceph|cifs|coda|fuse[.](ceph|glusterfs|rclone|s3fs|sshfs|vmhgfs-fuse)|gfs2|glusterfs|gpfs"
    "|lustre|ncpfs|nfs4?|ocfs2|prl_fs|smb3|smbfs|vboxsf|virtiofs|vmhgfs"
)


def _kernel32() -> Any:
    library = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]  # Windows only
    library.GetTickCount64.restype = ctypes.c_ulonglong
    library.OpenProcess.restype = ctypes.c_void_p
    library.OpenProcess.argtypes = [ctypes.c_ulong, ctypes.c_int, ctypes.c_ulong]
    library.GetExitCodeProcess.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    library.CloseHandle.argtypes = [ctypes.c_void_p]
    return library


@cache
def boot_id() -> str:
    """Return a text that changes with every start of the machine, so two monotonic times can be compared.

    Where the machine offers none, the text is new in every process: nothing is then compared wrongly.
    """
    try:
        return _windows_boot_count() if WINDOWS else _BOOT_ID_FILE.read_text("ascii").strip()
    except OSError:
        return f"process-{secrets.token_hex(8)}"


def _windows_boot_count() -> str:
    registry: Any = import_module("winreg")  # there is no such module on Linux
    with registry.OpenKey(registry.HKEY_LOCAL_MACHINE, _BOOT_COUNT_KEY) as key:
        return f"boot-{registry.QueryValueEx(key, 'BootId')[0]}"


def monotonic_ms() -> int:
    """Return milliseconds since boot, time asleep included; no correction of the clock moves it."""
    if WINDOWS:
        return int(_kernel32().GetTickCount64())
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)) // 1_000_000


def set_private_umask() -> None:
    """Make every file this process creates readable by its own account only.

    On Windows a file takes the rights of its folder.
    """
    if not WINDOWS:
        os.umask(0o077)


def private_dir(path: Path) -> None:
    """Create ``path`` with its parents if need be, durably, and leave it open to the own account alone.

    Raises:
        OSError: it cannot be made, or its rights cannot be set.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(mode=_PRIVATE_DIR_MODE, exist_ok=True)
        fsync_dir(folder.parent)  # else a power cut may take the folder and all that was recorded in it
    if not WINDOWS:
        path.chmod(_PRIVATE_DIR_MODE)
        return
    owner = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), os.environ.get("USERNAME"))))
    # The system and the administrators go by number: their names differ by language.
    grants = [f"{who}:(OI)(CI)F" for who in (owner, "*S-1-5-18", "*S-1-5-32-544")]
    command = ["icacls", str(path), "/inheritance:r", "/grant:r", *grants]
    answer = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 (fixed command, no shell)
    if answer.returncode != 0:
        raise OSError(errno.EACCES, "icacls could not set the rights", str(path))


def private_file(path: Path) -> None:
    """Create ``path`` empty if it is not there, and leave it to the own account alone.

    On Windows a file takes the rights of its folder, which ``private_dir`` has set.

    Raises:
        OSError: it cannot be made, or its mode cannot be set.
    """
    with suppress(FileExistsError):  # one that exists is never opened: closing it would drop SQLite's locks
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE_FILE_MODE))
    if not WINDOWS:
        path.chmod(_PRIVATE_FILE_MODE)


def no_core_dumps() -> None:
    """Keep the memory of this process, with its keys and patients, out of crash files.

    The limit alone does not stop a dump that the kernel pipes to a program; being undumpable does.
    """
    if WINDOWS:
        _kernel32().SetErrorMode(_SEM_NO_CRASH_BOXES)
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):
        library.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def fsync_file(fd: int) -> None:
    """Return once what was written to the open file ``fd`` is on the disk."""
    os.fsync(fd)


def fsync_dir(path: Path) -> None:
    """Return once names created, renamed or removed in the folder ``path`` are on the disk.

    Windows cannot flush a folder; ``replace_durably`` asks for a write-through rename there instead.
    """
    if WINDOWS:
        return
    _fsync_path(path, os.O_RDONLY | os.O_DIRECTORY)


def replace_durably(part: Path, final: Path) -> None:
    """Put the finished file ``part`` under the name ``final``; after a power cut the old or the new is there.

    Raises:
        OSError: the file cannot be synced or renamed; ``final`` is then as it was.
    """
    _fsync_path(part, os.O_RDWR)
    if WINDOWS:
        if not _kernel32().MoveFileExW(str(part), str(final), _MOVE_REPLACE_AND_WRITE_THROUGH):
            code = ctypes.get_last_error()  # type: ignore[attr-defined]  # Windows only
            raise OSError(errno.EIO, f"rename refused, Windows error {code}", str(final))
        return
    part.replace(final)
    fsync_dir(final.parent)


def _fsync_path(path: Path, flags: int) -> None:
    fd = os.open(path, flags)
    try:
        fsync_file(fd)
    finally:
        os.close(fd)


def hold_file(fd: int, wait_seconds_max: float) -> bool:
    """Take the lock of the open file ``fd`` for this process alone; return False if it stays taken.

    The system lets go of it when the process dies, however it dies.
    """
    give_up_at = time.monotonic() + wait_seconds_max
    pause = 0.0005
    while not _try_hold(fd):
        if time.monotonic() >= give_up_at:
            return False
        time.sleep(pause)
        pause = min(pause * 2, 0.02)
    return True


def _try_hold(fd: int) -> bool:
    try:
        if WINDOWS:
            import msvcrt  # Windows only

            os.lseek(fd, 0, os.SEEK_SET)
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # Windows only
        else:
            import fcntl  # not on Windows

            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def let_go_of_file(fd: int) -> None:
    """Give the lock of ``hold_file`` back."""
    if WINDOWS:
        import msvcrt  # Windows only

        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]  # Windows only
    else:
        import fcntl  # not on Windows

        fcntl.flock(fd, fcntl.LOCK_UN)


def free_bytes(path: Path) -> int:
    """Return how many bytes this account may still write to the disk that holds ``path`` or will hold it."""
    return shutil.disk_usage(_nearest_existing(path)).free


def open_regular(path: Path) -> BinaryIO:
    """Open the plain file ``path`` for reading bytes; a link, pipe, device or folder is refused.

    Raises:
        OSError: it is not there, cannot be read, or is not a plain file.
    """
    if WINDOWS and path.is_symlink():
        raise OSError(errno.ELOOP, "a link, not a file", str(path))
    # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    flags = os.O_RDONLY | _flag("O_NOFOLLOW") | _flag("O_NONBLOCK") | _flag("O_BINARY") | _flag("O_CLOEXEC")
    fd = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(errno.EINVAL, "not a plain file", str(path))
    return os.fdopen(fd, "rb")


def open_device(path: str) -> tuple[int, bool]:
    """Open a printer's device file without waiting; return its descriptor and whether it can be read too.

    On Windows a device takes bytes as slowly as it likes; give the printer's name in the spooler there.

    Raises:
        OSError: there is no such device, or nobody is at its other end.
    """
    flags = _flag("O_NONBLOCK") | _flag("O_NOCTTY") | _flag("O_BINARY") | _flag("O_CLOEXEC")
    if not WINDOWS and stat.S_ISCHR(os.stat(path).st_mode):  # noqa: PTH116 (a text, not a Path)
        with suppress(OSError):
            return os.open(path, os.O_RDWR | flags), True
    return os.open(path, os.O_WRONLY | flags), False


def port_status(fd: int) -> int | None:
    """Return the status lines of a parallel or USB printer port (0x20 no paper, 0x10 selected, 0x08 no error).

    None where the device has none.
    """
    if WINDOWS:
        return None
    import fcntl  # not on Windows

    try:
        answer = fcntl.ioctl(fd, _PRINTER_STATUS, bytes(4))
    except OSError:
        return None
    return int.from_bytes(answer, sys.byteorder)


def bytes_waiting(connection_fd: int) -> int:
    """Return how many bytes the other end of a TCP connection has not acknowledged; 0 where nobody can tell."""
    if WINDOWS:
        return 0
    import fcntl  # not on Windows
    import termios  # not on Windows

    answer = fcntl.ioctl(connection_fd, termios.TIOCOUTQ, bytes(4))
    return int.from_bytes(answer, sys.byteorder)


def _flag(name: str) -> int:
    return int(getattr(os, name, 0))


def _nearest_existing(path: Path) -> Path:
    path = Path(os.path.realpath(path))
    return next(folder for folder in (path, *path.parents) if folder.exists())


def network_share_kind(path: Path) -> str | None:
    """Return the kind of share ``path`` (or its nearest existing parent) lies on, or None for a local disk.

    The journal's write-ahead log needs every reader and writer on one host.
    """
    if WINDOWS:
        return _windows_share_kind(os.path.realpath(path))
    try:
        table = _MOUNTS_FILE.read_text("utf-8", errors="surrogateescape")
    except OSError:
        return None
    kind = _file_system_of(_nearest_existing(path), table)
    return kind if _SHARED_FILE_SYSTEMS.fullmatch(kind) else None


def _file_system_of(path: Path, table: str) -> str:
    """Return the file-system type of the deepest mount above ``path``, of equals the last one mounted."""
    deepest, kind = -1, ""
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        words = before.split(" ")
        if len(words) < 5 or not after:  # noqa: PLR2004 (the fifth word is the mount point)
            continue
        mount = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), words[4]))
        if path.is_relative_to(mount) and len(mount.parts) >= deepest:
            deepest, kind = len(mount.parts), after.split(" ")[0]
    return kind


def _windows_share_kind(path: str) -> str | None:
    plain = re.sub(r"(?i)^//[?.]/(unc(?=/))?", lambda found: "/" if found[1] else "", path.replace("\\", "/"))
    if plain.startswith("//"):
        return "unc"
    return "network drive" if _kernel32().GetDriveTypeW(f"{plain[:2]}\\") == _DRIVE_REMOTE else None


def process_is_alive(pid: int) -> bool:
    """Return whether a process ``pid`` runs on this host; one that ended and was not collected does not."""
    if pid <= 0:
        return False
    if WINDOWS:  # never os.kill(pid, 0) here: on Windows that sends Ctrl-C
        return _windows_process_is_alive(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2]
    except OSError:
        return True
    return after_name.split()[:1] != ["Z"]


def _windows_process_is_alive(pid: int) -> bool:
    library = _kernel32()
    handle = library.OpenProcess(_PROCESS_QUERY_LIMITED, 0, pid)
    if not handle:
        return False
    code = ctypes.c_ulong()
    try:
        return bool(library.GetExitCodeProcess(handle, ctypes.byref(code))) and code.value == _STILL_ACTIVE
    finally:
        library.CloseHandle(handle)


def console_is_classic_chinese(environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether this console may draw East-Asian-ambiguous characters two cells wide, or not at all.

    On Windows that is the classic console with a Chinese, Japanese or Korean code page; on Linux the
    kernel's own console and a locale that names another encoding than UTF-8. A missing locale says nothing.
    """
    if WINDOWS:
        modern = {"WT_SESSION", "TERM_PROGRAM", "ConEmuPID", "ALACRITTY_WINDOW_ID"} & environment.keys()
        return not modern and int(_kernel32().GetConsoleOutputCP()) in _EAST_ASIAN_CODE_PAGES
    if environment.get("TERM") == "linux":
        return True
    named = next(filter(None, (environment.get(name) for name in ("LC_ALL", "LC_CTYPE", "LANG"))), "C")
    language, _, encoding = named.partition("@")[0].partition(".")
    if encoding:
        return encoding.lower().replace("-", "") != "utf8"
    return language.startswith(("zh", "ja", "ko"))  # without an encoding these mean the old national ones
