"""Keys are handled one after the other: whoever types ahead never types into the wrong field.

Textual decides where a key goes when it arrives, while what the key before it did (a new focus, a new screen) may
still be on its way as messages. Here each key waits until those are through.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.events import Key
    from textual.message_pump import MessagePump
    from textual.screen import Screen

    from downtime.app import DowntimeApp

ROUNDS_MAX = 4
TURN_SECONDS = 0.002
WAIT_SECONDS_MAX = 0.5
"""A screen that is busy for longer gets the next key all the same."""


class KeyOrder:
    """The keys that have arrived and wait for their turn."""

    def __init__(self, app: DowntimeApp) -> None:
        self._app = app
        self._waiting: deque[tuple[Key, bool]] = deque()
        self.is_busy = False

    def take(self, key: Key, *, is_persons: bool = False) -> None:
        """Take a key; it is handled as soon as those before it are.

        Args:
            key: the key.
            is_persons: whether the scanner has looked at it and knows that it is a person's.
        """
        self._waiting.append((key, is_persons))
        if not self.is_busy:
            self.is_busy = True
            self._app.run_worker(self._handle_all(), group="keys", exit_on_error=True)

    async def _handle_all(self) -> None:
        try:
            while self._waiting:
                key, is_persons = self._waiting.popleft()
                if not is_persons:
                    for held in self._app.scanner.sees(key):
                        await self._handle(held, is_persons=True)
                await self._handle(key, is_persons=is_persons)
        finally:
            self.is_busy = False

    async def _handle(self, key: Key, *, is_persons: bool) -> None:
        await _there(self._app.screen)  # a scan or the clock may have put it up this moment
        await self._app.handle_key(key, is_persons=is_persons)
        await self._settle()

    async def _settle(self) -> None:
        for _round in range(ROUNDS_MAX):
            await _there(self._app.screen)
            before = self._app.screen, self._app.focused
            await self._through(before)
            if before == (self._app.screen, self._app.focused):
                return

    async def _through(self, before: tuple[MessagePump, MessagePump | None]) -> None:
        screen, focused = before
        pump: MessagePump | None = focused or screen
        while pump is not None and pump is not self._app:
            await _handled(pump)
            pump = pump._parent  # noqa: SLF001 (messages bubble along exactly this way)
        await _handled(self._app)


async def _there(screen: Screen[Any]) -> None:
    """Wait until a screen that was only just put up takes keys: the first one typed would be lost."""
    for _turn in range(round(WAIT_SECONDS_MAX / TURN_SECONDS)):
        if screen.is_mounted:
            return
        await asyncio.sleep(TURN_SECONDS)


async def _handled(pump: MessagePump) -> None:
    """Wait until ``pump`` has handled what it has been sent so far."""
    done = asyncio.Event()
    if pump.is_running and pump.call_later(done.set):
        try:
            await asyncio.wait_for(done.wait(), WAIT_SECONDS_MAX)
        except TimeoutError:
            return
