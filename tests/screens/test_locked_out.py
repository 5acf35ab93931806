"""At the login screen: wrong passwords, and a supervisor who opens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from downtime.attempts import CODES, Attempts
from downtime.book import OpenBook
from downtime.clock import ManualClock
from downtime.gate import GateLog
from downtime.screens.charge import ChargeScreen
from downtime.screens.home import HomeScreen
from downtime.screens.login import LoginScreen
from downtime.screens.opening import OpeningDialog
from downtime.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from downtime.home import Home
    from tests.screens.story import Story

A_YEAR_LATER = datetime(2099, 1, 5, 9, 0, tzinfo=UTC)
TRIES = 100


async def _try(s: Story, password: str) -> None:
    """Type a password at the login screen and wait for the answer."""
    login = s.app.screen
    assert isinstance(login, LoginScreen)
    await s.press(*password, "enter")
    await s.until(lambda: not login._asking)
    await s.rest()


def _station_entries(home: Home, form: str, name: str, word: str) -> list[Entry]:
    book = OpenBook(home, home.keys.unlock("4003", "lianxi4003"), home.current_book())
    found = [entry for entry in journal.entries(book.db, forms=(form,)) if entry.content[name] == word]
    book.close()
    return found


# -- wrong passwords ----------------------------------------------------------------------------------


async def test_a_hundred_wrong_passwords_with_the_clock_set_back(story: Callable[..., Story]) -> None:
    """Locked after five, and it stays so: no clock, no restart and not even the right password opens it."""
    async with story(operator="") as s:
        clock = ManualClock()
        s.app.clock = clock
        await s.press(*"1001", "enter")
        for n in range(TRIES):
            clock.turn(wall_seconds=-3600, passed_seconds=3600 if n % 2 else -1)
            await _try(s, f"no{n}")
        assert "已锁定" in s.screen or "锁定" in s.screen
        await _try(s, "lianxi1001")
        assert s.app.desk is None
        assert Attempts(s.home.keys, clock).count("1001") == 5
        assert len(GateLog(s.home, clock).lines()) == TRIES + 1
    async with story(operator="") as s:  # the PC was started anew
        s.app.clock = ManualClock(boot_id="another start")
        await s.press(*"1001", "enter")
        await _try(s, "lianxi1001")
        assert s.app.desk is None


async def test_a_supervisor_opens_it_at_the_counter(story: Callable[..., Story]) -> None:
    """F9, number and password: the cashier types again, the supervisor is not logged in, the journal has it."""
    async with story(operator="") as s:
        await s.press(*"1001", "enter")
        for n in range(6):
            await _try(s, f"no{n}")
        await s.until(lambda: "解锁账户" in s.screen)
        await s.press("f9")
        await s.until(lambda: isinstance(s.app.screen, OpeningDialog))
        await s.press(*"1006", "enter", *"lianxi1006", "enter")
        await s.until(lambda: isinstance(s.app.screen, LoginScreen))
        await s.rest()
        assert s.app.desk is None
        await _try(s, "lianxi1001")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        assert s.desk.person.operator == "1001"
    (entry,) = _station_entries(s.home, "account_changed", "change", "opened_again")
    assert (entry.operator, entry.content["operator"]) == ("1006", "1001")
    assert not _station_entries(s.home, "audit", "event", "operator_switched")


async def test_who_may_not_open_opens_nothing(story: Callable[..., Story]) -> None:
    """A cashier is refused and audited; nobody opens the own account; Esc leaves all as it was."""
    async with story(operator="") as s:
        attempts = Attempts(s.home.keys, s.app.clock)
        for _n in range(5):
            attempts.begin("1001", limit=5, waits_only=False)
        await s.press(*"1001", "enter")
        await _try(s, "lianxi1001")
        await s.press("f9", *"1002", "enter", *"lianxi1002", "enter")
        await s.until(lambda: "职责不包含" in s.screen or "不含" in s.screen or "角色" in s.screen)
        dialog = s.app.screen
        assert isinstance(dialog, OpeningDialog)
        dialog.field("by").take("1001")
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: "不得解锁自己" in s.screen)
        await s.press("escape")
        assert isinstance(s.app.screen, LoginScreen)
        assert attempts.count("1001") == 5
    (line,) = _station_entries(s.home, "audit", "event", "right_refused")
    assert (line.operator, line.content["subject"]) == ("1002", "unlock")


async def test_one_time_codes_are_opened_the_same_way(story: Callable[..., Story]) -> None:
    """Wrong codes lock the codes; the supervisor opens them with the same key."""
    async with story(operator="") as s:
        attempts = Attempts(s.home.keys, s.app.clock)
        for _n in range(5):
            attempts.begin(CODES, limit=5, waits_only=False)
        await s.press(*"1001", "enter")
        await _try(s, "wrong")
        await s.press("f9")
        assert "codes" in s.screen
        await s.press(*"1006", "enter", *"lianxi1006", "enter")
        await s.until(lambda: isinstance(s.app.screen, LoginScreen))
        assert attempts.count(CODES) == 0


async def test_f9_is_offered_only_where_something_is_locked(story: Callable[..., Story]) -> None:
    """Else it is not in the bottom line, and the key says why not."""
    async with story(operator="") as s:
        await s.rest()
        assert "F9" not in s.screen
        await s.press("f9")
        assert "没有锁定" in s.screen


async def test_a_stranger_cannot_lock_a_supervisor_out(story: Callable[..., Story]) -> None:
    """A hundred wrong ones: a minute's wait by the time since the start, whatever the clock says; then in."""
    async with story(operator="") as s:
        clock = ManualClock()
        s.app.clock = clock
        await s.press(*"1006", "enter")
        for n in range(TRIES):
            clock.turn(passed_seconds=1)
            await _try(s, f"no{n}")
        clock.turn(wall_seconds=86_400)
        await _try(s, "lianxi1006")
        assert s.app.desk is None
        clock.turn(passed_seconds=60)
        await _try(s, "lianxi1006")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))


async def test_somebody_this_station_has_not_let_in(story: Callable[..., Story], practice_home: Home) -> None:
    """The account is known, the grant is missing: the sentence says what to do."""
    (practice_home.keys.folder / "grants" / "1001.json").unlink()
    async with story(operator="") as s:
        await s.press(*"1001", "enter")
        await _try(s, "lianxi1001")
        assert "还不认识 1001" in s.screen
        assert s.app.desk is None


async def test_whoever_is_out_disturbs_nobody(story: Callable[..., Story], practice_home: Home) -> None:
    """An older account file at a locked screen: refused with its sentence; the cashier behind it goes on."""
    old = (practice_home.keys.folder / "slots" / "1002.json").read_text("utf-8")
    grant = (practice_home.keys.folder / "grants" / "1002.json").read_text("utf-8")
    async with story() as s:
        ring = practice_home.keys.unlock("1006", "lianxi1006")
        book = OpenBook(practice_home, ring, practice_home.current_book())
        from downtime.account_changes import close_account

        close_account(book, "1002", "离职")
        book.close()
        (practice_home.keys.folder / "slots" / "1002.json").write_text(old, "utf-8")
        (practice_home.keys.folder / "grants" / "1002.json").write_text(grant, "utf-8")
        await s.charged("zw", "xcg")
        await s.press("f11")
        s.app.screen.query_one("#operator").take("1002")  # type: ignore[attr-defined]  # a field
        await _try(s, "lianxi1002")
        assert "1002 的账户已关闭" in s.screen
        assert s.desk.person.operator == "1001"
        s.app.screen.query_one("#operator").take("1001")  # type: ignore[attr-defined]  # a field
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen))
    (line,) = _station_entries(practice_home, "audit", "event", "login_refused")
    assert (line.content["subject"], line.content["success"]) == ("1002", False)
