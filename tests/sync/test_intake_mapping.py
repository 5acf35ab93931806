"""Mappings and manifests are read strictly: a slip in one is named, not interpreted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from downtime.i18n import choose_language, chosen_language
from sync.intake_manifest import Manifest, manifest_path, read_manifest
from sync.intake_mapping import CodeNotInTableError, ColumnRule, own_columns, read_mapping
from sync.intake_report import Reasons
from sync.intake_rows import TableReader
from tests.sync.intake_sets import put_items

MAPPINGS = Path(__file__).parent / "mappings"


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_mappings_of_the_public_lists_are_valid(path: Path) -> None:
    """Each names only fields that exist."""
    reasons = Reasons()
    assert read_mapping(path, reasons) is not None
    assert not reasons.total


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[tables.items.columns]\nprize = 'p'\n", "no field prize"),
        ("[tables.wares.columns]\ncode = 'c'\n", "no such table"),
        ("[tables.items.columns]\ncode = { column = 'a', constant = 'b' }\n", "exactly one"),
        ("[tables.items.columns]\ncode = { expression = 'a + b' }\n", "xtra"),
        ("not toml", "not a mapping"),
    ],
)
def test_a_slip_in_a_mapping_is_named(tmp_path: Path, text: str, reason: str) -> None:
    """Nothing is taken with a mapping that says something else than was meant."""
    before = chosen_language()
    choose_language("en")
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    reasons = Reasons()
    assert read_mapping(path, reasons) is None
    assert reason in " ".join(kept.line() for kept in reasons.kept)
    choose_language(before)


def test_a_rule_gives_the_text_of_one_field() -> None:
    """Joined without the empty parts, looked up, or otherwise; an unknown code is an error."""
    place = {"a": 0, "b": 1}
    joined = ColumnRule.model_validate({"join": ["a", "b"], "with": " ", "otherwise": "-"}).compiled(place)
    assert [joined(row) for row in (["x", "y"], ["", "y"], ["", ""])] == ["x y", "y", "-"]
    looked_up = ColumnRule(column="a", codes={"1": "male"}).compiled(place)
    assert looked_up(["1", ""]) == "male"
    with pytest.raises(CodeNotInTableError):
        looked_up(["7", ""])
    assert ColumnRule(column="a", decimals=2).compiled(place)(["x1", ""]) == "x1"


def test_a_table_is_read_by_its_own_headings(tmp_path: Path) -> None:
    """Without a mapping the published names are the headings; others are left out and told."""
    put_items(tmp_path, "code,name,price,colour\n1,练习,2.50,red\n")
    path, reasons, odd = manifest_path(tmp_path), Reasons(), Counter[str]()
    assert path is not None
    manifest, digest = read_manifest(path, reasons)
    assert isinstance(manifest, Manifest)
    assert len(digest) == 64
    assert list(own_columns("items", ["code", "colour"]).columns) == ["code"]
    reader = TableReader("items", manifest, None, "CNY", reasons)
    (row,) = reader.rows(tmp_path / "items.csv", manifest.files[0], odd)
    assert row.model_dump()["price_minor"] == 250
    assert len(odd) == 1
    assert not reasons.total
