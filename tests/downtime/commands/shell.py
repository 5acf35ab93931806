"""Calling the commands as a script does, in this process."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.commands import downtime
from downtime.commands.common import run_command

if TYPE_CHECKING:
    from pathlib import Path

    import click
    import pytest


@dataclass(frozen=True)
class Answer:
    """Exit code and what was written."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]


class Shell:
    """One script's view of a practice station."""

    def __init__(
        self, home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.home = home
        self.password = folder / "password"
        self.password.write_text("lianxi3004\n", "utf-8")
        self._second_password = folder / "second-password"
        self._second_password.write_text("lianxi1006\n", "utf-8")
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    @property
    def who(self) -> list[str]:
        """The options of a command that needs a key."""
        return ["--home", str(self.home), "--operator", "3004", "--password-file", str(self.password)]

    @property
    def second(self) -> list[str]:
        """The options that name a second person."""
        return ["--second", "1006", "--second-password-file", str(self._second_password)]

    def __call__(
        self, *arguments: str, given: str | bytes = b"", command: click.Command = downtime
    ) -> Answer:
        """Run one command with ``given`` on standard input."""
        stream = io.BytesIO(given.encode() if isinstance(given, str) else given)
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream, encoding="utf-8"))
        self._capsys.readouterr()
        code = run_command(command, list(arguments))
        written = self._capsys.readouterr()
        return Answer(code, written.out, written.err)

    def by(self, operator: str, *arguments: str) -> Answer:
        """Run one command as somebody."""
        self.password.write_text(f"lianxi{operator}\n", "utf-8")
        who = ["--home", str(self.home), "--operator", operator, "--password-file", str(self.password)]
        return self(*arguments, *who)

    def record(self, *forms: dict[str, Any]) -> Answer:
        """Record forms through ``downtime record -``."""
        return self("record", "-", *self.who, given="\n".join(json.dumps(form) for form in forms))

    def example(self, form: str) -> list[dict[str, Any]]:
        """Return the example lines of a form."""
        return self("record", "--example", form, *self.who).lines
