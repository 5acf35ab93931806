"""待复核 on the screen: what was done alone waits in sight until somebody else signs, or says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from downtime.awaiting import awaiting, disagreed
from downtime.screens.countersign import CountersignScreen
from downtime.screens.countersign_dialog import CountersignDialog
from downtime.station import open_new_book
from tests.screens.made_up import made_alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def _opened(s: Story) -> None:
    s.app.go("countersign")
    await s.until(lambda: isinstance(s.app.screen, CountersignScreen) and s.app.screen._found)


def _waiting(s: Story) -> int:
    return len(awaiting(s.home, s.desk.book.ring))


def _problem(s: Story) -> str:
    return str(s.app.screen.query_one("#sign-problem", Static).content)


async def test_the_supervisor_signs_in_the_morning(story: Callable[..., Story]) -> None:
    """What, by whom, why and how much; F8, 1, the own password: signed, and it waits no more."""
    async with story(operator="1006") as s:
        reversal = made_alone(s.desk)
        await _opened(s)
        for told in (str(reversal.number), "练习病人甲", "练习:夜班一人", "王敏"):
            assert told in s.screen
        await s.press("f8", "1", *"lianxi1006", "enter")
        await s.until(lambda: _waiting(s) == 0)
        await s.until(lambda: isinstance(s.app.screen, CountersignScreen) and not s.app.screen._found)
        assert not disagreed(s.home, s.desk.book.ring)


async def test_not_agreed_needs_a_remark_and_stays_listed(story: Callable[..., Story]) -> None:
    """Without a remark nothing is recorded; with one it is, and Ctrl+F lists it with who said so."""
    async with story(operator="1006") as s:
        made_alone(s.desk)
        await _opened(s)
        await s.press("f8", "2", "enter", *"lianxi1006", "enter")
        await s.until(lambda: _problem(s))
        assert _waiting(s) == 1
        await s.press(*"mei zheng ju", "enter", *"lianxi1006", "enter")
        await s.until(lambda: _waiting(s) == 0)
        await s.until(lambda: isinstance(s.app.screen, CountersignScreen))
        await s.press("ctrl+f")
        await s.until(lambda: s.app.screen._found)  # type: ignore[attr-defined]  # the list's
        await s.rest()
        assert "mei zheng ju" in s.screen
        assert "1006" in s.screen


async def test_nobody_signs_their_own_act(story: Callable[..., Story]) -> None:
    """Cashier and supervisor in one person: the own number is refused, another supervisor's is taken."""
    async with story(operator="1005") as s:
        made_alone(s.desk, operator="1005")
        await _opened(s)
        await s.press("f8", "1", *"1005", "enter", *"lianxi1005", "enter")
        await s.until(lambda: _problem(s))
        assert _waiting(s) == 1
        await s.press("shift+tab", *["backspace"] * 6, *"1006", "enter", *"lianxi1006", "enter")
        await s.until(lambda: _waiting(s) == 0)
        assert s.desk.person.operator == "1005"


async def test_a_wrong_password_signs_nothing(story: Callable[..., Story]) -> None:
    """The question stays, the password is typed again; Esc leaves it waiting."""
    async with story(operator="1006") as s:
        made_alone(s.desk)
        await _opened(s)
        await s.press("f8", "1", *"wrong", "enter")
        await s.until(lambda: _problem(s))
        assert isinstance(s.app.screen, CountersignDialog)
        await s.press("escape")
        assert _waiting(s) == 1


async def test_the_top_line_counts_for_whoever_may_sign(story: Callable[..., Story]) -> None:
    """The supervisor sees that something waits, the cashier does not."""
    for operator, sees in (("1006", True), ("1002", False)):
        async with story(operator=operator) as s:
            if operator == "1006":
                made_alone(s.desk)
            s.app.look()
            await s.until(lambda s=s: s.app.glance.awaiting)  # type: ignore[misc]  # bound in the loop
            await s.rest()
            assert ("待复核" in s.screen.split("\n")[0]) is sees


async def test_an_older_book_is_signed_in_the_newest(story: Callable[..., Story]) -> None:
    """The night's book was closed before the morning came: it is still listed, and signed once."""
    async with story(operator="1006") as s:
        made_alone(s.desk)
        home = s.home
    open_new_book(home, home.keys.unlock("4001", "lianxi4001")).close()
    async with story(operator="1006") as s:
        await _opened(s)
        await s.press("enter")
        assert isinstance(s.app.screen, CountersignScreen), "what counts is shown here already"
        await s.press("f8", "1", *"lianxi1006", "enter")
        await s.until(lambda: _waiting(s) == 0)
        assert s.desk.book.paths.number == 2
