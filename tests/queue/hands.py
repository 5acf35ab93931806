"""Hands at the keys: everything that reaches the app's door is counted, whoever sent it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.events import Key, MouseDown, MouseScrollDown, MouseScrollUp

from downtime.screens.search_field import ROWS_SHOWN, SearchField
from tests.queue.model import Work

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.events import Event

    from tests.screens.story import Story

LETTERS_BEFORE_LOOKING = 2
LETTERS_MAX = 6
POINTING = (MouseDown, MouseScrollDown, MouseScrollUp)


class NotFoundError(Exception):
    """What the typist wants stands in no list, however it is typed."""


class Hands:
    """One typist; ``work`` grows with every key.

    Args:
        story: the app they work at.
    """

    def __init__(self, story: Story) -> None:
        self.story, self.work = story, Work()
        self._is_scanning = False
        self._inside: Callable[[Event], Awaitable[None]] = story.app.on_event
        story.app.on_event = self._at_the_door  # type: ignore[method-assign]  # to count what comes in

    async def _at_the_door(self, event: Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded and not self._is_scanning:
            self.work.keys += 1
        elif isinstance(event, POINTING):
            self.work.points += 1
        await self._inside(event)

    def so_far(self) -> Work:
        """Return a copy of what was done until now."""
        return replace(self.work)

    def think(self) -> None:
        """Get ready for the next piece of work."""
        self.work.thoughts += 1

    async def keys(self, *names: str) -> None:
        """Press keys."""
        await self.story.press(*names)

    async def text(self, text: str) -> None:
        """Type characters."""
        await self.story.type(text)

    async def scan(self, text: str) -> None:
        """Scan a code with the scanner that lies beside the keys."""
        self.work.scans += 1
        self._is_scanning = True
        await self.story.scan(text)
        self._is_scanning = False

    async def choose(self, field: str, typed: str, wanted: Callable[[Any], bool], code: str) -> None:
        """Type into a search field until the wanted row is in sight, and take it.

        Letters are typed from the first on; after the second the list is looked at after each. Nine rows are
        in sight, a digit takes one. After six letters one turns the page; if that does not help, the code is
        typed instead.

        Args:
            field: id of the search field, which has the cursor.
            typed: letters a person would type, the first first.
            wanted: whether a value of the list is the one.
            code: what names the row alone.
        """
        search = self.story.app.screen.query_one(f"#{field}", SearchField)
        letters = typed[:LETTERS_MAX]
        await self.text(letters[:LETTERS_BEFORE_LOOKING])
        for place in range(LETTERS_BEFORE_LOOKING, len(letters) + 1):
            if await self._took(search, wanted):
                return
            if place < len(letters):
                await self.text(letters[place])
        if await self._turned(search, wanted):
            return
        await self.keys(*["backspace"] * len(search.text))
        await self.number(field, code, wanted)

    async def number(self, field: str, digits: str, wanted: Callable[[Any], bool]) -> None:
        """Type a number or code and take its row: Enter for the first, arrows to another."""
        search = self.story.app.screen.query_one(f"#{field}", SearchField)
        await self.text(digits)
        place = _place(_in_sight(search), wanted)
        if place is None:
            raise NotFoundError(digits)
        if place:  # several answer to it: one has to look
            self.work.picks += 1
        await self.keys(*["down"] * place, "enter")

    async def _took(self, search: SearchField, wanted: Callable[[Any], bool]) -> bool:
        place = _place(_in_sight(search), wanted)
        if place is None:
            return False
        self.work.picks += 1
        await self.keys(str(place + 1) if place else "enter")
        return True

    async def _turned(self, search: SearchField, wanted: Callable[[Any], bool]) -> bool:
        while search._top + ROWS_SHOWN < len(search._found):
            await self.keys("pagedown")
            if await self._took(search, wanted):
                return True
        return False


def _in_sight(search: SearchField) -> Sequence[Any]:
    if not search.is_open:
        return ()
    return [row.value for row in search._found[search._top : search._top + ROWS_SHOWN]]


def _place(rows: Sequence[Any], wanted: Callable[[Any], bool]) -> int | None:
    return next((place for place, row in enumerate(rows) if wanted(row)), None)
