"""The window's own seconds: cold start, a screen after its key, Enter to "recorded", eighty receipts a minute."""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import time
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

import pexpect

from downtime.screens.login import load_the_rest
from downtime.wrapping import Argon2Cost
from tests.bench.bench_screens import ESCAPE_SECONDS, _repaint_seconds, _spawn
from tests.downtime.printers.tcp_printer import TcpPrinter, listening
from tests.queue.charging import Wish, letters
from tests.queue.lists import loaded_home
from tests.screens.story import Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.home import Home

COLD_RUNS, RUNS = 5, 25
RECEIPTS_A_MINUTE, MINUTES = 80, 1.0
KEY_GAP_SECONDS = 0.02
"""Between two keys of the sustained run: ten times as fast as anybody types, so that the rest of the time is paper."""
BEAT_SECONDS = 0.002
LONG_SECONDS = 0.1
RECEIPT, CHARGE_SCREEN = b"Recorded W03A-", b"Enter settles"

_APP = """
from pathlib import Path
from downtime.home import Home
from downtime.app import run
run(Home(Path({home!r})), language="en")
"""


def run() -> dict[str, float | str]:
    """Return seconds and milliseconds; password slots cost what they cost in a hospital."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    with TemporaryDirectory() as place:
        with patch("downtime.practice.CHEAP_COST", Argon2Cost()):
            home, _origin = loaded_home(Path(place) / "home", None)
        first = _logged_in_seconds(home, Path(place) / "compiled")
        cold = [_logged_in_seconds(home) for _run in range(COLD_RUNS)]
        screens, recorded = _at_the_terminal(home)
        figures: dict[str, float | str] = {
            "start to logged in, everything compiled anew, s (goal 15)": round(first, 2),
            "start to logged in, median, s (goal 15)": round(statistics.median(cold), 2),
            "charge screen after its key, median, ms (goal 150)": _ms(statistics.median(screens)),
            "charge screen after its key, longest, ms": _ms(max(screens)),
            "Enter to recorded, median, ms (goal 60)": _ms(statistics.median(recorded)),
            "Enter to recorded, p95, ms": _ms(sorted(recorded)[int(len(recorded) * 0.95)]),
        }
        figures |= _sustained(home, "PDF folder")
        with _roll_printer(home):
            figures |= _sustained(home, "80 mm roll by TCP")
    return figures


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _logged_in_seconds(home: Home, compiled: Path | None = None) -> float:
    """Return seconds from starting the process to the home screen, number and password typed at once.

    Args:
        home: the station.
        compiled: an empty folder in which Python compiles everything anew, as on the first start ever.
    """
    program = _APP.format(home=str(home.path))
    if compiled is not None:
        program = f"import sys; sys.pycache_prefix = {str(compiled)!r}\n{program}"
    began = time.perf_counter()
    child = _spawn(program)
    child.expect(b"Password")
    child.send("1001\rlianxi1001\r")
    child.expect(b"F2")
    took = time.perf_counter() - began
    child.close(force=True)
    return took


def _at_the_terminal(home: Home) -> tuple[list[float], list[float]]:
    """Return seconds from the key to the charge screen painted, and from Enter to "recorded" on the terminal."""
    child = _spawn(_APP.format(home=str(home.path)))
    child.expect(b"Password")
    child.send("1001\rlianxi1001\r")
    child.expect(b"F2")
    time.sleep(2)  # what is loaded behind the first screen
    screens, recorded = [], []
    for _run in range(RUNS):
        screens.append(_shown_seconds(child, "1", CHARGE_SCREEN))
        _quiet(child)
        for key in (*"zw", "\r", *"xcg", "\r", "\r", *"100"):
            _repaint_seconds(child, key)
        recorded.append(_shown_seconds(child, "\r", RECEIPT))
        time.sleep(0.5)  # the printer behind
        _repaint_seconds(child, "\x1b")
        time.sleep(ESCAPE_SECONDS)
    child.close(force=True)
    return screens, recorded


def _quiet(child: Any) -> None:
    """Read what is still on the way: it belongs to the key before."""
    while child.expect([pexpect.TIMEOUT, b".+"], timeout=0.05):
        pass


def _shown_seconds(child: Any, key: str, words: bytes) -> float:
    """Return the seconds from a key until ``words`` come out of the terminal."""
    _quiet(child)
    began = time.perf_counter()
    child.send(key)
    child.expect(re.escape(words), timeout=10)
    return time.perf_counter() - began


# -- eighty receipts a minute -------------------------------------------------------------------------


class Watchdog:
    """Notes how late the event loop is; a beat that comes late was held up by something.

    Attributes:
        late: seconds each beat came late, by the clock on the wall: other programs are in it.
        own: seconds of that the loop's own thread was at work: what the app itself is to blame for.
    """

    def __init__(self) -> None:
        self.late: list[float] = []
        self.own: list[float] = []
        self._beating: asyncio.Task[None] | None = None

    async def _beat(self) -> None:
        while True:
            due, worked = time.perf_counter() + BEAT_SECONDS, time.thread_time()
            await asyncio.sleep(BEAT_SECONDS)
            self.late.append(max(0.0, time.perf_counter() - due))
            self.own.append(time.thread_time() - worked)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._beating = asyncio.get_running_loop().create_task(self._beat())
        return self

    def __exit__(self, *failure: object) -> None:
        """Watch no longer."""
        assert self._beating is not None
        self._beating.cancel()


def _sustained(home: Home, printer: str) -> dict[str, float | str]:
    wanted = round(RECEIPTS_A_MINUTE * MINUTES)
    took, watchdog, waits, unprinted = asyncio.run(_charging(home, wanted))
    late = sorted(watchdog.late)
    return {
        f"{printer}: receipts a minute (asked for {RECEIPTS_A_MINUTE})": round(wanted / took * 60, 1),
        f"{printer}: longest block of the event loop, ms (goal 100)": _ms(late[-1]),
        f"{printer}: blocks above 100 ms": sum(one > LONG_SECONDS for one in late),
        f"{printer}: longest work of the loop's own thread between two beats, ms": _ms(max(watchdog.own)),
        f"{printer}: such work above 100 ms": sum(one > LONG_SECONDS for one in watchdog.own),
        f"{printer}: p99.9 of a beat's lateness, ms": _ms(late[int(len(late) * 0.999)]),
        f"{printer}: Enter to recorded while it prints, median / p95, ms": (
            f"{_ms(statistics.median(waits))} / {_ms(sorted(waits)[int(len(waits) * 0.95)])}"
        ),
        f"{printer}: receipts still in the printer at the end": unprinted,
    }


async def _charging(home: Home, wanted: int) -> tuple[float, Watchdog, list[float], int]:
    """Charge so many customers of one to three items, evenly spread; return seconds and what was noticed."""
    async with Story(home, operator="1001", language="zh") as story:
        people = _people(story, wanted)
        load_the_rest()  # as the login screen does while the password is typed
        story.app.go("charge")
        await asyncio.sleep(2)
        waits: list[float] = []
        with Watchdog() as watchdog:
            began = time.perf_counter()
            for place, wish in enumerate(people):
                await asyncio.sleep(max(0.0, began + place * 60 / RECEIPTS_A_MINUTE - time.perf_counter()))
                waits.append(await _served(story, wish))
            took = max(time.perf_counter() - began, wanted * 60 / RECEIPTS_A_MINUTE)
            unprinted = story.app.printing
        await story.until(lambda: not story.app.printing)
    return took, watchdog, waits, unprinted


def _people(story: Story, wanted: int) -> list[Wish]:
    reference = story.desk.reference
    assert reference is not None
    chance = Random("sustained")
    rows: list[Any] = [row for row in reference.rows("items") if len(letters(row.name)) > 2]  # type: ignore[attr-defined]  # items have names
    people: list[Any] = list(reference.rows("patients"))
    return [
        Wish(chance.choice(people), tuple(chance.sample(rows, chance.randrange(1, 4))))
        for _n in range(wanted)
    ]


async def _served(story: Story, wish: Wish) -> float:
    """Charge the first rows that are found; return seconds from Enter to "recorded"."""
    app, before = story.app, story.app.last
    keys: list[str] = [*wish.patient.number, "enter"]
    for item in wish.items:
        keys += [*letters(item.name)[:3], "enter"]
    for key in (*keys, "enter"):
        await _key(story, key)
    began = time.perf_counter()
    await _key(story, "enter")
    while app.last is before:  # noqa: ASYNC110 (nothing in the app tells of it)
        await asyncio.sleep(0.001)
    return time.perf_counter() - began


async def _key(story: Story, key: str) -> None:
    from tests.screens.story import _key as event_of

    story.app.post_message(event_of(key))
    await asyncio.sleep(KEY_GAP_SECONDS)
    while story.app.has_keys_waiting:  # noqa: ASYNC110 (as above)
        await asyncio.sleep(0.001)


@contextmanager
def _roll_printer(home: Home) -> Iterator[TcpPrinter]:
    """Let the station print on a thermal roll behind a TCP port from here on."""
    with listening(TcpPrinter()) as printer:
        settings = home.path / "station.toml"
        text = settings.read_text("utf-8")
        roll = f'kind = "escpos"\nhost = "127.0.0.1"\nport = {printer.port}'
        assert 'kind = "pdf_folder"' in text
        settings.write_text(text.replace('kind = "pdf_folder"', roll), "utf-8")
        yield printer


if __name__ == "__main__":
    for what, value in run().items():
        print(f"{what}: {value}")  # noqa: T201 (started by hand)
