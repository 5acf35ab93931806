"""Who is there? Login, lock, and what is shown first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.gate import GateLog
from downtime.screens.charge import ChargeScreen
from downtime.screens.home import HomeScreen
from downtime.screens.login import LoginScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from tests.screens.story import Story


async def test_number_password_and_in(story: Callable[..., Story]) -> None:
    """Typed in one go, every key reaches its field; the login stands in the journal's audit."""
    async with story(operator="") as s:
        await s.press(*"1001", "enter", *"lianxi1001", "enter")
        await s.until(lambda: s.app.desk and isinstance(s.app.screen, HomeScreen))
        assert s.desk.person.operator == "1001"


async def test_a_wrong_password_is_said_and_noted(story: Callable[..., Story]) -> None:
    """It says what to do, keeps the number, and the try is in the gate log."""
    async with story(operator="") as s:
        await s.press(*"1001", "enter", *"wrong", "enter")
        await s.until(lambda: GateLog(s.home, s.app.clock).lines())
        await s.until(lambda: "口令" in s.screen and "1001" in s.screen)
        assert s.app.desk is None
        (line,) = GateLog(s.home, s.app.clock).lines()
        assert (line.event, line.operator, line.success, line.genuine) == ("login", "1001", False, True)


async def test_a_password_is_never_on_the_screen(story: Callable[..., Story]) -> None:
    """Only its length, in stars."""
    async with story(operator="") as s:
        await s.press(*"1001", "enter", *"secret")
        assert "secret" not in s.screen
        assert "******" in s.screen


async def test_locking_hides_everything_and_loses_nothing(story: Callable[..., Story]) -> None:
    """F11 asks for the password again; the same person goes on in the middle of the charge."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f11")
        assert isinstance(s.app.screen, LoginScreen)
        assert "血常规" not in s.screen
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen))
        assert "血常规" in s.screen


async def test_the_next_shift_takes_over_and_drafts_stay(story: Callable[..., Story]) -> None:
    """Another person at the locked screen gets a desk of their own; the form left open waits for whoever left it."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.until(s.desk.drafts)
        await s.press("f11")
        s.app.screen.query_one("#operator").take("1002")  # type: ignore[attr-defined]  # a field
        await s.press(*"lianxi1002", "enter")
        await s.until(lambda: s.app.desk and isinstance(s.app.screen, HomeScreen))
        assert s.desk.person.operator == "1002"
        assert [draft.operator for draft in s.desk.drafts()] == ["1001"]


async def test_only_a_practice_station_tells_passwords(
    story: Callable[..., Story], practice_home: Home
) -> None:
    """The made-up ones stand on the login screen; without their file there is nothing to tell."""
    async with story(operator="") as s:
        assert "lianxi1001" in s.screen
    (practice_home.path / "practice-operators.toml").unlink()
    async with story(operator="") as s:
        assert "lianxi" not in s.screen


async def test_somebody_else_takes_over_a_locked_window(story: Callable[..., Story]) -> None:
    """The cursor waits for the password of whoever locked it; one step back is the number."""
    async with story() as s:
        await s.press("f11")
        await s.until(lambda: isinstance(s.app.screen, LoginScreen))
        await s.rest()
        assert "Esc 换人" in s.screen
        await s.press("escape", *"1002", "enter", *"lianxi1002", "enter")
        await s.until(lambda: s.app.desk and s.desk.person.operator == "1002")
