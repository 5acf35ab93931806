"""``downtime outage``: certificate, pack and check, for IT and the auditor."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from downtime.book import OpenBook
from downtime.commands.common import FINE, FOUND_A_PROBLEM, WRONG_USE
from downtime.home import Home
from downtime.shift_report import head_code
from downtime.store import journal
from tests.downtime.builders import charge, stand
from tests.downtime.commands.shell import Shell

if TYPE_CHECKING:
    from pathlib import Path

    from tests.downtime.commands.shell import Answer


@pytest.fixture
def shell(
    practice_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    """Return a script's view of a practice station where one charge was recorded."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    book = OpenBook(
        practice_home, practice_home.keys.unlock("1001", "lianxi1001"), practice_home.current_book()
    )
    stand(book, charge())
    book.close()
    return Shell(practice_home.path, tmp_path, monkeypatch, capsys)


def _as(shell: Shell, operator: str, *arguments: str) -> Answer:
    shell.password.write_text(f"lianxi{operator}\n", "utf-8")
    given = ["--home", str(shell.home), "--operator", operator, "--password-file", str(shell.password)]
    return shell("outage", *arguments, *given)


def _outage(shell: Shell) -> str:
    home = Home(shell.home)
    book = OpenBook(home, home.keys.unlock("1001", "lianxi1001"), home.current_book())
    name = book.outage()
    book.close()
    return name


def test_certificate_and_pack_are_written_and_recorded(shell: Shell, tmp_path: Path) -> None:
    """By the name of the outage or the number of the book; an open book is said to be open."""
    paper = tmp_path / "closing.pdf"
    answer = _as(shell, "4001", "certificate", "--outage", _outage(shell), "--pdf", str(paper))
    assert answer.code == FINE
    assert paper.read_bytes().startswith(b"%PDF")
    assert "still open" in answer.out
    assert (
        _as(shell, "4001", "pack", "--book", "1", "--to", str(tmp_path / "pack"), "--language", "en").code
        == FINE
    )
    (told,) = (tmp_path / "pack").glob("*.json")
    assert json.loads(told.read_text("utf-8"))["figures"]["receipts"] == 1


def test_an_unknown_outage_or_book_is_refused(shell: Shell, tmp_path: Path) -> None:
    """Nothing is written for what is not here."""
    for asked in (("--outage", "X1999-01-01"), ("--book", "7")):
        assert (
            _as(shell, "4001", "certificate", *asked, "--pdf", str(tmp_path / "none.pdf")).code == WRONG_USE
        )
    assert not (tmp_path / "none.pdf").exists()


def test_a_cashier_sees_no_sums_before_the_blind_count(shell: Shell, tmp_path: Path) -> None:
    """It needs the right of the self-inspection."""
    assert _as(shell, "1001", "certificate", "--pdf", str(tmp_path / "none.pdf")).code == WRONG_USE


def test_a_code_is_held_against_the_books(shell: Shell) -> None:
    """Yes with book and position, no with exit code 1, and no code at all."""
    home = Home(shell.home)
    book = OpenBook(home, home.keys.unlock("1001", "lianxi1001"), home.current_book())
    seq, head, _first = journal.head(book.db)
    book.close()
    assert head is not None
    assert _as(shell, "4001", "check", head_code(seq, head)).code == FINE
    assert _as(shell, "4001", "check", head_code(seq, bytes(32))).code == FOUND_A_PROBLEM
    assert _as(shell, "4001", "check", "12345").code == WRONG_USE
