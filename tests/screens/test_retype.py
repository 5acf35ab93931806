"""The retype desk at the real screen: the own entries, one at a time, field by field; said once, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.record import new_entry_id
from downtime.screens import clipboard
from downtime.screens.home import HomeScreen
from downtime.screens.reason import ReasonDialog
from downtime.screens.retype import RetypeScreen
from downtime.screens.retype_acts import TypedDialog
from downtime.screens.retype_entry import RetypeEntryScreen
from downtime.screens.retype_large import large_lines
from downtime.store import journal
from forms.registration import Registration
from tests.screens.hostile import HOSTILE
from tests.screens.made_retyped import charges, made_retyped
from tests.screens.made_up import made_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


@pytest.fixture(autouse=True)
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what lies on the desktop's clipboard, one copy after the other."""
    found: list[str] = []

    def copy(text: str) -> bool:
        found.append(text)
        return True

    monkeypatch.setattr(clipboard, "copy_natively", copy)
    return found


async def opened(s: Story) -> RetypeScreen:
    """Go to the desk and wait until the books are read."""
    s.app.go("retype")
    await s.rest()
    screen = s.app.screen
    assert isinstance(screen, RetypeScreen)
    await s.until(lambda: screen.retyping is not None)
    await s.rest()
    return screen


def sayings(s: Story) -> list[tuple[str, bool, str]]:
    """Return what was said: number, whether it was taken back, bill."""
    found = journal.entries(s.desk.looking(), forms=("typed_in",))
    return [
        (entry.content["number"], entry.content["is_undone"], entry.content["his_reference"])
        for entry in found
    ]


async def test_what_is_wrong_is_on_top_and_counts_add_up(story: Callable[..., Story]) -> None:
    """Twice, different and missing stand above what is to be typed; verified ones are gone; the columns add up."""
    async with story(language="en") as s:
        made_retyped(s.desk)
        screen = await opened(s)
        assert [row.state for row in screen.listed()] == [
            "double",
            "differs",
            "missing",
            "waiting",
            "waiting",
        ]
        assert screen.retyping is not None
        counts = screen.retyping.counts()
        assert sum(one.entries for one in counts) == 7
        assert sum(one.amount_minor for one in counts) == sum(r.amount_minor for r in screen.retyping.rows)
        await s.press("ctrl+f")
        assert len(screen.listed()) == 7
        await s.press(*["down"] * 6)
        assert "document 00012345" in s.screen


async def test_field_by_field(story: Callable[..., Story], copied: list[str]) -> None:
    """What is large is on the clipboard as the HIS wants it; Enter goes on in its order; at the end it only says so."""
    async with story(language="en") as s:
        entry = charges(s.desk, ("练习病人甲",))[0]
        await opened(s)
        await s.press("enter")
        screen = s.app.screen
        assert isinstance(screen, RetypeEntryScreen)
        assert copied == [entry.patient]
        codes = [line["code"] for line in entry.content["lines"]]
        assert entry.content["lines"][1]["quantity"] == "2"
        await s.press("enter", "enter")
        assert "then Quantity 2" in s.screen
        await s.press("enter")
        assert copied == [entry.patient, *codes]
        await s.press(*["enter"] * 20)
        assert copied[4:] == [cell.value for cell in screen.one.cells if cell.is_copied][4:]
        assert "All fields done" in s.screen
        assert sayings(s) == []
        await s.press("up", "ctrl+y")
        assert copied[-2:] == [copied[-1]] * 2


async def test_one_key_says_it_and_the_next_entry_comes(story: Callable[..., Story]) -> None:
    """F8 says it once, with the bill number if one was typed, and goes on; after the last one the list is empty."""
    async with story(language="en") as s:
        first, second = charges(s.desk, ("练习病人甲", "练习病人乙"))
        screen = await opened(s)
        await s.press("enter", "enter")
        await s.type("20261122")
        await s.press("f8")
        await s.until(lambda: len(sayings(s)) == 1)
        await s.rest()
        entry_screen = s.app.screen
        assert isinstance(entry_screen, RetypeEntryScreen)
        assert entry_screen.row.entry.id == second.id
        assert entry_screen.bill == ""
        await s.press("down", "f8")
        await s.until(lambda: s.app.screen is screen)
        await s.rest()
        assert sayings(s) == [(first.number, False, "20261122"), (second.number, False, "")]
        assert screen.listed() == []
        assert "Nothing is left to type in" in s.screen


async def test_a_key_held_down_says_it_of_one_entry(story: Callable[..., Story]) -> None:
    """Ten F8 and ten Enters say it of one entry: the next one was not looked at and is asked about."""
    async with story(language="en") as s:
        charges(s.desk, ("练习病人甲", "练习病人乙", "练习病人丙"))
        await opened(s)
        await s.press("enter", "enter", *["f8"] * 10)
        await s.until(lambda: len(sayings(s)) == 1)
        await s.press(*["f8"] * 10)
        assert isinstance(s.app.screen, TypedDialog)
        assert len(sayings(s)) == 1
        await s.press("escape")
        await s.press(*["enter"] * 30)
        assert len(sayings(s)) == 1


async def test_off_the_paper(story: Callable[..., Story]) -> None:
    """Who typed it off the worksheet scans the slip, F8, compares the sum, Enter; ten Enters say it once."""
    async with story(language="en") as s:
        first, second = charges(s.desk, ("练习病人甲", "练习病人乙"))
        screen = await opened(s)
        await s.scan(second.number or "")
        assert isinstance(s.app.screen, RetypeEntryScreen)
        assert s.app.screen.row.entry.id == second.id
        await s.press("f8")
        assert isinstance(s.app.screen, TypedDialog)
        assert "The HIS must show" in s.screen
        await s.press(*["enter"] * 10)
        await s.until(lambda: len(sayings(s)) == 1)
        await s.rest()
        assert sayings(s) == [(second.number, False, "")]
        while not screen.is_current:
            await s.press("escape")
        assert [row.entry.id for row in screen.listed()] == [first.id]


async def test_taken_back_with_a_reason(story: Callable[..., Story]) -> None:
    """Pressed by mistake: F9 asks why, and the entry waits again; nothing was said twice."""
    async with story(language="en") as s:
        entry = charges(s.desk, ("练习病人甲",))[0]
        screen = await opened(s)
        await s.press("f8", "enter")
        await s.until(lambda: sayings(s))
        await s.rest()
        await s.press("ctrl+f", "f8")
        assert "Said already" in s.screen
        await s.press("f9")
        assert isinstance(s.app.screen, ReasonDialog)
        await s.press("1", "enter")
        await s.until(lambda: len(sayings(s)) == 2)
        await s.rest()
        assert [row.state for row in screen.listed()] == ["waiting"]
        assert sayings(s) == [(entry.number, False, ""), (entry.number, True, "")]
        await s.press("f8", "enter")
        await s.until(lambda: len(sayings(s)) == 3)


async def test_what_differs_stands_side_by_side(story: Callable[..., Story]) -> None:
    """Opened, an entry shows what stands here and what stands in the HIS, and its rows there."""
    async with story(language="en", size=(100, 30)) as s:
        made = made_retyped(s.desk)
        await opened(s)
        await s.press("down", "enter")
        ours = made[1].amount_minor or 0
        row = next(line for line in s.screen.splitlines() if " | " in line and "Sum" in line)
        assert f"{ours / 100:.2f}" in row
        assert f"{(ours + 1250) / 100:.2f}" in row
        assert "F88123, F88124" in s.screen
        assert "other amount" in s.screen


async def test_only_ones_own_entries(story: Callable[..., Story]) -> None:
    """A cashier sees the own ones; a supervisor sees another's by an arrow key."""
    async with story(language="en", operator="1002") as s:
        charges(s.desk, ("练习病人甲",))
        assert [entry.operator for entry in s.entries("charge")] == ["1002"]
    async with story(language="en", operator="1001") as s:
        screen = await opened(s)
        assert screen.listed() == []
        await s.press("right")
        assert screen.operator == "1001"
    async with story(language="en", operator="1006") as s:
        screen = await opened(s)
        await s.press("right")
        await s.until(lambda: screen.operator != "1006" and screen.retyping is not None)
        await s.rest()
        assert [row.entry.operator for row in screen.listed()] == ["1002"]


async def test_found_by_name_number_and_amount(story: Callable[..., Story]) -> None:
    """What is typed narrows the list; Esc empties the field, then leaves."""
    async with story(language="en") as s:
        made = made_retyped(s.desk)
        screen = await opened(s)
        await s.type((made[0].number or "")[-4:])
        assert [row.entry.id for row in screen.listed()] == [made[0].id]
        await s.press("escape")
        assert len(screen.listed()) == 5
        await s.press("escape")
        assert isinstance(s.app.screen, HomeScreen)


@pytest.mark.parametrize("name", HOSTILE)
async def test_names_are_only_text(story: Callable[..., Story], name: str, copied: list[str]) -> None:
    """A name that would act on a terminal is spelled out, and never reaches the clipboard as it is."""
    async with story(language="en") as s:
        number = s.desk.next_temporary_patient()
        patient = {"number": number, "name": name, "temporary": True}
        s.desk.record(Registration.model_validate({"patient": patient}), new_entry_id())
        await opened(s)
        await s.press("enter", "enter")
        assert all(text.isprintable() for text in copied)
        assert "\x1b" not in s.screen


async def test_a_long_entry_shows_the_field_in_hand(story: Callable[..., Story]) -> None:
    """Sixty lines on a small screen: the field to be typed now is always in sight, and none is left out."""
    async with story(language="en") as s:
        lines = [
            {
                "code": f"A{n:05}",
                "name": "练习项目",
                "quantity": "2",
                "unit_price_minor": 1,
                "amount_minor": 2,
            }
            for n in range(60)
        ]
        made_charge(s.desk, lines)
        await opened(s)
        await s.press("enter")
        for n in range(60):
            while (now := s.app.screen.now()).field != "item" or now.line != n + 1:  # type: ignore[attr-defined]  # the entry's screen
                await s.press("enter")
            assert f"> Item {n + 1}" in s.screen


def test_large_figures_say_what_they_stand_for() -> None:
    """Every figure and capital has a shape of its own, five rows high; what has none, or no room, is not drawn."""
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.-/:"
    shapes = {
        tuple(line.plain + str(line.spans) for line in large_lines(sign, 80, "on red") or [])
        for sign in signs
    }
    assert len(shapes) == len(signs)
    assert all(len(shape) == 5 for shape in shapes)
    assert large_lines("中药", 80, "on red") is None
    assert large_lines("1" * 60, 80, "on red") is None
