"""One refund while it is put together: what of each line is left, what is taken, how the money goes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.worklists import patient_of
from forms.base import read_form
from forms.bill import (
    bill_of,
    dispensed_quantities,
    due_minor,
    exchange_state,
    money_of,
    refund_amount,
    refunded_quantities,
)
from forms.deposit import Deposit, DepositRefund
from forms.money import format_amount
from forms.precollection import Precollection, advance_left
from forms.refund import REFUNDABLE, Refund
from forms.tender import METHODS

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.entry import Entry
    from forms.base import Form, Problem
    from forms.bill import Bill, Money
    from forms.charge import ChargeLine

_BACK_FIRST = (*METHODS[1:], METHODS[0])
"""Card and mobile money goes back the way it came before any cash is touched."""


@dataclass(slots=True)
class LineLeft:
    """One line of the charge.

    Attributes:
        place: its number on the charge, from 1.
        before: how much of it was refunded before; ``taken`` how much is taken off now.
        handed: how much of its code was carried away and stands in the way.
    """

    place: int
    charged: ChargeLine
    before: Decimal
    handed: Decimal = Decimal(0)
    taken: Decimal = Decimal(0)

    @property
    def left(self) -> Decimal:
        """What of it was neither refunded nor carried away."""
        return max(Decimal(self.charged.quantity) - self.before - self.handed, Decimal(0))

    def why_not(self) -> str:
        """Return why nothing of it can be taken."""
        words = (
            _("{name} was dispensed: the pharmacy takes it back first.")
            if self.handed
            else _("{name} was refunded already.")
        )
        return words.format(name=self.charged.name)

    def worth_minor(self) -> int:
        """Return what is taken off now, in minor units."""
        return refund_amount(self.charged, self.before, self.taken)


@dataclass(slots=True)
class RefundSheet:
    """What is about to be refunded on one receipt.

    Attributes:
        entry: the charge, the pre-collection or the deposit.
        money: what came in and what of it went back.
        bill: the lines, or None where there are none.
        left_minor: what of an advance is left.
        amount_minor: how much of it goes back now.
        paper_returned: the formal paper was taken back.
        reason: what was said why, if anything was.
    """

    entry: Entry
    currency: str
    money: Money
    bill: Bill | None
    due_minor: int
    left_minor: int
    is_exchanged: bool
    lines: list[LineLeft]
    entry_id: str = field(default_factory=new_entry_id)
    amount_minor: int = 0
    paper_returned: bool = False
    reason: str = ""

    def back_minor(self) -> int:
        """Return what goes back to the patient, in minor units."""
        if self.bill is None:
            return self.amount_minor
        return max(0, self.money.held_minor() - self.due_minor + self.worth_minor())

    def worth_minor(self) -> int:
        """Return what the lines taken off come to."""
        return sum(line.worth_minor() for line in self.lines)

    def take_whole(self) -> None:
        """Take everything that may still go back."""
        for line in self.lines:
            line.taken = line.left
        self.amount_minor = self.left_minor

    def is_empty(self) -> bool:
        """Return whether nothing is taken yet."""
        return not any(line.taken for line in self.lines) if self.bill else not self.amount_minor

    def refunds(self) -> list[dict[str, Any]]:
        """Return how the money goes back: by card and mobile first as far as it came so, the rest in cash."""
        rest, found = self.back_minor(), []
        for method in _BACK_FIRST:
            part = min(rest, max(self.money.refundable(method), 0))
            rest -= part
            if part:
                cash = {"tendered_minor": part, "change_minor": 0} if method == "cash" else {}
                tail = {} if method == "cash" else {"slip_tail": self._tail(method)}
                found.append({"method": method, "amount_minor": part, **cash, **tail})
        return found

    def _tail(self, method: str) -> str:
        tails = [part.get("slip_tail", "") for part in self.entry.content.get("payments", ())
                 if part["method"] == method]  # fmt: skip
        return str(tails[0]) if len(tails) == 1 else ""

    def why_not(self) -> str | None:
        """Return in words why this cannot be refunded as it stands, or None."""
        waits = self.back_minor() - sum(part["amount_minor"] for part in self.refunds())
        if self.is_empty():
            return _("Nothing is taken yet: F9 takes the whole receipt, a digit a line.")
        if waits:
            return _(
                "{amount} was paid without a confirmation anybody saw: verify it first (Work lists)."
            ).format(amount=format_amount(waits, self.currency))
        return None

    def form(self, reason: str) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        content = self.entry.content
        refunds = self.refunds()
        filled: dict[str, Any] = {
            "patient": patient_of(self.entry),
            "visit": content.get("visit"),
            "reason": reason,
            "refunds": refunds,
            "total_minor": sum(part["amount_minor"] for part in refunds),
            "currency": self.currency,
            "paper_returned": self.paper_returned,
        }
        number = self.entry.number or ""
        if self.entry.form == Deposit.name:
            return read_form(DepositRefund, {"deposit_id": self.entry.id, "deposit_number": number, **filled})
        lines = [_line_content(line) for line in self.lines if line.taken]
        return read_form(
            Refund, {"entry_id": self.entry.id, "entry_number": number, "lines": lines, **filled}
        )


def _line_content(line: LineLeft) -> dict[str, Any]:
    charged = line.charged
    return {
        "line": line.place,
        "code": charged.code,
        "name": charged.name,
        "unit": charged.unit,
        "kind": charged.kind,
        "quantity": plain(line.taken),
        "amount_minor": line.worth_minor(),
    }


def plain(quantity: Decimal) -> str:
    """Return a quantity as text without exponent or trailing zeros."""
    return f"{quantity.normalize():f}" if quantity else "0"


def sheet_for(desk: Desk, entry: Entry) -> RefundSheet | str:
    """Return a new refund of what ``entry`` says, or in words why there is none."""
    if entry.form == "payment":  # the money belongs to its charge
        charge = desk.find(str(entry.content["charge_id"]))
        assert charge is not None, "a payment is recorded on a charge of this book only"
        return sheet_for(desk, charge)
    why_not = _why_not(desk, entry)
    if why_not is not None:
        return why_not
    earlier = JournalView(desk.looking())
    number = entry.number or entry.id
    bill = bill_of(entry.id, earlier)
    money = money_of(entry.id, earlier)
    sheet = RefundSheet(
        entry=entry,
        currency=desk.currency,
        money=money,
        bill=bill,
        due_minor=due_minor(bill, earlier) if bill else 0,
        left_minor=_left(entry, money, earlier),
        is_exchanged=exchange_state(entry.id, earlier) == "exchanged",
        lines=_lines(entry, bill, earlier) if bill else [],
    )
    if bill is None and sheet.left_minor <= 0:
        return _("Nothing is left of {number}: it was used or given back.").format(number=number)
    if bill is not None and all(line.before >= Decimal(line.charged.quantity) for line in sheet.lines):
        return _("All of {number} was refunded already.").format(number=number)
    sheet.amount_minor = 0 if bill else sheet.left_minor
    return sheet


def _why_not(desk: Desk, entry: Entry) -> str | None:
    """Return in words why an entry of this kind, or this one, is never refunded."""
    number = entry.number or entry.id
    if entry.form in {Refund.name, DepositRefund.name, "reversal"}:
        return _("{number} is a refund itself; charge again instead.").format(number=number)
    if entry.form not in {*REFUNDABLE, Deposit.name}:
        return _("{number} is no receipt for money: nothing to refund.").format(number=number)
    if desk.reversal_of(entry.id) is not None:
        return _("{number} was reversed: the money went back already.").format(number=number)
    return None


def _left(entry: Entry, money: Money, earlier: JournalView) -> int:
    if entry.form == Precollection.name:
        return advance_left(entry.id, earlier)
    return money.held_minor() if entry.form == Deposit.name else 0


def _lines(entry: Entry, bill: Bill, earlier: JournalView) -> list[LineLeft]:
    refunded = refunded_quantities(entry.id, earlier)
    handed = dispensed_quantities(entry.id, earlier)
    lines = []
    for place, charged in enumerate(bill.lines, start=1):
        line = LineLeft(place, charged, refunded.get(place, Decimal(0)))
        if charged.kind != "service":  # what was carried away counts against the first lines of its code
            line.handed = min(handed.get(charged.code, Decimal(0)), Decimal(charged.quantity) - line.before)
            handed[charged.code] = handed.get(charged.code, Decimal(0)) - line.handed
        lines.append(line)
    return lines
