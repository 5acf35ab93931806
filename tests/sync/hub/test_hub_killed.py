"""The hub is killed with a batch in hand, again and again: what it holds is whole, and nothing is lost or double."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from downtime.commands.common import run_command
from downtime.keys import CHEAP_COST
from sync.__main__ import sync
from sync.connectors.hub_link import HubLink
from sync.hub.database import open_store
from sync.hub.place import HubPlace
from sync.hub.verify_command import Beside
from tests.sync.hub.hubs import HOSPITAL, start_hub, stop_hub
from tests.sync.hub.stations import make_station, verdicts

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def started(place: HubPlace, *more: str) -> subprocess.Popen[str]:
    """Start the hub as IT does and wait until it listens."""
    running = subprocess.Popen(
        [sys.executable, "-m", "sync", "hub", "run", "--hub", str(place.path), *more],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DOWNTIME_LANGUAGE": "en"},
    )
    assert running.stdout is not None
    assert str(place.settings.listen.port) in running.stdout.readline()
    return running


def killed(running: subprocess.Popen[str]) -> None:
    """End it as a pulled plug would."""
    running.kill()
    running.wait(30)
    if running.stdout is not None:
        running.stdout.close()


def test_killed_with_a_batch_in_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_url: str) -> None:
    """Killed just as a batch has been sent, four times over; in the end every entry stands verified, once."""
    with socket.create_server(("127.0.0.1", 0)) as asked:
        port = asked.getsockname()[1]
    place = HubPlace.create(
        tmp_path / "hub",
        hospital=HOSPITAL,
        addresses=["127.0.0.1"],
        port=port,
        store_url=store_url,
        cost=CHEAP_COST,
    )
    running = start_hub(place, number=port)
    station = make_station(tmp_path / "w03")
    station.join(running)
    stop_hub(running)
    station.charge(12)
    monkeypatch.setattr("sync.hub.collecting.ENTRIES_AT_ONCE", 4)
    getresponse, ask = http.client.HTTPSConnection.getresponse, HubLink.ask
    for turn in range(1, 5):
        process = started(place)
        sent = [0]

        def counts(link: HubLink, name: str, content: dict[str, object], sent: list[int] = sent) -> object:
            sent[0] += name == "entries"
            return ask(link, name, content)

        def kills(
            line: http.client.HTTPSConnection,
            sent: list[int] = sent,
            turn: int = turn,
            process: subprocess.Popen[str] = process,
        ) -> http.client.HTTPResponse:
            if sent[0] == turn % 2 + 1:
                process.kill()
            return getresponse(line)

        monkeypatch.setattr(HubLink, "ask", counts)
        monkeypatch.setattr(http.client.HTTPSConnection, "getresponse", kills)
        assert station.round().unreachable is not None
        killed(process)
        monkeypatch.setattr(HubLink, "ask", ask)
        monkeypatch.setattr(http.client.HTTPSConnection, "getresponse", getresponse)
    process = started(place)
    done = station.round()
    killed(process)
    assert {line.state: line.entries for line in done.standing} == {"handed_over": 12}
    running = start_hub(place)
    assert verdicts(running, "W03") == {"": len(station.batch()["rows"])}
    stop_hub(running)


def test_verified_by_processes_of_their_own(tmp_path: Path, store_url: str) -> None:
    """The port keeps, others verify; with PostgreSQL two of them. Stopped, all of them end with it."""
    with socket.create_server(("127.0.0.1", 0)) as asked:
        port = asked.getsockname()[1]
    place = HubPlace.create(
        tmp_path / "hub",
        hospital=HOSPITAL,
        addresses=["127.0.0.1"],
        port=port,
        store_url=store_url,
        cost=CHEAP_COST,
    )
    running = start_hub(place, number=port)
    stations = [make_station(tmp_path / f"w{n}", f"W0{n}") for n in range(3)]
    for station in stations:
        station.join(running)
        station.charge(5)
    stop_hub(running)
    process = started(place, "--verifiers", "2" if store_url else "1")
    for station in stations:
        done = station.round()
        assert {line.state: line.entries for line in done.standing} == {"handed_over": 5}
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    killed(process)
    assert run_command(sync, ["hub", "verify", "--once", "--hub", str(place.path)]) == 0
    db = open_store(store_url, place.store_file, place.open().store)
    good = db.rows("SELECT station, count(*) FROM entry WHERE verdict = '' GROUP BY station ORDER BY station")
    assert good == [(station.code, len(station.batch()["rows"])) for station in stations]
    assert db.rows("SELECT * FROM arrived") == []
    db.close()


def test_a_verifier_that_died_is_replaced(tmp_path: Path) -> None:
    """One is killed with -9: the hub starts another, and stopped it leaves none behind."""
    place = HubPlace.create(tmp_path / "hub", hospital=HOSPITAL, addresses=["127.0.0.1"], cost=CHEAP_COST)
    with Beside(place.path, None, 1) as beside:
        (first,) = beside.running
        first.kill()
        first.wait(30)
        beside.start_missing()
        (second,) = beside.running
        assert second.pid != first.pid
    assert second.poll() is not None
