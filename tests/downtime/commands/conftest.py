"""What tests of the commands start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.downtime.commands.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home


@pytest.fixture
def shell(
    practice_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """Return a script's view of a fresh practice station."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    return Shell(practice_home.path, tmp_path, monkeypatch, capsys)
