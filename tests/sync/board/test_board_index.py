"""Searching a hundred thousand entries in memory: what is found is what holds the words, however they are typed."""

from __future__ import annotations

import random

import pytest

from downtime.board import BoardRow, Kept
from forms.money import format_amount
from sync.board.index import Index, Known, Snapshot, narrowed
from sync.board.states import Facts

COUNT = 100_000
NAMES = ("张三", "李四", "欧阳娜娜", "Wang Wei", "王伟", "O'Brien", "赵敏")


def entry(n: int, chance: random.Random) -> Known:
    """Return one of many entries."""
    last = chance.choice(["", "handed_over", "rejected", "accepted", "accepted", "accepted"])
    facts = Facts("charge", last=last, step=2, said="HIS-1", accepted=last == "accepted", has_document=True)
    return Known(
        n, f"id-{n:08x}", (f"W{n % 12 + 1:02d}", "A", 1, n), f"W{n % 12 + 1:02d}A-{n:06d}-{n % 10}", "charge",
        n > 0,
        f"2026-01-{5 + n % 3:02d}T{n % 24:02d}:{n % 60:02d}:00+08:00", f"P{n // 3:06d}", NAMES[n % len(NAMES)],
        f"1101011980{n % 10_000:04d}{n % 1000:03d}X"[:18] if n % 5 == 0 else "", f"10{n % 15:02d}", "练习员",
        chance.randrange(100, 90_000), facts,
    )  # fmt: skip


@pytest.fixture(scope="module")
def many() -> Snapshot:
    """A board of a hundred thousand entries."""
    chance, index = random.Random(7), Index("CNY")
    for n in range(1, COUNT + 1):
        index.add(entry(n, chance))
    return index.snapshot({})


def ids(rows: object) -> set[int]:
    """Return which entries were found."""
    return {row.n for row in rows}  # type: ignore[attr-defined]  # rows of the board


def test_a_slip_number_finds_its_entry_in_any_case(many: Snapshot) -> None:
    """Part of a number is enough; capital, small and full-width letters are the same."""
    row = many.rows[54_321]
    for typed in (row.number, row.number.lower(), row.number.replace("W", "Ｗ")):
        assert ids(narrowed(many, Kept(view="all", text=typed))) == {row.n}


@pytest.mark.parametrize("typed", ["欧阳", "wang wei", "O'BRIEN"])
def test_a_name_finds_everybody_of_that_name(many: Snapshot, typed: str) -> None:
    """Every entry whose patient's name holds the words, and no other."""
    expected = {row.n for row in many.rows if typed.casefold() in row.name.casefold()}
    assert ids(narrowed(many, Kept(view="all", text=typed))) == expected


@pytest.mark.parametrize("typed", ["45", "45.5", "123.45", "¥300", "1,2"])
def test_an_amount_finds_entries_of_that_amount(many: Snapshot, typed: str) -> None:
    """45 means 45.00, 45.5 begins 45.50; a number that holds the figures is found too."""
    plain = typed.lstrip("¥").replace(",", "")
    begins = plain if "." in plain else f"{plain}."
    found = narrowed(many, Kept(view="all", text=typed))
    expected = {row.n for row in many.rows if format_amount(row.amount_minor or 0, "CNY").startswith(begins)}
    assert expected <= ids(found)
    assert all(_holds(row, typed) for row in found if row.n not in expected)


def _holds(row: BoardRow, typed: str) -> bool:
    texts = (row.number, row.entry_id, row.patient, row.name, row.his)
    may_be_identity = typed.isdecimal()
    return any(typed.casefold() in text.casefold() for text in texts) or may_be_identity


def test_what_is_found_keeps_the_order_of_the_work(many: Snapshot) -> None:
    """Searching narrows the list; it does not put it in another order."""
    order = {row.n: place for place, row in enumerate(many.rows)}
    found = [order[row.n] for row in narrowed(many, Kept(view="all", text="李四"))]
    assert found == sorted(found)
    assert found


def test_filters_narrow_together(many: Snapshot) -> None:
    """State, station, cashier and day: only what is all of it."""
    kept = Kept(view="person", station="W03", operator="1002", day="2026-01-06")
    expected = {
        row.n
        for row in many.rows
        if row.state == "person"
        and row.station == "W03"
        and row.operator == "1002"
        and "2026-01-06" in row.at
    }
    assert ids(narrowed(many, kept)) == expected


def test_whoever_may_not_look_people_up_finds_nobody_by_name(many: Snapshot) -> None:
    """Without that right names and identity numbers find nothing; numbers and amounts still do."""
    row = next(row for row in many.rows if row.name == "王伟")
    assert not narrowed(many, Kept(view="all", text="王伟", with_names=False))
    assert not narrowed(many, Kept(view="all", text="110101198", with_names=False))
    assert ids(narrowed(many, Kept(view="all", text=row.number, with_names=False))) == {row.n}


def test_an_identity_number_finds_all_entries_of_its_patient() -> None:
    """The registration alone holds it; the charges of the same patient are found as well, whichever came first."""
    index = Index("CNY")
    chance = random.Random(1)
    first, second, other = (entry(n, chance) for n in (3, 4, 9))
    first.identity = second.identity = other.identity = ""
    second.identity = "11010119800131002X"
    second.patient = first.patient = "P900001"
    for one in (first, second, other):
        index.add(one)
    found = narrowed(index.snapshot({}), Kept(view="all", text="11010119800131002x"))
    assert ids(found) == {3, 4}


def test_patients_that_the_list_of_patients_finds_are_found(many: Snapshot) -> None:
    """Initials are known to the list of patients only; its numbers narrow the board."""
    row = many.rows[100]
    found = narrowed(many, Kept(view="all", text="zhsan", patients=frozenset({row.patient})))
    assert ids(found) == {one.n for one in many.rows if one.patient == row.patient}
