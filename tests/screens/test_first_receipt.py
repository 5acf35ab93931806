"""The first receipt: somebody who reads only docs/first-receipt.md, or only the screen, ends with a correct one."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from downtime.book import OpenBook
from downtime.home import Home
from downtime.store import reports
from tests.tidy.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform == "win32":
    pytest.skip("no pseudo-terminal here", allow_module_level=True)

import pexpect
import pyte

PAGE = ROOT / "docs" / "first-receipt.md"
PATIENCE_SECONDS_MAX = 60
HEADINGS = {"zh": "## 中文", "en": "## English"}
KEYS_MAX = 40
K_SECONDS, M_SECONDS = 0.28, 1.35
"""Keystroke-level model: a key at 40 words a minute, a look at the screen."""


@dataclass(frozen=True)
class Step:
    """One row of the table: what the screen says, what is typed then."""

    says: str
    keys: tuple[str, ...]


def _steps(language: str) -> list[Step]:
    part = PAGE.read_text("utf-8").split(HEADINGS[language])[1].split("\n## ")[0]
    rows = re.findall(r"^\| \d \| (.*?) \| (.*?) ?\|$", part, re.MULTILINE)
    return [
        Step(re.findall("`([^`]+)`", says)[0], tuple(re.findall("`([^`]+)`", keys))) for says, keys in rows
    ]


def _strokes(steps: list[Step]) -> int:
    return sum(1 if key == "Enter" else len(key) for step in steps for key in step.keys)


class Terminal:
    """A real terminal with the app in it."""

    def __init__(self, home: Path, language: str) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self.screen)
        self.child: Any = pexpect.spawn(
            sys.executable,
            ["-m", "downtime", "demo", "--home", str(home), "--language", language],
            dimensions=(24, 80),
            encoding="utf-8",
            codec_errors="replace",
            timeout=PATIENCE_SECONDS_MAX,
        )

    def text(self) -> str:
        """Return what stands on the screen; a wide sign takes two cells, the second one empty."""
        return "\n".join(self.screen.display)

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

    def type(self, key: str) -> None:
        """Press one key of the table."""
        self.child.send("\r" if key == "Enter" else key)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_newcomer_gets_a_correct_receipt(language: str, tmp_path: Path) -> None:
    """From an empty folder: exactly these keys, each when the screen says so, and the receipt is right."""
    steps = _steps(language)
    terminal = Terminal(tmp_path / "home", language)
    try:
        for step in steps:
            terminal.until(step.says)
            for key in step.keys:
                terminal.type(key)
        terminal.until("W03A-000001-")
        terminal.until({"zh": "已打印", "en": "printed"}[language])
    finally:
        terminal.child.close(force=True)
    home = Home(tmp_path / "home")
    book = OpenBook(home, home.keys.unlock("1001", "lianxi1001"), home.current_book())
    try:
        (charge,) = [entry for entry in reports.newest_receipts(book.db) if entry.form == "charge"]
    finally:
        book.close()
    content = charge.content
    assert content["patient"]["name"] == "侯文斌"
    assert [(row["name"], row["amount_minor"]) for row in content["lines"]] == [("血常规", 1800)]
    (payment,) = content["payments"]
    assert (payment["method"], payment["amount_minor"], payment["change_minor"]) == ("cash", 1800, 3200)
    assert charge.outage
    (printed,) = home.path.rglob("*.pdf")
    assert charge.number is not None
    assert charge.number in printed.name


def test_it_fits_into_a_minute_by_the_model() -> None:
    """Keys at 40 words a minute and a look before each step; the page says the same figures."""
    steps = _steps("zh")
    assert [step.keys for step in steps] == [step.keys for step in _steps("en")]
    strokes = _strokes(steps)
    assert strokes <= KEYS_MAX
    seconds = strokes * K_SECONDS + len(steps) * M_SECONDS
    assert seconds < 30
    page = PAGE.read_text("utf-8")
    assert f"{strokes} keys" in page
    assert f"{seconds:.1f} s" in page
