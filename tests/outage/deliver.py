"""From the hub to a HIS: rounds in which the line fails, workers that are killed, and two that start at once."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import SQLAlchemyError

from downtime.clock import ManualClock
from sync.hub import delivering
from sync.hub.database import SqliteFile
from sync.hub.delivering import Worker
from sync.hub.postgresql import Postgresql
from tests.outage import dying
from tests.outage.hub_bomb import plant
from tests.outage.stations import BEGINS

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from sync.connector import Connector
    from sync.hub.delivering import HubRound
    from tests.outage.faults import Place
    from tests.outage.hub import Hub

LINES_AT_ONCE: Final = 10
WORKER_KINDS: Final = (
    *("worker killed before it writes down", "worker killed after it wrote down"),
    *("worker killed before the HIS commits", "worker killed after the HIS committed"),
    "two workers at once",
)
WRITES_MAX, COMMITS_MAX = 14, 4
_MAIN: Final = "MainThread"


def in_small_parts() -> None:
    """Let a worker take a few queues at a time instead of hundreds: more happens between two of them."""
    delivering.LINES_AT_ONCE = LINES_AT_ONCE  # type: ignore[misc]  # a setting of the simulation


@dataclass
class Deliveries:
    """Workers of one connector.

    Attributes:
        connector: makes one, with connections of its own in a fork.
        crashes: rounds that ended with a traceback because the other end went away.
        workers: what happens to the processes.
        committing: lets a fork die at the n-th commit of the HIS, before or after it; None where nothing is sent.
    """

    hub: Hub
    connector: Callable[[], Connector]
    workers: Place
    committing: Callable[[str, int], None] | None = None
    rounds: int = 0
    unreached: int = 0
    crashes: int = 0

    def __post_init__(self) -> None:
        self.clock = ManualClock(BEGINS)
        self._claims = self.hub.again()
        self._worker = self._begun()

    def round(self) -> HubRound | None:
        """Deliver once through; None where the worker was killed, or there were two."""
        self.rounds += 1
        self.clock.turn(wall_seconds=20, passed_seconds=20)
        kind = self.workers.draw(only=() if self.committing else (*WORKER_KINDS[:2], WORKER_KINDS[-1]))
        if kind == WORKER_KINDS[-1]:
            self._two(kind)
            return None
        if kind is not None:
            self._killed(kind, self.workers.chance())
            return None
        try:
            done = self._worker.round()
        except SQLAlchemyError:  # IT starts it again; it should not have ended
            self.crashes += 1
            self._worker = self._begun()
            return None
        self.unreached += done.unreachable is not None
        return done

    def calm_round(self) -> HubRound:
        """Deliver once through while no worker is killed."""
        self.rounds += 1
        self.clock.turn(wall_seconds=20, passed_seconds=20)
        return self._worker.round()

    def _begun(self) -> Worker:
        return Worker(self.hub.db, self._claims, self.connector(), self.clock)

    def _alone(self) -> None:
        """One round with connections of its own, as in a process of its own."""
        with closing(self.hub.again()) as db, closing(self.hub.again()) as claims:
            Worker(db, claims, self.connector(), self.clock).round()

    def _killed(self, kind: str, chance: Random) -> None:
        when = "before" if "before" in kind else "after"
        number = chance.randrange(1, WRITES_MAX if "down" in kind else COMMITS_MAX)

        def work() -> None:
            with closing(self.hub.again()) as db, closing(self.hub.again()) as claims:
                if "down" in kind:
                    for store in (SqliteFile, Postgresql):
                        plant(store, _MAIN, when, number)
                else:
                    assert self.committing is not None
                    self.committing(when, number)
                Worker(db, claims, self.connector(), self.clock).round()

        code = dying.ended(dying.begun(work))
        if code == dying.KILLED:
            self.workers.hit(kind)
        self.crashes += code == dying.CRASHED

    def _two(self, kind: str) -> None:
        both = [dying.begun(self._alone) for _n in range(2)]
        self.crashes += [dying.ended(one) for one in both].count(dying.CRASHED)
        self.workers.hit(kind)

    def by_command(self, connector: str) -> tuple[int, str]:
        """Let ``downtime-sync hub deliver --once`` do a round; return its exit code and what it said."""
        words = ["hub", "deliver", "--once", "--connector", connector, "--hub", str(self.hub.place.path)]
        done = subprocess.run(
            [sys.executable, "-m", "sync", *words], capture_output=True, text=True, check=False, timeout=300
        )
        return done.returncode, done.stdout + done.stderr

    def close(self) -> None:
        """Let go of the store."""
        self._claims.close()
