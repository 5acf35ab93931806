"""Carrying a destruction out, once its entry stands; every step may be repeated after a crash."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.certificate import Certificate, read_certificate, write_certificate
from downtime.certificate_pdf import certificate_pdf
from downtime.shelf import entries_since, purged_entry
from downtime.whole_file import write_whole
from forms.trust import BackupMade, Exported

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring

_LEFT = ("journal.db", "deliveries.db", "drafts.db")
_BESIDE = ("", "-wal", "-shm", "-journal")
_LOCKS = ("write.lock", "deliveries.lock")
_OVERWRITTEN = 3


def finish_purges(home: Home, ring: Keyring) -> list[int]:
    """Finish what a crash interrupted after the entry stood; return the books concerned. Call at every start.

    Without such a crash this looks at a few file names and reads nothing.
    """
    finished = []
    for paths in home.books():
        if not paths.certificate.is_file() or not _is_unfinished(home, paths):
            continue
        try:
            certificate = read_certificate(paths.certificate)
        except ValueError:
            continue  # verification names it
        if paths.is_destroyed or purged_entry(home, ring, paths.number, certificate.sha256) is not None:
            destroy(home, paths, certificate)
            finished.append(paths.number)
        else:
            paths.certificate.unlink()  # prepared, and never decided
    return finished


def surviving_copies(home: Home, ring: Keyring, number: int) -> tuple[list[str], int]:
    """Return the files that may still hold book ``number``, and how many backups of it are no longer there.

    A backup counts as gone only if its folder is there and the file is not; a disk that is unplugged may hold
    it still. Exports and paper outside the book's own folder are named as well.
    """
    found: dict[str, None] = {}
    gone = 0
    for entry in entries_since(home, ring, number, (BackupMade.name, Exported.name)):
        content = entry.content
        if entry.form == Exported.name:
            if content["book"] == number and content["what"] == "book":
                found[f"export: {content['file']}"] = None
        elif (backup := Path(content["folder"]) / content["file"]).exists() or not backup.parent.is_dir():
            found[f"backup: {backup}"] = None
        else:
            gone += 1
    for later in _destroyed_since(home, number + 1):
        found.update(dict.fromkeys(later.facts["copies"]))
    if home.settings.printer.folder:
        found[f"paper: {home.settings.printer.folder}"] = None
    return list(found), gone


def _destroyed_since(home: Home, since: int) -> Iterator[Certificate]:
    for paths in home.books():
        if paths.number >= since and paths.is_destroyed:
            yield read_certificate(paths.certificate)


def _key_files(home: Home, number: int) -> list[Path]:
    return sorted((home.path / "keys" / "books").glob(f"{number:04d}.*"))


def _is_unfinished(home: Home, paths: BookPaths) -> bool:
    drawn = paths.certificate.with_suffix(".pdf").is_file()
    return bool(_key_files(home, paths.number)) or not drawn or any(_remains(paths))


def _remains(paths: BookPaths) -> Iterator[Path]:
    names = [*(name + beside for name in _LEFT for beside in _BESIDE), *_LOCKS]
    yield from (paths.folder / name for name in names if (paths.folder / name).exists())
    if paths.paper.exists():
        yield paths.paper


def destroy(home: Home, paths: BookPaths, certificate: Certificate) -> None:
    """Destroy the key, then what it opened."""
    write_certificate(paths.certificate, certificate)
    for path in _key_files(home, paths.number):
        _overwrite(path)
        path.unlink()
    os_calls.fsync_dir(home.path / "keys" / "books")
    for path in list(_remains(paths)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    os_calls.fsync_dir(paths.folder)
    write_whole(paths.certificate.with_suffix(".pdf"), certificate_pdf(certificate))


def _overwrite(path: Path) -> None:
    length = path.stat().st_size
    with path.open("rb+") as stored:
        for _round in range(_OVERWRITTEN):
            stored.seek(0)
            stored.write(secrets.token_bytes(length))
            stored.flush()
            os_calls.fsync_file(stored.fileno())
