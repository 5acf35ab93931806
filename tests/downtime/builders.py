"""A quick practice home and filled forms with sensible content; names are visibly made up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from downtime.approvals import approve, rule_for
from downtime.book import OpenBook
from downtime.keys import CHEAP_COST, Person
from downtime.record import Recorded, new_entry_id, record
from downtime.sealing import Filled
from downtime.station import create_station
from forms.charge import Charge
from forms.dispense import Dispense
from forms.money import line_amount
from forms.payment import Collection
from forms.registration import Registration
from forms.reversal import Reversal
from forms.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.keys import Keyring
    from forms.base import Form

OPERATOR = "1001"
PASSWORD = "practice-1001"
SECOND = "1006"
SECOND_PASSWORD = "practice-1006"
SERVICE_PASSWORD = "practice-service"
PATIENT: dict[str, Any] = {
    "number": "P000001",
    "name": "练习病人甲",
    "sex": "female",
    "birth_date": "1980-01-31",
}
VISIT: dict[str, Any] = {"number": "V000001", "kind": "outpatient", "department": "D01"}


def make_home(
    path: Path,
    *,
    code: str = "W03",
    drill: bool = False,
    clock: Clock | None = None,
    ballast_bytes: int = 0,
    **more: Mapping[str, Any],
) -> Home:
    """Make a home at ``path`` whose password slots cost nothing."""
    settings = {
        "hospital": {"id": "PRACTICE", "name": "练习医院"},
        "station": {"code": code, "name": "练习窗口", "drill": drill},
        **more,
    }
    settings.setdefault("access", {"policy": "practice"})
    people = [
        (Person(OPERATOR, "练习员", ("cashier", "pharmacist", "supervisor", "it")), PASSWORD),
        (
            Person(SECOND, "练习班长", ("supervisor", "pharmacist", "auditor", "administrator")),
            SECOND_PASSWORD,
        ),
    ]
    return create_station(
        path,
        settings,
        people,
        service_password=SERVICE_PASSWORD,
        cost=CHEAP_COST,
        clock=clock,
        ballast_bytes=ballast_bytes,
    )


def unlock(home: Home) -> Keyring:
    """Return the open keys of the one operator."""
    return home.keys.unlock(OPERATOR, PASSWORD)


def open_current(home: Home, clock: Clock | None = None) -> OpenBook:
    """Open the newest book."""
    return OpenBook(home, unlock(home), home.current_book(), clock)


def line(
    code: str = "A001", price: int = 1250, quantity: str = "2", kind: str = "service", **more: Any
) -> dict[str, Any]:
    """Return one line of a charge whose amount is right."""
    amount = line_amount(price, Decimal(quantity))
    named = {"code": code, "name": "练习项目", "unit": "次", "kind": kind, "quantity": quantity}
    return {**named, "unit_price_minor": price, "amount_minor": amount, **more}


def cash(amount: int, tendered: int | None = None) -> dict[str, Any]:
    """Return a cash payment with its change."""
    handed = amount if tendered is None else tendered
    return {
        "method": "cash",
        "amount_minor": amount,
        "tendered_minor": handed,
        "change_minor": handed - amount,
    }


def by(method: str, amount: int, slip_tail: str = "1234") -> dict[str, Any]:
    """Return a payment by card or mobile."""
    return {"method": method, "amount_minor": amount, "slip_tail": slip_tail}


def charge_content(lines: Sequence[Mapping[str, Any]] = (), **more: Any) -> dict[str, Any]:
    """Return the content of a charge, by default paid in cash."""
    charged = list(lines) or [line()]
    total = sum(one["amount_minor"] for one in charged)
    content = {
        "patient": PATIENT,
        "visit": VISIT,
        "currency": "CNY",
        "lines": charged,
        "total_minor": total,
        "payments": [cash(total)] if total else [],
    }
    return {**content, **more}


def charge(lines: Sequence[Mapping[str, Any]] = (), **more: Any) -> Charge:
    """Return a filled charge."""
    return Charge.model_validate(charge_content(lines, **more))


def arrears(lines: Sequence[Mapping[str, Any]] = (), **more: Any) -> Charge:
    """Return a charge that leaves unpaid, with somebody who vouches."""
    vouched = {"kind": "arrears", "guarantor": "练习担保人"}
    return charge(lines, **{"payments": [], "authorisation": vouched, **more})


def dispense(charge_id: str, lines: Sequence[Mapping[str, Any]], **more: Any) -> Dispense:
    """Return a filled dispense on a charge."""
    content = {"charge_id": charge_id, "patient": PATIENT, "lines": list(lines), "window": "1", **more}
    return Dispense.model_validate(content)


def drug(code: str = "D001", quantity: str = "1", batch: str = "B1") -> dict[str, Any]:
    """Return one line of a dispense."""
    return {"code": code, "name": "练习药品", "unit": "盒", "quantity": quantity, "batch": batch}


def collection(charge_id: str, payments: Sequence[Mapping[str, Any]]) -> Collection:
    """Return money collected later for a charge."""
    total = sum(part["amount_minor"] for part in payments)
    return Collection.model_validate(
        {
            "charge_id": charge_id,
            "patient": PATIENT,
            "currency": "CNY",
            "total_minor": total,
            "payments": list(payments),
        }
    )


def reversal(entry: Entry, reason: str = "重复收费") -> Reversal:
    """Return the reversal of an entry; money goes back the way it came."""
    refunds = entry.content.get("payments", [])
    return Reversal.model_validate(
        {
            "entry_id": entry.id,
            "entry_number": entry.number or "",
            "patient": PATIENT,
            "reason": reason,
            "refunds": refunds,
            "total_minor": sum(part["amount_minor"] for part in refunds),
            "currency": "CNY",
        }
    )


def registration(number: str = "TW03A0100001", **more: Any) -> Registration:
    """Return the registration of somebody nobody knows."""
    patient = {"number": number, "name": "无名氏", "temporary": True}
    return Registration.model_validate({"patient": patient, "identity": "unknown_person", **more})


def visit(number: str = "VW03A0100001") -> Visit:
    """Return a visit under a temporary number."""
    return Visit.model_validate({"patient": PATIENT, "visit": {**VISIT, "number": number, "temporary": True}})


def stand(book: OpenBook, form: Form, entry_id: str = "") -> Entry:
    """Record a form that must be accepted and return its entry; the second person agrees where one is needed."""
    filled = Filled(form, entry_id or new_entry_id())
    rule = rule_for(book, form)
    approval = approve(book, filled, rule, SECOND, SECOND_PASSWORD) if rule else None
    outcome = record(book, filled, approval)
    assert isinstance(outcome, Recorded), outcome
    return outcome.entry
