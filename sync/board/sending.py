"""One round into the HIS in a program beside the board: it can be told to stop between batches, and outlives it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Final

STOP: Final = "stop\n"
"""The word the program takes on its standard input; that the board is gone stops nothing."""


@dataclass(frozen=True, slots=True)
class RoundOrder:
    """What a round is to do.

    Attributes:
        hub: the hub's folder.
        connector: the way into the HIS.
        password_file: the hub's password, if it is not kept there.
        although_open: stations that may still be in the outage, and are not waited for.
    """

    hub: Path
    connector: str
    password_file: Path | None = None
    although_open: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """Return it as it is given to the program."""
        return [str(self.hub), self.connector, str(self.password_file or ""), *self.although_open]

    @classmethod
    def of(cls, arguments: list[str]) -> RoundOrder:
        """Return what the program was given."""
        hub, connector, password_file, *stations = arguments
        return cls(Path(hub), connector, Path(password_file) if password_file else None, tuple(stations))


class Beside:
    """``Sending`` by a process of its own."""

    def __init__(self, order: RoundOrder, language: str) -> None:
        """Begin.

        Raises:
            OSError: it does not start.
        """
        self._lines: list[str] = []
        self._stopping = False
        self._code: int | None = None
        self._child = subprocess.Popen(  # noqa: S603 (our own program)
            [sys.executable, "-m", "sync.board.round", *order.arguments()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            env=os.environ | {"DOWNTIME_LANGUAGE": language},
        )
        Thread(target=self._watch, name="sending", daemon=True).start()

    def _watch(self) -> None:
        assert self._child.stdout is not None
        with suppress(OSError), self._child:
            for line in self._child.stdout:
                if line.strip():
                    self._lines.append(line.rstrip())
        self._code = self._child.wait()

    @property
    def code(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._code

    @property
    def lines(self) -> tuple[str, ...]:
        """What it has said."""
        return tuple(self._lines)

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping

    def stop(self) -> None:
        """Let it end behind the batch in hand; the next round goes on there."""
        self._stopping = True
        with suppress(OSError, ValueError):  # it has ended by itself
            assert self._child.stdin is not None
            self._child.stdin.write(STOP)
            self._child.stdin.flush()
