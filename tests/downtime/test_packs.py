"""Packs of paper forms: a ledger out of entries, from book to book, and a sign-off that waits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from downtime.approvals import approve
from downtime.commands import downtime
from downtime.commands.common import FINE, FOUND_A_PROBLEM, WRONG_USE, run_command
from downtime.errors import RefusedInputError
from downtime.late import LateHead, Paper, beside
from downtime.pack_ledger import ledger_in
from downtime.pack_number import PaperNumber
from downtime.pack_obstacles import paper_unaccounted
from downtime.pack_report import as_plain, as_text
from downtime.packs import Run, issue, new_pack, spoil, take_back
from downtime.record import Recorded, new_entry_id, record, record_event, record_station_form
from downtime.sealing import Filled
from downtime.station import open_new_book
from forms.paper_late import PaperConflict, PaperConflictSettled
from tests.downtime.builders import (
    OPERATOR,
    PASSWORD,
    SECOND,
    SECOND_PASSWORD,
    charge,
    make_home,
    open_current,
    unlock,
)
from tests.downtime.papers import NOW, WRITTEN, give_out, type_in

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.home import Home


@pytest.fixture
def pack(open_book: OpenBook) -> OpenBook:
    """Return a book with a pack of five charge forms in the hands of somebody."""
    give_out(open_book)
    return open_book


def test_everything_adds_up(pack: OpenBook) -> None:
    """Typed in, void, lost, returned and missing come to what was printed; every number is in one of them."""
    stand_typed = type_in(pack, 1)
    assert isinstance(stand_typed, Recorded)
    record_event(pack, spoil(pack, Run("W03A", 2, 2), "void", "写坏"))
    record_event(pack, take_back(pack, Run("W03A", 4, 5)))
    ledger = ledger_in(pack.db)
    (line,) = as_plain(ledger)["packs"][:1]
    assert (line["used"], line["void"], line["missing"]) == (1, 1, ["W03A-P000003-6"])
    lines = as_plain(ledger)["packs"]
    assert sum(one["forms"] for one in lines) == 5
    assert sum(one["returned"] for one in lines) == 2
    assert any("MISSING" in text or "未交代" in text for text in as_text(ledger))


def test_a_number_left_out_in_the_middle_is_skipped(pack: OpenBook) -> None:
    """Whoever typed 3 and not 2 is asked about 2, not about 4 and 5."""
    for count in (1, 3):
        type_in(pack, count)
    ledger = ledger_in(pack.db)
    assert ledger.skipped(ledger.packs[0]) == [2]
    assert [count for _series, count in ledger.missing()] == [2, 4, 5]


def test_what_was_typed_in_stays_typed_in(pack: OpenBook) -> None:
    """A form that stands in the journal can be neither returned nor declared void."""
    type_in(pack, 1)
    with pytest.raises(RefusedInputError, match="已补录"):
        take_back(pack, Run("W03A", 1, 2))
    with pytest.raises(RefusedInputError, match="已补录"):
        spoil(pack, Run("W03A", 1, 1), "void", "x")


def test_forms_of_no_pack_are_listed(pack: OpenBook) -> None:
    """A number nobody printed is recorded with its mark, and named in the report."""
    number = str(PaperNumber("W09A", 7))
    entry = new_entry_id()
    head = LateHead(Paper(number, "charge", odd=("no_pack",)), WRITTEN, "", "不明")
    late = beside(head, entry, NOW, (2500, 2500))
    assert isinstance(record(pack, Filled(charge(), entry, WRITTEN, beside=late)), Recorded)
    assert as_plain(ledger_in(pack.db))["of_no_pack"] == [number]


def test_a_supervisor_explains_a_lost_form_alone(open_book: OpenBook) -> None:
    """The person of the practice home is a supervisor too; see below for somebody who is not."""
    give_out(open_book)
    filled = Filled(spoil(open_book, Run("W03A", 1, 1), "lost", "找不到"), new_entry_id())
    assert isinstance(record_station_form(open_book, filled), Recorded)


def test_numbers_go_on_in_the_next_book(tmp_path: Path) -> None:
    """The series never runs back; who holds what comes along, and what was used is known to be."""
    home = make_home(tmp_path / "home")
    book = open_current(home)
    give_out(book)
    type_in(book, 1)
    book.close()
    book = open_new_book(home, unlock(home))
    ledger = ledger_in(book.db)
    assert new_pack(book, "deposit", 3).first == 6
    assert ledger.forms["W03A", 1].state == "used"
    assert (ledger.forms["W03A", 2].state, ledger.forms["W03A", 2].holder) == ("issued", "1001")
    book.close()


def _kinds(home: Home) -> list[str]:
    return [one.kind for one in paper_unaccounted(home, unlock(home), 1)]


def test_sign_off_waits_for_missing_forms(tmp_path: Path) -> None:
    """A form nobody accounts for stops it; typed in, returned or explained later, it no longer does."""
    home = make_home(tmp_path / "home")
    book = open_current(home)
    give_out(book)
    type_in(book, 1)
    book.close()
    book = open_new_book(home, unlock(home))
    assert _kinds(home) == ["paper_missing"]
    type_in(book, 2)
    record_event(book, spoil(book, Run("W03A", 3, 3), "lost", "找不到"))
    record_event(book, take_back(book, Run("W03A", 4, 5)))
    record_event(book, issue(book, Run("W03A", 4, 5), "person", "1001", ""))  # the next outage's matter
    book.close()
    assert _kinds(home) == []


def test_sign_off_waits_for_a_difference(tmp_path: Path) -> None:
    """The same number with two amounts is settled by somebody who looked at the paper."""
    home = make_home(tmp_path / "home")
    book = open_current(home)
    give_out(book, 1)
    first = type_in(book, 1)
    assert isinstance(first, Recorded)
    conflict = PaperConflict(
        entry_id=first.entry.id,
        paper_number="W03A-P000001-0",
        typed_form="charge",
        typed={},
        written_at=WRITTEN,
        differs=("total",),
    )
    kept = record_event(book, conflict).entry
    assert _kinds(home) == ["paper_conflict"]
    said = {"conflict_id": kept.id, "paper_number": conflict.paper_number, "reason": "看过原单"}
    second = PaperConflictSettled.model_validate({**said, "decision": "second"})
    with pytest.raises(RefusedInputError, match="先冲正"):
        record_event(book, second)
    record_event(book, PaperConflictSettled.model_validate({**said, "decision": "first"}))
    assert _kinds(home) == []
    book.close()


def test_keyed_once_is_told_only_where_the_site_wants_twice(tmp_path: Path) -> None:
    """Keying everything twice is the site's wish, not ours."""
    for twice, kinds in ((False, []), (True, ["paper_once"])):
        home = make_home(tmp_path / str(twice), paper={"keyed_twice": twice})
        book = open_current(home)
        give_out(book, 1)
        type_in(book, 1)
        book.close()
        assert _kinds(home) == kinds


def test_a_second_person_agrees_to_a_lost_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody without the right to approve brings somebody along."""
    home = make_home(tmp_path / "home")
    book = open_current(home)
    give_out(book)
    monkeypatch.setattr("downtime.rules.may", lambda _roles, right: right != "approve")
    filled = Filled(spoil(book, Run("W03A", 1, 1), "lost", "找不到"), new_entry_id())
    with pytest.raises(RefusedInputError):
        record_station_form(book, filled)
    approval = approve(book, filled, "paper", SECOND, SECOND_PASSWORD)
    assert isinstance(record_station_form(book, filled, approval), Recorded)
    book.close()


def test_the_command_prints_issues_and_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script prints a pack, gives it out, declares one void and learns from the exit code what is missing."""
    make_home(tmp_path / "home")
    password = tmp_path / "password"
    password.write_text(PASSWORD, "utf-8")
    asks = ["--home", str(tmp_path / "home"), "--operator", OPERATOR, "--password-file", str(password)]
    out = tmp_path / "pack.pdf"
    numbers = [str(PaperNumber("W03A", n)) for n in (1, 2, 3)]

    def run(*arguments: str) -> int:
        return run_command(downtime, ["pack", *arguments, *asks])

    assert run("print", "--kind", "charge", "--count", "3", "--out", str(out)) == FINE
    assert out.read_bytes().startswith(b"%PDF")
    assert run("report") == FINE
    assert run("issue", numbers[0], numbers[2], "--to", OPERATOR) == FINE
    assert run("issue", numbers[0], numbers[2]) == WRONG_USE
    assert run("void", numbers[0], "--reason", "写坏") == FINE
    assert run("return", numbers[1], numbers[1]) == FINE
    capsys.readouterr()
    assert run("report", "--json") == FOUND_A_PROBLEM
    told = json.loads(capsys.readouterr().out)
    assert [one["missing"] for one in told["packs"] if one["missing"]] == [[numbers[2]]]
    assert run("void", numbers[2], "--lost", "--reason", "找不到") == FINE
    assert run("report") == FINE
