"""Real public lists of drugs, charges and people go through the same importer as any hospital's."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from downtime.i18n import choose_language
from downtime.store.reference import Reference
from downtime.store.search import Search
from sync.intake import take_inbox
from tests.sync.intake_sets import KEY, put_set

pytestmark = pytest.mark.lists
MAPPINGS = Path(__file__).parent / "mappings"


@pytest.fixture(autouse=True)
def _english() -> None:
    choose_language("en")


def _rows_of(path: Path, delimiter: str = ",") -> int:
    with path.open(encoding="utf-8", newline="") as handle:
        return sum(1 for row in csv.reader(handle, delimiter=delimiter) if row) - 1


def _take(home: Path, source: Path, table: str, mapping: str, currency: str = "CNY") -> Reference:
    inbox = home / "inbox"
    shutil.copytree(MAPPINGS, inbox / "mappings")
    delimiter = "\t" if source.suffix == ".tsv" else ","
    rows = _rows_of(source, delimiter)
    put_set(inbox / "list", {source.name: (table, source.read_bytes())}, rows=rows, mapping=mapping)
    (report,) = take_inbox(inbox, home / "reference", KEY, currency=currency, in_force_version=None)
    assert report.status == "taken", report.text()
    assert report.file is not None
    assert report.file.rows[table] == rows
    return Reference(report.file.path, KEY)


def test_chinese_drug_list(tmp_path: Path, shared_lists: Path) -> None:
    """2,966 real drugs with blank makers and full-width punctuation are all there, found by four keys."""
    with _take(tmp_path, shared_lists / "cn_his_drugs.csv", "drugs", "cn_his_drugs") as reference:
        assert reference.counts["drugs"] == 2_966
        drug = reference.get_drug("1")
        assert drug is not None
        assert (drug.name, drug.price_minor) == ("注射用甲氨喋呤", 1573)
        names = [hit.name for hit in Search(reference).search_catalogue("zsyja")]
        assert "注射用甲氨喋呤" in names


def test_chinese_charges(tmp_path: Path, shared_lists: Path) -> None:
    """National codes, units and prices of a real service list arrive to the fen."""
    with _take(
        tmp_path, shared_lists / "cn_his_non_drug_charges.csv", "items", "cn_his_charges"
    ) as reference:
        item = reference.get_item("120200001")
        assert item is not None
        assert (item.name, item.unit, item.price_minor) == ("大抢救", "日", 20_000)


def test_american_charge_master(tmp_path: Path, shared_lists: Path) -> None:
    """12,631 items with | ^ & ~ in their names arrive literally."""
    source = shared_lists / "us_chargemaster" / "jackson-memorial.tsv"
    with _take(tmp_path, source, "items", "jackson_memorial", "USD") as reference:
        assert reference.counts["items"] == 12_631
        with source.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t"):
                item = reference.get_item(row["charge_code"])
                assert item is not None
                assert item.name == (row["description"].strip() or "(no description)")


@pytest.mark.parametrize("name", ["dataset1", "dataset2", "dataset3"])
def test_made_up_people(tmp_path: Path, shared_lists: Path, name: str) -> None:
    """Headings with spaces, joined names, compact dates: everybody arrives and is found by name."""
    with _take(tmp_path, shared_lists / "patients" / f"{name}.csv", "patients", "febrl") as reference:
        search = Search(reference)
        for patient in list(reference.rows("patients"))[:50]:
            assert patient.number in {hit.number for hit in search.search_patients(patient.number)}  # type: ignore[attr-defined]  # PatientRow
