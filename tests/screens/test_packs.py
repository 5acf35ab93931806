"""The screen of paper forms: packs are printed, issued, taken back and declared void or lost there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.packs import PacksScreen
from downtime.screens.second_person import SecondPersonDialog
from tests.screens.late_keys import begin_pile, issue_pack, written

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from tests.screens.story import Story


async def _open(s: Story) -> None:
    s.app.go("packs")
    await s.until(lambda: isinstance(s.app.screen, PacksScreen))
    await s.rest()


async def test_a_pack_is_printed_and_issued_by_keys(practice_home: Home, story: Callable[..., Story]) -> None:
    """Which form, how many, to whom: the ledger says so, and the PDF lies in the station's folder."""
    async with story() as s:
        await _open(s)
        await s.press("ctrl+n", "1")
        await s.press(*["backspace"] * 2, "5", "enter")
        await s.until(lambda: written(s, "pack_printed"))
        await s.until(lambda: isinstance(s.app.screen, PacksScreen) and "W03A-P000001" in s.screen)
        (pdf,) = (practice_home.path / "packs").iterdir()
        assert pdf.read_bytes().startswith(b"%PDF")
        await s.press("f2")
        await s.type("1002")
        await s.press("enter")
        await s.until(lambda: written(s, "pack_issued"))
        (issued,) = written(s, "pack_issued")
        assert (issued.content["first"], issued.content["last"]) == (1, 5)
        assert issued.content["holder"] == "1002"
        await s.until(lambda: "5 张未交代" in s.screen)


async def test_a_lost_form_needs_two_people(practice_home: Home, story: Callable[..., Story]) -> None:
    """A cashier cannot explain a missing form away alone."""
    numbers = issue_pack(practice_home)
    async with story() as s:
        await _open(s)
        await s.until(lambda: "10 张未交代" in s.screen)
        await s.press("f5", "2")
        await s.press("enter")
        await s.type("lost at window 3")
        await s.press("enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        assert written(s, "paper_voided") == []
        await s.rest()
        await s.type("1006")
        await s.press("enter")
        await s.type("lianxi1006")
        await s.press("enter")
        await s.until(lambda: written(s, "paper_voided"))
        (lost,) = written(s, "paper_voided")
        assert (lost.content["state"], lost.second_person) == ("lost", "1006")
        await s.until(lambda: "9 张未交代" in s.screen)
        assert numbers


async def test_a_skipped_form_stands_out(practice_home: Home, story: Callable[..., Story]) -> None:
    """A number left out while later ones were typed in is named: somebody may have kept it."""
    numbers = issue_pack(practice_home)
    async with story() as s:
        await begin_pile(s, numbers[2])
        for search in ("zw", "xcg"):
            await s.type(search)
            await s.press("enter")
        await s.press("enter", "1", "8", "enter")
        await s.until(lambda: written(s, "late_entry"))
        await _open(s)
        await s.until(lambda: "跳号(后面的已补录):1-2" in s.screen)
