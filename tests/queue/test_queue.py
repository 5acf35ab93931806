"""Hands at the real screen, few enough for every day; ``make queue`` draws the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.queue import charging, kinds, waiting
from tests.queue.hands import Hands
from tests.queue.lists import DRUGS, ITEMS, loaded_home
from tests.queue.model import Work, percentile
from tests.queue.waiting import Kind, Line, draw
from tests.screens.story import Story

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home

TRIPLES = 5
KEYS_MAX, SECONDS_MAX = 25, 18
PRICED_KEYS_MAX = 8


@pytest.fixture(scope="module")
def large_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a practice station with as many priced rows as a real catalogue."""
    return loaded_home(tmp_path_factory.mktemp("queue") / "home", None, patients=4_000)[0]


async def test_a_known_patient_three_items_and_cash(large_home: Home) -> None:
    """Right every time, without a pointing act, and mostly within 25 keys; the figure itself is ``make queue``."""
    served = await charging.charge_many(large_home, TRIPLES, seed=2)
    assert sum(one.work.points for one in served) == 0
    assert percentile([one.work.keys for one in served], 50) <= KEYS_MAX
    assert percentile([one.work.seconds() for one in served], 50) <= SECONDS_MAX
    assert all(one.work.thoughts == 1 + charging.ITEMS + 1 for one in served)
    assert all(one.until_total.keys < one.work.keys for one in served)


async def test_every_kind_of_customer_without_pointing(large_home: Home) -> None:
    """Slip, amount only, newcomer, deposit, refund, unpaid: all by keys, a priced slip in at most eight."""
    found = await kinds.served_by_kind(large_home, seed=3, times=2)
    assert set(found) == {"typed_lines", *kinds.KINDS}
    assert all(served.work.points == 0 for group in found.values() for _method, served in group)
    assert max(served.work.keys for _method, served in found["priced_slip"]) <= PRICED_KEYS_MAX
    of_queue = kinds.kinds_of([served for _method, served in found["typed_lines"]], found)
    assert sum(kind.share for kind in of_queue.values()) == pytest.approx(1)


async def test_every_key_is_counted_whoever_sends_it(large_home: Home) -> None:
    """Letters, Enter and function keys count at the app's door; what a scanner types is one scan."""
    async with Story(large_home) as story:
        hands = Hands(story)
        await hands.keys("1")
        await story.type("zw")
        await story.press("escape")
        assert hands.work.keys == 4
        assert story.desk.reference is not None
        card = next(iter(story.desk.reference.rows("patients"))).card  # type: ignore[attr-defined]  # patients have cards
        await story.press("1")
        await hands.scan(card)
        assert (hands.work.keys, hands.work.scans) == (5, 1)
        assert hands.work.seconds() == Work(keys=5, scans=1).seconds()


def test_the_model_adds_up() -> None:
    """24 keys and 8 preparations at 40 words a minute are 17.8 s, as anybody can add up."""
    cautious = Work(keys=24, thoughts=5, picks=3)
    assert cautious.seconds() == pytest.approx(24 * 0.28 + 8 * 1.35 + 0.3)
    assert cautious.seconds(pessimist=False) == pytest.approx(24 * 0.28 + 5 * 1.35 + 0.3)
    assert Work(points=1).seconds() == pytest.approx(1.1 + 0.2 + 0.3)


def test_sixty_people_at_forty_seconds_take_twenty_minutes() -> None:
    """Two windows, forty seconds each time, nothing by chance: twenty minutes; half the rate makes no queue longer."""
    steady = {"typed": Kind(1, (40.0,), (0.0,), takes_money=False)}
    minutes, each = Line(steady, 1, talk=0).queue()
    assert minutes == pytest.approx(20)
    assert each == [40.0] * waiting.CUSTOMERS
    assert draw(Line(steady, 1, talk=0), 50).told()["mean_minutes"] == pytest.approx(20)


def test_newcomers_make_the_queue_longer_by_their_own_work() -> None:
    """One a minute at two windows of forty seconds: about thirty minutes instead of twenty; 1.5: about forty."""
    steady = {"typed": Kind(1, (40.0,), (0.0,), takes_money=False)}
    one, more = (draw(Line(steady, 1, talk=0), 400, rate).told()["mean_minutes"] for rate in (1.0, 1.5))
    assert one == pytest.approx(30, rel=0.1)
    assert more == pytest.approx(40, rel=0.1)


def test_the_same_seed_draws_the_same_queue() -> None:
    """Whoever repeats the figures gets the same ones."""
    some = {"typed": Kind(1, (12.0, 15.0), (3.0, 3.0))}
    assert Line(some, 7).queue(1.0) == Line(some, 7).queue(1.0)


def test_lists_are_as_large_as_real_ones(tmp_path: Path) -> None:
    """The made-up price list has as many rows as the real catalogue, each with a code of its own."""
    home, origin = loaded_home(tmp_path / "home", None, patients=2_000)
    assert f"{ITEMS + DRUGS:,} priced rows" in origin
    assert home.settings.hospital.id == "PRACTICE"


@pytest.mark.lists
async def test_real_lists_by_the_same_hands(shared_lists: Path, tmp_path: Path) -> None:
    """A real catalogue: the rows wanted are the rows charged, and nobody points at anything."""
    home, _origin = loaded_home(tmp_path / "home", shared_lists, patients=4_000)
    served = await charging.charge_many(home, TRIPLES, seed=4)
    assert sum(one.work.points for one in served) == 0
    assert percentile([one.work.keys for one in served], 50) <= KEYS_MAX
