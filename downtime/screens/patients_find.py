"""Searching the lists by hand for somebody the comparison did not propose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.patient_match_deciding import compared_by_hand
from downtime.patient_match_people import Person

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.patient_match import Candidate

FOUND_MAX = 9


def found_by_hand(desk: Desk, one: Person, typed: str) -> list[Candidate]:
    """Return up to nine patients of the lists for what was typed, each compared with ``one``.

    The order is that of the search: whoever types a number wants that one first.
    """
    if desk.search is None or desk.reference is None:
        return []
    people = [
        Person(
            number=hit.number,
            name=hit.name,
            sex=hit.sex,
            birth_date=hit.birth_date or "",
            phone=hit.phone,
            id_number=hit.id_number,
            card=hit.card,
        )
        for hit in desk.search.search_patients(typed)[:FOUND_MAX]
    ]
    return compared_by_hand(one, people, desk.reference.counts.get("patients", 0))
