"""An outage is declared and ended by a person, with a reason and a second Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime import desk_queries
from tests.screens.made_up import made_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def _opened(s: Story) -> None:
    s.app.go("outage")
    await s.rest()


async def test_end_and_declare_again(story: Callable[..., Story]) -> None:
    """F8, a reason, Enter twice: ended; the same once more: declared under a name of its own, with who and why."""
    async with story() as s:
        first = desk_queries.outage_in_force(s.desk)
        assert first is not None
        await _opened(s)
        await s.press("f8", "1", "enter")
        assert desk_queries.outage_in_force(s.desk) is not None
        await s.press("enter")
        await s.until(lambda: desk_queries.outage_in_force(s.desk) is None)
        await s.until(lambda: not s.app.recording)
        await s.press("f8", "2", "enter", "enter")
        await s.until(lambda: desk_queries.outage_in_force(s.desk) is not None)
        declared = desk_queries.outage_in_force(s.desk)
        assert declared is not None
        assert declared.content["outage"] != first.content["outage"]
        assert declared.content["declared_by"] == s.desk.person.name
        assert declared.content["reason"]
        assert made_charge(s.desk).outage == declared.content["outage"]


async def test_the_top_line_follows(story: Callable[..., Story]) -> None:
    """Once it is ended the mode at the top says so in words."""
    async with story() as s:
        await _opened(s)
        await s.press("f8", "1", "enter", "enter")
        await s.until(lambda: "平时" in s.screen.split("\n")[0] or "NORMAL" in s.screen.split("\n")[0])


async def test_esc_leaves_all_as_it_was(story: Callable[..., Story]) -> None:
    """Without a reason, or with Esc after the first Enter, nothing is declared or ended."""
    async with story() as s:
        before = desk_queries.outages(s.desk)
        await _opened(s)
        await s.press("f8", "enter", "escape", "f8", "1", "enter", "escape")
        assert [entry.id for entry in desk_queries.outages(s.desk)] == [entry.id for entry in before]
