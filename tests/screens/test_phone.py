"""A phone that is none: said beside the field, kept as it was typed, and nobody is held up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.screens.at_window import inpatient

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

SAID = "已照原样保留"


async def test_at_registration(story: Callable[..., Story]) -> None:
    """Letters are told while they are typed and go away with them; with them the patient stands all the same."""
    async with story() as s:
        s.app.go("registration")
        await s.rest()
        await s.type("lianxi jia")
        await s.press("enter", "2", *"45", "enter")
        await s.type("a")
        assert SAID in s.screen
        await s.press("backspace")
        await s.type("+86-138")
        assert SAID not in s.screen
        await s.press("x", "f8")
        await s.until(lambda: s.entries("registration"))
        assert s.entries("registration")[0].content["patient"]["phone"] == "+86-138x"


async def test_at_the_deposit(story: Callable[..., Story]) -> None:
    """The ward's phone is asked for once; whatever is typed, the next Enter takes the money."""
    async with story() as s:
        s.app.go("deposit")
        await s.rest()
        await s.type(inpatient(s.desk).patient.lower())
        await s.press("enter", *"500", "enter")
        await s.type("abc")
        assert SAID in s.screen
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("deposit"))
        assert s.entries("deposit")[0].content["department_phone"] == "abc"


async def test_of_who_vouches_for_a_debt(story: Callable[..., Story]) -> None:
    """In the dialog that settles, the word stands below the phone and the debt is recorded."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter", "ctrl+o", "enter")
        await s.type("ldf")
        await s.press("enter")
        assert s.app.screen.query_one("#phone").has_focus
        await s.type("abc")
        assert SAID in s.screen
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        assert s.entries("charge")[0].content["authorisation"]["phone"] == "abc"


async def test_of_a_card_that_is_kept(story: Callable[..., Story]) -> None:
    """The same in the dialogs of the work lists."""
    async with story() as s:
        s.app.go("worklists", name="cards")
        await s.rest()
        await s.press("ctrl+n")
        s.app.screen.query_one("#line-phone").focus()
        await s.type("abc")
        assert SAID in s.screen
