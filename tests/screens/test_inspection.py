"""The inspector at the screen: sums that add up, one state at a time, every fact, the page and the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.inspection_controls import FILE
from downtime.inspection_words import BLOCKS, STATES
from downtime.screens.inspection import InspectionScreen
from downtime.screens.inspection_control import InspectionControlScreen
from downtime.screens.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.inspection import Inspection
    from tests.screens.story import Story


async def _opened(s: Story) -> Inspection:
    """Open the place and wait until everything was looked at."""
    s.app.go("inspection")
    await s.rest()
    screen = s.app.screen
    assert isinstance(screen, InspectionScreen)
    await s.until(lambda: screen._found is not None)
    await s.rest()
    assert screen._found is not None
    return screen._found


@pytest.mark.parametrize("size", [(80, 24), (120, 30)])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_sums_stand_at_the_top(
    story: Callable[..., Story], size: tuple[int, int], language: str
) -> None:
    """Each chapter's states and their sum, and the sum of all, are on the first screen; nothing wraps."""
    async with story(operator="4003", size=size, language=language) as s:
        found = await _opened(s)
        figures = [row.split() for row in s.screen.splitlines()]
        for block in (*BLOCKS, ""):
            wanted = [*(str(found.counts(block)[state]) for state in STATES), str(found.total(block))]
            assert any(" ".join(wanted) in " ".join(row) for row in figures), block
        assert ("待医院填写" if language == "zh" else "to be filled in by the hospital") in s.screen


async def test_one_state_after_the_other(story: Callable[..., Story]) -> None:
    """Ctrl+F goes through the states, each list as long as its count; Esc shows all again, then leaves."""
    async with story(operator="4003") as s:
        found = await _opened(s)
        rows = s.app.screen.query_one(Rows)
        assert len(rows.values) == found.total()
        for state in STATES:
            await s.press("ctrl+f")
            assert [one.state for one in rows.values] == [state] * found.counts()[state]
        await s.press("escape")
        assert len(rows.values) == found.total()
        await s.press("escape")
        assert not isinstance(s.app.screen, InspectionScreen)


async def test_enter_shows_every_fact_and_its_source(story: Callable[..., Story]) -> None:
    """Clause with mark, wording, note, facts; Esc goes back to the same row."""
    async with story(operator="4003", size=(120, 45)) as s:
        found = await _opened(s)
        place = next(n for n, one in enumerate(found.checked) if one.control.id == "audit-span")
        await s.press(*["down"] * place, "enter")
        assert isinstance(s.app.screen, InspectionControlScreen)
        assert "留存相关的网络日志不少于六个月" in s.screen
        assert "[P]" in s.screen
        assert "账册 0001 第 1 笔" in s.screen
        await s.press("escape")
        assert s.app.screen.query_one(Rows).place == place


async def test_page_and_draft_are_written_into_the_home(story: Callable[..., Story]) -> None:
    """F6 writes the page, Ctrl+K the draft for Word and as Markdown; both are told and audited."""
    async with story(operator="4003", size=(160, 45)) as s:
        await _opened(s)
        folder: Path = s.home.path / "exports"

        def written() -> set[str]:
            return {path.suffix for path in folder.iterdir()} if folder.is_dir() else set()

        await s.press("f6")
        await s.until(lambda: ".pdf" in written())
        await s.press("ctrl+k")
        await s.until(lambda: {".docx", ".md"} <= written())
        await s.until(lambda: "exports" in s.screen)
        await s.until(
            lambda: (
                s.desk.book.db.execute(
                    "SELECT count(*) FROM entry WHERE CAST(sealed AS TEXT) LIKE '%inspection_written%'"
                ).fetchone()[0]
                == 2
            )
        )


async def test_what_was_deleted_is_missing_at_the_next_look(story: Callable[..., Story]) -> None:
    """Ctrl+E looks again: evidence that went meanwhile is gone from the sums."""
    async with story(operator="4003") as s:
        before = await _opened(s)
        assert before.counts()["evidence"] > 0
        for path in (s.home.path / "reference").iterdir():
            path.unlink()
        screen = s.app.screen
        assert isinstance(screen, InspectionScreen)
        await s.press("ctrl+e")
        await s.until(lambda: screen._found is not before)
        assert screen._found is not None
        assert screen._found.counts()["evidence"] < before.counts()["evidence"]


async def test_a_bad_controls_file_is_told_with_its_line(story: Callable[..., Story]) -> None:
    """The alarm names file, line and what to do; no state is shown."""
    async with story(operator="4003") as s:
        (s.home.path / FILE).write_text("format = 1\ncolour = 2\n", "utf-8")
        s.app.go("inspection")
        await s.until(lambda: FILE in s.screen)
        assert "第 2 行" in s.screen


async def test_a_cashier_is_not_offered_it(story: Callable[..., Story]) -> None:
    """Who may not inspect does not see the place, and opening it says so."""
    async with story(operator="1001") as s:
        assert "等保自查" not in s.screen
        s.app.go("inspection")
        await s.rest()
        assert not isinstance(s.app.screen, InspectionScreen)


async def test_a_drill_says_so_first(story: Callable[..., Story]) -> None:
    """On a drill's station nothing is evidence, and the quiet line says why."""
    async with story(operator="4003") as s:
        s.home.settings.station.__dict__["drill"] = True
        found = await _opened(s)
        assert found.counts()["evidence"] == 0
        assert "演练工作站" in s.screen
