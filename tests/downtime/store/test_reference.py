"""A reference file is whole or not there, encrypted, and says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.i18n import choose_language, chosen_language
from downtime.practice_set import ORIGIN, practice_rows
from downtime.reference_tables import ItemRow, PatientRow, ReferenceRow
from downtime.store.reference import Reference, build_reference, reference_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = bytes(range(32))
TAKEN_AT = "2026-11-22T04:00:00.000+08:00"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    before = chosen_language()
    choose_language("en")
    yield
    choose_language(before)


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """The practice hospital, built once."""
    folder = tmp_path_factory.mktemp("reference")
    file = build_reference(folder, 118, practice_rows(TAKEN_AT), KEY, taken_at=TAKEN_AT, origin=ORIGIN)
    return Reference(file.path, KEY)


def test_it_says_what_it_is(practice: Reference) -> None:
    """Version, age, origin and size are there for the top line and the receipt."""
    assert practice.path.name == "v000118.db"
    assert (practice.version, practice.taken_at, practice.origin) == (118, TAKEN_AT, ORIGIN)
    assert practice.counts["patients"] == 2_000
    assert not any(practice.loose_ends().values())


def test_what_belongs_together_is_found_together(practice: Reference) -> None:
    """From a patient to the visits, from a drug to its batches, from a package to its lines."""
    visit = next(iter(practice.rows("visits")))
    number = visit.patient  # type: ignore[attr-defined]  # a VisitRow
    assert visit in practice.visits_of(number)
    assert practice.stays_of("PX000001")[0].patient == "PX000001"
    batches = practice.batches_of("86000001")
    assert [batch.expiry for batch in batches] == sorted(batch.expiry or "" for batch in batches)
    lines = practice.package_lines("TC002")
    assert [line.position for line in lines] == list(range(1, len(lines) + 1))
    assert practice.get_item(lines[0].code) is not None
    doctor = practice.staff("5001")
    assert doctor is not None
    assert doctor.role_names == ("doctor",)
    leaver = practice.staff("9001")
    assert leaver is not None
    assert leaver.leaver is True


def test_equal_rows_have_equal_hashes_whatever_the_key(tmp_path: Path) -> None:
    """The hash names what is in force, not how it is kept."""
    found = [
        build_reference(
            tmp_path, n, practice_rows(TAKEN_AT), bytes([n]) * 32, taken_at=TAKEN_AT, origin="x"
        ).sha256
        for n in (1, 2)
    ]
    assert found[0] == found[1]


def test_rows_come_back_as_they_went_in(tmp_path: Path) -> None:
    """Hostile names, empty cells and order survive storage; search text beside them changes nothing."""
    people = [
        PatientRow(number=f"P{n}", name=name, phone="100")
        for n, name in enumerate(["\x1b[31m红", "[red]练习[/]", "𠮷\u202e田", "=cmd|'x'!A1", "名" * 5_000])
    ]
    rows: dict[str, list[ReferenceRow]] = {"patients": list(people)}
    file = build_reference(tmp_path, 1, rows, KEY, taken_at=TAKEN_AT, origin="x")
    with Reference(file.path, KEY) as reference:
        assert list(reference.rows("patients")) == people


def test_nothing_readable_lies_on_the_disk(tmp_path: Path) -> None:
    """The file is encrypted and alone: no log, no half-built part beside it, and nobody else may read it."""
    rows: dict[str, list[ReferenceRow]] = {"patients": [PatientRow(number="PX1", name="PRACTICEPERSON")]}
    file = build_reference(tmp_path / "reference", 1, rows, KEY, taken_at=TAKEN_AT, origin="x")
    assert [path.name for path in (tmp_path / "reference").iterdir()] == ["v000001.db"]
    content = file.path.read_bytes()
    assert b"PRACTICEPERSON" not in content
    assert not content.startswith(b"SQLite")
    with pytest.raises(WrongPlaceError):
        Reference(file.path, bytes(32))


def test_a_failed_build_leaves_the_old_file_alone(tmp_path: Path) -> None:
    """Rows that contradict each other, or a source that breaks off, leave no file and no part of one."""
    item = ItemRow(code="1", name="练习", price_minor=1)
    build_reference(tmp_path, 1, {"items": [item]}, KEY, taken_at=TAKEN_AT, origin="x")

    def breaks_off() -> Iterator[ItemRow]:
        yield item
        raise ValueError("the cable")

    with pytest.raises(RefusedInputError):
        build_reference(tmp_path, 2, {"items": [item, item]}, KEY, taken_at=TAKEN_AT, origin="x")
    with pytest.raises(ValueError, match="cable"):
        build_reference(tmp_path, 2, {"items": breaks_off()}, KEY, taken_at=TAKEN_AT, origin="x")
    with pytest.raises(RefusedInputError):
        build_reference(tmp_path, 1, {"items": [item]}, KEY, taken_at=TAKEN_AT, origin="x")
    assert [path.name for path in tmp_path.iterdir()] == ["v000001.db"]
    assert list(reference_files(tmp_path)) == [1]
