"""Real public lists go the whole road: taken in, searched, charged, delivered, compared, verified."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from downtime.commands.common import FINE
from downtime.desk import Desk
from downtime.record import Recorded, new_entry_id
from forms.charge import Charge
from forms.money import line_amount
from sync.__main__ import sync
from tests.downtime.builders import cash
from tests.downtime.commands.shell import Shell
from tests.sync.intake_sets import put_set

if TYPE_CHECKING:
    from downtime.home import Home
    from downtime.store.search import CatalogueHit, PatientHit

pytestmark = pytest.mark.lists
MAPPINGS = Path(__file__).parents[1] / "sync" / "mappings"
LISTS = [
    ("cn_his_drugs.csv", "drugs", "cn_his_drugs"),
    ("us_chargemaster/jackson-memorial.tsv", "items", "jackson_memorial"),
    ("patients/dataset2.csv", "patients", "febrl"),
]
CHARGES = 200


def _take_all(shell: Shell, lists: Path, inbox: Path) -> None:
    shutil.copytree(MAPPINGS, inbox / "mappings")
    for version, (name, table, mapping) in enumerate(LISTS, start=10):
        source = lists / name
        rows = len(source.read_text("utf-8").splitlines()) - 1
        put_set(
            inbox / table,
            {source.name: (table, source.read_bytes())},
            rows=rows,
            mapping=mapping,
            version=version,
        )
    answer = shell("intake", str(inbox), "--home", str(shell.home), command=sync)
    assert answer.code == FINE, answer.out


def _line(hit: CatalogueHit) -> dict[str, Any]:
    price = hit.price_minor or 0
    return {
        "code": hit.code,
        "name": hit.name,
        "spec": hit.spec,
        "unit": hit.unit,
        "kind": "drug" if hit.kind == "drug" else "service",
        "unit_price_minor": price,
        "quantity": "1",
        "amount_minor": line_amount(price, Decimal(1)),
    }


def _charge(patient: PatientHit, hits: list[CatalogueHit]) -> Charge:
    lines = [_line(hit) for hit in hits]
    total = sum(line["amount_minor"] for line in lines)
    return Charge.model_validate(
        {
            "patient": {"number": patient.number, "name": patient.name, "sex": patient.sex},
            "currency": "CNY",
            "lines": lines,
            "total_minor": total,
            "payments": [cash(total)] if total else [],
        }
    )


def test_real_lists_go_the_whole_road(
    shared_lists: Path,
    practice_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """2,966 drugs, 12,631 items and 5,000 people: every sampled one is found, charged and in the HIS."""
    shell = Shell(practice_home.path, tmp_path, monkeypatch, capsys)
    _take_all(shell, shared_lists, tmp_path / "lists")
    desk = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))
    assert desk.reference is not None
    assert desk.search is not None
    chance = Random(20_261_122)
    drugs = chance.sample(list(desk.reference.rows("drugs")), CHARGES)
    items = chance.sample(list(desk.reference.rows("items")), CHARGES)
    people = chance.sample(list(desk.reference.rows("patients")), CHARGES)

    for drug, item, person in zip(drugs, items, people, strict=True):
        found = [_found(desk, row.code) for row in (drug, item)]  # type: ignore[attr-defined]  # rows with a code
        number = person.number  # type: ignore[attr-defined]  # a patient row
        patient = next(hit for hit in desk.search.search_patients(number) if hit.number == number)
        assert isinstance(desk.record(_charge(patient, found), new_entry_id()), Recorded)
    desk.close()

    once = shell("once", "--json", "--home", str(shell.home), command=sync)
    standing = json.loads(shell("standing", "--json", *shell.who).out)
    assert once.code == FINE
    assert json.loads(once.out)["agrees"]
    assert standing["deliverable"]["entries"] == CHARGES
    assert standing["connectors"]["practice"]["accepted"] == standing["deliverable"]
    assert shell("verify", *shell.who).code == FINE


def _found(desk: Desk, code: str) -> CatalogueHit:
    assert desk.search is not None
    return next(hit for hit in desk.search.search_catalogue(code) if hit.code == code)
