"""The practice hospital is large enough to feel real and visibly made up."""

from __future__ import annotations

from downtime.practice_set import drugs, people, practice_cells, practice_rows, services

TAKEN_AT = "2026-11-22T04:00:00.000+08:00"


def test_it_is_as_large_as_a_small_hospital() -> None:
    """Every table has rows, and every row passes the same models as a hospital's own."""
    counts = {table: sum(1 for _ in rows) for table, rows in practice_rows(TAKEN_AT).items()}
    assert counts["patients"] == people.PATIENTS == 2_000
    assert counts["inpatients"] == 200
    assert counts["items"] == services.ITEMS == 600
    assert counts["drugs"] == drugs.DRUGS == 300
    assert counts["staff"] == 31
    assert counts["departments"] == 15
    assert counts["packages"] == 20
    assert counts["batches"] > 300


def test_it_is_the_same_everywhere() -> None:
    """Two PCs that practise on one day practise on the same people."""
    first = {table: list(rows) for table, rows in practice_cells(TAKEN_AT).items()}
    second = {table: list(rows) for table, rows in practice_cells(TAKEN_AT).items()}
    assert first == second


def test_names_and_keys_stand_once_and_fit_together() -> None:
    """Visits are of listed patients by listed doctors, package lines name listed items."""
    cells = {table: list(rows) for table, rows in practice_cells(TAKEN_AT).items()}
    codes = [row["code"] for row in cells["items"]]
    names = [row["name"] for row in cells["items"]]
    assert len(set(codes)) == len(set(names)) == 600
    assert {row["code"] for row in cells["package_lines"]} <= set(codes)
    numbers = {row["number"] for row in cells["patients"]}
    assert {row["patient"] for row in cells["visits"] + cells["inpatients"]} <= numbers
    staff = {row["number"] for row in cells["staff"]}
    assert {row["doctor"] for row in cells["visits"] + cells["inpatients"]} <= staff
    assert any(row["started_at"].startswith("2026-11-22") for row in cells["visits"])
    assert sum(bool(row["controlled"]) for row in cells["drugs"]) >= 10


def test_nobody_could_take_it_for_real() -> None:
    """Numbers begin with PX, addresses say practice, ids are of a region that does not exist."""
    for row in practice_cells(TAKEN_AT)["patients"]:
        assert row["number"].startswith("PX")
        assert "练习" in row["address"]
        assert row["id_number"].startswith("999999")
