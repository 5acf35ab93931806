"""What goes down to stations: one signed package each, a manifest of files with their hashes.

``down/all`` is for every station, ``down/W03`` for one. In each: ``reference/SET/`` (a set with its manifest),
``accounts.json`` (what ``downtime accounts pack`` wrote) and ``site/`` (files of the site). Besides, the manifest
carries the public keys of all stations, number blocks, and the outages that were started and ended. Its
version rises by one whenever anything in it changes.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import seal
from downtime.errors import RefusedInputError
from downtime.hub_notice import SIGNED, announced_bytes
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.wrapping import PersonalKeys
    from sync.hub.database import Database

PACKAGE_VERSION: Final = 1
PART_BYTES_MAX: Final = 2 << 20
FILES_MAX: Final = 500
OUTAGES_TOLD: Final = 10

PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KINDS: Final = ("reference", "site")
_OUTAGES: Final = "SELECT name, state, at, said_by FROM outage ORDER BY n DESC LIMIT ?"
_KEYS: Final = """
SELECT k.station, k.incarnation, k.public FROM station_key k WHERE NOT EXISTS (
  SELECT 1 FROM station_withdrawn w WHERE w.station = k.station AND w.incarnation = k.incarnation)
ORDER BY k.station, k.incarnation
"""
_BLOCKS: Final = (
    "SELECT incarnation, first, last FROM number_block WHERE station = ? ORDER BY incarnation, first"
)
_KEPT: Final = """
INSERT INTO package (station, version, digest) VALUES (?, ?, ?)
ON CONFLICT (station) DO UPDATE SET version = excluded.version, digest = excluded.digest
"""


class Offers:
    """The folder ``down`` and the tables behind one package per station."""

    def __init__(self, db: Database, folder: Path, hospital: str, own: PersonalKeys) -> None:
        self._db = db
        self._folder = folder
        self._hospital = hospital
        self._own = own
        self._hashes: dict[tuple[Path, int, int], str] = {}

    def public(self) -> dict[str, str]:
        """Return the public keys of the hub: what it signs with, and what bundles are sealed to (hex)."""
        return {"signing": self._own.signing.hex(), "box": self._own.box.hex()}

    def version(self, station: str) -> int:
        """Return the version of the package for ``station``."""
        return self._versioned(station, self._content(station))

    def manifest(self, station: str, made_at: str) -> dict[str, Any]:
        """Return the package of ``station``: manifest and signature."""
        content = self._content(station)
        told = {**content, "version": self._versioned(station, content), "made_at": made_at}
        return {"package": told, "signature": self._own.sign(SIGNED + seal(told)).hex()}

    def part(self, station: str, sha256: str, offset: int) -> bytes | None:
        """Return up to 2 MiB of a file offered to ``station``, or None if there is none with that hash."""
        for path, file in self._files(station):
            if file["sha256"] == sha256:
                with path.open("rb") as stored:
                    stored.seek(offset)
                    return stored.read(PART_BYTES_MAX)
        return None

    def say_outage(self, name: str, state: str, at: str, said_by: str) -> None:
        """Tell every station that an outage starts or ends."""
        with self._db.writing():
            self._db.rows(
                "INSERT INTO outage (name, state, at, said_by) VALUES (?, ?, ?, ?)",
                (name, state, at, said_by),
            )

    def give_numbers(self, station: str, incarnation: str, first: int, last: int, at: str) -> None:
        """Give receipt numbers to a station.

        Raises:
            RefusedInputError: some of them were given to it before.
        """
        with self._db.writing():
            taken = self._db.row(
                "SELECT 1 FROM number_block WHERE station = ? AND incarnation = ? AND first <= ? AND last >= ?",
                (station, incarnation, last, first),
            )
            if taken is not None or not 0 < first <= last:
                raise RefusedInputError(
                    _("Some of these numbers were given to station {station} before.").format(
                        station=station
                    ),
                    _("Nothing was given out. Choose numbers above the last block."),
                )
            self._db.rows(
                "INSERT INTO number_block VALUES (?, ?, ?, ?, ?)", (station, incarnation, first, last, at)
            )

    def _versioned(self, station: str, content: dict[str, Any]) -> int:
        now = hashlib.sha256(seal(content)).digest()
        kept = self._db.row("SELECT version, digest FROM package WHERE station = ?", (station,))
        if kept is not None and bytes(kept[1]) == now:
            return int(kept[0])
        version = (int(kept[0]) if kept else 0) + 1
        with self._db.writing():
            self._db.rows(_KEPT, (station, version, now))
        return version

    def _content(self, station: str) -> dict[str, Any]:
        keys = self._db.rows(_KEYS)
        outages = self._db.rows(_OUTAGES, (OUTAGES_TOLD,))
        return {
            "v": PACKAGE_VERSION,
            "hospital": self._hospital,
            "station": station,
            "files": [file for _path, file in self._files(station)][:FILES_MAX],
            "station_keys": [
                {"station": code, "incarnation": letter, "public": bytes(public).hex()}
                for code, letter, public in keys
            ],
            "numbers": [
                {"incarnation": letter, "first": first, "last": last}
                for letter, first, last in self._db.rows(_BLOCKS, (station,))
            ],
            "outages": [self._announced(*outage) for outage in reversed(outages)],
        }

    def _announced(self, name: str, state: str, at: str, by: str) -> dict[str, str]:
        """Return one announcement, signed by itself: the entry that follows it brings the signature along."""
        told = announced_bytes(self._hospital, name, state, at, by)
        return {
            "name": name,
            "state": state,
            "at": at,
            "said_by": by,
            "signature": self._own.sign(told).hex(),
        }

    def _files(self, station: str) -> list[tuple[Path, dict[str, Any]]]:
        """Return the files for ``station``; its own ones stand in for those of all under the same name."""
        found: dict[str, tuple[Path, dict[str, Any]]] = {}
        for folder in (self._folder / "all", self._folder / station):
            for kind, path in _offered(folder):
                name = path.relative_to(folder).as_posix()
                size = path.stat().st_size
                found[name] = (
                    path,
                    {"kind": kind, "name": name, "bytes": size, "sha256": self._hash_of(path)},
                )
        return [found[name] for name in sorted(found)]

    def _hash_of(self, path: Path) -> str:
        stated = path.stat()
        key = (path, stated.st_size, stated.st_mtime_ns)
        if key not in self._hashes:
            with path.open("rb") as stored:
                self._hashes[key] = hashlib.file_digest(stored, "sha256").hexdigest()
        return self._hashes[key]


def _offered(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (kind, file) of what lies ready in ``folder``; anything with an unusual name stays here."""
    if (folder / "accounts.json").is_file():
        yield "accounts", folder / "accounts.json"
    for kind in _KINDS:
        below = (folder / kind).rglob("*") if (folder / kind).is_dir() else iter(())
        for path in sorted(below):
            parts = path.relative_to(folder).parts
            plain = all(PLAIN_NAME.fullmatch(part) for part in parts)
            depth = 3 if kind == "reference" else 2
            if plain and len(parts) == depth and path.is_file() and not path.is_symlink():
                yield kind, path
