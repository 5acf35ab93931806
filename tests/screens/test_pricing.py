"""Pricing 划价 by whoever takes no money: pharmacist, nurse or helper; F8 records and prints at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.screens.home import HomeScreen
from downtime.screens.pricing import PricingScreen
from tests.screens.at_window import comes_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def filled(s: Story, *items: str) -> PricingScreen:
    """Open the screen, find a patient and take items."""
    s.app.go("pricing")
    await s.rest()
    await s.type("zw")
    await s.press("enter")
    for item in items:
        await s.type(item)
        await s.press("enter")
    assert isinstance(s.app.screen, PricingScreen)
    return s.app.screen


@pytest.mark.parametrize("operator", ["2001", "3001", "1001"])
async def test_f8_records_and_prints_without_money(story: Callable[..., Story], operator: str) -> None:
    """Nurse, pharmacist and cashier price; a slip comes out, no payment is in it."""
    async with story(operator=operator) as s:
        screen = await filled(s, "xcg", "amxl")
        await s.press("f8")
        await s.until(lambda: s.entries("pricing") and not s.app.printing)
        (slip,) = s.entries("pricing")
        assert "payments" not in slip.content
        assert slip.qr
        assert not s.desk.not_printed()
        assert screen.patients.input.has_focus
        assert f"已记录 {slip.number}" in s.screen


async def test_lines_carry_the_category_of_the_list(story: Callable[..., Story]) -> None:
    """Whoever sums by category later finds it on every line."""
    async with story() as s:
        await filled(s, "xcg", "amxl")
        await s.press("f8")
        await s.until(lambda: s.entries("pricing"))
        reference = s.desk.reference
        assert reference is not None
        for line in s.entries("pricing")[0].content["lines"]:
            row = reference.get_item(line["code"]) or reference.get_drug(line["code"])
            assert row is not None
            assert line["category"] == row.category


async def test_an_item_no_list_has_is_priced_all_the_same(story: Callable[..., Story]) -> None:
    """待核价: name and price by hand, checked later."""
    async with story(operator="3001") as s:
        await filled(s)
        await s.press("ctrl+t")
        await s.type("lianxi")
        await s.press("enter")
        await s.type("12.5")
        await s.press("enter", "f8")
        await s.until(lambda: s.entries("pricing"))
        (line,) = s.entries("pricing")[0].content["lines"]
        assert (line["kind"], line["amount_minor"]) == ("unlisted", 1_250)


async def test_one_stray_enter_prints_no_slip(story: Callable[..., Story]) -> None:
    """Enter on the empty item line asks for a second one; ten of them make one slip."""
    async with story() as s:
        await filled(s, "xcg")
        await s.press("enter")
        assert "再按一次" in s.screen
        assert not s.entries("pricing")
        await s.press(*["enter"] * 10)
        await s.until(lambda: "已记录" in s.screen)
        assert len(s.entries("pricing")) == 1


async def test_a_supervisor_of_it_prices_nothing(story: Callable[..., Story]) -> None:
    """IT has no right to price: the place is refused in words."""
    async with story(operator="4001") as s:
        s.app.go("pricing")
        await s.rest()
        assert isinstance(s.app.screen, HomeScreen)


async def test_power_cut_between_lines(story: Callable[..., Story]) -> None:
    """Patient and lines come back to be priced; no slip was recorded."""
    async with story() as s:
        screen = await filled(s, "xcg", "amxl")
        entry_id = screen.sheet.entry_id
        await s.until(lambda: any(len(d.content["lines"]) == 2 for d in s.desk.drafts()))

    def look(again: Any) -> None:
        assert isinstance(again, PricingScreen)
        assert again.sheet.entry_id == entry_id
        assert len(again.sheet.lines) == 2

    await comes_back(story, "pricing", look)
