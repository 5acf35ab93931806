"""Programs of ours that run beside the app: one round of delivery, a verification. Nobody waits for them."""

from __future__ import annotations

import asyncio
import contextvars
import os
import subprocess
import sys
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from downtime.i18n import chosen_language
from downtime.keys import SERVICE_OPERATOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home


async def run_beside(home: Home, command: tuple[str, ...], on_line: Callable[[str], None]) -> int:
    """Run ``python -m <command>`` for this station and hand over each line it writes.

    If the app goes away meanwhile, the program goes on by itself.

    Args:
        home: the station; its service account unlocks it.
        command: module first, for instance ``("sync", "once")``.
        on_line: told every line, standard error included.

    Returns:
        The program's exit code.

    Raises:
        OSError: it does not start.
    """
    given = ["--home", str(home.path), "--operator", SERVICE_OPERATOR]
    given += ["--password-file", str(home.keys.service_password_file)]
    arguments = [sys.executable, "-m", *command, *given]
    loop, context = asyncio.get_running_loop(), contextvars.copy_context()
    ended: asyncio.Future[int] = loop.create_future()

    def tell(act: Callable[..., Any], *told: Any) -> None:
        with suppress(RuntimeError):  # the app has closed; nobody is left to be told
            loop.call_soon_threadsafe(lambda: ended.done() or act(*told), context=context)

    def watch() -> None:
        try:
            with subprocess.Popen(  # noqa: S603 (our own program)
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                env=os.environ | {"DOWNTIME_LANGUAGE": chosen_language()},
            ) as child:
                assert child.stdout is not None
                for line in child.stdout:
                    if line.strip():
                        tell(on_line, line.rstrip())
            tell(ended.set_result, child.returncode)
        except OSError as error:
            tell(ended.set_exception, error)

    Thread(target=watch, name="beside", daemon=True).start()
    return await ended
