"""Decisions about temporary patients stand in the journal: one at a time, with evidence, undone with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.patient_match_deciding import compared_by_hand, match_patients, matched_form, unmatched_form
from downtime.patient_match_people import Person
from downtime.record import Recorded, Refused, new_entry_id, record
from downtime.sealing import Filled
from downtime.store import patient_match
from forms.base import read_form
from forms.patient_matched import PatientMatched
from forms.registration import Registration
from forms.reversal import Reversal
from tests.downtime.builders import charge_content

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.patient_match_deciding import Temporary
    from forms.base import Form

HIS = Person("P000001", "练习病人甲", "female", "1980-01-31", phone="13812340001")


def stand(book: OpenBook, form: Form) -> str:
    """Record a form and return its entry id."""
    outcome = record(book, Filled(form, new_entry_id()))
    assert isinstance(outcome, Recorded), outcome
    return outcome.entry.id


def refusal(book: OpenBook, form: Form) -> str:
    """Return why a form was refused."""
    outcome = record(book, Filled(form, new_entry_id()))
    assert isinstance(outcome, Refused), outcome
    return outcome.problems[0].message


def registered(book: OpenBook, number: str, name: str = "练习病人甲", **more: Any) -> str:
    """Register a temporary patient and return the entry id."""
    patient = {"number": number, "name": name, "temporary": True, **more}
    return stand(book, Registration.model_validate({"patient": patient}))


def temporary(book: OpenBook, number: str) -> Temporary:
    """Return one temporary patient as the screen has it."""
    return next(one for one in match_patients(book.db, None).temporaries if one.person.number == number)


def matched(book: OpenBook, number: str, other: Person | None = HIS) -> PatientMatched:
    """Return the form that decides about a number."""
    one = temporary(book, number)
    candidate = compared_by_hand(one.person, [other], 1)[0] if other is not None else None
    return matched_form(one, candidate, 1, by_hand=True)


def test_the_his_number_of_a_temporary_number(open_book: OpenBook) -> None:
    """Nothing before somebody decides; then the patient's number, with the evidence in the entry."""
    entry_id = registered(open_book, "T1", sex="female", birth_date="1980-01-31", phone="13812340001")
    assert patient_match.his_number(open_book.db, "T1") is None
    stand(open_book, matched(open_book, "T1"))
    assert patient_match.his_number(open_book.db, "T1") == "P000001"
    assert patient_match.his_numbers(open_book.db) == {"T1": "P000001"}
    decision = patient_match.decision_of(open_book.db, "T1")
    assert decision is not None
    assert decision.form.registration_id == entry_id
    assert {(one.field, one.level) for one in decision.form.evidence} >= {("name", "same"), ("phone", "same")}
    assert decision.form.verdict == "chosen"


def test_a_decision_stands_until_it_is_undone(open_book: OpenBook) -> None:
    """A second decision is refused; undone with a reason, the number is open again and may be decided anew."""
    registered(open_book, "T1")
    stand(open_book, matched(open_book, "T1"))
    assert "undo that first" in refusal(open_book, matched(open_book, "T1", Person("P000002", "练习病人乙")))
    decision = patient_match.decision_of(open_book.db, "T1")
    assert decision is not None
    stand(open_book, unmatched_form(decision, "认错了人"))
    assert patient_match.his_number(open_book.db, "T1") is None
    assert "does not stand" in refusal(open_book, unmatched_form(decision, "认错了人"))
    stand(open_book, matched(open_book, "T1", Person("P000002", "练习病人乙")))
    assert patient_match.his_numbers(open_book.db) == {"T1": "P000002"}


def test_nobody_gives_way_to_somebody(open_book: OpenBook) -> None:
    """That it is nobody is said once; when a newer list holds the patient, the match follows without an undo."""
    registered(open_book, "T1")
    stand(open_book, matched(open_book, "T1", None))
    assert patient_match.his_number(open_book.db, "T1") is None
    assert "undo that first" in refusal(open_book, matched(open_book, "T1", None))
    stand(open_book, matched(open_book, "T1"))
    assert patient_match.his_number(open_book.db, "T1") == "P000001"


def test_two_numbers_of_one_person(open_book: OpenBook) -> None:
    """The second number follows the first one's patient, whenever that is decided; circles are refused."""
    registered(open_book, "T1")
    registered(open_book, "T2")
    first, second = temporary(open_book, "T1").person, temporary(open_book, "T2").person
    stand(open_book, matched(open_book, "T2", first))
    assert patient_match.his_number(open_book.db, "T2") is None
    assert "another temporary number" in refusal(open_book, matched(open_book, "T1", second))
    stand(open_book, matched(open_book, "T1"))
    assert patient_match.his_number(open_book.db, "T2") == "P000001"
    assert patient_match.his_numbers(open_book.db) == {"T1": "P000001", "T2": "P000001"}


def test_two_numbers_may_be_the_same_patient(open_book: OpenBook) -> None:
    """Registered at two windows: both are matched to one patient, each by its own decision."""
    for number in ("T1", "T2"):
        registered(open_book, number)
        stand(open_book, matched(open_book, number))
    assert patient_match.his_numbers(open_book.db) == {"T1": "P000001", "T2": "P000001"}


def test_a_registration_that_was_reversed_waits_for_nobody(open_book: OpenBook) -> None:
    """A mistaken registration goes from the list, even after somebody had decided and undone."""
    entry_id = registered(open_book, "T1")
    decided = stand(open_book, matched(open_book, "T1"))
    decision = patient_match.decision_of(open_book.db, "T1")
    assert decision is not None
    assert decision.entry_id == decided
    stand(open_book, unmatched_form(decision, "登记有误"))
    content = {"entry_id": entry_id, "entry_number": "", "reason": "登记有误", "refunds": []}
    stand(open_book, Reversal.model_validate({**content, "total_minor": 0, "currency": "CNY"}))
    assert patient_match.temporaries(open_book.db) == []


def test_a_number_registered_elsewhere_is_matched_too(open_book: OpenBook) -> None:
    """A charge here names a temporary patient of another window: it waits like any other."""
    from forms.charge import Charge

    patient = {"number": "TW04A0100001", "name": "练习病人丁", "temporary": True}
    stand(open_book, Charge.model_validate(charge_content(patient=patient)))
    stand(open_book, Charge.model_validate(charge_content(patient=patient)))
    (one,) = patient_match.temporaries(open_book.db)
    assert (one.number, one.entry_id, one.entries) == ("TW04A0100001", "", 2)


@pytest.mark.parametrize(
    "change",
    [
        {"patient": {"number": "P1", "name": "练习"}},
        {"outcome": "nobody"},
        {"outcome": "same_temporary"},
        {"other": None},
        {"other": {"number": "T1", "name": "练习", "temporary": True}, "outcome": "same_temporary"},
    ],
)
def test_a_decision_names_whom_it_means(change: dict[str, Any]) -> None:
    """A temporary number and a patient, or nobody; never a number and itself."""
    content = {
        "patient": {"number": "T1", "name": "练习", "temporary": True},
        "outcome": "same",
        "other": {"number": "P1", "name": "练习"},
    }
    assert isinstance(read_form(PatientMatched, content), PatientMatched)
    assert isinstance(read_form(PatientMatched, {**content, **change}), list)


def test_it_takes_the_right_to_deliver(open_book: OpenBook) -> None:
    """Neither a cashier nor a nurse decides whose bill it becomes."""
    from downtime.rights import TABLE

    who = {role for role, rights in TABLE.items() if PatientMatched.right in rights}
    assert who == {"supervisor", "it", "service"}
    assert open_book.person.roles
