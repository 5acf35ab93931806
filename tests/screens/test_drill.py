"""A drill cannot be missed: the word stands on all four sides of every screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.practice import prepare_practice
from tests.screens.looking import rows_of
from tests.screens.story import Story

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_frame_says_drill_on_four_sides(tmp_path: Path) -> None:
    """Top, bottom, left and right, on home and on charge; the charge works inside."""
    home = prepare_practice(tmp_path / "drill", drill=True)
    async with Story(home) as s:
        for keys in ((), ("1",)):
            await s.press(*keys)
            rows = rows_of(s.app)
            assert "演练" in rows[0]
            assert "演练" in rows[-1]
            assert {row[:1] for row in rows[1:-1]} >= {"演", "练"}
            assert {row.rstrip()[-1:] for row in rows[1:-1]} >= {"演", "练"}
        await s.press("escape")
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("charge"))
        assert str(s.entries("charge")[0].number).startswith("D-")
