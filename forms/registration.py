"""Registration 登记: an unknown patient gets a temporary number that carries the station."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Form, Problem, fault
from forms.people import FreeText, Guardian, PatientRef, Phone
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier

CHILD_YEARS_MAX = 14
UNKNOWN_PERSON_NAME = "无名氏"


class RegisteredPatient(PatientRef):
    """What is known of the new patient; nothing but a name and a number is demanded."""

    age_years: Annotated[int, Field(ge=0, le=150)] | None = None
    phone: Phone = ""
    id_kind: Literal["", "national_id", "passport", "other"] = ""
    id_number: Annotated[str, Field(max_length=40)] = ""
    address: Annotated[str, Field(max_length=400)] = ""


class Registration(Form):
    """A person the reference tables do not know, or nobody can name."""

    name: ClassVar[str] = "registration"
    title: ClassVar[str] = N_("Registration")
    right: ClassVar[str | None] = "register"

    patient: RegisteredPatient
    identity: Literal["known", "unknown_person", "child"] = "known"
    guardian: Guardian | None = None
    note: FreeText = ""

    @model_validator(mode="after")
    def _someone_answers_for_a_child(self) -> Self:
        if self.identity == "child" and self.guardian is None:
            raise fault(N_("A child needs a guardian's name."), "guardian.name")
        if not self.patient.temporary:
            raise fault(N_("A new patient has a temporary number."), "patient.temporary")
        return self

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Refuse a temporary number that is already somebody's."""
        if earlier.has_patient(self.patient.number):
            return [
                Problem(
                    "patient.number",
                    N_("Number {number} is already in use; take the next one."),
                    {"number": self.patient.number},
                )
            ]
        return []
