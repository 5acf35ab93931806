"""One person at the keys of one app."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Self

from textual.events import Key

from downtime.app import DowntimeApp
from downtime.screens.home import after_login
from tests.screens.looking import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from textual.pilot import Pilot

    from downtime.clock import Clock
    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.home import Home

PATIENCE_SECONDS_MAX = 20
_TURN = 0.005
_NAMES = {
    " ": "space",
    ".": "full_stop",
    "*": "asterisk",
    "-": "minus",
    "+": "plus",
    "/": "slash",
    "。": "。",
}


class Fingers:
    """Seconds at each key, as a person or a scanner makes them.

    Attributes:
        gap: seconds between two keys.
        pause: seconds before the next key alone, 0 for the usual gap.
    """

    def __init__(self) -> None:
        self.at = self.pause = 0.0
        self.gap = 0.2

    def __call__(self) -> float:
        """Return the time of the next key."""
        self.at += self.pause or self.gap
        self.pause = 0.0
        return self.at

    @contextmanager
    def scanning(self) -> Iterator[None]:
        """The next key comes after a pause, and those behind it as fast as a scanner's."""
        self.pause, self.gap = self.gap, 0.005
        yield
        self.gap = 0.2


class Story:
    """The app running; keys go in, the journal and the screen can be looked at.

    Args:
        home: the station.
        size: columns and rows.
        language: of the screen.
        plain: the plain look.
        operator: who is logged in when the story begins, or "" for the login screen.
        clock: where times come from; the PC's by default.
        real_keys: the time between keys is what it really is, not the fingers'.
    """

    def __init__(
        self,
        home: Home,
        *,
        size: tuple[int, int] = (80, 24),
        language: str = "zh",
        plain: bool = False,
        operator: str = "1001",
        clock: Clock | None = None,
        real_keys: bool = False,
    ) -> None:
        self.home, self.size, self.operator = home, size, operator
        self.fingers = Fingers()
        key_clock = None if real_keys else self.fingers
        self.app = DowntimeApp(home, language=language, plain=plain, clock=clock, key_clock=key_clock)
        self._stack = AsyncExitStack()
        self._pilot: Pilot[Any]

    async def __aenter__(self) -> Self:
        self._pilot = await self._stack.enter_async_context(self.app.run_test(size=self.size))
        if self.operator:
            self.app.open_desk(self.home.keys.unlock(self.operator, f"lianxi{self.operator}"))
            after_login(self.app)
            await self.rest()
        return self

    async def __aexit__(self, *failure: object) -> None:
        if sys.exc_info()[0] is not None:
            print(self.screen)  # noqa: T201 (what the person saw when it went wrong)
        else:
            await self.rest()
        await self._stack.aclose()
        self.app.close_desk()

    @property
    def desk(self) -> Desk:
        """The desk in hand."""
        assert self.app.desk is not None
        return self.app.desk

    @property
    def screen(self) -> str:
        """What stands on the screen."""
        return text_of(self.app)

    def entries(self, form: str) -> list[Entry]:
        """Return the entries of a form, oldest first."""
        return [entry for entry in reversed(self.desk.find_entries("", 1000)) if entry.form == form]

    async def type(self, text: str) -> None:
        """Type characters."""
        await self.press(*text)

    async def press(self, *keys: str) -> None:
        """Press keys by name, or characters; all are handled when this returns."""
        for key in keys:
            self.app.post_message(_key(key))
        await self.rest()

    async def scan(self, text: str) -> None:
        """Let a scanner type ``text`` and Enter."""
        with self.fingers.scanning():
            await self.press(*text, "enter")

    async def rest(self) -> None:
        """Wait until every key is handled and the screen is drawn."""
        await self._pilot.pause(_TURN)
        await self.until(lambda: not self.app.has_keys_waiting)
        await self._pilot.pause(_TURN)

    async def look(self) -> None:
        """Let the top line look again, and wait until it has."""
        before = self.app.glance
        self.app.look()
        await self.until(lambda: self.app.glance is not before)

    async def until(self, happened: Callable[[], object]) -> None:
        """Wait for something the writer's thread brings about."""
        async with asyncio.timeout(PATIENCE_SECONDS_MAX):
            while not happened():
                await self._pilot.pause(_TURN)

    async def charged(self, patient: str = "zw", *items: str) -> None:
        """From home: find a patient and take items, each by its first row."""
        await self.press("1")
        await self.type(patient)
        await self.press("enter")
        for item in items:
            await self.type(item)
            await self.press("enter")


def _key(key: str) -> Key:
    if len(key) == 1:
        return Key(_NAMES.get(key, key), key)
    return Key(key, "\r" if key == "enter" else None)
