"""The lock: by itself after a while, by hand at once; nothing is lost, and nobody comes past it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.screens.charge import ChargeScreen
from downtime.screens.home import HomeScreen
from downtime.screens.login import LoginScreen
from downtime.screens.settle import SettleDialog
from downtime.screens.unconfirmed import UnconfirmedScreen
from tests.screens.story import Story
from tests.screens.test_rights import audited

if TYPE_CHECKING:
    from downtime.home import Home


@pytest.fixture
def clock() -> ManualClock:
    """Return a clock that only the test moves."""
    return ManualClock(datetime.now(UTC))


async def _waited(s: Story, clock: ManualClock, seconds: float) -> None:
    clock.turn(passed_seconds=seconds, wall_seconds=seconds)
    s.app.lock_if_idle()
    await s.rest()


@pytest.mark.parametrize(
    ("operator", "seconds"), [("1001", 120), ("1006", 120), ("3001", 300), ("4003", 300)]
)
async def test_locks_by_itself(practice_home: Home, clock: ManualClock, operator: str, seconds: int) -> None:
    """Two minutes where money is taken, five elsewhere; the audit says that it came by itself."""
    async with Story(practice_home, operator=operator, clock=clock) as s:
        await _waited(s, clock, seconds - 1)
        assert not s.app.is_locked
        await _waited(s, clock, 1)
        assert isinstance(s.app.screen, LoginScreen)
        await s.until(lambda: audited(s, "locked"))
        assert audited(s, "locked") == [("locked", operator, True)]


async def test_every_key_begins_the_wait_anew(practice_home: Home, clock: ManualClock) -> None:
    """Whoever works is never locked out."""
    async with Story(practice_home, clock=clock) as s:
        for _minute in range(5):
            await _waited(s, clock, 100)
            await s.press("down")
        assert not s.app.is_locked


async def test_setting_the_wall_clock_neither_locks_nor_unlocks(
    practice_home: Home, clock: ManualClock
) -> None:
    """Only the time since boot counts."""
    async with Story(practice_home, clock=clock) as s:
        clock.turn(wall_seconds=86_400)
        s.app.lock_if_idle()
        await s.rest()
        assert not s.app.is_locked
        clock.turn(wall_seconds=-200_000, passed_seconds=121)
        s.app.lock_if_idle()
        await s.rest()
        assert s.app.is_locked


async def test_the_same_person_goes_on_exactly_there(practice_home: Home, clock: ManualClock) -> None:
    """The half-filled charge is below the lock, hidden, kept as a draft, and there again with the cursor in it."""
    async with Story(practice_home, clock=clock) as s:
        await s.charged("zw", "xcg")
        await s.type("am")
        await _waited(s, clock, 121)
        assert "血常规" not in s.screen
        await s.until(s.desk.drafts)
        await s.press(*"wrong", "enter")
        await s.until(lambda: "口令不对" in s.screen and not getattr(s.app.screen, "_asking", False))
        assert s.app.is_locked
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen))
        assert "血常规" in s.screen
        await s.type("xl")
        await s.press("enter")
        await s.until(lambda: audited(s, "unlocked"))
        assert audited(s, "locked", "gate_login", "unlocked") == [
            ("locked", "1001", True),
            ("gate_login", "1001", False),
            ("unlocked", "1001", True),
        ]


async def test_the_next_person_has_a_desk_of_their_own(practice_home: Home) -> None:
    """Switched at the lock: logout, login, who came after whom; the first one's draft waits for them alone."""
    async with Story(practice_home) as s:
        await s.charged("zw", "xcg")
        await s.until(s.desk.drafts)
        await s.press("f11")
        s.app.screen.query_one("#operator").take("1002")  # type: ignore[attr-defined]  # a field
        await s.press(*"lianxi1002", "enter")
        await s.until(lambda: s.app.desk and isinstance(s.app.screen, HomeScreen))
        assert s.desk.person.operator == "1002"
        assert [draft.operator for draft in s.desk.drafts()] == ["1001"]
        assert audited(s, "logout", "login", "operator_switched") == [
            ("logout", "1001", True),
            ("login", "1002", True),
            ("operator_switched", "1002", True),
        ]
        await s.press("f11")
        s.app.screen.query_one("#operator").take("1001")  # type: ignore[attr-defined]  # a field
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, UnconfirmedScreen))
        await s.press("1", "enter")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen))
        assert "血常规" in s.screen


async def test_what_is_recorded_is_never_the_way_past_the_lock(practice_home: Home) -> None:
    """A lock waits for the record under way; a dialog that is done under it leaves after it, not instead of it."""
    async with Story(practice_home) as s:
        await s.charged("zw", "xcg")
        await s.press("enter")
        dialog = next(screen for screen in s.app.screen_stack if isinstance(screen, SettleDialog))
        s.app.recording = True
        s.app.lock("idle")
        assert s.app.screen is dialog
        s.app.recording = False
        await s.until(lambda: s.app.is_locked)
        dialog.dismiss(None)
        await s.rest()
        assert s.app.is_locked
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen))


async def test_printing_goes_on_behind_the_lock(practice_home: Home) -> None:
    """A receipt on its way comes out, and is said to be, whoever looks."""
    async with Story(practice_home) as s:
        await s.charged("zw", "xcg")
        await s.press("enter", "enter", "f11")
        await s.until(lambda: s.app.is_locked)
        await s.until(lambda: s.entries("charge") and not s.desk.not_printed())
        assert isinstance(s.app.screen, LoginScreen)
