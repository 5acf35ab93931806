"""Temporary patients at the real screen: chosen by a digit, seen beside each other, recorded, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.ask import AskDialog
from downtime.screens.home import HomeScreen
from downtime.screens.patients import PatientsScreen
from downtime.screens.patients_dialog import OnePersonDialog
from downtime.store import patient_match
from tests.screens.made_patients import AGED, CERTAIN, NOBODY, SPELT, STRANGER, listed, made_temporaries

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def opened(s: Story) -> PatientsScreen:
    """Go to the screen and wait until everything is compared."""
    made_temporaries(s.desk)
    s.app.go("patients")
    await s.rest()
    screen = s.app.screen
    assert isinstance(screen, PatientsScreen)
    await s.until(lambda: screen.matching is not None)
    await s.rest()
    return screen


def decided(s: Story) -> dict[str, str]:
    """Return the HIS numbers that stand."""
    return patient_match.his_numbers(s.desk.looking())


async def test_a_person_decides(story: Callable[..., Story]) -> None:
    """A digit shows both beside each other and records nothing; Enter does; the next one comes by itself."""
    async with story(language="en", operator="1006") as s:
        screen = await opened(s)
        assert "5 temporary: 5 open (of these 1 certain)" in s.screen
        await s.press("down", "1")
        assert isinstance(s.app.screen, OnePersonDialog)
        assert "name sounds the same" in s.screen
        assert decided(s) == {}
        await s.press("enter")
        await s.until(lambda: decided(s))
        await s.rest()
        assert decided(s) == {SPELT: listed(s.desk, 3).number}
        assert "4 open" in s.screen
        assert screen.marked is not None
        assert screen.marked.person.number == AGED


async def test_esc_leaves_it_open(story: Callable[..., Story]) -> None:
    """Who is not sure presses Esc: nothing is recorded."""
    async with story(language="en", operator="1006") as s:
        screen = await opened(s)
        await s.press("1", "escape")
        assert s.app.screen is screen
        await s.press("9")
        assert "There is no row 9." in s.screen
        assert decided(s) == {}


async def test_the_certain_ones_at_once(story: Callable[..., Story]) -> None:
    """F8 asks once and records all that are certain; ten Enters are one recording; then none is left."""
    async with story(language="en", operator="4001") as s:
        await opened(s)
        await s.press("f8")
        assert isinstance(s.app.screen, AskDialog)
        await s.press("enter", *["enter"] * 9)
        await s.until(lambda: decided(s))
        await s.rest()
        assert decided(s) == {CERTAIN: listed(s.desk, 0).number}
        if isinstance(s.app.screen, OnePersonDialog):
            await s.press("escape")
        await s.press("f8")
        assert "No match is certain" in s.screen


async def test_nobody_and_undo(story: Callable[..., Story]) -> None:
    """0 says that the lists do not hold the person; F9 undoes it with a reason, and it is open again."""
    async with story(language="en", operator="1006") as s:
        screen = await opened(s)
        await s.press(*["down"] * 4, "0", "enter")
        await s.until(lambda: patient_match.decision_of(s.desk.looking(), STRANGER))
        await s.rest()
        assert decided(s) == {}
        await s.press("ctrl+f")
        assert "nobody in the lists" in s.screen
        await s.press("f9", "1", "enter")
        await s.until(lambda: patient_match.decision_of(s.desk.looking(), STRANGER) is None)
        await s.rest()
        assert "is open again" in s.screen
        assert screen.matching is not None
        assert len(screen.matching.open()) == 5


async def test_found_by_hand(story: Callable[..., Story]) -> None:
    """The unnamed person has a name by now: letters search the lists, the digit chooses, the record says so."""
    async with story(language="en", operator="1006", size=(160, 45)) as s:
        screen = await opened(s)
        row = listed(s.desk, 7)
        await s.press(*["down"] * 3)
        assert "Nobody in the lists comes near." in s.screen
        await s.press("f2")
        await s.type(row.number)
        await s.press("enter")
        assert screen.found is not None
        assert screen.found[0].person.number == row.number
        await s.press("1", "enter")
        await s.until(lambda: decided(s))
        decision = patient_match.decision_of(s.desk.looking(), NOBODY)
        assert decision is not None
        assert (decision.form.verdict, decided(s)) == ("chosen", {NOBODY: row.number})


async def test_a_decided_one_is_not_decided_again(story: Callable[..., Story]) -> None:
    """A digit on a decided row says to undo first."""
    async with story(language="en", operator="1006") as s:
        await opened(s)
        await s.press("1", "enter")
        await s.until(lambda: decided(s))
        await s.rest()
        await s.press("ctrl+f", "1")
        assert "undo that first" in s.screen
        assert decided(s) == {CERTAIN: listed(s.desk, 0).number}


async def test_numbers_are_masked(story: Callable[..., Story]) -> None:
    """Neither the list nor the question shows an identity number or a phone in full."""
    async with story(operator="1006", size=(160, 45)) as s:
        await opened(s)
        hidden = [listed(s.desk, 0).id_number, listed(s.desk, 3).phone]
        for keys in (("up",), ("1",), ("escape", "down"), ("1",)):
            await s.press(*keys)
            assert not any(number in s.screen for number in hidden)


async def test_a_cashier_does_not_come_here(story: Callable[..., Story]) -> None:
    """Whose bill it becomes is for IT and the supervisor."""
    async with story(operator="1001") as s:
        s.app.go("patients")
        await s.rest()
        assert isinstance(s.app.screen, HomeScreen)


async def test_leaving_while_it_compares(story: Callable[..., Story]) -> None:
    """Esc at once: the comparison ends by itself and nothing is shown on another screen."""
    async with story(language="en", operator="1006") as s:
        made_temporaries(s.desk)
        s.app.go("patients")
        await s.press("escape")
        await s.rest()
        assert isinstance(s.app.screen, HomeScreen)
