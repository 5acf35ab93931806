"""Programs of ours that run beside the app: one round of delivery, a verification. Nobody waits for them."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from downtime.i18n import chosen_language
from downtime.keys import SERVICE_OPERATOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home

LINE_BYTES_MAX = 1_000_000


async def run_beside(home: Home, command: tuple[str, ...], on_line: Callable[[str], None]) -> int:
    """Run ``python -m <command>`` for this station and hand over each line it writes.

    Args:
        home: the station; its service account unlocks it.
        command: module first, for instance ``("sync", "once")``.
        on_line: told every line, standard error included.

    Returns:
        The program's exit code.
    """
    given = ["--home", str(home.path), "--operator", SERVICE_OPERATOR]
    given += ["--password-file", str(home.keys.service_password_file)]
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *command, *given),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=LINE_BYTES_MAX,
        env=os.environ | {"DOWNTIME_LANGUAGE": chosen_language()},
    )
    assert child.stdout is not None
    async for told in child.stdout:
        line = told.decode("utf-8", "replace").rstrip()
        if line:
            on_line(line)
    return await child.wait()
