"""The stations: real homes whose books were filled through ``record``, and how they speak to a hub."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from downtime.approvals import approve
from downtime.clock import ManualClock
from downtime.home import Home
from downtime.keys import CHEAP_COST, Person
from downtime.record import new_entry_id, record_station_form
from downtime.sealing import Filled
from downtime.station import create_station
from forms.station_book import OutageDeclared, OutageEnded
from tests.downtime.builders import SERVICE_PASSWORD
from tests.outage.customers import Window
from tests.sync.hub.stations import MadeStation

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from downtime.book import OpenBook
    from tests.outage.faults import Faults, Place
    from tests.outage.people import Hospital
    from tests.outage.truth import Truth

HOSPITAL: Final = "PRACTICE"
OUTAGE: Final = "X2026-01-05"
ZONE: Final = ZoneInfo("Asia/Shanghai")
BEGINS: Final = datetime(2026, 1, 5, 22, 15, tzinfo=ZONE)
"""Half of the night's receipts are dated the next day."""
NIGHT_SECONDS: Final = 4 * 3600
CLOCK_KINDS: Final = ("set back", "set ahead", "restarted")


def people_of(n: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return number and password of the cashier and of the supervisor at the n-th window."""
    return (f"{1100 + n}", f"practice-{1100 + n}"), (f"{2100 + n}", f"practice-{2100 + n}")


@dataclass
class Station(MadeStation):
    """One window's PC, and who sits there."""

    n: int

    @property
    def operator(self) -> str:
        """Number of its cashier."""
        return people_of(self.n)[0][0]


def code_of(n: int) -> str:
    """Return the code of the n-th window."""
    return f"W{n:02}"


def make(path: Path, n: int, *, code: str = "", drill: bool = False) -> Station:
    """Make a home with a cashier who may do everything and a supervisor who agrees."""
    clock = ManualClock(BEGINS)
    (first, word), (second, other) = people_of(n)
    settings: dict[str, Any] = {
        "hospital": {"id": HOSPITAL, "name": "练习医院"},
        "station": {"code": code or code_of(n), "name": f"练习窗口{n}", "drill": drill},
        "access": {"policy": "practice"},
    }
    people = [
        (Person(first, f"练习员{n}", ("cashier", "pharmacist", "supervisor", "it")), word),
        (Person(second, f"练习班长{n}", ("supervisor", "pharmacist", "auditor", "administrator")), other),
    ]
    home = create_station(
        path,
        settings,
        people,
        service_password=SERVICE_PASSWORD,
        cost=CHEAP_COST,
        clock=clock,
        ballast_bytes=0,
    )
    return Station(home, home.keys.unlock(first, word), clock, n)


def night(
    station: Station, hospital: Hospital, truth: Truth, faults: Faults, entries: int, clocks: Place
) -> None:
    """Let a window work through the outage, until it has acknowledged so many entries."""
    book = station.open()
    chance = faults.chance("night", station.code)
    _outage(station, book, OutageDeclared(outage=OUTAGE, reason="练习:网络中断", declared_by="练习信息科"))
    window = Window(book, hospital, truth, chance, people_of(station.n)[1])
    wanted, pause = len(truth) + entries, NIGHT_SECONDS // max(1, entries)
    while len(truth) < wanted:
        _turn(station.clock, clocks, station.code, chance, pause)
        window.serve()
    book.close()


def _turn(clock: ManualClock, clocks: Place, code: str, chance: Random, pause: int) -> None:
    """Let time pass; now and then somebody sets the clock, or the PC starts anew."""
    passed = chance.randrange(1, 2 * pause)
    clock.turn(wall_seconds=passed, passed_seconds=passed)
    kind = clocks.draw()
    if kind is None:
        return
    moved = clocks.chance().randrange(200, 3_000)
    if kind == "restarted":
        clock.boot_id, clock.monotonic_ms = f"manual{clocks.asked}", 0
    else:
        clock.turn(wall_seconds=-moved if kind == "set back" else moved)
    clocks.hit(kind, code)


def end(station: Station) -> None:
    """End the outage at a station, as two people do it."""
    book = station.open()
    _outage(station, book, OutageEnded(outage=OUTAGE, declared_by="练习信息科"))
    book.close()


def _outage(station: Station, book: OpenBook, form: OutageDeclared | OutageEnded) -> None:
    filled = Filled(form, new_entry_id())
    record_station_form(book, filled, approve(book, filled, "outage", *people_of(station.n)[1]))


def copy_of(station: Station, path: Path) -> Station:
    """Return the same station in another folder: for the other route, or, beside itself, as a clone."""
    shutil.copytree(station.home.path, path)
    home = Home(path)
    (first, word), _second = people_of(station.n)
    clock = ManualClock(station.clock.at, station.clock.boot_id, station.clock.monotonic_ms)
    return Station(home, home.keys.unlock(first, word), clock, station.n)
