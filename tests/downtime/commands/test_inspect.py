"""``downtime inspect``: the same facts for scripts, the page and the draft as files, for whoever may inspect."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from docx import Document
from pypdf import PdfReader

from downtime.commands.common import FINE, WRONG_USE
from downtime.inspection_controls import FILE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.downtime.commands.shell import Shell


def test_scripts_get_counts_and_facts(shell: Shell) -> None:
    """Everything found as JSON; the sums add up; every control says where its facts come from."""
    answer = shell.by("4003", "inspect", "--json")
    assert answer.code == FINE
    told = json.loads(answer.out)
    assert told["total"] == len(told["controls"]) == sum(told["counts"].values())
    assert told["total"] == sum(block["total"] for block in told["blocks"].values())
    assert all(fact["from"] for one in told["controls"] for fact in one["facts"])
    by_id = {one["id"]: one for one in told["controls"]}
    assert by_id["encryption"]["state"] == "evidence"
    assert by_id["drills"]["state"] == "missing"


def test_page_and_draft_are_written_and_audited(shell: Shell, tmp_path: Path) -> None:
    """A PDF, a .docx, the same as Markdown beside it; private files; the audit names them."""
    page, report = tmp_path / "page.pdf", tmp_path / "report.docx"
    answer = shell.by("4002", "inspect", "--pdf", str(page), "--report", str(report), "--language", "en")
    assert answer.code == FINE
    assert "Missing" in answer.out
    assert "Requirement" in PdfReader(page).pages[0].extract_text()
    assert Document(str(report)).tables
    assert report.with_suffix(".md").read_text("utf-8").startswith("# Draft report")
    assert {path.stat().st_mode & 0o077 for path in (page, report)} == {0}
    audited = shell.by("4003", "audit", "--by", "4002").lines
    (line,) = [one for one in audited if one["event"] == "inspection_written"]
    assert line["subject"] == "page.pdf"


def test_who_may_not_inspect_gets_nothing(shell: Shell, tmp_path: Path) -> None:
    """A cashier is refused and no file is written."""
    page = tmp_path / "page.pdf"
    assert shell.by("1001", "inspect", "--pdf", str(page)).code == WRONG_USE
    assert not page.exists()


def test_a_bad_controls_file_is_named(shell: Shell) -> None:
    """File, line and remedy on standard error, and nothing on standard output."""
    (shell.home / FILE).write_text("format = 1\ncolour = 2\n", "utf-8")
    answer = shell.by("4003", "inspect")
    assert (answer.code, answer.out) == (WRONG_USE, "")
    assert f"{FILE} line 2" in answer.err


def test_a_report_is_called_docx(shell: Shell, tmp_path: Path) -> None:
    """Another ending is wrong use, before anything is looked at."""
    assert shell.by("4003", "inspect", "--report", str(tmp_path / "report.doc")).code == WRONG_USE
