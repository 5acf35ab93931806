"""``downtime audit``, and that commands ask for the right they need."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from downtime.commands.common import FINE, WRONG_USE
from downtime.rights import may

if TYPE_CHECKING:
    from pathlib import Path

    from tests.downtime.commands.shell import Shell


def test_the_auditor_lists_filters_and_exports(shell: Shell, tmp_path: Path) -> None:
    """What failed, by whom, as JSON lines; the same as a table; the export stands in the audit itself."""
    assert shell.by("1001", "numbers", "add", "30000", "30001").code == WRONG_USE
    listed = shell.by("4003", "audit", "--failed", "--by", "1001")
    assert listed.code == FINE
    assert [(line["event"], line["subject"], line["by"]) for line in listed.lines] == [
        ("right_refused", "numbers", "1001")
    ]
    table = tmp_path / "audit.csv"
    assert shell.by("4003", "audit", "--event", "right_refused", "--csv", str(table)).code == FINE
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig"))))
    assert [(row["event"], row["success"]) for row in rows] == [("right_refused", "no")]
    (export,) = shell.by("4003", "audit", "--event", "exported").lines
    assert export["subject"] == "audit.csv"


def test_a_day_that_is_none_is_wrong_use(shell: Shell) -> None:
    """Nothing is listed for a day nobody knows."""
    answer = shell.by("4003", "audit", "--from", "yesterday")
    assert answer.code == WRONG_USE
    assert "yesterday" in answer.err


COMMANDS = {
    "audit": ("audit",),
    "verify": ("verify",),
    "export": ("export", "--journal", "{folder}/out.jsonl"),
    "standing": ("standing", "--json"),
    "look_up": ("find", "W03A-000001-0"),
    "numbers": ("numbers", "add", "900000", "900010"),
    "reference": ("reference", "use", "1"),
    "book": ("book", "open"),
}


@pytest.mark.parametrize("right", COMMANDS)
@pytest.mark.parametrize(
    ("operator", "roles"), [("1001", ["cashier"]), ("4003", ["auditor"]), ("4001", ["it"])]
)
def test_a_command_asks_for_its_right(
    shell: Shell, tmp_path: Path, right: str, operator: str, roles: list[str]
) -> None:
    """Without it: exit 2, a sentence that names it, an audit line, nothing done."""
    command = [part.format(folder=tmp_path) for part in COMMANDS[right]]
    answer = shell.by(operator, *command)
    refused = "Your role does not include" in answer.err
    assert refused is not may(roles, right)
    if refused:
        assert answer.code == WRONG_USE
        assert not answer.out
        lines = shell.by("4003", "audit", "--event", "right_refused").lines
        assert [(line["subject"], line["by"]) for line in lines] == [(right, operator)]


def test_continuing_after_an_alarm_asks_for_its_right_too(shell: Shell) -> None:
    """Where the journal does not open the refusal stands in the gate log, and the evidence is untouched."""
    from downtime.home import Home

    head_log = Home(shell.home).current_book().head_log
    whole = head_log.read_bytes()
    before = whole[:-1] + bytes([whole[-1] ^ 1])  # another byte, whatever the last one is
    head_log.write_bytes(before)
    answer = shell.by("1001", "continue")
    assert answer.code == WRONG_USE
    assert "Your role does not include" in answer.err
    assert head_log.read_bytes() == before
    log = (shell.home / "gate.log").read_text("utf-8").splitlines()
    assert [json.loads(line)["event"] for line in log] == ["right_refused"]
