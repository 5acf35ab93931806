"""How soon one is at work: from Enter on the password to the home screen, at login and when operators switch."""

from __future__ import annotations

import asyncio
import os
import secrets
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from argon2.low_level import Type, hash_secret_raw

from downtime.screens.home import HomeScreen
from downtime.wrapping import Argon2Cost
from tests.screens.story import Story

if TYPE_CHECKING:
    from downtime.home import Home

RUNS = 5
COST = Argon2Cost()
PASSWORD = "bench-Password-1"


def run() -> dict[str, float | str]:
    """Return seconds, and how many bare password hashes they are; password slots cost what they cost in a hospital."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    with TemporaryDirectory() as place:
        home = _station(Path(place) / "home")
        bare = [_bare_hash() for _run in range(RUNS)]
        logins, switches = asyncio.run(_logged_in(home))
    hash_seconds = statistics.median(bare)
    login, switch = statistics.median(logins), statistics.median(switches)
    return {
        "bare argon2id 64 MiB, 3 passes, s": round(hash_seconds, 3),
        "login, s (goal 1)": round(login, 3),
        "login / bare hash": round(login / hash_seconds, 2),
        "switch of operator, s (goal 3)": round(switch, 3),
        "switch / bare hash": round(switch / hash_seconds, 2),
    }


def _bare_hash() -> float:
    began = time.perf_counter()
    hash_secret_raw(
        PASSWORD.encode(), secrets.token_bytes(16), COST.passes, COST.memory_kib, COST.lanes, 32, Type.ID
    )
    return time.perf_counter() - began


def _station(path: Path) -> Home:
    """Make a station of two cashiers whose passwords cost as much as anywhere."""
    from downtime.keys import Person
    from downtime.station import create_station

    settings = {
        "hospital": {"id": "BENCH", "name": "练习医院"},
        "station": {"code": "W03", "name": "练习窗口"},
    }
    people = [(Person(number, f"练习员{number}", ("cashier",)), PASSWORD) for number in ("1001", "1002")]
    return create_station(path, settings, people, service_password=PASSWORD)


async def _logged_in(home: Home) -> tuple[list[float], list[float]]:
    logins, switches = [], []
    for _run in range(RUNS):
        async with Story(home, operator="") as s:
            await s.until(lambda s=s: s.app.screen.query("#password"))  # type: ignore[misc]  # bound in the loop
            await asyncio.sleep(1)  # somebody types; what the first screen does without is loaded meanwhile
            logins.append(await _until_home(s, "1001"))
            await s.press("f11")
            switches.append(await _until_home(s, "1002"))
    return logins, switches


async def _until_home(s: Story, operator: str) -> float:
    number: Any = s.app.screen.query_one("#operator")
    password: Any = s.app.screen.query_one("#password")
    number.take(operator)
    password.take(PASSWORD)
    password.focus()
    began = time.perf_counter()
    await s.press("enter")
    await s.until(
        lambda: (
            s.app.desk is not None
            and s.app.desk.person.operator == operator
            and isinstance(s.app.screen, HomeScreen)
        )
    )
    return time.perf_counter() - began
