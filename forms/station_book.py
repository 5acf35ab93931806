"""What the station itself writes into its book: openings, outages, numbers, reference data, audit, paper."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from forms.base import Form, Part, Problem
from forms.people import Code, FreeText, OptionalName
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier

Hex = Annotated[str, Field(pattern=r"^[0-9a-f]*$", max_length=128)]


class StationForm(Form):
    """A form no person asks for: the HIS does not get it and it has no paper."""

    deliverable: ClassVar[bool] = False
    numbered: ClassVar[bool] = False
    role: ClassVar[None] = None
    right: ClassVar[str | None] = None


class CarriedBalance(Part):
    """One balance carried over from the book before."""

    account: str
    unit: str
    amount: int


class Opening(StationForm):
    """First entry of every book: where it stands and what it continues."""

    name: ClassVar[str] = "opening"
    title: ClassVar[str] = N_("Book opened")
    right: ClassVar[str | None] = "book"

    book: int
    previous_head: Hex = ""
    next_number: Annotated[int, Field(ge=1)] = 1
    balances: Annotated[tuple[CarriedBalance, ...], Field(strict=False)] = ()


class NumberBlock(StationForm):
    """Receipt numbers this station may use, both ends included."""

    name: ClassVar[str] = "number_block"
    title: ClassVar[str] = N_("Block of receipt numbers")
    right: ClassVar[str | None] = "numbers"

    first: Annotated[int, Field(ge=1, le=999_999)]
    last: Annotated[int, Field(ge=1, le=999_999)]


class ReferenceInForce(StationForm):
    """From here on prices, patients and staff come from this version of the reference tables."""

    name: ClassVar[str] = "reference_in_force"
    title: ClassVar[str] = N_("Reference data in force")
    right: ClassVar[str | None] = "reference"

    version: Annotated[int, Field(ge=1)]
    sha256: Hex
    taken_at: str
    rows: Annotated[dict[str, int], Field(default_factory=dict)]

    def problems(self, earlier: Earlier) -> list[Problem]:
        """An older list never comes back in force: it would revive leavers and old prices."""
        before = earlier.last_of(self.name)
        if before is not None and _moment(self.taken_at) < _moment(before["taken_at"]):
            return [
                Problem(
                    "taken_at",
                    N_("These lists were taken at {taken_at}, before those in force ({in_force})."),
                    {"taken_at": self.taken_at, "in_force": before["taken_at"]},
                )
            ]
        return []


def _moment(text: str) -> datetime:
    """Return a time of the lists; one without offset counts as UTC, so that any two can be compared."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class OutageDeclared(StationForm):
    """Somebody with the right to say so declares the outage; the app never decides by itself."""

    name: ClassVar[str] = "outage_declared"
    title: ClassVar[str] = N_("Outage declared")
    right: ClassVar[str | None] = "outage"

    outage: Code
    reason: FreeText = ""
    declared_by: OptionalName = ""


class OutageEnded(StationForm):
    """The outage is over: nothing new is recorded under it."""

    name: ClassVar[str] = "outage_ended"
    title: ClassVar[str] = N_("Outage ended")
    right: ClassVar[str | None] = "outage"

    outage: Code
    declared_by: OptionalName = ""


class Audit(StationForm):
    """Time, user, event, success: who did what, in the same sealed chain."""

    name: ClassVar[str] = "audit"
    title: ClassVar[str] = N_("Audit line")

    event: Code
    success: bool = True
    subject: Annotated[str, Field(max_length=200)] = ""
    detail: Annotated[str, Field(max_length=2_000)] = ""


class Printed(StationForm):
    """What became of one printout of a receipt."""

    name: ClassVar[str] = "printed"
    title: ClassVar[str] = N_("Printout")

    entry_id: Code
    number: Annotated[str, Field(max_length=40)] = ""
    copy_number: Annotated[int, Field(ge=1)] = 1
    state: Literal["printed", "not_printed", "maybe_printed"]
    printer: Annotated[str, Field(max_length=80)] = ""
    reason: FreeText = ""

    def refers_to(self) -> tuple[str, ...]:
        """It names the entry on the paper."""
        return (self.entry_id,)


class ResendDecided(StationForm):
    """A person decides that a rejected entry goes to the HIS again; only this reopens it.

    Attributes:
        entry_id: the entry, of this station or, where many are delivered together, of another.
        step: the delivery step it was decided on; once the entry has moved on it is void. 0: none was shown.
    """

    name: ClassVar[str] = "resend_decided"
    title: ClassVar[str] = N_("Resend decided")
    right: ClassVar[str | None] = "deliver"

    entry_id: Code
    connector: Code
    number: Annotated[str, Field(max_length=40)] = ""
    step: Annotated[int, Field(ge=0)] = 0
    reason: FreeText = ""

    def refers_to(self) -> tuple[str, ...]:
        """It names the entry that goes again."""
        return (self.entry_id,)


class DeliveryAnchor(StationForm):
    """How far the deliveries had come, sealed into the journal's chain."""

    name: ClassVar[str] = "delivery_anchor"
    title: ClassVar[str] = N_("Deliveries anchored")

    count: Annotated[int, Field(ge=0)]
    head: Hex
