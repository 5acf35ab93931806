"""The end of a book at the screen: what hinders the sign-off, why it stays open, two papers, two people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.approvals import approve
from downtime.book import OpenBook
from downtime.record import new_entry_id, record_station_form
from downtime.screens.closing import ClosingScreen
from downtime.screens.rows import Rows
from downtime.sealing import Filled
from downtime.station import open_new_book
from downtime.store import journal
from forms.station_book import OutageEnded
from tests.downtime.builders import charge, stand

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.closing_desk import Looked
    from downtime.entry import Entry
    from downtime.home import Home
    from tests.screens.story import Story


def _finish(home: Home) -> None:
    """Charge twice, end the practice outage, open the next book."""
    book = OpenBook(home, home.keys.unlock("1001", "lianxi1001"), home.current_book())
    for _n in range(2):
        stand(book, charge())
    book.close()
    ring = home.keys.unlock("1006", "lianxi1006")
    book = OpenBook(home, ring, home.current_book())
    filled = Filled(OutageEnded(outage=book.outage()), new_entry_id())
    record_station_form(book, filled, approve(book, filled, "outage", "4001", "lianxi4001"))
    book.close()
    open_new_book(home, ring).close()


def _recorded(s: Story, form: str) -> list[Entry]:
    return list(journal.entries(s.desk.book.db, forms=(form,)))


async def _opened(s: Story) -> Looked:
    s.app.go("closing")
    await s.rest()
    screen = s.app.screen
    assert isinstance(screen, ClosingScreen)
    await s.until(lambda: screen._found is not None)
    await s.rest()
    assert screen._found is not None
    return screen._found


@pytest.mark.parametrize("size", [(80, 24), (120, 30)])
@pytest.mark.parametrize("language", ["zh", "en"])
async def test_each_open_thing_says_where_it_is_settled(
    practice_home: Home, story: Callable[..., Story], size: tuple[int, int], language: str
) -> None:
    """The newest finished book, every thing by its number, and below the list where to settle the marked one."""
    _finish(practice_home)
    async with story(operator="1006", size=size, language=language) as s:
        found = await _opened(s)
        assert not found.is_current
        assert found.stops({}) > 0
        marked = s.app.screen.query_one(Rows).marked
        assert marked is not None
        assert marked.obstacle.settle[:12] in s.screen
        assert f"{found.book:04d}" in s.screen


async def test_what_is_explained_no_longer_stops_and_two_people_sign(
    practice_home: Home, story: Callable[..., Story]
) -> None:
    """Enter and a usual reason for each thing; F8, the second person's number and password; the book is signed."""
    _finish(practice_home)
    async with story(operator="1006", size=(120, 30)) as s:
        found = await _opened(s)
        screen = s.app.screen
        assert isinstance(screen, ClosingScreen)
        await s.press("f8")
        assert s.app.screen is screen, "nothing is signed while something is open"
        for n, one in enumerate(found.things):
            if one.item is not None:
                rows = screen.query_one(Rows)
                rows.show(found.things, place=n)
                await s.press("enter")
                await s.press("1", "enter")
        assert screen.why_not("settle") is None
        await s.press("f8")
        await s.type("4003")
        await s.press("enter")
        await s.type("lianxi4003")
        await s.press("enter")
        await s.until(lambda: _recorded(s, "signed_off"))
        await s.until(lambda: screen._found is not None and screen._found.is_signed)
        assert screen._found is not None
        assert set(screen._found.explained) == {one.item.key for one in found.things if one.item is not None}


async def test_certificate_and_pack_are_written(practice_home: Home, story: Callable[..., Story]) -> None:
    """F6 writes the certificate, Ctrl+K the pack, both into the home and both recorded."""
    _finish(practice_home)
    async with story(operator="1006", size=(120, 30)) as s:
        await _opened(s)
        folder = s.home.path / "exports"

        def written() -> list[str]:
            return sorted(path.name for path in folder.glob("closing-*")) if folder.is_dir() else []

        await s.press("f6")
        await s.until(lambda: any(name.endswith(".pdf") for name in written()))
        await s.press("ctrl+k")
        await s.until(lambda: len(written()) == 2)
        await s.until(
            lambda: len([one for one in _recorded(s, "audit") if "closing_" in one.content["event"]]) == 2
        )


async def test_the_current_book_is_told_as_it_stands(story: Callable[..., Story]) -> None:
    """Where no book is finished the current one is shown, and signing says why not."""
    async with story(operator="1006") as s:
        found = await _opened(s)
        assert found.is_current
        screen = s.app.screen
        assert isinstance(screen, ClosingScreen)
        assert screen.why_not("settle") is not None


async def test_a_cashier_does_not_get_there(story: Callable[..., Story]) -> None:
    """Whoever counts a drawer blind sees no sum beforehand."""
    async with story(operator="1001") as s:
        s.app.go("closing")
        await s.rest()
        assert not isinstance(s.app.screen, ClosingScreen)
