"""Nobody reads a whole identity or phone number off a screen or a paper, unless they ask for it; that is audited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from downtime.rights import may
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.places import places
from tests.screens.made_up import IDENTITY, MOBILE, made_day, made_registration
from tests.screens.test_rights import audited

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

WHOLE = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)")


def _whole_numbers(s: Story) -> list[str]:
    return WHOLE.findall(s.screen.replace("\n", " "))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
@pytest.mark.parametrize("operator", ["3004", "4003"])
async def test_no_screen_shows_a_whole_number(
    story: Callable[..., Story], operator: str, size: tuple[int, int]
) -> None:
    """Every place, with somebody registered who gave every number there is, searched by name and by the number."""
    async with story(operator=operator, size=size) as s:
        made_day(s.desk)
        registered = made_registration(s.desk)
        s.app.push_screen(EntryScreen(registered))
        await s.rest()
        assert "138****8000" in s.screen
        assert not _whole_numbers(s)
        for place in places():
            if not may(s.app.roles, place.right):
                continue
            s.app.go(place.name)
            await s.rest()
            for keys in ((), tuple("lian"), ("down",), ("enter",)):
                await s.press(*keys)
                assert not _whole_numbers(s), place.name
        for draft in s.desk.drafts():
            await s.desk.dropping_draft(draft.id)


async def test_paper_shows_none_either(story: Callable[..., Story]) -> None:
    """The receipt of the registration, and those of a whole day."""
    async with story() as s:
        made_day(s.desk)
        s.desk.print_receipt(made_registration(s.desk))
        papers = list(s.desk.book.paths.paper.glob("*.pdf"))
        assert papers
        text = " ".join(page.extract_text() for paper in papers for page in PdfReader(paper).pages)
        assert not WHOLE.findall(text)
        assert "138****8000" in text


async def test_asked_for_it_is_shown_and_audited(story: Callable[..., Story]) -> None:
    """Ctrl+W shows the numbers of this entry in full, once more hides them; the entry keeps them whole."""
    async with story() as s:
        registered = made_registration(s.desk)
        s.app.push_screen(EntryScreen(registered))
        await s.rest()
        await s.press("ctrl+w")
        assert IDENTITY in s.screen
        assert MOBILE in s.screen
        await s.until(lambda: audited(s, "identity_shown"))
        assert audited(s, "identity_shown") == [("identity_shown", "TW03A0109001", True)]
        await s.press("ctrl+w")
        assert not _whole_numbers(s)
        assert len(audited(s, "identity_shown")) == 1
        assert registered.content["patient"]["id_number"] == IDENTITY


async def test_what_is_typed_stays_clear_until_the_cursor_leaves(story: Callable[..., Story]) -> None:
    """One sees what one types; with the cursor in the next field it is masked, and recorded whole."""
    async with story() as s:
        await s.press("4")
        await s.type("lianxi jia")
        await s.press("enter", "2", *"45", "enter")
        await s.type(MOBILE)
        assert MOBILE in s.screen
        await s.press("enter")
        await s.type(IDENTITY)
        assert IDENTITY in s.screen
        assert MOBILE not in s.screen
        await s.press("enter")
        assert not _whole_numbers(s)
        await s.press("f8")
        await s.until(lambda: s.entries("visit"))
        assert s.entries("registration")[0].content["patient"]["phone"] == MOBILE
