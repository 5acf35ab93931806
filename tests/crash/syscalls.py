"""Each sync and each write of a recorder fails, or is its last moment, one after the other."""

from __future__ import annotations

import re
import shutil
import subprocess
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.crash.findings import Shown
from tests.crash.station import RECORDER, Station, scratch

RECORDS = 2
# call -> what is done to it; "+" after the number: to every one from there on
WAYS = {
    "fsync": (("error=EIO", ""), ("error=EIO", "+"), ("signal=SIGKILL", "")),
    "pwrite64": (("error=EIO", ""), ("error=ENOSPC", "+"), ("signal=SIGKILL", "")),
    "write": (("error=ENOSPC", ""), ("signal=SIGKILL", "")),
}
NOTHING = "nothing was recorded"


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
    counts = _count_calls()
    for call, count in counts.items():
        shown.figures[f"{call} calls"] = count
    if not counts.get("fsync"):
        shown.faults.append("no fsync was seen, so failing it shows nothing")
    plan = [
        (call, f"{what}:when={n}{for_ever}")
        for call, count in counts.items()
        for n in range(1, count + 1)
        for what, for_ever in WAYS[call]
    ]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for part in pool.map(_fail_one, plan, chunksize=4):
            shown.add(part)
    return shown


def _strace(*options: str) -> tuple[str, ...]:
    return ("strace", "-f", "--seccomp-bpf", *options, *RECORDER)


def _count_calls() -> dict[str, int]:
    with scratch() as folder:
        station = Station.made_in(folder)
        log = folder / "calls"
        named = ",".join(WAYS)
        station.start(station.new_lines(RECORDS), *_strace("-o", str(log), "-e", f"trace={named}")).wait()
        called = re.findall(r"^\d+ +(\w+)\(", log.read_text("utf-8", errors="replace"), re.MULTILINE)
        return {call: called.count(call) for call in WAYS}


def _fail_one(planned: tuple[str, str]) -> Shown:
    call, injection = planned
    shown = Shown("", tries=1)
    with scratch() as folder:
        station = Station.made_in(folder)
        command = _strace("-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{injection}")
        code = station.start(station.new_lines(RECORDS), *command).wait()
        station.take_answers(shown)
        complaint = station.errors.read_text("utf-8", errors="replace")
        if "Traceback" in complaint and not _is_about_answers(complaint):
            shown.figures["unexplained endings"] = 1
            shown.faults.append(f"{call} {injection}: {complaint[-400:]}")
        shown.figures["refused or unknown"] = int(code == 1)
        station.check(shown)
        denied = re.findall(r"entry ([0-9a-f-]{36});? nothing was recorded", complaint)
        standing = shown.figures["unconfirmed"]
        shown.figures["stands although the disk said no"] = int(bool(standing) and code == 1)
        if denied and standing:
            shown.faults.append(f"{call} {injection}: told that nothing was recorded, and it stands")
        station.repeat_all(shown)
        if shown.faults:
            shown.faults[0] = f"{call} {injection}: {shown.faults[0]}"
    return shown


def _is_about_answers(complaint: str) -> bool:
    """A recorder that cannot answer may end as it likes: whoever reads answers sees that none came."""
    return "sys.stdout" in complaint or "_say(" in complaint


def strace_path() -> Path | None:
    """Return where strace is."""
    found = shutil.which("strace")
    return Path(found) if found else None
