"""The app process behind one browser: started with little, ended for sure."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Awaitable, Callable, Mapping, Sequence

LEAVE_SECONDS_MAX = 10
PART_BYTES_MAX = 900
"""The app reads 1,024 bytes at a time; a longer piece of typing is cut before it gets there."""

_KEPT = {
    *("PATH", "HOME", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ", "TMPDIR"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "USERNAME"),
    *("APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "XDG_DATA_HOME", "CUPS_SERVER"),
}
"""What the app gets of this process's surroundings: nothing that holds secrets or changes what it runs."""


def surroundings(
    width: int, height: int, peer: str = "", given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment of an app whose picture is ``width`` by ``height`` cells.

    Args:
        width: columns.
        height: rows.
        peer: address of the desk; the audit line of the login names it.
        given: what to choose from; this process's environment by default.
    """
    kept = {name: value for name, value in (given or os.environ).items() if name.upper() in _KEPT}
    return kept | {
        "TEXTUAL_DRIVER": "downtime.screens.served_driver:ServedDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "DOWNTIME_SERVED": peer or "?",
        "COLUMNS": str(width),
        "ROWS": str(height),
    }


def app_command(home: str, language: str | None) -> list[str]:
    """Return what starts the app of the station in ``home``."""
    command = [sys.executable, "-I", "-m", "downtime", "run", "--home", home]
    return [*command, "--language", language] if language else command


class AppProcess(AppService):
    """One app and its pipes.

    Args:
        command: program and arguments; no shell reads them.
        peer: address of the desk.
        send: takes each piece of the picture.
        close: called when the app has ended.
    """

    def __init__(
        self,
        command: Sequence[str],
        peer: str,
        send: Callable[[bytes], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        async def say_nothing(_text: str) -> None:
            """Nothing but the picture goes to the browser."""

        super().__init__(
            "", write_bytes=send, write_str=say_nothing, close=close, download_manager=DownloadManager()
        )
        self._arguments, self._peer = list(command), peer

    @property
    def pid(self) -> int | None:
        """The system's number for the process."""
        return self._process.pid if self._process is not None else None

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=surroundings(width, height, self._peer),
        )
        assert process.stdin is not None
        self._stdin = process.stdin
        return process

    async def type(self, text: str) -> None:
        """Hand over what was typed."""
        typed = text.encode("utf-8", "ignore")
        for start in range(0, len(typed), PART_BYTES_MAX):
            await self.send_bytes(typed[start : start + PART_BYTES_MAX])

    async def on_meta(self, said: bytes) -> None:
        """Pass nothing on that the app says beside the picture: no address, no file; its end is seen by itself."""

    async def on_packed(self, payload: bytes) -> None:
        """Take no file."""

    async def ended(self) -> None:
        """Return when the app has ended by itself."""
        assert self._task is not None, "started before"
        await asyncio.wait({self._task})

    async def stop(self) -> None:
        """Ask the app to leave; end it if it does not."""
        process, task = self._process, self._task
        if process is None or task is None:
            return
        with suppress(OSError):  # it may be gone already
            await self.send_meta({"type": "quit"})
        for harder in (process.terminate, process.kill):
            try:
                await asyncio.wait_for(asyncio.shield(process.wait()), LEAVE_SECONDS_MAX)
                break
            except TimeoutError:
                with suppress(ProcessLookupError):
                    harder()
        await process.wait()
        await asyncio.wait({task})
        self._task = None
