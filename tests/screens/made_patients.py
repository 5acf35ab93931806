"""Temporary patients who stand in the book before a story begins, told from the practice lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.patient_match_names import readings
from tests.screens.made_back import stand_here

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.reference_tables import PatientRow

CERTAIN, SPELT, AGED, NOBODY, STRANGER = (f"TW03A01{n:05d}" for n in range(1, 6))


def listed(desk: Desk, place: int) -> PatientRow:
    """Return a patient of the practice lists, counted from 0."""
    assert desk.reference is not None
    row: Any = list(desk.reference.rows("patients"))[place]
    return row  # type: ignore[no-any-return]  # the rows of that table


def registered(desk: Desk, number: str, name: str, *, identity: str = "known", **more: Any) -> None:
    """Register a temporary patient."""
    patient = {"number": number, "name": name, "temporary": True, **more}
    stand_here(desk, "registration", patient=patient, identity=identity)


def made_temporaries(desk: Desk) -> None:
    """One with the card's number, one in pinyin, one by name, phone and age, one unnamed, one unknown to the lists."""
    proven, spelt, aged = listed(desk, 0), listed(desk, 3), listed(desk, 5)
    registered(desk, CERTAIN, proven.name, sex=proven.sex, id_kind="other", id_number=proven.id_number)
    sounds = [readings(sign)[0] for sign in spelt.name]
    pinyin = f"{sounds[0]} {''.join(sounds[1:])}"
    registered(desk, SPELT, pinyin, sex=spelt.sex, birth_date=spelt.birth_date, phone=spelt.phone)
    years = desk.book.clock.now().wall[:4]
    age = int(years) - int((aged.birth_date or years)[:4])
    registered(desk, AGED, aged.name, sex=aged.sex, age_years=age, phone=aged.phone)
    registered(desk, NOBODY, "无名氏", sex="male", age_years=40, identity="unknown_person")
    registered(desk, STRANGER, "练习陌生人", sex="female", birth_date="1999-09-09", phone="10012345678")
