"""One app per station: the second one is told who has it."""

from __future__ import annotations

import json
import os
from typing import IO, TYPE_CHECKING, Self

from downtime import os_calls
from downtime.errors import InUseError
from downtime.i18n import _
from downtime.renewing import renewal_lock

if TYPE_CHECKING:
    from downtime.clock import Clock
    from downtime.home import Home


_WAIT_SECONDS = 5


class BesideHold:
    """Held by every process of sync while it works with this home's keys; any number may. A context manager."""

    def __init__(self, home: Home) -> None:
        self._home = home.path
        self._path = home.path / f"beside-{os.getpid()}.lock"
        self._lock: IO[bytes] | None = None

    def __enter__(self) -> Self:
        """Say that somebody is here.

        Raises:
            InUseError: the station's keys are being renewed.
        """
        os_calls.private_file(self._path)
        self._lock = self._path.open("rb+")
        os_calls.hold_file(self._lock.fileno(), 0)
        try:
            with renewal_lock(
                self._home, _WAIT_SECONDS
            ):  # taken after saying so: one of the two always sees the other
                return self
        except InUseError:
            self.__exit__()
            raise

    def __exit__(self, *_failure: object) -> None:
        assert self._lock is not None, "left without having been entered"
        self._lock.close()
        self._path.unlink(missing_ok=True)


def others_beside(home: Home) -> bool:
    """Return whether a process of sync works here; what a dead one left is removed."""
    for path in home.path.glob("beside-*.lock"):
        with path.open("rb+") as lock:
            if not os_calls.hold_file(lock.fileno(), 0):
                return True
        path.unlink(missing_ok=True)
    return False


class StationHold:
    """Held while the app is on screen; a context manager. ``downtime record`` does not need it."""

    def __init__(self, home: Home, clock: Clock) -> None:
        self._path = home.app_lock
        self._lock: IO[bytes] | None = None
        self._holder = home.path / "app.json"
        self._clock = clock

    def __enter__(self) -> Self:
        """Take the station.

        Raises:
            InUseError: another app has it; the message says who and since when.
        """
        os_calls.private_file(self._path)
        self._lock = self._path.open("rb+")
        if not os_calls.hold_file(self._lock.fileno(), 0):
            self._lock.close()
            raise InUseError(
                _("The app is already open on this station: {who}.").format(who=self._who()),
                _("Use that window, or close it first."),
            )
        self.name("")
        return self

    def __exit__(self, *_failure: object) -> None:
        self._holder.unlink(missing_ok=True)
        assert self._lock is not None, "left without having been entered"
        self._lock.close()  # the system lets go of the lock with the file

    def name(self, operator: str) -> None:
        """Say who is logged in now."""
        told = {"operator": operator, "pid": os.getpid(), "since": self._clock.now().wall}
        self._holder.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        os_calls.private_file(self._holder)

    def _who(self) -> str:
        try:
            told = json.loads(self._holder.read_text("utf-8"))
        except (OSError, ValueError):
            return _("somebody, not logged in yet")
        who = told["operator"] or _("somebody, not logged in yet")
        return _("{who}, since {since}, process {pid}").format(
            who=who, since=told["since"][:16], pid=told["pid"]
        )
