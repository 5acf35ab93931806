"""Backups of a loaded station that never stops recording; each is restored in a new place and read there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Self

from downtime.backup import Made, delivering_ring, make_backups
from downtime.clock import ManualClock
from downtime.home import Home
from downtime.restore import on_the_same_pc, restore
from downtime.store import journal
from downtime.store.verification import open_evidence
from downtime.verify import verify_book
from tests.crash.findings import Shown
from tests.crash.station import ROOT, Station, english, filled_lines, scratch
from tests.downtime.builders import OPERATOR, PASSWORD, unlock

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.backup_copy import Copy
    from downtime.keys import Keyring

LOADED = 300
PAUSE_SECONDS = 0.02
"""Between two charges: a few hundred times a busy window, and slow enough that the journal can still be read."""
BACKUPS_PER_HOME = 10
"""Then a fresh station: a journal that grew for minutes only makes each verification slower."""


def backed_up_and_restored(backups: int) -> Shown:
    """Make ``backups`` backups while another process records; return what was not in one."""
    shown = Shown("backups of a recording station")
    for first in range(0, backups, BACKUPS_PER_HOME):
        _one_home(shown, min(BACKUPS_PER_HOME, backups - first))
    return shown


def _one_home(shown: Shown, backups: int) -> None:
    with scratch() as folder:
        station = Station.made_in(folder)
        station.start(station.new_lines(LOADED)).wait()
        station.take_answers(shown)
        (folder / "out").mkdir()
        home = Home(station.home_path)
        ring = delivering_ring(home)
        with _Recorder(station) as recorder:
            for n in range(backups):
                _one(shown, folder, home, ring, recorder, n)
        meanwhile = len(recorder.acknowledged()) - LOADED
        shown.figures["entries recorded meanwhile"] = (
            shown.figures.get("entries recorded meanwhile", 0) + meanwhile
        )
        if recorder.code:
            complaint = station.errors.read_text("utf-8")[-300:]
            shown.faults.append(f"the recorder ended with {recorder.code}: {complaint}")
        verification = verify_book(home, unlock(home), home.current_book())
        if not verification.whole:
            shown.faults.append("; ".join(verification.lines())[:300])


def _one(shown: Shown, folder: Path, home: Home, ring: Keyring, recorder: _Recorder, n: int) -> None:
    shown.tries += 1
    acknowledged = recorder.acknowledged()
    began = time.monotonic()
    (result,) = make_backups(home, ring, [folder / "out"], ManualClock())
    _longest(shown, "longest backup (ms)", began)
    if not isinstance(result, Made):
        shown.faults.append(f"backup {n}: {result.what}")
        return
    target = folder / f"restored-{n}"
    began = time.monotonic()
    try:
        done = restore(result.copy.path, target, on_the_same_pc(home.path, OPERATOR, PASSWORD), ManualClock())
        _check(shown, n, done.home, result.copy, acknowledged)
    except Exception as error:  # noqa: BLE001 (whatever it is, the backup was not worth its name)
        shown.faults.append(f"backup {n}: {type(error).__name__}: {error}")
    _longest(shown, "longest restore (ms)", began)
    shutil.rmtree(target, ignore_errors=True)


def _check(shown: Shown, n: int, home: Home, copy: Copy, acknowledged: set[str]) -> None:
    ring = unlock(home)
    for paths in home.books():
        verification = verify_book(home, ring, paths)
        if not verification.whole:
            shown.faults.append(f"backup {n}: {verification.lines()[-1]}")
    paths = home.books()[0]
    with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
        there = {entry.id for entry in journal.entries(db, forms=("charge",))}
    shown.lost += len(acknowledged - there)
    shown.figures["restored and verified"] = shown.figures.get("restored and verified", 0) + 1
    most = max(shown.figures.get("entries in the largest", 0), copy.manifest.last.entries)
    shown.figures["entries in the largest"] = most


def _longest(shown: Shown, what: str, began: float) -> None:
    shown.figures[what] = max(shown.figures.get(what, 0), round((time.monotonic() - began) * 1000))


class _Recorder:
    """A recorder that is fed without end, until it is told to stop."""

    def __init__(self, station: Station) -> None:
        self._station, self._known = station, set(station.acked)
        self._answers = station.folder / "answers-meanwhile"
        self._stop = threading.Event()
        self.code: int | None = None

    def __enter__(self) -> Self:
        command = self._station.arguments(sys.executable, "-m", "downtime", "record", "-")
        with self._answers.open("wb") as stdout, self._station.errors.open("wb") as stderr:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, cwd=ROOT, env=english()
            )
        self._feeder = threading.Thread(target=self._feed)
        self._feeder.start()
        while not self._answers.stat().st_size and self._process.poll() is None:
            time.sleep(0.01)
        return self

    def _feed(self) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as pipe:
            while not self._stop.is_set() and self._process.poll() is None:
                pipe.write("".join(filled_lines(1).values()).encode())
                pipe.flush()
                self._stop.wait(PAUSE_SECONDS)

    def acknowledged(self) -> set[str]:
        """Return the ids of everything acknowledged up to now; a line that is cut off is none."""
        lines = self._answers.read_bytes().split(b"\n")[:-1]
        return self._known | {answer["id"] for answer in map(json.loads, lines) if answer["ok"]}

    def __exit__(self, *_failure: object) -> None:
        self._stop.set()
        self._feeder.join()
        self.code = self._process.wait()
