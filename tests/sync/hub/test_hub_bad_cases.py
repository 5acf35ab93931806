"""The bad day, case by case: lost replies, repeated batches, too much at once, strangers at the port."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from sync.bundle import take_bundles, write_bundles
from sync.connectors.hub_link import HubLink, LinkError, NotReachedError, Speaker
from sync.hub import certificates
from sync.hub.keeping import WAITING_BYTES_MAX, ids_waiting
from sync.hub.standing import standings
from tests.sync.hub.hubs import empty_postgresql, make_hub, start_hub, stop_hub
from tests.sync.hub.lines import KEY
from tests.sync.hub.stations import MadeStation, make_station, verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub

AT = "2026-01-05T08:00:00+08:00"


@pytest.fixture
def station(hub: RunningHub, tmp_path: Path) -> MadeStation:
    """Station W03, a member of the hub, with four charges."""
    made = make_station(tmp_path / "w03")
    made.join(hub)
    made.charge(4)
    return made


def test_every_reply_is_lost_after_the_commit(
    hub: RunningHub, station: MadeStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is asked, the hub did it and nobody heard: after all of it everything stands once."""
    monkeypatch.setattr("sync.hub.collecting.ENTRIES_AT_ONCE", 3)
    ask, losses = HubLink.ask, [0]

    def loses(link: HubLink, name: str, content: dict[str, Any]) -> dict[str, Any]:
        answer = ask(link, name, content)
        losses[0] += 1
        if losses[0] % 2 and losses[0] < 30:
            raise LinkError("lost")
        return answer

    monkeypatch.setattr(HubLink, "ask", loses)
    for _round in range(30):
        if station.round().unreachable is None:
            break
    monkeypatch.undo()
    done = station.round()
    assert {line.state: line.entries for line in done.standing} == {"handed_over": 4}
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}


def test_the_same_request_body_is_kept_once(hub: RunningHub, station: MadeStation) -> None:
    """Sent again and again before anybody verified it, it waits once."""
    hub.hub.close_verifier()
    link = hub.link("W03", station.ring.signing_key())
    batch = station.batch()
    for _time in range(3):
        assert link.ask("entries", batch)["kept"] == len(batch["rows"])
    link.close()
    assert hub.hub.db.rows("SELECT count(*) FROM arrived") == [(1,)]
    assert len(ids_waiting(hub.hub.db, "W03")) == len(batch["rows"])


def test_a_station_that_sends_more_than_is_verified_is_asked_to_wait(
    file_hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's disk is not filled by one station; what is kept stays, and it goes on later."""
    station = make_station(tmp_path / "w03")
    station.join(file_hub)
    station.charge(6)
    file_hub.hub.close_verifier()
    monkeypatch.setattr("sync.hub.collecting.ENTRIES_AT_ONCE", 3)
    monkeypatch.setattr("sync.hub.keeping.WAITING_BYTES_MAX", 12_000)
    assert "busy" in str(station.round().unreachable)
    (waiting,) = file_hub.hub.db.row("SELECT sum(bytes) FROM arrived") or (0,)
    assert 0 < waiting <= 12_000 < WAITING_BYTES_MAX
    place, number = file_hub.place, file_hub.port.number
    stop_hub(file_hub)
    running = start_hub(place, number=number)
    for _round in range(20):
        running.hub.settle()
        if station.round().unreachable is None:
            break
    assert verdicts(running, "W03") == {"": len(station.batch()["rows"])}
    file_hub.port, file_hub.hub = running.port, running.hub


def test_bundles_and_the_line_at_once(hub: RunningHub, station: MadeStation, tmp_path: Path) -> None:
    """The same entries by stick and by line, before and after verification: once."""
    files = write_bundles(station.home, station.ring, hub.hub.keys.own.box, tmp_path / "usb", AT)
    assert files
    station.round()
    for _time in range(2):
        for taken in take_bundles(hub.hub.db, hub.hub.reception.receiver, hub.hub.keys.own, tmp_path / "usb"):
            assert not taken.refused
    station.round()
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}


def test_a_station_back_after_three_days_with_another_book(file_hub: RunningHub, tmp_path: Path) -> None:
    """Its old book, its new one, and a clock that was set back meanwhile: all of it comes, nothing twice."""
    from downtime.station import open_new_book

    station = make_station(tmp_path / "w03")
    station.join(file_hub)
    station.charge(2)
    station.round()
    station.charge(2)
    station.clock.turn(wall_seconds=3 * 86_400, passed_seconds=3 * 86_400)
    open_new_book(station.home, station.ring, clock=station.clock).close()
    station.charge(2)
    station.clock.turn(wall_seconds=-2 * 86_400)
    station.charge(1)
    assert station.round().unreachable is None
    file_hub.hub.settle()
    (standing,) = standings(file_hub.hub.db)
    assert (standing.unsynced, standing.waiting, standing.quarantined, standing.unverified) == (0, 0, {}, 0)
    charges = file_hub.hub.db.row("SELECT count(*) FROM entry WHERE form = 'charge' AND verdict = ''")
    assert charges == (7,)


def test_postgresql_restarted_under_the_hub(
    request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every connection is cut: what was in hand fails, the next round goes through, port and verifier go on."""
    import psycopg

    url = empty_postgresql(request)
    running = make_hub(tmp_path / "hub", store_url=url)
    station = make_station(tmp_path / "w03")
    station.join(running)
    station.charge(2)
    station.round()
    verdicts(running, "W03")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
    station.charge(2)
    unreachable = [station.round().unreachable for _time in range(3)]
    assert unreachable[0] is not None
    assert unreachable[-1] is None
    for _time in range(2):
        with suppress(psycopg.OperationalError):
            running.hub.settle()
    assert verdicts(running, "W03") == {"": len(station.batch()["rows"])}
    stop_hub(running)
    assert "练习病人" not in capsys.readouterr().err


# -- somebody else at the port -------------------------------------------------------------------------


@contextmanager
def answered_by(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Give the address of a port at which something that is no hub answers once."""
    with socket.create_server(("127.0.0.1", 0)) as foreign:

        def answer() -> None:
            try:
                stream, _peer = foreign.accept()
                with stream:
                    serve(stream)
            except OSError:
                pass  # the station hung up on it: that is what it should do

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"127.0.0.1:{foreign.getsockname()[1]}"
        thread.join(10)


def captive_page(stream: socket.socket) -> None:
    """Answer as a captive portal does: plain HTTP, a redirection to a login page."""
    stream.recv(4_096)
    stream.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/login\r\nContent-Length: 0\r\n\r\n")


def silent(stream: socket.socket) -> None:
    """Take the connection and hang up."""
    stream.recv(1)


def other_tls(folder: Path) -> Callable[[socket.socket], None]:
    """Return a TLS server with a certificate of its own, which answers everything with 200."""
    authority = certificates.make_authority("ELSEWHERE")
    made = certificates.make_certificate(authority, ["127.0.0.1"])
    file = folder / "other.pem"
    file.write_bytes(made.certificate + certificates.locked_key(made.key, b"x"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, password=b"x")

    def serve(stream: socket.socket) -> None:
        with context.wrap_socket(stream, server_side=True) as secured:
            secured.recv(4_096)
            secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

    return serve


def test_whatever_else_answers_gets_nothing(file_hub: RunningHub, tmp_path: Path) -> None:
    """Another TLS server, a captive page, something that hangs up: nothing is sent, the round says so, and goes on."""
    station = make_station(tmp_path / "w03")
    station.join(file_hub)
    station.charge(1)
    member = json.loads((station.home.path / "hub.json").read_text("utf-8"))
    for serve in (other_tls(tmp_path), captive_page, silent):
        with answered_by(serve) as address:
            (station.home.path / "hub.json").write_text(json.dumps({**member, "address": address}), "utf-8")
            assert station.round().unreachable is not None
        link = HubLink([address], member["authority"].encode(), Speaker("W9A", "A", KEY.sign))
        with closing(link), pytest.raises(NotReachedError):
            link.ask("outcomes", {"entries": []})
    (station.home.path / "hub.json").write_text(json.dumps(member), "utf-8")
    assert station.round().unreachable is None
    assert verdicts(file_hub, "W03") == {"": len(station.batch()["rows"])}
