"""kill -9 at random instants over a recorder that is being fed with charges."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random

from tests.crash.findings import Shown
from tests.crash.station import START_SECONDS_MAX, Station, scratch

KILLS_PER_HOME = 10
LINES_PER_ROUND = 60


def killed(kills: int = 200, seed: int = 1, workers: int = 2) -> Shown:
    """Kill ``kills`` recorders and return what was lost."""
    shown = Shown("kill -9 over record -", figures={"seed": seed})
    homes = -(-kills // KILLS_PER_HOME)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_one_home, range(seed * 1000, seed * 1000 + homes)):
            shown.add(part)
    return shown


def _one_home(seed: int) -> Shown:
    shown = Shown("")
    random = Random(seed)
    with scratch() as folder:
        station = Station.made_in(folder)
        for n in range(KILLS_PER_HOME):
            _one_kill(station, shown, random)
            station.check(shown, thoroughly=n % 4 == 0)
        station.repeat_all(shown)
        shown.figures["acknowledged"] = len(station.acked)
    return shown


def _one_kill(station: Station, shown: Shown, random: Random) -> None:
    """Start a recorder on some old lines and many new ones; kill it somewhere in between."""
    before = list(station.sent.values())
    repeated = random.sample(before, min(len(before), 10))
    recorder = station.start("".join(repeated) + station.new_lines(LINES_PER_ROUND))
    if random.random() < 0.1:  # while it opens the book
        time.sleep(random.uniform(0.15, 0.45))
    else:
        deadline = time.monotonic() + START_SECONDS_MAX
        while not _size(station) and recorder.poll() is None and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(random.uniform(0, 0.12))
    recorder.kill()
    code = recorder.wait()
    shown.tries += code < 0
    shown.figures["ended before the kill"] = shown.figures.get("ended before the kill", 0) + (code >= 0)
    if code > 0:
        complaint = station.errors.read_text("utf-8")[-300:]
        shown.faults.append(f"the recorder ended by itself: {code}: {complaint}")
    station.take_answers(shown)


def _size(station: Station) -> int:
    return station.answers.stat().st_size
