"""What a bill (charge, itemisation, bookkeeping) still owes, and what of it was paid, refunded or handed over.

Every form that stands on a bill asks here, so that all of them count the same way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from forms.charge import ChargeLine
from forms.money import line_amount

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from forms.base import Earlier

BILLS = ("charge", "itemisation", "bookkeeping")


@dataclass(frozen=True, slots=True)
class Bill:
    """Lines somebody owes.

    Attributes:
        at_once_minor: paid with it, or covered by an advance.
        vouched: drugs may go out although it is not paid: somebody vouches, or it stands on an inpatient account.
        is_on_account: bookkeeping; nothing is collected for it here.
    """

    id: str
    form: str
    patient: str
    currency: str
    lines: tuple[ChargeLine, ...]
    total_minor: int
    at_once_minor: int
    vouched: bool
    is_on_account: bool


@dataclass(slots=True)
class Money:
    """What became of money, by method, in minor units.

    Attributes:
        paid: what came in, less what a statement says never came.
        unverified: the part of it that nobody saw arrive yet.
        refunded: what went back or is owed back.
    """

    paid: Counter[str] = field(default_factory=Counter)
    unverified: Counter[str] = field(default_factory=Counter)
    refunded: Counter[str] = field(default_factory=Counter)

    def held_minor(self) -> int:
        """Return what is here, verified or not."""
        return self.paid.total() - self.refunded.total()

    def refundable(self, method: str) -> int:
        """Return what may still go back by ``method``: only what was seen to arrive."""
        return self.paid[method] - self.unverified[method] - self.refunded[method]


def bill_of(entry_id: str, earlier: Earlier) -> Bill | None:
    """Return the bill if it is in this book and not reversed."""
    found = earlier.content_of(entry_id)
    if found is None or found[0] not in BILLS or earlier.referring(entry_id, "reversal"):
        return None
    form, content = found
    paid = sum(part["amount_minor"] for part in content.get("payments", ()))
    return Bill(
        id=entry_id,
        form=form,
        patient=content["patient"]["number"],
        currency=content["currency"],
        lines=tuple(ChargeLine.model_validate(line) for line in content["lines"]),
        total_minor=content["total_minor"],
        at_once_minor=content.get("covered_minor", 0) + paid,
        vouched=bool(content.get("authorisation")) or form == "bookkeeping",
        is_on_account=form == "bookkeeping",
    )


def money_of(entry_id: str, earlier: Earlier) -> Money:
    """Return what came in with an entry and its later payments, and what of it went back."""
    money = Money()
    for one in (entry_id, *earlier.referring(entry_id, "payment")):
        content = _content(one, earlier)
        for part in content.get("payments", ()):
            money.paid[part["method"]] += part["amount_minor"]
            if part.get("unverified"):
                money.unverified[part["method"]] += part["amount_minor"]
        for verified_id in earlier.referring(one, "payment_verified"):
            verified = _content(verified_id, earlier)
            money.unverified[verified["method"]] -= verified["total_minor"]
            if not verified["received"]:
                money.paid[verified["method"]] -= verified["total_minor"]
    for form in ("refund", "deposit_refund"):
        for refund_id in earlier.referring(entry_id, form):
            for part in _content(refund_id, earlier)["refunds"]:
                money.refunded[part["method"]] += part["amount_minor"]
    return money


def unverified_left(entry_id: str, earlier: Earlier) -> Counter[str]:
    """Return what of one entry's own payments nobody saw arrive yet, by method."""
    found = earlier.content_of(entry_id)
    left: Counter[str] = Counter()
    if found is None or earlier.referring(entry_id, "reversal"):
        return left
    for part in found[1].get("payments", ()):
        if part.get("unverified"):
            left[part["method"]] += part["amount_minor"]
    for verified_id in earlier.referring(entry_id, "payment_verified"):
        verified = _content(verified_id, earlier)
        left[verified["method"]] -= verified["total_minor"]
    return left


def refund_left(refund_id: str, earlier: Earlier) -> Counter[str]:
    """Return what a refund still owes back by card or mobile (待原路退), by method."""
    found = earlier.content_of(refund_id)
    left: Counter[str] = Counter()
    if found is None or found[0] not in {"refund", "deposit_refund"}:
        return left
    for part in found[1]["refunds"]:
        if part["method"] != "cash":
            left[part["method"]] += part["amount_minor"]
    for confirmed_id in earlier.referring(refund_id, "refund_confirmed"):
        for part in _content(confirmed_id, earlier)["refunds"]:
            left[part["method"]] -= part["amount_minor"]
    return left


def refunded_quantities(bill_id: str, earlier: Earlier) -> dict[int, Decimal]:
    """Return how much of each line, counted from 1, has been refunded."""
    found: dict[int, Decimal] = {}
    for refund_id in earlier.referring(bill_id, "refund"):
        for line in _content(refund_id, earlier)["lines"]:
            found[line["line"]] = found.get(line["line"], Decimal(0)) + Decimal(line["quantity"])
    return found


def dispensed_quantities(bill_id: str, earlier: Earlier) -> dict[str, Decimal]:
    """Return how much of each code has been handed over on a bill."""
    found: dict[str, Decimal] = {}
    for dispense_id in earlier.referring(bill_id, "dispense"):
        for line in _content(dispense_id, earlier)["lines"]:
            found[line["code"]] = found.get(line["code"], Decimal(0)) + Decimal(line["quantity"])
    return found


def refund_amount(line: ChargeLine, refunded: Decimal, quantity: Decimal) -> int:
    """Return what ``quantity`` more of a line is worth, so that all parts together give the line's amount."""
    left = Decimal(line.quantity) - refunded
    return line_amount(line.unit_price_minor, left) - line_amount(line.unit_price_minor, left - quantity)


def due_minor(bill: Bill, earlier: Earlier) -> int:
    """Return what the lines come to that are not refunded."""
    refunded = refunded_quantities(bill.id, earlier)
    return sum(
        line_amount(line.unit_price_minor, Decimal(line.quantity) - refunded.get(n, Decimal(0)))
        for n, line in enumerate(bill.lines, start=1)
    )


def owed_minor(bill_id: str, earlier: Earlier) -> int:
    """Return what is still to be collected on a bill; 0 where it does not stand or is on account."""
    bill = bill_of(bill_id, earlier)
    if bill is None or bill.is_on_account:
        return 0
    advance = bill.at_once_minor if bill.form == "itemisation" else 0
    return due_minor(bill, earlier) - advance - money_of(bill_id, earlier).held_minor()


def exchange_state(entry_id: str, earlier: Earlier) -> str:
    """Return "" for a receipt not exchanged (未换), "exchanged" (已换开), or "void" (作废)."""
    ids = earlier.referring(entry_id, "exchange")
    return str(_content(ids[-1], earlier)["state"]) if ids else ""


def _content(entry_id: str, earlier: Earlier) -> Mapping[str, Any]:
    found = earlier.content_of(entry_id)
    assert found is not None, entry_id
    return found[1]
