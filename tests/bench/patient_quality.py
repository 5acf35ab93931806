"""How many matches are right: figures of one round, for bench and tests."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from downtime.patient_match_people import Person

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from downtime.patient_match import Candidate

DATASETS = ("dataset1", "dataset2", "dataset3")


def febrl(path: Path) -> tuple[list[Person], list[Person], dict[str, str]]:
    """Return (originals, duplicates, true original of each duplicate) of a FEBRL file.

    What it calls soc_sec_id is the identity number, the parts of the address are one; it has no phone and no sex.
    """
    originals: list[Person] = []
    duplicates: list[Person] = []
    with path.open(encoding="utf-8") as stored:
        for row in csv.DictReader(stored, skipinitialspace=True):
            person = _person({name: (text or "").strip() for name, text in row.items()})
            (duplicates if "-dup-" in person.number else originals).append(person)
    truth = {one.number: f"rec-{one.number.split('-')[1]}-org" for one in duplicates}
    return originals, duplicates, truth


def _person(row: Mapping[str, str]) -> Person:
    born = row["date_of_birth"]
    address = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
    return Person(
        number=row["rec_id"],
        name=f"{row['given_name']} {row['surname']}".strip(),
        birth_date=f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else "",
        id_number=row["soc_sec_id"],
        address=" ".join(row[name] for name in address if row[name]),
        temporary="-dup-" in row["rec_id"],
    )


def quality(
    told: Sequence[Person], found: Mapping[str, Sequence[Candidate]], truth: Mapping[str, str]
) -> dict[str, float | int]:
    """Return counts, precision and recall.

    ``shown``: the right patient is among the candidates; ``first``: it stands on top. A person decides, so recall
    counts what is shown and precision what is on top. Who is not in the list counts where somebody is shown on top.
    """
    tally = {
        f"{verdict} {kind}": 0 for verdict in ("certain", "likely", "possible") for kind in ("right", "wrong")
    }
    shown = first = proposed = 0
    for one in told:
        others = [candidate for candidate in found[one.number] if not candidate.person.temporary]
        true = truth.get(one.number)
        shown += true is not None and any(other.person.number == true for other in others)
        if others:
            proposed += 1
            is_right = others[0].person.number == true
            first += is_right
            tally[f"{others[0].verdict} {'right' if is_right else 'wrong'}"] += 1
    in_list = sum(one.number in truth for one in told)
    return {
        "told": len(told),
        "in the list": in_list,
        **tally,
        "precision of the first": round(first / max(proposed, 1), 4),
        "recall, shown": round(shown / max(in_list, 1), 4),
        "recall, first": round(first / max(in_list, 1), 4),
    }
