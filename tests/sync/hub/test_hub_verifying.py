"""Kept first, verified afterwards: killed at any moment, a batch is there or its entries are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sync.hub.receiving import Received, Receiver
from sync.hub.standing import standings
from tests.downtime import builders
from tests.sync.hub.hubs import make_hub, start_hub, stop_hub
from tests.sync.hub.stations import make_station, verdicts

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from sync.hub.arrivals import Batch
    from tests.sync.hub.hubs import RunningHub


def test_the_hub_is_killed_while_it_keeps_a_batch(
    hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not committed is not there, half of it neither; started again, the hub takes it."""
    station = make_station(tmp_path / "w03")
    station.join(hub)
    station.charge(4)

    def dies(*_given: object) -> None:
        raise OSError("the plug")

    monkeypatch.setattr(hub.hub.db, "hidden", dies)
    assert station.round().unreachable is not None
    assert verdicts(hub, "W03") == {}
    monkeypatch.undo()
    station.round()
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}


def test_the_hub_is_killed_between_keeping_and_verifying(
    tmp_path: Path, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the station it is handed over; nothing of it counts as known; started again, the hub verifies it."""
    running = make_hub(tmp_path / "hub", store_url=store_url)
    running.hub.close_verifier()
    station = make_station(tmp_path / "w03")
    station.join(running)
    (charge,) = station.charge(1)
    monkeypatch.setattr("sync.hub.reception.WAITING_FEW", 0)
    done = station.round()
    assert {line.state: line.entries for line in done.standing} == {"handed_over": 1}
    link = running.link("W03", station.ring.signing_key())
    assert link.ask("receipt", {"number": charge.number})["known"] is False
    assert link.ask("facts", {"ids": [charge.id]}) == {"facts": {}}
    link.close()
    assert running.hub.db.rows("SELECT * FROM entry") == []
    stop_hub(running)
    running = start_hub(running.place)
    assert verdicts(running, "W03") == {"": len(station.batch()["rows"])}
    assert running.hub.db.rows("SELECT * FROM arrived") == []
    stop_hub(running)


def test_the_hub_is_killed_while_it_verifies(
    hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is there again, nothing of it stands twice or half."""
    station = make_station(tmp_path / "w03")
    station.join(hub)
    station.charge(4)
    real, turns = Receiver._keep_keys, [0]

    def dies(receiver: Receiver, *given: Any) -> None:
        real(receiver, *given)
        turns[0] += 1
        if turns[0] == 1:
            raise hub.hub.db.passing[0]("the plug")

    monkeypatch.setattr(Receiver, "_keep_keys", dies)
    station.round()
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}
    assert turns[0] >= 2


def test_a_batch_nobody_foresaw_holds_up_no_other_station(
    hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is put aside as it came and said; a newer program looks at it again."""
    station, other = make_station(tmp_path / "w03"), make_station(tmp_path / "w04", "W04")
    for one in (station, other):
        one.join(hub)
        one.charge(1)
    real = Receiver.take

    def stumbles(receiver: Receiver, batch: Batch, arrived_n: int | None = None) -> Received:
        if batch.place.station == "W03":
            raise ZeroDivisionError(builders.PATIENT["name"])
        return real(receiver, batch, arrived_n)

    monkeypatch.setattr(Receiver, "take", stumbles)
    station.round()
    other.round()
    assert verdicts(hub, "W04") == {"": len(other.batch()["rows"])}
    assert verdicts(hub, "W03") == {}
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert builders.PATIENT["name"] not in said
    by_station = {one.station: one.stuck for one in standings(hub.hub.db)}
    assert by_station == {"W03": 1, "W04": 0}
    monkeypatch.undo()
    stop_hub(hub)
    running = start_hub(hub.place)
    assert verdicts(running, "W03") == {"": len(station.batch()["rows"])}
    hub.port, hub.hub = running.port, running.hub
