"""The outage is ended elsewhere while somebody is still typing: they are told, and lose nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.approvals import approve
from downtime.book import OpenBook
from downtime.record import new_entry_id, record_station_form
from downtime.sealing import Filled
from forms.station_book import OutageEnded
from tests.downtime.builders import charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


def _end_elsewhere(s: Story) -> str:
    """Let IT end the outage from another program at this PC."""
    home = s.desk.home
    book = OpenBook(home, home.keys.unlock("4001", "lianxi4001"), home.current_book())
    name = book.outage()
    filled = Filled(OutageEnded(outage=name, declared_by="练习信息科"), new_entry_id())
    record_station_form(book, filled, approve(book, filled, "outage", "1006", "lianxi1006"))
    book.close()
    return name


async def test_a_charge_begun_before_the_end_is_asked_about_once(story: Callable[..., Story]) -> None:
    """The first key answers with what happened; the same key again records it, outside of that outage."""
    async with story() as s:
        await s.charged("zw", "xcg", "amxl")
        name = _end_elsewhere(s)
        await s.press("enter")
        await s.type("300")
        await s.press("enter")
        await s.until(lambda: name in s.screen and "已结束" in s.screen)
        await s.until(lambda: not s.app.recording)
        assert not s.entries("charge")
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        (recorded,) = s.entries("charge")
        assert recorded.outage == ""
        assert len(recorded.content["lines"]) == 2, "nothing typed was lost"


async def test_a_charge_begun_after_the_end_is_not_in_the_way(story: Callable[..., Story]) -> None:
    """Whoever begins afterwards is asked nothing: recording works without an outage too."""
    async with story() as s:
        _end_elsewhere(s)
        await s.charged("zw", "xcg")
        await s.press(*["enter"] * 4)
        await s.until(lambda: s.entries("charge"))
        assert s.entries("charge")[0].outage == ""


async def test_a_held_charge_is_told_after_a_restart_too(story: Callable[..., Story]) -> None:
    """Kept during the outage, taken up after its end: its first recording says so."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f7")
        await s.until(s.desk.drafts)
        held = s.desk.drafts()[0].id
        s.desk.begun = type(s.desk.begun)()  # a restart forgets what only memory knew
        name = _end_elsewhere(s)
        s.desk.drafts()
        told = s.desk.begun.told_once(charge(), held, "")
        assert told is not None
        assert told.values == {"outage": name}
        assert s.desk.begun.told_once(charge(), held, "") is None
