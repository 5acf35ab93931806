"""What comes down: the hub's by signature, whole by hash, where such things are looked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from downtime.canonical import seal
from downtime.errors import RefusedInputError
from downtime.hub_notice import SIGNED, hub_notice
from downtime.practice_set import write_practice_set
from sync.connectors.hub_link import HubLink
from sync.intake import take_inbox
from tests.sync.hub.stations import MadeStation, make_station

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from tests.sync.hub.hubs import RunningHub

AT = "2026-01-05T08:00:00+08:00"


@pytest.fixture
def station(hub: RunningHub, tmp_path: Path) -> MadeStation:
    """Station W03, a member of the hub."""
    made = make_station(tmp_path / "w03")
    made.join(hub)
    made.round()
    return made


def kept(station: MadeStation) -> dict[str, Any]:
    """Return the package as the station kept it."""
    told: dict[str, Any] = json.loads((station.home.path / "hub" / "package.json").read_text("utf-8"))
    return dict(told["package"])


def test_lists_come_down_and_are_taken_like_any_others(hub: RunningHub, station: MadeStation) -> None:
    """A set offered at the hub lies in the station's inbox after the next round, and is taken whole."""
    write_practice_set(hub.place.down / "all" / "reference" / "set7", version=7, taken_at=AT)
    station.round()
    reports = take_inbox(
        station.home.path / "inbox",
        station.home.path / "reference",
        station.ring.reference_key(),
        currency="CNY",
        in_force_version=None,
    )
    assert [(report.status, report.version) for report in reports] == [("taken", 7)]
    station.round()
    assert not list((station.home.path / "inbox").glob("hub-*")), "what was taken does not come again"


def test_accounts_are_handed_to_the_station(hub: RunningHub, station: MadeStation) -> None:
    """The station itself takes accounts over; the hub only carries the file."""
    from sync.hub.membership import connector_at

    (hub.place.down / "all").mkdir(parents=True)
    (hub.place.down / "all" / "accounts.json").write_bytes(b"{}")
    given: list[bytes] = []
    connector = connector_at(
        station.home, station.ring, station.clock, lambda file: given.append(file.read_bytes())
    )
    assert connector.reach() is None
    assert connector.reach() is None
    connector.close()
    assert given == [b"{}"]


def test_keys_numbers_and_outages_come_down(hub: RunningHub, station: MadeStation) -> None:
    """Other stations' public keys, blocks of numbers, and what the hub says of an outage."""
    hub.hub.offers.give_numbers("W03", "A", 20_001, 30_000, AT)
    hub.hub.offers.say_outage("PX-1", "started", AT, "练习院办")
    station.round()
    assert kept(station)["numbers"] == [{"incarnation": "A", "first": 20_001, "last": 30_000}]
    assert [key["station"] for key in kept(station)["station_keys"]] == ["W03"]
    told = hub_notice(station.home)
    assert told is not None
    assert (told.name, told.state) == ("PX-1", "started")
    assert "PX-1" in told.words()
    hub.hub.offers.say_outage("PX-1", "ended", AT, "练习院办")
    station.round()
    told = hub_notice(station.home)
    assert told is not None
    assert told.state == "ended"


def test_a_file_for_one_station_stands_before_that_for_all(hub: RunningHub, station: MadeStation) -> None:
    """A site file of the station's own counts."""
    for code in ("all", "W03", "W04"):
        folder = hub.place.down / code / "site"
        folder.mkdir(parents=True)
        (folder / "wording.txt").write_text(code, "utf-8")
    station.round()
    assert (station.home.path / "hub" / "site" / "wording.txt").read_text("utf-8") == "W03"


def test_numbers_are_given_out_once(file_hub: RunningHub) -> None:
    """Two blocks of one station never overlap."""
    file_hub.hub.offers.give_numbers("W03", "A", 1, 100, AT)
    file_hub.hub.offers.give_numbers("W04", "A", 1, 100, AT)
    with pytest.raises(RefusedInputError):
        file_hub.hub.offers.give_numbers("W03", "A", 100, 200, AT)


def test_a_package_of_somebody_else_is_not_taken(
    file_hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another signature, another station's, or a file that would lie elsewhere: nothing is taken, entries go on."""
    station = make_station(tmp_path / "w03")
    station.join(file_hub)
    ask = HubLink.ask
    own = file_hub.hub.keys.own

    def signed(package: dict[str, Any]) -> dict[str, Any]:
        return {"package": package, "signature": own.sign(SIGNED + seal(package)).hex()}

    def spoils(change: str) -> None:
        def answers(link: HubLink, name: str, content: dict[str, Any]) -> dict[str, Any]:
            told = ask(link, name, content)
            if name == "package":
                package = told["package"]
                outside = {"kind": "site", "name": "site/../../keys/x", "bytes": 1, "sha256": "0" * 64}
                return {
                    "signature": {**told, "signature": "00" * 64},
                    "station": signed({**package, "station": "W04"}),
                    "outside": signed({**package, "files": [outside]}),
                    "shape": signed({**package, "files": [7]}),
                }[change]
            return told

        monkeypatch.setattr(HubLink, "ask", answers)

    for change in ("signature", "station", "outside", "shape"):
        spoils(change)
        station.charge(1)
        done = station.round()
        assert done.unreachable is None
        assert not (station.home.path / "hub" / "package.json").exists()
    monkeypatch.undo()
    station.round()
    assert kept(station)["version"] >= 1


def test_a_large_file_goes_on_where_it_stopped(
    file_hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line breaks after the first part: the next round asks for the rest only."""
    from sync.connectors.hub_link import NoAnswerError

    monkeypatch.setattr("sync.hub.offers.PART_BYTES_MAX", 1_000)
    folder = file_hub.place.down / "all" / "site"
    folder.mkdir(parents=True)
    (folder / "big.bin").write_bytes(bytes(range(250)) * 20)
    station = make_station(tmp_path / "w03")
    station.join(file_hub)
    offsets: list[int] = []
    fetch = HubLink.fetch

    def breaks(link: HubLink, sha256: str, offset: int) -> bytes:
        offsets.append(offset)
        if len(offsets) == 3:
            raise NoAnswerError("lost")
        return fetch(link, sha256, offset)

    monkeypatch.setattr(HubLink, "fetch", breaks)
    station.round()
    station.round()
    assert offsets == [0, 1_000, 2_000, 2_000, 3_000, 4_000]
    assert (station.home.path / "hub" / "site" / "big.bin").read_bytes() == bytes(range(250)) * 20
