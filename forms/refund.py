"""Refund 退费: a charge whole or by line, or what is left of an advance, back the way it came.

Linked to what was paid: never more than was paid and not yet refunded, never a refund of a refund. Cash leaves
the drawer now; card and mobile stay 待原路退 until ``refund_confirmed``. Unlike a reversal (冲正), which says that
an entry was wrong, a refund says that money goes back.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Form, Part, Problem
from forms.bill import (
    Bill,
    bill_of,
    dispensed_quantities,
    due_minor,
    exchange_state,
    money_of,
    refund_amount,
    refunded_quantities,
)
from forms.charge import LINES_MAX, lines_owed
from forms.money import Told
from forms.people import Code, FreeText, Name, OptionalName, PatientRef, VisitRef
from forms.postings import Posting, account, opposite
from forms.precollection import Precollection, advance_account, advance_left
from forms.quantity import QuantityText
from forms.refund_rules import FORMAL_PAPER_FIRST, method_problem, require_settled
from forms.tender import AmountMinor, Payments, given_back
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place
    from forms.charge import ChargeLine

NO_SUCH_LINE = N_("The charge has no such line.")
REFUNDABLE = ("charge", Precollection.name)


class RefundLine(Part):
    """Some of one line of the charge.

    Attributes:
        line: its place on the charge, from 1.
        amount_minor: its share of the line's amount.
    """

    line: Annotated[int, Field(ge=1, le=LINES_MAX)]
    code: Code
    name: Name
    unit: OptionalName = ""
    kind: Literal["service", "drug", "unlisted"] = "service"
    quantity: QuantityText
    amount_minor: AmountMinor

    def problem(self, charged: ChargeLine, before: Decimal, not_handed: Decimal) -> Problem | None:
        """Return what is wrong with taking this off ``charged``.

        Args:
            charged: the line of the charge.
            before: what was taken off it already.
            not_handed: what of this code nobody has carried away, after this.
        """
        quantity = Decimal(self.quantity)
        if (charged.code, charged.kind) != (self.code, self.kind):
            return Problem("line", NO_SUCH_LINE)
        if before + quantity > Decimal(charged.quantity):
            return Problem("quantity", N_("More of {name} than was charged."), {"name": self.name})
        if charged.kind != "service" and not_handed < 0:
            return Problem("quantity", N_("{name} was dispensed; take it back first."), {"name": self.name})
        worth = refund_amount(charged, before, quantity)
        if self.amount_minor != worth:
            return Problem(
                "amount_minor", N_("This part of the line is {expected} minor units."), {"expected": worth}
            )
        return None


class Refund(Form):
    """Money goes back for lines that are not provided, or of an advance that was too much.

    Attributes:
        entry_id: the charge, or the pre-collection.
        lines: what is taken off the charge; none for a pre-collection.
        refunds: how the money goes back; none where nothing had been paid.
        paper_returned: the formal paper was taken back; asked for once the receipt has been exchanged.
    """

    name: ClassVar[str] = "refund"
    title: ClassVar[str] = N_("Refund")
    right: ClassVar[str | None] = "reverse"

    entry_id: Code
    entry_number: Annotated[str, Field(max_length=40, title=N_("For receipt"))] = ""
    patient: PatientRef
    visit: VisitRef | None = None
    reason: Annotated[FreeText, Field(min_length=1)]
    lines: Annotated[tuple[RefundLine, ...], Field(max_length=LINES_MAX, strict=False)] = ()
    refunds: Payments = ()
    total_minor: Annotated[AmountMinor, Field(title=N_("Amount"))] = 0
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    paper_returned: Annotated[bool, Field(title=N_("Formal paper taken back"))] = False

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        require_settled(self.refunds, self.total_minor)
        return self

    def refers_to(self) -> tuple[str, ...]:
        """It names what it refunds."""
        return (self.entry_id,)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """The lines are undone; cash leaves the drawer, the rest is owed back the way it came."""
        if not self.lines:
            return given_back(self.refunds, place, advance_account(self.patient.number), self.currency)
        patient = account("patient", self.patient.number)
        undone = opposite(lines_owed(self.lines, patient, self.currency))
        return undone + given_back(self.refunds, place, patient, self.currency)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """What it names must stand and be this patient's, and the money must not exceed what was paid."""
        where = {"number": self.entry_number or self.entry_id}
        found = earlier.content_of(self.entry_id)
        if found is not None and found[0] in {self.name, "deposit_refund", "reversal"}:
            return [Problem("entry_id", N_("{number} is a refund itself; charge again instead."), where)]
        if (
            found is None
            or found[0] not in REFUNDABLE
            or found[1]["patient"]["number"] != self.patient.number
            or earlier.referring(self.entry_id, "reversal")
        ):
            return [Problem("entry_id", N_("There is nothing paid under {number} here to refund."), where)]
        if exchange_state(self.entry_id, earlier) == "exchanged" and not self.paper_returned:
            return [Problem("paper_returned", FORMAL_PAPER_FIRST, where)]
        bill = bill_of(self.entry_id, earlier)
        return self._bill_problems(bill, earlier) if bill is not None else self._advance_problems(earlier)

    def _advance_problems(self, earlier: Earlier) -> list[Problem]:
        left = advance_left(self.entry_id, earlier)
        if self.lines:
            return [Problem("lines", N_("An advance has no lines; give back an amount."))]
        if not 0 < self.total_minor <= left:
            return [
                Problem(
                    "total_minor",
                    N_("Only {left} of the advance is left."),
                    {"left": Told(left, self.currency)},
                )
            ]
        return method_problem(money_of(self.entry_id, earlier), self.refunds, self.currency)

    def _bill_problems(self, bill: Bill, earlier: Earlier) -> list[Problem]:
        found = self._line_problems(bill, earlier)
        if found:
            return found
        money = money_of(self.entry_id, earlier)
        due_after = due_minor(bill, earlier) - sum(line.amount_minor for line in self.lines)
        back = max(0, money.held_minor() - due_after)
        if self.total_minor != back:
            return [
                Problem(
                    "total_minor",
                    N_("{back} goes back for these lines; {held} was paid and not yet refunded."),
                    {"back": Told(back, self.currency), "held": Told(money.held_minor(), self.currency)},
                )
            ]
        return method_problem(money, self.refunds, self.currency)

    def _line_problems(self, bill: Bill, earlier: Earlier) -> list[Problem]:
        if not self.lines:
            return [Problem("lines", N_("Say which lines."))]
        refunded = refunded_quantities(self.entry_id, earlier)
        handed = dispensed_quantities(self.entry_id, earlier)
        not_handed = {code: -amount for code, amount in handed.items()}
        for n, charged in enumerate(bill.lines, start=1):
            left = Decimal(charged.quantity) - refunded.get(n, Decimal(0))
            not_handed[charged.code] = not_handed.get(charged.code, Decimal(0)) + left
        for n, line in enumerate(self.lines):
            if line.line > len(bill.lines):
                return [Problem(f"lines.{n}.line", NO_SUCH_LINE)]
            charged, before = bill.lines[line.line - 1], refunded.get(line.line, Decimal(0))
            not_handed[line.code] = not_handed.get(line.code, Decimal(0)) - Decimal(line.quantity)
            found = line.problem(charged, before, not_handed[line.code])
            if found is not None:
                return [Problem(f"lines.{n}.{found.field}", found.message, found.values)]
            refunded[line.line] = before + Decimal(line.quantity)
        return []
