"""Going back at once: a list that comes in while its screen is being left harms nobody."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from downtime.screens.home import HomeScreen
from downtime.screens.rows import Rows
from downtime.screens.worklist_look import WorklistLook

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.screens.story import Story


async def test_a_list_read_too_late_does_not_end_the_app(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Work lists are left before they were read; the rows come in while the screen is taken apart."""
    leaving = asyncio.Event()
    read = asyncio.Event()
    looking = WorklistLook.looking

    async def slow(self: WorklistLook, name: str) -> Any:
        looked = await looking(self, name)
        await leaving.wait()
        read.set()
        return looked

    async def taken_apart(_rows: Rows) -> None:
        leaving.set()
        await read.wait()
        for _turn in range(5):
            await asyncio.sleep(0)

    monkeypatch.setattr(WorklistLook, "looking", slow)
    monkeypatch.setattr(Rows, "on_unmount", taken_apart, raising=False)
    async with story() as s:
        s.app.go("worklists")
        await s.rest()
        await s.press("escape")
        await s.until(lambda: isinstance(s.app.screen, HomeScreen) and read.is_set())
        await s.rest()
        assert s.app.is_running
        await s.press("f1")
        assert not isinstance(s.app.screen, HomeScreen), "keys work on"
