"""The hub of a run: the real command as a process, and its store looked at beside it, as IT's other commands do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.keys import CHEAP_COST
from sync.hub.database import open_store
from sync.hub.place import HubPlace
from sync.hub.verifying import waiting
from tests.outage.stations import HOSPITAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sync.hub.database import Database
    from sync.hub.place import HubKeys

SILENT_SECONDS_MAX: Final = 60.0
LOOK_SECONDS: Final = 0.004


@dataclass
class Hub:
    """A hub in a folder, running or not.

    Attributes:
        db: its store, open here too.
    """

    place: HubPlace
    keys: HubKeys
    db: Database
    process: subprocess.Popen[str] | None = None
    starts: int = 0

    @classmethod
    def made(cls, path: Path, store_url: str, connectors: dict[str, dict[str, str]]) -> Hub:
        """Make a hub; it is not running yet."""
        with socket.create_server(("127.0.0.1", 0)) as asked:
            port = asked.getsockname()[1]
        place = HubPlace.create(
            path, hospital=HOSPITAL, addresses=["127.0.0.1"], port=port, store_url=store_url, cost=CHEAP_COST
        )
        with place.settings_file.open("a", encoding="utf-8") as settings:
            for name, given in connectors.items():
                settings.write(f"\n[connectors.{name}]\n")
                settings.writelines(f'{key} = "{text}"\n' for key, text in given.items())
        place = HubPlace(path)
        keys = place.open()
        return cls(place, keys, open_store(store_url, place.store_file, keys.store))

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.place.settings.listen.port)

    def again(self) -> Database:
        """Open its store once more."""
        return open_store(self.place.settings.store.url, self.place.store_file, self.keys.store)

    def start(self, bomb: str = "") -> None:
        """Start it as IT does and wait until it listens."""
        assert self.process is None
        module = "tests.outage.hub_bomb" if bomb else "sync"
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, "hub", "run", "--hub", str(self.place.path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "DOWNTIME_LANGUAGE": "en", "OUTAGE_BOMB": bomb},
        )
        assert self.process.stdout is not None
        assert str(self.port) in self.process.stdout.readline()
        self.starts += 1

    def kill(self) -> None:
        """End it as a pulled plug would."""
        if self.process is not None:
            self.process.kill()
            self.gone()

    def gone(self) -> int:
        """Wait for its end; return the exit code."""
        assert self.process is not None
        code = self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None
        return code

    @property
    def has_died(self) -> bool:
        """Whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def is_settled(self) -> bool:
        """Whether everything that came is verified."""
        return not waiting(self.db)

    @staticmethod
    def wait_until(done: Callable[[], bool]) -> None:
        """Look again and again until ``done``; a minute of silence is a fault of the hub."""
        ends = time.monotonic() + SILENT_SECONDS_MAX
        while not done():
            assert time.monotonic() < ends, "the hub does nothing any more"
            threading.Event().wait(LOOK_SECONDS)

    def close(self) -> None:
        """Stop it and let go of the store."""
        self.kill()
        self.db.close()


@dataclass
class BadLine:
    """The program between stations and hub; see ``wire``."""

    hub_port: int
    process: subprocess.Popen[str] = field(init=False)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.outage.wire", str(self.hub_port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def arm(self, *faults: dict[str, Any] | None) -> None:
        """Say what the next connections meet, one after the other; those after them meet nothing."""
        self._ask({"arm": list(faults)})

    def hits(self) -> list[dict[str, Any]]:
        """Return the faults that were really met since it was armed."""
        return self._ask({"told": 1})

    def _ask(self, told: dict[str, Any]) -> list[dict[str, Any]]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        found: list[dict[str, Any]] = json.loads(self.process.stdout.readline())
        return found

    def close(self) -> None:
        """Take it away."""
        for end in (self.process.stdin, self.process.stdout):
            if end is not None:
                end.close()
        self.process.kill()
        self.process.wait(30)
