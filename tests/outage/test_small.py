"""A small simulated outage on every day, and that the simulation would notice; ``make outage`` runs the large one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from tests.forms.money import bookkeeping
from tests.outage import read_truth
from tests.outage.__main__ import is_clean
from tests.outage.clerk import LATER, MISTAKES, Clerk
from tests.outage.faults import Faults
from tests.outage.read_truth import ABSENT, DOUBLE, RIGHT, WRONG
from tests.outage.truth import Truth
from tests.outage.typed import TypedHis

if TYPE_CHECKING:
    from tests.outage.truth import Meant

SMALL = {"STATIONS": "3", "ENTRIES": "12", "FAULTS": "220"}


def outage(**settings: str) -> tuple[int, dict[str, Any]]:
    """Run the simulation as ``make outage`` does; return exit code and report."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.outage"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **SMALL, **settings},
    )
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_a_small_outage_by_both_routes() -> None:
    """Some hundred faults, and nothing is double, lost, ticked falsely or unexplained; it is signed by two."""
    code, report = outage(SEED="5")
    assert is_clean(report), report
    assert code == 0
    assert report["entries"] >= 36
    assert report["faults"] >= 220
    assert set(report["routes"]) == {"write", "read"}
    assert all(route["states"]["waiting"] == 0 for route in report["routes"].values())


def test_a_careless_tick_off_is_noticed() -> None:
    """The control: where whatever stands there is taken for the entry, the simulation says so and ends with code 1."""
    code, report = outage(SEED="1", ROUTES="read", CONTROL="guesses", ENTRIES="20", FAULTS="400")
    assert report["falsely_ticked"] > 0
    assert code == 1


def test_the_same_seed_decides_the_same() -> None:
    """The n-th question at a place has one answer, however many were asked elsewhere."""
    one, other = (Faults(7).place("line", ("cut", "lost", "late"), budget=50, rate=0.5) for _n in range(2))
    other.faults.place("elsewhere", ("x",), budget=9, rate=1.0).draw()
    drawn = [one.draw() for _n in range(200)]
    assert drawn == [other.draw() for _n in range(200)]
    assert set(drawn) == {None, "cut", "lost", "late"}
    for _n in range(50):
        one.hit("cut")
    assert {one.draw() for _n in range(50)} == {None}, "nothing goes wrong beyond what was planned"


# -- the truth about what people typed ------------------------------------------------------------------


def _desk(*kinds: str) -> tuple[Truth, Clerk]:
    """Return somebody who makes exactly these mistakes, one after the other."""
    truth, faults = Truth(), Faults(3)
    mistakes = faults.place("clerk", MISTAKES, budget=0, rate=1.0)
    clerk = Clerk(
        TypedHis(), truth, mistakes, faults.place("later", LATER, budget=0, rate=1.0), at=1_767_600_000
    )
    for n, kind in enumerate(kinds, 1):
        form = bookkeeping()
        at = f"2026-01-05T2{n}:00:00+08:00"
        meant = truth.acknowledged(form, f"e{n}", station="W01", number=f"N{n}", operator=f"11{n:02}", at=at)
        act = getattr(clerk, "_" + kind.replace(" ", "_")) if kind else None
        if act is None:
            clerk.type_rightly(meant)
        else:
            assert act(meant, faults.chance(kind)), kind
    return truth, clerk


def _held(truth: Truth, clerk: Clerk) -> list[str]:
    return list(read_truth.held(truth, clerk.his).values())


def test_what_people_typed_is_right_absent_wrong_or_double() -> None:
    """Each mistake makes of an entry what it should be: only parts, days and common bills do no harm."""
    told = {
        "": RIGHT, "typed twice": DOUBLE, "left out": ABSENT, "other amount": WRONG, "other item": WRONG,
        "other patient": WRONG, "other operator": WRONG, "a line twice": WRONG, "split in two rows": RIGHT,
        "split over two bills": RIGHT, "a day without a clock": RIGHT,
    }  # fmt: skip
    for kind, status in told.items():
        assert _held(*_desk(kind)) == [status], kind


def test_a_copy_for_one_of_two_twins_is_as_good_as_for_the_other() -> None:
    """Typed twice and left out: where both entries say the same, both are there; else neither is right."""
    truth, clerk = _desk("typed twice", "left out")
    assert _held(truth, clerk) == [DOUBLE, ABSENT]
    one, two = truth
    same: list[Meant] = [one, truth.meant.pop(two.id)]
    form = bookkeeping()
    truth.acknowledged(
        form, "e2", station="W01", number="N2", operator=same[0].operator, at=same[0].happened_at
    )
    assert _held(truth, clerk) == [RIGHT, RIGHT]
    keys = [key for meant in truth for key in read_truth.rows_for(truth, clerk.his, meant)]
    assert Counter(keys).most_common(1)[0][1] == 1, "each of them by rows of its own"


def test_what_was_voided_is_absent() -> None:
    """Marked void, or taken back in red: nothing stands there any more."""
    for act in ("void", "take_back"):
        truth, clerk = _desk("")
        [typing] = clerk.his.typings
        clerk.his.void(typing) if act == "void" else clerk.his.take_back(typing, clerk.at)
        assert _held(truth, clerk) == [ABSENT]
