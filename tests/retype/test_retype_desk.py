"""The goal of the retype desk, over a few entries every day; ``python -m tests.retype`` draws the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.retype.desk import WAYS, figures

if TYPE_CHECKING:
    from pathlib import Path

MEDIAN_MAX, P90_MAX = 15, 20
ENTRIES = 4


async def test_an_entry_of_three_lines_is_typed_in_soon_enough(tmp_path: Path) -> None:
    """By the model, off the worksheet and by the clipboard: median 15 s, p90 20 s; and nothing is said twice."""
    found = await figures(tmp_path / "home", None, seed=3, entries=ENTRIES)
    for way in WAYS[:2]:
        seconds = found["retype_seconds"][way]
        assert seconds["median"] <= MEDIAN_MAX, way
        assert seconds["p90"] <= P90_MAX, way
    assert found["doubles"] == 0
