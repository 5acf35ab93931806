"""Lines of an advance 补录明细: typed later, from anywhere; what is over or short stands on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.screens.itemisation import ItemisationScreen
from downtime.screens.refund import RefundScreen
from downtime.screens.settle import SettleDialog
from downtime.store import open_lists
from tests.screens.at_window import comes_back, lines_of, made, made_advance

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from tests.screens.story import Story


async def begun(s: Story, advance: Entry | None = None) -> ItemisationScreen:
    """Open the screen, with an advance or without."""
    s.app.go("itemisation", **({"entry": advance} if advance else {}))
    await s.rest()
    assert isinstance(s.app.screen, ItemisationScreen)
    return s.app.screen


async def taken(s: Story, *items: str) -> None:
    """Take items, each by its first row."""
    for item in items:
        await s.type(item)
        await s.press("enter")


async def test_what_is_over_stands_on_the_screen_and_nothing_is_given_back_silently(
    story: Callable[..., Story],
) -> None:
    """200 were paid, 18 are used: 182 are over, recorded as such, still owed to the patient."""
    async with story() as s:
        advance = made_advance(s.desk, 20_000)
        await begun(s, advance)
        await taken(s, "xcg")
        assert "多退 ¥182.00" in s.screen
        await s.press("f8")
        await s.until(lambda: s.entries("itemisation") and not s.app.printing)
        (entry,) = s.entries("itemisation")
        assert (entry.content["covered_minor"], entry.content["advance_minor"]) == (1_800, 20_000)
        assert "多退 ¥182.00" in s.screen
        (left,) = open_lists.open_advances(s.desk.looking())
        assert left.amount_minor == 18_200


async def test_what_is_short_is_collected_by_one_key(story: Callable[..., Story]) -> None:
    """10 were paid, 18 are due: F8 records, F8 again takes the 8 that are short."""
    async with story() as s:
        advance = made_advance(s.desk, 1_000)
        await begun(s, advance)
        await taken(s, "xcg")
        assert "少补 ¥8.00" in s.screen
        await s.press("f8")
        await s.until(lambda: s.entries("itemisation") and not s.app.printing)
        (lines,) = s.entries("itemisation")
        assert s.desk.owed_minor(lines.id) == 800
        await s.press("f8")
        assert isinstance(s.app.screen, SettleDialog)
        await s.press("enter")
        await s.until(lambda: s.entries("payment"))
        assert s.entries("payment")[0].content["charge_id"] == lines.id
        assert s.desk.owed_minor(lines.id) == 0


async def test_whoever_takes_no_money_types_the_lines(story: Callable[..., Story]) -> None:
    """Whoever has no right to cash records the lines; what is short waits for a cashier."""
    async with story() as s:
        advance = made_advance(s.desk, 1_000)
    async with story(operator="2001") as s:
        await begun(s, advance)
        await taken(s, "xcg")
        await s.press("f8")
        await s.until(lambda: s.entries("itemisation") and not s.app.printing)
        await s.press("f8")
        assert not isinstance(s.app.screen, SettleDialog)


async def test_open_advances_are_listed_and_found_by_number_or_name(story: Callable[..., Story]) -> None:
    """Without being told which: Down lists them, newest first; a name or the slip's short number finds one."""
    async with story() as s:
        first, second = made_advance(s.desk, 5_000), made_advance(s.desk, 6_000)
        screen = await begun(s)
        await s.press("down")
        await s.until(lambda: str(first.number) in s.screen and str(second.number) in s.screen)
        await s.press("escape")
        await s.type("练习病人")
        assert str(second.number) in s.screen
        await s.press("escape")
        await s.type(str(int(str(first.number).split("-")[1])))
        await s.press("enter")
        assert screen.sheet.precollection_id == first.id


async def test_a_scan_of_the_slip_names_the_advance(story: Callable[..., Story]) -> None:
    """The slip is scanned: patient, category and amount are there."""
    async with story() as s:
        advance = made_advance(s.desk)
        screen = await begun(s)
        await s.scan(advance.qr[0])
        assert screen.sheet.precollection_number == advance.number
        assert screen.sheet.patient is not None


async def test_an_advance_is_not_itemised_twice(story: Callable[..., Story]) -> None:
    """Its lines stand already and used all of it: told in words, nothing can be typed."""
    async with story() as s:
        advance = made_advance(s.desk, 1_800)
        screen = await begun(s, advance)
        await taken(s, "xcg")
        await s.press("f8")
        await s.until(lambda: s.entries("itemisation") and not s.app.printing)
        await s.scan(advance.qr[0])
        assert "已用完" in s.screen
        assert screen.sheet.is_empty
        assert len(s.entries("itemisation")) == 1


async def test_the_same_advance_at_two_windows(story: Callable[..., Story]) -> None:
    """Opened here, itemised meanwhile elsewhere: F8 records nothing, it says what is left now."""
    async with story() as s:
        advance = made_advance(s.desk, 10_000)
        screen = await begun(s, advance)
        await taken(s, "xcg")
        lines = lines_of(s.desk)
        total = sum(line["amount_minor"] for line in lines)
        made(
            s.desk,
            "itemisation",
            lines=lines,
            total_minor=total,
            precollection_id=advance.id,
            precollection_number=advance.number,
            advance_minor=10_000,
            covered_minor=total,
        )
        await s.press("f8")
        assert "现在只剩" in s.screen
        assert len(s.entries("itemisation")) == 1
        assert screen.sheet.left_minor == 10_000 - total
        await s.press("f8")
        await s.until(lambda: len(s.entries("itemisation")) == 2)


async def test_ten_times_f8_is_one_entry(story: Callable[..., Story]) -> None:
    """Hammering records the lines once."""
    async with story() as s:
        await begun(s, made_advance(s.desk, 1_800))
        await taken(s, "xcg")
        await s.press(*["f8"] * 10)
        await s.until(lambda: s.entries("itemisation") and not s.app.printing)
        assert len(s.entries("itemisation")) == 1


async def test_power_cut_between_lines(story: Callable[..., Story]) -> None:
    """The advance and its lines come back under the same id."""
    async with story() as s:
        advance = made_advance(s.desk)
        screen = await begun(s, advance)
        await taken(s, "xcg", "amxl")
        entry_id = screen.sheet.entry_id
        await s.until(lambda: any(len(d.content["lines"]) == 2 for d in s.desk.drafts()))

    def look(again: Any) -> None:
        assert isinstance(again, ItemisationScreen)
        assert again.sheet.entry_id == entry_id
        assert again.sheet.precollection_id == advance.id
        assert again.sheet.left_minor == 20_000

    await comes_back(story, "itemisation", look)


async def test_what_is_over_is_refunded_by_one_key(story: Callable[..., Story]) -> None:
    """200 were paid, 18 are used: F8 goes to the refund of exactly that advance, with 182 to give back."""
    async with story() as s:
        advance = made_advance(s.desk, 20_000)
        await begun(s, advance)
        await taken(s, "xcg")
        await s.press("f8")
        await s.until(lambda: s.entries("itemisation") and not s.app.printing)
        assert "F8 退费" in s.screen
        await s.press("f8")
        await s.until(lambda: isinstance(s.app.screen, RefundScreen))
        await s.rest()
        assert str(advance.number) in s.screen
        assert "182.00" in s.screen
