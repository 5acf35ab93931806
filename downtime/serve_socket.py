"""One browser at a time: its keys go to an app process of its own, and that app's picture comes back.

The station has one app, as at its own screen: number, drafts and shift belong to whoever sits at it. So a second
browser is told to wait. One that nobody is logged in at gives way after a minute.
"""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

from downtime.serve_process import AppProcess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COLUMNS, ROWS = (80, 400), (24, 200)
MESSAGE_BYTES_MAX = 64 * 1024
BEHIND_BYTES_MAX = 4 * 1024 * 1024
HEARTBEAT_SECONDS = 15
GIVES_WAY_SECONDS = 60
WAIT_FOR_LEAVING_SECONDS = 4


class Sitting:
    """One browser and its app, from the first picture to the last.

    Attributes:
        began: when, by the PC's monotonic clock, in seconds.
        why_over: word for the page that says why it ended.
    """

    def __init__(self, socket: web.WebSocketResponse, command: Sequence[str], peer: str) -> None:
        self.socket = socket
        self.began = time.monotonic()
        self.why_over = "ended"
        self._pictures: asyncio.Queue[bytes] = asyncio.Queue()
        self._behind_bytes = 0
        self._seen = False
        self._over = asyncio.Event()
        self.process = AppProcess(command, peer, self._take_picture, self._leave)

    async def last(self, columns: int, rows: int) -> None:
        """Return when browser or app is gone; the app has left by then."""
        tasks: list[asyncio.Task[None]] = []
        try:
            await self.process.start(columns, rows)
            tasks = [
                asyncio.create_task(work)
                for work in (self._listen(), self._show(), self._app_ends(), self._told_to_end())
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.shield(self.process.stop())

    def end(self, why: str) -> None:
        """End it from outside, for a reason the page has words for."""
        self.why_over = why
        self._over.set()

    async def _told_to_end(self) -> None:
        await self._over.wait()

    async def _app_ends(self) -> None:
        await self.process.ended()
        if not self._seen:
            self.why_over = "held"

    async def _leave(self) -> None:
        """The app says that it ends; its pipe says so too."""

    async def _take_picture(self, picture: bytes) -> None:
        """Keep a piece of the picture for the browser; the app never waits for a slow network."""
        self._seen = True
        await asyncio.sleep(0)  # an app that draws without a pause must not keep the others waiting
        if self._over.is_set():
            return
        self._behind_bytes += len(picture)
        self._pictures.put_nowait(picture)
        if self._behind_bytes > BEHIND_BYTES_MAX:
            self.end("slow")

    async def _show(self) -> None:
        while True:
            picture = await self._pictures.get()
            self._behind_bytes -= len(picture)
            with suppress(ConnectionError):
                await self.socket.send_bytes(picture)

    async def _listen(self) -> None:
        """Hand over what the browser says; anything it should not say ends the sitting."""
        async for message in self.socket:
            if message.type != WSMsgType.TEXT or not await self._obey(message.data):
                await self.socket.close(code=WSCloseCode.POLICY_VIOLATION)
                return

    async def _obey(self, text: str) -> bool:
        try:
            said: Any = json.loads(text)
        except ValueError:
            return False
        match said:
            case ["keys", str(keys)]:
                await self.process.type(keys)
            case ["size", int(columns), int(rows)]:
                await self.process.set_terminal_size(within(columns, COLUMNS), within(rows, ROWS))
            case _:
                return False
        return True


class Seat:
    """The one place at the station's screen."""

    def __init__(self, command: Sequence[str], holder: Path) -> None:
        self._command, self._holder = command, holder
        self._free = asyncio.Lock()
        self.sitting: Sitting | None = None

    async def take(self, request: web.Request) -> web.WebSocketResponse:
        """Answer a browser that wants in; return when it is gone."""
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MESSAGE_BYTES_MAX)
        await socket.prepare(request)
        if self.sitting is not None and self._gives_way(self.sitting):
            self.sitting.end("taken")
        try:
            # after a reload the app of the page before is just leaving
            await asyncio.wait_for(self._free.acquire(), WAIT_FOR_LEAVING_SECONDS)
        except TimeoutError:
            await _say_goodbye(socket, "busy")
            return socket
        self.sitting = sitting = Sitting(socket, self._command, request.remote or "")
        try:
            asked = request.query
            await sitting.last(
                within(_number(asked.get("columns")), COLUMNS), within(_number(asked.get("rows")), ROWS)
            )
        finally:
            self.sitting = None
            self._free.release()
        await _say_goodbye(socket, sitting.why_over)
        return socket

    def leave(self) -> None:
        """Send whoever sits here away: the server stops."""
        if self.sitting is not None:
            self.sitting.end("lost")

    def _gives_way(self, sitting: Sitting) -> bool:
        """Whether nobody has logged in there for a minute."""
        if time.monotonic() - sitting.began < GIVES_WAY_SECONDS:
            return False
        try:
            told = json.loads(self._holder.read_text("utf-8"))
            return bool(told["pid"] == sitting.process.pid and not told["operator"])
        except (OSError, ValueError, KeyError, TypeError):
            return False


def within(value: int, bounds: tuple[int, int]) -> int:
    """Return the number nearest to ``value`` that lies between ``bounds``."""
    return max(bounds[0], min(bounds[1], value))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else 0  # noqa: PLR2004 (no screen has 10,000 rows)


async def _say_goodbye(socket: web.WebSocketResponse, why: str) -> None:
    with suppress(ConnectionError):  # the browser is gone already
        await socket.send_str(json.dumps(["over", why]))
    await socket.close()
