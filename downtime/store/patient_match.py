"""Temporary patients of a journal, and which patient of the HIS each is by the decision that stands.

Connectors and the tick-off ask ``his_number`` or, for many, ``his_numbers``: pure questions to the journal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from downtime.patient_match_people import person_of_registration
from forms.patient_matched import PatientMatched

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from sqlite_utils import Database

    from downtime.patient_match_people import Person

_TEMPORARY = """
SELECT e.id, e.form, e.patient, json_extract(CAST(e.sealed AS TEXT), '$.envelope.happened_at') happened,
       json_extract(CAST(e.sealed AS TEXT), '$.body.content')
FROM entry e WHERE e.patient IS NOT NULL AND e.deliverable = 1
  AND json_extract(CAST(e.sealed AS TEXT), '$.body.content.patient.temporary')
  AND NOT EXISTS (SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
                  WHERE r.to_id = e.id AND x.form = 'reversal')
ORDER BY e.seq
"""
_STANDING_HEAD = """
SELECT e.id, e.recorded_at, json_extract(CAST(e.sealed AS TEXT), '$.envelope.operator_name'),
       json_extract(CAST(e.sealed AS TEXT), '$.body.content')
FROM entry e WHERE e.form = 'patient_matched' AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id = e.id AND x.form = 'patient_unmatched')
"""
_STANDING = f"{_STANDING_HEAD} ORDER BY e.seq"
_STANDING_OF = (
    f"{_STANDING_HEAD} AND e.seq IN (SELECT seq FROM entry_reference WHERE to_id = ?) ORDER BY e.seq"  # noqa: S608 (constant)
)


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that stands: its entry, when and by whom, and what it says."""

    entry_id: str
    recorded_at: str
    operator_name: str
    form: PatientMatched


def temporaries(db: Database) -> list[Person]:
    """Return the temporary patients of a journal, in the order they first appeared.

    What a registration says counts; a number without one here (registered at another station) is known by what the
    other entries say of it. Phones that any of them gives are compared too.
    """
    known: dict[str, Person] = {}
    for entry_id, form, number, happened_at, content in db.execute(_TEMPORARY):
        told: Mapping[str, Any] = json.loads(content)
        is_registration = form == "registration"
        person = person_of_registration(
            told, seen_on=happened_at[:10], entry_id=entry_id if is_registration else ""
        )
        before = known.get(number)
        if before is None:
            known[number] = replace(person, entries=1)
            continue
        kept = person if is_registration and not before.entry_id else before
        phones = before.phones | frozenset(filter(None, (person.phone, before.phone)))
        known[number] = replace(kept, phones=phones, entries=before.entries + 1)
    return list(known.values())


def standing_decisions(db: Database) -> dict[str, Decision]:
    """Return the decision that stands for each temporary number that has one."""
    return _decisions(db.execute(_STANDING))


def decision_of(db: Database, temporary: str) -> Decision | None:
    """Return the decision that stands for one temporary number, or None."""
    rows = db.execute(_STANDING_OF, (temporary,))
    return _decisions(rows).get(temporary)


def _decisions(rows: Iterable[tuple[str, str, str, str]]) -> dict[str, Decision]:
    found: dict[str, Decision] = {}
    for entry_id, recorded_at, operator_name, content in rows:
        form = PatientMatched.model_validate_json(content)
        found[form.patient.number] = Decision(entry_id, recorded_at, operator_name, form)
    return found


def his_number(db: Database, number: str) -> str | None:
    """Return the HIS number of a temporary number by what stands; None while nobody has said.

    A temporary number that belongs to another temporary number leads on to that one's patient.
    """
    seen: set[str] = set()
    while number not in seen:
        seen.add(number)
        decision = decision_of(db, number)
        if decision is None or decision.form.other is None:
            return None
        number = decision.form.other.number
        if decision.form.outcome == "same":
            return number
    return None


def his_numbers(db: Database) -> dict[str, str]:
    """Return the HIS number of every temporary number that has one."""
    return numbers_of(decision.form for decision in standing_decisions(db).values())


def numbers_of(standing: Iterable[PatientMatched]) -> dict[str, str]:
    """Return the HIS numbers that decisions lead to, wherever they were collected from.

    Args:
        standing: at most one decision for each temporary number: the one that stands.
    """
    told = {form.patient.number: form for form in standing}
    found: dict[str, str] = {}
    for number in told:
        at, seen = number, set[str]()
        while at in told and at not in seen and told[at].outcome == "same_temporary":
            seen.add(at)
            other = told[at].other
            assert other is not None, "the form has one"
            at = other.number
        last = told.get(at)
        if last is not None and last.outcome == "same" and last.other is not None:
            found[number] = last.other.number
    return found
