"""Backups of a running station: made, opened again, verified, and only then counted.

One consistent copy is taken beside the station and carried into every folder; a folder that is missing, full
or read-only stops no other. A copy is built under a name that ends in ``.part``; what bears its final name
was verified where it lies.
"""

from __future__ import annotations

import shutil
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.backup_copy import take_copy
from downtime.backup_due import due
from downtime.backup_folder import carry_into, remove_older
from downtime.book import OpenBook
from downtime.errors import DowntimeError, InUseError, RefusedInputError
from downtime.i18n import _
from downtime.keys import SERVICE_OPERATOR
from downtime.record import record_event
from downtime.rights import may, refusal
from downtime.store import journal
from downtime.store.sqlite import DriverError
from forms.station_book import Audit
from forms.trust import BackupMade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from downtime.backup_copy import Copy
    from downtime.clock import Clock
    from downtime.home import Home
    from downtime.keys import Keyring

ROOM_LEFT_BYTES = 100 << 20
"""Room the copy beside the station must leave on the home's disk; else it is taken in the folder itself."""

_STAGING = "copying-"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that counts.

    Attributes:
        folder: the folder asked for.
        copy: where it lies in it and what it holds.
    """

    folder: Path
    copy: Copy


@dataclass(frozen=True, slots=True)
class NotMade:
    """A folder that got no backup, and why."""

    folder: Path
    what: str
    then: str


def backup_folders(home: Home, more: Sequence[Path] = ()) -> list[Path]:
    """Return the folders of the settings, relative ones inside the home, and ``more``; each once."""
    wanted = [home.path / folder for folder in home.settings.backup.folders]
    return list(dict.fromkeys([*wanted, *(Path(folder).absolute() for folder in more)]))


def make_backups(home: Home, ring: Keyring, folders: Sequence[Path], clock: Clock) -> list[Made | NotMade]:
    """Back a running station up into every folder and record what counts.

    Args:
        home: the station; others may be recording.
        ring: open keys of somebody with the right ``backup``.
        folders: where to; one inside the home is made, any other must be there.
        clock: where times come from.

    Raises:
        AccessRefusedError: none of the roles includes it; the refusal is audited.
        InUseError: another backup of this station is being made.
        JournalAlarmError: journal and head log do not agree.
        StopRecordingError: the book in use does not verify, or the disk refuses the record of it.
    """
    with _alone(home):
        book = OpenBook(home, ring, home.current_book(), clock)  # mends the head a crash left out, or alarms
        try:
            require_backup_right(book)
            return _into_all(home, ring, folders, book)
        finally:
            book.close()


def require_backup_right(book: OpenBook) -> None:
    """Go on only for somebody who may make and test backups, before anything is copied.

    Raises:
        AccessRefusedError: none of their roles includes it; the refusal is audited.
    """
    if not may(book.person.roles, "backup"):
        record_event(book, Audit(event="right_refused", subject="backup", success=False))
        raise refusal("backup")


def _into_all(home: Home, ring: Keyring, folders: Sequence[Path], book: OpenBook) -> list[Made | NotMade]:
    results: list[Made | NotMade] = []
    with _staging(home, folders) as staging:
        try:
            taken = take_copy(home, ring, staging, book.clock.now().wall)
        except (OSError, DriverError) as error:
            return [_not_made(folder, error) for folder in folders]
        for folder in folders:
            try:
                made = Made(folder, carry_into(home, ring, taken, folder))
            except (OSError, DriverError, DowntimeError) as error:
                results.append(_not_made(folder, error))
                continue
            record_event(book, _entry_of(made))
            results.append(made)
            remove_older(home, ring, folder, made.copy.path)
    return results


def _entry_of(made: Made) -> BackupMade:
    manifest = made.copy.manifest
    return BackupMade(
        folder=str(made.folder)[-400:],
        file=made.copy.path.name,
        sha256=made.copy.sha256,
        book=manifest.last.book,
        head=manifest.last.head,
        entries=manifest.last.entries,
        bytes=manifest.bytes,
    )


def _not_made(folder: Path, error: Exception) -> NotMade:
    reason = error.what if isinstance(error, DowntimeError) else getattr(error, "strerror", "") or str(error)
    then = (
        error.then if isinstance(error, DowntimeError) else _("See that it is there, writable and has room.")
    )
    return NotMade(folder, _("No backup in {folder}: {reason}").format(folder=folder, reason=reason), then)


@contextmanager
def _alone(home: Home) -> Iterator[None]:
    """Let one backup be made at a time; what a crash left behind is cleared away first."""
    path = home.path / "backup" / "lock"
    os_calls.private_file(path)
    with path.open("rb+") as lock:
        if not os_calls.hold_file(lock.fileno(), 0):
            raise InUseError(
                _("Another backup of this station is being made."),
                _("Let it finish; nothing needs to be started twice."),
            )
        for left in (home.path / "backup").glob(_STAGING + "*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def _staging(home: Home, folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the name of a folder for the one copy; it goes away afterwards."""
    own = home.path / "backup"
    needed = 2 * sum(path.stat().st_size for path in (home.path / "books").rglob("*") if path.is_file())
    needed += sum(path.stat().st_size for path in (home.path / "reference").iterdir() if path.is_file())
    place = own
    if os_calls.free_bytes(own) < needed + ROOM_LEFT_BYTES:
        there = [folder for folder in folders if folder.is_dir()]
        place = max([own, *there], key=os_calls.free_bytes)
    path = place / f"{_STAGING}{uuid.uuid4().hex}"
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


# -- by itself ------------------------------------------------------------------------------------------


def last_backup_at(book: OpenBook) -> str:
    """Return when the newest backup of this book was recorded (RFC 3339), or ""."""
    last = journal.last_of_form(book.db, BackupMade.name)
    return last.recorded_at if last is not None else ""


def is_due(book: OpenBook) -> bool:
    """Return whether this book was not backed up within the last day; a new book is due at once."""
    return due(last_backup_at(book), book.clock.now().wall)


def daily_backup(
    home: Home, ring: Keyring | None, clock: Clock, tell: Callable[[list[NotMade]], None] | None = None
) -> list[Made | NotMade]:
    """Make the day's backup in the folders of the settings; for a thread beside the app.

    Args:
        home: the station.
        ring: keys of somebody with the right ``backup``; the delivering account's without.
        clock: where times come from.
        tell: is told what was not made; nothing is raised then.

    Raises:
        DowntimeError: without ``tell``, what ``make_backups`` raises.
    """
    folders = backup_folders(home)
    if not folders:
        return []
    try:
        results = make_backups(home, ring or delivering_ring(home), folders, clock)
    except InUseError:
        return []  # somebody is making one at this moment
    except (DowntimeError, OSError, DriverError) as error:
        if tell is None:
            raise
        results = [_not_made(folder, error) for folder in folders]
    failed = [one for one in results if isinstance(one, NotMade)]
    if failed and tell is not None:
        tell(failed)
    return results


def delivering_ring(home: Home) -> Keyring:
    """Return the keys of the delivering account, whose password lies in the home.

    Raises:
        AccessRefusedError: it does not open.
        RefusedInputError: there is no such account here.
    """
    try:
        password = home.keys.service_password_file.read_text("utf-8").splitlines()[0]
    except (OSError, IndexError) as error:
        raise RefusedInputError(
            _("This station has no service account; ask IT."),
            _("Make backups with downtime backup --operator until it has one."),
        ) from error
    return home.keys.unlock(SERVICE_OPERATOR, password)
