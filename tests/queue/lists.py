"""Lists as large as a hospital's: grown out of the practice set, or a folder of real ones."""

from __future__ import annotations

import csv
from random import Random
from typing import TYPE_CHECKING, Any

from downtime.book import OpenBook
from downtime.practice import prepare_practice
from downtime.practice_set import CURRENCY, practice_cells
from downtime.record import record_event
from downtime.reference_tables import TABLES
from downtime.store.reference import build_reference
from forms.station_book import ReferenceInForce

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from downtime.home import Home
    from downtime.reference_tables import ReferenceRow

ITEMS, DRUGS, PATIENTS = 1_000, 2_018, 20_000
"""Together as many priced rows as the real catalogue the figures of others were taken from."""

OPERATOR, PASSWORD = "4001", "lianxi4001"

_BEFORE = ("",) * 12 + ("注射用", "盐酸", "复方")
_BRANDS = (
    *("",) * 6,
    *("(练习一厂)", "(示范)", "(演练堂)", "(康练)", "(仿真)", "(安练)", "(佳习)", "(百练)", "(恒习)"),
)
"""Every fifteenth name begins with 注射用 and a third ends with a maker, about as in a real pharmacy's list."""

_EXTRA = ("", "(加急)", "(夜间)", "(第二次)", "(儿童)")
Cells = dict[str, str]


def loaded_home(path: Path, lists: Path | None, *, patients: int = PATIENTS) -> tuple[Home, str]:
    """Make a practice station at ``path`` that has large lists in force.

    Args:
        path: an absent folder.
        lists: folder with ``cn_his_drugs.csv`` and ``cn_his_non_drug_charges.csv``, or None for made-up rows.
        patients: how many; always made up.

    Returns:
        The station, and in words what its price list is.
    """
    home = prepare_practice(path)
    ring = home.keys.unlock(OPERATOR, PASSWORD)
    book = OpenBook(home, ring, home.current_book())
    taken_at = book.clock.now().wall
    cells: dict[str, Iterable[Cells]] = dict(practice_cells(taken_at))
    cells["patients"] = _people(list(cells["patients"]), patients)
    if lists is None:
        cells["items"], cells["drugs"] = _more_items(cells["items"]), _more_drugs(cells["drugs"])
        origin = "made up, grown out of the practice set"
    else:
        cells |= _real(lists) | {"packages": (), "package_lines": (), "batches": ()}
        origin = f"{lists.name}: cn_his_drugs.csv, cn_his_non_drug_charges.csv"
    rows = {table: _rows(table, found) for table, found in cells.items()}
    file = build_reference(
        home.path / "reference", 2, rows, ring.reference_key(), taken_at=taken_at, origin=origin
    )
    told = {"version": 2, "sha256": file.sha256, "taken_at": file.taken_at, "rows": file.rows}
    record_event(book, ReferenceInForce.model_validate(told))
    book.close()
    return home, f"{origin}; {file.rows['items'] + file.rows['drugs']:,} priced rows, {patients:,} patients"


def _rows(table: str, cells: Iterable[Cells]) -> Iterator[ReferenceRow]:
    model: Any = TABLES[table]
    for row in cells:
        yield model.model_validate(row, context={"currency": CURRENCY})


def _people(known: list[Cells], wanted: int) -> Iterator[Cells]:
    """Yield the practice patients, then more of them with names drawn anew."""
    yield from known[:wanted]
    chance = Random("more people")
    names = [row["name"] for row in known]
    for place in range(len(known) + 1, wanted + 1):
        number = chance.randrange(10**8)
        yield {
            "number": f"PX{place:06d}",
            "name": chance.choice(names)[0] + chance.choice(names)[1:],
            "sex": chance.choice(("female", "male")),
            "birth_date": f"{chance.randrange(1935, 2025)}-0{chance.randrange(1, 10)}-15",
            "phone": f"100{number:08d}",
            "card": f"9{place * 7919 % 10**9:09d}",
            "payer_kind": chance.choice(("self", "insured")),
        }


def _more_items(known: Iterable[Cells]) -> Iterator[Cells]:
    """Yield services with a few kinds of each, as price lists have them."""
    rows = list(known)
    grown = (
        row | {"name": row["name"] + extra, "code": f"{row['code']}{n or ''}"}
        for n, extra in enumerate(_EXTRA)
        for row in rows
    )
    return (row for row, _n in zip(grown, range(ITEMS), strict=False))


def _more_drugs(known: Iterable[Cells]) -> Iterator[Cells]:
    """Yield drugs of other names and makers, so that the list is full of look-alikes as real ones are."""
    rows = list(known)
    chance = Random("more drugs")
    stems = sorted({row["name"][:2] for row in rows})
    for place in range(DRUGS):
        row = rows[place % len(rows)]
        name = row["name"]
        if place >= len(rows):  # another drug of the same form
            name = chance.choice(_BEFORE) + chance.choice(stems) + name[2:] + chance.choice(_BRANDS)
        yield row | {"name": name, "code": f"87{place:06d}", "barcode": ""}


def _real(folder: Path) -> dict[str, Iterable[Cells]]:
    with (folder / "cn_his_drugs.csv").open(encoding="utf-8", newline="") as drugs:
        found = [
            {
                "code": row["id"],
                "name": row["name"],
                "generic_name": row["generic_name"],
                "spec": row["format"],
                "unit": row["unit"] or "盒",
                "price": row["price"],
                "mnemonic": row["mnemonic_code"],
            }
            for row in csv.DictReader(drugs)
        ]
    with (folder / "cn_his_non_drug_charges.csv").open(encoding="utf-8", newline="") as charges:
        items = [
            {
                "code": row["code"],
                "name": row["name"],
                "unit": row["format"],
                "price": row["price"],
                "mnemonic": row["mnemonic_code"],
            }
            for row in csv.DictReader(charges)
        ]
    return {"drugs": found, "items": items}
