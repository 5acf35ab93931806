"""Statements through the real screen: take a file, see what does not agree, record it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.entry_screen import EntryScreen
from downtime.screens.statements import StatementsScreen
from downtime.store import journal, open_lists
from tests.downtime.statement_sources import AT, SOURCES
from tests.screens.made_back import MOBILE_PAY, made_paid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


def laid_down(s: Story, *rows: str, encoding: str = "gb18030", name: str = "wx.csv") -> None:
    """Put a statement into the station's folder."""
    (s.home.path / "statements.toml").write_text(SOURCES, "utf-8")
    folder = s.home.path / "statements"
    folder.mkdir(exist_ok=True)
    text = "交易时间,订单号,金额\r\n" + "".join(f"{row}\r\n" for row in rows)
    (folder / name).write_bytes(text.encode(encoding))


async def opened(s: Story) -> StatementsScreen:
    """Go to the screen."""
    s.app.go("statements")
    await s.rest()
    screen = s.app.screen
    assert isinstance(screen, StatementsScreen)
    return screen


async def compared(s: Story, screen: StatementsScreen) -> None:
    """Wait until the file was read."""
    await s.until(lambda: not screen._busy)
    await s.rest()


async def test_a_file_is_compared_and_recorded(story: Callable[..., Story]) -> None:
    """A digit takes the file; what does not agree is listed; F8 verifies what is proven and records the outcome."""
    async with story(language="en", operator="1006") as s:
        made_paid(s.desk, [{**MOBILE_PAY(5_000), "unverified": True}])
        made_paid(s.desk, [MOBILE_PAY(3_000, "4444")])
        laid_down(s, f"{AT},PX008812,50.00", f"{AT},PX009999,5.50")
        screen = await opened(s)
        assert "wx.csv" in s.screen
        await s.press("1")
        await compared(s, screen)
        assert "missing there" in s.screen
        assert "unknown here" in s.screen
        assert "80.00" in s.screen
        await s.press("f8")
        await s.until(lambda: journal.last_of_form(s.desk.looking(), "statement_matched"))
        await s.rest()
        assert open_lists.unverified_total(s.desk.looking()) == 0
        assert "1 payments verified" in s.screen
        await s.press("f8")
        assert "This comparison is recorded." in s.screen
        await s.press("ctrl+f", "enter")
        assert isinstance(s.app.screen, EntryScreen)


async def test_statement_with_duplicate_slips(story: Callable[..., Story]) -> None:
    """The second row of one order stands as a duplicate, with its line, and verifies nothing."""
    async with story(language="en", operator="1006") as s:
        made_paid(s.desk, [{**MOBILE_PAY(5_000), "unverified": True}])
        laid_down(s, f"{AT},PX008812,50.00", f"{AT},PX008812,50.00")
        screen = await opened(s)
        await s.press("enter")
        await compared(s, screen)
        assert screen.found is not None
        assert [one.outcome for one in screen.found.different()] == ["duplicate"]
        assert len(screen.found.verified) == 1


async def test_a_bad_file_says_its_lines(story: Callable[..., Story]) -> None:
    """What is wrong stands there with the line; Esc is back at the files; nothing is recorded."""
    async with story(language="en", operator="1006") as s:
        laid_down(s, f"{AT},PX008812,fifty", f"{AT},PX1")
        screen = await opened(s)
        await s.press("1")
        await compared(s, screen)
        assert "Row 2" in s.screen
        assert "Row 3 is cut off" in s.screen
        await s.press("f8")
        assert "Take a file first." in s.screen
        await s.press("escape")
        assert "wx.csv" in s.screen
        await s.type("/nowhere/x.csv")
        await s.press("enter")
        await compared(s, screen)
        assert "cannot be read" in s.screen


async def test_a_site_that_declared_nothing(story: Callable[..., Story]) -> None:
    """Without statements.toml the screen says what is missing and who writes it."""
    async with story(language="en", operator="1006") as s:
        await opened(s)
        assert "statements.toml" in s.screen
        await s.press("enter", "f8")
        assert "Take a file first." in s.screen
