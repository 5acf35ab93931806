"""A hub on a free port of this machine, and what speaks to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.keys import CHEAP_COST
from sync.connectors.hub_link import HubLink, Speaker
from sync.hub.place import HubPlace
from sync.hub.server import Hub, Port

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from downtime.signing import SigningKey
    from sync.hub.wire import Nonces

HOSPITAL = "PRACTICE"


@dataclass
class RunningHub:
    """A hub and its open port."""

    place: HubPlace
    hub: Hub
    port: Port

    @property
    def address(self) -> str:
        """Where it is."""
        return f"127.0.0.1:{self.port.number}"

    def knows(self, station: str, incarnation: str, public: bytes) -> None:
        """Let a station in without asking for its code."""
        with self.hub.db.writing():
            self.hub.db.rows(
                "INSERT INTO station_key VALUES (?, ?, ?, ?)",
                (station, incarnation, public, "2026-01-05T08:00:00+08:00"),
            )

    def link(self, station: str, key: SigningKey, *, incarnation: str = "A") -> HubLink:
        """Return a station's line to it."""
        speaker = Speaker(station, incarnation, key.sign)
        return HubLink([self.address], self.place.authority_certificate, speaker)


def empty_postgresql(request: pytest.FixtureRequest) -> str:
    """Return the URL of our own PostgreSQL server, emptied."""
    import psycopg

    url = str(request.getfixturevalue("postgresql_url")).replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("DROP SCHEMA public CASCADE")
        server.execute("CREATE SCHEMA public")
    return url


def make_hub(
    path: Path, *, store_url: str = "", hospital: str = HOSPITAL, nonces: Nonces | None = None
) -> RunningHub:
    """Make a hub in ``path`` and let it listen."""
    place = HubPlace.create(
        path, hospital=hospital, addresses=["127.0.0.1"], store_url=store_url, cost=CHEAP_COST
    )
    return start_hub(place, nonces=nonces)


def start_hub(place: HubPlace, *, number: int = 0, nonces: Nonces | None = None) -> RunningHub:
    """Let a hub listen, on a free port unless ``number`` names one."""
    opened = Hub(place, place.open(), nonces)
    port = Port(opened, number, "127.0.0.1")
    port.__enter__()
    return RunningHub(place, opened, port)


def stop_hub(running: RunningHub) -> None:
    """Close port and store."""
    running.port.__exit__()
    running.hub.close()
