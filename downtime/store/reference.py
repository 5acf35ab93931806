"""The encrypted, immutable, numbered file of what the hospital gave before the outage.

A file is built beside the others, verified, synced and only then named; a reader never sees half of one.
An entry names the version in force, so which prices a receipt used can be told years later.
"""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from downtime import os_calls
from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.i18n import _
from downtime.reference_tables import (
    SCHEMA_VERSION,
    TABLES,
    BatchRow,
    DepartmentRow,
    DrugRow,
    InpatientRow,
    ItemRow,
    PackageLineRow,
    PatientRow,
    ReferenceRow,
    StaffRow,
    VisitRow,
    published_fields,
)
from downtime.store.reference_build import ReferenceBuild
from downtime.store.reference_schema import LOOSE_ENDS
from downtime.store.sqlite import DriverError, IntegrityError, open_database

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

KEPT_FILES = 7
SEARCH_CACHE_KIB = 64_000
"""Measured: with 2 MB the slowest searches of a million patients took four times as long."""

_BUILD_CACHE_KIB = 32_000
_NAME = re.compile(r"v(\d{6,})\.db")
_Row = TypeVar("_Row", bound=ReferenceRow)


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """A finished reference file.

    Here ``sha256`` is over all rows in order, and ``taken_at`` that of the oldest table (RFC 3339 text).
    """

    version: int
    path: Path
    sha256: str
    rows: dict[str, int]
    taken_at: str


def reference_path(folder: Path, version: int) -> Path:
    """Return where version ``version`` lies in the folder ``reference``."""
    return folder / f"v{version:06d}.db"


def reference_files(folder: Path) -> dict[int, Path]:
    """Return the finished reference files by version, oldest first."""
    found = {int(match[1]): path for path in folder.glob("v*.db") if (match := _NAME.fullmatch(path.name))}
    return dict(sorted(found.items()))


def build_reference(
    folder: Path,
    version: int,
    source_rows: Mapping[str, Iterable[ReferenceRow]],
    key: bytes,
    *,
    taken_at: str,
    origin: str,
    currency: str = "CNY",
    taken_at_of: Mapping[str, str] | None = None,
    manifest_sha256: str = "",
) -> ReferenceFile:
    """Build, verify and name the reference file ``version``; nothing is left behind if it fails.

    Args:
        folder: the home's folder ``reference``; made if missing.
        version: number of the file, above all that are there.
        source_rows: rows per table, each iterated once, in the order of ``TABLES``.
        key: 32 bytes, the reference key.
        taken_at: when the rows were taken from the HIS.
        origin: where they came from, in words.
        currency: ISO code the amounts are minor units of.
        taken_at_of: tables that were taken at another time than ``taken_at``.
        manifest_sha256: hex digest of the manifest the rows came with, if any.

    Raises:
        RefusedInputError: the version is already there or a key stands twice.
        OSError: the disk refuses.
    """
    os_calls.private_dir(folder)
    path = reference_path(folder, version)
    if path.exists():
        raise RefusedInputError(
            _("Reference version {version} is already there.").format(version=version),
            _("Give the new set a higher version."),
        )
    part = path.with_suffix(".part")
    _remove(part)
    try:
        os_calls.private_file(part)
        times = {table: (taken_at_of or {}).get(table, taken_at) for table in TABLES}
        told = {"origin": origin, "currency": currency, "version": str(version), "manifest": manifest_sha256}
        build = _fill(part, key, source_rows, times, told)
        _verify(part, key, build.rows)
        os_calls.replace_durably(part, path)
    except IntegrityError as error:
        raise RefusedInputError(
            _("The reference rows contradict each other: {reason}.").format(reason=error),
            _("Correct the export and send it again with a higher version."),
        ) from error
    finally:
        _remove(part)
    present = [times[table] for table, count in build.rows.items() if count]
    return ReferenceFile(version, path, build.sha256, build.rows, min(present, default=taken_at))


def prune_references(folder: Path, *, keep: int = KEPT_FILES, in_force: int | None = None) -> list[int]:
    """Remove all but the newest ``keep`` files and the one in force; return the versions removed."""
    files = reference_files(folder)
    removed = [version for version in list(files)[:-keep] if version != in_force]
    for version in removed:
        _remove(files[version])
    return removed


def _fill(
    part: Path,
    key: bytes,
    source_rows: Mapping[str, Iterable[ReferenceRow]],
    times: Mapping[str, str],
    meta: Mapping[str, str],
) -> ReferenceBuild:
    with closing(open_database(part, key, create=True)) as db:
        # Until it is verified and named the file may be lost at any moment: no log, no syncing on the way.
        db.execute("PRAGMA journal_mode=OFF")
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA temp_store=MEMORY")  # sorting must not spill patients into a plain file
        db.execute(f"PRAGMA cache_size=-{_BUILD_CACHE_KIB}")
        build = ReferenceBuild(db)
        db.execute("BEGIN IMMEDIATE")
        build.fill(source_rows)
        told = {**meta, "schema_version": str(SCHEMA_VERSION), "sha256": build.sha256}
        db.conn.executemany("INSERT INTO meta VALUES(?, ?)", list(told.items()))
        counts = [(table, count, times[table]) for table, count in build.rows.items()]
        db.conn.executemany("INSERT INTO table_meta VALUES(?, ?, ?)", counts)
        db.execute("COMMIT")
    return build


def _verify(part: Path, key: bytes, rows: Mapping[str, int]) -> None:
    with closing(open_database(part, key, read_only=True)) as db:
        answers = [answer for (answer,) in db.execute("PRAGMA quick_check")]
        counted = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}  # noqa: S608 (our own names)
    if answers != ["ok"] or counted != dict(rows):
        raise RefusedInputError(
            _("The new reference file does not read back as it was written."),
            _("Check the disk, then take the set in again; the old data stay in force."),
        )


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm", f"{path.name}-journal"):
        path.with_name(name).unlink(missing_ok=True)


class Reference:
    """One reference file, open for reading.

    Attributes:
        sha256: hex digest over its rows.
        origin: where the rows came from.
        currency: ISO code of its amounts.
        manifest_sha256: hex digest of the manifest the rows came with, or "".
        counts: rows per table.
        table_taken_at: per table, when its rows were taken from the HIS.
        taken_at: the oldest of these among the tables that have rows.
    """

    def __init__(self, path: Path, key: bytes, *, any_thread: bool = False) -> None:
        self._db = open_database(path, key, read_only=True, any_thread=any_thread)
        self._db.execute(f"PRAGMA cache_size=-{SEARCH_CACHE_KIB}")
        try:
            meta = dict(self._db.execute("SELECT name, value FROM meta").fetchall())
            tables = self._db.execute("SELECT name, row_count, taken_at FROM table_meta").fetchall()
        except DriverError as error:
            raise WrongPlaceError(
                _("The file {file} is not a reference file.").format(file=path.name),
                _("Take in a new set of reference data."),
            ) from error
        if int(meta["schema_version"]) > SCHEMA_VERSION:
            raise WrongPlaceError(
                _("The reference file {file} was made by a newer version of this app.").format(
                    file=path.name
                ),
                _("Update the app on this PC."),
            )
        self.path = path
        self.version = int(meta["version"])
        self.sha256 = meta["sha256"]
        self.origin = meta["origin"]
        self.currency = meta["currency"]
        self.manifest_sha256 = meta["manifest"]
        self.counts: dict[str, int] = {name: count for name, count, _taken in tables}
        self.table_taken_at: dict[str, str] = {name: taken for name, _count, taken in tables}
        self.taken_at = min((taken for _n, count, taken in tables if count), default="")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def execute(self, statement: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> Any:
        """Return the cursor of a read; only the store's own modules (search) ask this way."""
        return self._db.conn.execute(statement, parameters)

    def rows(self, table: str) -> Iterator[ReferenceRow]:
        """Yield every row of ``table`` in the order it came."""
        order = "id % 1000000000" if table == "patients" else "id"
        return self._read(TABLES[table], f"ORDER BY {order}", ())

    def get_item(self, code: str) -> ItemRow | None:
        """Return the service with this code."""
        return next(self._read(ItemRow, "WHERE code = ?", (code,)), None)

    def get_drug(self, code: str) -> DrugRow | None:
        """Return the drug with this code."""
        return next(self._read(DrugRow, "WHERE code = ?", (code,)), None)

    def get_patient(self, number: str) -> PatientRow | None:
        """Return the patient with this HIS number."""
        return next(self._read(PatientRow, "WHERE number = ?", (number,)), None)

    def visits_of(self, patient: str) -> list[VisitRow]:
        """Return the visits of a patient, the latest first."""
        return list(self._read(VisitRow, "WHERE patient = ? ORDER BY started_at DESC, id DESC", (patient,)))

    def stays_of(self, patient: str) -> list[InpatientRow]:
        """Return the admissions of a patient who is in a bed now."""
        return list(self._read(InpatientRow, "WHERE patient = ? ORDER BY id", (patient,)))

    def batches_of(self, drug: str) -> list[BatchRow]:
        """Return the batches of a drug, the one that expires first on top."""
        where = "WHERE drug = ? ORDER BY expiry IS NULL, expiry, batch"
        return list(self._read(BatchRow, where, (drug,)))

    def package_lines(self, code: str) -> list[PackageLineRow]:
        """Return the lines of a package in their order."""
        return list(self._read(PackageLineRow, "WHERE package = ? ORDER BY position", (code,)))

    def staff(self, number: str) -> StaffRow | None:
        """Return the staff member with this number."""
        return next(self._read(StaffRow, "WHERE number = ?", (number,)), None)

    def departments(self) -> list[DepartmentRow]:
        """Return all departments in the order of the list."""
        return list(self._read(DepartmentRow, "ORDER BY id", ()))

    def department(self, code: str) -> DepartmentRow | None:
        """Return the department with this code."""
        return next(self._read(DepartmentRow, "WHERE code = ?", (code,)), None)

    def loose_ends(self) -> dict[str, int]:
        """Return how many rows name something that is not in the lists, by what they name."""
        return {name: self.execute(question).fetchone()[0] for name, question in LOOSE_ENDS.items()}

    def _read(self, model: type[_Row], where: str, parameters: tuple[Any, ...]) -> Iterator[_Row]:
        fields = published_fields(model.table)
        names = [field.attribute for field in fields]
        flags = [field.attribute for field in fields if field.kind == "yes/no"]
        for values in self.execute(f"SELECT {', '.join(names)} FROM {model.table} {where}", parameters):  # noqa: S608 (our own names)
            row: dict[str, Any] = dict(zip(names, values, strict=True))
            row.update({name: bool(row[name]) for name in flags})
            yield cast("_Row", model.model_construct(**row))
