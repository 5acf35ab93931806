"""F1: what this screen is for and every key it has, for whoever sits there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from textual.containers import VerticalScroll

from downtime.screens.help import HelpDialog
from downtime.screens.places import places
from tests.screens.hostile import HOSTILE
from tests.screens.looking import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from downtime.home import Home
    from tests.screens.story import Story


def _put(home: Home, name: str, text: str) -> None:
    path = home.path / "help" / "zh" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


async def test_the_card_of_this_screen_stands_there(story: Callable[..., Story]) -> None:
    """At the charge, F1 says how to charge, with its keys, and Esc goes back to it."""
    async with story() as s:
        await s.press("1", "f1")
        assert isinstance(s.app.screen, HelpDialog)
        assert "一个患者一张应急收据" in s.screen
        assert "F8" in s.screen
        await s.press("escape")
        assert not isinstance(s.app.screen, HelpDialog)


async def test_the_card_is_the_roles_own(story: Callable[..., Story]) -> None:
    """A pharmacist at the home screen reads about dispensing, not about taking money."""
    async with story(operator="3001") as s:
        await s.press("f1")
        assert "首页(药房)" in s.screen
        assert "绿色才发" in s.screen


async def test_before_the_login_there_is_help(story: Callable[..., Story]) -> None:
    """Whoever sees the app for the first time reads what to type."""
    async with story(operator="") as s:
        await s.press("f1")
        assert "输入工号" in s.screen


async def test_the_sites_card_is_shown(story: Callable[..., Story], practice_home: Home) -> None:
    """What the hospital wrote into its own file is what F1 shows, at once."""
    _put(practice_home, "charge.md", "# 本院\n先问**医保**再收费,{settle} 结算。")
    async with story() as s:
        await s.press("1", "f1")
        assert "先问医保再收费,F8 结算。" in s.screen
        assert "一个患者一张应急收据" not in s.screen


async def test_a_hostile_card_is_only_text(story: Callable[..., Story], practice_home: Home) -> None:
    """Control characters, markup and escape sequences in a file are seen, not obeyed."""
    hostile = "\n- ".join(sign for sign in HOSTILE if len(sign) < 100)
    _put(practice_home, "charge.md", f"# [red]x[/]\x1b[2J\n- [a](http://b) ![c](d)\n- {hostile}")
    async with story() as s:
        await s.press("1", "f1")
        assert "[red]x[/]" in s.screen
        assert "[a](http://b) ![c](d)" in s.screen
        assert "\x1b" not in s.screen
        assert "\u202e" not in s.screen


async def test_all_of_it_can_be_read_at_80x24(story: Callable[..., Story]) -> None:
    """Where card and keys do not fit, the arrows scroll to the last key, and a line says so."""
    async with story(plain=True) as s:
        await s.press("1", "f1")
        scroll = s.app.screen.query_one("#help-scroll", VerticalScroll)
        await s.until(lambda: scroll.max_scroll_y > 0)
        assert "PgDn" in s.screen
        before = s.screen
        await s.press("pagedown", "pagedown", "pagedown")
        await s.until(lambda: s.screen != before and scroll.scroll_y == scroll.max_scroll_y)
        assert "1-9" in s.screen
        drawn = {sign for row in rows_of(s.app) for sign in row}
        assert not [sign for sign in drawn if east_asian_width(sign) == "A"]


async def test_the_language_changes_the_card(story: Callable[..., Story]) -> None:
    """F12 in the help itself shows the same card in the other language."""
    async with story() as s:
        await s.press("1", "f1", "f12")
        await s.until(lambda: "One receipt per patient" in s.screen)
        await s.press("f12")
        await s.until(lambda: "一个患者一张应急收据" in s.screen)


async def test_without_a_card_the_sentence_stands_there(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screen nobody wrote a card for still says what to do."""
    monkeypatch.setattr("downtime.screens.help.card_of", lambda *_given: None)
    async with story() as s:
        await s.press("f1")
        sentence = s.app.screen.query_one("#help-sentence")
        assert sentence.display
        assert s.screen.strip()


async def test_every_place_has_help_that_opens(story: Callable[..., Story]) -> None:
    """Each screen a cashier may open explains itself."""
    async with story() as s:
        for place in places():
            if not s.app.may(place.right):
                continue
            s.app.go(place.name)
            await s.rest()
            s.app.screen.act_help()  # type: ignore[attr-defined]  # each of ours has it
            await s.until(lambda: isinstance(s.app.screen, HelpDialog))
            await s.until(lambda: s.app.screen.query(".help-item"))
            await s.press("escape", "escape", "escape", "escape")
