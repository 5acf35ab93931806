"""A served station for tests, with the real app or a small stand-in that says back what it is told."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from downtime import serve as serve_module
from downtime.serve import SEAT, Serving, make_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import pytest

    from downtime.home import Home
    from downtime.serve_socket import Seat

LOOPBACK = ipaddress.ip_address("127.0.0.1")

# Writes its own name into app.json as the app does, echoes what is typed in brackets, leaves when the pipe ends.
STAND_IN = """
import json, os, sys
from pathlib import Path
operator, home = sys.argv[1:3]
Path(home, "app.json").write_text(json.dumps({"operator": operator, "pid": os.getpid(), "since": ""}))
def show(text):
    os.write(1, b"D" + len(text).to_bytes(4, "big") + text)
os.write(1, b"__GANGLION__" + chr(10).encode())
show(json.dumps(sorted(os.environ)).encode())
while (head := sys.stdin.buffer.read(5)):
    told = sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))
    if head[:1] == b"D":
        show(b"[" + told + b"]")
        if told == b"leave":
            break
        if told == b"much":
            while True:
                show(b"x" * 65536)
        if told == b"link":
            meta = json.dumps({"type": "open_url", "url": "http://example.invalid", "new_tab": True}).encode()
            os.write(1, b"M" + len(meta).to_bytes(4, "big") + meta)
            show(b"linked")
    elif json.loads(told)["type"] == "quit":
        break
    elif json.loads(told)["type"] == "resize":
        show(told)
"""


def free_port() -> int:
    """Return a port nothing uses at this moment."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def stand_in(monkeypatch: pytest.MonkeyPatch, operator: str = "") -> None:
    """Serve the stand-in, as which ``operator`` is logged in."""
    monkeypatch.setattr(
        serve_module, "app_command", lambda home, _language: [sys.executable, "-c", STAND_IN, operator, home]
    )


class Desk:
    """A PC that asks the station."""

    def __init__(self, serving: Serving, asking: aiohttp.ClientSession, seat: Seat) -> None:
        self.serving, self.asking, self.seat = serving, asking, seat
        self.origin = serving.url().rstrip("/")

    async def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask for one thing; return status, headers and content."""
        async with self.asking.get(self.origin + path, headers=headers, allow_redirects=False) as answer:
            return (
                answer.status,
                {str(name): told for name, told in answer.headers.items()},
                await answer.read(),
            )

    async def left(self) -> None:
        """Return when nobody sits at the station."""
        async with asyncio.timeout(30), self.seat._free:
            assert self.seat.sitting is None

    async def sit(self, origin: str | None = None, **headers: str) -> aiohttp.ClientWebSocketResponse:
        """Open the socket as the page does."""
        return await self.asking.ws_connect(
            self.origin + "/screen?columns=100&rows=30", origin=origin or self.origin, headers=headers
        )


async def next_of(socket: aiohttp.ClientWebSocketResponse) -> Any:
    """Return the next piece of the picture as text, or what the station says beside it."""
    message = await socket.receive(timeout=30)
    if message.type == aiohttp.WSMsgType.BINARY:
        return message.data.decode()
    return json.loads(message.data) if message.type == aiohttp.WSMsgType.TEXT else message.type


async def until(socket: aiohttp.ClientWebSocketResponse, wanted: Any) -> None:
    """Read on until ``wanted`` comes."""
    while await next_of(socket) != wanted:
        pass


@asynccontextmanager
async def served(home: Home, **named: Any) -> AsyncIterator[Desk]:
    """Serve ``home`` on a loopback port."""
    serving = Serving(LOOPBACK, free_port(), **named)
    server = make_server(home, serving)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", serving.port, ssl_context=serving.tls()).start()
    try:
        async with aiohttp.ClientSession() as asking:
            yield Desk(serving, asking, server[SEAT])
    finally:
        await runner.cleanup()
