"""From a backup to a working station again: verified first, in a new home, under a new incarnation.

Nothing is ever overwritten. Entries made after the backup are not in it, and receipts with their numbers are
in people's hands: so a restored station takes the next incarnation letter and counts from one.
"""

from __future__ import annotations

import re
import shutil
import time
import uuid
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.backup import require_backup_right
from downtime.backup_copy import CopiedHome, verify_copy
from downtime.backup_manifest import check_files, copy_file, damaged_file, read_manifest
from downtime.errors import AccessRefusedError, RefusedInputError, StopRecordingError, WrongPlaceError
from downtime.home import Home, refuse_network_share
from downtime.i18n import _
from downtime.keys import KeyFolder
from downtime.record import record_event
from downtime.shelf import readable_books
from downtime.station import continue_restored
from downtime.store import journal
from downtime.store.drafts import Drafts
from downtime.store.verification import open_evidence
from downtime.verify import verify_book
from forms.trust import Restored, RestoreTested

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from downtime.backup_manifest import Manifest
    from downtime.book import OpenBook
    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.keys import Keyring

_OF_THE_PC = ("device.key", "svc-sync.password", "attempts.json")
_MADE_ANEW = ("inbox", "printers", "backup", "reference")
_TESTING = "testing-"


@dataclass(frozen=True, slots=True)
class Restoration:
    """A station that works again.

    Attributes:
        home: the new home.
        manifest: of the backup it came from.
        book: number of the book that is open now.
        prefix: what receipt numbers begin with from now on.
    """

    home: Home
    manifest: Manifest
    book: int
    prefix: str


def with_recovery_code(code: str) -> Callable[[Home], Keyring]:
    """Return what opens the keys with the code from the sealed envelope; this PC becomes the station's."""

    def unlock(home: Home) -> Keyring:
        ring = home.keys.unlock_recovery(code)
        home.keys.move_in(ring)
        home.gate_log.unlink(missing_ok=True)  # bound to the PC that is gone; the backup keeps it
        return ring

    return unlock


def on_the_same_pc(
    old_home: Path, operator: str, password: str, ring: Keyring | None = None
) -> Callable[[Home], Keyring]:
    """Return what opens the keys with a password, on the PC whose old home still has its device secret.

    Args:
        old_home: the home that was in use here; only its key files are read.
        operator: staff number.
        password: as it was when the backup was made, or as it is now.
        ring: keys of the old home that are open already.
    """

    def unlock(home: Home) -> Keyring:
        for name in _OF_THE_PC:
            source = old_home / "keys" / name
            if source.is_file():
                copy_file(source, home.path / "keys" / name)
        try:
            return home.keys.unlock(operator, password)
        except AccessRefusedError:  # the password was changed after the backup
            now = ring or KeyFolder(old_home / "keys").unlock(operator, password)
            return replace(now, keys=home.keys)

    return unlock


def restore(
    backup: Path,
    target: Path,
    unlock: Callable[[Home], Keyring],
    clock: Clock,
    *,
    letter: str = "",
    places: Sequence[Path] = (),
) -> Restoration:
    """Make a new home from a backup and open a book in it.

    Args:
        backup: the backup's folder.
        target: an empty or absent folder on a local disk.
        unlock: opens the keys.
        clock: where times come from.
        letter: the new incarnation; by default the one after every letter that is known.
        places: further folders whose files tell which letters were in use: old home, backups, head mirror.

    Raises:
        RefusedInputError: the backup is damaged, unfinished or another station's; file and position are named.
        AccessRefusedError: code or password do not open it.
        WrongPlaceError: something is at ``target`` already, or it is on a network share.
        OSError: the disk refuses.
    """
    manifest, _digest = read_manifest(backup)
    check_files(backup, manifest)
    _require_free(target)
    part = target.with_name(f"{target.name}.restoring-{uuid.uuid4().hex[:8]}")
    try:
        home = _filled(backup, manifest, part)
        ring = unlock(home)
        # Byte for byte what was copied just now, so the chains need not be walked in both places.
        verify_copy(backup, replace(ring, keys=CopiedHome(backup).keys))
        chosen = _letter(letter, manifest, (backup.parent, *places), home)
        came_from = Restored(
            file=backup.name[-200:],
            made_at=manifest.made_at,
            book=manifest.last.book,
            head=manifest.last.head,
            incarnation_before=manifest.incarnation,
        )
        before = home.books()[-1]
        book = continue_restored(home, ring, chosen, came_from, clock=clock)
        try:
            _carry_drafts(home, ring, book, before.number)
            prefix, number = book.identity.station + book.identity.incarnation, book.paths.number
        finally:
            book.close()
        _require_whole(home, ring, manifest)
        if target.exists():
            target.rmdir()  # empty: that was seen above
        part.rename(target)
        os_calls.fsync_dir(target.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Restoration(Home(target), manifest, number, prefix)


def _require_free(target: Path) -> None:
    refuse_network_share(target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise WrongPlaceError(
            _("The folder {folder} is not empty.").format(folder=target),
            _("Choose an empty folder; nothing there has been touched."),
        )


def _filled(backup: Path, manifest: Manifest, part: Path) -> Home:
    """Copy every file of the backup, comparing once more what was read."""
    os_calls.private_dir(part)
    for name in _MADE_ANEW:
        os_calls.private_dir(part / name)
    for file in manifest.files:
        if copy_file(backup / file.name, part / file.name) != (file.size, file.sha256):
            raise damaged_file(file.name, _("it changed while it was read"))
    for stated in manifest.books:
        os_calls.private_dir(part / "books" / f"{stated.book:04d}" / "paper")
    for folder in sorted(path for path in part.rglob("*") if path.is_dir()):
        os_calls.private_dir(folder)
        os_calls.fsync_dir(folder)
    return Home(part)


def _require_whole(home: Home, ring: Keyring, manifest: Manifest) -> None:
    """Verify every book of the new home; one that was damaged when the backup was made may be so still."""
    known_damaged = {book.book for book in manifest.books if not book.whole}
    for paths in home.books():
        if paths.number in known_damaged or paths.is_destroyed:
            continue
        first = verify_book(home, ring, paths).first
        if first is not None:
            raise StopRecordingError(first.what, _("Nothing was restored. Take another backup."))


def _letter(wanted: str, manifest: Manifest, places: Sequence[Path], home: Home) -> str:
    known = {path.stem for path in (home.path / "keys" / "stations").glob("*.json")}
    named = re.compile(re.escape(manifest.station) + r"([A-Z])-\d")
    for place in places:
        known |= {found[1] for path in _listing(place) if (found := named.match(path.name))}
        known |= {path.stem for path in _listing(place / "keys" / "stations") if path.suffix == ".json"}
    following = chr(ord(max(known)) + 1)
    if (wanted and wanted < following) or following > "Z":
        raise RefusedInputError(
            _("Letter {letter} was in use already, or none is left; the next one is {next}.").format(
                letter=wanted or max(known), next=following
            ),
            _("Leave --incarnation out, or name a later letter. After Z give the station a new code."),
        )
    return wanted or following


def _listing(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def _carry_drafts(home: Home, ring: Keyring, book: OpenBook, before: int) -> None:
    """Bring half-filled forms into the new book, but those that were recorded meanwhile."""
    old = home.book(before)
    if not old.drafts.exists():
        return
    key = ring.book_key(before)
    with (
        closing(Drafts(old.drafts, key)) as kept,
        closing(Drafts(book.paths.drafts, book.key)) as fresh,
        closing(journal.open_journal(old.journal, key)) as recorded,
    ):
        for draft in kept.all():
            if journal.body_hash_of(recorded, draft.id) is None:
                fresh.save(draft)


# -- trying it out --------------------------------------------------------------------------------------


def restore_test(backup: Path, running: OpenBook, unlock: Callable[[Home], Keyring]) -> Entry:
    """Restore a backup into a private folder beside the station, verify it there, delete it, record the test.

    Args:
        backup: the backup's folder.
        running: the open book of the station in use; open it with keys that have the right ``backup``.
        unlock: opens the keys of the backup.

    Raises:
        RefusedInputError: the backup is damaged, unfinished or another station's.
        AccessRefusedError: the password does not open it, or the person may not; the latter is audited.
        OSError: the disk refuses.
    """
    require_backup_right(running)
    place = running.home.path / "backup"
    for left in place.glob(_TESTING + "*"):
        shutil.rmtree(left, ignore_errors=True)
    folder = place / f"{_TESTING}{uuid.uuid4().hex}"
    began = time.monotonic()
    try:
        os_calls.private_dir(folder)
        done = restore(backup, folder / "home", unlock, running.clock)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    manifest = done.manifest
    return record_event(
        running,
        RestoreTested(
            file=backup.name[-200:],
            made_at=manifest.made_at,
            book=manifest.last.book,
            head=manifest.last.head,
            entries=manifest.last.entries,
            seconds=round(time.monotonic() - began),
        ),
    ).entry


def last_restore_test(home: Home, ring: Keyring) -> Entry | None:
    """Return the newest restore test that any readable book of this station remembers, or None."""
    for paths in reversed(readable_books(home)):
        with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
            found = journal.last_of_form(db, RestoreTested.name)
        if found is not None:
            return found
    return None
