"""The crash experiments themselves: they fail when they should, and count nothing that was not said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crash import __main__ as crash
from tests.crash.damage import Damage
from tests.crash.findings import Shown
from tests.crash.rollback import rolled_back
from tests.crash.station import Station, scratch

if TYPE_CHECKING:
    from pathlib import Path


def test_a_loss_a_miss_or_a_fault_is_a_failure() -> None:
    """None of the three can hide behind the others."""
    assert Shown("x", tries=1).holds
    assert not Shown("x", lost=1).holds
    assert not Shown("x", missed=1).holds
    assert "FAILED: odd" in Shown("x", faults=["odd"]).line()
    together = Shown("x", tries=1, figures={"a": 1})
    together.add(Shown("", tries=2, lost=1, figures={"a": 2, "b": 1}))
    assert (together.tries, together.lost, together.figures) == (3, 1, {"a": 3, "b": 1})


@pytest.mark.parametrize(("ci", "allow", "code"), [("true", False, 1), ("true", True, 0), ("", False, 0)])
def test_what_cannot_be_tried_is_said_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, code: int, *, allow: bool
) -> None:
    """On a developer's PC it is a line; where the run is meant as proof it is a failure."""
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.argv", ["crash", "--only", "full-disk", *(["--allow-missing"] if allow else [])])
    monkeypatch.setattr(crash, "filled_disk", lambda: Shown("full disk", not_possible="no root"))
    assert crash.main() == code
    said = capsys.readouterr().out
    assert "full disk: NOT POSSIBLE HERE: no root" in said
    assert "NOT SHOWN ON THIS MACHINE: full disk" in said


def test_a_torn_answer_acknowledges_nothing(tmp_path: Path) -> None:
    """Only a whole line is an acknowledgement; a repeat that is answered otherwise is a fault."""
    station, shown = Station(tmp_path, tmp_path), Shown("x")
    whole = b'{"ok": true, "id": "a", "seq": 3, "number": "N1", "already": false}\n'
    station.take_answers(shown, whole + b'{"ok": true, "id": "b"')
    assert station.acked == {"a": (3, "N1")}
    station.take_answers(shown, whole.replace(b"false", b"true"))
    assert shown.holds
    station.take_answers(shown, whole)
    assert not shown.holds


def test_an_acknowledged_entry_that_is_gone_is_counted_as_lost() -> None:
    """The oracle looks for every acknowledged entry by id, sequence and number."""
    with scratch() as folder:
        station, shown = Station.made_in(folder), Shown("x")
        station.check(shown)
        assert shown.holds
        station.acked["never recorded"] = (3, "W03A-000001-0")
        station.check(shown)
    assert shown.lost == 1


def test_damage_is_done_where_it_says() -> None:
    """One byte, or everything from there on."""
    assert Damage("f", 1, cut=False).apply(b"abc") == b"a\x22c"
    assert Damage("f", 1, cut=True).apply(b"abc") == b"a"


def test_older_files_put_back_are_noticed() -> None:
    """Quick enough to be tried with every test run."""
    shown = rolled_back()
    assert shown.holds, shown.faults
