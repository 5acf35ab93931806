"""Printing goes on behind; a dead printer is told and never waited for."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def test_a_dead_printer_stops_nobody(story: Callable[..., Story]) -> None:
    """The charge stands, the line says it is not printed, and the next patient is served at once."""
    async with story() as s:
        shutil.rmtree(s.desk.book.paths.paper)
        s.desk.book.paths.paper.write_text("no folder any more")
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: "未打印" in s.screen)
        await s.type("lw")
        await s.press("enter")
        await s.type("xcg")
        await s.press("enter", "enter", "enter")
        await s.until(lambda: len(s.entries("charge")) == 2)
        await s.until(lambda: len(s.desk.not_printed()) == 2)


async def test_the_last_receipt_is_printed_again_by_one_key(story: Callable[..., Story]) -> None:
    """F6 makes a second copy, counted as such."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: "已打印" in s.screen)
        before = len(list(s.desk.book.paths.paper.iterdir()))
        await s.press("f6")
        await s.until(lambda: len(list(s.desk.book.paths.paper.iterdir())) > before)
