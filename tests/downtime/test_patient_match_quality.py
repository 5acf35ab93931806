"""How many matches are right: on our own model of a desk, and on public duplicates with a known truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.patient_match_blocks import link
from tests.bench.patient_model import made_people, told_at_the_desk
from tests.bench.patient_quality import DATASETS, febrl, quality

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_certain_is_right(seed: int) -> None:
    """Of three thousand people with families and twins no certain match is wrong, and nearly all others are shown."""
    told, truth, lists = told_at_the_desk(made_people(3_000, seed), 400, seed + 10)
    figures = quality(told, link(told, iter(lists), len(lists)), truth)
    assert figures["certain wrong"] == 0
    assert figures["certain right"] > 50
    assert figures["likely wrong"] <= 2
    assert figures["recall, shown"] >= 0.94


@pytest.mark.lists
@pytest.mark.parametrize("name", DATASETS)
def test_public_duplicates(shared_lists: Path, name: str) -> None:
    """FEBRL: nothing certain is wrong, whether the original is there or not; at least 99 % are shown."""
    originals, duplicates, truth = febrl(shared_lists / "patients" / f"{name}.csv")
    figures = quality(duplicates, link(duplicates, iter(originals), len(originals)), truth)
    assert figures["certain wrong"] == 0
    assert figures["recall, shown"] >= 0.99
    assert figures["precision of the first"] >= 0.99
    half = originals[::2]
    kept = {one.number for one in half}
    there = {number: true for number, true in truth.items() if true in kept}
    figures = quality(duplicates, link(duplicates, iter(half), len(half)), there)
    assert figures["certain wrong"] == 0
