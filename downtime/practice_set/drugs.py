"""The practice pharmacy: generic names with usual strengths and packs; prices, makers and batches made up.

drugs.txt beside this file holds the list.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from downtime.practice_set.services import told_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random

DRUGS = 300

_MAKERS = ("练习制药一厂", "练习制药二厂", "演示药业有限公司", "示范生物制药", "练习中药饮片厂", "")


def _listed() -> Iterator[tuple[list[str], str, str, str]]:
    """Yield category, form, unit and kind of controlled drug together; name; strength; price."""
    group = [""]
    for line in told_lines("drugs.txt"):
        if line.startswith("["):
            group = line.strip("[]").split("|")
            continue
        name, *strengths = line.split()
        for strength in strengths:
            spec, _, price = strength.rpartition("=")
            yield group, name, spec, price


def drug_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``drugs``."""
    for number, (group, name, spec, price) in enumerate(_listed(), 1):
        if number > DRUGS:
            return
        category, form, unit, controlled = group
        yield {
            "code": f"86{number:06d}",
            "name": name,
            "spec": spec,
            "unit": unit,
            "price": price,
            "dosage_form": form,
            "maker": _MAKERS[number % len(_MAKERS)],
            "category": category,
            "controlled": controlled,
            "department": "PX13",
            "barcode": f"690000{number:07d}",
            "uses": str(max(0, 700 // (number % 60 + 1) - 10)),
        }


def batch_rows(today: date, random: Random) -> Iterator[dict[str, str]]:
    """Yield the rows of ``batches``: one to three a drug, a few close to their expiry, a few gone."""
    for drug in drug_rows():
        for place in range(random.choice((1, 2, 2, 3))):
            days = random.choice((20, 75, 200, 420, 700)) + place * 90
            yield {
                "drug": drug["code"],
                "batch": f"{today.year - 1}{random.randrange(1, 13):02d}{random.randrange(100, 999)}{place}",
                "expiry": (today + timedelta(days=days)).isoformat(),
                "quantity": str(random.choice((0, 12, 40, 60, 120, 300, 500))),
                "unit": drug["unit"],
                "place": "PX13",
            }
