"""Promises of the home."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from downtime import os_calls
from downtime.errors import WrongPlaceError
from downtime.home import Home
from tests.downtime.builders import make_home

if TYPE_CHECKING:
    from pathlib import Path


def test_only_the_own_account_can_read_a_home(cheap_home: Home) -> None:
    """Folders are 0700, files 0600, journals and keys included."""
    modes = {
        path: stat.S_IMODE(path.stat().st_mode) for path in [cheap_home.path, *cheap_home.path.rglob("*")]
    }
    loose = [path.name for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)]

    assert loose == []


def test_a_home_on_a_network_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal's locks need one host; the message says where to put it instead."""
    monkeypatch.setattr(os_calls, "network_share_kind", lambda _path: "cifs")

    with pytest.raises(WrongPlaceError, match="cifs") as refused:
        make_home(tmp_path / "home")

    assert "--home" in refused.value.then
    assert not (tmp_path / "home").exists()


def test_a_newer_format_is_left_alone(cheap_home: Home) -> None:
    """An older app refuses to open what it does not know."""
    (cheap_home.path / "FORMAT").write_text("2\n", "ascii")

    with pytest.raises(WrongPlaceError, match="格式为 2"):
        Home(cheap_home.path)


def test_a_folder_with_something_in_it_is_not_taken(tmp_path: Path) -> None:
    """Nothing of anybody's is mixed with a station or overwritten."""
    (tmp_path / "letter.txt").write_text("mine", "utf-8")

    with pytest.raises(WrongPlaceError, match="不是空的"):
        make_home(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_no_station_is_said_so(tmp_path: Path) -> None:
    """A wrong folder gets told what to do."""
    with pytest.raises(WrongPlaceError, match="没有工作站"):
        Home(tmp_path)
