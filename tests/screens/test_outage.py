"""An outage is declared and ended by a person, with a reason and a second Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from downtime import desk_queries
from downtime.envelopes import burnt_for, new_code_sheet
from downtime.screens.second_person import SecondPersonDialog
from tests.screens.made_up import made_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def _opened(s: Story) -> None:
    s.app.go("outage")
    await s.rest()


_IT = "4001"
_SECOND = (*"1006", "enter", *"lianxi1006", "enter")
"""The shift supervisor types the own number and password at the same keyboard."""


async def test_end_and_declare_again(story: Callable[..., Story]) -> None:
    """F8, a reason, Enter twice, a second person: ended; once more: declared under a name of its own."""
    async with story(operator=_IT) as s:
        first = desk_queries.outage_in_force(s.desk)
        assert first is not None
        await _opened(s)
        await s.press("f8", "1", "enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        assert desk_queries.outage_in_force(s.desk) is not None
        await s.press(*_SECOND)
        await s.until(lambda: desk_queries.outage_in_force(s.desk) is None)
        await s.until(lambda: not s.app.recording)
        ended = desk_queries.outages(s.desk)[0]
        assert (ended.operator, ended.second_person) == (_IT, "1006")
        await s.press("f8", "2", "enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        await s.press(*_SECOND)
        await s.until(lambda: desk_queries.outage_in_force(s.desk) is not None)
        declared = desk_queries.outage_in_force(s.desk)
        assert declared is not None
        assert declared.content["outage"] != first.content["outage"]
        assert declared.content["declared_by"] == s.desk.person.name
        assert declared.content["reason"]
        assert s.desk.person.operator == _IT, "the first session goes on"
        assert made_charge(s.desk).outage == declared.content["outage"]


async def test_a_start_code_is_enough_for_a_cashier(story: Callable[..., Story]) -> None:
    """At night the cashier is alone: the code from the sealed sheet declares, and waits for its signature."""
    async with story(operator="1001") as s:
        _sheet, codes = new_code_sheet(s.desk.book.ring, "练习总值班")
        await _opened(s)
        await s.press("f8", "1", "enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        await s.press("enter", *"12345678", "enter")
        await s.until(lambda: _problem(s))
        assert desk_queries.outage_in_force(s.desk) is not None, "a wrong code ends nothing"
        await s.press(*codes[0], "enter")
        await s.until(lambda: desk_queries.outage_in_force(s.desk) is None)
        assert burnt_for(s.desk.book.ring, "01", 1) == desk_queries.outages(s.desk)[0].id


def _problem(s: Story) -> str:
    return str(s.app.screen.query_one("#second-problem", Static).content)


async def test_the_top_line_follows(story: Callable[..., Story]) -> None:
    """Once it is ended the mode at the top says so in words."""
    async with story(operator=_IT) as s:
        await _opened(s)
        await s.press("f8", "1", "enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        await s.press(*_SECOND)
        await s.until(lambda: "平时" in s.screen.split("\n")[0] or "NORMAL" in s.screen.split("\n")[0])


async def test_esc_leaves_all_as_it_was(story: Callable[..., Story]) -> None:
    """Without a reason, with Esc after the first Enter, or without the second person: nothing is declared."""
    async with story(operator=_IT) as s:
        before = desk_queries.outages(s.desk)
        await _opened(s)
        await s.press("f8", "enter", "escape", "f8", "1", "enter", "escape")
        await s.press("f8", "1", "enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        await s.press(*"1006", "enter", "escape")
        assert [entry.id for entry in desk_queries.outages(s.desk)] == [entry.id for entry in before]
