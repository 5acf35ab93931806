"""How many faults go where: shares of all that were asked for, for each route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

READ: Final = "read"
WRITE: Final = "write"


@dataclass(frozen=True)
class Budget:
    """Faults planned at each place of one route."""

    links: int
    hub_kills: int
    station_deaths: int
    bundles: int
    hostile: int
    workers: int
    his: int
    his_job: int
    presses: int
    mistakes: int
    laters: int
    lines: int
    files: int


@dataclass(frozen=True)
class Plan:
    """One run.

    Attributes:
        entries: acknowledged at each station.
        faults: to hit in all, at least.
        store: ``sqlite`` or ``postgresql``; ``his``: ``sqlite`` or ``mariadb``.
    """

    seed: int
    stations: int
    entries: int
    faults: int
    store: str
    his: str
    routes: tuple[str, ...] = (WRITE, READ)

    def budget(self, route: str) -> Budget:
        """Return the shares of one route."""
        is_write = route == WRITE

        def part(of: float) -> int:
            return max(1, round(of * self.faults))

        return Budget(
            links=part(0.055),
            hub_kills=part(0.0010),
            station_deaths=part(0.0025),
            bundles=part(0.07),
            hostile=part(0.08),
            workers=part(0.008),
            his=part(0.44) if is_write else 0,
            his_job=part(0.004) if is_write else 0,
            presses=part(0.002) if is_write else 0,
            mistakes=0 if is_write else part(0.05),
            laters=0 if is_write else part(0.006),
            lines=0 if is_write else part(0.12),
            files=0 if is_write else part(0.001),
        )
