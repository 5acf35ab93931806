"""Amount only 预收: patient, category, amount, money; the lines come later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.screens.precollection import STANDARD, PrecollectionScreen, fee_categories
from downtime.screens.settle import SettleDialog
from tests.screens.at_window import INSURED, comes_back

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from tests.screens.story import Story


def screen_of(s: Story) -> PrecollectionScreen:
    """Return the screen in sight."""
    assert isinstance(s.app.screen, PrecollectionScreen)
    return s.app.screen


async def begun(s: Story) -> None:
    """Open the screen and find a patient."""
    s.app.go("precollection")
    await s.rest()
    await s.type("zw")
    await s.press("enter")


async def test_patient_digit_amount_and_two_enters(story: Callable[..., Story]) -> None:
    """Nothing else is asked of a patient whose phone is known: the advance stands, the next one can come."""
    async with story() as s:
        await begun(s)
        await s.press("3")
        await s.type("200")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("precollection"))
        (advance,) = s.entries("precollection")
        assert advance.content["category"] == fee_categories(s.desk, {})[2]
        assert advance.content["total_minor"] == 20_000
        assert advance.content["phone"]
        await s.until(lambda: str(advance.number) in s.screen)
        assert screen_of(s).patients.input.has_focus
        assert screen_of(s).sheet.is_empty


async def test_enter_takes_the_category_used_last(story: Callable[..., Story]) -> None:
    """A queue at the laboratory window is one category: after the first, Enter is enough."""
    async with story() as s:
        await begun(s)
        await s.press("4")
        await s.type("50")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("precollection"))
        await s.type("zw")
        await s.press("enter", "enter")
        await s.type("60")
        await s.press("enter", "enter")
        await s.until(lambda: len(s.entries("precollection")) == 2)
        first, second = s.entries("precollection")
        assert first.content["category"] == second.content["category"]


async def test_initials_find_a_category_and_a_new_one_is_taken(story: Callable[..., Story]) -> None:
    """Hlf is 护理费; what no list has is taken as it is typed."""
    async with story() as s:
        await begun(s)
        await s.type("hlf")
        await s.press("enter")
        assert screen_of(s).sheet.answer("category") == "护理费"
        await s.press("shift+tab")
        await s.type("救护车费")
        await s.press("enter")
        assert screen_of(s).sheet.answer("category") == "救护车费"


async def test_ten_enters_make_one_advance(story: Callable[..., Story]) -> None:
    """Paying twice: whoever hammers on Enter has paid once."""
    async with story() as s:
        await begun(s)
        await s.press("1")
        await s.type("80")
        await s.press(*["enter"] * 10)
        await s.until(lambda: "已记录" in s.screen)
        assert len(s.entries("precollection")) == 1


async def test_full_width_figures_are_figures(story: Callable[..., Story]) -> None:
    """With the input method on, the amount is read for what was meant."""
    async with story() as s:
        await begun(s)
        await s.press("1")
        await s.type("１２。５")
        assert screen_of(s).sheet.total_minor == 1_250


async def test_characters_in_the_amount_are_told_and_nothing_is_recorded(story: Callable[..., Story]) -> None:
    """Composed text where the amount belongs: the reason stands there, and what was typed is still there."""
    async with story() as s:
        await begun(s)
        await s.press("1")
        await s.type("二百")
        assert "输入法" in s.screen
        await s.press("enter")
        assert not isinstance(s.app.screen, SettleDialog)
        assert "二百" in s.screen
        assert not s.entries("precollection")


async def test_no_amount_is_asked_for_beside_its_field(story: Callable[..., Story]) -> None:
    """Enter on nothing, or on zero, goes nowhere and says why."""
    async with story() as s:
        await begun(s)
        await s.press("1", "enter")
        row = next(row for row in s.screen.splitlines() if "金额" in row)
        assert "请输入金额" in row
        await s.type("0")
        await s.press("enter")
        assert not isinstance(s.app.screen, SettleDialog)


async def test_power_cut_before_the_money(story: Callable[..., Story]) -> None:
    """Between amount and Enter the power goes: patient, category and amount come back under the same id."""
    async with story() as s:
        await begun(s)
        await s.press("2")
        await s.type("70")
        await s.press("enter")
        assert isinstance(s.app.screen, SettleDialog)
        entry_id = next(x for x in s.app.screen_stack if isinstance(x, PrecollectionScreen)).sheet.entry_id
        await s.until(lambda: any(d.content["typed"].get("amount") == "70" for d in s.desk.drafts()))

    def look(screen: Any) -> None:
        assert isinstance(screen, PrecollectionScreen)
        assert screen.sheet.entry_id == entry_id
        assert screen.sheet.total_minor == 7_000
        assert screen.sheet.answer("category")

    await comes_back(story, "precollection", look)


async def test_holding_lets_the_next_patient_come_first(story: Callable[..., Story]) -> None:
    """F7 puts an advance aside, F7 on the empty screen takes it up."""
    async with story() as s:
        await begun(s)
        await s.press("1")
        await s.type("90")
        await s.press("f7")
        await s.until(s.desk.drafts)
        assert screen_of(s).sheet.is_empty
        await s.press("f7")
        assert screen_of(s).sheet.total_minor == 9_000


async def test_without_any_list_the_usual_categories_are_there(story: Callable[..., Story]) -> None:
    """No price list: the categories of the formal receipt, in its order."""
    async with story() as s:
        s.desk.reference, s.desk.search = None, None
        s.app.go("precollection", patient=INSURED)
        await s.rest()
        assert STANDARD[2] in s.screen
        await s.press("3")
        await s.type("20")
        await s.press("enter", "enter", "enter")
        await s.until(lambda: s.entries("precollection"))
        assert s.entries("precollection")[0].content["category"] == STANDARD[2]


async def test_the_sites_own_categories_come_first(story: Callable[..., Story], practice_home: Home) -> None:
    """A list in the settings is the one shown, in its order."""
    path = practice_home.path / "station.toml"
    path.write_text(path.read_text("utf-8") + '\n[window]\ncategories = ["化验", "药费"]\n', "utf-8")
    async with story() as s:
        await begun(s)
        assert "1 化验" in s.screen
        await s.press("2")
        assert screen_of(s).sheet.answer("category") == "药费"


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_an_insured_patients_card_is_kept_by_one_key(
    story: Callable[..., Story], language: str
) -> None:
    """Right after the receipt, Ctrl+R asks what stands on the card's slip; the next patient hinders nothing."""
    async with story(language=language) as s:
        s.app.go("precollection", patient=INSURED)
        await s.rest()
        await s.press("1")
        await s.type("20")
        await s.press("enter", "enter", "enter")
        await s.until(lambda: s.entries("precollection") and "Ctrl+R" in s.screen)
        await s.press("ctrl+r")
        await s.type("1234")
        await s.press("enter", "enter", "enter", "enter")
        await s.until(lambda: s.entries("card_held"))
        (held,) = s.entries("card_held")
        assert held.content["card_tail"] == "1234"
        assert held.content["left_by"] == INSURED.name
        assert held.refers_to == (s.entries("precollection")[0].id,)
        assert isinstance(s.app.screen, PrecollectionScreen)
