"""Typing papers in: number and time go on by themselves, the paper's own sum finds a wrong line."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from downtime.screens.ask import AskDialog
from downtime.screens.late_entry import LateEntryScreen
from downtime.screens.late_screens import LateChargeScreen
from downtime.screens.late_settle import LateSettleDialog
from downtime.screens.pick import PickDialog
from tests.queue.model import percentile
from tests.screens.late_keys import WRITER, begin_pile, issue_pack, slip, stands, type_pile, written

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


async def test_a_slip_becomes_a_charge_at_the_time_it_was_written(
    story: Callable[..., Story], numbers: list[str]
) -> None:
    """The charge happened when the paper says; who wrote it and who types it are both kept."""
    async with story() as s:
        await begin_pile(s, numbers[0])
        await slip(s, "27.8")
        late = await stands(s)
        (charge,) = s.entries("charge")
        assert charge.happened_at[11:16] == "08:20"
        assert charge.recorded_at > charge.happened_at
        assert (charge.operator, late.content["written_by"]) == ("1001", WRITER)
        assert late.content["paper_number"] == numbers[0]
        assert (late.content["paper_minor"], late.content["entered_minor"]) == (2780, 2780)
        (payment,) = charge.content["payments"]
        assert (payment["method"], payment["amount_minor"], payment["change_minor"]) == ("cash", 2780, 0)


async def test_number_counts_on_and_time_is_inherited(
    story: Callable[..., Story], numbers: list[str]
) -> None:
    """The second slip needs neither number nor time nor writer; the cursor waits for its patient."""
    async with story() as s:
        await begin_pile(s, numbers[0])
        await slip(s, "27.8")
        await stands(s)
        assert numbers[1] in s.screen
        assert isinstance(s.app.screen, LateChargeScreen)
        assert s.app.screen.patients.input.has_focus
        await slip(s, "18", "xcg")
        late = await stands(s, 2)
        assert late.content["paper_number"] == numbers[1]
        assert late.content["written_at"][11:16] == "08:20"


async def test_no_receipt_is_printed_for_a_paper(story: Callable[..., Story], numbers: list[str]) -> None:
    """The patient holds the form itself: nothing waits for the printer, and what is printed later is a copy."""
    async with story() as s:
        await begin_pile(s, numbers[0])
        await slip(s, "27.8")
        await stands(s)
        await s.until(lambda: not s.desk.unconfirmed())
        assert s.desk.not_printed() == []
        (printed,) = written(s, "printed")
        assert printed.content["printer"] == numbers[0]


async def test_a_wrong_check_digit_is_told(story: Callable[..., Story], numbers: list[str]) -> None:
    """A misread figure is found before anything is typed, and what was typed stays in the field."""
    wrong = numbers[0][:-1] + str((int(numbers[0][-1]) + 1) % 10)
    async with story() as s:
        s.app.go("late_entry")
        await s.rest()
        await s.type(wrong)
        await s.press("enter")
        assert "校验位不符" in s.screen
        assert wrong in s.screen
        assert isinstance(s.app.screen, LateEntryScreen)


async def test_counter_and_check_digit_are_enough(story: Callable[..., Story], numbers: list[str]) -> None:
    """At the station that printed it, 10 is W03A-P000001-0."""
    async with story() as s:
        await begin_pile(s, f"1{numbers[0][-1]}")
        assert numbers[0] in s.screen


async def test_a_number_of_no_pack_needs_a_clear_yes(story: Callable[..., Story]) -> None:
    """A made-up number is taken only after the question, and marked for ever."""
    async with story() as s:
        s.app.go("late_entry")
        await s.rest()
        await s.type("W09A-P000007-" + _check("W09A", 7))
        await s.press("enter")
        assert isinstance(s.app.screen, AskDialog)
        assert "不属于任何一本" in s.screen
        await s.press("escape")
        assert isinstance(s.app.screen, LateEntryScreen)
        await s.press("enter", "enter")
        assert isinstance(s.app.screen, PickDialog)
        await s.press("1")
        await s.type("0820")
        await s.press("enter")
        await s.type("1002")
        await s.press("enter")
        await slip(s, "27.8")
        late = await stands(s)
        assert late.content["odd"] == ["no_pack"]


def _check(series: str, count: int) -> str:
    from downtime.pack_number import PaperNumber

    return PaperNumber(series, count).check


async def test_the_sum_on_paper_finds_a_wrong_line(story: Callable[..., Story], numbers: list[str]) -> None:
    """A sum that is not the lines' is warned of, then asked about; back to the lines is the first answer."""
    async with story() as s:
        await begin_pile(s, numbers[0])
        await slip(s, "45")
        assert isinstance(s.app.screen, PickDialog)
        assert written(s, "late_entry") == []
        await s.press("1")
        assert isinstance(s.app.screen, LateChargeScreen)
        assert len(s.app.screen.sheet.lines) == 2


async def test_the_sum_is_not_filled_in_beforehand(story: Callable[..., Story], numbers: list[str]) -> None:
    """Enter without a sum records nothing: a sum one only nods at controls nothing."""
    async with story() as s:
        await begin_pile(s, numbers[0])
        await slip(s, "")
        assert isinstance(s.app.screen, LateSettleDialog)
        assert "请输入单上合计" in s.screen
        assert written(s, "late_entry") == []


async def test_more_on_paper_than_the_lines_is_kept_to_be_checked(
    story: Callable[..., Story], numbers: list[str]
) -> None:
    """If that much was really taken, it is booked: the difference as a line whose price is checked."""
    async with story() as s:
        await begin_pile(s, numbers[0])
        await slip(s, "30")
        await s.press("2")
        late = await stands(s)
        (charge,) = s.entries("charge")
        assert charge.amount_minor == 3000
        assert [(line["kind"], line["amount_minor"]) for line in charge.content["lines"]][-1] == (
            "unlisted",
            220,
        )
        assert (late.content["paper_minor"], late.content["entered_minor"]) == (3000, 2780)
        assert late.content["reason"]


async def test_less_on_paper_than_the_lines_stays_owed(
    story: Callable[..., Story], numbers: list[str]
) -> None:
    """Whoever took too little vouches: the rest is listed as owed, nothing is hidden."""
    async with story() as s:
        await begin_pile(s, numbers[0])
        await slip(s, "20")
        await s.press("enter")
        await s.press("2")
        await stands(s)
        (charge,) = s.entries("charge")
        assert s.desk.owed_minor(charge.id) == 780
        assert charge.content["authorisation"]["guarantor"] == "练习员李娜"


async def test_cut_off_in_the_middle_of_a_slip(practice_home: Home, story: Callable[..., Story]) -> None:
    """Power cut: the half-typed slip comes back with number, time, writer and lines, under the same id."""
    numbers = issue_pack(practice_home)
    async with story() as s:
        await begin_pile(s, numbers[0])
        for search in ("zw", "xcg", "amxl"):
            await s.type(search)
            await s.press("enter")
        await s.until(lambda: [d for d in s.desk.drafts() if len(d.content["lines"]) == 2])
        entry_id = s.app.screen.sheet.entry_id  # type: ignore[attr-defined]  # the screen of papers has one
    async with story() as s:
        assert "补录手工单" in s.screen
        await s.press("enter")
        screen = s.app.screen
        assert isinstance(screen, LateChargeScreen)
        assert screen.sheet.entry_id == entry_id
        assert screen.head.paper.number == numbers[0]
        assert numbers[0] in s.screen
        await s.press("enter")
        await s.type("27.8")
        await s.press("enter")
        late = await stands(s)
        assert late.content["entry_id"] == entry_id
        assert late.content["written_at"][11:16] == "08:20"


async def test_a_scan_begins_a_paper(story: Callable[..., Story], numbers: list[str]) -> None:
    """The code on the form opens the right screen with its number, from wherever it is scanned."""
    from downtime.pack_number import parse_paper

    number = parse_paper(numbers[2])
    assert number is not None
    async with story() as s:
        await s.scan(number.code())
        await s.until(lambda: isinstance(s.app.screen, LateEntryScreen))
        await s.rest()
        assert numbers[2] in s.screen
        await s.type("0820")
        await s.press("enter", "enter")
        assert isinstance(s.app.screen, LateChargeScreen)


async def test_a_nurse_who_takes_no_money_types_papers_in(
    practice_home: Home, story: Callable[..., Story]
) -> None:
    """Typing in is a right of its own: a nurse who takes no money may, for whoever took it wrote it down."""
    numbers = issue_pack(practice_home)
    async with story(operator="2001") as s:
        assert not s.app.may("cash")
        await begin_pile(s, numbers[0])
        await slip(s, "27.8")
        late = await stands(s)
        assert late.operator == "2001"
        assert s.entries("charge")[0].role == "nurse"


async def test_three_lines_take_about_24_keys(practice_home: Home) -> None:
    """Random slips of three lines, number and time inherited: no pointing, 15 s median, 20 s p90 by the model."""
    works = await type_pile(practice_home, SLIPS, seed=7)
    assert not any(work.points for work in works)
    assert percentile([float(work.keys) for work in works], 90) <= 25
    assert median(work.seconds(pessimist=False) for work in works) <= 15
    assert percentile([work.seconds() for work in works], 90) <= 20
