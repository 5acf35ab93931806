"""Held card 留卡: an insured person leaves the card until the insurer can be reached; returned against a name.

Source: 常州市人社局 2012-06-19 (留卡或登记医保卡号就诊,待系统恢复后按规定处理). Both times somebody signs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from forms.base import Form, Problem
from forms.people import Code, FreeText, Name, OptionalName, PatientRef, Phone, VisitRef
from forms.station_book import StationForm
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier


class CardHeld(Form):
    """A card is kept here; the patient goes home with this slip.

    Attributes:
        card_tail: last digits on the card, never the whole number.
        left_by: who handed it over and signs; ``relation`` to the patient, if it is somebody else.
        kept_in: number of the envelope or drawer it lies in.
        charge_id: the charge that waits for the insurer, if it stands in this book.
    """

    name: ClassVar[str] = "card_held"
    title: ClassVar[str] = N_("Card held")
    deliverable: ClassVar[bool] = False

    patient: PatientRef
    visit: VisitRef | None = None
    card_kind: Annotated[
        Literal["insurance_card", "identity_card", "other"], Field(title=N_("Kind of card"))
    ] = "insurance_card"
    card_tail: Annotated[str, Field(max_length=8, pattern=r"^[0-9A-Za-z]*$", title=N_("Last digits"))] = ""
    left_by: Annotated[Name, Field(title=N_("Left by"))]
    relation: Annotated[str, Field(max_length=40, title=N_("Relation"))] = ""
    phone: Annotated[Phone, Field(title=N_("Phone"))] = ""
    kept_in: Annotated[str, Field(max_length=40, title=N_("Kept in"))] = ""
    charge_id: Annotated[str, Field(max_length=64, title=N_("Entry"))] = ""
    charge_number: Annotated[str, Field(max_length=40, title=N_("For receipt"))] = ""
    note: FreeText = ""

    def refers_to(self) -> tuple[str, ...]:
        """It names the charge that waits."""
        return (self.charge_id,) if self.charge_id else ()


class CardReturned(StationForm):
    """The card went back; the slip was taken and signed."""

    name: ClassVar[str] = "card_returned"
    title: ClassVar[str] = N_("Card returned")
    right: ClassVar[str | None] = "cash"

    held_id: Code
    held_number: Annotated[str, Field(max_length=40)] = ""
    patient: PatientRef
    returned_to: Name
    relation: OptionalName = ""
    identity_checked: Literal["slip", "identity_card", "known_person"] = "slip"
    note: FreeText = ""

    def refers_to(self) -> tuple[str, ...]:
        """It names the held card."""
        return (self.held_id,)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """A card goes back once, to its own patient."""
        where = {"number": self.held_number or self.held_id}
        found = earlier.content_of(self.held_id)
        if found is None or found[0] != CardHeld.name or earlier.referring(self.held_id, "reversal"):
            return [Problem("held_id", N_("No card is held under {number} here."), where)]
        if found[1]["patient"]["number"] != self.patient.number:
            return [Problem("held_id", N_("The card under {number} is another patient's."), where)]
        if earlier.referring(self.held_id, self.name):
            return [Problem("held_id", N_("The card under {number} has been returned already."), where)]
        return []
