"""What tests of the station start from."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from downtime import inspection_machine
from downtime.clock import ManualClock
from downtime.shift import opening
from tests.downtime.builders import make_home, open_current, stand
from tests.downtime.inspections import Station, make_inspected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.book import OpenBook


@pytest.fixture(scope="session")
def inspected_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the station once, with the rights the app gives its files."""
    before = os.umask(0o077)
    try:
        return make_inspected(tmp_path_factory.mktemp("inspected") / "home")
    finally:
        os.umask(before)


@pytest.fixture
def station(inspected_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """Return a station of the test's own, a minute after it was made, on a PC that listens on nothing."""
    monkeypatch.setattr(inspection_machine, "listening_ports", lambda: {53})
    monkeypatch.setattr(inspection_machine, "own_ports", set)
    before = os.umask(0o077)
    path = shutil.copytree(inspected_template, tmp_path / "home")
    clock = ManualClock()
    clock.turn(wall_seconds=60, passed_seconds=60)
    yield Station(path, clock)
    os.umask(before)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[OpenBook]:
    """Return a book at 22:00 with a shift opened on a float of 200 yuan."""
    clock = ManualClock(datetime(2026, 1, 5, 22, 0, tzinfo=UTC))
    home = make_home(tmp_path / "home", clock=clock)
    opened = open_current(home, clock)
    stand(opened, opening(opened, float_minor=20_000))
    yield opened
    opened.close()
