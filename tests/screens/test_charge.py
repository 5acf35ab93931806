"""Charging by keys alone, as a cashier does with a queue in front of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.charge import ChargeScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def test_three_items_by_keys_only(story: Callable[..., Story]) -> None:
    """Patient, three items, cash, change: one charge stands, and the cursor waits for the next patient."""
    async with story() as s:
        await s.charged("zw", "xcg", "amxl")
        await s.type("ct")
        await s.press("6")
        await s.press("enter")
        await s.type("300")
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        (charge,) = s.entries("charge")
        assert [line["kind"] for line in charge.content["lines"]] == ["service", "drug", "service"]
        assert charge.amount_minor == sum(line["amount_minor"] for line in charge.content["lines"])
        (payment,) = charge.content["payments"]
        assert payment["tendered_minor"] == 30000
        assert payment["change_minor"] == 30000 - charge.content["total_minor"]
        await s.until(lambda: str(charge.number) in s.screen)
        assert isinstance(s.app.screen, ChargeScreen)
        assert s.app.screen.patients.input.has_focus


async def test_recorded_is_said_only_once_it_stands(story: Callable[..., Story]) -> None:
    """The line with the number names an entry of the journal, with amount and change."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter")
        await s.type("50")
        assert "已记录" not in s.screen
        await s.press("enter")
        await s.until(lambda: "已记录" in s.screen)
        (charge,) = s.entries("charge")
        assert f"已记录 {charge.number}" in s.screen
        assert "¥18.00" in s.screen
        assert "找零 32.00" in s.screen


async def test_ten_enters_make_one_entry(story: Callable[..., Story]) -> None:
    """Whoever hammers on Enter has charged once."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press(*["enter"] * 10)
        await s.until(lambda: "已记录" in s.screen)
        assert len(s.entries("charge")) == 1


async def test_digits_one_to_nine_pick_a_row(story: Callable[..., Story]) -> None:
    """A digit takes that row of the list; a code that begins with digits is typed."""
    async with story() as s:
        await s.press("1")
        await s.type("zw")
        third = s.screen.splitlines()[6].split()[3 - 1]
        await s.press("3")
        sheet = s.app.screen.sheet  # type: ignore[attr-defined]  # the charge screen's
        assert sheet.patient is not None
        assert sheet.patient.number.startswith("PX")
        assert third
        await s.type("250900251")
        await s.press("enter")
        assert [line.code for line in sheet.lines] == ["250900251"]


async def test_digits_after_a_space_are_typed(story: Callable[..., Story]) -> None:
    """Names with figures in them can be found: a space says that digits are text."""
    async with story() as s:
        await s.charged("zw")
        await s.type("xcg 5")
        assert s.app.screen.items.text == "xcg 5"  # type: ignore[attr-defined]  # the charge screen's


async def test_full_width_digits_are_digits(story: Callable[..., Story]) -> None:
    """With the input method on, the amount is still read for what was meant."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter")
        await s.type("２０。５")
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        assert s.entries("charge")[0].content["payments"][0]["tendered_minor"] == 2050


async def test_the_number_pads_point_is_a_point(story: Callable[..., Story]) -> None:
    """1.5 on the number pad is never 15, whatever the terminal calls that key."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f4")
        await s.press("1", "decimal", "5", "enter")
        sheet = s.app.screen.sheet  # type: ignore[attr-defined]  # the charge screen's
        assert sheet.lines[0].quantity == "1.5"
        assert sheet.total_minor == 2700


async def test_star_three_means_three_of_the_last(story: Callable[..., Story]) -> None:
    """A quantity needs no field of its own."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.type("*3")
        await s.press("enter")
        assert s.app.screen.sheet.lines[0].quantity == "3"  # type: ignore[attr-defined]  # the charge screen's


async def test_a_wrong_quantity_says_so_beside_the_field(story: Callable[..., Story]) -> None:
    """Zero, negative or absurd: nothing changes, what was typed stays, and the reason stands beside it."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f4")
        await s.type("0")
        await s.press("enter")
        assert "数量" in s.screen
        assert s.app.screen.sheet.lines[0].quantity == "1"  # type: ignore[attr-defined]  # the charge screen's
        await s.press("escape")
        assert s.app.screen.items.input.has_focus  # type: ignore[attr-defined]  # the charge screen's


async def test_an_unlisted_item_is_charged_all_the_same(story: Callable[..., Story]) -> None:
    """What no list has is charged by name and price, to be checked later."""
    async with story() as s:
        await s.charged("zw")
        await s.type("qqqq")
        await s.press("ctrl+t")
        await s.press("enter")
        await s.type("12.5")
        await s.press("enter", "enter", "enter")
        await s.until(lambda: s.entries("charge"))
        (line,) = s.entries("charge")[0].content["lines"]
        assert (line["kind"], line["name"], line["amount_minor"]) == ("unlisted", "qqqq", 1250)


async def test_the_draft_survives_esc_and_comes_back(story: Callable[..., Story]) -> None:
    """Esc leaves the screen and loses nothing: the charge waits among those held, under the same id."""
    async with story() as s:
        await s.charged("zw", "xcg", "amxl")
        entry_id = s.app.screen.sheet.entry_id  # type: ignore[attr-defined]  # the charge screen's
        await s.press("escape", "1")
        await s.until(s.desk.drafts)
        await s.press("f7")
        sheet = s.app.screen.sheet  # type: ignore[attr-defined]  # the charge screen's
        assert sheet.entry_id == entry_id
        assert len(sheet.lines) == 2


async def test_holding_lets_the_next_patient_come_first(story: Callable[..., Story]) -> None:
    """F7 puts a charge aside and takes it up again."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f7")
        await s.until(s.desk.drafts)
        await s.type("lw")
        await s.press("enter")
        await s.type("xcg")
        await s.press("enter", "enter", "enter")
        await s.until(lambda: s.entries("charge"))
        await s.press("f7", "enter", "enter")
        await s.until(lambda: len(s.entries("charge")) == 2)
        assert not s.desk.drafts()


async def test_a_package_becomes_its_lines(story: Callable[..., Story]) -> None:
    """Picking a package charges what it consists of."""
    async with story() as s:
        reference = s.desk.reference
        assert reference is not None
        package = next(iter(reference.rows("packages")))
        await s.charged("zw")
        await s.type(str(package.code))  # type: ignore[attr-defined]  # the rows of that table have codes
        await s.press("enter")
        expected = [line.code for line in reference.package_lines(str(package.code))]  # type: ignore[attr-defined]  # as above
        assert [line.code for line in s.app.screen.sheet.lines] == expected  # type: ignore[attr-defined]  # the charge screen's


async def test_without_a_price_list_charging_goes_on(story: Callable[..., Story]) -> None:
    """No price list, no patients: somebody handed over by registration is charged an unlisted line."""
    from downtime.screens.people import PatientCard

    async with story() as s:
        s.desk.reference, s.desk.search = None, None
        s.app.go("charge", patient=PatientCard("TW03A0100001", "练习王五", temporary=True))
        await s.rest()
        await s.press("ctrl+t")
        await s.type("挂号费")
        await s.press("enter")
        await s.type("10")
        await s.press("enter", "enter", "enter")
        await s.until(lambda: s.entries("charge"))
        assert s.entries("charge")[0].patient == "TW03A0100001"


async def test_a_refused_key_says_why(story: Callable[..., Story]) -> None:
    """F8 with nothing to settle answers with the reason."""
    async with story() as s:
        await s.press("1", "f8")
        assert "F8: 还没有收费项目" in s.screen


async def test_what_was_wrong_goes_with_the_next_step(story: Callable[..., Story]) -> None:
    """A quantity that cannot be is said until the right one stands, and no longer."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press(*"*0", "enter")
        assert "数量必须大于" in s.screen
        await s.press("backspace", "3", "enter")
        assert "数量必须大于" not in s.screen
        assert "54.00" in s.screen


async def test_a_key_too_many_leaves_what_was_recorded_in_sight(story: Callable[..., Story]) -> None:
    """F8 again and again: number and change stay, the reason stands beside them."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f8", "f8")
        await s.until(lambda: s.entries("charge") and not s.app.printing)
        await s.press("f8", "f8", "f8")
        assert len(s.entries("charge")) == 1
        assert "已记录 W03A-000001-0" in s.screen
        assert "F8: " in s.screen


async def test_the_key_for_held_forms_says_which_way(story: Callable[..., Story]) -> None:
    """F7 puts a form aside; on the empty screen the same key takes it up."""
    async with story() as s:
        await s.charged("zw", "xcg")
        assert "F7 挂起" in s.screen
        await s.press("f7")
        await s.until(s.desk.drafts)
        await s.rest()
        assert "F7 取回" in s.screen
