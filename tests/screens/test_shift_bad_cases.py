"""What goes wrong in a shift: power cuts, impatience, clocks, old figures; nothing of it changes a sum."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from downtime.clock import ManualClock
from downtime.screens.reason import ReasonDialog
from downtime.screens.rows import Rows
from downtime.screens.shift_count import CountDialog
from downtime.screens.unconfirmed import UnconfirmedScreen
from tests.screens.made_up import made_charge, made_reversal
from tests.screens.shift_steps import (
    NOTES,
    all_of,
    at_stage,
    closing_of,
    counted,
    opened_shift,
    printed_and_told,
    stage_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def test_ten_enters_are_one_closing(story: Callable[..., Story]) -> None:
    """Closing twice, or an impatient hand: one closing stands, and no new shift opens by accident."""
    async with story() as s:
        await opened_shift(s)
        await counted(s, n0=2)
        await s.press(*["enter"] * 10)
        await at_stage(s, "done")
        await s.press(*["enter"] * 10)
        assert len(all_of(s, "shift_closed")) == 1
        assert len(all_of(s, "shift_opened")) == 1
        assert stage_of(s) == "done"


async def test_ten_enters_open_one_shift(story: Callable[..., Story]) -> None:
    """One drawer, one shift, however often Enter is pressed."""
    async with story() as s:
        s.app.go("shift")
        await at_stage(s, "none")
        await s.press(*["enter"] * 10)
        await at_stage(s, "open")
        assert len(all_of(s, "shift_opened")) == 1


async def test_previous_shift_is_never_shown(story: Callable[..., Story]) -> None:
    """The next shift begins with the float that was left and with nothing of the one before."""
    async with story() as s:
        await opened_shift(s)
        await printed_and_told(s, made_charge(s.desk))
        await counted(s, n0=3)
        await s.press(*"duo", "enter", "enter", "enter")
        await at_stage(s, "done")
        await s.press("f8")
        await s.until(lambda: "200.00" in s.screen)
        await s.press("enter")
        await at_stage(s, "open")
        await counted(s, n0=2)
        figures = s.app.screen.found.figures  # type: ignore[attr-defined]  # the shift screen
        assert figures is not None
        assert (figures.methods, figures.numbers.used, figures.net_minor()) == ((), 0, 0)
        assert "相符" in s.screen or "一分不差" in s.screen


async def test_power_cut_between_count_and_close(story: Callable[..., Story]) -> None:
    """The count stands, so does what was explained; the screen goes on where it was, and closes."""
    async with story() as s:
        await opened_shift(s)
        charge = made_charge(s.desk)
        await counted(s, n0=2)
        s.app.screen.query_one(Rows).focus()
        await s.press("1")
        await s.until(lambda: isinstance(s.app.screen, ReasonDialog))
        await s.press("2", "enter")
        await s.until(lambda: "已改开手写收据" in s.screen and stage_of(s) == "counted")
        await s.press("f8")  # says that the reason is missing; what was typed is kept
        await s.until(lambda: any(draft.form == "shift" for draft in s.desk.drafts()))
    async with story() as s:
        await s.until(lambda: isinstance(s.app.screen, UnconfirmedScreen))
        assert "班次" in s.screen
        s.app.go("shift")
        await at_stage(s, "counted")
        await s.press(*"shao", "enter", "enter", "enter")
        await at_stage(s, "done")
        assert [one["number"] for one in closing_of(s)["explained"]] == [charge.number]
        await s.until(lambda: not [draft for draft in s.desk.drafts() if draft.form == "shift"])


async def test_half_a_count_survives(story: Callable[..., Story]) -> None:
    """Lock, crash or Esc in the middle of counting: the notes counted so far are still there."""
    async with story() as s:
        await opened_shift(s)
        await s.press("f8")
        await s.until(lambda: isinstance(s.app.screen, CountDialog))
        await s.press("1", "2", "enter", "3", "enter")
        await s.until(lambda: [len(draft.content["pieces"]) for draft in s.desk.drafts()] == [2])
    async with story() as s:
        s.app.go("shift")
        await at_stage(s, "open")
        await s.press("f8")
        await s.until(lambda: isinstance(s.app.screen, CountDialog))
        assert "1,200.00" in s.screen
        assert "150.00" in s.screen


async def test_a_crash_leaves_the_shift_open_and_it_resumes(story: Callable[..., Story]) -> None:
    """The next login, by whomever, finds the shift with its float, and charging goes on in it."""
    async with story() as s:
        await opened_shift(s, "150")
    async with story(operator="1002") as s:
        s.app.go("shift")
        await at_stage(s, "open")
        assert "W03A01-1" in s.screen
        assert "150.00" in s.screen
        assert "1001" in s.screen, "whose drawer it is"


async def test_charged_after_the_count_is_counted_again(story: Callable[..., Story]) -> None:
    """Money that came after the count is never a shortage: the drawer is counted once more."""
    async with story() as s:
        await opened_shift(s)
        await counted(s, n0=2)
        await printed_and_told(s, made_charge(s.desk))
        s.app.go("shift")
        await at_stage(s, "open")
        assert "应有" not in s.screen


async def test_unpaid_is_never_cash_on_the_screen(story: Callable[..., Story]) -> None:
    """Authorised unpaid stands among what is owed, and the drawer expects nothing of it."""
    async with story() as s:
        await opened_shift(s)
        owing = made_charge(s.desk, vouched=True)
        await printed_and_told(s, owing)
        await counted(s, n0=2)
        found: Any = s.app.screen.found  # type: ignore[attr-defined]  # the shift screen
        assert found.expected["cash"] == 20_000
        assert found.figures.owed_minor == owing.content["total_minor"]
        assert found.figures.net_minor() == 0


async def test_reversal_of_a_closed_shift_counts_in_this_one(story: Callable[..., Story]) -> None:
    """Given back today is given back today; the closed report stays as it was printed."""
    async with story() as s:
        await opened_shift(s)
        charge = made_charge(s.desk)
        await printed_and_told(s, charge)
        await counted(s, n0=3)
        await s.press(*"duo", "enter", "enter", "enter")
        await at_stage(s, "done")
        before = closing_of(s)
        await s.press("f8")
        await s.until(lambda: "200.00" in s.screen)
        await s.press("enter")
        await at_stage(s, "open")
        await printed_and_told(s, made_reversal(s.desk, charge))
        await counted(s, n0=2)
        figures: Any = s.app.screen.found.figures  # type: ignore[attr-defined]  # the shift screen
        assert figures.reversals.count == 1
        assert figures.net_of("cash") == -charge.content["payments"][0]["amount_minor"]
        assert closing_of(s) == before


async def test_the_clock_set_back_over_midnight_changes_nothing(story: Callable[..., Story]) -> None:
    """The business day is the one the shift was opened on, wherever the clock stands."""
    clock = ManualClock(datetime.now(UTC).replace(hour=23, minute=50, microsecond=0))
    async with story(clock=clock) as s:
        await opened_shift(s)
        (opened,) = all_of(s, "shift_opened")
        clock.turn(wall_seconds=3600)
        await printed_and_told(s, made_charge(s.desk))
        clock.turn(wall_seconds=-26 * 3600)
        charge = made_charge(s.desk)
        await printed_and_told(s, charge)
        assert charge.recorded_at[:10] < opened.content["business_day"]
        await counted(s, n0=2)
        await s.press(*"shao", "enter", "enter", "enter")
        await at_stage(s, "done")
        content = closing_of(s)
        assert content["business_day"] == opened.content["business_day"]
        assert content["figures"]["numbers"]["used"] == 2
        assert content["expected_minor"]["cash"] == 20_000 + 2 * charge.content["payments"][0]["amount_minor"]


async def test_an_empty_drawer_is_asked_about(story: Callable[..., Story]) -> None:
    """Enter all the way down never records nothing by accident."""
    async with story() as s:
        await opened_shift(s)
        await s.press("f8")
        await s.until(lambda: isinstance(s.app.screen, CountDialog))
        await s.press(*["enter"] * NOTES)
        assert isinstance(s.app.screen, CountDialog)
        await s.press("enter")
        await at_stage(s, "counted")
