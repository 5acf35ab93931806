"""``manifest.json`` of a backup: what is in it, how far each book had come, signed with the station's key."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.canonical import UnsealableError, seal, unseal
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.keys import KeyFolder, signature_is_good

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from downtime.keys import SigningKey

FORMAT = 1
MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 16 << 20
CHUNK_BYTES = 1 << 20
_PURPOSE = b"downtime backup 1"
_STATION_KEYS = "keys/stations/"


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """One file of a backup.

    Attributes:
        name: path below the backup's folder, with forward slashes.
        size: bytes.
        sha256: hex.
    """

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CopiedBook:
    """How far one book had come when it was copied.

    Attributes:
        book: its number.
        entries: good entries, from the first on.
        head: chain hash after the last of them, hex.
        whole: nothing in it was wrong; a book left behind after an alarm is kept as evidence and is not.
        purged: its key was destroyed; only its heads are there.
    """

    book: int
    entries: int
    head: str
    whole: bool = True
    purged: bool = False


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says about itself.

    Attributes:
        made_at: RFC 3339, shown and never ordered by.
        app: version of the app that made it.
        files: every file but the manifest, by name.
    """

    station: str
    incarnation: str
    hospital: str
    drill: bool
    made_at: str
    app: str
    books: tuple[CopiedBook, ...]
    files: tuple[CopiedFile, ...]

    @property
    def last(self) -> CopiedBook:
        """The book in use when the backup was made."""
        return self.books[-1]

    @property
    def bytes(self) -> int:
        """Size of all files together."""
        return sum(file.size for file in self.files)

    @property
    def progress(self) -> tuple[int, int, str]:
        """Orders backups of one station by what they hold; the clock decides only between equal ones."""
        return self.last.book, self.last.entries, self.made_at

    def folder_name(self) -> str:
        """Return the name of the backup's folder: ``W03A-20260105T002000Z``."""
        return f"{self.station}{self.incarnation}-{utc_stamp(self.made_at)}"


def utc_stamp(wall: str) -> str:
    """Return an RFC 3339 time as it stands in the name of a folder."""
    return datetime.fromisoformat(wall).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def sealed_manifest(manifest: Manifest, signing: SigningKey) -> bytes:
    """Return the file's bytes: the content and the station's signature over it."""
    content = {"format": FORMAT, **asdict(manifest)}
    content["books"] = [asdict(book) for book in manifest.books]
    content["files"] = [asdict(file) for file in manifest.files]
    return seal({"content": content, "signature": signing.sign(_PURPOSE + seal(content)).hex()})


def read_manifest(folder: Path, public_keys: Sequence[bytes] | None = None) -> tuple[Manifest, str]:
    """Return the manifest of the backup in ``folder`` and the SHA-256 of its file, hex.

    Args:
        folder: the backup.
        public_keys: proven keys of the station; without them the signature must fit the key files in the
            backup itself, which shows damage but not whose backup it is.

    Raises:
        RefusedInputError: there is none, it is not as it was written, or another station's.
    """
    path = folder / MANIFEST
    try:
        with os_calls.open_regular(path) as stored:
            written = stored.read(MANIFEST_BYTES_MAX)
        wrapped = unseal(written)
        content, signature = wrapped["content"], bytes.fromhex(wrapped["signature"])
        unchanged = seal(wrapped) == written
        manifest = _manifest_of(content)
    except OSError as error:
        raise RefusedInputError(
            _("There is no finished backup in {folder} ({reason}).").format(
                folder=folder, reason=error.strerror or error
            ),
            _("Name the folder that holds manifest.json; one that ends in .part was never finished."),
        ) from error
    except (UnsealableError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged_file(MANIFEST, _("it cannot be read")) from error
    if not unchanged:
        raise damaged_file(MANIFEST, _("it is not as it was written"))
    if public_keys is None:
        check_files(folder, manifest, _STATION_KEYS)
        public_keys = list(KeyFolder(folder / "keys").public_keys().values())
    if not any(signature_is_good(public, signature, _PURPOSE + seal(content)) for public in public_keys):
        raise RefusedInputError(
            _("The manifest.json of {folder} is not signed by this station.").format(folder=folder.name),
            _("It is damaged, or the backup is another station's. Nothing was changed; take another backup."),
        )
    return manifest, hashlib.sha256(written).hexdigest()


def _manifest_of(content: dict[str, Any]) -> Manifest:
    content = dict(content)
    if content.pop("format") != FORMAT:
        raise ValueError
    books = tuple(CopiedBook(**book) for book in content.pop("books"))
    files = tuple(CopiedFile(**file) for file in content.pop("files"))
    if not books or not all(is_safe_name(file.name) for file in files):
        raise ValueError
    return Manifest(**content, books=books, files=files)


def is_safe_name(name: str) -> bool:
    """Return whether ``name`` stays below the folder it is read from, on every system."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and name == "/".join(parts)
        and not any(part.startswith(".") or part.endswith((".", " ")) for part in parts)
        and not any(sign in '\\:*?"<>|/\0' or not sign.isprintable() for part in parts for sign in part)
    )


def hash_file(path: Path) -> tuple[int, str]:
    """Return (size, SHA-256 hex) of a plain file.

    Raises:
        OSError: it cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with os_calls.open_regular(path) as stored:
        while chunk := stored.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def copy_file(source: Path, target: Path, *, on_any_disk: bool = False) -> tuple[int, str]:
    """Copy a plain file, private and synced; return (size, SHA-256 hex) of what was read.

    Args:
        source: the file.
        target: the copy; its folder is made.
        on_any_disk: go on where the disk knows no rights of accounts, as sticks and shares do.

    Raises:
        OSError: it cannot be read or written, or is there already.
    """
    make_private(os_calls.private_dir, target.parent, on_any_disk=on_any_disk)
    digest, size = hashlib.sha256(), 0
    with os_calls.open_regular(source) as stored, target.open("xb") as copy:
        while chunk := stored.read(CHUNK_BYTES):
            copy.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        copy.flush()
        os_calls.fsync_file(copy.fileno())
    make_private(os_calls.private_file, target, on_any_disk=on_any_disk)
    return size, digest.hexdigest()


def make_private(act: Callable[[Path], None], path: Path, *, on_any_disk: bool) -> None:
    """Make a file or folder and keep it to the own account, as far as its disk can.

    Raises:
        OSError: it cannot be made, or its mode cannot be set although it must be.
    """
    try:
        act(path)
    except PermissionError:
        if not (on_any_disk and path.exists()):
            raise


def check_files(folder: Path, manifest: Manifest, below: str = "") -> None:
    """Read every file of a backup once more, or those ``below`` a folder, and compare it with the manifest.

    Raises:
        RefusedInputError: one is missing or not as it was written; it is named.
    """
    for file in manifest.files:
        if not file.name.startswith(below):
            continue
        try:
            found = hash_file(folder / file.name)
        except OSError as error:
            raise damaged_file(file.name, error.strerror or str(error)) from error
        if found != (file.size, file.sha256):
            raise damaged_file(file.name, _("it is not as it was written"))


def damaged_file(name: str, reason: str) -> RefusedInputError:
    """Return the refusal of a backup whose file ``name`` is not as it was written."""
    return RefusedInputError(
        _("The file {file} of the backup is damaged or missing: {reason}.").format(file=name, reason=reason),
        _("Nothing was changed. Take another backup; keep this one as it is."),
    )
