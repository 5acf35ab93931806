"""A scanned pricing slip becomes lines of a charge, also at a station that never saw the pricing.

The code holds number, patient, and of each item code, quantity and amount, signed. Name, unit and price come
from this station's own lists; wherever these do not come to the slip's amount, the line is marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.receipt_facts import UNLISTED
from downtime.receipt_qr import bounded_code
from forms.money import line_amount
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from downtime.entry import Entry
    from downtime.receipt_facts import ReceiptFacts, ReceiptItem
    from downtime.store.reference import Reference

DIFFERENCES = {
    "price": N_("The price differs from the slip."),
    "unknown": N_("This code is not in the lists here."),
    "unlisted": N_("An item no list has: read its name off the slip."),
}
"""What is odd about a line, as msgids."""


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """One line of the slip.

    Attributes:
        line: content of a charge line, priced by the lists here where they know the code, else as the slip says.
        slip_minor: what the slip says it comes to.
        difference: key of ``DIFFERENCES``, or "".
    """

    line: dict[str, Any]
    slip_minor: int
    difference: str = ""


@dataclass(frozen=True, slots=True)
class ScannedPricing:
    """What a cashier needs to charge a slip.

    Attributes:
        patient: content of the patient part, or None: the number is not in the lists here (registered at another
            station), so the name is read off the slip.
        slip_minor: total of the slip; ``total_minor`` what the lines come to here.
        whole: every item was scanned.
    """

    number: str
    patient_number: str
    patient: dict[str, Any] | None
    payer_kind: str
    currency: str
    lines: tuple[ScannedLine, ...]
    slip_minor: int

    @property
    def total_minor(self) -> int:
        """Return what the lines come to by the lists here."""
        return sum(one.line["amount_minor"] for one in self.lines)

    @property
    def differs(self) -> bool:
        """Return whether anything must be looked at before the money is taken."""
        return self.total_minor != self.slip_minor or any(one.difference for one in self.lines)


def why_not_charged(facts: ReceiptFacts, status: str, *, hospital: str, drill: bool) -> str | None:
    """Return why a scan is no pricing slip to be charged here, or None.

    Args:
        facts: what the codes say.
        status: of the check; another station's key may be unknown here, which proves nothing but hinders nobody.
        hospital: id of the own hospital.
        drill: whether this is a drill.
    """
    if status not in {"genuine", "unknown_key"}:
        return _("This code cannot be relied on: {status}.").format(status=status)
    if facts.kind != "pricing":
        return _("Receipt {number} is no pricing slip.").format(number=facts.number)
    if facts.hospital != hospital:
        return _("Receipt {number} is another hospital's.").format(number=facts.number)
    if facts.drill != drill:
        return _("A drill's slip and a real one do not go together.")
    return None


def scanned_pricing(facts: ReceiptFacts, reference: Reference | None) -> ScannedPricing:
    """Return the lines a slip stands for, by the lists in force here."""
    known = reference.get_patient(facts.patient) if reference is not None else None
    patient = None
    if known is not None:
        patient = {
            "number": known.number,
            "name": known.name,
            "sex": known.sex,
            "birth_date": known.birth_date,
            "temporary": False,
        }
    return ScannedPricing(
        number=facts.number,
        patient_number=facts.patient,
        patient=patient,
        payer_kind=facts.payer_kind or "self",
        currency=facts.currency,
        lines=tuple(_line(item, reference) for item in facts.items),
        slip_minor=facts.total_minor,
    )


def charge_of_pricing(pricing: Entry) -> dict[str, Any]:
    """Return the content of a charge that takes over a pricing of this book; payments are still missing."""
    content: Mapping[str, Any] = pricing.content
    return {
        **{name: content[name] for name in ("patient", "visit", "payer_kind", "currency", "lines")},
        "total_minor": content["total_minor"],
        "priced_id": pricing.id,
        "priced_number": pricing.number or "",
    }


def charge_of_scan(scanned: ScannedPricing, patient: Mapping[str, Any]) -> dict[str, Any]:
    """Return the content of a charge that takes over a slip from elsewhere; payments are still missing."""
    return {
        "patient": dict(patient),
        "payer_kind": scanned.payer_kind,
        "currency": scanned.currency,
        "lines": [one.line for one in scanned.lines],
        "total_minor": scanned.total_minor,
        "priced_number": scanned.number,
    }


def _line(item: ReceiptItem, reference: Reference | None) -> ScannedLine:
    found = _in_lists(item.code, reference)
    if found is None:
        missing = "unlisted" if item.code in {"", UNLISTED} else "unknown"
        return ScannedLine(_as_the_slip_says(item), item.amount_minor, missing)
    kind, row = found
    amount = line_amount(row.price_minor, Decimal(item.quantity))
    line = {
        "code": row.code,
        "name": row.name,
        "spec": row.spec,
        "unit": row.unit,
        "kind": kind,
        "unit_price_minor": row.price_minor,
        "quantity": item.quantity,
        "amount_minor": amount,
        "department": row.department,
        "category": row.category[:64],
    }
    return ScannedLine(line, item.amount_minor, "" if amount == item.amount_minor else "price")


def _in_lists(code: str, reference: Reference | None) -> tuple[str, Any] | None:
    if reference is None or not code or code == UNLISTED:
        return None
    item, drug = reference.get_item(code), reference.get_drug(code)
    if item is not None:
        return "service", item
    if drug is not None and drug.price_minor is not None:
        return "drug", drug
    if code.startswith("~"):  # too long for the code: its hash stands there
        for table, kind in (("items", "service"), ("drugs", "drug")):
            for row in reference.rows(table):
                if bounded_code(row.code) == code:  # type: ignore[attr-defined]  # items and drugs have a code
                    return kind, row
    return None


def _as_the_slip_says(item: ReceiptItem) -> dict[str, Any]:
    """Return a line whose price is checked later: the amount is the slip's, the name is still to be read off it."""
    each = Decimal(item.amount_minor) / Decimal(item.quantity)
    whole = each == each.to_integral_value()
    return {
        "code": item.code or UNLISTED,
        "name": item.code or UNLISTED,
        "kind": "unlisted",
        "unit_price_minor": int(each) if whole else item.amount_minor,
        "quantity": item.quantity if whole else "1",
        "amount_minor": item.amount_minor,
    }
