"""The top line never lies: mode, age of the data, what waits, the printer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.approvals import approve
from downtime.record import new_entry_id, record_station_form
from downtime.screens.glance import Glance, elapsed
from downtime.screens.topline import mode_of
from downtime.sealing import Filled
from forms.station_book import OutageEnded

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


def test_elapsed_reads_like_a_stopwatch() -> None:
    """Hours, minutes, seconds; days in front."""
    start = "2026-03-01T08:00:00.000+08:00"
    assert elapsed(start, "2026-03-01T08:42:10.000+08:00") == "00:42:10"
    assert elapsed(start, "2026-03-03T09:00:00.000+08:00") == "2d 01:00:00"
    assert elapsed("", start) == ""
    assert Glance().waiting == 0


async def test_the_mode_is_word_colour_and_shape(story: Callable[..., Story]) -> None:
    """An outage shows its time; when it ends, the line says so without anybody touching a key."""
    async with story(operator="1006") as s:
        await s.until(lambda: "!! 应急" in s.screen)
        assert mode_of(s.app)[2] == "outage"
        ended = Filled(OutageEnded(outage=s.desk.book.outage()), new_entry_id())
        agreed = approve(s.desk.book, ended, "outage", "1005", "lianxi1005")
        record_station_form(s.desk.book, ended, agreed)
        s.app.look()
        await s.until(lambda: "== 平时" in s.screen)


async def test_what_waits_for_the_his_is_counted(story: Callable[..., Story]) -> None:
    """Each charge makes it one more."""
    async with story() as s:
        await s.until(lambda: "待送 0" in s.screen)
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: "待送 1" in s.screen)
