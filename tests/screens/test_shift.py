"""The shift on its screen: float, blind count, over and short, what is unaccounted for, closing, handing over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.reason import ReasonDialog
from downtime.screens.rows import Rows
from downtime.screens.second_person import SecondPersonDialog
from downtime.screens.shift_count import CountDialog
from tests.screens.made_up import made_charge
from tests.screens.shift_steps import (
    all_of,
    at_stage,
    closing_of,
    counted,
    opened_shift,
    printed_and_told,
    stage_of,
    typed_pieces,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def test_a_whole_shift_by_keys_alone(story: Callable[..., Story]) -> None:
    """Open on the float, charge, count blind, close: the report prints with the chain head as its code."""
    async with story() as s:
        await opened_shift(s)
        charge = made_charge(s.desk)
        await printed_and_told(s, charge)
        cash = charge.content["payments"][0]["amount_minor"]
        await s.press("f8")
        await s.until(lambda: isinstance(s.app.screen, CountDialog))
        figures = f"{(20_000 + cash) / 100:.2f}"
        assert figures not in s.screen, "nothing says beforehand what should be there"
        assert "应有" not in s.screen.replace("应有金额", "")
        await typed_pieces(s, n0=2)
        await at_stage(s, "counted")
        assert figures in s.screen
        assert "短款" in s.screen
        await s.press(*"zhao cuo", "enter")  # why it is short
        await s.press("enter", "enter")
        await s.until(lambda: all_of(s, "shift_closed"))
        await at_stage(s, "done")
        content = closing_of(s)
        assert (content["expected_minor"]["cash"], content["counted_minor"]) == (20_000 + cash, 20_000)
        assert (content["over_short_minor"], content["reason"]) == (-cash, "zhao cuo")
        assert content["left_minor"] == 20_000
        await s.until(
            lambda: any(
                one.content["entry_id"] == all_of(s, "shift_closed")[0].id for one in all_of(s, "printed")
            )
        )
        (paper,) = [
            one for one in all_of(s, "printed") if one.content["entry_id"] == all_of(s, "shift_closed")[0].id
        ]
        assert (paper.content["state"], paper.content["copy_number"]) == ("printed", 1)


async def test_the_report_prints_again_as_a_copy(story: Callable[..., Story]) -> None:
    """F6 prints copy 2; nothing is closed twice by it."""
    async with story() as s:
        await opened_shift(s)
        await counted(s, n0=2)
        await s.press("enter", "enter")
        await at_stage(s, "done")
        await s.until(lambda: [one.content["copy_number"] for one in all_of(s, "printed")] == [1])
        await s.press("f6")
        await s.until(lambda: [one.content["copy_number"] for one in all_of(s, "printed")] == [1, 2])
        assert len(all_of(s, "shift_closed")) == 1


async def test_closing_waits_for_what_is_unaccounted_for(story: Callable[..., Story]) -> None:
    """Each paper is named with the act for it right there: printed, or explained with a reason."""
    async with story() as s:
        await opened_shift(s)
        lost, given_up = made_charge(s.desk), made_charge(s.desk)
        await counted(s, n0=2)
        await s.press(*"shao", "enter", "enter")
        assert "还有 2 张" in s.screen
        assert str(lost.number) in s.screen
        assert not all_of(s, "shift_closed")
        await s.press("1")
        await s.until(lambda: isinstance(s.app.screen, ReasonDialog))
        await s.press("1", "enter")  # print it now
        await s.until(lambda: len(s.app.screen.found.matters) == 1)  # type: ignore[attr-defined]  # the shift screen
        await at_stage(s, "counted")
        s.app.screen.query_one(Rows).focus()
        await s.press("1")
        await s.until(lambda: isinstance(s.app.screen, ReasonDialog))
        await s.press("2", "enter")  # written by hand instead
        await s.until(lambda: "已改开手写收据" in s.screen and stage_of(s) == "counted")
        await s.press("f8", "f8")
        await at_stage(s, "done")
        (explained,) = closing_of(s)["explained"]
        assert explained == {"number": given_up.number, "reason": "已改开手写收据"}


async def test_no_shift_open_never_stands_in_the_way(story: Callable[..., Story]) -> None:
    """A quiet line says which key opens one; the money counts for the next shift; nothing asks anything."""
    async with story() as s:
        assert "还没有开班" in s.screen
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("charge"))
        (charge,) = s.entries("charge")
        await s.until(lambda: not s.app.printing)
        await opened_shift(s)
        await counted(s, n0=2)
        figures = s.app.screen.found.figures  # type: ignore[attr-defined]  # the shift screen
        assert figures is not None
        assert figures.net_of("cash") == charge.content["total_minor"]


async def test_handing_the_drawer_over(story: Callable[..., Story]) -> None:
    """One counts, the other counts blind, the other signs with the own password; the shift goes on."""
    async with story() as s:
        await opened_shift(s)
        await s.press("f7", *"1001", "enter")
        await s.until(lambda: "不能交给自己" in s.screen or "自己" in s.screen)
        await s.press(*["backspace"] * 4, *"1006", "enter")
        await s.until(lambda: isinstance(s.app.screen, CountDialog))
        await typed_pieces(s, n0=2)
        await s.until(lambda: isinstance(s.app.screen, CountDialog) and "练习员陈立新" in s.screen)
        assert "200.00" not in s.screen, "the taker counts without seeing any sum"
        await typed_pieces(s, n0=1, n1=1)
        await s.until(lambda: isinstance(s.app.screen, ReasonDialog))
        assert "150.00" in s.screen
        await s.press("1", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        await s.press(*"1006", "enter", *"lianxi1006", "enter")
        await s.until(lambda: all_of(s, "shift_handed_over"))
        (handed,) = all_of(s, "shift_handed_over")
        assert handed.second_person == "1006"
        assert (handed.content["given_minor"], handed.content["received_minor"]) == (20_000, 15_000)
        await at_stage(s, "open")
        await s.until(lambda: "钱箱:1006" in s.screen)


async def test_no_other_screen_tells_the_sum_beforehand(story: Callable[..., Story]) -> None:
    """Standing hides the drawer from whoever is going to count it, until it is counted."""
    async with story() as s:
        await opened_shift(s, "273")
        s.app.go("standing")
        await s.rest()
        assert "清点后显示" in s.screen
        assert "273.00" not in s.screen
        s.app.go("shift")
        await at_stage(s, "open")
        await counted(s, n0=2, n1=1)
        s.app.go("standing")
        await s.rest()
        assert "273.00" in s.screen


async def test_float_by_note_and_coin(story: Callable[..., Story]) -> None:
    """F4 counts the float; its notes stand in the opening."""
    async with story() as s:
        s.app.go("shift")
        await at_stage(s, "none")
        await s.press("f4")
        await s.until(lambda: isinstance(s.app.screen, CountDialog))
        await typed_pieces(s, n0=1, n3=5)
        await at_stage(s, "open")
        (opened,) = all_of(s, "shift_opened")
        assert opened.content["float_minor"] == 15_000
        assert [one["pieces"] for one in opened.content["counted"]] == [1, 5]


async def test_english_80_by_24(story: Callable[..., Story]) -> None:
    """Everything fits and is said in English too."""
    async with story(language="en") as s:
        await opened_shift(s)
        await counted(s, n0=2)
        assert "It agrees to the cent." in s.screen
        assert "Receipt numbers" not in s.screen, "no receipt, no range"
        await s.press("enter")
        assert "Enter again: close the shift" in s.screen
