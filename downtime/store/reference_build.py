"""Filling a reference file: rows streamed in, ranked by popularity, indexed for search."""

from __future__ import annotations

import hashlib
import json
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, cast

from downtime.pinyin import initials, name_initials, title_initials
from downtime.reference_tables import (
    TABLES,
    BatchRow,
    DepartmentRow,
    PatientRow,
    ReferenceRow,
    StaffRow,
    VisitRow,
    stored_values,
)
from downtime.store import reference_schema as schema
from forms.typed import as_search

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sqlite_utils import Database

_RANK_STEP = 1_000_000_000
_LENGTH_OF_DAY = 10

_CATALOGUE_SOURCE = """
SELECT 'service' AS kind, code, name, spec, unit, price_minor, department, '' AS controlled,
 '' AS generic_name,
 mnemonic, wubi, alias, barcode, uses, id FROM items
UNION ALL SELECT 'drug', code, name, spec, unit, price_minor, department, controlled, generic_name,
 mnemonic, wubi, alias, barcode, uses, id FROM drugs
UNION ALL SELECT 'package', code, name, '', unit, NULL, department, '', '',
 mnemonic, wubi, alias, '', uses, id FROM packages
ORDER BY uses DESC, id, kind"""

_PACKAGE_LINES = """
SELECT l.package, l.quantity, coalesce(l.price_minor,
 (SELECT price_minor FROM items WHERE code = l.code), (SELECT price_minor FROM drugs WHERE code = l.code))
FROM package_lines l"""


class ReferenceBuild:
    """One reference file being filled; the caller holds the connection and the SQLite write.

    Attributes:
        rows: rows stored per table.
    """

    def __init__(self, db: Database) -> None:
        self.rows: dict[str, int] = {}
        self._db = db
        self._hash = hashlib.sha256()
        self._stock: dict[str, Decimal] = {}
        self._last_visit: dict[str, str] = {}
        self._last_day = ""
        self._inpatients: set[str] = set()
        self._seen: dict[str, Callable[[Any], None]] = {
            "batches": self._count_stock,
            "visits": self._note_visit,
            "inpatients": self._note_inpatient,
        }

    @property
    def sha256(self) -> str:
        """SHA-256 over all rows in order: equal content has equal hashes, whatever the file's key."""
        return self._hash.hexdigest()

    def fill(self, source_rows: Mapping[str, Iterable[ReferenceRow]]) -> None:
        """Store and index every row; tables that are not given stay empty.

        Raises:
            IntegrityError: a key stands twice in one table.
        """
        for statement in schema.create_statements():
            self._db.execute(statement)
        for table in TABLES:
            self._store(table, source_rows.get(table, ()))
        for statement in schema.index_statements():
            self._db.execute(statement)
        self._fill_catalogue()
        self._index_patients()
        for statement in schema.FINISHING:
            self._db.execute(statement)

    def _store(self, table: str, rows: Iterable[ReferenceRow]) -> None:
        self.rows[table] = 0
        numbered = self._numbered(table, rows)
        if table == "patients":
            statement = schema.insert_statement(table, ("number_key", "terms", "tails"))
            self._many(statement, (self._patient(cast("PatientRow", row), v) for _, row, v in numbered))
        elif table in ("staff", "departments"):
            statement = schema.insert_statement(table, ("terms",))
            self._many(statement, ((n, *v, _person_or_place(row)) for n, row, v in numbered))
        else:
            self._many(schema.insert_statement(table), ((n, *v) for n, _, v in numbered))

    def _many(self, statement: str, parameters: Iterable[tuple[Any, ...]]) -> None:
        self._db.conn.executemany(statement, parameters)

    def _numbered(
        self, table: str, rows: Iterable[ReferenceRow]
    ) -> Iterator[tuple[int, ReferenceRow, tuple[Any, ...]]]:
        values_of, see = stored_values(table), self._seen.get(table)
        self._hash.update(f"{table}\n".encode())
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        for count, row in enumerate(rows, 1):
            values = values_of(row)
            self._hash.update(encode(values).encode())
            if see is not None:
                see(row)
            self.rows[table] = count
            yield count, row, values

    def _count_stock(self, batch: BatchRow) -> None:
        self._stock[batch.drug] = self._stock.get(batch.drug, Decimal(0)) + Decimal(batch.quantity)

    def _note_visit(self, visit: VisitRow) -> None:
        day = visit.started_at[:_LENGTH_OF_DAY]
        self._last_day = max(self._last_day, day)
        if day >= self._last_visit.get(visit.patient, ""):
            self._last_visit[visit.patient] = day

    def _note_inpatient(self, stay: Any) -> None:
        self._inpatients.add(stay.patient)

    def _patient(self, row: PatientRow, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the stored row; in a bed or here on the last day ranks first, then who came at all."""
        last = self._last_visit.get(row.number)
        here = row.number in self._inpatients or (last is not None and last == self._last_day)
        rank = 0 if here else 1 if last is not None else 2
        folded = as_search(row.name)
        parts = dict.fromkeys((folded, *name_initials(row.name), as_search(row.mnemonic)))
        tails = [as_search(number) for number in (row.phone, row.card, row.id_number) if number]
        return (
            rank * _RANK_STEP + self.rows["patients"],
            *values,
            as_search(row.number),
            schema.terms_text(parts),
            schema.terms_text(tails),
        )

    def _index_patients(self) -> None:
        found = self._db.execute("SELECT id, terms, tails FROM patients ORDER BY id")
        grams, tail_words = schema.grams, schema.tail_words
        self._many(
            "INSERT INTO patient_grams(rowid, g) VALUES(?, ?)",
            ((i, " ".join(grams(terms.split()) | tail_words(tails.split()))) for i, terms, tails in found),
        )

    def _fill_catalogue(self) -> None:
        prices = self._package_prices()
        self._many(
            f"INSERT INTO catalogue VALUES({', '.join('?' * 13)})",
            (
                self._catalogue_row(n, row, prices)
                for n, row in enumerate(self._db.execute(_CATALOGUE_SOURCE), 1)
            ),
        )
        found = self._db.execute("SELECT id, terms, code_key, department FROM catalogue ORDER BY id")
        self._many(
            "INSERT INTO catalogue_grams(rowid, g) VALUES(?, ?)",
            (
                (i, " ".join(schema.grams(terms.split()) | schema.code_words(code) | _department_word(where)))
                for i, terms, code, where in found
            ),
        )
        for statement in schema.CATALOGUE_INDEXES:
            self._db.execute(statement)

    def _catalogue_row(
        self, number: int, row: tuple[Any, ...], prices: dict[str, int | None]
    ) -> tuple[Any, ...]:
        (
            kind,
            code,
            name,
            spec,
            unit,
            price,
            department,
            controlled,
            generic,
            mnemonic,
            wubi,
            alias,
            barcode,
        ) = row[:13]
        parts = [as_search(name), *title_initials(name), as_search(mnemonic), as_search(wubi)]
        for other in (alias, generic):
            if other and other != name:
                parts += [as_search(other), *title_initials(other)]
        stock = f"{self._stock.get(code, Decimal(0)):f}" if kind == "drug" and self.rows["batches"] else None
        return (
            number,
            kind,
            code,
            name,
            spec,
            unit,
            prices.get(code) if kind == "package" else price,
            department,
            stock,
            controlled,
            as_search(code),
            as_search(barcode),
            schema.terms_text(dict.fromkeys(parts)),
        )

    def _package_prices(self) -> dict[str, int | None]:
        """Return the sum of each package's lines, or None where a line names nothing in the lists."""
        sums: dict[str, int | None] = {}
        for package, quantity, price in self._db.execute(_PACKAGE_LINES):
            so_far = sums.get(package, 0)
            if so_far is None or price is None:
                sums[package] = None
                continue
            sums[package] = so_far + int((price * Decimal(quantity)).quantize(Decimal(1), ROUND_HALF_UP))
        return sums


def _department_word(department: str) -> set[str]:
    folded = as_search(department)
    return {schema.DEPARTMENT + folded} if folded else set()


def _person_or_place(row: ReferenceRow) -> str:
    if isinstance(row, StaffRow):
        parts = [as_search(row.name), *name_initials(row.name), as_search(row.mnemonic)]
        return schema.terms_text(dict.fromkeys(parts))
    assert isinstance(row, DepartmentRow)
    parts = [as_search(row.name), *title_initials(row.name), as_search(row.mnemonic), as_search(row.wubi)]
    if row.alias:
        parts += [as_search(row.alias), initials(row.alias)]
    return schema.terms_text(dict.fromkeys(parts))
