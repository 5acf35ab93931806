"""One route of a run: the same night's stations, a hub of its own, and everybody who has to do with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from downtime.errors import WrongPlaceError
from downtime.hub_following import follow
from tests.outage import collect, courier, hostile, wire
from tests.outage.collect import Line
from tests.outage.courier import Courier
from tests.outage.hostile import Stranger
from tests.outage.hub import BadLine, Hub
from tests.outage.person import Board, ItStation
from tests.outage.stations import OUTAGE, copy_of, end, make

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.outage.faults import Faults
    from tests.outage.plan import Budget
    from tests.outage.stations import Station
    from tests.outage.truth import Truth

DAYS_LATE: Final = 3
ROUNDS_MIN: Final = 2
DRILL_KINDS: Final = ("a drill home joins",)
LATE_KINDS: Final = ("a station comes back three days later",)
CLONE_KINDS: Final = ("two PCs record as one station",)
ORDER_KINDS: Final = ("file before one it follows",)


@dataclass
class World:
    """Hub, line, stations and IT PC of one route.

    Attributes:
        by_line: stations with a network; ``by_file``: without; ``late``: comes back after three days.
        taken: hostile requests that were not refused as they should have been.
    """

    route: str
    folder: Path
    faults: Faults
    truth: Truth
    hub: Hub
    budget: Budget
    by_line: list[Station] = field(default_factory=list)
    by_file: list[Station] = field(default_factory=list)
    late: list[Station] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hub.start()
        self.bad = BadLine(self.hub.port)
        place, share = self.faults.place, self.budget
        self.line = Line(
            self.hub,
            self.bad,
            self.faults,
            links=place(f"link {self.route}", wire.KINDS, budget=share.links, rate=0.85),
            kills=place(f"hub {self.route}", collect.HUB_KINDS, budget=share.hub_kills, rate=0.06),
            deaths=place(
                f"station {self.route}", collect.STATION_KINDS, budget=share.station_deaths, rate=0.05
            ),
        )
        self.courier = Courier(
            self.hub,
            self.folder / "bundles",
            place(f"bundle {self.route}", courier.KINDS, budget=share.bundles, rate=1.0),
            place(f"order {self.route}", ORDER_KINDS, budget=10_000, rate=1.0),
        )
        self.others = place(
            f"other {self.route}", (*DRILL_KINDS, *LATE_KINDS, *CLONE_KINDS), budget=10_000, rate=1.0
        )
        self.it = ItStation.made(self.folder / "it", self.hub)

    def settle_in(self, stations: Sequence[Station]) -> None:
        """Take copies of the stations, decide who has a network, and let them join."""
        copies = [copy_of(one, self.folder / one.code) for one in stations]
        files = min(2, max(0, (len(copies) - 1) // 2))
        self.late, self.by_file = copies[-1:], copies[-1 - files : -1]
        self.by_line = copies[: -1 - files]
        for station in (*self.by_line, *self.late, self.it):
            self.line.join(station)
        for station in self.by_file:
            self.courier.join(station)
        drill = make(self.folder / "drill", 91, drill=True)
        try:
            self.line.join(drill)
        except WrongPlaceError:
            self.others.hit(DRILL_KINDS[0], drill.code)

    def collect(self, used: float) -> None:
        """Let everybody with a network speak, again and again, until so much of what goes wrong on the line has."""
        rounds = 0
        while rounds < ROUNDS_MIN or self.line.links.hits < used * self.line.links.budget:
            rounds += 1
            for station in self.by_line:
                self.line.round(station)

    def carry(self) -> None:
        """Bring the files of those without a network."""
        for station in self.by_file:
            self.courier.carry(station)

    def stop(self) -> None:
        """End the outage at the hub; every station reached ends it, and says so."""
        self.command("hub", "outage", "end", OUTAGE, "--by", "练习信息科")
        self.follow(self.by_line)
        for station in self.by_file:  # somebody walks there
            end(station)
            self.courier.carry(station)

    def follow(self, stations: Sequence[Station]) -> None:
        """Let stations hear what the hub announces, do it, and send what they wrote."""
        for station in stations:
            self.line.calm_round(station)
            book = station.open()
            told = follow(book)
            book.close()
            assert told.done or not book.outage(), told
            self.line.calm_round(station)

    def come_late(self) -> list[Station]:
        """Let the stations speak that were away for three days."""
        for station in self.late:
            seconds = DAYS_LATE * 86_400
            station.clock.turn(wall_seconds=seconds, passed_seconds=seconds)
            self.others.hit(LATE_KINDS[0], station.code)
            for _n in range(4):
                self.line.round(station)
        self.follow(self.late)
        return self.late

    def meet_clone(self, twin: Station) -> None:
        """The copy of a station speaks after the station itself did; then that PC is taken away."""
        [station] = [one for one in self.by_line if one.code == twin.code]
        self.line.calm_round(station)
        clone = copy_of(twin, self.folder / "clone")
        shutil.copy(station.home.path / "hub.json", clone.home.path)
        self.line.calm_round(clone)
        self.others.hit(CLONE_KINDS[0], station.code)

    def attack(self, budget: int, name: str = "hostile") -> None:
        """Let somebody hostile on the same network do so much."""
        place = self.faults.place(f"{name} {self.route}", hostile.KINDS, budget=max(0, budget), rate=1.0)
        first = self.by_line[0]
        foreign = [one.id for one in self.truth if one.station != first.code]
        stranger = Stranger(self.hub, place, first.code, first.ring.signing_key(), foreign)
        stranger.attack()
        stranger.close()
        self.taken += stranger.taken

    def board(self, connector: str) -> Board:
        """Open the board."""
        return Board(self.hub, connector)

    def command(self, *words: str, code: int = 0) -> str:
        """Run ``downtime-sync`` beside everything; return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "sync", *words, "--hub", str(self.hub.place.path)],
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def close(self) -> None:
        """Stop everything that was started."""
        self.bad.close()
        self.hub.close()
