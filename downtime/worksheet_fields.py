"""What an entry says, field by field, the way a HIS wants it typed: codes, amounts and dates in its own writing.

A field is named in the site's ``worksheet.toml`` and made here. Its value is exactly what goes into the HIS; beside it
stands what the value means, for the eyes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from downtime.receipt_facts import UNLISTED
from downtime.worksheet_telling import NAMING, NO_BILL, NOT_MATCHED, UNLISTED_ITEM
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.worksheet_telling import Telling

Part = Literal["entry", "line", "payment"]
Value = tuple[str, str]
"""What is typed, and what it means."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One field there is.

    Attributes:
        title: msgid, where the site gives none.
        part: what it is said of: the entry, one of its lines, one of its payments.
        value: makes it of the telling and of the content, the line or the payment.
    """

    title: str
    part: Part
    value: Callable[[Telling, Any], Value]


def _plain(name: str) -> Callable[[Telling, Any], Value]:
    return lambda _telling, said: (str(said.get(name) or ""), "")


def _of(part: str, name: str) -> Callable[[Telling, Any], Value]:
    return lambda _telling, content: (str((content.get(part) or {}).get(name) or ""), "")


def _named(part: str, code: str, name: str) -> Callable[[Telling, Any], Value]:
    def value(_telling: Telling, content: Any) -> Value:
        said = content.get(part) or {}
        return (str(said.get(code) or ""), str(said.get(name) or ""))

    return value


def _money(name: str) -> Callable[[Telling, Any], Value]:
    return lambda telling, said: (telling.amount(said.get(name)), "")


def _coded(field: str, part: str, name: str) -> Callable[[Telling, Any], Value]:
    def value(telling: Telling, content: Any) -> Value:
        said = (content.get(part) or {}) if part else content
        return telling.coded(field, str(said.get(name) or ""))

    return value


def _patient(telling: Telling, content: Any) -> Value:
    patient = content.get("patient") or {}
    number, name = str(patient.get("number") or telling.entry.patient or ""), str(patient.get("name") or "")
    if patient.get("temporary") or number in telling.patients:
        known = telling.patients.get(number)
        return (known, name) if known else ("", telling.say(NOT_MATCHED).format(number=number))
    return number, name


def _temporary(_telling: Telling, content: Any) -> Value:
    patient = content.get("patient") or {}
    return (str(patient["number"]) if patient.get("temporary") else "", "")


def _visit(telling: Telling, content: Any) -> Value:
    visit = content.get("visit") or {}
    number = str(visit.get("number") or "")
    return ("", telling.say(NOT_MATCHED).format(number=number)) if visit.get("temporary") else (number, "")


def _paid(telling: Telling, content: Any) -> Value:
    parts = content.get("payments") or content.get("refunds") or ()
    return telling.amount(sum(part["amount_minor"] for part in parts)), ""


def _owed(telling: Telling, content: Any) -> Value:
    if not content.get("authorisation"):
        return "", ""
    paid = sum(part["amount_minor"] for part in content.get("payments") or ())
    return telling.amount(content.get("total_minor", 0) - paid), ""


def _names(_telling: Telling, content: Any) -> Value:
    numbers = (content.get(f"{name}_number") for name in (*NAMING, "priced"))
    return str(next(filter(None, numbers), "")), ""


def _his_bill(telling: Telling, content: Any) -> Value:
    ids = (content.get(f"{name}_id") for name in NAMING)
    named = next((one for one in ids if one), None)
    if not named:
        return "", ""
    bill = telling.bills.get(named, "")
    return (bill, "") if bill else ("", telling.say(NO_BILL))


def _item(telling: Telling, line: Any) -> Value:
    code = str(line.get("code") or "")
    known = "  ".join(filter(None, (line.get("name"), line.get("spec"), line.get("unit"))))
    if code == UNLISTED or line.get("kind") == "unlisted":
        return "", f"{known}  ({telling.say(UNLISTED_ITEM)})"
    return code, known


def _both(telling: Telling, _content: Any) -> Value:
    return f"{telling.day(telling.entry.happened_at)} {telling.clock()}", ""


FIELDS: dict[str, FieldRule] = {
    "receipt": FieldRule(N_("Receipt no."), "entry", lambda t, _c: (t.entry.number or "", "")),
    "names": FieldRule(N_("For receipt"), "entry", _names),
    "his_bill": FieldRule(N_("Bill in the HIS"), "entry", _his_bill),
    "patient": FieldRule(N_("Patient number"), "entry", _patient),
    "temporary_number": FieldRule(N_("Temporary number"), "entry", _temporary),
    "name": FieldRule(N_("Full name"), "entry", _of("patient", "name")),
    "sex": FieldRule(N_("Sex"), "entry", _coded("sex", "patient", "sex")),
    "birth_date": FieldRule(
        N_("Date of birth"), "entry", lambda t, c: (t.day((c.get("patient") or {}).get("birth_date")), "")
    ),
    "age": FieldRule(N_("Age"), "entry", _of("patient", "age_years")),
    "id_kind": FieldRule(N_("Kind of document"), "entry", _coded("id_kind", "patient", "id_kind")),
    "id_number": FieldRule(N_("ID number"), "entry", _of("patient", "id_number")),
    "phone": FieldRule(
        N_("Phone"),
        "entry",
        lambda _t, c: (str((c.get("patient") or {}).get("phone") or c.get("phone") or ""), ""),
    ),
    "address": FieldRule(N_("Address"), "entry", _of("patient", "address")),
    "identity": FieldRule(N_("Identity status"), "entry", _coded("identity", "", "identity")),
    "guardian": FieldRule(N_("Guardian"), "entry", _named("guardian", "name", "relation")),
    "guardian_phone": FieldRule(N_("Guardian's phone"), "entry", _of("guardian", "phone")),
    "visit": FieldRule(N_("Visit"), "entry", _visit),
    "visit_kind": FieldRule(N_("Kind of visit"), "entry", _coded("visit_kind", "visit", "kind")),
    "department": FieldRule(N_("Department"), "entry", _named("visit", "department", "department_name")),
    "doctor": FieldRule(N_("Doctor"), "entry", _named("visit", "doctor", "doctor_name")),
    "payer": FieldRule(N_("Payer"), "entry", _coded("payer", "", "payer_kind")),
    "total": FieldRule(N_("Total"), "entry", _money("total_minor")),
    "paid_in_all": FieldRule(N_("Paid"), "entry", _paid),
    "owed": FieldRule(N_("Still owed"), "entry", _owed),
    "advance": FieldRule(N_("Paid in advance"), "entry", _money("advance_minor")),
    "covered": FieldRule(N_("Covered by the advance"), "entry", _money("covered_minor")),
    "authorisation": FieldRule(N_("Unpaid"), "entry", _coded("authorisation", "authorisation", "kind")),
    "guarantor": FieldRule(N_("Guarantor"), "entry", _of("authorisation", "guarantor")),
    "guarantor_phone": FieldRule(N_("Guarantor's phone"), "entry", _of("authorisation", "phone")),
    "approved_by": FieldRule(N_("Approved by"), "entry", _of("authorisation", "approved_by")),
    "fee_category": FieldRule(N_("Fee category"), "entry", _plain("category")),
    "ward": FieldRule(N_("Ward"), "entry", _plain("ward")),
    "bed": FieldRule(N_("Bed"), "entry", _plain("bed")),
    "payer_name": FieldRule(N_("Paid by"), "entry", _plain("payer_name")),
    "window": FieldRule(N_("Window"), "entry", _plain("window")),
    "checked_by": FieldRule(N_("Checked by"), "entry", _plain("checked_by")),
    "done_by": FieldRule(N_("Done by"), "entry", _plain("done_by")),
    "reason": FieldRule(N_("Reason"), "entry", _plain("reason")),
    "note": FieldRule(N_("Note"), "entry", _plain("note")),
    "operator": FieldRule(N_("Operator"), "entry", lambda t, _c: (t.entry.operator, t.entry.operator_name)),
    "day": FieldRule(N_("Day"), "entry", lambda t, _c: (t.day(t.entry.happened_at), "")),
    "clock": FieldRule(N_("Time"), "entry", lambda t, _c: (t.clock(), "")),
    "day_and_clock": FieldRule(N_("Day and time"), "entry", _both),
    "outage": FieldRule(N_("Outage"), "entry", lambda t, _c: (t.entry.outage, "")),
    "line": FieldRule(N_("Line"), "line", _plain("line")),
    "item": FieldRule(N_("Item"), "line", _item),
    "item_name": FieldRule(N_("Name of the item"), "line", _plain("name")),
    "spec": FieldRule(N_("Spec"), "line", _plain("spec")),
    "unit": FieldRule(N_("Unit"), "line", _plain("unit")),
    "item_kind": FieldRule(N_("Kind of item"), "line", _coded("item_kind", "", "kind")),
    "category": FieldRule(N_("Fee category"), "line", _plain("category")),
    "quantity": FieldRule(
        N_("Quantity"), "line", lambda t, c: (t.quantity(str(c.get("quantity") or "")), "")
    ),
    "price": FieldRule(
        N_("Unit price"),
        "line",
        lambda t, c: (t.amount(None if (price := c.get("unit_price_minor")) is None else price * t.sign), ""),
    ),
    "amount": FieldRule(N_("Amount"), "line", _money("amount_minor")),
    "line_department": FieldRule(N_("Performing department"), "line", _plain("department")),
    "line_doctor": FieldRule(N_("Doctor of the line"), "line", _plain("doctor")),
    "batch": FieldRule(N_("Batch"), "line", _plain("batch")),
    "expiry": FieldRule(N_("Expiry"), "line", lambda t, c: (t.day(c.get("expiry")), "")),
    "method": FieldRule(N_("How it was paid"), "payment", _coded("method", "", "method")),
    "paid": FieldRule(N_("Amount paid"), "payment", _money("amount_minor")),
    "slip_tail": FieldRule(N_("Last digits"), "payment", _plain("slip_tail")),
    "tendered": FieldRule(N_("Tendered"), "payment", _money("tendered_minor")),
    "change": FieldRule(N_("Change"), "payment", _money("change_minor")),
}
"""Every field a worksheet can show."""


def fields_of(part: Part) -> tuple[str, ...]:
    """Return the names of the fields said of a part."""
    return tuple(name for name, rule in FIELDS.items() if rule.part == part)
