"""How long one key takes to be answered, in a large hospital and in a very large one."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from downtime.pinyin import initials
from downtime.store.reference import Reference
from downtime.store.search import Search
from sync.intake import take_inbox
from tests.bench.large_hospital import GIVEN, TERMS, write_large_set

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from downtime.reference_tables import ReferenceRow

QUESTIONS_PER_LENGTH = 300
LENGTHS = (1, 2, 3, 4, 6)
LARGE = (100_000, 20_000)
VERY_LARGE = (1_000_000, 20_000)


def run(*, very_large: bool = True) -> dict[str, float | str]:
    """Return p50, p99 and the slowest answer in ms per kind of search and size of hospital."""
    found: dict[str, float | str] = {"search p99 goal, ms": 5.0}
    for patients, items in (LARGE, VERY_LARGE) if very_large else (LARGE,):
        found |= _hospital(patients, items)
    return found


def _hospital(patients: int, items: int) -> dict[str, float | str]:
    with TemporaryDirectory() as place:
        home = Path(place)
        write_large_set(home / "inbox", version=1, patients=patients, items=items)
        began = time.perf_counter()
        (report,) = take_inbox(
            home / "inbox", home / "reference", bytes(32), currency="CNY", in_force_version=None
        )
        seconds = time.perf_counter() - began
        assert report.file is not None, report.text()
        size = f"{patients:,} patients, {items:,} items"
        with Reference(report.file.path, bytes(32)) as reference:
            search = Search(reference)
            names = [_name(row) for row in _some(reference.rows("patients"))]
            titles = [_name(row) for row in _some(reference.rows("items"))]
            recent = [f"25{n:07d}" for n in range(0, 500, 20)]

            def catalogue(text: str) -> Sequence[object]:
                return search.search_catalogue(text, department="PX03", recent=recent)

            told: dict[str, float | str] = {f"import, {size}, s": round(seconds, 1)}
            told |= _timed(f"patients, {size}", search.search_patients, _typed(names, GIVEN, patients, "PX"))
            told |= _timed(f"catalogue, {size}", catalogue, _typed(titles, TERMS, items, "25"))
        return told


def _some(rows: Iterator[ReferenceRow]) -> list[ReferenceRow]:
    return [row for row, _n in zip(rows, range(3_000), strict=False)]


def _name(row: ReferenceRow) -> str:
    return str(getattr(row, "name"))  # noqa: B009 (two kinds of rows that both have a name)


def _typed(names: list[str], alphabet: str, count: int, prefix: str) -> list[str]:
    """Return what people type: names, inner parts, initials, codes, ends of numbers, and slips."""
    random = Random("typed")
    typed = []
    for length in LENGTHS:
        for _ in range(QUESTIONS_PER_LENGTH):
            name = random.choice(names)
            inner = name[random.randrange(len(name)) :]
            sources = (
                name,
                inner,
                initials(name),
                initials(inner),
                f"{prefix}{random.randrange(count):07d}",
                f"{random.randrange(10**8):08d}",
                "".join(random.choices(alphabet, k=length)),
                "".join(random.choices("abcdefghjklmnopqrstwxyz", k=length)),
            )
            typed.append(random.choice(sources)[:length])
    return typed


def _timed(name: str, ask: Callable[[str], Sequence[object]], typed: list[str]) -> dict[str, float | str]:
    took = []
    for text in typed:
        began = time.perf_counter()
        ask(text)
        took.append((time.perf_counter() - began) * 1_000)
    took.sort()
    return {
        f"{name}: p50 ms": round(took[len(took) // 2], 3),
        f"{name}: p99 ms": round(took[int(len(took) * 0.99)], 3),
        f"{name}: slowest ms": round(took[-1], 3),
    }


if __name__ == "__main__":
    for what, value in run().items():
        print(f"{what}: {value}")  # noqa: T201 (started by hand)
