"""What an entry says, flattened to one row of comparable values.

Connectors read the same names back from the HIS. This is written on its own, not from any connector's
mapping, so that a mistake in a mapping shows as a difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from downtime.entry import Entry

_NAMING = ("charge_id", "precollection_id", "deposit_id", "refund_id", "entry_id")
"""Fields in which a form names the entry it builds on."""

Facts: TypeAlias = dict[str, "str | int | None"]


def facts_of(entry: Entry) -> Facts:
    """Return what ``entry`` says: names to text, minor units or None; absent and empty are both None."""
    content = entry.content
    patient: dict[str, Any] = content.get("patient") or {}
    visit: dict[str, Any] = content.get("visit") or {}
    found: Facts = {
        "form": entry.form,
        "operator": entry.operator,
        "happened_at": entry.happened_at,
        "receipt_number": entry.number,
        "patient": patient.get("number"),
        "patient_name": patient.get("name"),
        "visit": visit.get("number"),
        "currency": content.get("currency"),
        "total_minor": content.get("total_minor"),
        "names": next((content[name] for name in _NAMING if content.get(name)), None),
    }
    for n, line in enumerate(content.get("lines", ()), 1):
        found[f"line {n} code"] = line["code"]
        found[f"line {n} quantity"] = line["quantity"]
        found[f"line {n} amount_minor"] = line.get("amount_minor")
        found[f"line {n} batch"] = line.get("batch") or None
    for n, payment in enumerate(content.get("payments") or content.get("refunds") or (), 1):
        found[f"payment {n} method"] = payment["method"]
        found[f"payment {n} amount_minor"] = payment["amount_minor"]
    return {name: value if value != "" else None for name, value in found.items()}
