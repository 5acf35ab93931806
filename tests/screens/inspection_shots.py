"""The inspector's screens as pictures, for ``make inspection``: the list and one control, two sizes, both languages."""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from downtime.home import Home
from downtime.practice import prepare_practice
from downtime.screens.inspection import InspectionScreen
from tests.screens.drawing import draw_screen
from tests.screens.story import Story

if TYPE_CHECKING:
    from downtime.app import DowntimeApp

SIZES = ((80, 24), (120, 30))
LANGUAGES = ("zh", "en")
OPERATOR = "4003"
_AUDIT_SPAN = 4
"""Row of the control that is opened."""


def take_inspection(folder: Path) -> list[Path]:
    """Draw the screens of the practice station into ``folder``; return what was drawn."""
    before = os.umask(0o077)
    try:
        with TemporaryDirectory() as place:
            template = prepare_practice(Path(place) / "practice").path
            return asyncio.run(_take(template, Path(place), folder))
    finally:
        os.umask(before)


def _was_looked_at(app: DowntimeApp) -> bool:
    return isinstance(app.screen, InspectionScreen) and app.screen._found is not None


async def _take(template: Path, place: Path, folder: Path) -> list[Path]:
    drawn = []
    for size in SIZES:
        for language in LANGUAGES:
            home = Home(shutil.copytree(template, place / "one"))
            async with Story(home, size=size, language=language, operator=OPERATOR) as s:
                s.app.go("inspection")
                await s.until(lambda s=s: _was_looked_at(s.app))  # type: ignore[misc]  # bound in the loop
                await s.rest()
                name = f"{size[0]}x{size[1]}-{language}.png"
                drawn.append(folder / f"screen-{name}")
                draw_screen(s.app, drawn[-1])
                await s.press(*["down"] * _AUDIT_SPAN, "enter")
                drawn.append(folder / f"control-{name}")
                draw_screen(s.app, drawn[-1])
            shutil.rmtree(place / "one")
    return drawn
