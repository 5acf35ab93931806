"""One folder of backups: what is carried into it, what counts there, what is removed."""

from __future__ import annotations

import shutil
import uuid
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.backup_copy import Copy, station_keys, verify_copy
from downtime.backup_manifest import MANIFEST, copy_file, make_private, read_manifest
from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from downtime.home import Home
    from downtime.keys import Keyring

_PART = ".part"
_NAMES_MAX = 100
_ROOM_BYTES = 1 << 20


def carry_into(home: Home, ring: Keyring, taken: Copy, folder: Path) -> Copy:
    """Copy what was taken into ``folder``, verify it there, give it its name.

    Raises:
        OSError: the folder is missing, full or read-only.
        RefusedInputError: what lies there is not what was written.
    """
    if folder.is_relative_to(home.path):
        os_calls.private_dir(folder)
    if not folder.is_dir():
        raise RefusedInputError(
            _("the folder is not there."), _("Connect the disk or share, or correct backup.folders.")
        )
    _clear_parts(folder, taken.manifest.station)
    if os_calls.free_bytes(folder) < taken.manifest.bytes + _ROOM_BYTES:
        raise RefusedInputError(
            _("there is not enough room; {megabytes} MB are needed.").format(
                megabytes=(taken.manifest.bytes >> 20) + 2
            ),
            _("Make room there, or lower backup.keep in the settings."),
        )
    part = folder / f"{taken.manifest.folder_name()}-{uuid.uuid4().hex[:8]}{_PART}"
    try:
        make_private(os_calls.private_dir, part, on_any_disk=True)
        for name in (*(file.name for file in taken.manifest.files), MANIFEST):
            copy_file(taken.path / name, part / name, on_any_disk=True)
        for below in sorted({path.parent for path in part.rglob("*")}):
            os_calls.fsync_dir(below)
        verify_copy(part, ring)
        final = _free_name(folder, taken.manifest.folder_name())
        part.rename(final)
        os_calls.fsync_dir(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Copy(final, taken.manifest, taken.sha256)


def _free_name(folder: Path, name: str) -> Path:
    for n in range(1, _NAMES_MAX):
        path = folder / (name if n == 1 else f"{name}-{n}")
        if not path.exists():
            return path
    raise RefusedInputError(_("there are too many backups of one second."), _("Set the PC's clock right."))


def _clear_parts(folder: Path, station: str) -> None:
    """Remove what a crash left of this station's unfinished backups; only one is made at a time."""
    for left in folder.glob(f"{station}[A-Z]-*{_PART}"):
        shutil.rmtree(left, ignore_errors=True)


def backups_in(folder: Path, public_keys: Sequence[bytes]) -> list[Copy]:
    """Return the genuine backups of one station in ``folder``, the one that holds most last.

    Args:
        folder: where they lie; anything else there is left out.
        public_keys: proven keys of the station.
    """
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.suffix == _PART or not path.is_dir() or path.is_symlink():
            continue
        try:
            manifest, digest = read_manifest(path, public_keys)
        except (RefusedInputError, OSError):
            continue
        if path.name.startswith(manifest.folder_name()):  # else a copy that is still being made
            found.append(Copy(path, manifest, digest))
    return sorted(found, key=lambda copy: copy.manifest.progress)


def remove_older(home: Home, ring: Keyring, folder: Path, newest: Path) -> None:
    """Keep as many backups in a folder as the settings say, this one always among them."""
    others = [one for one in backups_in(folder, station_keys(ring)) if one.path != newest]
    for copy in others[: max(0, len(others) + 1 - home.settings.backup.keep)]:
        try:
            (copy.path / MANIFEST).unlink()  # first: half a backup never counts
            for file in copy.manifest.files:
                (copy.path / file.name).unlink(missing_ok=True)
            for below in sorted(copy.path.rglob("*"), reverse=True):
                below.rmdir()
            copy.path.rmdir()
        except OSError:
            continue  # something else lies in it, or the folder became read-only; it no longer counts
