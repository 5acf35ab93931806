"""Simulated power cuts: only what had reached the block device survives.

ext4 on a loop device, FS_IOC_SHUTDOWN(NOLOGFLUSH), remount. The acknowledgements are read just before the
cut: after it a sync under way may still return success on the dead file system, which no real cut would.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import struct
import subprocess
import sys
import time
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING

from tests.crash.findings import Shown
from tests.crash.station import START_SECONDS_MAX, Station, scratch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FS_IOC_SHUTDOWN = 0x8004587D
NOLOGFLUSH = 2
CUTS_PER_DISK = 10
WEAK_RECORDER = (sys.executable, "-m", "tests.crash.weak_recorder", "record", "-")


def reason_not_root(*programs: str) -> str:
    """Return why nothing can be mounted here, or ""."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs root on Linux, to mount a file system of its own"
    return next((f"{name} is not installed" for name in programs if shutil.which(name) is None), "")


def reason_not_possible() -> str:
    """Return why no power cut can be simulated here, or ""."""
    reason = reason_not_root("mkfs.ext4", "mount", "umount")
    if reason:
        return reason
    with scratch() as folder:
        try:
            with Disk(folder).mounted():
                return ""
        except subprocess.CalledProcessError as error:
            said = (error.stderr or b"").decode().strip()
            return f"no loop device can be mounted: {said}"


class Disk:
    """A file system in a file, whose power can be cut."""

    def __init__(self, folder: Path) -> None:
        self.image = folder / "disk.img"
        self.mount = folder / "disk"
        self.mount.mkdir()
        with self.image.open("wb") as image:
            image.truncate(96 << 20)
        _run("mkfs.ext4", "-qF", self.image)

    @contextmanager
    def mounted(self) -> Iterator[Path]:
        """Mount it for the block."""
        self.plug_in()
        try:
            yield self.mount
        finally:
            self.unplug()

    def plug_in(self) -> None:
        """Mount it; ext4 replays its own journal."""
        _run("mount", "-o", "loop", self.image, self.mount)

    def unplug(self) -> None:
        """Unmount it; a process that was just killed may hold it for a moment longer."""
        for _attempt in range(100):
            if subprocess.run(["umount", str(self.mount)], capture_output=True, check=False).returncode == 0:
                return
            time.sleep(0.02)
        _run("umount", self.mount)

    def cut(self) -> None:
        """Cut the power: nothing more reaches the device, what waits in memory is gone."""
        fd = os.open(self.mount, os.O_RDONLY)
        try:
            fcntl.ioctl(fd, FS_IOC_SHUTDOWN, struct.pack("I", NOLOGFLUSH))
        finally:
            os.close(fd)


def power_cut(cuts: int = 40, control_cuts: int = 20, seed: int = 1) -> tuple[Shown, Shown]:
    """Return what the app and, as a control, the same app with WAL+NORMAL lost."""
    shown = Shown("power cuts, WAL+FULL and synced head log", figures={"seed": seed})
    control = Shown("power cuts, control WAL+NORMAL that must lose", figures={"seed": seed})
    shown.not_possible = control.not_possible = reason_not_possible()
    if shown.not_possible:
        return shown, control
    random = Random(seed)
    for _disk in range(-(-cuts // CUTS_PER_DISK)):
        _one_disk(shown, random)
    lost = Shown("")
    for _disk in range(control_cuts):
        _one_control(lost, random)
    control.tries = lost.tries
    control.figures["cuts that lost"] = lost.figures.get("cuts that lost", 0)
    control.figures["entries lost"] = lost.lost
    if not control.figures["cuts that lost"]:
        control.faults.append("the control lost nothing, so these cuts prove nothing")
    return shown, control


def _one_disk(shown: Shown, random: Random) -> None:
    with scratch() as folder:
        disk = Disk(folder)
        disk.plug_in()
        try:
            station = Station.made_in(folder, disk.mount / "home")
            os.sync()
            for n in range(CUTS_PER_DISK):
                _one_cut(disk, station, shown, random)
                station.check(shown, thoroughly=n % 2 == 1)
            station.repeat_all(shown)
            shown.figures["entries"] = shown.figures.get("entries", 0) + len(station.sent)
        finally:
            disk.unplug()


def _one_control(lost: Shown, random: Random) -> None:
    """Cut once on a fresh disk; afterwards the station may not even open."""
    with scratch() as folder:
        disk = Disk(folder)
        disk.plug_in()
        try:
            station = Station.made_in(folder, disk.mount / "home")
            os.sync()
            _one_cut(disk, station, lost, random, *WEAK_RECORDER)
            before = lost.lost
            station.check(lost)
            lost.figures["cuts that lost"] = lost.figures.get("cuts that lost", 0) + (lost.lost > before)
        finally:
            disk.unplug()


def _one_cut(disk: Disk, station: Station, shown: Shown, random: Random, *command: str) -> None:
    recorder = station.start(station.new_lines(40), *command)
    deadline = time.monotonic() + START_SECONDS_MAX
    while not station.answers.stat().st_size and recorder.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.1))
    answered = station.answers.read_bytes()  # first, then the cut
    disk.cut()
    recorder.kill()
    recorder.wait()
    disk.unplug()
    disk.plug_in()
    station.take_answers(shown, answered)
    shown.tries += 1


def _run(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
