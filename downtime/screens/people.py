"""The patient at the window as the screens carry them from one to the next."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from downtime.i18n import _

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.store.search import PatientHit

SELF_PAYING = {"", "self", "自费", "自付", "现金"}


@dataclass(frozen=True, slots=True)
class PatientCard:
    """Who stands at the window, and the visit they came for.

    Attributes:
        payer_kind: "self" or "insured_pending".
        visit: content of a ``VisitRef``, or None if no visit is known.
    """

    number: str
    name: str
    sex: str = "unknown"
    birth_date: str | None = None
    temporary: bool = False
    allergy: str = ""
    payer_kind: str = "self"
    visit: dict[str, Any] | None = None

    def reference(self) -> dict[str, Any]:
        """Return the content of a ``PatientRef``."""
        return {
            "number": self.number,
            "name": self.name,
            "sex": self.sex,
            "birth_date": self.birth_date,
            "temporary": self.temporary,
        }

    def as_content(self) -> dict[str, Any]:
        """Return plain values for a draft."""
        return asdict(self)


def patient_card(desk: Desk, source: PatientHit | Entry) -> PatientCard:
    """Return the card of a patient found in the list or registered here, with the visit in hand."""
    from downtime.entry import Entry

    if isinstance(source, Entry):
        known = source.content["patient"]
        return PatientCard(
            number=known["number"],
            name=known["name"],
            sex=known["sex"],
            birth_date=known["birth_date"],
            temporary=known["temporary"],
            visit=_visit_here(desk, known["number"]),
        )
    return PatientCard(
        number=source.number,
        name=source.name,
        sex=source.sex,
        birth_date=source.birth_date,
        allergy=source.allergy,
        payer_kind="self" if source.payer_kind.strip().lower() in SELF_PAYING else "insured_pending",
        visit=_visit_here(desk, source.number) or _visit_known(desk, source.number),
    )


def _visit_here(desk: Desk, patient: str) -> dict[str, Any] | None:
    """Return the newest visit recorded at this station that still stands."""
    for entry in desk.entries_of_patient(patient):
        if entry.form == "visit" and desk.reversal_of(entry.id) is None:
            return dict(entry.content["visit"])
    return None


def _visit_known(desk: Desk, patient: str) -> dict[str, Any] | None:
    """Return the bed or the visit of today that the reference tables name."""
    reference = desk.reference
    if reference is None:
        return None
    today = desk.book.clock.now().wall[:10]
    stay = next(iter(reference.stays_of(patient)), None)
    visit = next((v for v in reference.visits_of(patient) if (v.started_at or "").startswith(today)), None)
    if stay is None and visit is None:
        return None
    number = str(stay.number if stay else visit.number if visit else "")
    department = str((stay or visit).department or "")  # type: ignore[union-attr]  # one of them is there
    doctor = str((stay or visit).doctor or "")  # type: ignore[union-attr]  # one of them is there
    named = reference.department(department)
    staff = reference.staff(doctor)
    kind = "inpatient" if stay else visit.kind if visit else "outpatient"
    return {
        "number": number,
        "kind": kind if kind in {"outpatient", "emergency", "inpatient"} else "outpatient",
        "department": department,
        "department_name": named.name if named else department,
        "doctor": doctor,
        "doctor_name": staff.name if staff else doctor,
        "temporary": False,
    }


def sex_word(sex: str) -> str:
    """Return the word for a sex in the language in use."""
    return {"male": _("male"), "female": _("female")}.get(sex, _("sex unknown"))


def visit_word(kind: str) -> str:
    """Return the word for a kind of visit."""
    return {
        "outpatient": _("Outpatient"),
        "emergency": _("Emergency"),
        "inpatient": _("Inpatient"),
    }.get(kind, _("Outpatient"))


def payer_word(payer_kind: str) -> str:
    """Return the word for who pays."""
    return _("Insured, to be settled") if payer_kind == "insured_pending" else _("Self-paying")


def age_word(birth_date: str | None, today: str) -> str:
    """Return the age in words: years, or months and days for the very young; "" if unknown."""
    try:
        born, now = date.fromisoformat(birth_date or ""), date.fromisoformat(today[:10])
    except ValueError:
        return ""
    years = now.year - born.year - ((now.month, now.day) < (born.month, born.day))
    if years >= 3:  # noqa: PLR2004 (below three, months matter)
        return _("{years} y").format(years=years)
    months = (now.year - born.year) * 12 + now.month - born.month - (now.day < born.day)
    return (
        _("{months} mo").format(months=months) if months > 0 else _("{days} d").format(days=(now - born).days)
    )
