"""``downtime patients`` as a script calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.downtime.commands.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home
    from tests.downtime.commands.shell import Answer

NUMBER = "TW03A0100001"


class Patients:
    """A supervisor at a station with one temporary patient who holds a card of the lists."""

    def __init__(self, shell: Shell, card: str, name: str) -> None:
        self.shell = shell
        shell.password.write_text("lianxi1006\n", "utf-8")
        self.who = ["--home", str(shell.home), "--operator", "1006", "--password-file", str(shell.password)]
        patient = {"number": NUMBER, "name": name, "id_kind": "other", "id_number": card, "temporary": True}
        form = {"form": "registration", "id": "made-up-1", "content": {"patient": patient}}
        assert shell("record", "-", *self.who, given=json.dumps(form)).code == 0

    def __call__(self, *words: str) -> Answer:
        """Run ``downtime patients`` with these words."""
        return self.shell("patients", *words, *self.who)


@pytest.fixture
def desk(
    practice_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Patients:
    """Return the made-up day."""
    from downtime.store.reference import Reference, reference_path

    ring = practice_home.keys.unlock("1006", "lianxi1006")
    with Reference(reference_path(practice_home.path / "reference", 1), ring.reference_key()) as lists:
        row = lists.get_patient("PX000001")
    assert row is not None
    return Patients(Shell(practice_home.path, tmp_path, monkeypatch, capsys), row.card, row.name)


def test_list_match_and_undo(desk: Patients) -> None:
    """What is open is exit code 1; the certain one is recorded, listed as decided, and undone with a reason."""
    told = desk("list", "--json")
    assert told.code == 1
    (one,) = json.loads(told.out)["patients"]
    assert (one["candidates"][0]["number"], one["candidates"][0]["verdict"]) == ("PX000001", "certain")
    assert desk("match", "--certain").code == 0
    assert desk("match", NUMBER, "PX000002").code == 1
    told = desk("list", "--json")
    assert told.code == 0
    assert json.loads(told.out)["patients"][0]["decided"]["number"] == "PX000001"
    assert desk("undo", NUMBER, "--reason", "认错了人").code == 0
    assert desk("undo", NUMBER, "--reason", "认错了人").code == 2
    assert desk("match", NUMBER, "PX000002").code == 0
    assert "PX000002" in desk("list").out


def test_nobody(desk: Patients) -> None:
    """The lists do not hold this person: said with a note."""
    assert desk("match", NUMBER, "--nobody", "--note", "外地患者").code == 0
    assert desk("list", "--open").code == 0


@pytest.mark.parametrize("words", [(), (NUMBER,), (NUMBER, "PX000001", "--nobody"), ("--certain", NUMBER)])
def test_half_a_decision_is_wrong_use(desk: Patients, words: tuple[str, ...]) -> None:
    """Nothing is recorded where it is not clear who is meant."""
    assert desk("match", *words).code == 2


def test_unknown_numbers_are_wrong_use(desk: Patients) -> None:
    """Neither a temporary number nor a patient nor a version that is not there is taken."""
    assert desk("match", "TNONE", "PX000001").code == 2
    assert desk("match", NUMBER, "PNONE").code == 2
    assert desk("list", "--lists", "77").code == 2


def test_the_delivery_account_decides_nothing(desk: Patients, practice_home: Home) -> None:
    """It may send, but whom a bill belongs to is said by a person."""
    from downtime.keys import SERVICE_OPERATOR

    password = practice_home.keys.service_password_file
    who = [
        "--home",
        str(practice_home.path),
        "--operator",
        SERVICE_OPERATOR,
        "--password-file",
        str(password),
    ]
    assert desk.shell("patients", "match", "--certain", *who).code == 2
    assert desk("list", "--open").code == 1
