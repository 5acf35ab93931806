"""Room on the home's disk: warned in time, and a ballast that is given up so that a shift can still be closed.

The ballast is a file of 64 MiB made with the station. It is emptied, not removed, when the disk is nearly full
or a write was refused; a home without the file (practice, tests) never gets one.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from downtime import os_calls
from downtime.errors import DowntimeError, OutcomeUnknownError, StopRecordingError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOW_BYTES = 500 << 20
VERY_LOW_BYTES = 100 << 20
RESERVE_BYTES = 20 << 20
"""Below this the ballast goes, before a write is refused."""
BALLAST_BYTES = 64 << 20

FREED, BACK = "ballast_freed", "ballast_back"
Level = Literal["", "low", "very_low"]
_CHUNK_BYTES = 1 << 20
_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Room:
    """One look at the disk.

    Attributes:
        free_bytes: what this account may still write.
        change: what became of the ballast at this look: an audit event, or "".
    """

    free_bytes: int = LOW_BYTES
    change: str = ""

    @property
    def level(self) -> Level:
        """How little room there is; "" when there is enough."""
        if self.free_bytes >= LOW_BYTES:
            return ""
        return "low" if self.free_bytes >= VERY_LOW_BYTES else "very_low"

    def words(self) -> str:
        """Return what to tell whoever is there; "" when there is nothing to tell."""
        megabytes = self.free_bytes >> 20
        if self.change == FREED:
            return _(
                "The disk was full: the reserve is used. Finish the shift and call IT ({free} MB left)."
            ).format(free=megabytes)
        if self.level == "very_low":
            return _("Only {free} MB are left on the disk. Call IT now.").format(free=megabytes)
        if self.level == "low":
            return _("{free} MB are left on the disk. Tell IT today.").format(free=megabytes)
        return ""


ENOUGH = Room()


def ballast_path(home: Path) -> Path:
    """Return where the ballast of the home at ``home`` lies."""
    return home / "ballast"


def make_ballast(home: Path, size: int = BALLAST_BYTES) -> None:
    """Write the ballast, synced; of chance, so that no disk stores it smaller.

    Raises:
        OSError: the disk refuses.
    """
    path = ballast_path(home)
    os_calls.private_file(path)
    with path.open("r+b") as ballast:
        left = size
        while left:
            left -= ballast.write(os.urandom(min(left, _CHUNK_BYTES)))
        ballast.truncate()
        ballast.flush()
        os_calls.fsync_file(ballast.fileno())


def free_ballast(home: Path) -> bool:
    """Empty the ballast; return whether that gave any room."""
    path = ballast_path(home)
    try:
        if not path.stat().st_size:
            return False
        with path.open("r+b") as ballast:
            ballast.truncate(0)
            os_calls.fsync_file(ballast.fileno())
    except OSError:
        return False
    return True


def is_spent(home: Path) -> bool:
    """Return whether the ballast was given up and is not back yet."""
    path = ballast_path(home)
    return path.is_file() and path.stat().st_size == 0


def look(home: Path, size: int = BALLAST_BYTES) -> Room:
    """Look at the disk; give the ballast up when it is nearly full, put it back when there is room again."""
    free = os_calls.free_bytes(home)
    path = ballast_path(home)
    if free < RESERVE_BYTES and free_ballast(home):
        return Room(os_calls.free_bytes(home), FREED)
    if free >= LOW_BYTES + size and path.is_file() and path.stat().st_size < size:
        with suppress(OSError):
            make_ballast(home, size)
            return Room(os_calls.free_bytes(home), BACK)
    return Room(free)


def make_room(home: Path) -> bool:
    """Give the ballast up if the disk is nearly full; return whether that was done."""
    return os_calls.free_bytes(home) < RESERVE_BYTES and free_ballast(home)


def with_room(home: Path, act: Callable[[], _Answer], told: Callable[[], None]) -> _Answer:
    """Do ``act``; if the disk is too full for it, give the ballast up and do it once more.

    Only what is sure not to have been written is repeated; what may have been is for the next start.

    Args:
        home: the home's folder.
        act: records something; it answers with StopRecordingError when nothing was written.
        told: called after ``act`` succeeded in the room the ballast left.
    """
    try:
        return act()
    except OutcomeUnknownError as error:
        if _lacks_room(home, error):
            free_ballast(home)
        raise
    except StopRecordingError as error:
        if not (_lacks_room(home, error) and free_ballast(home)):
            raise
    answer = act()
    told()
    return answer


def _lacks_room(home: Path, error: DowntimeError) -> bool:
    cause = error.__cause__
    if isinstance(cause, OSError):
        return cause.errno in _NO_ROOM
    return cause is not None and ("full" in str(cause) or os_calls.free_bytes(home) < RESERVE_BYTES)
