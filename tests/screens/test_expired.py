"""At the login screen: expired passwords, and the emergency envelope."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from downtime.account_package import pack
from downtime.book import OpenBook
from downtime.clock import ManualClock
from downtime.envelopes import grouped, seal_emergency
from downtime.rights import may
from downtime.screens.charge import ChargeScreen
from downtime.screens.home import HomeScreen
from downtime.screens.login import LoginScreen
from downtime.screens.password import PasswordDialog
from downtime.store import journal
from tests.screens.test_accounts import end_outage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


# -- expired passwords --------------------------------------------------------------------------------


@pytest.fixture
def strict_home(practice_home: Home) -> Home:
    """Return the practice station under the profile that wants a new password every 90 days."""
    path: Path = practice_home.path / "station.toml"
    path.write_text(path.read_text("utf-8").replace('"practice"', '"cn-mlps3"'), "utf-8")
    return practice_home


async def test_expired_in_an_outage_is_let_in_and_written_down(
    strict_home: Home, story: Callable[..., Story]
) -> None:
    """The queue comes first: in at once, a quiet line, an audit line."""
    assert strict_home.path.exists()
    async with story(operator="") as s:
        s.app.clock = ManualClock(at=A_YEAR_LATER)
        await s.press(*"1001", "enter", *"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        await s.until(lambda: "口令已过期" in s.screen)
    assert len(_station_entries(strict_home, "audit", "event", "grace_login")) == 1


async def test_expired_without_an_outage_is_changed_first(
    strict_home: Home, story: Callable[..., Story]
) -> None:
    """Esc logs out; else a new one by the rules, twice; the old one does not come back."""
    book = OpenBook(strict_home, strict_home.keys.unlock("4001", "lianxi4001"), strict_home.current_book())
    outage = book.outage()
    book.close()
    end_outage(strict_home, outage)
    async with story(operator="") as s:
        s.app.clock = ManualClock(at=A_YEAR_LATER)
        await s.press(*"1001", "enter", *"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, PasswordDialog))
        await s.press("escape")
        await s.until(lambda: isinstance(s.app.screen, LoginScreen))
        await s.until(lambda: "须先更改口令" in s.screen)
        assert s.app.desk is None
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, PasswordDialog))
        await s.press(*"lianxi1001", "enter", *"lianxi1001", "enter")
        await s.until(lambda: "旧口令" in s.screen)
        await s.press(*"Green-Kettle-63", "enter", *"Green-Kettle-63", "enter")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        assert s.desk.person.operator == "1001"
        assert s.app.may("cash")
        strict_home.keys.unlock("1001", "Green-Kettle-63")


async def test_an_expired_password_is_not_left_lying_open(
    strict_home: Home, story: Callable[..., Story]
) -> None:
    """Nobody touches a key: logged out like by Esc."""
    book = OpenBook(strict_home, strict_home.keys.unlock("4001", "lianxi4001"), strict_home.current_book())
    outage = book.outage()
    book.close()
    end_outage(strict_home, outage)
    async with story(operator="") as s:
        clock = ManualClock(at=A_YEAR_LATER)
        s.app.clock = clock
        await s.press(*"1001", "enter", *"lianxi1001", "enter")
        await s.until(lambda: isinstance(s.app.screen, PasswordDialog))
        clock.turn(passed_seconds=3600)
        await s.until(lambda: isinstance(s.app.screen, LoginScreen) and s.app.desk is None)


# -- the emergency envelope ---------------------------------------------------------------------------


async def _charge(s: Story) -> None:
    s.app.go("charge")
    await s.press(*"zw", "enter", *"xcg", "enter")


@pytest.fixture
def code(practice_home: Home) -> str:
    """Seal the emergency envelope; return what is printed in it."""
    ring = practice_home.keys.unlock("4002", "lianxi4002")
    return grouped(seal_emergency(ring, "2026-01-05T08:20:00.000+08:00")[0])


async def test_the_emergency_envelope_works_once(story: Callable[..., Story], code: str) -> None:
    """Typed from paper, groups and all: in; the audit shouts; a second login is refused."""
    async with story(operator="") as s:
        await s.press(*"0000", "enter", *code, "enter")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        await _charge(s)
        assert isinstance(s.app.screen, ChargeScreen)
    async with story(operator="") as s:
        await s.press(*"0000", "enter")
        await _try(s, code)
        assert s.app.desk is None
    assert len(_station_entries(s.home, "audit", "event", "emergency_login")) == 1
    (entry,) = _station_entries(s.home, "account_changed", "change", "envelope_used")
    assert entry.content["operator"] == "0000"


async def test_its_holder_locks_and_goes_on(story: Callable[..., Story], code: str) -> None:
    """The file is closed with the first login, so the lock screen checks what the session holds."""
    async with story(operator="") as s:
        await s.press(*"0000", "enter", *code, "enter")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        await _charge(s)
        await s.press("f11")
        await _try(s, "1234 5678")
        assert isinstance(s.app.screen, LoginScreen)
        await s.press(*code, "enter")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen))
        assert "血常规" in s.screen


async def test_it_opens_no_export_no_keys_no_accounts(
    story: Callable[..., Story], code: str, practice_home: Home
) -> None:
    """Neither the places nor the rights; what is refused is audited."""
    async with story(operator="") as s:
        await s.press(*"0000", "enter", *code, "enter")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        assert not any(
            may(s.app.roles, right)
            for right in ("export", "keys", "accounts", "unlock", "approve", "audit", "purge", "book")
        )
        s.app.go("accounts")
        await s.rest()
        assert isinstance(s.app.screen, HomeScreen)
        packed = await s.desk.in_writer(
            lambda: pack(s.desk.book)
        )  # even what leaves by a command opens nothing
        assert practice_home.keys.hospital_secret().hex().encode() not in packed
