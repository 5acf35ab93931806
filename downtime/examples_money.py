"""Examples of the money forms: each after the entry it names, made of the station's own lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.examples import Line, charge_line, filled_line, new_charge, patient_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.desk import Desk

_ADVANCE_MINOR = 5_000


def _cash(amount: int) -> list[dict[str, Any]]:
    if not amount:
        return []
    return [{"method": "cash", "amount_minor": amount, "tendered_minor": amount, "change_minor": 0}]


def _precollection(desk: Desk) -> list[Line]:
    content = {
        "patient": patient_part(desk),
        "currency": desk.currency,
        "category": "化验费",
        "total_minor": _ADVANCE_MINOR,
        "payments": _cash(_ADVANCE_MINOR),
    }
    return [filled_line("precollection", content)]


def _itemisation(desk: Desk) -> list[Line]:
    (before,) = _precollection(desk)
    lines = [charge_line(desk, "items", "service")]
    total = sum(line["amount_minor"] for line in lines)
    content = {
        "precollection_id": before["id"],
        "precollection_number": "练习",
        "patient": before["content"]["patient"],
        "currency": desk.currency,
        "lines": lines,
        "total_minor": total,
        "advance_minor": _ADVANCE_MINOR,
        "covered_minor": min(total, _ADVANCE_MINOR),
    }
    return [before, filled_line("itemisation", content)]


def _priced(desk: Desk) -> dict[str, Any]:
    lines = [charge_line(desk, "items", "service"), charge_line(desk, "drugs", "drug")]
    return {
        "patient": patient_part(desk),
        "currency": desk.currency,
        "lines": lines,
        "total_minor": sum(line["amount_minor"] for line in lines),
    }


def _pricing(desk: Desk) -> list[Line]:
    return [filled_line("pricing", _priced(desk))]


def _bookkeeping(desk: Desk) -> list[Line]:
    return [filled_line("bookkeeping", {**_priced(desk), "ward": "练习病区", "bed": "12"})]


def _deposit(desk: Desk) -> list[Line]:
    content = {
        "patient": patient_part(desk),
        "ward": "练习病区",
        "bed": "12",
        "currency": desk.currency,
        "total_minor": _ADVANCE_MINOR,
        "payments": _cash(_ADVANCE_MINOR),
    }
    return [filled_line("deposit", content)]


def _deposit_refund(desk: Desk) -> list[Line]:
    (before,) = _deposit(desk)
    content = {
        "deposit_id": before["id"],
        "patient": before["content"]["patient"],
        "reason": "练习:出院",
        "refunds": _cash(_ADVANCE_MINOR),
        "total_minor": _ADVANCE_MINOR,
        "currency": desk.currency,
    }
    return [before, filled_line("deposit_refund", content)]


def _refund(desk: Desk) -> list[Line]:
    (before,) = new_charge(desk)
    charged = before["content"]["lines"][0]
    taken = {name: charged[name] for name in ("code", "name", "unit", "kind", "quantity", "amount_minor")}
    content = {
        "entry_id": before["id"],
        "patient": before["content"]["patient"],
        "reason": "练习:不做了",
        "lines": [{"line": 1, **taken}],
        "refunds": _cash(charged["amount_minor"]),
        "total_minor": charged["amount_minor"],
        "currency": desk.currency,
    }
    return [before, filled_line("refund", content)]


def _card_held(desk: Desk) -> list[Line]:
    content = {"patient": patient_part(desk), "left_by": "练习家属", "card_tail": "0000", "kept_in": "练习1"}
    return [filled_line("card_held", content)]


MONEY_EXAMPLES: dict[str, Callable[[Desk], list[Line]]] = {
    "precollection": _precollection,
    "itemisation": _itemisation,
    "pricing": _pricing,
    "bookkeeping": _bookkeeping,
    "deposit": _deposit,
    "deposit_refund": _deposit_refund,
    "refund": _refund,
    "card_held": _card_held,
}
"""What makes an example of each money form."""
