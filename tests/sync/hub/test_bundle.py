"""Without any network: files in a folder take the same road into the hub, whole or not at all."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from downtime.commands.common import run_command
from downtime.errors import AccessRefusedError, RefusedInputError
from sync.__main__ import sync
from sync.bundle import BundleRefusedError, take_bundle, take_bundles, write_bundles
from sync.hub.membership import join_by_file
from sync.hub.standing import standings
from tests.sync.hub.hubs import make_hub, stop_hub
from tests.sync.hub.stations import MadeStation, known_to, make_station, verdicts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub

AT = "2026-01-05T09:00:00+08:00"


def export(station: MadeStation, running: RunningHub, folder: Path) -> list[Path]:
    """Write what is new at a station into ``folder``."""
    return write_bundles(station.home, station.ring, running.hub.keys.own.box, folder, AT)


def taken(running: RunningHub, folder: Path) -> list[str]:
    """Take the folder and return what was refused."""
    receiver = running.hub.reception.receiver
    return [one.refused for one in take_bundles(running.hub.db, receiver, running.hub.keys.own, folder)]


@pytest.fixture
def station(hub: RunningHub, tmp_path: Path) -> MadeStation:
    """Station W03 with some charges, known to the hub."""
    made = known_to(hub, make_station(tmp_path / "w03"))
    made.charge(3)
    return made


def test_a_folder_brings_a_station_in(hub: RunningHub, station: MadeStation, tmp_path: Path) -> None:
    """What the files hold stands verified at the hub, as if it had come over the line."""
    (file,) = export(station, hub, tmp_path / "usb")
    assert taken(hub, tmp_path / "usb") == [""]
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}
    assert "练习病人".encode() not in file.read_bytes()


def test_twice_and_out_of_order_does_no_harm(
    hub: RunningHub, station: MadeStation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last file first, the first one twice, and in the end everything stands once and in order."""
    monkeypatch.setattr("sync.bundle.ENTRIES_MAX", 3)
    files = export(station, hub, tmp_path / "usb")
    assert len(files) >= 3
    for n, file in enumerate((*files[::-1], files[0], files[-1])):
        alone = tmp_path / f"turn{n}"
        alone.mkdir()
        shutil.copy(file, alone)
        assert taken(hub, alone) == [""]
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}
    assert standings(hub.hub.db)[0].quarantined == {}


def test_a_stopped_export_goes_on(
    file_hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that are whole stay as they are; one that is missing or cut is written again."""
    monkeypatch.setattr("sync.bundle.ENTRIES_MAX", 3)
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    station.charge(3)
    files = export(station, file_hub, tmp_path / "usb")
    before = {file: file.read_bytes() for file in files}
    files[0].unlink()
    files[1].write_bytes(before[files[1]][:-5])
    assert export(station, file_hub, tmp_path / "usb") == files[:2]
    assert all(file.read_bytes() == before[file] for file in files[2:])
    station.charge(1)
    export(station, file_hub, tmp_path / "usb")
    assert set(taken(file_hub, tmp_path / "usb")) == {""}
    assert verdicts(file_hub, "W03") == {"": len(station.batch()["rows"])}


def test_a_file_cut_at_any_byte_is_refused(file_hub: RunningHub, tmp_path: Path) -> None:
    """Wherever it ends too early, nothing of it is taken."""
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    (file,) = export(station, file_hub, tmp_path / "usb")
    whole = file.read_bytes()
    receiver, own = file_hub.hub.reception.receiver, file_hub.hub.keys.own
    for length in range(len(whole)):
        with pytest.raises(BundleRefusedError):
            take_bundle(file_hub.hub.db, receiver, own, whole[:length])
    assert verdicts(file_hub, "W03") == {}
    take_bundle(file_hub.hub.db, receiver, own, whole)
    assert verdicts(file_hub, "W03") == {"": len(station.batch()["rows"])}


def test_a_file_with_any_byte_changed_is_refused(file_hub: RunningHub, tmp_path: Path) -> None:
    """Header, signature and content are all covered; so is a byte at the end too many."""
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    (file,) = export(station, file_hub, tmp_path / "usb")
    whole = file.read_bytes()
    receiver, own = file_hub.hub.reception.receiver, file_hub.hub.keys.own
    for at in range(0, len(whole), 3):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        with pytest.raises(BundleRefusedError):
            take_bundle(file_hub.hub.db, receiver, own, changed)
    with pytest.raises(BundleRefusedError):
        take_bundle(file_hub.hub.db, receiver, own, whole + b"\0")
    assert verdicts(file_hub, "W03") == {}


def test_only_the_hub_it_is_meant_for_opens_a_file(file_hub: RunningHub, tmp_path: Path) -> None:
    """Lost on the way it tells nobody anything, another hub neither."""
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    other = known_to_too = make_hub(tmp_path / "other")
    known_to(known_to_too, station)
    (file,) = export(station, file_hub, tmp_path / "usb")
    with pytest.raises(BundleRefusedError):
        take_bundle(other.hub.db, other.hub.reception.receiver, other.hub.keys.own, file.read_bytes())
    stop_hub(other)


def test_one_refused_file_holds_up_no_other(file_hub: RunningHub, tmp_path: Path) -> None:
    """An unknown station, rubbish under our name: said, and the rest is taken."""
    station, stranger = make_station(tmp_path / "w03"), make_station(tmp_path / "w09", "W09")
    known_to(file_hub, station)
    export(stranger, file_hub, tmp_path / "usb")
    export(station, file_hub, tmp_path / "usb")
    (tmp_path / "usb" / "A.dtb").write_bytes(b"rubbish")
    refusals = taken(file_hub, tmp_path / "usb")
    assert [bool(reason) for reason in refusals] == [True, False, True]
    assert "W09" in refusals[2]
    assert verdicts(file_hub, "W03") == {"": len(station.batch()["rows"])}


def by_file(running: RunningHub, station: MadeStation, folder: Path, code: str = "") -> Path:
    """Let the hub make a joining file for a station."""
    file = folder / "join.json"
    words = [
        "hub",
        "station",
        "add",
        code or station.code,
        "--to",
        str(file),
        "--hub",
        str(running.place.path),
    ]
    assert run_command(sync, words) == 0
    return file


def test_a_station_that_never_saw_the_network_is_let_in_by_its_first_bundle(
    file_hub: RunningHub, tmp_path: Path
) -> None:
    """A file in, a folder out: the bundle itself shows the code; any of them may come first."""
    station = make_station(tmp_path / "w03")
    member = join_by_file(station.home, station.ring, by_file(file_hub, station, tmp_path))
    station.charge(2)
    box = bytes.fromhex(member.box)
    write_bundles(station.home, station.ring, box, tmp_path / "usb", AT, member.joining)
    assert taken(file_hub, tmp_path / "usb") == [""]
    assert taken(file_hub, tmp_path / "usb") == [""]
    assert verdicts(file_hub, "W03") == {"": len(station.batch()["rows"])}


def test_joined_by_file_it_is_known_on_the_line_too(file_hub: RunningHub, tmp_path: Path) -> None:
    """The network comes back: the station shows its code itself."""
    station = make_station(tmp_path / "w03")
    file = by_file(file_hub, station, tmp_path)
    told = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**told, "address": file_hub.address}), "utf-8")
    join_by_file(station.home, station.ring, file)
    station.charge(1)
    assert station.round().unreachable is None
    assert verdicts(file_hub, "W03") == {"": len(station.batch()["rows"])}


def test_a_joining_file_is_for_one_station(file_hub: RunningHub, tmp_path: Path) -> None:
    """Another station refuses it, and a bundle that shows another's code lets nobody in."""
    station, other = make_station(tmp_path / "w03"), make_station(tmp_path / "w04", "W04")
    file = by_file(file_hub, station, tmp_path)
    with pytest.raises(RefusedInputError, match="W03"):
        join_by_file(other.home, other.ring, file)
    member = join_by_file(station.home, station.ring, file)
    write_bundles(other.home, other.ring, bytes.fromhex(member.box), tmp_path / "usb", AT, member.joining)
    assert all(taken(file_hub, tmp_path / "usb"))
    assert file_hub.hub.db.rows("SELECT * FROM station_key") == []


def test_a_fresh_pc_under_a_known_code_is_refused(file_hub: RunningHub, tmp_path: Path) -> None:
    """Its receipt numbers would repeat those of the PC that is gone: it must be restored, not made anew."""
    first, fresh = make_station(tmp_path / "w03"), make_station(tmp_path / "fresh")
    first.join(file_hub)
    with pytest.raises(AccessRefusedError, match="W03"):
        fresh.join(file_hub)
