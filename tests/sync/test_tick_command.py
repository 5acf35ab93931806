"""``downtime-sync compare``: before anything is sent, at a station's own books."""

from __future__ import annotations

import csv
import io
import json
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from downtime.commands.common import FINE, FOUND_A_PROBLEM
from sync.__main__ import sync
from tests.downtime.commands.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home

TOLD = """
zone = "Asia/Shanghai"
[files]
encoding = "utf-8"
[columns]
row = "row"
kind = { constant = "charge" }
patient = "patient"
item = "item"
amount = "amount"
time = "time"
"""


@pytest.fixture
def shell(
    practice_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """A practice station."""
    return Shell(practice_home.path, tmp_path, monkeypatch, capsys)


def test_an_empty_book_and_a_row_of_the_his(shell: Shell, tmp_path: Path) -> None:
    """Nothing of ours, one row of theirs: it is told, the table is private, and nothing was recorded."""
    (tmp_path / "extract.toml").write_text(TOLD, "utf-8")
    (tmp_path / "his.csv").write_text("row,patient,item,amount,time\n", "utf-8")
    asked = ("compare", "--extract", str(tmp_path / "extract.toml"), "--home", str(shell.home))
    answer = shell(*asked, "--json", command=sync)
    assert answer.code == FINE, answer.out
    assert json.loads(answer.out)["entries_total"] == {"count": 0, "amount_minor": 0}
    (tmp_path / "his.csv").write_text("row,patient,item,amount,time\nF1,PX1,X,七元,2026-01-05\n", "utf-8")
    table = tmp_path / "table.csv"
    answer = shell(*asked, "--csv", str(table), command=sync)
    assert answer.code == FOUND_A_PROBLEM
    assert "his.csv" in answer.out
    assert "七元" not in answer.out, "what stood in a cell about a person is not quoted"
    assert next(csv.reader(io.StringIO(table.read_text("utf-8-sig"))))[0] == "outcome"
    if sys.platform != "win32":
        assert stat.S_IMODE(table.stat().st_mode) == 0o600
