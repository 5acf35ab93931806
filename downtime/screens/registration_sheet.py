"""A new patient while they are being written down: plain values that fit into a draft, and the forms they become."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from downtime.record import new_entry_id
from downtime.screens.people import PatientCard
from forms.base import Problem, read_form
from forms.registration import CHILD_YEARS_MAX, UNKNOWN_PERSON_NAME, Registration
from forms.text import N_
from forms.typed import as_code
from forms.visit import Visit

if TYPE_CHECKING:
    from forms.base import Form

YEARS_MAX = 150
_ID_CHARACTERS = 18
_DATE = re.compile(r"(\d{4})[-./]?(\d{1,2})[-./]?(\d{1,2})")
_AGE = re.compile(r"(\d{1,3})(y|岁|m|月|个月|d|天|日)?", re.IGNORECASE)
_MONTHS, _DAYS = {"m", "月", "个月"}, {"d", "天", "日"}
UNREADABLE_AGE = N_("Like 45, 3m, 10d or 1980-01-31.")
NO_NAME = N_("Type a name, or Ctrl+U if unknown.")
NO_GUARDIAN = N_("Who answers? Nobody here: Enter again.")


@dataclass(frozen=True, slots=True)
class Age:
    """What was typed for an age.

    Attributes:
        birth_date: ISO date, if one was typed.
        years: whole years, if an age was typed.
        remark: the age of a baby as it was typed, or "".
    """

    birth_date: str | None = None
    years: int | None = None
    remark: str = ""

    def years_on(self, today: str) -> int | None:
        """Return the age in whole years, or None if nothing was typed."""
        if self.birth_date is None:
            return self.years
        born, now = date.fromisoformat(self.birth_date), date.fromisoformat(today[:10])
        return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def read_age(typed: str, today: str) -> Age | None:
    """Return what an age or birth date says, or None if it cannot be."""
    text = as_code(typed)
    if not text:
        return Age()
    dated = _DATE.fullmatch(text) if len(text) >= len("2026-1-1") else None
    if dated:
        try:
            born = date(*(int(part) for part in dated.groups()))
        except ValueError:
            return None
        is_possible = born.isoformat() <= today[:10] and born.year >= int(today[:4]) - YEARS_MAX
        return Age(birth_date=born.isoformat()) if is_possible else None
    aged = _AGE.fullmatch(text)
    if not aged:
        return None
    figure, unit = int(aged[1]), (aged[2] or "").lower()
    if unit in _MONTHS | _DAYS:
        years = figure // 12 if unit in _MONTHS else figure // 365
        return Age(years=years, remark=text)
    return Age(years=figure) if figure <= YEARS_MAX else None


def told_by_id(number: str) -> tuple[str, str] | None:
    """Return (birth date, sex) that a Chinese identity number states, or None if it is not one."""
    text = as_code(number).upper()
    if len(text) != _ID_CHARACTERS or not text[:-1].isdigit():
        return None
    weights = [2 ** (17 - n) % 11 for n in range(17)]
    check = sum(int(figure) * weight for figure, weight in zip(text, weights, strict=False)) % 11
    if "10X98765432"[check] != text[-1]:
        return None
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return None
    return born.isoformat(), "male" if int(text[16]) % 2 else "female"


@dataclass
class RegistrationSheet:
    """Everything on the screen.

    Attributes:
        number: temporary patient number; visit_number likewise.
        entry_id: id of the registration, made when the form opened; visit_id likewise.
        is_unknown: nobody can name the person.
        goes_alone: a child without a guardian; asked for once, then let go.
    """

    number: str = ""
    visit_number: str = ""
    name: str = ""
    sex: str = "unknown"
    age: str = ""
    phone: str = ""
    id_number: str = ""
    guardian: str = ""
    relation: str = ""
    guardian_phone: str = ""
    department: str = ""
    department_name: str = ""
    doctor: str = ""
    doctor_name: str = ""
    kind: str = "outpatient"
    is_unknown: bool = False
    goes_alone: bool = False
    entry_id: str = field(default_factory=new_entry_id)
    visit_id: str = field(default_factory=new_entry_id)

    @property
    def is_begun(self) -> bool:
        """Whether anything about the person was typed."""
        typed = (self.name, self.age, self.phone, self.id_number, self.guardian)
        return any(text.strip() for text in typed)

    def is_child(self, today: str) -> bool:
        """Whether the age typed is a child's."""
        age = read_age(self.age, today)
        years = age.years_on(today) if age else None
        return years is not None and years <= CHILD_YEARS_MAX

    def make_unknown(self) -> None:
        """Nobody can name the person: an emergency until somebody says otherwise."""
        self.name, self.is_unknown, self.kind = UNKNOWN_PERSON_NAME, True, "emergency"

    def keep_place(self, other: RegistrationSheet) -> None:
        """Take department, doctor and kind over from the patient before."""
        for name in ("department", "department_name", "doctor", "doctor_name", "kind"):
            setattr(self, name, getattr(other, name))

    # -- what it becomes ----------------------------------------------------------------------------

    def registration(self, today: str) -> Form | list[Problem]:
        """Return the registration, or what is wrong beside each field."""
        age = read_age(self.age, today)
        found = [Problem("name", NO_NAME)] if not self.name.strip() else []
        if age is None:
            found.append(Problem("age", UNREADABLE_AGE))
        is_child = self.is_child(today) and not self.is_unknown
        if is_child and not self.guardian.strip() and not self.goes_alone:
            found.append(Problem("guardian", NO_GUARDIAN))
        if found or age is None:
            return found
        has_guardian = bool(self.guardian.strip())
        return read_form(
            Registration,
            {
                "patient": {
                    "number": self.number,
                    "name": self.name.strip(),
                    "sex": self.sex,
                    "birth_date": age.birth_date,
                    "age_years": age.years,
                    "phone": self.phone.strip(),
                    "id_kind": ("national_id" if told_by_id(self.id_number) else "other")
                    if self.id_number
                    else "",
                    "id_number": self.id_number.strip(),
                    "temporary": True,
                },
                "identity": "unknown_person"
                if self.is_unknown
                else "child"
                if has_guardian and is_child
                else "known",
                "guardian": {
                    "name": self.guardian.strip(),
                    "relation": self.relation.strip(),
                    "phone": self.guardian_phone.strip(),
                }
                if has_guardian
                else None,
                "note": age.remark,
            },
        )

    def visit(self, today: str) -> Form | list[Problem]:
        """Return the visit, or what is wrong."""
        return read_form(Visit, {"patient": self.card(today).reference(), "visit": self.visit_content()})

    def visit_content(self) -> dict[str, Any]:
        """Return the content of a ``VisitRef``."""
        return {
            "number": self.visit_number,
            "kind": self.kind,
            "department": self.department,
            "department_name": self.department_name,
            "doctor": self.doctor,
            "doctor_name": self.doctor_name,
            "temporary": True,
        }

    def card(self, today: str) -> PatientCard:
        """Return the patient as other screens carry them, with the visit."""
        age = read_age(self.age, today)
        return PatientCard(
            number=self.number,
            name=self.name.strip(),
            sex=self.sex,
            birth_date=age.birth_date if age else None,
            temporary=True,
            visit=self.visit_content(),
        )

    # -- drafts -------------------------------------------------------------------------------------

    def as_content(self) -> dict[str, Any]:
        """Return plain values for a draft."""
        return {"patient": {"name": self.name}, "sheet": asdict(self)}

    @classmethod
    def of_draft(cls, content: dict[str, Any]) -> RegistrationSheet:
        """Return the sheet a draft was made of; fields of another version are left out."""
        known = {name for name in cls.__dataclass_fields__}  # noqa: C416 (names only)
        return cls(**{name: value for name, value in content.get("sheet", {}).items() if name in known})
