"""The day's backup comes by itself, from the station's own account, and tells what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.backup import Made, NotMade, backup_folders, daily_backup, is_due, make_backups
from downtime.backup_due import due
from downtime.clock import ManualClock
from downtime.errors import AccessRefusedError
from downtime.keys import CHEAP_COST, Person
from tests.downtime.backups import used_station
from tests.downtime.builders import open_current, unlock

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        ("", "2026-01-05T08:00:00.000+08:00", True),
        ("2026-01-04T08:00:00.000+08:00", "2026-01-05T07:59:59.000+08:00", False),
        ("2026-01-04T08:00:00.000+08:00", "2026-01-05T08:00:00.000+08:00", True),
        ("2026-01-09T08:00:00.000+08:00", "2026-01-05T08:00:00.000+08:00", True),
    ],
)
def test_a_backup_is_due_once_a_day(last: str, now: str, *, expected: bool) -> None:
    """A day old, absent, or from a time that has not come: then one is made."""
    assert due(last, now) is expected


def test_the_days_backup_is_made_by_the_stations_own_account(tmp_path: Path) -> None:
    """Whoever is logged in; a new book is due at once, a folder that fails is told and stops nothing."""
    home = used_station(tmp_path / "home", backup={"folders": ["backup/每日", str(tmp_path / "missing")]})
    told: list[NotMade] = []
    clock = ManualClock()
    results = daily_backup(home, None, clock, told.extend)
    assert [type(result) for result in results] == [Made, NotMade]
    assert [one.folder for one in told] == [tmp_path / "missing"]
    book = open_current(home, clock)
    assert not is_due(book)
    clock.turn(wall_seconds=86_400)
    assert is_due(book)
    book.close()
    home.keys.service_password_file.unlink()
    told.clear()
    daily_backup(home, None, clock, told.extend)
    assert len(told) == 2


def test_folders_are_those_of_the_settings_and_those_asked_for(tmp_path: Path) -> None:
    """Relative ones lie in the home; none twice."""
    home = used_station(tmp_path / "home", backup={"folders": ["backup", str(tmp_path / "x")]})
    assert backup_folders(home, [tmp_path / "x", tmp_path / "y"]) == [
        home.path / "backup",
        tmp_path / "x",
        tmp_path / "y",
    ]
    assert daily_backup(used_station(tmp_path / "other"), None, ManualClock()) == []


def test_a_cashier_may_not_make_backups(tmp_path: Path) -> None:
    """The right is asked where the backup is recorded; without it none counts."""
    station = used_station(tmp_path / "home")
    (tmp_path / "out").mkdir()
    station.keys.enrol(
        unlock(station), Person("1009", "练习收费员", ("cashier",)), "practice-1009", CHEAP_COST
    )
    with pytest.raises(AccessRefusedError):
        make_backups(station, station.keys.unlock("1009", "practice-1009"), [tmp_path / "out"], ManualClock())
    assert not list((tmp_path / "out").iterdir())
