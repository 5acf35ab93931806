"""Filled money forms with sensible content, for tests of forms and of the book; names are visibly made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.bookkeeping import Bookkeeping
from forms.card_held import CardHeld, CardReturned
from forms.deposit import Deposit, DepositRefund
from forms.exchange import Exchange
from forms.itemisation import Itemisation
from forms.payment_verified import PaymentVerified
from forms.precollection import Precollection
from forms.pricing import Pricing
from forms.refund import Refund
from forms.refund_confirmed import RefundConfirmed
from tests.downtime.builders import PATIENT, cash, line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Parts = list[dict[str, Any]]


def unseen(amount: int, tail: str = "") -> dict[str, Any]:
    """Return a mobile payment whose confirmation nobody saw; without a tail there was no slip."""
    return {"method": "mobile", "amount_minor": amount, "slip_tail": tail, "unverified": True}


def total_of(parts: Sequence[Mapping[str, Any]]) -> int:
    """Return the sum of lines or payments."""
    return sum(part["amount_minor"] for part in parts)


def precollection(parts: Parts, **more: Any) -> Precollection:
    """Return money taken before the lines are known."""
    return Precollection.model_validate(
        {
            "patient": PATIENT,
            "currency": "CNY",
            "category": "化验费",
            "total_minor": total_of(parts),
            "payments": parts,
            **more,
        }
    )


def itemisation(lines: Parts, advance: int, covered: int, before: str = "a1", **more: Any) -> Itemisation:
    """Return the lines of a pre-collection."""
    return Itemisation.model_validate(
        {
            "precollection_id": before,
            "precollection_number": "W03A-000001-0",
            "patient": PATIENT,
            "currency": "CNY",
            "lines": lines,
            "total_minor": total_of(lines),
            "advance_minor": advance,
            "covered_minor": covered,
            **more,
        }
    )


def pricing(lines: Parts | None = None, **more: Any) -> Pricing:
    """Return lines priced without money."""
    priced = lines or [line()]
    content = {
        "patient": PATIENT,
        "currency": "CNY",
        "lines": priced,
        "total_minor": total_of(priced),
        **more,
    }
    return Pricing.model_validate(content)


def deposit(parts: Parts, **more: Any) -> Deposit:
    """Return an inpatient's deposit."""
    content = {"patient": PATIENT, "currency": "CNY", "total_minor": total_of(parts), "payments": parts}
    return Deposit.model_validate({**content, "ward": "练习病区", "bed": "12", **more})


def deposit_refund(deposit_id: str, parts: Parts, **more: Any) -> DepositRefund:
    """Return a deposit given back."""
    content = {"deposit_id": deposit_id, "patient": PATIENT, "reason": "练习:出院", "currency": "CNY"}
    return DepositRefund.model_validate({**content, "refunds": parts, "total_minor": total_of(parts), **more})


def bookkeeping(lines: Parts | None = None, **more: Any) -> Bookkeeping:
    """Return lines on an inpatient's account."""
    booked = lines or [line()]
    content = {
        "patient": PATIENT,
        "currency": "CNY",
        "lines": booked,
        "total_minor": total_of(booked),
        **more,
    }
    return Bookkeeping.model_validate(content)


def part_of(n: int, charged: Mapping[str, Any], quantity: str, amount: int) -> dict[str, Any]:
    """Return some of line ``n`` of a charge, to be refunded."""
    taken = {name: charged[name] for name in ("code", "name", "unit", "kind")}
    return {"line": n, **taken, "quantity": quantity, "amount_minor": amount}


def refund(entry_id: str, lines: Parts, parts: Parts, **more: Any) -> Refund:
    """Return money going back for lines, or of an advance."""
    content = {"entry_id": entry_id, "patient": PATIENT, "reason": "练习:不做了", "currency": "CNY"}
    return Refund.model_validate(
        {**content, "lines": lines, "refunds": parts, "total_minor": total_of(parts), **more}
    )


def refund_confirmed(refund_id: str, parts: Parts, **more: Any) -> RefundConfirmed:
    """Return card or mobile money that has really gone back."""
    content = {"refund_id": refund_id, "patient": PATIENT, "currency": "CNY", "refunds": parts}
    return RefundConfirmed.model_validate({**content, "total_minor": total_of(parts), **more})


def verified(entry_id: str, amount: int, *, received: bool = True, **more: Any) -> PaymentVerified:
    """Return what a statement says about an unverified payment."""
    content = {"entry_id": entry_id, "patient": PATIENT, "currency": "CNY", "method": "mobile"}
    return PaymentVerified.model_validate(
        {**content, "total_minor": amount, "received": received, "slip_tail": "", **more}
    )


def exchange(entry_id: str, *amounts: int, **more: Any) -> Exchange:
    """Return an exchange for as many electronic invoices as amounts are given."""
    papers = [
        {"kind": "e_invoice", "bill_code": "PX01", "number": f"PX{n:08}", "amount_minor": amount}
        for n, amount in enumerate(amounts, start=1)
    ]
    content = {"entry_id": entry_id, "patient": PATIENT, "documents": papers, "slip_returned": True}
    return Exchange.model_validate({**content, **more})


def exchange_void(entry_id: str, **more: Any) -> Exchange:
    """Return the voiding of a formal document."""
    return exchange(entry_id, state="void", formal_returned=True, reason="练习:金额错", **more)


def card_held(**more: Any) -> CardHeld:
    """Return a card that is kept."""
    return CardHeld.model_validate(
        {"patient": PATIENT, "left_by": "练习家属", "phone": "13800000000", **more}
    )


def card_returned(held_id: str, **more: Any) -> CardReturned:
    """Return a card going back."""
    return CardReturned.model_validate(
        {"held_id": held_id, "patient": PATIENT, "returned_to": "练习家属", **more}
    )


def cash_back(amount: int) -> dict[str, Any]:
    """Return cash given back."""
    return cash(amount)
