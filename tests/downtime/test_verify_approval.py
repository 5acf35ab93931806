"""Whoever holds every key of the station can write what the recorder refuses; both verifiers name it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from downtime import verify_export
from downtime.approvals import approve, approve_alone
from downtime.countersigning import countersign
from downtime.export import export_journal
from downtime.record import new_entry_id
from downtime.rules import SECOND_RIGHTS, needs_second_always
from downtime.sealing import Filled, append_group, sealed_body
from downtime.store.sqlite import writing
from downtime.verify import verify_book
from forms.catalogue import STATION_FORMS
from forms.station_book import Audit, OutageDeclared
from tests.downtime.builders import SECOND, SECOND_PASSWORD, charge, line, reversal, stand, unlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.book import OpenBook
    from forms.trust import Approval


def _write(book: OpenBook, *group: Filled) -> list[str]:
    """Write a commit group past every check, chained and signed as the station does; return the ids."""
    with book.lock(), writing(book.db):
        rows = append_group(book, group, [sealed_body(filled) for filled in group])
    last = rows[-1]
    book.head_log.append(last.group_first, last.seq, last.hash, book.signing.sign)
    return [row.id for row in rows]


def _wish(book: OpenBook) -> Filled:
    return Filled(
        reversal(stand(book, charge([line(price=30_000, quantity="1")]))),
        new_entry_id(),
        second_person=SECOND,
    )


def _approval(book: OpenBook, filled: Filled) -> Approval:
    return approve(book, filled, "reversal", SECOND, SECOND_PASSWORD)


def _found(book: OpenBook, tmp_path: Path) -> tuple[list[int | None], int, str]:
    """Return the positions the app finds, and exit code and answer of the verifier that shares no code."""
    report = verify_book(book.home, unlock(book.home), book.paths)
    target = tmp_path / "book.jsonl"
    export_journal(book.home, unlock(book.home), book.paths, target)
    answer = subprocess.run(
        [sys.executable, "-I", str(Path(verify_export.__file__)), str(target)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    return [finding.position for finding in report.findings], answer.returncode, answer.stdout


def test_what_two_people_signed_holds(open_book: OpenBook, tmp_path: Path) -> None:
    """Signed by two, alone and countersigned: both verifiers agree, and the second one counts them."""
    filled = _wish(open_book)
    _write(open_book, filled, Filled(_approval(open_book, filled), new_entry_id()))
    alone = Filled(reversal(stand(open_book, charge([line(price=30_000, quantity="1")]))), new_entry_id())
    _entry, approval_id = _write(
        open_book, alone, Filled(approve_alone(alone, "reversal", "夜"), new_entry_id())
    )
    waits = _found(open_book, tmp_path)
    assert waits[:2] == ([], 0)
    assert "待复核 / to be countersigned: 1" in waits[2]
    from downtime.countersigning import approval_of

    approval = approval_of(open_book, approval_id)
    assert approval is not None
    signed = countersign(open_book, approval, SECOND, SECOND_PASSWORD, agreed=True)
    _write(open_book, Filled(signed, new_entry_id()))
    positions, code, said = _found(open_book, tmp_path)
    assert (positions, code) == ([], 0)
    assert "双人审批 / approvals: 2, 复核 / countersigned: 1" in said


def _other_body(book: OpenBook, filled: Filled) -> Any:
    return _approval(book, filled).model_copy(update={"body_hash": "11" * 32})


def _other_signature(book: OpenBook, filled: Filled) -> Any:
    approval = _approval(book, filled)
    assert approval.signed is not None
    return approval.model_copy(update={"signed": approval.signed.model_copy(update={"signature": "22" * 64})})


def _other_person(book: OpenBook, filled: Filled) -> Any:
    approval = _approval(book, filled)
    assert approval.signed is not None
    return approval.model_copy(update={"signed": approval.signed.model_copy(update={"operator": "1007"})})


def _unsigned(book: OpenBook, filled: Filled) -> Any:
    return _approval(book, filled).model_copy(update={"signed": None})


def _turned_into_alone(book: OpenBook, filled: Filled) -> Any:
    return _approval(book, filled).model_copy(update={"way": "solo"})


def _other_rule(book: OpenBook, filled: Filled) -> Any:
    return _approval(book, filled).model_copy(update={"rule": "controlled"})


def _of_nothing(book: OpenBook, filled: Filled) -> Any:
    return _approval(book, filled).model_copy(update={"entry_id": new_entry_id()})


@pytest.mark.parametrize(
    "forge",
    [_other_body, _other_signature, _other_person, _unsigned, _turned_into_alone, _other_rule, _of_nothing],
)
def test_a_forged_approval_is_named_by_its_position(
    open_book: OpenBook, tmp_path: Path, forge: Callable[[OpenBook, Filled], Any]
) -> None:
    """The chain holds and the station's signature is good; what two people signed does not."""
    filled = _wish(open_book)
    before = verify_book(open_book.home, unlock(open_book.home), open_book.paths).entries
    _write(open_book, filled, Filled(forge(open_book, filled), new_entry_id()))
    positions, code, said = _found(open_book, tmp_path)
    assert positions[0] in (before + 1, before + 2)
    assert code == 1, said


def test_an_approval_that_came_later_is_none(open_book: OpenBook, tmp_path: Path) -> None:
    """It stands in the same commit as what it approves, or it does not count."""
    filled = _wish(open_book)
    _write(open_book, filled)
    _write(open_book, Filled(_approval(open_book, filled), new_entry_id()))
    positions, code, said = _found(open_book, tmp_path)
    assert positions
    assert code == 1, said


def test_what_always_needs_two_is_missed(open_book: OpenBook, tmp_path: Path) -> None:
    """An outage declared by one alone is reported, and the entries around it stay readable."""
    before = verify_book(open_book.home, unlock(open_book.home), open_book.paths).entries
    _write(open_book, Filled(OutageDeclared(outage="X9"), new_entry_id()))
    _write(open_book, Filled(Audit(event="x"), new_entry_id()))
    positions, code, said = _found(open_book, tmp_path)
    assert positions == [before + 1]
    assert code == 1, said


@pytest.mark.parametrize("change", [{"agreed": False, "reason": "x"}, {"body_hash": "33" * 32}, {}])
def test_a_forged_countersignature_is_named(
    open_book: OpenBook, tmp_path: Path, change: dict[str, Any]
) -> None:
    """Turned round, moved elsewhere, or given twice."""
    from downtime.countersigning import approval_of

    alone = Filled(reversal(stand(open_book, charge([line(price=30_000, quantity="1")]))), new_entry_id())
    _entry, approval_id = _write(
        open_book, alone, Filled(approve_alone(alone, "reversal", "夜"), new_entry_id())
    )
    approval = approval_of(open_book, approval_id)
    assert approval is not None
    good = countersign(open_book, approval, SECOND, SECOND_PASSWORD, agreed=True)
    before = verify_book(open_book.home, unlock(open_book.home), open_book.paths).entries
    if not change:
        _write(open_book, Filled(good, new_entry_id()))
        before += 1
    _write(open_book, Filled(good.model_copy(update=change), new_entry_id()))
    positions, code, said = _found(open_book, tmp_path)
    assert positions == [before + 1]
    assert code == 1, said


def test_both_verifiers_ask_for_the_same_second_persons() -> None:
    """A rule one verifier knows and the other does not would call an honest book broken."""
    assert set(SECOND_RIGHTS) == verify_export.RULES
    names = {form.name for form in STATION_FORMS} - {"exported", "account_changed"}
    assert {n for n in names if needs_second_always(n, {})} == verify_export.ALWAYS_BY_TWO
