"""What IT types: from an empty folder to a collected station, in commands."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from downtime.commands.common import run_command
from sync.__main__ import sync
from tests.sync.hub.stations import make_station

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def typed(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str]:
    """Run one command and return its exit code and what it said."""
    code = run_command(sync, [str(word) for word in words])
    said = capsys.readouterr()
    return code, said.out + said.err


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as asked:
        return int(asked.getsockname()[1])


def test_from_an_empty_folder_to_a_collected_station(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """init, station add, run, join, once, status: the whole of a hub's first hour."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    hub, port = tmp_path / "hub", free_port()
    init = ("hub", "init", "--to", hub, "--hospital", "PRACTICE", "--address", "127.0.0.1", "--port", port)
    assert typed(capsys, *map(str, init))[0] == 0
    assert typed(capsys, *map(str, init))[0] == 2, "a folder that holds something is left alone"
    code, said = typed(capsys, "hub", "station", "add", "W03", "--hub", hub)
    assert code == 0
    (code_text,) = re.findall(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", said)
    (tmp_path / "code").write_text(code_text + "\n", "utf-8")
    station = make_station(tmp_path / "w03")
    station.charge(2)
    running = subprocess.Popen(
        [sys.executable, "-m", "sync", "hub", "run", "--hub", str(hub)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "DOWNTIME_LANGUAGE": "en"},
    )
    try:
        assert running.stdout is not None
        assert str(port) in running.stdout.readline()
        address = f"127.0.0.1:{port}"
        home = station.home.path
        code, said = typed(capsys, "hub", "join", address, "--code-file", tmp_path / "code", "--home", home)
        assert code == 0, said
        assert "[connectors.hub]" in (home / "station.toml").read_text("utf-8")
        code, said = typed(capsys, "once", "--home", home)
        assert "hub: 2 entries sent" in said
        by = ("--by", "PX-OFFICE", "--hub", hub)
        assert typed(capsys, "hub", "outage", "end", "PX-1", *by)[0] == 0
        assert "PX-OFFICE says at the hub: outage PX-1 is over" in typed(capsys, "once", "--home", home)[1]
        code, said = typed(capsys, "hub", "status", "--hub", hub, "--json")
        (told,) = json.loads(said)["stations"]
        assert code == 0
        assert (told["station"], told["unsynced"], told["quarantined"]) == ("W03", 0, {})
        assert "W03: last seen" in typed(capsys, "hub", "status", "--hub", hub)[1]
    finally:
        running.send_signal(signal.SIGINT)
        assert running.wait(30) == 0
        if running.stdout is not None:
            running.stdout.close()


def test_bundles_and_delivery_in_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A station without a network: bundle, import, deliver into the practice HIS."""
    from tests.sync.hub.hubs import make_hub, stop_hub

    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    running = make_hub(tmp_path / "hub")
    station = make_station(tmp_path / "w03")
    station.join(running)
    stop_hub(running)
    station.charge(2)
    hub, usb, home = tmp_path / "hub", tmp_path / "usb", station.home.path
    assert typed(capsys, "hub", "bundle", "--to", usb, "--home", home) == (0, f"1 new files in {usb}.\n")
    assert "0 new files" in typed(capsys, "hub", "bundle", "--to", usb, "--home", home)[1]
    code, said = typed(capsys, "hub", "import", usb, "--hub", hub)
    assert code == 0, said
    with (hub / "hub.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[connectors.practice]\nfile = "his.db"\n')
    code, said = typed(capsys, "hub", "deliver", "--once", "--hub", hub)
    assert code == 0, said
    assert "practice: 2 entries sent" in said
    assert typed(capsys, "hub", "deliver", "--once", "--connector", "x", "--hub", hub)[0] == 2
    for file in usb.iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    code, said = typed(capsys, "hub", "import", usb, "--hub", hub)
    assert code == 1
    assert "refused" in said


def test_offers_numbers_and_outages_in_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes down is put ready by name; strange names and numbers given twice are refused."""
    from downtime.practice_set import write_practice_set
    from tests.sync.hub.hubs import make_hub, stop_hub

    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    running = make_hub(tmp_path / "hub")
    hub = tmp_path / "hub"
    write_practice_set(tmp_path / "set7", version=7, taken_at="2026-01-05T08:00:00+08:00")
    (tmp_path / "wording.txt").write_text("x", "utf-8")
    (tmp_path / "odd name.txt").write_text("x", "utf-8")
    assert typed(capsys, "hub", "offer", tmp_path / "set7", "--hub", hub)[0] == 0
    assert typed(capsys, "hub", "offer", tmp_path / "wording.txt", "--station", "W03", "--hub", hub)[0] == 0
    assert typed(capsys, "hub", "offer", tmp_path / "odd name.txt", "--hub", hub)[0] == 2
    assert typed(capsys, "hub", "outage", "start", "PX-1", "--by", "练习院办", "--hub", hub)[0] == 0
    assert typed(capsys, "hub", "numbers", "W03", "A", "20001", "30000", "--hub", hub)[0] == 0
    assert typed(capsys, "hub", "numbers", "W03", "A", "30000", "30001", "--hub", hub)[0] == 2
    package = running.hub.offers.manifest("W03", "")["package"]
    names = [file["name"] for file in package["files"]]
    assert "reference/set7/manifest.json" in names
    assert "site/wording.txt" in names
    assert [outage["name"] for outage in package["outages"]] == ["PX-1"]
    stop_hub(running)


def test_a_hub_without_its_password_does_not_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The password file may be taken away; then it must be given."""
    from tests.sync.hub.hubs import make_hub, stop_hub

    stop_hub(make_hub(tmp_path / "hub"))
    kept = (tmp_path / "hub" / "keys" / "hub.password").rename(tmp_path / "password")
    assert typed(capsys, "hub", "status", "--hub", tmp_path / "hub")[0] == 2
    assert typed(capsys, "hub", "status", "--hub", tmp_path / "hub", "--password-file", kept)[0] == 0
    kept.write_text("wrong\n", "utf-8")
    assert typed(capsys, "hub", "status", "--hub", tmp_path / "hub", "--password-file", kept)[0] == 2


def test_what_the_hub_keeps_is_for_its_own_account_alone(tmp_path: Path) -> None:
    """Folder 0700, files 0600."""
    from tests.sync.hub.hubs import make_hub, stop_hub

    running = make_hub(tmp_path / "hub")
    assert (tmp_path / "hub").stat().st_mode & 0o777 == 0o700
    open_files = [
        path.name for path in (tmp_path / "hub").rglob("*") if path.is_file() and path.stat().st_mode & 0o077
    ]
    assert open_files == []
    stop_hub(running)
