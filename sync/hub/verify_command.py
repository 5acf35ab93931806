"""``downtime-sync hub run`` and ``verify``: the port, and the workers that verify behind it."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Self

import click

from downtime.commands.common import FINE
from downtime.i18n import _
from sync.hub.opening import hub_options

if TYPE_CHECKING:
    from pathlib import Path

STOP_SECONDS = 10.0


@click.command()
@click.option(
    "--verifiers",
    type=click.IntRange(0, 16),
    default=0,
    help="Processes that verify beside the port; 0: it does so itself. With PostgreSQL several. 核验进程数",
)
@hub_options
def run(folder: Path, password_file: Path | None, verifiers: int) -> int:
    """Open the port and serve stations until stopped. 运行汇集中心"""
    from sync.hub.place import HubPlace
    from sync.hub.server import Hub, Port

    place = HubPlace(folder)
    hub = Hub(place, place.open(password_file), verifies=not verifiers)
    try:
        with Port(hub) as port, Beside(folder, password_file, verifiers) as beside:
            click.echo(_("The hub listens on port {port}.").format(port=port.number))
            over = threading.Event()
            while not over.wait(1.0):  # in pieces: on Windows Ctrl-C does not end a longer wait
                beside.start_missing()
    except KeyboardInterrupt:
        return FINE
    finally:
        hub.close()
    return FINE


class Beside:
    """Verifiers in processes of their own; they end when this one does, however that ends. A context manager."""

    def __init__(self, folder: Path, password_file: Path | None, count: int) -> None:
        """Name what they work on; ``count``: how many."""
        self._words = [
            sys.executable,
            "-m",
            "sync",
            "hub",
            "verify",
            "--hub",
            str(folder),
            "--until-input-ends",
        ]
        self._words += ["--password-file", str(password_file)] if password_file is not None else []
        self._count = count
        self.running: list[subprocess.Popen[bytes]] = []

    def start_missing(self) -> None:
        """Start as many as there should be; one that died is replaced, and what it had in hand is there again."""
        for one in [one for one in self.running if one.poll() is not None]:
            self._let_go(one)
            self.running.remove(one)
        for _n in range(self._count - len(self.running)):
            self.running.append(subprocess.Popen(self._words, stdin=subprocess.PIPE))  # noqa: S603 (our own program)

    @staticmethod
    def _let_go(one: subprocess.Popen[bytes]) -> None:
        assert one.stdin is not None, "it was asked for"
        one.stdin.close()

    def __enter__(self) -> Self:
        """Start them."""
        self.start_missing()
        return self

    def __exit__(self, *_failure: object) -> None:
        """Let each finish the batch in hand."""
        for one in self.running:
            self._let_go(one)
        for one in self.running:
            try:
                one.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()


@click.command()
@click.option("--once", is_flag=True, help="What waits now, then stop. 只做一轮")
@click.option("--until-input-ends", is_flag=True, hidden=True)
@hub_options
def verify(folder: Path, password_file: Path | None, *, once: bool, until_input_ends: bool) -> int:
    """Verify what stations sent, until stopped; the port does so too, unless it was told otherwise. 核验进程"""
    from sync.hub.place import HubPlace
    from sync.hub.verifying import VerifyingThread, verifier_at

    place = HubPlace(folder)
    db, verifier = verifier_at(place, place.open(password_file))
    if once:
        try:
            verifier.try_again()
            verifier.drain()
        finally:
            db.close()
        return FINE
    working = VerifyingThread(db, verifier)
    try:
        if until_input_ends:
            sys.stdin.buffer.read()
            return FINE
        over = threading.Event()
        while not over.wait(1.0):  # as above
            pass
    except KeyboardInterrupt:
        return FINE
    finally:
        working.close()
    return FINE
