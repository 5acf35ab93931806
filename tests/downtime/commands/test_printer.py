"""``downtime printer``: the state, the page that asks what can be read, and where the paper lies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from downtime.commands import downtime
from downtime.commands.common import run_command
from downtime.settings import read_settings

if TYPE_CHECKING:
    import pytest

    from downtime.home import Home


def _use(home: Home, *lines: str) -> None:
    """Write the section [printer] of a station anew."""
    path = home.path / "station.toml"
    before, _printer, after = path.read_text("utf-8").partition("[printer]")
    _old, bracket, rest = after.partition("\n[")
    path.write_text("\n".join([f"{before}[printer]", *lines, f"{bracket}{rest}"]), "utf-8")
    read_settings(path)


def _run(home: Home, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = run_command(downtime, ["printer", *words, "--home", str(home.path)])
    told = capsys.readouterr()
    return code, told.out + told.err


def test_the_folder_of_a_practice_station_is_ready(
    practice_home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    """A station that writes PDFs is ready, and its test page is a PDF."""
    code, told = _run(practice_home, capsys, "status", "--json")
    assert (code, json.loads(told)["state"]) == (0, "ok")
    code, told = _run(practice_home, capsys, "test")
    assert code == 0
    assert (practice_home.path / "printers" / "test-page-copy1.pdf").is_file()
    assert _run(practice_home, capsys, "nudge")[0] == 1


def test_a_dead_dot_matrix_printer_is_told(practice_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a device every answer is "not printed", with exit code 1."""
    _use(practice_home, 'kind = "escp"', 'device = "/nowhere/lp0"')
    assert _run(practice_home, capsys, "status")[0] == 1
    assert _run(practice_home, capsys, "test")[0] == 1
    assert _run(practice_home, capsys, "nudge")[0] == 1


def test_two_lengths_give_the_settings(practice_home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten forms printed, divided by ten: what to write into the settings; too far off is said."""
    _use(practice_home, 'kind = "escp"', 'device = "/nowhere/lp0"', "nudge = 2")
    code, told = _run(practice_home, capsys, "nudge", "--first", "7.77", "--last", "6.36")
    assert code == 0
    assert told.splitlines()[-2:] == ["nudge = -5", "creep = 1"]
    assert _run(practice_home, capsys, "nudge", "--first", "30", "--last", "30")[0] == 1
    assert _run(practice_home, capsys, "nudge", "--first", "30")[0] == 2
    assert _run(practice_home, capsys, "nudge", "--lines", "1")[1].splitlines()[-2:] == [
        "nudge = -28",
        "creep = 0",
    ]
    assert _run(practice_home, capsys, "nudge", "--lines", "-1")[0] == 1
