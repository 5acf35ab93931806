"""Memory at the window: what was closed is gone, however many customers there were."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from textual._styles_cache import StylesCache

from downtime.screens.clearing import clear

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


def painted() -> int:
    """Return for how many widgets painted lines are kept."""
    clear()
    return sum(isinstance(one, StylesCache) for one in gc.get_objects())


async def test_closed_dialogs_leave_nothing_behind(story: Callable[..., Story]) -> None:
    """The search through memory that follows each receipt takes no longer in the evening than in the morning."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter", "escape")
        before = painted()
        for _time in range(5):
            await s.press("enter", "escape")
        assert painted() <= before
