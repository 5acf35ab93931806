"""Promises about two apps on one station."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.errors import InUseError
from downtime.holding import StationHold

if TYPE_CHECKING:
    from downtime.home import Home

_SECOND = """
import sys
from pathlib import Path
from downtime.clock import ManualClock
from downtime.errors import InUseError
from downtime.holding import StationHold
from downtime.home import Home
try:
    with StationHold(Home(Path(sys.argv[1])), ManualClock()):
        print("in")
except InUseError as error:
    print(error.what)
"""


def _second_app(home: Home) -> str:
    command = [sys.executable, "-c", _SECOND, str(home.path)]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def test_the_second_app_is_told_who_has_the_station(cheap_home: Home) -> None:
    """Operator, since when and which process stand in the message."""
    with StationHold(cheap_home, ManualClock()) as hold:
        hold.name("1001 练习员")
        told = _second_app(cheap_home)

    assert "1001 练习员" in told
    assert "2026-01-05T08:20" in told


def test_a_closed_app_leaves_the_station_free(cheap_home: Home) -> None:
    """Nothing has to be cleaned up by hand."""
    with StationHold(cheap_home, ManualClock()):
        pass

    assert _second_app(cheap_home).strip() == "in"


def test_one_process_cannot_hold_it_twice(cheap_home: Home) -> None:
    """A second window of the same program is a second app."""
    with (
        StationHold(cheap_home, ManualClock()),
        pytest.raises(InUseError),
        StationHold(cheap_home, ManualClock()),
    ):
        pass
