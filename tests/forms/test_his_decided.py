"""What a person decides about an entry and the HIS: a reason where something is overruled, and ten presses are one."""

from __future__ import annotations

from typing import Any

import pytest

from forms.base import read_form
from forms.his_decided import EntryNoted, SentCorrected, TickDecided, TypedIn, corrected, value_at
from forms.station_book import ResendDecided
from tests.downtime.builders import charge, line
from tests.forms.earlier import EarlierEntries

ABOUT: dict[str, Any] = {"entry_id": "e-1", "number": "W03A-000128-7"}
TICK: dict[str, Any] = {**ABOUT, "connector": "retype", "rows": ["F2"], "is_same": True, "found": "doubtful"}
CHANGE: dict[str, Any] = {"field": "lines.0.code", "old": "A1", "new": "B2"}
SENT: dict[str, Any] = {
    **ABOUT,
    "connector": "sqlstaging",
    "changes": [CHANGE],
    "step": 3,
    "reason": "HIS 换码",
}


def _faults(form: Any, content: dict[str, Any]) -> list[str]:
    found = read_form(form, content)
    return [problem.field for problem in found] if isinstance(found, list) else []


def test_a_doubt_is_answered_without_a_reason_and_a_finding_is_overruled_only_with_one() -> None:
    """Sixty doubtful ones are answered by one key each; against what was found somebody says why."""
    assert not _faults(TickDecided, TICK)
    for found in ("agreed", "different", "missing_there", ""):
        assert _faults(TickDecided, {**TICK, "found": found}) == ["reason"]
        assert not _faults(TickDecided, {**TICK, "found": found, "reason": "同一笔,HIS 取整"})


def test_rows_that_are_the_entry_are_named() -> None:
    """To call it the same without a row would be a tick on nobody's evidence; an answer is taken back with a reason."""
    assert _faults(TickDecided, {**TICK, "rows": []}) == ["rows"]
    assert _faults(TickDecided, {**TICK, "rows": ["F2", "F2"]}) == ["rows"]
    assert _faults(TickDecided, {**TICK, "rows": [], "is_same": False}) == ["reason"]
    assert not _faults(TickDecided, {**TICK, "rows": [], "is_same": False, "reason": "看错了"})


def test_the_same_answer_counts_once_and_another_replaces_it() -> None:
    """Ten presses of Enter are one answer."""
    earlier = EarlierEntries()
    first = TickDecided.model_validate(TICK)
    assert not first.problems(earlier)
    earlier.stand("d-1", first)
    assert first.problems(earlier)
    other = TickDecided.model_validate({**TICK, "is_same": False})
    assert not other.problems(earlier)
    earlier.stand("d-2", other)
    assert not first.problems(earlier), "the last one counts, so the first may be said again"


@pytest.mark.parametrize(
    "field",
    [
        "total_minor", "lines.0.amount_minor", "lines.0.quantity", "lines.0.unit_price_minor", "payments.0.method",
        "patient.name", "lines.0.name", "payer_kind", "lines.-1.code", "lines.0.code.x", "",
    ],
)  # fmt: skip
def test_money_quantities_and_names_are_never_sent_otherwise(field: str) -> None:
    """Only codes and numbers of the HIS; whatever is wrong with money is reversed and recorded again."""
    assert "changes.0.field" in _faults(SentCorrected, {**SENT, "changes": [{**CHANGE, "field": field}]})


def test_a_correction_says_why_and_changes_something() -> None:
    """An empty reason, the old value again and one field twice are refused."""
    assert not _faults(SentCorrected, SENT)
    assert _faults(SentCorrected, {**SENT, "reason": " "}) == ["reason"]
    assert _faults(SentCorrected, {**SENT, "changes": []}) == ["changes"]
    assert _faults(SentCorrected, {**SENT, "changes": [CHANGE, {**CHANGE, "new": "C3"}]}) == ["changes"]
    assert "changes.0.new" in _faults(SentCorrected, {**SENT, "changes": [{**CHANGE, "new": "A1"}]})


def test_a_correction_is_about_what_was_recorded() -> None:
    """The old value stands in the entry where that is here; an entry of another station is not looked for."""
    earlier = EarlierEntries()
    sent = SentCorrected.model_validate(SENT)
    assert not sent.problems(earlier), "the entry is in another station's book"
    earlier.stand("e-1", charge([line(code="A1")]))
    assert not sent.problems(earlier)
    wrong = SentCorrected.model_validate({**SENT, "changes": [{**CHANGE, "old": "A9"}]})
    assert [problem.field for problem in wrong.problems(earlier)] == ["changes.0.old"]
    earlier.stand("d-1", sent)
    assert sent.problems(earlier), "pressed twice"


def test_the_entry_itself_stays_as_it_was() -> None:
    """What is sent is a copy with the changes made; against another old value nothing is made of it."""
    content = charge([line(code="A1")]).model_dump(mode="json")
    made = corrected(content, {"lines.0.code": ("A1", "B2")})
    assert made is not None
    assert (value_at(made, "lines.0.code"), value_at(content, "lines.0.code")) == ("B2", "A1")
    assert {**made, "lines": content["lines"]} == content, "nothing else changed"
    assert corrected(content, {"lines.0.code": ("A9", "B2")}) is None
    assert corrected(content, {"lines.7.code": ("A1", "B2")}) is None


def test_typed_in_is_said_once_and_taken_back_with_a_reason() -> None:
    """A cashier says so; a slip of the finger is taken back, and may be said again."""
    earlier = EarlierEntries()
    said = TypedIn.model_validate(ABOUT)
    assert _faults(TypedIn, {**ABOUT, "is_undone": True}) == ["reason"]
    undone = TypedIn.model_validate({**ABOUT, "is_undone": True, "reason": "点错了"})
    assert undone.problems(earlier), "nothing to take back"
    earlier.stand("d-1", said)
    assert said.problems(earlier)
    assert not undone.problems(earlier)
    earlier.stand("d-2", undone)
    assert not said.problems(earlier)


def test_a_note_is_written_once() -> None:
    """A note has words, and the same one is not written twice in a row."""
    assert _faults(EntryNoted, {**ABOUT, "text": ""}) == ["text"]
    earlier = EarlierEntries()
    note = EntryNoted.model_validate({**ABOUT, "text": "等收费科确认"})
    earlier.stand("d-1", note)
    assert note.problems(earlier)


@pytest.mark.parametrize("form", [TickDecided, EntryNoted, SentCorrected, TypedIn, ResendDecided])
def test_a_decision_names_its_entry_and_reaches_no_his(form: Any) -> None:
    """It takes the same road as every entry, for the hub to read, and is delivered to nobody."""
    content = {**TICK, **SENT, "text": "x"}
    filled = form.model_validate({name: content[name] for name in form.model_fields if name in content})
    assert filled.refers_to() == ("e-1",)
    assert not form.deliverable
