"""Two IT people press start at the same moment: two programs, one store, every entry once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sync.connectors.retype import Retype
from sync.contract_entries import HOSPITAL
from sync.hub.delivered import first_altered
from sync.hub.delivering import standing
from tests.sync.hub.hubs import RunningHub, make_hub, stop_hub
from tests.sync.hub.test_hub_delivering import charges, put
from tests.sync.test_tick_retype import write
from tests.sync.tick_his import MadeUpHis

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTRIES = 450
"""More than one worker takes in hand at a time."""


@pytest.fixture
def running(tmp_path: Path, store_url: str) -> Iterator[RunningHub]:
    """A hub for the hospital of made-up entries."""
    made = make_hub(tmp_path / "hub", store_url=store_url, hospital=HOSPITAL)
    yield made
    stop_hub(made)


def _press_start(folder: Path, times: int = 2) -> list[tuple[int, str]]:
    """Start as many programs at once and return exit code and words of each."""
    command = [sys.executable, "-m", "sync", "hub", "deliver", "--once", "--hub", str(folder)]
    programs = [
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "DOWNTIME_LANGUAGE": "en"},
        )
        for _n in range(times)
    ]  # fmt: skip
    said = [program.communicate(timeout=120)[0] for program in programs]
    return [(program.returncode, words) for program, words in zip(programs, said, strict=True)]


def test_two_people_press_start_and_every_entry_goes_once(running: RunningHub, tmp_path: Path) -> None:
    """Neither fails, neither sends what the other sent; a third start finds nothing to do."""
    put(running, "W1", charges(ENTRIES))
    with (running.place.path / "hub.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[connectors.practice]\nfile = "his.db"\n')
    for code, said in _press_start(running.place.path):
        assert code in {0, 1}, said
        assert "Traceback" not in said
    ((code, said),) = _press_start(running.place.path, times=1)
    assert (code, "0 entries sent" in said) == (0, True), said
    db = running.hub.db
    assert standing(db, "practice") == {"accepted": ENTRIES}
    assert db.rows("SELECT count(*) FROM delivery WHERE state = 'sending'") == [(ENTRIES,)]
    assert first_altered(db) is None
    his = sqlite3.connect(tmp_path / "hub" / "his.db")
    staged = his.execute("SELECT count(*), max(attempt) FROM dt_header").fetchone()
    his.close()
    assert staged == (ENTRIES, 1)


def test_two_people_press_start_at_the_retype_desk(running: RunningHub, tmp_path: Path) -> None:
    """One reads the HIS, the other says so or comes after; each entry is ticked off once."""
    entries = charges(20)
    put(running, "W1", entries)
    his = MadeUpHis()
    folder = tmp_path / "hub" / "his"
    folder.mkdir()
    for n, entry in enumerate(entries):
        his.type_in(entry, bill=f"B{n}")
    write(folder, his)
    with (running.place.path / "hub.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[connectors.{Retype.name}]\nextract = "his/extract.toml"\n')
    for _press in range(2):
        for code, said in _press_start(running.place.path):
            assert code in {0, 1}, said
            assert "Traceback" not in said
    db = running.hub.db
    assert standing(db, Retype.name) == {"accepted": 20}
    assert db.rows("SELECT state, count(*) FROM delivery GROUP BY state ORDER BY state") == [
        ("accepted", 20), ("handed_over", 20), ("sending", 20),
    ]  # fmt: skip
    assert db.rows("SELECT count(*) FROM tick") == [(20,)]


def test_started_twice_neither_sends_what_somebody_typed_in(running: RunningHub, tmp_path: Path) -> None:
    """``compare_first`` in the settings: the one that stands in the HIS already is held, the others go once."""
    entries = charges(6)
    put(running, "W1", entries)
    his = MadeUpHis()
    folder = tmp_path / "hub" / "his"
    folder.mkdir()
    his.type_in(entries[0])
    write(folder, his)
    with (running.place.path / "hub.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[connectors.practice]\nfile = "his.db"\ncompare_first = "his/extract.toml"\n')
    for code, said in _press_start(running.place.path):
        assert code == 1, said
        assert "Traceback" not in said
    db = running.hub.db
    assert standing(db, "practice") == {"accepted": 5, "owed": 1}
    assert db.rows("SELECT count(*) FROM delivery WHERE state = 'sending'") == [(5,)]
    assert db.rows("SELECT outcome FROM tick WHERE entry_n = 1") == [("agreed",)]
