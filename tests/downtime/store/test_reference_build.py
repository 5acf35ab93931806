"""Filling a reference file is one pass over the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.reference_tables import ItemRow, PatientRow, VisitRow
from downtime.store.reference_build import ReferenceBuild
from downtime.store.sqlite import open_database

if TYPE_CHECKING:
    from pathlib import Path


def test_rows_are_counted_hashed_and_ranked_as_they_stream(tmp_path: Path) -> None:
    """Tables that are not given stay empty; who has a visit ranks before who has none."""
    db = open_database(tmp_path / "x.db", bytes(32), create=True)
    build = ReferenceBuild(db)
    people = (PatientRow(number=f"P{n}", name="练习") for n in range(3))
    build.fill(
        {
            "items": iter([ItemRow(code="1", name="练习", price_minor=1)]),
            "visits": iter([VisitRow(number="V", patient="P2")]),
            "patients": people,
        }
    )
    assert build.rows["patients"] == 3
    assert build.rows["drugs"] == 0
    assert len(build.sha256) == 64
    ranked = [number for (number,) in db.execute("SELECT number FROM patients ORDER BY id")]
    assert ranked == ["P2", "P0", "P1"]
    db.close()
