"""A disk that fills up: the station refuses, loses nothing, and goes on once there is room."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

from tests.crash.findings import Shown
from tests.crash.power import reason_not_root
from tests.crash.station import Station, scratch

if TYPE_CHECKING:
    from pathlib import Path

SIZES_KIB = (1500, 2700, 4300, 5900)
LINES = 700


def filled_disk() -> Shown:
    """Fill small disks with charges and return what was lost."""
    shown = Shown("full disk")
    shown.not_possible = reason_not_root("mount", "umount")
    if shown.not_possible:
        return shown
    for size in SIZES_KIB:
        with scratch() as folder:
            disk = folder / "disk"
            disk.mkdir()
            try:
                _run("mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", disk)
            except subprocess.CalledProcessError as error:
                shown.not_possible = f"no tmpfs can be mounted: {error.stderr.decode().strip()}"
                return shown
            try:
                _fill(shown, folder, disk)
            finally:
                _run("umount", disk)
    return shown


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


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
