"""The practice hospital that ships with the app: large enough to feel real, visibly made up.

It is generated, always the same for the same day, as the text a HIS would export: the rows go through the
same models as a hospital's own, and ``write_practice_set`` writes exactly the files the intake takes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from downtime.practice_set import drugs, people, services
from downtime.reference_tables import SCHEMA_VERSION, TABLES, ReferenceRow, published_fields

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOSPITAL = {"zh": "练习医院", "en": "Practice Hospital"}
ORIGIN = "practice set 练习数据"
CURRENCY = "CNY"

_LENGTH_OF_DAY = 10


def practice_cells(taken_at: str) -> dict[str, Iterator[dict[str, str]]]:
    """Return the rows of every table as text, as an export would hold them.

    Args:
        taken_at: RFC 3339 text; its day is "today" for visits and expiries.
    """
    today = date.fromisoformat(taken_at[:_LENGTH_OF_DAY])
    return {
        "departments": people.department_rows(),
        "staff": people.staff_rows(),
        "items": services.item_rows(),
        "packages": services.package_rows(),
        "package_lines": services.package_line_rows(),
        "drugs": drugs.drug_rows(),
        "batches": drugs.batch_rows(today, _drawn("batches")),
        "inpatients": people.inpatient_rows(today, _drawn("inpatients")),
        "visits": people.visit_rows(today, _drawn("visits")),
        "patients": people.patient_rows(today, _drawn("patients")),
    }


def practice_rows(taken_at: str) -> dict[str, Iterator[ReferenceRow]]:
    """Return the rows of every table as ``build_reference`` takes them."""
    return {table: _validated(table, cells) for table, cells in practice_cells(taken_at).items()}


def write_practice_set(folder: Path, *, version: int, taken_at: str) -> None:
    """Write the CSV files and, last, the manifest of the practice hospital into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for table, rows in practice_cells(taken_at).items():
        text, count = io.StringIO(), 0
        names = [field.name for field in published_fields(table)]
        writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
        content = text.getvalue().encode()
        (folder / f"{table}.csv").write_bytes(content)
        files.append(
            {
                "table": table,
                "file": f"{table}.csv",
                "rows": count,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )
    manifest = {
        "schema_version": SCHEMA_VERSION,
        "version": version,
        "taken_at": taken_at,
        "origin": ORIGIN,
        "encoding": "utf-8",
        "files": files,
    }
    text_of_manifest = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / "manifest.json").write_text(text_of_manifest + "\n", encoding="utf-8")


def _drawn(table: str) -> Random:
    return Random(f"practice {table}")  # noqa: S311 (the same people on every PC, nothing secret)


def _validated(table: str, rows: Iterator[dict[str, str]]) -> Iterator[ReferenceRow]:
    model = TABLES[table]
    for row in rows:
        yield model.model_validate(row, context={"currency": CURRENCY})
