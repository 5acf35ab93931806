"""The exported journal, and the second verifier that shares no code with the app."""

from __future__ import annotations

import ast
import hashlib
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from downtime import verify_export
from downtime.errors import StopRecordingError, WrongPlaceError
from downtime.export import export_journal
from downtime.store.headlog import RECORD_BYTES
from downtime.store.sqlite import open_database
from downtime.verify import verify_book
from tests.downtime.builders import (
    arrears,
    by,
    cash,
    charge,
    line,
    make_home,
    open_current,
    reversal,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home

SECOND_VERIFIER = Path(verify_export.__file__)
Lines = list[dict[str, Any]]


@pytest.fixture
def exported(cheap_home: Home, tmp_path: Path) -> Path:
    """Return the export of a book with charges, money by three methods, and a reversal."""
    book = open_current(cheap_home)
    stand(
        book,
        charge(
            [line(price=1000, quantity="1")], payments=[cash(400, 500), by("card", 350), by("mobile", 250)]
        ),
    )
    stand(book, arrears([line("D001", 300, "2", "drug")]))
    stand(book, reversal(stand(book, charge())))
    book.close()
    target = tmp_path / "book.jsonl"
    assert export_journal(cheap_home, unlock(cheap_home), cheap_home.current_book(), target) == 11
    return target


def _run(path: Path, *more: str) -> tuple[int, str]:
    answer = subprocess.run(
        [sys.executable, "-I", str(SECOND_VERIFIER), str(path), *more],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        cwd=path.parent,
        check=False,
    )
    assert answer.stderr == ""
    return answer.returncode, answer.stdout


def _changed(path: Path, change: Callable[[Lines], None]) -> Path:
    lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    change(lines)
    damaged = path.with_name("changed.jsonl")
    damaged.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), "utf-8")
    return damaged


def test_a_good_export_holds(exported: Path) -> None:
    """Counts, sums per unit and money by method are told in both languages, exit code 0."""
    code, said = _run(exported)
    assert code == 0, said
    for told in (
        "条目 / entries: 11",
        "收款 / collected cash CNY: 400",
        "collected card CNY: 350",
        "mobile CNY: 250",
    ):
        assert told in said
    assert "CNY: 发生额 / moved" in said
    assert "合计 / sum 0" in said
    assert said.strip().endswith("全部相符 / all of it holds")


def test_the_export_is_for_its_owner_alone_and_complete(exported: Path) -> None:
    """It holds names; and a file that was cut short is never left under the final name."""
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    assert not list(exported.parent.glob("*.part"))
    lines = [json.loads(text) for text in exported.read_text("utf-8").splitlines()]
    assert set(lines[0]) >= {
        "format",
        "v",
        "hospital",
        "station",
        "incarnation",
        "book",
        "previous_head",
        "public_keys",
    }
    assert lines[-1]["end"] == {"entries": 11, "heads": 5, "head": lines[11]["hash"]}


def test_the_second_verifier_imports_nothing_of_ours() -> None:
    """Standard library and cryptography only, in a file one can read in one sitting."""
    tree = ast.parse(SECOND_VERIFIER.read_text("utf-8"))
    roots = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or "."]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert roots <= {*sys.stdlib_module_names, "cryptography"}
    assert len(SECOND_VERIFIER.read_text("utf-8").splitlines()) <= 300


def test_the_key_from_outside_decides(exported: Path, tmp_path: Path) -> None:
    """With the station's key from paper a forged file is refused, a true one is not."""
    key = next(iter(json.loads(exported.read_text("utf-8").splitlines()[0])["public_keys"].values()))
    code, said = _run(exported, "--key", key.upper())
    assert code == 0
    assert "核对过 / as given" in said
    stranger = make_home(tmp_path / "stranger")
    forged = tmp_path / "forged.jsonl"
    export_journal(stranger, unlock(stranger), stranger.current_book(), forged)
    assert _run(forged)[0] == 0
    assert _run(forged, "--key", key)[0] == 1


def test_wrong_use_is_exit_code_2(exported: Path) -> None:
    """No file, no such file, an option nobody knows."""
    assert _run(exported.parent / "absent.jsonl")[0] == 2
    assert _run(exported, "--unknown", "x")[0] == 2


def _drop(number: int) -> Callable[[Lines], None]:
    def change(lines: Lines) -> None:
        del lines[number]

    return change


def _set(number: int, *path: str, to: Any) -> Callable[[Lines], None]:
    def change(lines: Lines) -> None:
        place = lines[number]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


def _sealed_otherwise(number: int, old: str, new: str) -> Callable[[Lines], None]:
    def change(lines: Lines) -> None:
        assert old in lines[number]["sealed"]
        lines[number]["sealed"] = lines[number]["sealed"].replace(old, new)

    return change


def _rechained(lines: Lines) -> None:
    """Change an amount and mend the whole chain, as somebody without the station's key can."""
    previous = ""
    for one in lines:
        if "sealed" not in one:
            continue
        sealed = one["sealed"].replace("练习病人甲", "练习病人乙")
        if previous:
            sealed = sealed.replace(json.loads(one["sealed"])["envelope"]["previous_hash"], previous)
        before = bytes.fromhex(json.loads(sealed)["envelope"]["previous_hash"])
        inner = hashlib.sha256(bytes.fromhex(one["salt"]) + sealed.encode()).digest()
        one["sealed"] = sealed
        previous = hashlib.sha256(b"\x01" + one["seq"].to_bytes(8, "big") + before + inner).hexdigest()
        one["hash"] = previous
    lines[-1]["end"]["head"] = previous


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_drop(0), "line 1 cannot be read"),
        (_drop(4), "entry 4 is missing"),
        (_drop(11), "entry 10 has no signed head"),
        (_drop(12), "entry 1 has no signed head"),
        (_drop(16), "counts differ"),
        (_drop(17), "cut short"),
        (_set(0, "hospital", to="X"), "breaks at entry 1"),
        (_set(0, "book", to=2), "breaks at entry 1"),
        (_set(0, "previous_head", to="00"), "breaks at entry 1"),
        (_set(0, "v", to=2), "not a journal export"),
        (_set(0, "drill", to=True), "does not belong"),
        (_set(4, "hash", to="00" * 32), "breaks at entry 4"),
        (_set(4, "salt", to="00" * 16), "breaks at entry 4"),
        (_set(4, "seq", to=9), "entry 4 is missing"),
        (_sealed_otherwise(4, "练习病人甲", "练习病人乙"), "breaks at entry 4"),
        (_set(13, "head", "signature", to="00" * 64), "signature of entry 5 is wrong"),
        (_set(13, "head", "head", to="00" * 32), "entry 5 is not what was signed"),
        (_set(17, "end", "entries", to=9), "counts differ"),
        (_rechained, "is not what was signed"),
        (lambda lines: lines.append({"x": 1}), "after the end line"),
        (lambda lines: lines.insert(5, {"odd": 1.5}), "line 6 cannot be read"),
    ],
)
def test_what_was_changed_is_named(exported: Path, change: Callable[[Lines], None], told: str) -> None:
    """Any line missing, added or changed: exit code 1 and the place."""
    code, said = _run(_changed(exported, change))
    assert code == 1
    assert told in said
    assert said.startswith("有问题 / NOT GOOD: ")


def test_a_file_cut_anywhere_is_not_good(exported: Path) -> None:
    """However far a copy got before the stick was pulled."""
    whole = exported.read_bytes()
    cut = exported.with_name("cut.jsonl")
    for at in range(0, len(whole) - 1, 1499):
        cut.write_bytes(whole[:at])
        with pytest.raises(verify_export.NotGoodError):
            verify_export.verify(cut, None)
    cut.write_bytes(whole[:-1])
    assert verify_export.verify(cut, None)


def test_both_verifiers_agree_on_a_damaged_journal(cheap_home: Home, exported: Path) -> None:
    """What was changed by somebody with the book's key, both name at the same entry."""
    paths, ring = cheap_home.current_book(), unlock(cheap_home)
    assert verify_book(cheap_home, ring, paths).whole
    assert _run(exported)[0] == 0
    db = open_database(paths.journal, ring.book_key(1))
    db.execute("DROP TRIGGER entry_no_UPDATE")
    db.execute("UPDATE entry SET sealed=CAST(replace(CAST(sealed AS TEXT), '甲', '乙') AS BLOB) WHERE seq=6")
    db.close()
    first = verify_book(cheap_home, ring, paths).first
    assert first is not None
    assert first.position == 6
    export_journal(cheap_home, ring, paths, exported)
    code, said = _run(exported)
    assert (code, "breaks at entry 6" in said) == (1, True)


def test_an_unsigned_end_is_not_good(cheap_home: Home, exported: Path) -> None:
    """Anybody could have added entries that no head signs."""
    log = cheap_home.current_book().head_log
    log.write_bytes(log.read_bytes()[:-RECORD_BYTES])
    export_journal(cheap_home, unlock(cheap_home), cheap_home.current_book(), exported)
    assert "entries from 10 on are not signed" in _run(exported)[1]


def test_a_place_that_cannot_be_written_is_said(cheap_home: Home, exported: Path) -> None:
    """The older export stays, and the error names what to do."""
    before = exported.read_bytes()
    with pytest.raises(WrongPlaceError):
        export_journal(cheap_home, unlock(cheap_home), cheap_home.current_book(), exported / "inside-a-file")
    assert exported.read_bytes() == before


def test_a_journal_that_breaks_off_is_not_exported(cheap_home: Home, exported: Path) -> None:
    """Half a journal under the name of a whole one would be a lie."""
    paths = cheap_home.current_book()
    stored = bytearray(paths.journal.read_bytes())
    for page in range(2, len(stored) // 4096):
        stored[page * 4096 + 50] ^= 1
    paths.journal.write_bytes(bytes(stored))
    before = exported.read_bytes()
    with pytest.raises((StopRecordingError, WrongPlaceError)):
        export_journal(cheap_home, unlock(cheap_home), paths, exported)
    assert exported.read_bytes() == before


def test_both_run_in_one_process(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The second verifier can be called as well as started."""
    assert verify_export.main([str(exported)]) == 0
    assert verify_export.main([]) == 2
    assert "usage" in capsys.readouterr().out
