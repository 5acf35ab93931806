"""Quick hands at one app: whole words at a time, nothing pressed before what came earlier was handled."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from downtime.screens.home import KEYS, HomeScreen
from tests.screens.story import PATIENCE_SECONDS_MAX, Story, _key

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.clock import ManualClock
    from downtime.entry import Entry
    from downtime.home import Home

TURN_SECONDS = 0.002
PATIENCE = 3 * PATIENCE_SECONDS_MAX
OPERATOR = "1001"


class StuckError(Exception):
    """Something that had to happen did not; the message is the screen at that moment."""


class KilledError(Exception):
    """The app dies here."""


class Session(Story):
    """One run of the app, from its start until it is closed or dies."""

    def __init__(self, home: Home, clock: ManualClock, operator: str = OPERATOR) -> None:
        super().__init__(home, clock=clock, operator=operator)
        self.dies = False

    @property
    def password(self) -> str:
        """The password of whoever is logged in."""
        return f"lianxi{self.operator}"

    async def becomes(self, operator: str) -> None:
        """Lock, and let somebody else log in at the same PC."""
        await self.home_screen()
        await self.keys("f11")
        await self.wait(lambda: self.app.is_locked)
        await self.keys("shift+tab", "end", *["backspace"] * len(self.operator), *operator, "enter")
        self.operator = operator
        await self.keys(*self.password, "enter")
        await self.wait(lambda: not self.app.is_locked and self.desk.person.operator == operator)
        await self.shows(HomeScreen)

    async def __aexit__(self, *failure: object) -> None:
        if self.dies:  # nothing is said goodbye to; what is on disk is what there is
            await self._stack.aclose()
            self.app.close_desk()
        else:
            await super().__aexit__(*failure)

    async def keys(self, *keys: str) -> None:
        """Press keys and wait until all of them are handled."""
        for key in keys:
            self.app.post_message(_key(key))
        arrived = asyncio.Event()
        self.app.call_later(arrived.set)
        await self.wait(arrived.is_set)
        await self.wait(lambda: not self.app.has_keys_waiting)

    async def words(self, *parts: str) -> None:
        """Type text; the names of keys stand for themselves."""
        await self.keys(*(key for part in parts for key in ([part] if part in NAMED else part)))

    async def fast(self, text: str) -> None:
        """Let a scanner type ``text`` and Enter."""
        with self.fingers.scanning():
            await self.keys(*text, "enter")
        await self.wait(lambda: not self.app.scanner.is_reading)

    async def wait(self, happened: Callable[[], Any]) -> None:
        """Wait for something that happens behind."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not happened():  # noqa: ASYNC110 (anything may be waited for)
                    await asyncio.sleep(TURN_SECONDS)
        except TimeoutError as error:
            raise StuckError(self.screen) from self.app._exception or error  # what ended the app

    async def shows(self, kind: type[Any]) -> None:
        """Wait for a screen."""
        await self.wait(lambda: isinstance(self.app.screen, kind) and self.app.screen.is_mounted)
        await self.keys()

    async def home_screen(self) -> None:
        """Go home by Esc."""
        while not isinstance(self.app.screen, HomeScreen):
            await self.keys("escape")

    async def goes(self, place: str) -> None:
        """Go to a place by its key on the home screen."""
        await self.home_screen()
        there = [one.name for one in self.app.screen.places_here()]  # type: ignore[attr-defined]  # the home screen's
        await self.keys(KEYS[there.index(place)])

    async def told(self, before: object) -> Entry:
        """Wait until something is said to be recorded, and return it."""
        await self.wait(lambda: self.app.last is not before and self.app.last is not None)
        assert self.app.last is not None
        await self.keys()
        return self.app.last.entry

    async def paper_is_out(self) -> None:
        """Wait until the printer has nothing more to do."""
        await self.wait(lambda: not self.app.printing)


NAMED = frozenset(
    (
        *("enter", "escape", "tab", "down", "backspace"),
        *(f"f{n}" for n in range(1, 13)),
        *(f"ctrl+{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"),
    )
)
