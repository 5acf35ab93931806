"""What somebody may not do is not offered, and refused with a sentence if it is called anyway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.rights import may
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.home import HomeScreen
from downtime.screens.keymap import ACT_RIGHTS, ACTS
from downtime.screens.places import FROM_ELSEWHERE, places
from downtime.store import audit_queries
from tests.screens.made_up import made_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

PEOPLE = ("1001", "1006", "2001", "3001", "4001", "4002", "4003", "4004")


def audited(s: Story, *events: str) -> list[tuple[str, str, bool]]:
    """Return (event, subject, success) of the audit lines of ``events``, oldest first."""
    wanted = audit_queries.AuditFilter(events=events)
    return [
        (line.content["event"], line.content["subject"], line.content["success"])
        for line in reversed(list(audit_queries.every(s.desk.looking(), wanted)))
    ]


@pytest.mark.parametrize("operator", PEOPLE)
async def test_home_shows_what_one_may_open(story: Callable[..., Story], operator: str) -> None:
    """Each role sees its own places and no other; every other one is refused, said and audited."""
    async with story(operator=operator) as s:
        home = s.app.screen
        assert isinstance(home, HomeScreen)
        roles = s.desk.person.roles
        assert {place.name for place in home.places_here()} == {
            place.name
            for place in places()
            if may(roles, place.right)
            and place.name not in FROM_ELSEWHERE
            and (not place.shown_to or any(may(roles, right) for right in place.shown_to))
        }
        forbidden = [place for place in places() if not may(roles, place.right)]
        for place in forbidden:
            s.app.go(place.name)
            await s.rest()
            assert s.app.screen is home
        await s.until(lambda: len(audited(s, "right_refused")) == len(forbidden))
        assert audited(s, "right_refused") == [("right_refused", place.right, False) for place in forbidden]
        assert not forbidden or "权限" in s.screen


@pytest.mark.parametrize("operator", PEOPLE)
async def test_a_key_without_the_right_is_not_shown_and_refused(
    story: Callable[..., Story], operator: str
) -> None:
    """On a whole entry: reprint, reverse, send again stand in the bottom line only for whoever may."""
    async with story(operator=operator, size=(160, 45)) as s:
        charge = made_charge(s.desk)
        if not s.app.may("look_up"):
            await s.scan(charge.qr[0])
            assert isinstance(s.app.screen, HomeScreen)
            return
        s.app.push_screen(EntryScreen(charge))
        await s.rest()
        for act in ("reprint", "reverse"):
            allowed = s.app.may(ACT_RIGHTS[act])
            key = ACTS[act].keys[0]
            assert (f"{key.upper()} " in s.screen.splitlines()[-1]) is allowed
            if not allowed:
                before = len(audited(s, "right_refused"))
                await s.press(key)
                assert isinstance(s.app.screen, EntryScreen)
                assert "权限" in s.screen
                await s.until(lambda before=before: len(audited(s, "right_refused")) == before + 1)  # type: ignore[misc]  # bound in the loop


async def test_whoever_prices_takes_no_money(story: Callable[..., Story]) -> None:
    """A nurse fills a charge in and holds it; settling is refused and nothing is recorded."""
    async with story(operator="2001") as s:
        s.app.go("charge")
        await s.rest()
        await s.type("zw")
        await s.press("enter")
        await s.type("xcg")
        await s.press("enter")
        assert "F8" not in s.screen.splitlines()[-1]
        await s.press("enter")
        await s.until(lambda: audited(s, "right_refused"))
        assert audited(s, "right_refused") == [("right_refused", "cash", False)]
        assert not s.entries("charge")
        await s.press("f7")
        await s.until(lambda: [draft.form for draft in s.desk.drafts()] == ["charge"])


async def test_roles_that_change_show_at_the_next_glance(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who is no cashier any more leaves the charge by themselves, and home shows what is left."""
    from downtime.book import OpenBook
    from downtime.keys import Person

    async with story() as s:
        await s.press("1")
        assert not isinstance(s.app.screen, HomeScreen)
        monkeypatch.setattr(OpenBook, "person", Person("1001", "练习员王敏", ("organiser",)))
        s.app.look()
        await s.until(lambda: isinstance(s.app.screen, HomeScreen))
        await s.until(lambda: "已变更" in s.screen)
        left = {place.right for place in s.app.screen.places_here()}  # type: ignore[attr-defined]  # home
        assert left == {"standing", "inspect"}


def test_every_act_that_needs_a_right_exists() -> None:
    """The table names acts and rights there are."""
    from downtime.rights import RIGHTS

    assert ACT_RIGHTS.keys() <= ACTS.keys()
    assert set(ACT_RIGHTS.values()) <= set(RIGHTS)
    assert {place.right for place in places()} <= set(RIGHTS)
