"""What is to be handed over on a charge: how much is left, from which batch, and whether it may be at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from downtime import desk_queries
from downtime.record import new_entry_id
from downtime.rules import is_two_person_drug

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.desk import Desk
    from downtime.desk_queries import BatchLeft
    from downtime.entry import Entry

ChargeState = Literal["paid", "authorised", "unpaid", "reversed", "done"]
_PATIENT_FIELDS = ("number", "name", "sex", "birth_date", "temporary")


@dataclass
class Give:
    """One line to hand over, from one batch.

    Attributes:
        left: what the charge still allows of this drug, all lines together.
        quantity: what is handed over here.
        batches: what there is to choose from, the one that expires first on top.
        controlled: kind of controlled drug, or "".
        is_left_out: not handed over now; it stays on the charge.
    """

    code: str
    name: str
    spec: str
    unit: str
    left: Decimal
    quantity: Decimal
    batches: list[BatchLeft]
    batch: str = ""
    expiry: str | None = None
    controlled: str = ""
    is_left_out: bool = False

    def take_from(self, batch: BatchLeft) -> None:
        """Hand it over from another batch."""
        self.batch, self.expiry = batch.batch, batch.expiry

    def content(self) -> dict[str, Any]:
        """Return the content of a ``DispenseLine``."""
        return {
            "code": self.code,
            "name": self.name,
            "spec": self.spec,
            "unit": self.unit,
            "quantity": quantity_text(self.quantity),
            "batch": self.batch,
            "expiry": self.expiry,
        }


@dataclass
class DispenseSheet:
    """Everything on the dispense screen for one charge.

    Attributes:
        entry_id: made when the charge was brought up; the same however often Enter is pressed.
    """

    charge: Entry
    state: ChargeState
    gives: list[Give]
    allergy: str = ""
    entry_id: str = field(default_factory=new_entry_id)

    @property
    def may_go(self) -> bool:
        """Whether anything may be handed over."""
        return self.state in {"paid", "authorised"}

    @property
    def needs_second_person(self) -> bool:
        """Whether a drug that two people sign for is among what is handed over."""
        return any(is_two_person_drug(give.controlled) for give in self.gives if not give.is_left_out)

    def as_draft(self) -> dict[str, Any]:
        """Return plain values for a draft: the charge, and line by line what a person decided."""
        gives = [
            {
                "code": give.code,
                "quantity": quantity_text(give.quantity),
                "batch": give.batch,
                "is_left_out": give.is_left_out,
            }
            for give in self.gives
        ]
        return {"charge_id": self.charge.id, "patient": self.charge.content["patient"], "gives": gives}

    def take_up(self, gives: Sequence[Mapping[str, Any]]) -> None:
        """Decide as a draft says, as far as the charge still has these lines and there are these batches."""
        for give, kept in zip(self.gives, gives, strict=False):
            if give.code != kept["code"]:
                return
            batch = next((one for one in give.batches if one.batch == kept["batch"]), None)
            if batch is not None:
                give.take_from(batch)
            give.quantity = min(Decimal(kept["quantity"]), give.left)
            give.is_left_out = kept["is_left_out"]

    def content(self, window: str) -> dict[str, Any]:
        """Return the content of a ``Dispense``."""
        charged = self.charge.content
        return {
            "charge_id": self.charge.id,
            "charge_number": self.charge.number or "",
            "patient": {
                name: charged["patient"][name] for name in _PATIENT_FIELDS if name in charged["patient"]
            },
            "visit": charged.get("visit"),
            "lines": [give.content() for give in self.gives if not give.is_left_out],
            "window": window,
        }


def sheet_of(desk: Desk, charge: Entry) -> DispenseSheet:
    """Return what is to be handed over on ``charge``, batches chosen: what expires first goes first."""
    left = {code: amount for code, amount in desk.left_to_dispense(charge.id).items() if amount > 0}
    state = charge_state(desk, charge, is_done=not left)
    gives: list[Give] = []
    if state not in {"reversed", "done"}:
        for line in charge.content["lines"]:
            wanted = left.pop(line["code"], None)
            if wanted is not None and line["kind"] != "service":
                gives += _gives(desk, line, wanted)
    known = desk.reference.get_patient(charge.patient) if desk.reference and charge.patient else None
    return DispenseSheet(charge, state, gives, allergy=known.allergy if known else "")


def charge_state(desk: Desk, charge: Entry, *, is_done: bool | None = None) -> ChargeState:
    """Return whether a charge's drugs may be handed over."""
    if desk.reversal_of(charge.id) is not None:
        return "reversed"
    if is_done is None:
        is_done = not any(amount > 0 for amount in desk.left_to_dispense(charge.id).values())
    if is_done:
        return "done"
    if desk.owed_minor(charge.id) <= 0:
        return "paid"
    return "authorised" if charge.content.get("authorisation") else "unpaid"


def _gives(desk: Desk, line: dict[str, Any], wanted: Decimal) -> list[Give]:
    drug = desk.reference.get_drug(line["code"]) if desk.reference else None
    batches = desk_queries.batches_left(desk, line["code"], line.get("unit", ""))

    def give(quantity: Decimal, batch: BatchLeft | None) -> Give:
        return Give(
            code=line["code"],
            name=line["name"],
            spec=line.get("spec", ""),
            unit=line.get("unit", ""),
            left=wanted,
            quantity=quantity,
            batches=batches,
            batch=batch.batch if batch else "",
            expiry=batch.expiry if batch else None,
            controlled=drug.controlled if drug else "",
        )

    gives, open_quantity = [], wanted
    usable = [batch for batch in batches if not batch.expired and batch.left > 0]
    for batch in usable:
        if open_quantity > 0:
            taken = min(open_quantity, batch.left)
            gives.append(give(taken, batch))
            open_quantity -= taken
    if open_quantity > 0 and gives:  # the list says there is not enough; what lies on the shelf decides
        gives[-1].quantity += open_quantity
    elif open_quantity > 0:
        in_date = next((batch for batch in batches if not batch.expired), None)
        gives.append(give(open_quantity, in_date))
    return gives


def quantity_text(quantity: Decimal) -> str:
    """Return a quantity as canonical text: no exponent, no trailing zero."""
    text = f"{quantity:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
