"""``downtime worksheet``: the own entries on paper, another's for supervisors, and the site's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.book import OpenBook
from downtime.commands.common import FINE, WRONG_USE
from downtime.home import Home
from downtime.store import journal
from downtime.worksheet_template import shipped_text, template_path
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
    return shell("worksheet", *arguments, *given)


def test_the_own_entries(shell: Shell, tmp_path: Path) -> None:
    """The sheet is written and recorded; printed again it says that it was; who has none gets no file."""
    answer = _as(shell, "1001", "--pdf", str(tmp_path / "1.pdf"))
    assert (answer.code, answer.err) == (FINE, "")
    assert "Sheet W03-1: 1 entries, 0 of them printed before" in answer.out
    assert (tmp_path / "1.pdf").read_bytes().startswith(b"%PDF")
    assert "1 of them printed before" in _as(shell, "1001", "--pdf", str(tmp_path / "2.pdf")).out
    answer = _as(shell, "1002", "--pdf", str(tmp_path / "3.pdf"))
    assert "Nothing is left to type in" in answer.out
    assert not (tmp_path / "3.pdf").exists()
    home = Home(shell.home)
    book = OpenBook(home, home.keys.unlock("1001", "lianxi1001"), home.current_book())
    assert len(list(journal.entries(book.db, forms=("worksheet_printed",)))) == 2
    book.close()


def test_anothers_entries_are_for_supervisors_and_it(shell: Shell, tmp_path: Path) -> None:
    """A cashier prints no other's sheet; IT prints one person's, or everybody's."""
    refused = _as(shell, "1002", "--of", "1001", "--pdf", str(tmp_path / "1.pdf"))
    assert refused.code == WRONG_USE
    assert _as(shell, "1002", "--everybody", "--pdf", str(tmp_path / "1.pdf")).code == WRONG_USE
    assert not (tmp_path / "1.pdf").exists()
    assert _as(shell, "4001", "--of", "1001", "--pdf", str(tmp_path / "1.pdf")).code == FINE
    assert _as(shell, "4001", "--everybody", "--all", "--pdf", str(tmp_path / "2.pdf")).code == FINE


def test_wrong_use_is_said(shell: Shell, tmp_path: Path) -> None:
    """No file named, both whose and everybody, an outage nobody knows, a file that is there: said, nothing written."""
    assert _as(shell, "4001").code == WRONG_USE
    both = _as(shell, "4001", "--of", "1001", "--everybody", "--pdf", str(tmp_path / "1.pdf"))
    assert both.code == WRONG_USE
    unknown = _as(shell, "1001", "--outage", "nowhere", "--pdf", str(tmp_path / "1.pdf"))
    assert (unknown.code, "nowhere" in unknown.err) == (WRONG_USE, True)
    (tmp_path / "1.pdf").write_bytes(b"kept")
    assert _as(shell, "1001", "--pdf", str(tmp_path / "1.pdf")).code == WRONG_USE
    assert (tmp_path / "1.pdf").read_bytes() == b"kept"


def test_the_sites_order_is_shown_and_checked(shell: Shell, tmp_path: Path) -> None:
    """``template show`` is the file to begin with; ``check`` says whether one is right, before it is in force."""
    shown = shell("worksheet", "template", "show")
    assert (shown.code, shown.out) == (FINE, shipped_text())
    assert shell("worksheet", "template", "check", "--home", str(shell.home)).code == WRONG_USE
    file = tmp_path / "own.toml"
    file.write_text(shown.out, "utf-8")
    assert shell("worksheet", "template", "check", str(file)).code == FINE
    file.write_text("[forms.charge]\nhead = ['nonsense']\n", "utf-8")
    wrong = shell("worksheet", "template", "check", str(file))
    assert wrong.code == WRONG_USE
    assert "own.toml line 2" in wrong.err
    path = template_path(shell.home)
    path.parent.mkdir(exist_ok=True)
    path.write_text(file.read_text("utf-8"), "utf-8")
    assert _as(shell, "1001", "--pdf", str(tmp_path / "1.pdf")).code == WRONG_USE
    assert not (tmp_path / "1.pdf").exists()
