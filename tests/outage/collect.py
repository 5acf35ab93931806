"""From the stations to the hub: over a bad line, past killed hubs and killed stations."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sync.connectors import hub_link
from sync.connectors.hub_link import HubLink, LinkError
from sync.hub import collecting
from sync.hub.membership import join
from sync.hub.stations import invite
from tests.outage import dying, wire

if TYPE_CHECKING:
    from random import Random

    from sync.worker import Round
    from tests.outage.faults import Faults, Place
    from tests.outage.hub import BadLine, Hub
    from tests.outage.stations import Station

AT: Final = "2026-01-06T08:00:00+08:00"
ENTRIES_AT_ONCE: Final = 12
ANSWER_SECONDS: Final = 20.0
RECORDS_SHORT, RECORDS_LONG = 6, 22
"""Faults strike within the first so many records of a connection: a round with nothing new, and one with batches."""
STATION_KINDS: Final = (
    "station killed before it asks",
    "station killed after the answer",
    "two of them at once",
)
HUB_KINDS: Final = (
    *("hub killed before a batch is kept", "hub killed after a batch is kept"),
    *("hub killed before a batch is verified", "hub killed after a batch is verified"),
)


def in_small_parts() -> None:
    """Let stations send many small batches instead of a few large ones: more happens between two answers."""
    collecting.ENTRIES_AT_ONCE = ENTRIES_AT_ONCE  # type: ignore[misc]  # a setting of the simulation
    hub_link.ANSWER_SECONDS = ANSWER_SECONDS  # type: ignore[misc]  # as above


@dataclass
class Line:
    """The line between stations and hub, and everything that goes wrong on it."""

    hub: Hub
    bad: BadLine
    faults: Faults
    links: Place
    kills: Place
    deaths: Place
    rounds: int = 0
    unreached: int = 0
    crashes: int = 0

    def join(self, station: Station) -> None:
        """Let a station join with a code IT gives out."""
        code = invite(self.hub.db, station.code, self.hub.place.authority_certificate, AT)
        join(station.home, station.ring, f"127.0.0.1:{self.bad.port}", code.text())

    def round(self, station: Station) -> Round | None:
        """Let a station speak once, whatever happens; None where its program was killed."""
        self.rounds += 1
        death = self.deaths.draw()
        if death is not None:
            self._dies(station, death, self.deaths.chance())
            return None
        kill = self.kills.draw()
        if kill is not None:
            return self._hub_dies(station, kill, self.kills.chance())
        kind = self.links.draw()
        self.bad.arm(self._fault(kind, self.links.chance()) if kind else None)
        done = None
        try:
            done = station.round()
        except LinkError:  # the station's program ended and is started again; it should not have
            self.crashes += 1
        for hit in self.bad.hits():
            self.links.hit(hit["kind"], f"{station.code} record {hit['at']}")
        self.unreached += done is None or done.unreachable is not None
        self.hub.wait_until(self.hub.is_settled)
        return done

    def calm_round(self, station: Station) -> Round:
        """Let a station speak once while nothing goes wrong."""
        self.bad.arm()
        self.rounds += 1
        done = station.round()
        self.hub.wait_until(self.hub.is_settled)
        return done

    @staticmethod
    def _fault(kind: str, chance: Random) -> dict[str, object]:
        last = RECORDS_SHORT if chance.random() < 0.6 else RECORDS_LONG
        at = chance.randrange(1 if kind in wire.IN_REQUEST else 2, last)
        if kind == "request twice":
            at += (
                at % 2
            )  # headers: of a body sent twice the first could be taken before the second spoils the line
        return {"kind": kind, "at": 0 if kind in wire.AT_ACCEPT else at}

    def _hub_dies(self, station: Station, kill: str, chance: Random) -> Round:
        """The hub is killed at one write of its store, and started again by IT."""
        words = kill.split()
        thread, most = ("hub-store", 6) if words[-1] == "kept" else ("hub-verifier", 2)
        self.hub.kill()
        self.hub.start(f"{thread} {words[2]} {chance.randrange(1, most)}")
        self.bad.arm()
        done = station.round()
        if words[-1] == "verified":
            self.hub.wait_until(lambda: self.hub.has_died or self.hub.is_settled())
        if self.hub.has_died:
            self.hub.gone()
            self.kills.hit(kill, station.code)
        else:
            self.hub.kill()
        self.hub.start()
        # How many batches followed while another was verified is chance: here everything is brought to one state.
        return self.calm_round(station) if words[-1] == "verified" else done

    def _dies(self, station: Station, death: str, chance: Random) -> None:
        """The station's program is killed at one exchange, or a second one is started beside it."""
        self.bad.arm()
        if death == STATION_KINDS[2]:
            both = [dying.begun(station.round) for _n in range(2)]
            codes = [dying.ended(one) for one in both]
            self.crashes += codes.count(dying.CRASHED)
            self.deaths.hit(death, station.code)
            return
        number = chance.randrange(1, 8)

        def work() -> None:
            bomb = dying.Bomb(HubLink._exchange, death.split()[2], number)

            def exchange(link: HubLink, *given: Any) -> Any:
                return bomb(link, *given)

            HubLink._exchange = exchange  # type: ignore[assignment,method-assign]  # the bomb
            station.round()

        code = dying.ended(dying.begun(work))
        if code == dying.KILLED:
            self.deaths.hit(death, station.code)
        self.crashes += code == dying.CRASHED


@dataclass
class Collection:
    """What came of collecting everybody."""

    line: Line
    stations: list[Station]
    spoken: dict[str, int] = field(default_factory=dict)
