"""A real browser, driven as a person does: keys go in, a picture and the addresses it asked come out.

Chromium is asked over its own debugging protocol, so nothing but the browser itself is needed.
"""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

PATIENCE_SECONDS_MAX = 40
NAMES = ("chromium", "chromium-browser", "google-chrome")
KEY_SECONDS = 0.08
"""Between two keys of a quick typist: faster ones would be a scanner's."""
_TURN_SECONDS = 0.05
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-extensions"),
    *("--disable-dev-shm-usage", "--remote-debugging-port=0", "--window-size=1024,768"),
)
_KEY_CODES = {"Enter": 13, "Escape": 27, "Backspace": 8} | {f"F{n}": 111 + n for n in range(1, 13)}


def browser() -> str | None:
    """Return the path of a browser on this machine, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Page:
    """One open page.

    Attributes:
        asked: every address the page asked for.
        complaints: what the browser wrote to its console.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if "id" in told:
                self._answers.pop(told["id"]).set_result(told)
            elif told["method"] == "Network.requestWillBeSent":
                self.asked.append(told["params"]["request"]["url"])
            elif told["method"] == "Network.webSocketCreated":
                self.asked.append(told["params"]["url"])
            elif told["method"] == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(told["params"]["exceptionDetails"])[:500])
            elif told["method"] == "Log.entryAdded":
                self.complaints.append(told["params"]["entry"]["text"])

    async def ask(self, method: str, **named: Any) -> dict[str, Any]:
        """Give the browser one order and return its answer."""
        self._number += 1
        self._answers[self._number] = answer = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": named})
        told = await asyncio.wait_for(answer, PATIENCE_SECONDS_MAX)
        assert "error" not in told, told["error"]
        result: dict[str, Any] = told["result"]
        return result

    async def run(self, script: str) -> Any:
        """Return the value of a piece of JavaScript."""
        told = await self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    async def open(self, url: str) -> None:
        """Go to ``url``."""
        for domain in ("Network", "Page", "Runtime", "Log"):
            await self.ask(f"{domain}.enable")
        await self.ask("Page.navigate", url=url)

    async def press(self, *keys: str) -> None:
        """Press keys by name ("Enter", "F8", "Alt+n"), or characters."""
        for pressed in keys:
            key = pressed.removeprefix("Alt+")
            named: dict[str, Any] = {"key": key, "code": key, "modifiers": 1 if key != pressed else 0}
            named["windowsVirtualKeyCode"] = _KEY_CODES.get(key) or ord(key.upper())
            typed = len(pressed) == 1
            if typed:
                named["text"] = key
            await self.ask("Input.dispatchKeyEvent", type="keyDown" if typed else "rawKeyDown", **named)
            await self.ask("Input.dispatchKeyEvent", type="keyUp", **named)
            await asyncio.sleep(KEY_SECONDS)

    async def text(self) -> str:
        """Return what stands on the page, row by row."""
        return str(await self.run("document.body ? document.body.innerText : ''"))

    async def rows(self) -> str:
        """Return the rows of the station's screen as one text, without the blanks between."""
        script = "[...document.querySelectorAll('.xterm-rows > div')].map(r => r.textContent).join('\\n')"
        return str(await self.run(script)).replace("\xa0", " ")

    async def until(self, happened: Callable[[str], object]) -> str:
        """Wait until the rows are as wanted and return them."""
        return await self._until(self.rows, happened)

    async def until_text(self, happened: Callable[[str], object]) -> str:
        """Wait until the page's own words are as wanted and return them."""
        return await self._until(self.text, happened)

    async def _until(self, look: Callable[[], Awaitable[str]], happened: Callable[[str], object]) -> str:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS_MAX):
                while not happened(seen := await look()):  # noqa: ASYNC110 (a page does not say when it changes)
                    await asyncio.sleep(_TURN_SECONDS)
        except TimeoutError:
            print(await self.text(), self.complaints)  # noqa: T201 (what the person saw when it went wrong)
            raise
        return seen

    async def picture(self) -> bytes:
        """Return a picture of the page, as PNG."""
        told = await self.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(told["data"])

    async def close(self) -> None:
        """Stop listening to it."""
        self._reading.cancel()
        await self._socket.close()


@asynccontextmanager
async def opened(program: str, folder: Path) -> AsyncIterator[Callable[[], Any]]:
    """Start a browser with an empty profile in ``folder``; yields a maker of pages."""
    process = await asyncio.create_subprocess_exec(
        program,
        *_FLAGS,
        f"--user-data-dir={folder / 'profile'}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    pages: list[Page] = []
    try:
        port = await asyncio.wait_for(_debugging_port(process), PATIENCE_SECONDS_MAX)
        drain = asyncio.create_task(_drain(process))
        async with aiohttp.ClientSession() as asking:

            async def page() -> Page:
                async with asking.put(f"http://127.0.0.1:{port}/json/new?about:blank") as answer:
                    address = (await answer.json())["webSocketDebuggerUrl"]
                pages.append(Page(await asking.ws_connect(address, max_msg_size=0)))
                return pages[-1]

            yield page
            for one in pages:
                await one.close()
        drain.cancel()
    finally:
        process.kill()
        await process.wait()


async def _debugging_port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    while line := (await process.stderr.readline()).decode("utf-8", "replace"):
        if "DevTools listening on ws://" in line:
            return int(line.rsplit(":", 1)[1].split("/")[0])
    raise AssertionError("the browser did not start")


async def _drain(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    while await process.stderr.read(4096):
        pass
