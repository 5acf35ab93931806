"""Against a HIS into which a random part was typed with random faults, nothing is ever ticked falsely."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.tick_claims import ClaimReading
from sync.tick_off import ROW_STATES, tick_off
from sync.tick_rules import Rules
from tests.sync.tick_his import MadeUpHis, Typed, one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from sync.tick_off import TickedOff

FAULTS: Final = (
    *(
        "none",
        "none",
        "none",
        "omitted",
        "amount",
        "quantity",
        "item",
        "patient",
        "operator",
        "twice",
        "split",
    ),
    *("twice_elsewhere", "voided", "red", "red_named", "red_half", "unread", "before", "later_double"),
)
CHANGES: Final[dict[str, Callable[[Typed], dict[str, Any]]]] = {
    "amount": lambda row: {"amount_minor": row.amount_minor + 10},
    "quantity": lambda row: {"quantity": (row.quantity or 0) + 1000},
    "item": lambda _row: {"item": "PX-OTHER"},
    "patient": lambda _row: {"patient": "PX000009", "name": ""},
    "operator": lambda _row: {"operator": "px77"},
    "voided": lambda _row: {"is_void": True},
    "before": lambda row: {"at": row.at - 86_400},
}
AGAIN: Final[dict[str, Callable[[Typed], dict[str, Any]]]] = {
    "twice": lambda row: {"bill": row.bill + "x"},
    "later_double": lambda row: {"bill": row.bill + "x", "at": row.at + 3600},
    "twice_elsewhere": lambda _row: {"bill": "", "operator": "px77"},
}
HARMLESS: Final = ("none", "split")
ENTRIES = st.lists(
    st.tuples(
        st.integers(1, 3),  # patient
        st.sampled_from(("PX-A", "PX-B")),
        st.integers(1, 3),  # quantity
        st.sampled_from((500, 1000)),  # price
        st.sampled_from(("B1", "B2", "B3", "")),
        st.sampled_from(FAULTS),
    ),
    min_size=1,
    max_size=8,
)


def _type(his: MadeUpHis, entry: Entry, bill: str, fault: str, touched: set[str]) -> None:
    """Type one entry in, with one fault."""
    if fault in {"omitted", "unread"}:
        if fault == "unread":
            touched.add(entry.content["patient"]["number"])
        return
    [n] = his.type_in(entry, bill=bill)
    row = his.rows[n]
    quantity = row.quantity or 0
    if fault in CHANGES:
        his.change(n, **CHANGES[fault](row))
    elif fault == "split":
        part = row.amount_minor // 2
        his.change(n, amount_minor=part, quantity=quantity // 2)
        rest = replace(row, amount_minor=row.amount_minor - part, quantity=quantity - quantity // 2)
        his.rows.append(replace(rest, bill=bill + "y"))
    elif fault.startswith("red"):
        share = 2 if fault == "red_half" else 1
        red = replace(row, amount_minor=-row.amount_minor // share, quantity=-quantity // share)
        his.rows.append(replace(red, bill=bill + "z", voids="" if fault == "red" else f"F{n + 1}"))
    elif fault in AGAIN:
        his.rows.append(replace(row, **AGAIN[fault](row)))


def _falsely_ticked(entries: list[Entry], faults: list[str], his: MadeUpHis, done: TickedOff) -> list[str]:
    """Return what is wrong with the ticks.

    Where no other entry of the patient has the item, the fault itself tells. Where several have, one of them
    omitted and another typed twice is the same HIS as both typed once; there the sums must hold, and no row may
    serve two entries beyond its amount.
    """
    wrong = []
    sharing = Counter((entry.patient, entry.content["lines"][0]["code"]) for entry in entries)
    for entry, fault, one in zip(entries, faults, done.judged, strict=True):
        key = (entry.patient, entry.content["lines"][0]["code"])
        if one.outcome == "agreed" and sharing[key] == 1 and fault not in HARMLESS:
            wrong.append(f"{fault} was ticked")
    ticked = [one for one in done.judged if one.outcome == "agreed"]
    for key in {(one.claim.patient, one.claim.items[0].code) for one in ticked}:
        ours = [one for one in ticked if (one.claim.patient, one.claim.items[0].code) == key]
        held = {row.id: row for one in ours for row in one.rows}
        if sum(row.amount_minor for row in held.values()) != sum(one.claim.amount_minor for one in ours):
            wrong.append("the rows of what was ticked come to another sum")
        if any(row.id in done.dead or (row.patient, row.item) != key for row in held.values()):
            wrong.append("ticked by a row that is void or somebody else's")
        live = [
            row for row in his.extract().rows if (row.patient, row.item) == key and row.id not in done.dead
        ]
        same = [row for row in live if row.id not in held and row.begins >= min(o.claim.at for o in ours)]
        for one in ours:
            [item] = one.claim.items
            doubles = [
                row for row in same if (row.amount_minor, row.quantity) == (item.amount_minor, item.quantity)
            ]
            others = [
                each
                for each in done.judged
                if each.claim.items == one.claim.items
                and each.claim.patient == one.claim.patient
                and each not in ours
            ]
            if len(doubles) > len(others):
                wrong.append("ticked although it stands there twice")
    return wrong


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(ENTRIES)
def test_nothing_is_ticked_falsely(drawn: list[tuple[int, str, int, int, str, str]]) -> None:
    """Omitted, wrong, doubled, voided, taken back, unread: falsely ticked is always 0, and everything is told once."""
    his, touched = MadeUpHis(), set[str]()
    entries = []
    for seq, (patient, code, quantity, price, bill, fault) in enumerate(drawn, 1):
        entry = one_line(seq, price * quantity, quantity=str(quantity), code=code, n=patient)
        entries.append(entry)
        _type(his, entry, bill, fault, touched)
    extract = his.extract()
    extract.touched |= touched
    reading = ClaimReading(("charge",), {})
    done = tick_off([reading.add(entry) for entry in entries], extract, Rules())
    assert not _falsely_ticked(entries, [each[-1] for each in drawn], his, done)
    assert [one.claim.id for one in done.judged] == [entry.id for entry in entries]
    assert done.row_states.keys() == {row.id for row in extract.rows}
    assert set(done.row_states.values()) <= set(ROW_STATES)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(ENTRIES)
def test_typed_in_rightly_everything_is_ticked(drawn: list[tuple[int, str, int, int, str, str]]) -> None:
    """Where nothing went wrong nothing is asked: every entry agrees, whatever stands beside it."""
    his = MadeUpHis()
    entries = []
    for seq, (patient, code, quantity, price, bill, _fault) in enumerate(drawn, 1):
        entries.append(one_line(seq, price * quantity, quantity=str(quantity), code=code, n=patient))
        his.type_in(entries[-1], bill=bill)
    reading = ClaimReading(("charge",), {})
    done = tick_off([reading.add(entry) for entry in entries], his.extract(), Rules())
    assert [one.outcome for one in done.judged] == ["agreed"] * len(entries)
    assert not done.unknown
