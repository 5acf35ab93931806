"""Letting the journal's own program write: sync itself never does."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from downtime.keys import SERVICE_OPERATOR

if TYPE_CHECKING:
    from downtime.home import Home


def ask_station(home: Home, *command: str) -> str:
    """Run ``downtime`` with the service account and return what it said.

    Raises:
        subprocess.CalledProcessError: it found a problem; it says which.
    """
    arguments = ["--home", str(home.path), "--operator", SERVICE_OPERATOR]
    arguments += ["--password-file", str(home.keys.service_password_file)]
    started = [sys.executable, "-m", "downtime", *command, *arguments]
    return subprocess.run(started, check=True, capture_output=True).stdout.decode()  # noqa: S603 (our own program)


def follow_hub(home: Home) -> list[str]:
    """Let the station do what came down from its hub; return what it says of it, refusals too."""
    try:
        said = ask_station(home, "hub", "follow")
    except subprocess.CalledProcessError as error:
        said = (error.stdout + error.stderr).decode(errors="replace")
    return [line for line in said.splitlines() if line.strip()]
