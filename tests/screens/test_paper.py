"""Printing goes on behind; a dead printer is told and never waited for."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from downtime.printers import MaybePrinted
from downtime.printers.memory import MemoryPrinter

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

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


async def test_a_receipt_cut_off_is_asked_about(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The printer stopped in the middle: F6 asks what came out; "whole" prints nothing and settles it."""
    printer = MemoryPrinter()
    printer.answers = [MaybePrinted("cut off"), MaybePrinted("cut off")]
    monkeypatch.setattr("downtime.paper.printer_of", lambda _profile, _folder: printer)
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: "可能已打印" in s.screen)
        await s.press("f6")
        await s.until(lambda: "打成什么样" in s.screen)
        await s.press("2", "enter")
        await s.until(lambda: not printer.answers)
        await s.until(lambda: not s.app.printing)
        await s.press("f6")
        await s.until(lambda: "第 2 份打成什么样" in s.screen)
        await s.press("1", "enter")
        await s.until(lambda: s.desk.not_printed() == [])
        assert printer.jobs == []
