"""A real process in a real terminal, killed with SIGKILL while somebody charges."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from downtime.desk import Desk
from downtime.numbers import number_lines, sums_of
from downtime.verify import verify_book
from tests.complaints.cut_short import OPERATOR, PASSWORD

if sys.platform == "win32":
    pytest.skip("no pseudo-terminal and no SIGKILL here", allow_module_level=True)

import pexpect
import pyte

if TYPE_CHECKING:
    from downtime.home import Home
    from downtime.store.drafts import Draft

PATIENCE_SECONDS_MAX = 30
_PROGRAM = """
from pathlib import Path
from downtime.app import run
from downtime.home import Home
run(Home(Path({home!r})), language="zh")
"""


class Window:
    """The app in a terminal of its own, somebody logged in."""

    def __init__(self, home: Home) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self.screen)
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-c", _PROGRAM.format(home=str(home.path))],
            dimensions=(24, 80),
            encoding="utf-8",
            codec_errors="replace",
            timeout=PATIENCE_SECONDS_MAX,
        )
        self.until("口令")
        self.child.send(f"{OPERATOR}\r{PASSWORD}\r")

    def text(self) -> str:
        """Return what stands on the screen."""
        return "\n".join(self.screen.display).replace(" ", "")

    def until(self, words: str) -> None:
        """Read on until ``words`` stand on the screen."""
        for _turn in range(PATIENCE_SECONDS_MAX * 20):
            if words in self.text():
                return
            try:
                self._stream.feed(self.child.read_nonblocking(65536, timeout=0.05))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                break
        raise AssertionError(f"{words!r} did not come:\n{self.text()}")

    def keys(self, keys: str, shows: str) -> None:
        """Press keys and wait for what the screen says then."""
        self.child.send(keys)
        self.until(shows)

    def killed(self) -> None:
        """SIGKILL, and its end awaited."""
        self.child.close(force=False) if not self.child.isalive() else self.child.kill(9)
        self.child.wait()
        self.child.close()


def _after(home: Home) -> tuple[list[Draft], int, int, dict[str, int]]:
    """Return drafts, charges, charges that somebody is asked about or that lack a paper, and numbers by state."""
    ring = home.keys.unlock(OPERATOR, PASSWORD)
    desk = Desk(home, ring)
    try:
        charges = [one for one in desk.find_entries("", 1000) if one.form == "charge"]
        listed = {one.id for one in (*desk.unconfirmed(), *desk.not_printed())}
        return desk.drafts(), len(charges), len(listed), sums_of(number_lines(home, ring))
    finally:
        desk.close()


FIELDS = (
    ("zw\r", "赵伟", 0),
    ("xcg\r", "18.00", 1),
    ("*3\r", "54.00", 1),
    ("amxl\r", "63.80", 2),
    ("\r", "结算", 2),
)
"""Keys, what the screen says then, and how many lines the form has: patient, item, quantity, item, settle."""


def test_killed_at_every_finished_field(practice_home: Home) -> None:
    """SIGKILL after each field: at the next start the form is offered, Enter goes on, and one receipt comes of it."""
    window = Window(practice_home)
    window.until("HIS停机")
    window.keys("1", "患者:拼音")
    for keys, shows, lines in FIELDS:
        window.keys(keys, shows)
        _wait_for_draft(practice_home, lines)
        window.killed()
        drafts, charges, listed, numbers = _after(practice_home)
        assert (len(drafts), charges, listed) == (1, 0, 0)
        assert (numbers["used"], numbers["missing"]) == (0, 0)
        window = Window(practice_home)
        window.until("未完成")
        window.keys("\r", "合计")
    window.keys("\r", "现金")
    window.keys("\r", "已记录")
    window.killed()
    drafts, charges, _listed, numbers = _after(practice_home)
    assert (drafts, charges, numbers["used"], numbers["missing"]) == ([], 1, 1, 0)


@pytest.mark.parametrize("seconds", [0.0, 0.004, 0.012, 0.03])
def test_killed_while_it_is_recorded(practice_home: Home, seconds: float) -> None:
    """SIGKILL right after the last Enter: the form or the entry, and an entry nobody was told about is listed."""
    window = Window(practice_home)
    window.until("HIS停机")
    window.keys("1", "患者:拼音")
    window.keys("zw\r", "赵伟")
    window.keys("xcg\r", "18.00")
    window.keys("\r", "现金")
    _wait_for_draft(practice_home, 1)
    window.child.send("\r")
    time.sleep(seconds)
    window.killed()
    drafts, charges, listed, numbers = _after(practice_home)
    assert len(drafts) + charges == 1, "one of the two, never both, never neither"
    assert (numbers["used"], numbers["missing"]) == (charges, 0)
    assert listed <= charges
    ring = practice_home.keys.unlock(OPERATOR, PASSWORD)
    assert verify_book(practice_home, ring, practice_home.current_book()).whole


def _wait_for_draft(home: Home, lines: int) -> None:
    """Wait until the field is finished on the disk too; a cut before that is one before it was finished."""
    desk = Desk(home, home.keys.unlock(OPERATOR, PASSWORD))
    try:
        for _turn in range(PATIENCE_SECONDS_MAX * 50):
            if any(len(draft.content["lines"]) == lines for draft in desk.drafts()):
                return
            time.sleep(0.02)
    finally:
        desk.close()
    raise AssertionError("the draft was not kept")
