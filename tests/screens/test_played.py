"""The outage that plays itself is the newcomer's proof; it must come out right, and say so when it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.commands import downtime
from downtime.commands.common import FINE, FOUND_A_PROBLEM, run_command
from downtime.screens import played

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_played_outage_agrees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Charges, a new patient, an unpaid one, a reversal, a dispense, delivery: all agree, exit 0."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")

    code = run_command(downtime, ["demo", "--play", "--language", "en", "--home", str(tmp_path / "home")])

    page = capsys.readouterr().out
    assert "Everything agrees." in page, page
    assert "!!" not in page
    assert code == FINE


def test_a_story_that_stops_is_no_success(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a screen does not come, the page says at what it stopped and the exit code is not zero."""
    monkeypatch.setattr(played, "CASHIER", ("1001", "not the password"))
    monkeypatch.setattr(played, "PATIENCE_SECONDS_MAX", 1)

    code = run_command(downtime, ["demo", "--play", "--language", "en", "--home", str(tmp_path / "home")])

    assert code == FOUND_A_PROBLEM
    assert "[!!] The story came to its end login" in capsys.readouterr().out
