"""Visit: department, doctor and kind under a number that is nobody else's."""

from __future__ import annotations

from typing import Any

import pytest

from forms.base import read_form
from forms.visit import Visit
from tests.downtime.builders import PATIENT, VISIT, visit
from tests.forms.earlier import PLACE, EarlierEntries, fields


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"visit": {**VISIT, "kind": "home"}}, "visit.kind"),
        ({"visit": {**VISIT, "number": ""}}, "visit.number"),
        ({"visit": None}, "visit"),
        ({"patient": None}, "patient"),
        ({"note": 5}, "note"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, Any], field: str) -> None:
    """A visit has a patient, a number and one of three kinds."""
    assert field in fields(read_form(Visit, {"patient": PATIENT, "visit": VISIT, **change}))


def test_a_visit_number_is_used_once() -> None:
    """The HIS hangs everything on it, so two visits never share one."""
    earlier = EarlierEntries()
    assert not visit().problems(earlier)
    earlier.stand("v1", visit())
    assert fields(visit().problems(earlier)) == {"visit.number"}
    assert not visit("VW03A0100002").problems(earlier)


def test_a_visit_moves_no_money() -> None:
    """It is an event; what it costs is a charge."""
    assert visit().postings(PLACE, EarlierEntries()) == ()
    assert visit().amount_minor() is None
    assert visit().encounter() == "VW03A0100001"
