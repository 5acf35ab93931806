"""``downtime shift`` and ``downtime numbers``: for the supervisor and the auditor, and for scripts."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING

from downtime.book import OpenBook
from downtime.commands.common import FINE, FOUND_A_PROBLEM, WRONG_USE
from downtime.home import Home
from downtime.shift import opening
from downtime.shift_report import head_code
from downtime.store import journal
from tests.downtime.builders import charge, reversal, stand
from tests.downtime.shifts import blind_count, close_shift

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.downtime.commands.shell import Shell


def _at_the_window(shell: Shell, act: Callable[[OpenBook], object]) -> None:
    home = Home(shell.home)
    book = OpenBook(home, home.keys.unlock("1001", "lianxi1001"), home.current_book())
    act(book)
    book.close()


def _a_shift(book: OpenBook) -> None:
    stand(book, opening(book, float_minor=20_000))
    stand(book, charge())
    close_shift(book, 22_500, left_minor=20_000)


def test_the_auditor_reads_a_closed_shift(shell: Shell) -> None:
    """Listed, as text, as JSON; by its label or the last one."""
    _at_the_window(shell, _a_shift)
    listed = shell.by("4003", "shift", "list", "--json")
    (line,) = listed.lines
    assert (line["shift"], line["counted_minor"], line["over_short_minor"]) == ("W03A01-1", 22_500, 0)
    assert "W03A01-1" in shell.by("1006", "shift", "list").out
    answer = shell.by("4003", "shift", "report", "--shift", "W03A01-1", "--json")
    assert answer.code == FINE
    content = json.loads(answer.out)
    assert content["expected_minor"]["cash"] == 22_500
    assert content["figures"]["numbers"]["used"] == 1
    assert "225.00" in shell.by("4003", "shift", "report").out


def test_the_report_as_a_pdf(shell: Shell, tmp_path: Path) -> None:
    """A file only its owner reads; an older one is replaced."""
    _at_the_window(shell, _a_shift)
    target = tmp_path / "shift.pdf"
    for _twice in range(2):
        assert shell.by("4003", "shift", "report", "--pdf", str(target)).code == FINE
    assert target.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(target.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR


def test_an_open_shift_has_no_report_yet(shell: Shell) -> None:
    """It is counted blind: nobody reads beforehand what should be in the drawer."""
    _at_the_window(shell, lambda book: stand(book, opening(book, float_minor=100)))
    answer = shell.by("1006", "shift", "report")
    assert answer.code == WRONG_USE
    assert "shift list" in answer.err
    assert shell.by("1006", "shift", "list").code == FINE


def test_a_printed_report_is_held_against_the_journal(shell: Shell) -> None:
    """The code of the paper leads to exactly this entry, or it says no."""
    codes: list[str] = []

    def close(book: OpenBook) -> None:
        _a_shift(book)
        entry = journal.last_of_form(book.db, "shift_closed")
        assert entry is not None
        codes.extend([head_code(entry.seq, entry.hash), head_code(entry.seq, bytes(32))])

    _at_the_window(shell, close)
    genuine, other = codes
    assert shell.by("4003", "shift", "check", genuine).code == FINE
    answer = shell.by("4003", "shift", "check", other)
    assert (answer.code, answer.out[:3]) == (FOUND_A_PROBLEM, "NO:")
    assert shell.by("4003", "shift", "check", "0123").code == WRONG_USE


def test_every_number_is_listed(shell: Shell) -> None:
    """Used, void and unused, with who held them; exit code 1 only where one is missing."""

    def some(book: OpenBook) -> None:
        first = stand(book, charge())
        stand(book, charge())
        stand(book, reversal(first))

    _at_the_window(shell, some)
    answer = shell.by("4003", "numbers", "list", "--json")
    assert answer.code == FINE
    assert [(line["state"], line["count"]) for line in answer.lines] == [
        ("void", 1), ("used", 1), ("used", 1), ("unused", 19_997),
    ]  # fmt: skip
    assert {line["held_by"] for line in answer.lines[:3]} == {"1001"}
    only = shell.by("4003", "numbers", "list", "--json", "--state", "void").lines
    assert [line["first"] for line in only] == [answer.lines[0]["first"]]
    text = shell.by("4003", "numbers", "list").out
    assert "not used yet 19997" in text


def test_a_block_is_given_once(shell: Shell) -> None:
    """What this station was given already is refused; the next free number is named; the app may be open."""
    assert shell.by("4001", "numbers", "add", "20001", "20100").code == FINE
    again = shell.by("4001", "numbers", "add", "20050", "20200")
    assert again.code == WRONG_USE
    assert "20101" in again.err
    more = shell.by("4001", "numbers", "add", "900000", "900000")
    assert "20101 receipt numbers are left." in more.out


def test_whoever_counts_blind_is_told_no_drawer(shell: Shell) -> None:
    """Until the cash is counted the cashier reads no sum of the drawer, as text or as JSON; afterwards they do."""
    _at_the_window(shell, lambda book: stand(book, opening(book, float_minor=20_000)))
    _at_the_window(shell, lambda book: stand(book, charge()))
    assert json.loads(shell.by("1001", "standing", "--json").out)["drawer"] is None
    said = shell.by("1001", "standing").out
    assert "Drawer\n  shown once it is counted\n" in said
    assert json.loads(shell.by("4001", "standing", "--json").out)["drawer"], "who takes no cash reads on"
    _at_the_window(shell, lambda book: stand(book, blind_count(book, 22_500)))
    assert json.loads(shell.by("1001", "standing", "--json").out)["drawer"]
