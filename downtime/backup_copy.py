"""The contents of a backup: one consistent copy of a running station, and the proof that a copy is whole.

A backup's folder is laid out like a home, without what belongs to the PC alone: device secret, the
delivering account's password, printed paper, inbox.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from downtime import __version__, os_calls
from downtime.backup_manifest import (
    MANIFEST,
    CopiedBook,
    CopiedFile,
    Manifest,
    check_files,
    copy_file,
    damaged_file,
    hash_file,
    read_manifest,
    sealed_manifest,
)
from downtime.errors import AccessRefusedError, StopRecordingError, WrongPlaceError
from downtime.home import BookPaths, Home
from downtime.i18n import _
from downtime.store.copying import copy_book
from downtime.store.headlog import HeadLog
from downtime.store.reference import reference_files
from downtime.store.sqlite import DriverError
from downtime.verify import verify_book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.keys import Keyring

GATE_LOG = "gate.log"
_EVIDENCE = (
    *("journal.db", "journal.db-wal", "head.log"),
    *("deliveries.db", "deliveries.db-wal", "deliveries.head", "drafts.db"),
)
_NOT_KEPT = {"practice-operators.toml"}  # practice passwords in plain text


class CopiedHome(Home):
    """A backup's folder read as a home; it may lie on a share, for nothing is written there."""

    def __init__(self, path: Path) -> None:
        self.path = path


@dataclass(frozen=True, slots=True)
class Copy:
    """A finished copy of a home in some folder.

    Attributes:
        path: the folder.
        manifest: what it holds.
        sha256: of its manifest, hex.
    """

    path: Path
    manifest: Manifest
    sha256: str


def take_copy(home: Home, ring: Keyring, target: Path, made_at: str) -> Copy:
    """Copy a running station into the new folder ``target``, verify every book of the copy, sign the manifest.

    Args:
        home: the station; others may be writing.
        ring: open keys of anybody who may make backups.
        target: a folder that is not there yet, on a local disk.
        made_at: RFC 3339.

    Raises:
        StopRecordingError: the book in use does not verify.
        InUseError: the journal's lock stays taken.
        DriverError: a database cannot be read or written.
        OSError: the disk refuses.
    """
    os_calls.private_dir(target)
    books = home.books()  # keys are copied afterwards, so none of these lacks its own
    for paths in books:
        _copy_book(ring, paths, BookPaths(target / "books" / paths.folder.name), is_last=paths == books[-1])
    for source, name in _plain_files(home):
        copy_file(source, target / name)
    shown = tuple(_shown(home, ring, target, paths, is_last=paths == books[-1]) for paths in books)
    settings, signing = home.settings, ring.signing_key()
    manifest = Manifest(
        station=settings.station.code,
        incarnation=signing.incarnation,
        hospital=settings.hospital.id,
        drill=settings.station.drill,
        made_at=made_at,
        app=__version__,
        books=shown,
        files=tuple(_listed(target)),
    )
    sealed = sealed_manifest(manifest, signing)
    os_calls.private_file(target / MANIFEST)
    with (target / MANIFEST).open("wb") as stored:
        stored.write(sealed)
        stored.flush()
        os_calls.fsync_file(stored.fileno())
    return Copy(target, manifest, hashlib.sha256(sealed).hexdigest())


def _copy_book(ring: Keyring, paths: BookPaths, target: BookPaths, *, is_last: bool) -> None:
    os_calls.private_dir(target.folder)
    if paths.is_destroyed:
        for source in (paths.head_log, paths.certificate, paths.certificate.with_suffix(".pdf")):
            if source.is_file():
                copy_file(source, target.folder / source.name)
        return
    try:
        copy_book(paths, ring.book_key(paths.number), target)
    except (DriverError, WrongPlaceError):
        if is_last:
            raise
        # Left behind after an alarm, nobody writes to it: it is kept as it is, for whoever looks into it.
        for name in _EVIDENCE:
            (target.folder / name).unlink(missing_ok=True)
            if (paths.folder / name).is_file():
                copy_file(paths.folder / name, target.folder / name)


def _shown(home: Home, ring: Keyring, target: Path, paths: BookPaths, *, is_last: bool) -> CopiedBook:
    """Verify the copy of one book; one that was damaged before is listed as that, unless it is in use."""
    copy = CopiedHome(target)
    found = verified_book(copy, ring_inside(ring, copy), copy.book(paths.number))
    if not found.whole and (is_last or verify_book(home, ring, paths).whole):
        raise StopRecordingError(
            _("The copy of book {book} does not verify.").format(book=paths.number),
            _("No backup was made. Run downtime verify and call IT."),
        )
    return found


def ring_inside(ring: Keyring, copy: Home) -> Keyring:
    """Return ``ring`` reading the key files of a copy instead of the station's own."""
    return replace(ring, keys=copy.keys)


def verified_book(copy: Home, inside: Keyring, paths: BookPaths) -> CopiedBook:
    """Return how far the book in a copy goes and whether all of it is as it was written."""
    if paths.is_destroyed:
        last = HeadLog(paths.head_log).last()
        return CopiedBook(
            paths.number,
            last.seq_to if last else 0,
            last.head.hex() if last else "",
            purged=True,
        )
    found = verify_book(copy, inside, paths)
    return CopiedBook(paths.number, found.entries, found.head, whole=found.whole)


def _plain_files(home: Home) -> Iterator[tuple[Path, str]]:
    """Yield (file, name in the backup) of everything that is no database of a book."""
    for path in home.keys.portable_files():
        yield path, path.relative_to(home.path).as_posix()
    for path in reference_files(home.path / "reference").values():
        yield path, f"reference/{path.name}"
    for path in sorted((home.path / "printers").rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(home.path).as_posix()
    yield home.path / "FORMAT", "FORMAT"
    if home.gate_log.is_file():
        yield home.gate_log, GATE_LOG
    for path in sorted(home.path.glob("*.toml")):
        if path.is_file() and path.name not in _NOT_KEPT:
            yield path, path.name


def _listed(folder: Path) -> Iterator[CopiedFile]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        size, digest = hash_file(path)
        yield CopiedFile(path.relative_to(folder).as_posix(), size, digest)


def verify_copy(path: Path, ring: Keyring) -> Copy:
    """Open a backup as a restore would and verify all of it: signature, every file, every book.

    Args:
        path: the backup's folder.
        ring: open keys that fit the key files of this backup.

    Raises:
        RefusedInputError: something is not as it was written; file and position are named.
    """
    manifest, _digest = read_manifest(path)
    check_files(path, manifest)
    copy = CopiedHome(path)
    inside = ring_inside(ring, copy)
    try:
        manifest, digest = read_manifest(path, station_keys(inside))
    except (AccessRefusedError, WrongPlaceError) as error:
        raise damaged_file("keys", error.what) from error
    for stated in manifest.books:
        paths = copy.book(stated.book)
        found = verified_book(copy, inside, paths)
        if found != stated:
            wrong = None if found.purged else verify_book(copy, inside, paths).first
            reason = wrong.what if wrong else _("it ends at entry {entries}").format(entries=found.entries)
            raise damaged_file(f"books/{stated.book:04d}/journal.db", reason)
    return Copy(path, manifest, digest)


def station_keys(ring: Keyring) -> list[bytes]:
    """Return the public keys of every incarnation, each proven by the data key."""
    names = sorted(path.stem for path in (ring.keys.folder / "stations").glob("*.json"))
    return [ring.public_key(name) for name in names]
