"""The plain look draws nothing that a Chinese console draws two cells wide, and is chosen by itself there."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest

from downtime.screens.look import PLAIN, RICH, THEMES
from downtime.screens.text import is_plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

STEPS = [
    (),
    ("1", "z", "w"),
    ("1", "z", "w", "enter", "x", "c", "g"),
    ("1", "z", "w", "enter", "x", "c", "g", "enter", "enter", "5", "0"),
    ("1", "z", "w", "enter", "x", "c", "g", "enter", "enter", "ctrl+o"),
    ("1", "f10", "n", "k"),
    ("1", "f1"),
    ("f11",),
    ("ctrl+q",),
]


@pytest.mark.parametrize("keys", STEPS)
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_sign_of_two_widths(
    story: Callable[..., Story], language: str, keys: tuple[str, ...]
) -> None:
    """Frames, masks, marks and texts, names from the hospital's lists too."""
    async with story(plain=True, language=language) as s:
        assert is_plain()
        await s.press(*keys)
        found = {sign for sign in s.screen if unicodedata.east_asian_width(sign) == "A"}
        assert not found


async def test_the_rich_look_has_frames(story: Callable[..., Story]) -> None:
    """Where the terminal is a modern one, frames are lines."""
    async with story() as s:
        assert not is_plain()
        await s.press("1", "z", "w")
        assert "┌" in s.screen


def test_every_colour_of_a_mode_is_in_both_looks() -> None:
    """A style sheet finds its colours in either."""
    assert RICH.variables.keys() == PLAIN.variables.keys()
    assert {theme.name for theme in THEMES} == {"downtime", "downtime-plain"}
