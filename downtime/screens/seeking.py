"""What the search fields find: patients, items, staff and departments, each with its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.people import age_word, sex_word
from downtime.screens.search_field import Candidate, Column
from forms.money import format_amount

if TYPE_CHECKING:
    from downtime.desk import Desk

PATIENT_COLUMNS = (Column(14), Column(0), Column(8), Column(7), Column(11), Column(6))
ITEM_COLUMNS = (Column(11), Column(0), Column(9), Column(4), Column(10, right=True), Column(7, right=True))
STAFF_COLUMNS = (Column(8), Column(0), Column(16), Column(12))
DEPARTMENT_COLUMNS = (Column(8), Column(0), Column(10))


def seek_patients(desk: Desk, typed: str) -> list[Candidate]:
    """Return patients registered here, then those of the list."""
    today = desk.book.clock.now().wall
    found = []
    for entry in desk.registered_here(typed) if typed else ():
        known = entry.content["patient"]
        age = age_word(known["birth_date"], today)
        found.append(
            Candidate((known["number"], known["name"], sex_word(known["sex"]), age, "", ""), entry, "bold")
        )
    for hit in desk.search.search_patients(typed) if desk.search else ():
        age = age_word(hit.birth_date, today)
        tail = hit.phone[-4:] and f"*{hit.phone[-4:]}"
        shows = (hit.number, hit.name, sex_word(hit.sex), age, hit.birth_date or "", tail)
        found.append(Candidate(shows, hit))
    return found[:20]


def seek_items(desk: Desk, typed: str, department: str) -> list[Candidate]:
    """Return items, drugs and packages, what was used lately and the own department's first."""
    if desk.search is None:
        return []
    hits = desk.search.search_catalogue(typed, department=department or None, recent=desk.recent_codes())
    return [
        Candidate(
            (
                hit.code,
                hit.name,
                hit.spec,
                hit.unit,
                "" if hit.price_minor is None else format_amount(hit.price_minor, desk.currency),
                hit.stock or "",
            ),
            hit,
            "bold" if hit.kind == "package" else "",
        )
        for hit in hits
    ]


def seek_staff(desk: Desk, typed: str, role: str | None = None) -> list[Candidate]:
    """Return staff, of ``role`` if given."""
    if desk.search is None:
        return []
    found = desk.search.search_staff(typed, role=role, department=desk.home.settings.station.department)
    return [Candidate((hit.number, hit.name, hit.department, hit.title), hit) for hit in found]


def seek_departments(desk: Desk, typed: str) -> list[Candidate]:
    """Return departments."""
    found = desk.search.search_departments(typed) if desk.search else []
    return [Candidate((hit.code, hit.name, hit.kind), hit) for hit in found]
