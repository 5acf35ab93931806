"""What a comparison found, in words a person at the desk understands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.patient_match import POSSIBLE_SCORE
from forms.text import N_

if TYPE_CHECKING:
    from downtime.patient_match import Candidate, Reason
    from downtime.patient_match_people import Person
    from downtime.store.patient_match import Decision

_REASONS = {
    ("identity", "same"): N_("identity number the same"),
    ("identity", "slip"): N_("identity number one digit off"),
    ("identity", "different"): N_("another identity number"),
    ("identity", "other_person"): N_("another identity number, both valid"),
    ("card", "same"): N_("card the same"),
    ("name", "same"): N_("name the same"),
    ("name", "sound"): N_("name sounds the same"),
    ("name", "reordered"): N_("name in another order"),
    ("name", "slip"): N_("name one character off"),
    ("name", "surname"): N_("another surname"),
    ("name", "southern"): N_("name sounds alike"),
    ("name", "part"): N_("part of the name the same"),
    ("name", "similar"): N_("name similar"),
    ("name", "twin"): N_("same mother, another child"),
    ("name", "baby"): N_("same mother"),
    ("name", "mother"): N_("is the mother's name"),
    ("name", "guardian"): N_("is the guardian's name"),
    ("name", "different"): N_("another name"),
    ("birth", "same"): N_("birth date the same"),
    ("birth", "swapped"): N_("day and month swapped"),
    ("birth", "slip"): N_("birth date one digit off"),
    ("birth", "year"): N_("year of birth the same"),
    ("birth", "near"): N_("born a year or two apart"),
    ("birth", "different"): N_("another birth date"),
    ("birth", "age"): N_("age fits"),
    ("birth", "age_near"): N_("age nearly fits"),
    ("birth", "age_rough"): N_("age fits roughly"),
    ("birth", "age_off"): N_("age does not fit"),
    ("birth", "generation"): N_("another generation"),
    ("phone", "same"): N_("phone the same"),
    ("phone", "slip"): N_("phone one digit off"),
    ("phone", "different"): N_("another phone"),
    ("sex", "same"): N_("sex the same"),
    ("sex", "different"): N_("another sex"),
    ("address", "same"): N_("address the same"),
    ("address", "similar"): N_("address similar"),
    ("address", "different"): N_("another address"),
}
_WARNINGS = {
    "other_name": N_("Same number but another name: a borrowed card?"),
    "contradiction": N_("Same number, but sex or birth date contradict."),
    "twins": N_("Perhaps a twin: look at the name closely."),
    "parent": N_("Perhaps a parent, not the child."),
    "surname": N_("Only the surname differs: changed, or a relative?"),
    "temporary": N_("Registered here before: one person twice?"),
    "alike": N_("Others fit as well: ask before you choose."),
}
_VERDICTS = {"certain": N_("certain"), "likely": N_("likely"), "possible": N_("possible")}
_SEXES = {"male": N_("male"), "female": N_("female")}


def reason_words(reason: Reason) -> str:
    """Return one reason, for instance "phone one digit off"."""
    return _(_REASONS[reason.field, reason.level])


def reasons_text(candidate: Candidate) -> str:
    """Return every reason, what speaks for it first."""
    spoken = sorted(candidate.reasons, key=lambda reason: (reason.weight < 0, -abs(reason.weight)))
    return _(", ").join(map(reason_words, spoken))


def warning_words(warning: str) -> str:
    """Return one warning as a sentence."""
    return _(_WARNINGS[warning])


def verdict_words(candidate: Candidate) -> str:
    """Return how sure it is, in one word."""
    if candidate.score < POSSIBLE_SCORE:
        return _("hardly")
    return _(_VERDICTS[candidate.verdict])


def sex_words(person: Person) -> str:
    """Return the sex, or "" where nobody knows."""
    return _(_SEXES[person.sex]) if person.sex in _SEXES else ""


def age_words(person: Person) -> str:
    """Return the birth date, else the told age, else ""."""
    if person.birth_date:
        return person.birth_date
    return _("{age} y").format(age=person.age_years) if person.age_years is not None else ""


def decision_words(decision: Decision) -> str:
    """Return what was decided about a temporary number."""
    form = decision.form
    if form.other is None:
        return _("nobody in the lists")
    if form.outcome == "same_temporary":
        return _("the same as {number}").format(number=form.other.number)
    return _("is {number} {name}").format(number=form.other.number, name=form.other.name)
