"""First stop, then deliver: an outage's entries wait until every station has stopped, or somebody names the others."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

from downtime.commands.common import run_command
from sync.__main__ import sync
from sync.connectors.memory import MemoryConnector
from sync.hub.database import open_store
from sync.hub.delivering import deliver_round
from sync.hub.ending import NOT_IN_IT, NOT_REACHED, STOPPED, TOLD, outages, waiting_outages
from sync.hub.outage_commands import standing_lines
from tests.downtime import builders
from tests.sync.hub.stations import MadeStation, make_station
from tests.sync.hub.test_hub_following import declare, whole_round

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.sync.hub.hubs import RunningHub

AT = "2026-01-05T14:02:00+08:00"


def windows(hub: RunningHub, folder: Path, *codes: str) -> list[MadeStation]:
    """Return stations that joined, declared the outage, charged once and were collected."""
    found = []
    for code in codes:
        station = make_station(folder / code, code)
        station.join(hub)
        declare(station)
        charge(station)
        station.round()
        found.append(station)
    return found


def charge(station: MadeStation) -> None:
    """Record a charge in a visit of that window's own: no queue is shared."""
    with closing(station.open()) as book:
        visit = {**builders.VISIT, "number": f"V-{station.code}"}
        builders.stand(book, builders.charge(visit=visit))


def states(hub: RunningHub) -> dict[str, str]:
    """Return how each station stands to the outage."""
    hub.hub.settle()
    return {one.station: one.state for one in outages(hub.hub.db)["PX-1"].stations}


def delivered(hub: RunningHub, *although: str) -> tuple[int, dict[str, str]]:
    """Go once through to a made-up HIS; return how many entries were sent, and what waits for what."""
    from sync.hub.delivering import Worker

    hub.hub.settle()
    place, keys = hub.place, hub.hub.keys
    claims = open_store(place.settings.store.url, place.store_file, keys.store)
    try:
        connector = MemoryConnector(place.settings.hospital.id)
        done = Worker(hub.hub.db, claims, connector, place.clock(), None, frozenset(although)).round()
    finally:
        claims.close()
    return done.sent, done.held


def test_the_end_is_known_station_by_station(hub: RunningHub, tmp_path: Path) -> None:
    """Stopped where the end came up, told where it did not, not reached where nobody spoke since."""
    stops, silent = windows(hub, tmp_path, "W03", "W04")
    elsewhere = make_station(tmp_path / "w05", "W05")
    elsewhere.join(hub)
    hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    assert set(states(hub).values()) == {NOT_REACHED}
    whole_round(stops)
    for _time in range(2):  # the second time it says that it has the package
        elsewhere.round()
    assert states(hub) == {"W03": STOPPED, "W04": NOT_REACHED, "W05": NOT_IN_IT}
    for _time in range(2):
        silent.round()
    assert states(hub)["W04"] == TOLD
    whole_round(silent)
    assert states(hub)["W04"] == STOPPED


def test_nothing_of_an_outage_is_delivered_before_all_have_stopped(hub: RunningHub, tmp_path: Path) -> None:
    """It waits and says for whom; entries outside of the outage go; named as open, a station holds up nobody."""
    first, second = windows(hub, tmp_path, "W03", "W04")
    outside = make_station(tmp_path / "w05", "W05")
    outside.join(hub)
    charge(outside)
    outside.round()
    sent, held = delivered(hub)
    assert (sent, len(held)) == (1, 2)
    assert all("W03" in why and "W04" in why for why in held.values())
    hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    whole_round(first)
    sent, held = delivered(hub)
    assert (sent, len(held)) == (0, 2), (
        "the second window was not reached; what the first recorded waits with it"
    )
    assert all("W03" not in why and "W04" in why for why in held.values())
    sent, held = delivered(hub, "W04")
    assert (sent, held) == (2, {})
    whole_round(second)
    hub.hub.settle()
    assert waiting_outages(hub.hub.db) == {}


def test_an_outage_announced_and_not_ended_waits_whatever_stations_say(
    file_hub: RunningHub, tmp_path: Path
) -> None:
    """The hub announced its start: its entries go once it announced the end, even if nobody is in it just now."""
    (station,) = windows(file_hub, tmp_path, "W03")
    file_hub.hub.offers.say_outage("PX-1", "started", AT, "练习信息科")
    sent, held = delivered(file_hub, "W03")
    assert (sent, len(held)) == (0, 1)
    file_hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    whole_round(station)
    assert delivered(file_hub) == (1, {})


def test_a_station_back_after_three_days_stops_then(file_hub: RunningHub, tmp_path: Path) -> None:
    """It hears of the end when it next speaks, and what it recorded meanwhile comes up under the outage."""
    (station,) = windows(file_hub, tmp_path, "W03")
    file_hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    station.charge(2)
    station.clock.turn(wall_seconds=3 * 86_400, passed_seconds=3 * 86_400)
    station.charge(1)
    whole_round(station)
    assert delivered(file_hub) == (4, {})
    row = file_hub.hub.db.row("SELECT count(*) FROM entry WHERE outage = 'PX-1' AND form = 'charge'")
    assert row == (4,)


def test_a_withdrawn_station_holds_up_nobody(file_hub: RunningHub, tmp_path: Path) -> None:
    """It will never say that it has stopped; its key is withdrawn, so it cannot say anything."""
    from sync.hub.stations import withdraw

    windows(file_hub, tmp_path, "W03")
    file_hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    assert len(waiting_outages(file_hub.hub.db)) == 1
    withdraw(file_hub.hub.db, "W03", "A", AT, "练习信息科", "被盗")
    assert delivered(file_hub) == (1, {})


def test_what_it_types_out_for_the_person_who_waits(
    file_hub: RunningHub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``hub outage status`` names who has stopped and who was not reached, and says whether it may be delivered."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    first, _second = windows(file_hub, tmp_path, "W03", "W04")
    folder = str(file_hub.place.path)
    assert run_command(sync, ["hub", "outage", "end", "PX-1", "--by", "OFFICE", "--hub", folder]) == 0
    whole_round(first)
    file_hub.hub.settle()
    capsys.readouterr()
    assert run_command(sync, ["hub", "outage", "status", "PX-1", "--hub", folder]) == 1
    said = capsys.readouterr().out
    assert "OFFICE announced its end" in said
    assert "W03: has stopped" in said
    assert "W04: not reached; last seen" in said
    assert "Not delivered yet" in said
    assert run_command(sync, ["hub", "outage", "status", "--json", "--hub", folder]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert {one["station"]: one["state"] for one in told["stations"]} == {"W03": STOPPED, "W04": NOT_REACHED}
    assert run_command(sync, ["hub", "outage", "status", "PX-9", "--hub", folder]) == 2
    (standing,) = outages(file_hub.hub.db).values()
    assert len(standing_lines(standing)) == 4


def test_a_round_of_one_call_keeps_the_rule(file_hub: RunningHub, tmp_path: Path) -> None:
    """Whoever brings entries into the HIS, by command or otherwise, goes the same way."""
    windows(file_hub, tmp_path, "W03")
    file_hub.hub.settle()
    place = file_hub.place
    claims = open_store("", place.store_file, file_hub.hub.keys.store)
    done = deliver_round(file_hub.hub.db, claims, MemoryConnector("PRACTICE"), place.clock())
    claims.close()
    assert (done.sent, len(done.held)) == (0, 1)
