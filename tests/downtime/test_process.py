"""A program keeps its files, its memory and its failures to itself; planted patients and keys are searched for."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from downtime.record import new_entry_id
from tests.downtime.builders import registration
from tests.sync.intake_sets import put_set

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
NAME = "标记病人柒捌玖"
ID_NUMBER = "110101199003079996"
PHONE = "13900009996"
ADDRESS = "标记路九十六号"
PASSWORD = "Marked-Password-9996"
HIS_PASSWORD = "marked-his-9996"
MARKS = (NAME, ID_NUMBER, PHONE, ADDRESS, PASSWORD, HIS_PASSWORD)

_LOOK = """
import ctypes, importlib, json, os, resource, stat, sys
module = importlib.import_module(sys.argv[1])
def look(*_command):
    open("made", "w").close()
    os.mkdir("folder")
    print(json.dumps({
        "file": stat.S_IMODE(os.stat("made").st_mode), "folder": stat.S_IMODE(os.stat("folder").st_mode),
        "core": resource.getrlimit(resource.RLIMIT_CORE), "dumpable": ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)}))
    return 0
module.run_command = look
module.main()
"""
_CRASH = """
import sys
from downtime.process import keep_to_itself
keep_to_itself()
class Held(Exception):
    def __str__(self): return sys.argv[1]
def work(patient):
    try:
        raise ValueError(patient)
    except ValueError as error:
        raise Held(patient) from error
if sys.argv[2] == "thread":
    import threading
    thread = threading.Thread(target=work, args=(sys.argv[1],)); thread.start(); thread.join()
else:
    work(sys.argv[1])
"""
_APP = """
import sys
from pathlib import Path
from downtime.desk import Desk
def broken(self, form, *_rest, **_more):
    patient = form.model_dump_json()
    raise RuntimeError(patient)
Desk.recording = broken
Desk.record = broken
from downtime.__main__ import main
sys.argv = ["downtime", "run", "--home", sys.argv[1], "--language", "en"]
main()
"""


@linux
@pytest.mark.parametrize("program", ["downtime.__main__", "sync.__main__"])
def test_every_program_closes_its_files_and_memory_first(tmp_path: Path, program: str) -> None:
    """Before a command runs: files 0600, folders 0700, no core file, no dump piped to another program."""
    import resource

    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)

    def loose() -> None:
        os.umask(0o022)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    answer = subprocess.run(
        [sys.executable, "-c", _LOOK, program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=loose,
    )
    assert json.loads(answer.stdout) == {"file": 0o600, "folder": 0o700, "core": [0, 0], "dumpable": 0}


@pytest.mark.parametrize("where", ["main", "thread"])
def test_a_crash_says_where_and_of_which_kind_but_not_what(where: str) -> None:
    """The text of an exception may be a patient."""
    answer = subprocess.run(
        [sys.executable, "-c", _CRASH, NAME, where], capture_output=True, text=True, check=False
    )
    assert "Held <- ValueError" in answer.stderr
    assert "line" in answer.stderr
    assert NAME not in answer.stdout + answer.stderr


class _Story:
    """Programs started in a home of their own, and everything they said."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder, self.said = home, folder, b""
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.environment = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "HOME": str(self.temporary),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
        }
        for named in ("NO_COLOR", "COLUMNS", "LINES"):
            self.environment.pop(named, None)

    def run(self, *arguments: str, given: str = "", operator: str = "1001", password: str = "") -> int:
        file = self.folder / "password"
        file.write_text((password or f"lianxi{operator}") + "\n", "utf-8")
        command = [sys.executable, "-m", *arguments, "--home", str(self.home.path)]
        command += ["--operator", operator, "--password-file", str(file)]
        answer = subprocess.run(
            command, input=given.encode(), env=self.environment, capture_output=True, check=False
        )
        file.unlink()
        self.said += answer.stdout + answer.stderr
        return answer.returncode


def _marked_registration() -> str:
    content = registration(identity="known").model_dump(mode="json")
    marked = {
        "name": NAME,
        "id_kind": "national_id",
        "id_number": ID_NUMBER,
        "phone": PHONE,
        "address": ADDRESS,
    }
    content["patient"] |= marked
    return json.dumps({"form": "registration", "id": new_entry_id(), "content": content}, ensure_ascii=False)


@pytest.fixture
def story(practice_home: Home, tmp_path: Path) -> _Story:
    """Return a practice station to be searched afterwards."""
    return _Story(practice_home, tmp_path)


def _keys(home: Home) -> dict[str, bytes]:
    ring = home.keys.unlock("1001", "lianxi1001")
    found = {"data": ring.data_key, "reference": ring.reference_key(), "book": ring.book_key(1)}
    found["station"] = ring.open_secret("stations/A.json")[0]
    found["hospital"] = ring.open_secret("hospital.json")[0]
    if ring.personal is not None:
        found["own"] = ring.personal.seed
    return found


def _leaks(story: _Story, marks: tuple[str, ...], besides: tuple[str, ...] = ()) -> list[str]:
    """Return where a mark or a key stands: on a console, in a temporary file, in the home."""
    wanted = {mark: (mark.encode(), json.dumps(mark).strip('"').encode()) for mark in marks}
    wanted |= {name: (key, key.hex().encode()) for name, key in _keys(story.home).items()}
    places = {"console": story.said}
    for top in (story.home.path, story.temporary):
        for path in top.rglob("*"):
            if path.is_file() and not path.is_symlink():
                places[str(path.relative_to(story.folder))] = path.read_bytes()
    return [
        f"{name} in {place}"
        for place, content in places.items()
        if not any(part in place for part in besides)
        for name, forms in wanted.items()
        if any(form in content for form in forms)
    ]


def test_planted_patients_and_keys_stand_nowhere_in_the_clear(story: _Story, practice_home: Home) -> None:
    """Recorded, refused, failing and crashing programs leave nothing on consoles, in logs or temporary files."""
    good = _marked_registration()
    assert story.run("downtime", "record", "-", given=good + "\n") == 0
    bad = json.loads(good)
    bad["id"], bad["content"]["patient"]["birth_date"] = "another", NAME
    broken = json.dumps(bad, ensure_ascii=False)
    assert story.run("downtime", "record", "-", given=f"{broken}\n{good[:-9]}\n") == 1
    assert story.run("downtime", "verify", password=PASSWORD) == 2
    settings = practice_home.path / "station.toml"
    kept = settings.read_text("utf-8")
    url = f"postgresql+psycopg://his:{HIS_PASSWORD}@127.0.0.1:9/his"
    settings.write_text(f'{kept}\n[connectors.sqlstaging]\nurl = "{url}"\n', "utf-8")
    story.run("sync", "once", "--connector", "sqlstaging")
    settings.write_text(kept, "utf-8")
    inbox = practice_home.path / "inbox" / "bad-set"
    twice = f"{ID_NUMBER},{NAME},{PHONE}\n" * 2
    shifted = f"{NAME},{ID_NUMBER}\n"
    put_set(inbox, {"patients.csv": ("patients", f"number,name,phone\n{twice}{shifted}".encode())}, version=9)
    assert story.run("sync", "intake", operator="4001") == 1
    story.run("downtime", "standing", "--json")
    assert story.run("sync", "once", "--connector", "practice") in {0, 1}
    his_and_its_set = ("practice-his.db", "inbox/bad-set/patients.csv")
    assert _leaks(story, MARKS, besides=his_and_its_set) == []


def test_a_crash_of_the_app_leaves_no_patient_on_the_console(story: _Story, practice_home: Home) -> None:
    """Typed in, then the recording fails in a way nobody thought of."""
    pexpect: Any = pytest.importorskip("pexpect")
    child = pexpect.spawn(
        sys.executable,
        ["-c", _APP, str(practice_home.path)],
        dimensions=(45, 160),
        env=story.environment,
        timeout=60,
    )
    with (story.folder / "sent").open("wb") as log:
        child.logfile_read = log
        child.expect(b"Password")
        child.send("1001\r")
        child.send("lianxi1001\r")
        child.expect(b"F2")
        child.send("4")
        child.expect(b"(?i)name")
        child.send(NAME + "\r")
        child.expect(NAME.encode())
        child.send("2")
        child.send("45")
        child.send("\x1b[19~")  # F8
        child.expect(pexpect.EOF)
    child.close()
    after = (story.folder / "sent").read_bytes().rpartition(b"\x1b[?1049l")[2]
    (story.folder / "sent").unlink()
    story.said = after
    assert b"RuntimeError" in after
    assert _leaks(story, MARKS) == []


@linux
def test_a_new_station_is_its_owners_alone(tmp_path: Path) -> None:
    """Made under a loose umask: every folder 0700, every file 0600."""
    place = tmp_path / "station"
    subprocess.run(
        [sys.executable, "-m", "downtime", "demo", "--prepare", "--home", str(place)],
        capture_output=True,
        check=True,
        umask=0o022,
    )
    modes = {
        str(path.relative_to(place)): (path.is_dir(), stat.S_IMODE(path.stat().st_mode))
        for path in place.rglob("*")
    }
    assert {
        name: oct(mode) for name, (is_dir, mode) in modes.items() if mode != (0o700 if is_dir else 0o600)
    } == {}


def test_the_search_would_find_a_patient_or_a_key(story: _Story) -> None:
    """A name on a console, an escaped one in a temporary file, a key in hex in the home."""
    story.said = f"patient {NAME}".encode()
    (story.temporary / "left.json").write_text(json.dumps({"name": ADDRESS}), "ascii")
    key = _keys(story.home)["book"]
    (story.home.path / "log").write_text(f"PRAGMA key=\"x'{key.hex()}'\"", "ascii")
    assert sorted(_leaks(story, MARKS)) == sorted(
        [f"{NAME} in console", f"{ADDRESS} in tmp/left.json", "book in practice/log"]
    )
