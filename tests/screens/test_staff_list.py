"""Another staff list while people are at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.account_changes import close_account
from downtime.errors import AccessRefusedError
from downtime.screens.accounts import AccountsScreen
from downtime.screens.home import HomeScreen
from downtime.screens.login import LoginScreen
from downtime.store import journal
from tests.downtime.staff_lists import put_in_force, staff_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from downtime.home import Home
    from tests.screens.story import Story


async def test_a_leaver_at_work_is_out_at_the_next_glance(story: Callable[..., Story]) -> None:
    """The list comes into force: keys go, the screen locks and says why; the account is closed for good."""
    async with story() as s:
        await s.charged("zw", "xcg")
        put_in_force(s.home, staff_list(s.home, {"1001": {"leaver": True}}))
        s.app.look()
        await s.until(lambda: isinstance(s.app.screen, LoginScreen))
        await s.until(lambda: "1001" in s.screen and ("离职" in s.screen or "关闭" in s.screen))
        assert s.app.roles == ()
        assert "血常规" not in s.screen
        await s.until(lambda: s.home.keys.slot("1001").closed)  # type: ignore[union-attr]  # there is one
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: "口令不对" in s.screen or "关闭" in s.screen)
        assert isinstance(s.app.screen, LoginScreen)


async def test_a_role_taken_away_while_at_work(story: Callable[..., Story]) -> None:
    """The next glance takes the places away that need it; the rest goes on."""
    async with story(operator="1005") as s:
        s.app.go("accounts")
        await s.until(lambda: isinstance(s.app.screen, AccountsScreen))
        put_in_force(s.home, staff_list(s.home, {"1005": {"roles": "cashier"}}))
        s.app.look()
        await s.until(lambda: s.app.roles == ("cashier",))
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        assert not s.app.may("unlock")


async def test_a_list_that_revives_a_leaver_revives_nobody(story: Callable[..., Story]) -> None:
    """Closed stays closed until two people say otherwise; the audit names it once."""
    async with story(operator="1006") as s:
        await s.desk.in_writer(lambda: close_account(s.desk.book, "1002", "离职"))
        put_in_force(s.home, staff_list(s.home, {"1002": {"leaver": False}}))
        s.app.look()

        def audited() -> list[Entry]:
            found = journal.entries(s.desk.looking(), forms=("audit",))
            return [entry for entry in found if entry.content["event"] == "leaver_on_list"]

        await s.until(audited)
        s.app._followed = None
        s.app.follow_staff()
        await s.desk.in_writer(lambda: None)
        await s.rest()
        (line,) = audited()
        assert (line.content["subject"], line.content["success"]) == ("1002", False)
        assert s.home.keys.slot("1002").closed  # type: ignore[union-attr]  # there is one
        assert not _opens(s.home)


def _opens(home: Home) -> bool:
    try:
        home.keys.unlock("1002", "lianxi1002")
    except AccessRefusedError:
        return False
    return True
