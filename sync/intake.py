"""The watched inbox: sets of CSV files with a manifest become numbered reference files.

A set is a folder, or the inbox itself, with a manifest in it. It is looked at only when its manifest is
there, and taken whole or not at all. What a set does not hold is carried over from the newest file.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.reference_tables import TABLES
from downtime.store.reference import (
    Reference,
    ReferenceFile,
    build_reference,
    prune_references,
    reference_files,
    reference_path,
)
from sync.intake_manifest import Manifest, ManifestFile, manifest_path, read_manifest
from sync.intake_mapping import Mapping, read_mapping
from sync.intake_report import IntakeReport, Reasons, Status, write_report
from sync.intake_rows import TableReader, differs_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.reference_tables import ReferenceRow

OWN_FOLDERS = ("refused", "taken", "mappings")
SETTLING_SECONDS = 10
"""A file that is not what its manifest says may still be arriving if it changed this lately; a refused set is
read again as soon as one of its files changes, so a slow copy costs a report and nothing else."""


class _RefusedSetError(Exception):
    """Stops a build whose rows turned out wrong; the reasons say why."""


def take_inbox(
    inbox: Path,
    reference_folder: Path,
    key: bytes,
    *,
    currency: str,
    in_force_version: int | None,
    keep_files: bool = False,
    known: frozenset[str] = frozenset(),
) -> list[IntakeReport]:
    """Take every complete set in ``inbox``, lowest version first, and say what became of each.

    Args:
        inbox: folder that holds sets as folders, or one set flat; ``mappings/NAME.toml`` are its mappings.
        reference_folder: the home's folder ``reference``.
        key: 32 bytes, the reference key.
        currency: ISO code the site charges in; prices are read in it.
        in_force_version: version in force; a set must have a higher one. Its file is never pruned.
        keep_files: leave the files of a taken set where they are; else they are removed, because the
            encrypted file now holds what they say in plain text, and the manifest moves to ``taken/``.
        known: fingerprints of refused sets that need not be read again.

    Raises:
        OSError: the home's disk refuses; nothing was taken then.
    """
    places = (inbox, *_folders(inbox))
    sets = [_IncomingSet(path, inbox, currency) for path in map(manifest_path, places) if path]
    reports = []
    for incoming in sorted(sets, key=lambda found: (found.version or 0, found.name)):
        if incoming.fingerprint in known:
            continue
        newest = max([in_force_version or 0, *reference_files(reference_folder)])
        report = incoming.take(reference_folder, key, newest)
        if report.status == "taken":
            prune_references(reference_folder, in_force=in_force_version)
        if report.status in {"taken", "already"} and not keep_files:
            incoming.clear_away(inbox / "taken")
        reports.append(report)
    return reports


def _folders(inbox: Path) -> list[Path]:
    if not inbox.is_dir():
        return []
    found = [
        path for path in inbox.iterdir() if path.name not in OWN_FOLDERS and not path.name.startswith(".")
    ]
    return sorted(path for path in found if path.is_dir() and not path.is_symlink())


class _IncomingSet:
    """One manifest and the files it names.

    Attributes:
        version: as the manifest says, or None if it cannot be read.
    """

    def __init__(self, path: Path, inbox: Path, currency: str) -> None:
        folder = path.parent
        self.name = "inbox" if folder == inbox else folder.name
        self._folder = folder
        self._inbox = inbox
        self._currency = currency
        self._reasons = Reasons()
        self._odd: Counter[str] = Counter()
        self._path = path
        self._manifest, self._digest = read_manifest(path, self._reasons)
        self.version = self._manifest.version if self._manifest else None
        self.fingerprint = self._fingerprint()

    def take(self, reference_folder: Path, key: bytes, newest: int) -> IntakeReport:
        """Check the set and build its reference file if nothing speaks against it."""
        manifest = self._manifest
        if manifest is None:
            return self._refused()
        if self._is_there_already(reference_path(reference_folder, manifest.version), key):
            return self._report("already")
        mapping = self._mapping(manifest)
        self._require_rising(manifest.version, newest)
        waiting = Reasons() if self._reasons.total else self._compare(manifest)
        if waiting.total and not self._reasons.total:
            self._reasons = waiting
            return self._report("waiting")
        file = None if self._reasons.total else self._build(manifest, mapping, reference_folder, key)
        if file is None:
            return self._refused()
        self._note_loose_ends(file.path, key)
        return self._report("taken", file)

    def _require_rising(self, version: int, newest: int) -> None:
        if version <= newest:
            told = _("version {version} is not above {newest}, which is already here")
            told = told.format(version=version, newest=newest)
            self._reasons.add(told, file=self._path.name, column="version")

    def _build(
        self, manifest: Manifest, mapping: Mapping | None, reference_folder: Path, key: bytes
    ) -> ReferenceFile | None:
        """Return the file made, or None with reasons."""
        named = {file.table for file in manifest.files}
        earlier = reference_files(reference_folder)
        before = Reference(list(earlier.values())[-1], key) if earlier else None
        try:
            rows: dict[str, Iterator[ReferenceRow]] = {}
            times = {}
            for table in TABLES:
                if table in named:
                    rows[table] = self._rows(table, manifest, mapping)
                elif before is not None and before.counts.get(table):
                    rows[table] = before.rows(table)
                    times[table] = before.table_taken_at[table]
            last = list(TABLES)[-1]
            rows[last] = chain(rows.get(last, iter(())), self._stop_if_refused())
            return build_reference(
                reference_folder,
                manifest.version,
                rows,
                key,
                taken_at=manifest.taken_at,
                origin=manifest.origin or self.name,
                currency=self._currency,
                taken_at_of=times,
                manifest_sha256=self._digest,
            )
        except _RefusedSetError:
            return None
        except RefusedInputError as error:
            self._reasons.add(error.what)
            return None
        finally:
            if before is not None:
                before.close()

    def _rows(self, table: str, manifest: Manifest, mapping: Mapping | None) -> Iterator[ReferenceRow]:
        own = mapping.tables.get(table) if mapping else None
        reader = TableReader(table, manifest, own, self._currency, self._reasons)
        for file in manifest.files:
            if file.table == table:
                yield from reader.rows(self._folder / file.file, file, self._odd)

    def _stop_if_refused(self) -> Iterator[ReferenceRow]:
        """Yield nothing; everything has been read now, so a reason stops the build before it is indexed."""
        if self._reasons.total:
            raise _RefusedSetError
        yield from ()

    def _mapping(self, manifest: Manifest) -> Mapping | None:
        if manifest.mapping is None:
            return None
        return read_mapping(self._inbox / "mappings" / f"{manifest.mapping}.toml", self._reasons)

    def _compare(self, manifest: Manifest) -> Reasons:
        """Return what is still missing; a file that can no longer become right gives a reason."""
        waiting = Reasons()
        for file in manifest.files:
            path = self._folder / file.file
            try:
                wrong = differs_from(path, file)
            except FileNotFoundError:
                waiting.add(_("not there yet"), file=file.file)
                continue
            except OSError as error:
                self._reasons.add(_("cannot be read: {reason}").format(reason=error.strerror), file=file.file)
                continue
            if wrong is not None:
                (waiting if self._may_be_arriving(path, file) else self._reasons).add(wrong, file=file.file)
        return waiting

    def _may_be_arriving(self, path: Path, file: ManifestFile) -> bool:
        found = path.stat()
        if time.time() - found.st_mtime >= SETTLING_SECONDS:
            return False
        still_growing = file.bytes is not None and found.st_size < file.bytes
        return still_growing or found.st_mtime > self._path.stat().st_mtime

    def _is_there_already(self, path: Path, key: bytes) -> bool:
        if not path.exists():
            return False
        with Reference(path, key) as reference:
            return bool(reference.manifest_sha256 == self._digest)

    def _note_loose_ends(self, path: Path, key: bytes) -> None:
        with Reference(path, key) as reference:
            for name, count in reference.loose_ends().items():
                if count:
                    self._odd[_("{name} names something that is not in the lists").format(name=name)] = count

    def _refused(self) -> IntakeReport:
        report = self._report("refused")
        path = write_report(self._inbox / "refused", self.name, report.text())
        return self._report("refused", report_path=path)

    def _report(
        self, status: Status, file: ReferenceFile | None = None, report_path: Path | None = None
    ) -> IntakeReport:
        notes = tuple(f"{what} ({count})" if count > 1 else what for what, count in self._odd.items())
        kept = tuple(self._reasons.kept)
        return IntakeReport(
            self.name,
            status,
            self.version,
            file,
            kept,
            self._reasons.total,
            notes,
            report_path,
            self.fingerprint,
        )

    def _fingerprint(self) -> str:
        parts = [str(self._folder), self._digest]
        for file in self._manifest.files if self._manifest else ():
            try:
                found = (self._folder / file.file).lstat()
            except OSError:
                continue
            parts.append(f"{file.file} {found.st_size} {found.st_mtime_ns}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def clear_away(self, taken: Path) -> None:
        """Remove the files of a set that was taken; its manifest stays under ``taken/`` as the trace."""
        os_calls.private_dir(taken)
        for file in self._manifest.files if self._manifest else ():
            (self._folder / file.file).unlink(missing_ok=True)
        os_calls.replace_durably(self._path, taken / f"v{self.version or 0:06d}.{self._path.name}")
        if self._folder != self._inbox and not any(self._folder.iterdir()):
            self._folder.rmdir()
