"""One window through many shifts: opened, queued at, broken, counted, closed, and held against books kept by hand."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from downtime.store import journal
from tests.shifts import closing
from tests.shifts.books import Books
from tests.shifts.place import opened
from tests.shifts.recovering import Recovering, at_home
from tests.shifts.session import KilledError, Session

if TYPE_CHECKING:
    from tests.shifts.place import Place

FLOAT_MINOR = 20_000
SUPERVISOR_PASSWORD = "lianxi4001"


def block_for(customers: int) -> int:
    """Return how many numbers the station gets at first: they run out in the middle of the queue."""
    return max(20, customers // 2)


def station(shifts: int, customers: int, seed: int) -> dict[str, Any]:
    """Run the shifts of one station in this process."""
    with TemporaryDirectory() as place:
        return asyncio.run(soak(Path(place), shifts=shifts, customers=customers, seed=seed))


async def soak(path: Path, *, shifts: int, customers: int, seed: int) -> dict[str, Any]:
    """Run so many shifts at a new station.

    Returns:
        what happened, and ``differences``: everything on which report and books do not agree, or numbers missing.
    """
    chance, books, began = Random(f"{seed} shifts"), Books(drawer=FLOAT_MINOR), time.perf_counter()
    with opened(path / "home", block_for(customers)) as place:
        counter = Recovering(place, books, chance)
        reports: list[dict[str, Any]] = []
        differences: list[str] = []
        for shift in range(1, shifts + 1):
            float_minor = books.drawer
            closed, gaps = await _shift(counter, place, customers, float_minor)
            found = [f"shift {shift}: {what}" for what in (*books.differences(closed, float_minor), *gaps)]
            differences += found
            reports.append(_told(closed))
            print(f"seed {seed}, shift {shift} of {shifts}: {found or 'agrees'}", file=sys.stderr, flush=True)  # noqa: T201 (news of a long run)
            books.close(closed["left_minor"])
        differences += verified(path, place)
    return {
        "seed": seed,
        "shifts": reports,
        "customers": dict(sorted(books.customers.items())),
        "second_person_asked": counter.asked_twice,
        "number_blocks_added": place.blocks_given,
        "differences": differences,
        "seconds": round(time.perf_counter() - began, 1),
    }


async def _shift(
    counter: Recovering, place: Place, customers: int, float_minor: int
) -> tuple[dict[str, Any], list[str]]:
    """Open, serve, close; the app is started again whenever it dies."""
    served, is_open, was_killed = 0, False, False
    while True:
        with suppress(KilledError):
            async with Session(place.home, place.clock, counter.operator) as session:
                counter.session = session
                if was_killed:
                    was_killed = False
                    served += 1
                    await counter.go_on()
                await at_home(counter)
                if not is_open:
                    await closing.open_shift(session, float_minor)
                    is_open = True
                while served < customers:
                    was_killed = True  # if this one is not the last line that runs here
                    await counter.serve()
                    was_killed = False
                    served += 1
                closed = await closing.close_shift(session, counter.books, counter.chance, float_minor)
                gaps = _gaps(session, place)
                return closed, gaps


def _gaps(session: Session, place: Place) -> list[str]:
    blocks = [
        (int(entry.content["first"]), int(entry.content["last"]))
        for entry in journal.entries(session.desk.looking(), forms=("number_block",))
    ]
    _used, gaps = closing.number_gaps(session, blocks, 0)
    assert len(blocks) == 1 + place.blocks_given
    return gaps


def _told(closed: dict[str, Any]) -> dict[str, Any]:
    figures = closed["figures"]
    return {
        "expected_minor": closed["expected_minor"],
        "counted_minor": closed["counted_minor"],
        "over_short_minor": closed["over_short_minor"],
        "receipts": figures["numbers"]["used"],
        "explained": len(closed["explained"]),
        "reprints": figures["reprints"],
    }


def verified(path: Path, place: Place) -> list[str]:
    """Run ``downtime verify`` in a process of its own; return what it found wrong."""
    password = path / "password"
    password.write_text(SUPERVISOR_PASSWORD, "utf-8")
    who = ("--home", str(place.home.path), "--operator", "4001", "--password-file", str(password))
    done = subprocess.run(
        [sys.executable, "-m", "downtime", "verify", *who], capture_output=True, text=True, check=False
    )
    return [] if done.returncode == 0 else [f"verify: {done.stdout}{done.stderr}"]
