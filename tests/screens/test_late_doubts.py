"""Papers in doubt: one number with two contents, a rescue after six hours, a clock set back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from downtime.clock import ManualClock
from downtime.screens.ask import AskDialog
from downtime.screens.late_screens import LateChargeScreen
from tests.screens.late_keys import begin_pile, issue_pack, slip, stands, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from tests.screens.story import Story

SLIPS = 12
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def numbers(practice_home: Home) -> list[str]:
    """Return the numbers of a pack of charge forms, with the cashier who writes them."""
    return issue_pack(practice_home)


async def typed_once(home: Home, story: Callable[..., Story]) -> list[str]:
    """Issue a pack, and let the cashier type its first paper."""
    numbers = issue_pack(home)
    async with story() as s:
        await begin_pile(s, numbers[0])
        await slip(s, "27.8")
        await stands(s)
    return numbers


async def test_one_number_by_two_people_with_different_amounts(
    practice_home: Home, story: Callable[..., Story]
) -> None:
    """The second is asked, kept whole and listed; nothing is booked twice and nothing is dropped."""
    numbers = await typed_once(practice_home, story)
    async with story(operator="1002") as s:
        s.app.go("late_entry")
        await s.rest()
        await s.type(numbers[0])
        await s.press("enter")
        assert isinstance(s.app.screen, AskDialog)
        assert "练习员王敏" in s.screen
        await s.press("enter")
        await s.type("0820")
        await s.press("enter", "enter")
        await slip(s, "18", "xcg")
        await s.until(lambda: written(s, "paper_conflict"))
        (conflict,) = written(s, "paper_conflict")
        assert set(conflict.content["differs"]) == {"lines", "total", "payments"}
        assert conflict.content["typed"]["total_minor"] == 1800
        assert conflict.operator == "1002"
        assert len(s.entries("charge")) == 1
        await s.until(lambda: "不一致" in s.screen)
        s.app.go("packs")
        await s.until(lambda: "1 张录入不一致" in s.screen)


async def test_the_same_number_with_the_same_content_stands_already(
    practice_home: Home, story: Callable[..., Story]
) -> None:
    """A second person who types the same is told so, and that it was keyed twice is kept."""
    numbers = await typed_once(practice_home, story)
    async with story(operator="1002") as s:
        s.app.go("late_entry")
        await s.rest()
        await s.type(numbers[0])
        await s.press("enter", "enter")
        await s.type("0820")
        await s.press("enter", "enter")
        await slip(s, "27.8")
        await s.until(lambda: written(s, "paper_typed_again"))
        assert written(s, "paper_conflict") == []
        assert len(s.entries("charge")) == 1


@pytest.mark.parametrize(
    ("minutes", "mark"), [(359, "supplement"), (361, "supplement_late")], ids=["5:59", "6:01"]
)
async def test_six_hours_of_a_rescue(
    story: Callable[..., Story], numbers: list[str], minutes: int, mark: str
) -> None:
    """A rescue written down afterwards is marked: within six hours, or after them and then still taken."""
    clock = ManualClock(datetime.now(ZONE).replace(hour=23, minute=0, second=0, microsecond=0))
    ended = clock.at - timedelta(minutes=minutes)
    async with story(clock=clock) as s:
        await begin_pile(s, numbers[0], ended.strftime("%m%d%H%M"))
        await s.press("ctrl+z")
        await s.press("enter")
        await s.until(lambda: isinstance(s.app.screen, LateChargeScreen))
        await s.rest()
        assert ("剩 0 小时 01 分" if mark == "supplement" else "已超 6 小时") in s.screen
        await slip(s, "27.8")
        late = await stands(s)
        assert late.content["mark"] == mark
        assert late.content["rescue_ended_at"][11:16] == ended.strftime("%H:%M")


async def test_a_clock_set_back_is_asked_about(story: Callable[..., Story], numbers: list[str]) -> None:
    """The paper's time lies ahead of the PC's: asked, taken as the paper says, and marked."""
    clock = ManualClock(datetime.now(ZONE).replace(hour=7, minute=0))
    async with story(clock=clock) as s:
        s.app.go("late_entry")
        await s.rest()
        await s.type(numbers[0])
        await s.press("enter")
        await s.type(clock.at.strftime("%m%d") + "0820")
        await s.press("enter")
        assert isinstance(s.app.screen, AskDialog)
        await s.press("enter", "enter")
        await slip(s, "27.8")
        late = await stands(s)
        assert late.content["odd"] == ["time_ahead"]
        assert s.entries("charge")[0].happened_at[11:16] == "08:20"
