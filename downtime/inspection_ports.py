"""Which TCP ports wait for connections on this PC, read from the kernel's tables; no socket is opened for it."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc")
_LISTENS = "0A"
_TABLES = ("tcp", "tcp6")
_OUR_PROGRAMS = ("downtime",)
_LOOPBACK = re.compile(r"[0-9A-F]{6}7F|0{24}01000000|0000000000000000FFFF0000[0-9A-F]{6}7F")
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def _listening(proc: Path) -> Iterator[tuple[str, int, str]]:
    """Yield (address as the kernel writes it, port, inode) of everything that listens.

    Raises:
        OSError: this system keeps no such tables.
    """
    for table in _TABLES:
        path = proc / "net" / table
        if table != _TABLES[0] and not path.exists():
            continue  # a kernel without IPv6
        for line in path.read_text("ascii").splitlines()[1:]:
            words = line.split()
            if len(words) > 9 and words[3] == _LISTENS:  # noqa: PLR2004 (the tenth word is the inode)
                address, _colon, port = words[1].rpartition(":")
                yield address, int(port, 16), words[9]


def listening_ports(proc: Path = PROC) -> set[int] | None:
    """Return the ports that others can reach, or None where this cannot be read."""
    try:
        return {port for address, port, _inode in _listening(proc) if not _LOOPBACK.fullmatch(address)}
    except (OSError, ValueError):
        return None


def own_ports(proc: Path = PROC) -> set[int]:
    """Return the ports this program listens on, whatever the address: this process and its kin beside it."""
    by_inode = {inode: port for _address, port, inode in _listening(proc)}
    if not by_inode:
        return set()
    return {by_inode[inode] for process in _ours(proc) for inode in _sockets(process) if inode in by_inode}


def _ours(proc: Path) -> Iterator[Path]:
    yield proc / str(os.getpid())
    for process in proc.glob("[0-9]*"):
        with suppress(OSError):  # it ended, or belongs to another account
            words = (process / "cmdline").read_bytes().split(b"\0")
            names = {Path(word.decode("utf-8", "replace")).name for word in words[:3]}
            if any(name.startswith(_OUR_PROGRAMS) for name in names):
                yield process


def _sockets(process: Path) -> Iterator[str]:
    with suppress(OSError):
        for handle in (process / "fd").iterdir():
            with suppress(OSError):
                found = _SOCKET.fullmatch(str(handle.readlink()))
                if found is not None:
                    yield found[1]
