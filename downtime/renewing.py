"""Putting renewed files in force: everything lies ready beside, one file's appearance decides, the rest follows.

``books/0007.next`` (or ``reference.next``) holds the databases under the new key, and under ``keys/`` the key
file that opens them. When ``READY`` stands in it, the new ones count: each is then moved over the old one,
after a crash by whoever opens the home next. Without ``READY`` the folder is worth nothing and is removed.
Nothing here needs a key.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.errors import InUseError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READY = "READY"
_LOGS = ("-wal", "-shm", "-journal")


@contextmanager
def renewal_lock(home: Path, wait_seconds: float = 0) -> Iterator[None]:
    """Hold what keeps two renewals apart, and everybody else out of a half-renewed home.

    Raises:
        InUseError: keys are being renewed at this moment.
    """
    path = home / "renew.lock"
    os_calls.private_file(path)
    with path.open("rb+") as lock:
        if not os_calls.hold_file(lock.fileno(), wait_seconds):
            raise InUseError(
                _("The keys of this station are being renewed."),
                _("Wait until that is done, then try again."),
            )
        yield


def finish_renewals(home: Path) -> None:
    """Finish or take back what a crash interrupted; without one this looks at names only.

    Raises:
        InUseError: keys are being renewed at this moment.
    """
    if not _aside(home):
        return
    with renewal_lock(home):
        for aside in _aside(home):
            if (aside / READY).exists():
                put_in_force(home, aside)
            else:
                shutil.rmtree(aside)


def put_in_force(home: Path, aside: Path) -> None:
    """Move every renewed file over the old one; each step may be repeated."""
    into = aside.with_suffix("")
    for fresh in sorted(aside.glob("*.db")):
        for log in _LOGS:  # frames of the old key must never be read into the new file
            (into / (fresh.name + log)).unlink(missing_ok=True)
        os_calls.replace_durably(fresh, into / fresh.name)
    for fresh in sorted(path for path in (aside / "keys").rglob("*.json") if path.parent.name != "stations"):
        os_calls.replace_durably(fresh, home / "keys" / fresh.relative_to(aside / "keys"))
    shutil.rmtree(aside)
    os_calls.fsync_dir(aside.parent)


def declare_ready(aside: Path) -> None:
    """From here on the new files count; everything in ``aside`` must be on the disk already."""
    for folder in {path.parent for path in aside.rglob("*")}:
        os_calls.fsync_dir(folder)
    os_calls.private_file(aside / READY)
    os_calls.fsync_dir(aside)
    os_calls.fsync_dir(aside.parent)


def _aside(home: Path) -> list[Path]:
    found = [*(home / "books").glob("*.next"), home / "reference.next"]
    return [path for path in found if path.is_dir()]
