"""Postponed discharge 暂缓出院: who waits for the bill, and the phone to call when it can be made.

Chinese plans put discharge settlement off for 24 to 48 hours; the list of who to call is what is missing after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Problem, fault
from forms.people import FreeText, OptionalName, PatientRef, Phone, VisitRef
from forms.station_book import StationForm
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier


class DischargePostponed(StationForm):
    """One step with a patient whose discharge waits.

    Attributes:
        step: postponed; called (with what was said in ``note``); or settled, which ends it.
        postponed_id: for the later steps: the entry that postponed it.
        contact: whom to ask for, ``phone`` where. One of both phones is needed.
    """

    name: ClassVar[str] = "discharge_postponed"
    title: ClassVar[str] = N_("Discharge postponed")
    right: ClassVar[str | None] = "register"

    step: Literal["postponed", "called", "settled"] = "postponed"
    postponed_id: Annotated[str, Field(max_length=64)] = ""
    patient: PatientRef
    visit: VisitRef | None = None
    ward: Annotated[str, Field(max_length=80)] = ""
    bed: Annotated[str, Field(max_length=20)] = ""
    contact: OptionalName = ""
    phone: Phone = ""
    second_phone: Phone = ""
    note: FreeText = ""

    @model_validator(mode="after")
    def _can_be_called(self) -> Self:
        if self.step == "postponed" and not (self.phone or self.second_phone):
            raise fault(N_("Without a phone nobody can be called back."), "phone")
        if self.step != "postponed" and not self.postponed_id:
            raise fault(N_("Say which postponed discharge."), "postponed_id")
        return self

    def refers_to(self) -> tuple[str, ...]:
        """A later step names the first."""
        return (self.postponed_id,) if self.postponed_id else ()

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Later steps belong to a discharge that still waits."""
        if self.step == "postponed":
            return []
        found = earlier.content_of(self.postponed_id)
        if found is None or found[0] != self.name or found[1]["patient"]["number"] != self.patient.number:
            return [Problem("postponed_id", N_("There is no such postponed discharge here."))]
        contents = [earlier.content_of(one) for one in earlier.referring(self.postponed_id, self.name)]
        if any(one is not None and one[1]["step"] == "settled" for one in contents):
            return [Problem("postponed_id", N_("This discharge has been settled already."))]
        return []
