"""Renewing the station's data key: everything it wraps is wrapped anew, and every grant is made anew.

All new files are written beside, in ``keys/next``; renaming that folder to ``keys/ready`` is the moment the
new key counts. What is then still to be moved is moved at once, or after a crash before the next password is
checked. Nobody's password changes: grants are sealed to public keys.
"""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.envelopes import recovery_file
from downtime.keys import KEY_BYTES, KeyFolder, Keyring

if TYPE_CHECKING:
    from pathlib import Path

_WRAPPED = ("reference.json", "hospital.json", "books/*.json", "stations/*.json", "codes/*.json")


def renew_data_key(ring: Keyring) -> Keyring:
    """Replace the station's data key; return the keyring that holds the new one.

    Other open keyrings of this station are stale afterwards: nobody else may be logged in.
    """
    keys = ring.keys
    aside = keys.folder / "next"
    shutil.rmtree(aside, ignore_errors=True)
    fresh = replace(ring, data_key=secrets.token_bytes(KEY_BYTES))
    staged = replace(fresh, keys=_staging(keys, aside))
    for path in _wrapped_files(keys):
        name = str(path.relative_to(keys.folder))
        secret, bound = ring.open_secret(name)
        staged.store_secret(name, secret, bound)
    for slot in keys.slots():
        if (keys.folder / "grants" / f"{slot.operator}.json").is_file():
            staged.keys.grant(staged, slot)
    recovery = keys.folder / "recovery.json"
    if recovery.is_file():
        box = bytes.fromhex(json.loads(recovery.read_text("utf-8"))["bound"]["box"])
        staged.keys.write("recovery.json", recovery_file(box, fresh.data_key))
    (aside / "device.key").unlink()
    aside.rename(keys.folder / "ready")
    os_calls.fsync_dir(keys.folder)
    keys.finish_renewal()
    return fresh


def _wrapped_files(keys: KeyFolder) -> list[Path]:
    return [path for pattern in _WRAPPED for path in sorted(keys.folder.glob(pattern))]


def _staging(keys: KeyFolder, aside: Path) -> KeyFolder:
    """Return a folder beside with the same device secret, for grants."""
    for name in ("", "books", "stations", "codes", "grants"):
        os_calls.private_dir(aside / name)
    staged = KeyFolder(aside)
    staged.write("device.key", keys.read("device.key"))
    return staged
