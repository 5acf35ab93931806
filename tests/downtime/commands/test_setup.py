"""Setting real stations up, and accounts on their way between them, as a script or a person at a shell does it."""

from __future__ import annotations

import json
import re
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

import downtime.setting_up
import downtime.station
from downtime.commands.common import FINE, FOUND_A_PROBLEM, WRONG_USE
from downtime.envelopes import bare, open_recovery
from downtime.errors import AccessRefusedError
from downtime.home import Home
from downtime.store import journal
from tests.downtime.commands.shell import Answer, Shell
from tests.downtime.stations import ADMINISTRATOR, PASSWORD, SUPERVISOR, enrol, open_as
from tests.screens.story import Story

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = """
format = 1
[hospital]
id = "PRACTICE-9"
name = "练习医院"
[station]
code = "{code}"
name = "练习窗口"
"""


class Hall:
    """A folder with stations, and files with passwords."""

    def __init__(self, folder: Path, shell: Shell) -> None:
        self.folder, self.shell = folder, shell
        for name, password in (("4002", ADMINISTRATOR[1]), ("1006", SUPERVISOR[1]), ("1001", PASSWORD)):
            (folder / f"{name}.password").write_text(password + "\n", "utf-8")

    def who(self, operator: str, home: str) -> list[str]:
        """Return the options of a command at a station."""
        file = str(self.folder / f"{operator}.password")
        return ["--home", str(self.folder / home), "--operator", operator, "--password-file", file]

    def set_up(self, code: str, *more: str, administrator: str = "4002", name: str = "练习管理员") -> Answer:
        """Run ``downtime setup`` for one station."""
        settings = self.folder / f"{code}.toml"
        settings.write_text(_SETTINGS.format(code=code), "utf-8")
        return self.shell(
            *("setup", "--settings", str(settings), "--to", str(self.folder / code)),
            *("--administrator", administrator, "--administrator-name", name),
            *("--administrator-password-file", str(self.folder / "4002.password")),
            *("--supervisor", "1006", "--supervisor-name", "练习班长"),
            *("--supervisor-password-file", str(self.folder / "1006.password")),
            *more,
        )

    def home(self, code: str) -> Home:
        """Return a station."""
        return Home(self.folder / code)


@pytest.fixture
def hall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Hall:
    """Return a hall without a station; the disk reserve is small here."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    monkeypatch.setattr(downtime.station, "make_ballast", lambda _home, _size: None)
    return Hall(tmp_path, Shell(tmp_path, tmp_path, monkeypatch, capsys))


def _figures(paper: Path) -> str:
    """Return the figures of a code as they stand on the paper: the only lines of nothing but groups of four."""
    text = "\n".join(page.extract_text() for page in PdfReader(paper).pages)
    return "".join(bare(found) for found in re.findall(r"^(?:\d{4} *)+$", text, re.MULTILINE))


def test_a_real_station_stands_after_one_command(hall: Hall) -> None:
    """Two people, full work per guess, two envelopes as private files, both in the journal with two names."""
    answer = hall.set_up("W01")
    assert answer.code == FINE, answer.err
    home = hall.home("W01")
    papers = sorted((hall.folder / "W01-envelopes").iterdir())
    assert len(papers) == 2
    if sys.platform != "win32":
        assert {stat.S_IMODE(paper.stat().st_mode) for paper in papers} == {0o600}
    emergency, recovery = (_figures(paper) for paper in papers)
    open_recovery(home.keys, recovery)
    open_as(home, "0000", password=emergency).close()
    assert recovery not in answer.out
    slot = home.keys.slot("1006")
    assert slot is not None
    assert slot.lock is not None
    assert slot.lock["argon2id"] == {"memory_kib": 65536, "passes": 3, "lanes": 4}
    book = open_as(home, "1006")
    sealed = [
        (entry.content["operator"], entry.operator, entry.second_person)
        for entry in journal.entries(book.db, forms=("account_changed",))
        if entry.content["change"] == "envelope_sealed"
    ]
    book.close()
    assert sealed == [("recovery", "4002", "1006"), ("0000", "4002", "1006")]


async def test_the_app_opens_there(hall: Hall) -> None:
    """``downtime run --home`` shows the login; the supervisor is in."""
    hall.set_up("W01")
    async with Story(hall.home("W01"), operator="") as s:
        await s.press(*"1006", "enter", *SUPERVISOR[1], "enter")
        await s.until(lambda: s.app.desk)
        assert s.app.roles == ("supervisor",)


def test_nothing_is_made_from_what_is_wrong(hall: Hall) -> None:
    """A weak password, one person twice, unknown settings: refused, the folder stays empty."""
    (hall.folder / "4002.password").write_text("4002\n", "utf-8")
    weak = hall.set_up("W01")
    assert weak.code == FOUND_A_PROBLEM
    assert "4002: At least 8 characters." in weak.err
    (hall.folder / "4002.password").write_text(ADMINISTRATOR[1], "utf-8")
    assert hall.set_up("W01", administrator="1006").code == WRONG_USE
    (hall.folder / "bad.toml").write_text(_SETTINGS.format(code="W01") + "colour = 1\n", "utf-8")
    where = ["--settings", str(hall.folder / "bad.toml"), "--to", str(hall.folder / "W01")]
    assert hall.shell("setup", *where, "--administrator", "4002", "--supervisor", "1006").code == WRONG_USE
    assert not (hall.folder / "W01").exists()


def test_a_second_window_shares_the_accounts(hall: Hall) -> None:
    """Set up, join, enrol at one, pack, take at the other, log in there."""
    hall.set_up("W01")
    file, code_file = hall.folder / "joining", hall.folder / "code"
    second = ["--second", "1006", "--second-password-file", str(hall.folder / "1006.password")]
    made = hall.shell("accounts", "join-file", str(file), *hall.who("4002", "W01"), *second)
    assert made.code == FINE, made.err
    code = re.search(r"(?:\d{4} ?){5}", made.out)
    assert code
    code_file.write_text(code[0], "utf-8")
    joined = hall.set_up("W02", "--join", str(file), "--join-code-file", str(code_file))
    assert joined.code == FINE, joined.err
    one, two = hall.home("W01"), hall.home("W02")
    assert one.keys.hospital_public() == two.keys.hospital_public()
    assert one.keys.device_secret() != two.keys.device_secret()

    enrol(one)
    package = hall.folder / "accounts.pack"
    assert hall.shell("accounts", "pack", str(package), *hall.who("1006", "W01")).code == FINE
    taken = hall.shell("accounts", "take", str(package), *hall.who("1006", "W02"))
    assert taken.code == FINE
    assert "1001: new here, may log in." in taken.out
    open_as(two, "1001").close()

    closing = ["accounts", "close", "1001", "--reason", "left"]
    assert hall.shell(*closing, *hall.who("1006", "W01")).code == FINE
    assert hall.shell("accounts", "pack", str(package), *hall.who("1006", "W01")).code == FINE
    assert "1001: closed." in hall.shell("accounts", "take", str(package), *hall.who("4002", "W02")).out
    with pytest.raises(AccessRefusedError):
        open_as(two, "1001")


def test_a_joining_file_needs_its_code_and_two_people(hall: Hall) -> None:
    """A wrong code, an edited file, a supervisor alone, an existing file: refused, nothing made."""
    hall.set_up("W01")
    file, code_file = hall.folder / "joining", hall.folder / "code"
    second = ["--second", "1006", "--second-password-file", str(hall.folder / "1006.password")]
    join = ["accounts", "join-file", str(file)]
    assert hall.shell(*join, *hall.who("4002", "W01")).code == WRONG_USE
    own = ["--second", "4002", "--second-password-file", str(hall.folder / "4002.password")]
    assert hall.shell(*join, *hall.who("4002", "W01"), *own).code == WRONG_USE
    assert hall.shell(*join, *hall.who("1006", "W01"), *second).code == WRONG_USE
    assert not file.exists()
    assert hall.shell(*join, *hall.who("4002", "W01"), *second).code == FINE
    assert hall.shell(*join, *hall.who("4002", "W01"), *second).code == WRONG_USE
    code_file.write_text("1234 " * 5, "utf-8")
    wrong = hall.set_up("W02", "--join", str(file), "--join-code-file", str(code_file))
    assert wrong.code == WRONG_USE
    assert "joining code" in wrong.err
    content = file.read_bytes()
    assert hall.home("W01").keys.hospital_secret().hex().encode() not in content
    file.write_bytes(content[:200])
    damaged = hall.set_up("W02", "--join", str(file), "--join-code-file", str(code_file))
    assert damaged.code == WRONG_USE
    assert not (hall.folder / "W02").exists()


def test_the_list_for_scripts(hall: Hall) -> None:
    """One object per line; a cashier gets none."""
    hall.set_up("W01")
    enrol(hall.home("W01"))
    answer = hall.shell("accounts", "list", "--json", *hall.who("1006", "W01"))
    assert answer.code == FINE
    found = {line["operator"]: line for line in answer.lines}
    assert set(found) == {"0000", "1001", "1006", "4002"}
    assert (found["1001"]["roles"], found["1001"]["state"]) == (["cashier"], "open")
    assert hall.shell("accounts", "list", *hall.who("1001", "W01")).code == WRONG_USE
    plain = hall.shell("accounts", "list", *hall.who("1006", "W01"))
    assert "Cashier" in plain.out
    assert json.dumps(PASSWORD) not in plain.out


def test_wrong_files_are_said(hall: Hall) -> None:
    """No such package, something else, a folder that cannot be written: a sentence each, exit code 2."""
    hall.set_up("W01")
    strange = hall.folder / "strange"
    strange.write_bytes(b"PK\x03\x04")
    take = hall.shell("accounts", "take", str(strange), *hall.who("1006", "W01"))
    assert (take.code, "no accounts file" in take.err) == (WRONG_USE, True)
    nowhere = str(hall.folder / "absent" / "file")
    pack = hall.shell("accounts", "pack", nowhere, *hall.who("1006", "W01"))
    assert (pack.code, "cannot be written" in pack.err) == (WRONG_USE, True)
    nobody = hall.shell("accounts", "close", "9999", "--reason", "x", *hall.who("1006", "W01"))
    assert nobody.code == WRONG_USE
    assert hall.shell("accounts", "close", "1006", *hall.who("1006", "W01")).code == WRONG_USE
