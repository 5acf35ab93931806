"""Temporary patients matched: right and wrong on public duplicates and on our own model, and how long 2,000 take."""

from __future__ import annotations

import os
import time
from pathlib import Path

from downtime.patient_match_blocks import link
from tests.bench.patient_model import made_people, told_at_the_desk
from tests.bench.patient_quality import DATASETS, febrl, quality

PEOPLE, TOLD = 100_000, 2_000


def run() -> dict[str, object]:
    """Return figures per set; of the public ones also with every second original taken away."""
    told, truth, lists = told_at_the_desk(made_people(PEOPLE), TOLD)
    begun = time.perf_counter()
    found = link(told, iter(lists), len(lists))
    seconds = round(time.perf_counter() - begun, 1)
    figures: dict[str, object] = {
        "patients in the list": len(lists),
        f"matching {TOLD} temporary patients, s": seconds,
        "our model": quality(told, found, truth),
    }
    folder = Path(os.environ.get("LISTS") or "no lists named") / "patients"
    if not folder.is_dir():
        return {**figures, "FEBRL": "skipped: LISTS names no folder of public lists"}
    for name in DATASETS:
        originals, duplicates, truth = febrl(folder / f"{name}.csv")
        figures[f"FEBRL {name}"] = quality(
            duplicates, link(duplicates, iter(originals), len(originals)), truth
        )
        half = originals[::2]
        kept = {one.number for one in half}
        there = {number: true for number, true in truth.items() if true in kept}
        figures[f"FEBRL {name}, half of the originals away"] = quality(
            duplicates, link(duplicates, iter(half), len(half)), there
        )
    return figures
