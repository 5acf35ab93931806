"""Paper forms and what stands beside a late entry, as forms: nothing here knows a clock or a disk."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from forms.paper_late import LateEntry, PaperConflict, mark_of
from forms.paper_pack import PACK_MAX, PackPrinted, PaperVoided, next_count
from tests.forms.earlier import EarlierEntries

WRITTEN, TYPED = "2026-01-05T08:20:00.000+08:00", "2026-01-05T12:00:00.000+08:00"


def late(**more: Any) -> LateEntry:
    """Return what stands beside the charge of a paper."""
    content = {
        "entry_id": "e1",
        "paper_number": "W03A-P000001-0",
        "paper_kind": "charge",
        "written_by": "1002",
        "written_by_name": "练习员",
        "written_at": WRITTEN,
        "typed_at": TYPED,
        "paper_minor": 4500,
        "entered_minor": 4500,
    }
    return LateEntry.model_validate({**content, **more})


def pack(first: int, last: int) -> PackPrinted:
    """Return a pack of charge forms."""
    return PackPrinted(series="W03A", first=first, last=last, kind="charge")


def test_a_pack_begins_where_the_one_before_ended() -> None:
    """No number is printed twice, whatever somebody asks for."""
    past = EarlierEntries()
    assert pack(1, 50).problems(past) == []
    past.stand("p1", pack(1, 50))
    assert next_count(past, "W03A") == 51
    assert [problem.field for problem in pack(50, 60).problems(past)] == ["first"]
    assert pack(51, 60).problems(past) == []


def test_a_new_incarnation_begins_a_new_series() -> None:
    """A restored station prints under its next letter; its numbers begin at 1 again and collide with none."""
    past = EarlierEntries()
    past.stand("p1", pack(1, 50))
    assert next_count(past, "W03B") == 1


@pytest.mark.parametrize(("first", "last"), [(5, 4), (1, PACK_MAX + 1), (0, 3)])
def test_a_run_of_forms_is_a_run(first: int, last: int) -> None:
    """Backwards, endless or from zero is refused."""
    with pytest.raises(ValidationError):
        pack(first, last)


def test_a_void_form_has_a_reason() -> None:
    """写坏的单据注明原因: without one it is not void."""
    with pytest.raises(ValidationError):
        PaperVoided(series="W03A", first=1, last=1, state="void", reason="")


def test_the_mark_of_a_rescue_cannot_be_taken_off() -> None:
    """补记 follows from the times: a rescue typed in without it, or with the milder one, is refused."""
    assert late(rescue=True, mark="supplement").mark == "supplement"
    with pytest.raises(ValidationError):
        late(rescue=True)
    with pytest.raises(ValidationError):
        late(rescue=True, typed_at="2026-01-05T14:20:00.001+08:00", mark="supplement")


@pytest.mark.parametrize(
    ("typed_at", "mark"),
    [
        ("2026-01-05T14:19:00+08:00", "supplement"),
        ("2026-01-05T14:20:00+08:00", "supplement"),
        ("2026-01-05T14:21:00+08:00", "supplement_late"),
    ],
)
def test_six_hours_after_the_rescue(typed_at: str, mark: str) -> None:
    """At 5:59 no alarm, at 6:01 one."""
    assert mark_of(rescue=True, ended_at=WRITTEN, typed_at=typed_at) == mark
    assert mark_of(rescue=False, ended_at=WRITTEN, typed_at=typed_at) == ""


def test_another_sum_on_paper_has_a_reason() -> None:
    """The control total agrees, or somebody says why not."""
    assert late(paper_minor=5000, reason="收款人多收").reason
    with pytest.raises(ValidationError):
        late(paper_minor=5000)


def test_a_paper_is_typed_in_once() -> None:
    """The same number again is refused as long as the first entry is not reversed."""
    past = EarlierEntries()
    past.stand("late1", late())
    assert [problem.field for problem in late(entry_id="e2").problems(past)] == ["paper_number"]
    assert late(entry_id="e2", paper_number="W03A-P000002-8").problems(past) == []


def test_a_difference_keeps_all_that_was_typed() -> None:
    """Nothing of the second typing is dropped, and it moves nothing."""
    conflict = PaperConflict(
        entry_id="e1",
        paper_number="W03A-P000001-0",
        typed_form="charge",
        typed={"total_minor": 1800, "lines": [{"code": "A1"}]},
        typed_minor=1800,
        written_at=WRITTEN,
        differs=("total",),
    )
    assert conflict.typed["lines"] == [{"code": "A1"}]
    assert conflict.refers_to() == ("e1", "W03A-P000001-0")
    assert not conflict.deliverable
    assert conflict.amount_minor() is None
