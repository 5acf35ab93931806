"""A disk that fills up: the station refuses, loses nothing, and goes on once there is room."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from downtime.home import Home
from downtime.room import ballast_path, make_ballast
from downtime.store import journal
from tests.crash.findings import Shown
from tests.crash.power import reason_not_root
from tests.crash.station import Station, scratch
from tests.downtime.builders import open_current

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZES_KIB = (1500, 2700, 4300, 5900)
RESERVE_DISK_KIB = 100 << 10
RESERVE_BYTES = 8 << 20
"""What stays free for the rest of the shift once the reserve is in use: an eighth of it."""
LINES = 700
AFTERWARDS = 100


def filled_disk() -> Shown:
    """Fill small disks with charges and return what was lost; then fill one beside a station with a reserve."""
    shown = Shown("full disk")
    shown.not_possible = reason_not_root("mount", "umount")
    for size in SIZES_KIB:
        if not shown.not_possible:
            _on_disk(shown, size, _fill)
    if not shown.not_possible:
        _on_disk(shown, RESERVE_DISK_KIB, _use_reserve)
    return shown


def _on_disk(shown: Shown, size_kib: int, act: Callable[[Shown, Path, Path], None]) -> None:
    with scratch() as folder:
        disk = folder / "disk"
        disk.mkdir()
        try:
            _run("mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", disk)
        except subprocess.CalledProcessError as error:
            shown.not_possible = f"no tmpfs can be mounted: {error.stderr.decode().strip()}"
            return
        try:
            act(shown, folder, disk)
        finally:
            _run("umount", disk)


def _fill(shown: Shown, folder: Path, disk: Path) -> None:
    station = Station.made_in(folder, disk / "home")
    lines = station.new_lines(LINES)
    for _attempt in range(2):  # the second finds the disk full from the start
        recorder = station.start(lines)
        code = recorder.wait()
        shown.tries += 1
        station.take_answers(shown)
        complaint = station.errors.read_text("utf-8")
        if code != 1 or "Traceback" in complaint:
            shown.faults.append(f"a full disk ended with {code}: {complaint[-300:]}")
    refused_at = len(station.acked)
    shown.figures["recorded before it was full"] = (
        shown.figures.get("recorded before it was full", 0) + refused_at
    )
    if shutil.disk_usage(disk).free > 64 << 10:
        shown.faults.append("the disk was not full after all")
    _run("mount", "-o", "remount,size=64m", disk)
    station.check(shown)
    station.repeat_all(shown)


def _use_reserve(shown: Shown, folder: Path, disk: Path) -> None:
    """Another program fills the disk while charges come in: the reserve lets the shift be closed."""
    station = Station.made_in(folder, disk / "home")
    make_ballast(station.home_path)
    recorder = station.start(station.new_lines(LINES))
    while not station.answers.stat().st_size and recorder.poll() is None:
        time.sleep(0.001)
    _fill_up(disk / "of another program")
    shown.tries += 1
    if recorder.wait() != 0:  # the last page went to the journal and none was left for its head: a restart
        shown.figures["restarts with the reserve"] = 1
        station.take_answers(shown)
        recorder = station.start("".join(station.sent.values()))
    if recorder.wait() != 0:
        shown.faults.append(f"the reserve did not help: {station.errors.read_text('utf-8')[-300:]}")
    station.take_answers(shown)
    if len(station.acked) != LINES or ballast_path(station.home_path).stat().st_size:
        shown.faults.append(f"{len(station.acked)} of {LINES} recorded; was the disk full at all?")
    if not any("ballast_freed" in line for line in _audit(station)):
        shown.faults.append("the audit does not say that the reserve was used")
    station.check(shown)
    _fill_up(disk / "of another program", leave_bytes=RESERVE_BYTES)
    code = station.start("", sys.executable, "-m", "downtime", "book", "open").wait()
    if code != 0:
        shown.faults.append(f"no new book: {station.errors.read_text('utf-8')[-300:]}")
    before = len(station.acked)
    if station.start(station.new_lines(AFTERWARDS)).wait() != 0:
        shown.faults.append(f"nothing more was recorded: {station.errors.read_text('utf-8')[-300:]}")
    station.take_answers(shown)
    shown.figures["recorded with the reserve"] = LINES
    shown.figures["recorded in a new book on it"] = len(station.acked) - before


def _fill_up(path: Path, leave_bytes: int = 0) -> None:
    with path.open("ab", buffering=0) as filler, suppress(OSError):
        while (room := shutil.disk_usage(path.parent).free - leave_bytes) > 0:
            filler.write(bytes(min(room, 1 << 20)))


def _audit(station: Station) -> list[str]:
    home = Home(station.home_path)
    book = open_current(home)
    events = [str(entry.content["event"]) for entry in journal.entries(book.db, forms=("audit",))]
    book.close()
    return events


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
