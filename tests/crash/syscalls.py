"""Each sync and each write of a recorder fails, or is its last moment, one after the other."""

from __future__ import annotations

import re
import shutil
import subprocess
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from downtime.desk import Desk
from downtime.home import Home
from tests.crash.findings import Shown
from tests.crash.station import RECORDER, Station, scratch
from tests.downtime.builders import unlock

if TYPE_CHECKING:
    from pathlib import Path

RECORDS = 2
# (call, what is done to it, from then on for ever, at which of them: each, each third)
WAYS = (
    ("fsync", "error=EIO", "", 1),
    ("fsync", "error=EIO", "+", 1),
    ("fsync", "signal=SIGKILL", "", 1),
    ("pwrite64", "signal=SIGKILL", "", 1),
    ("pwrite64", "error=EIO", "", 3),
    ("pwrite64", "error=ENOSPC", "+", 3),
    ("write", "error=ENOSPC", "", 1),
    ("write", "signal=SIGKILL", "", 1),
)
CALLS = ("fsync", "pwrite64", "write")
_NOTHING = re.compile(r"refused to take entry [^ ]+; nothing was recorded")


def reason_not_possible() -> str:
    """Return why calls cannot be made to fail here, or ""."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    tried = subprocess.run(["strace", "-f", "-e", "trace=none", "true"], capture_output=True, check=False)
    return f"strace may not trace: {tried.stderr.decode().strip()[-200:]}" if tried.returncode else ""


def each_call(workers: int = 2) -> Shown:
    """Fail every fsync, pwrite64 and write of a recorder in every way, and return what was lost."""
    shown = Shown("each fsync and write fails or is the last")
    shown.not_possible = reason_not_possible()
    if shown.not_possible:
        return shown
    with scratch() as folder:
        used = folder / "used"
        used.mkdir()
        _use_once(Station.made_in(used))
        counts = _count_calls(used, folder / "counted")
        for call, count in counts.items():
            shown.figures[f"{call} calls"] = count
        if not counts["fsync"]:
            shown.faults.append("no fsync was seen, so failing it shows nothing")
        plan = [
            (used, call, f"{what}:when={n}{for_ever}")
            for call, what, for_ever, step in WAYS
            for n in range(1, counts[call] + 1, step)
        ]
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for part in pool.map(_fail_one, plan, chunksize=4):
                shown.add(part)
    return shown


def _use_once(station: Station) -> None:
    """Open and close the station as the app does, so that all its files are there."""
    home = Home(station.home_path)
    Desk(home, unlock(home)).close()


def _strace(*options: str) -> tuple[str, ...]:
    return ("strace", "-f", "--seccomp-bpf", *options, *RECORDER)


def _copy(used: Path, folder: Path) -> Station:
    shutil.copytree(used, folder)
    return Station(folder / "home", folder)


def _count_calls(used: Path, folder: Path) -> dict[str, int]:
    station = _copy(used, folder)
    log = folder / "calls"
    traced = _strace("-o", str(log), "-e", f"trace={','.join(CALLS)}")
    station.start(station.new_lines(RECORDS), *traced).wait()
    called = re.findall(r"^\d+ +(\w+)\(", log.read_text("utf-8", errors="replace"), re.MULTILINE)
    return {call: called.count(call) for call in CALLS}


def _fail_one(planned: tuple[Path, str, str]) -> Shown:
    used, call, injection = planned
    shown = Shown("", tries=1)
    with scratch() as folder:
        station = _copy(used, folder / "copy")
        command = _strace("-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{injection}")
        code = station.start(station.new_lines(RECORDS), *command).wait()
        station.take_answers(shown)
        complaint = station.errors.read_text("utf-8", errors="replace")
        if "Traceback" in complaint and not _is_about_answers(complaint):
            shown.faults.append(f"it ended without saying why: {complaint[-400:]}")
        station.check(shown)
        # An entry that stands unacknowledged is right where the outcome was called unknown, or nothing was said.
        standing = shown.figures["unconfirmed"]
        if standing and _NOTHING.search(complaint):
            shown.faults.append("told that nothing was recorded, and it stands")
        shown.figures["refused or unknown"] = int(code == 1)
        station.repeat_here(shown)
    shown.faults = [f"{call} {injection}: {fault}" for fault in shown.faults]
    return shown


def _is_about_answers(complaint: str) -> bool:
    """Tell whether it could not write its answer: whoever reads answers sees that none came."""
    return "_say(" in complaint or "sys.stdout" in complaint
