"""A clock that was set is said at the top until somebody has seen it, and stands in the audit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from downtime.clock import ManualClock
from tests.screens.story import Story
from tests.screens.test_rights import audited

if TYPE_CHECKING:
    from downtime.home import Home


async def test_a_jump_is_warned_of_until_it_is_acknowledged(practice_home: Home) -> None:
    """Both times are told; Esc leaves the warning, Enter takes it away; who did is in the audit."""
    clock = ManualClock(datetime.now(UTC))
    async with Story(practice_home, clock=clock) as s:
        await s.look()
        assert "时钟跳变" not in s.screen.splitlines()[0]
        before = clock.now().wall[:10]
        clock.turn(wall_seconds=-3 * 86_400, passed_seconds=5)
        await s.look()
        await s.until(lambda: "时钟跳变" in s.screen.splitlines()[0])
        await s.press("ctrl+a")
        assert before in s.screen
        assert clock.now().wall[:10] in s.screen
        await s.press("escape")
        await s.look()
        assert "时钟跳变" in s.screen.splitlines()[0]
        assert audited(s, "clock_jumped", "clock_acknowledged") == [("clock_jumped", "", False)]
    async with Story(practice_home, clock=clock) as s:  # another day; nobody has seen it yet
        await s.look()
        await s.until(lambda: "时钟跳变" in s.screen.splitlines()[0])
        await s.press("ctrl+a", "enter")
        await s.until(lambda: audited(s, "clock_acknowledged"))
        await s.look()
        assert "时钟跳变" not in s.screen.splitlines()[0]


async def test_there_is_nothing_to_acknowledge_without_a_jump(practice_home: Home) -> None:
    """The key is a letter's key in a field then, and stands nowhere."""
    async with Story(practice_home) as s:
        await s.press("ctrl+a")
        assert "知道了" not in s.screen
        assert not audited(s, "clock_acknowledged")
