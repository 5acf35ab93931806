"""Accounts at the window: enrolled, drafted, a new password, closed, a staff list that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.approvals import approve
from downtime.attempts import CODES, Attempts
from downtime.book import OpenBook
from downtime.errors import AccessRefusedError
from downtime.record import new_entry_id, record_station_form
from downtime.screens.accounts import AccountsScreen
from downtime.screens.charge import ChargeScreen
from downtime.screens.fields_dialog import FieldsDialog
from downtime.screens.home import HomeScreen
from downtime.screens.login import LoginScreen
from downtime.screens.password import PasswordDialog
from downtime.sealing import Filled
from downtime.store import journal
from forms.station_book import OutageEnded

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from downtime.home import Home
    from tests.screens.story import Story

_SECOND = (*"1005", "enter", *"lianxi1005", "enter")
"""Another supervisor types the own number and password in the same dialog."""


async def _opened(s: Story) -> None:
    s.app.go("accounts")
    await s.until(lambda: isinstance(s.app.screen, AccountsScreen) and s.app.screen.marked)
    await s.rest()


async def _marked(s: Story, operator: str) -> None:
    screen = s.app.screen
    assert isinstance(screen, AccountsScreen)
    while screen.marked is not None and screen.marked.slot.operator != operator:
        await s.press("down")


def _changes(s: Story, operator: str) -> list[Entry]:
    found = journal.entries(s.desk.looking(), forms=("account_changed",))
    return [entry for entry in found if entry.content["operator"] == operator]


def _may_log_in(home: Home, operator: str, password: str) -> bool:
    try:
        home.keys.unlock(operator, password)
    except AccessRefusedError:
        return False
    return True


async def test_somebody_is_drafted_with_a_handful_of_keys(story: Callable[..., Story]) -> None:
    """One key opens the dialog, the number stands there; besides name and password there are three Enters."""
    async with story(operator="1006") as s:
        await _opened(s)
        keys = ["f2", *"Li Si", "enter", *"word5", "enter", *"word5", "enter"]
        assert len(keys) - len("Li Si") - 2 * len("word5") == 4
        await s.press(*keys)
        await s.until(lambda: not isinstance(s.app.screen, FieldsDialog))
        await s.until(lambda: "至停机结束" in s.screen)
        (entry,) = _changes(s, "H01")
        assert (entry.content["change"], entry.content["roles"]) == ("drafted", ["helper"])
        assert entry.content["outage"] == s.desk.book.outage()
        assert entry.operator == "1006"
        assert _may_log_in(s.home, "H01", "word5")


async def test_who_is_drafted_prices_but_takes_no_cash(story: Callable[..., Story]) -> None:
    """Drafted, logged in: charging is there up to the price; reversing, the outage and accounts are not."""
    async with story(operator="1006") as s:
        await _opened(s)
        await s.press("f2", *"Li Si", "enter", *"word5", "enter", *"word5", "enter")
        await s.until(lambda: s.home.keys.slot("H01"))
    async with story(operator="") as s:
        await s.press(*"H01", "enter", *"word5", "enter")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        assert s.app.roles == ("helper",)
        offered = {place.name for place in s.app.screen.places_here()}  # type: ignore[attr-defined]  # home
        assert {"charge", "registration"} <= offered
        assert not {"reversal", "accounts", "dispense"} & offered
        assert not s.app.may("cash")


async def test_who_is_drafted_goes_with_the_outage(story: Callable[..., Story]) -> None:
    """The outage ends while they work: the screen locks with the reason, and the next login says it too."""
    async with story(operator="1006") as s:
        await _opened(s)
        await s.press("f2", *"Li Si", "enter", *"word5", "enter", *"word5", "enter")
        await s.until(lambda: s.home.keys.slot("H01"))
    async with story(operator="") as s:
        await s.press(*"H01", "enter", *"word5", "enter")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        end_outage(s.home, s.desk.book.outage())
        s.app.look()
        await s.until(lambda: isinstance(s.app.screen, LoginScreen) and "已结束" in s.screen)
        assert s.app.roles == ()
        await s.press(*"word5", "enter")
        await s.until(lambda: not s.app.screen._asking)  # type: ignore[attr-defined]  # the login
        assert isinstance(s.app.screen, LoginScreen)
    async with story(operator="") as s:
        await s.press(*"H01", "enter", *"word5", "enter")
        await s.until(lambda: "已结束" in s.screen)
        assert s.app.desk is None


def end_outage(home: Home, outage: str) -> None:
    """End the outage in a program of its own, two people."""
    book = OpenBook(home, home.keys.unlock("4001", "lianxi4001"), home.current_book())
    filled = Filled(OutageEnded(outage=outage, declared_by="练习"), new_entry_id())
    record_station_form(book, filled, approve(book, filled, "outage", "1006", "lianxi1006"))
    book.close()


async def test_enrolling_takes_two(story: Callable[..., Story], practice_home: Home) -> None:
    """The second person types the own number and password in the same dialog; both stand in the journal."""
    async with story(operator="1006") as s:
        await _opened(s)
        person = (*"7777", "enter", *"Li Si", "enter", *"12", "enter", *"word5", "enter", *"word5", "enter")
        await s.press("ctrl+n", *person, *_SECOND)
        await s.until(lambda: not isinstance(s.app.screen, FieldsDialog))
        (entry,) = _changes(s, "7777")
        assert (entry.content["change"], entry.content["roles"]) == ("enrolled", ["cashier", "nurse"])
        assert (entry.operator, entry.second_person) == ("1006", "1005")
        assert _may_log_in(practice_home, "7777", "word5")


async def test_nobody_enrols_alone(story: Callable[..., Story], practice_home: Home) -> None:
    """The own number as the second one, a wrong password, a cashier: refused in words, nothing typed is lost."""
    async with story(operator="1006") as s:
        await _opened(s)
        await s.press("ctrl+n", *"7777", "enter", *"Li Si", "enter", *"1", "enter")
        await s.press(*"word5", "enter", *"word5", "enter", *"1006", "enter", *"lianxi1006", "enter")
        await s.until(lambda: "自己批准自己" in s.screen)
        assert "Li Si" in s.screen
        await s.press(*"wrong", "enter")
        await s.until(lambda: "口令不对" in s.screen)
        dialog = s.app.screen
        assert isinstance(dialog, FieldsDialog)
        dialog.field("second").take("1001")
        await s.press(*"lianxi1001", "enter")
        await s.until(lambda: "1001 " in s.screen)
        await s.until(lambda: not dialog._busy)
        assert practice_home.keys.slot("7777") is None


async def test_the_staff_list_fills_in_who_it_is(story: Callable[..., Story], practice_home: Home) -> None:
    """Somebody on the list needs no name and no roles typed; the list's roles count."""
    (practice_home.keys.folder / "slots" / "1004.json").unlink()
    async with story(operator="1006") as s:
        await _opened(s)
        await s.press("ctrl+n", *"1004", "enter")
        assert "练习员周涛" in s.screen
        assert s.app.screen.focused is not None
        assert s.app.screen.focused.id == "line-password"


async def test_a_reset_password_is_typed_by_the_person(story: Callable[..., Story]) -> None:
    """A supervisor authorises, the person types twice; stars only; the old one opens nothing any more."""
    async with story(operator="1006") as s:
        await _opened(s)
        await _marked(s, "1002")
        await s.press("ctrl+r", *"fresh7", "enter", *"fresh7")
        assert "fresh7" not in s.screen
        await s.press("enter")
        await s.until(lambda: not isinstance(s.app.screen, FieldsDialog))
        assert _may_log_in(s.home, "1002", "fresh7")
        assert not _may_log_in(s.home, "1002", "lianxi1002")
        (entry,) = _changes(s, "1002")
        assert (entry.content["change"], entry.operator) == ("password_reset", "1006")


async def test_typed_differently_the_second_time(story: Callable[..., Story]) -> None:
    """It is said beside the field, both are typed again, nothing is written."""
    async with story(operator="1006") as s:
        await _opened(s)
        await _marked(s, "1002")
        await s.press("ctrl+r", *"fresh7", "enter", *"fresh8", "enter")
        await s.until(lambda: "两次不一致" in s.screen)
        assert _may_log_in(s.home, "1002", "lianxi1002")


async def test_closed_at_once_and_taken_back_by_two(story: Callable[..., Story]) -> None:
    """F5 with a reason closes; F5 on the closed one takes a reason, a new password and a second person."""
    async with story(operator="1006") as s:
        await _opened(s)
        await _marked(s, "1002")
        await s.press("f5", "1", "enter", "enter")
        await s.until(lambda: not _may_log_in(s.home, "1002", "lianxi1002"))
        await s.until(lambda: s.app.screen.marked.slot.closed)  # type: ignore[attr-defined]  # the mark goes with it
        await s.press("f5", *"back", "enter", *"fresh7", "enter", *"fresh7", "enter", *_SECOND)
        await s.until(lambda: _may_log_in(s.home, "1002", "fresh7"))
        assert [entry.content["change"] for entry in _changes(s, "1002")] == ["closed", "reinstated"]


async def test_what_one_may_not_do_is_not_offered(story: Callable[..., Story]) -> None:
    """A cashier has no accounts place; an administrator drafts nobody; one's own account is not closed."""
    async with story(operator="1001") as s:
        assert "accounts" not in {place.name for place in s.app.screen.places_here()}  # type: ignore[attr-defined]  # home
        s.app.go("accounts")
        await s.rest()
        assert isinstance(s.app.screen, HomeScreen)
    async with story(operator="4002") as s:
        await _opened(s)
        assert "临时增员" not in s.screen
        await s.press("f2")
        assert isinstance(s.app.screen, AccountsScreen)
        await _marked(s, "4002")
        await s.press("f5")
        assert "不得关闭自己" in s.screen


async def test_own_password_with_the_old_one(story: Callable[..., Story]) -> None:
    """Changed in the middle of work: the session goes on, the lock screen takes the new one."""
    async with story() as s:
        await s.press("ctrl+r", *"lianxi1001", "enter", *"fresh7", "enter", *"fresh7", "enter")
        await s.until(lambda: not isinstance(s.app.screen, PasswordDialog))
        assert s.desk.book.person.roles == ("cashier",)
        await s.charged("zw", "xcg")
        assert isinstance(s.app.screen, ChargeScreen)
        await s.press("f11", *"fresh7", "enter")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen))
        assert [entry.content["change"] for entry in _changes(s, "1001")] == ["password_changed"]


async def test_a_wrong_old_password_changes_nothing(story: Callable[..., Story]) -> None:
    """It stands beside its field and is counted as at the login."""
    async with story() as s:
        await s.press("ctrl+r", *"wrong", "enter", *"fresh7", "enter", *"fresh7", "enter")
        await s.until(lambda: "口令不对" in s.screen)
        assert _may_log_in(s.home, "1001", "lianxi1001")
        assert Attempts(s.home.keys, s.app.clock).count("1001") == 1


async def test_too_short_is_said_beside_the_field(story: Callable[..., Story]) -> None:
    """The rule stands above, the problem beside."""
    async with story() as s:
        await s.press("ctrl+r", *"lianxi1001", "enter", *"abc", "enter", *"abc", "enter")
        await s.until(lambda: s.screen.count("至少 4 个字符") == 2)


async def test_a_locked_account_is_listed_first_and_opened(story: Callable[..., Story]) -> None:
    """So are the one-time codes; a logged-in supervisor needs one key."""
    async with story(operator="1006") as s:
        attempts = Attempts(s.home.keys, s.app.clock)
        for operator in ("3002", CODES):
            for _n in range(5):
                attempts.begin(operator, limit=5, waits_only=False)
        await _opened(s)
        assert s.app.screen.marked.slot.operator == "3002"  # type: ignore[attr-defined]  # the accounts
        await s.press("f9")
        await s.until(lambda: attempts.count("3002") == 0)
        await s.until(lambda: not s.app.screen.marked.failures)  # type: ignore[attr-defined]  # as above
        await s.press("f9")
        await s.until(lambda: attempts.count(CODES) == 0)
        changed = [
            e.content["operator"] for e in journal.entries(s.desk.looking(), forms=("account_changed",))
        ]
        assert changed == ["3002", CODES]
