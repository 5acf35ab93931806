"""Filled forms for this very station: valid, with a fresh id, made of its own reference data."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from downtime.record import new_entry_id
from forms.money import line_amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.desk import Desk
    from downtime.entry import Entry

Line = dict[str, Any]


def example_lines(desk: Desk, form: str) -> list[Line]:
    """Return lines for ``downtime record -``: the form, after the charge it needs if none stands here yet."""
    from downtime.examples_money import MONEY_EXAMPLES

    makers: dict[str, Callable[[Desk], list[Line]]] = {
        "charge": new_charge,
        "registration": _registration,
        "visit": _visit,
        "payment": _payment,
        "dispense": _dispense,
        "reversal": _reversal,
    }
    return (makers | MONEY_EXAMPLES)[form](desk)


def filled_line(form: str, content: dict[str, Any]) -> Line:
    """Return one line for ``downtime record -`` under a fresh id."""
    return {"form": form, "id": new_entry_id(), "content": content}


def patient_part(desk: Desk) -> dict[str, Any]:
    """Return the first patient of the lists, or one of this station's own."""
    known = next(iter(desk.reference.rows("patients")), None) if desk.reference else None
    if known is None:
        return {
            "number": desk.next_temporary_patient(),
            "name": "练习病人",
            "sex": "unknown",
            "temporary": True,
        }
    return {"number": known.number, "name": known.name, "sex": known.sex, "birth_date": known.birth_date}  # type: ignore[attr-defined]  # a patient row


def charge_line(desk: Desk, table: str, kind: str) -> dict[str, Any]:
    """Return one line of the first item or drug of the lists, or one no list has."""
    row = next(iter(desk.reference.rows(table)), None) if desk.reference else None
    price = row.price_minor if row is not None else 1000  # type: ignore[attr-defined]  # items and drugs have a price
    return {
        "code": row.code if row is not None else "UNLISTED",  # type: ignore[attr-defined]  # as above
        "name": row.name if row is not None else "练习项目",  # type: ignore[attr-defined]  # as above
        "unit": row.unit if row is not None else "",  # type: ignore[attr-defined]  # as above
        "kind": kind if row is not None else "unlisted",
        "unit_price_minor": price,
        "quantity": "1",
        "amount_minor": line_amount(price, Decimal(1)),
    }


def new_charge(desk: Desk, *, unpaid: bool = False) -> list[Line]:
    """Return a charge of a service and a drug."""
    lines = [charge_line(desk, "items", "service"), charge_line(desk, "drugs", "drug")]
    total = sum(line["amount_minor"] for line in lines)
    content: dict[str, Any] = {
        "patient": patient_part(desk),
        "payer_kind": "self",
        "currency": desk.currency,
        "lines": lines,
        "total_minor": total,
    }
    if unpaid:
        content["authorisation"] = {"kind": "green_channel", "guarantor": "练习总值班"}
    else:
        cash = {"method": "cash", "amount_minor": total, "tendered_minor": total, "change_minor": 0}
        content["payments"] = [cash]
    return [filled_line("charge", content)]


def _registration(desk: Desk) -> list[Line]:
    patient = {
        "number": desk.next_temporary_patient(),
        "name": "练习病人",
        "sex": "unknown",
        "temporary": True,
    }
    return [filled_line("registration", {"patient": patient, "identity": "known"})]


def _visit(desk: Desk) -> list[Line]:
    visit: dict[str, Any] = {"number": desk.next_temporary_visit(), "kind": "outpatient", "temporary": True}
    department = next(iter(desk.reference.departments()), None) if desk.reference else None
    if department is not None:
        visit |= {"department": department.code, "department_name": department.name}
    return [filled_line("visit", {"patient": patient_part(desk), "visit": visit})]


def _payment(desk: Desk) -> list[Line]:
    charges = [entry for entry in _charges(desk) if desk.owed_minor(entry.id)]
    before = [] if charges else new_charge(desk, unpaid=True)
    charge_id, number, content, owed = (
        (charges[0].id, charges[0].number, charges[0].content, desk.owed_minor(charges[0].id))
        if charges
        else (before[0]["id"], "", before[0]["content"], before[0]["content"]["total_minor"])
    )
    cash = {"method": "cash", "amount_minor": owed, "tendered_minor": owed, "change_minor": 0}
    payment = {
        "charge_id": charge_id,
        "charge_number": number or "",
        "patient": content["patient"],
        "currency": content["currency"],
        "total_minor": owed,
        "payments": [cash],
    }
    return [*before, filled_line("payment", payment)]


def _dispense(desk: Desk) -> list[Line]:
    open_charges = [
        entry
        for entry in _charges(desk)
        if any(left > 0 for left in desk.left_to_dispense(entry.id).values())
    ]
    before = [] if open_charges else new_charge(desk)
    charge_id, number, content = (
        (open_charges[0].id, open_charges[0].number, open_charges[0].content)
        if open_charges
        else (before[0]["id"], "", before[0]["content"])
    )
    left = desk.left_to_dispense(charge_id) if open_charges else None
    drug = next(
        line
        for line in content["lines"]
        if line["kind"] == "drug" and (left is None or left.get(line["code"], 0) >= 1)
    )
    batches = desk.reference.batches_of(drug["code"]) if desk.reference else []
    handed = {"code": drug["code"], "name": drug["name"], "unit": drug.get("unit", ""), "quantity": "1"}
    if batches:
        handed |= {"batch": batches[0].batch, "expiry": batches[0].expiry}
    dispense = {
        "charge_id": charge_id,
        "charge_number": number or "",
        "patient": content["patient"],
        "lines": [handed],
    }
    return [*before, filled_line("dispense", dispense)]


def _reversal(desk: Desk) -> list[Line]:
    charges = [entry for entry in _charges(desk) if _nothing_stands_on(desk, entry)]
    before = [] if charges else new_charge(desk)
    charge_id, number, content = (
        (charges[0].id, charges[0].number, charges[0].content)
        if charges
        else (before[0]["id"], "", before[0]["content"])
    )
    payments = content.get("payments", [])
    reversal = {
        "entry_id": charge_id,
        "entry_number": number or "",
        "patient": content["patient"],
        "reason": "练习:项目录错",
        "refunds": [_refund(part) for part in payments],
        "total_minor": sum(part["amount_minor"] for part in payments),
        "currency": content["currency"],
    }
    return [*before, filled_line("reversal", reversal)]


def _refund(part: dict[str, Any]) -> dict[str, Any]:
    cash = {"tendered_minor": part["amount_minor"], "change_minor": 0} if part["method"] == "cash" else {}
    return part | cash


def _charges(desk: Desk) -> list[Entry]:
    return [
        entry
        for entry in desk.find_entries()
        if entry.form == "charge" and desk.reversal_of(entry.id) is None
    ]


def _nothing_stands_on(desk: Desk, charge: Entry) -> bool:
    return not any(
        charge.id in entry.refers_to and desk.reversal_of(entry.id) is None
        for entry in desk.entries_of_patient(charge.patient or "")
        if entry.form in {"payment", "dispense", "refund", "payment_verified", "exchange"}
    )
