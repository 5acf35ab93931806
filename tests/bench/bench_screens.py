"""How soon the first screen is there, and how long a key takes until its repaint is through the terminal."""

from __future__ import annotations

import os
import re
import select
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pexpect

from downtime.practice import prepare_practice

RUNS = 9
KEYS = 300
ESCAPE_SECONDS = 0.4
"""After Esc a terminal program waits whether more of an escape sequence comes; nobody types that fast."""
QUIET_SECONDS = 0.03
"""A repaint is over when nothing has come for so long; this wait is not part of the figure."""

_EMPTY = """
import os
os.environ["TEXTUAL_ANIMATIONS"] = "none"
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("READY")
Empty().run()
"""
_OURS = """
from pathlib import Path
from downtime.home import Home
from downtime.app import run
run(Home(Path({home!r})), language="en")
"""
_ROWS = [*"xcg", *"amxl", *"ct", *"xg", *"zh", *"jc", *"gt", *"nk"]


def run() -> dict[str, float | str]:
    """Return seconds to the first screen (ratio to an empty app) and milliseconds from key to repaint."""
    with TemporaryDirectory() as place:
        home = prepare_practice(Path(place) / "home").path
        ours, empty = [], []
        for _run in range(RUNS):  # by turns, because the machine is noisy
            empty.append(_seconds_until(_EMPTY, b"READY"))
            ours.append(_seconds_until(_OURS.format(home=str(home)), b"Password"))
        child = _logged_in(home)
        keys = sorted(_key_times(child))
        memory_mib = _memory_mib(child)
        child.close(force=True)
    first, base = statistics.median(ours), statistics.median(empty)
    return {
        "first screen, s": round(first, 3),
        "empty Textual app, s": round(base, 3),
        "first screen / empty app (goal 1.5)": round(first / base, 2),
        "key to repaint p50, ms": round(keys[len(keys) // 2] * 1000, 1),
        "key to repaint p99, ms (goal 50)": round(keys[int(len(keys) * 0.99)] * 1000, 1),
        "RSS after keys, MiB (goal 150)": memory_mib,
    }


def _spawn(program: str) -> Any:
    environment = os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    child = pexpect.spawn(sys.executable, ["-c", program], dimensions=(24, 80), env=environment, timeout=30)
    child.delaybeforesend = None
    return child


def _seconds_until(program: str, shown: bytes) -> float:
    began = time.perf_counter()
    child = _spawn(program)
    child.expect(re.escape(shown))
    took = time.perf_counter() - began
    child.close(force=True)
    return took


def _logged_in(home: Path) -> Any:
    child = _spawn(_OURS.format(home=str(home)))
    child.expect(b"Password")
    child.send("1001\rlianxi1001\r")
    child.expect(b"F2")
    _repaint_seconds(child, "1")
    time.sleep(1)
    for key in "zw\r":
        _repaint_seconds(child, key)
    return child


def _key_times(child: Any) -> list[float]:
    """Type item searches letter by letter: each key searches the list and repaints the candidates."""
    times: list[float] = []
    while len(times) < KEYS:
        for key in _ROWS:
            times.append(_repaint_seconds(child, key))
            time.sleep(0.02)
        _repaint_seconds(child, "\x1b")
        time.sleep(ESCAPE_SECONDS)
    return times


def _repaint_seconds(child: Any, key: str) -> float:
    """Return the seconds from a key to the last byte of what it made the app write."""
    began = last = time.perf_counter()
    child.send(key)
    while select.select([child.child_fd], [], [], 0.5 if last == began else QUIET_SECONDS)[0]:
        os.read(child.child_fd, 65_536)
        last = time.perf_counter()
    return last - began


def _memory_mib(child: Any) -> float:
    if sys.platform == "win32":
        return 0.0
    found = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(child.pid)], capture_output=True, check=True, text=True
    )
    return round(int(found.stdout) / 1024, 1)
