"""Which money one entry moved, by method and category: the payment rows that every sum of a shift is made of.

Unverified money is a method of its own until somebody verifies it; a card or mobile refund counts when it has
been confirmed, not when it was promised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

UNVERIFIED = "unverified"
PRECOLLECTED = "precollection:"
"""Category of a pre-collection: this and the fee category that was chosen."""


class Row(NamedTuple):
    """One payment row: method, signed amount in minor units."""

    method: str
    amount_minor: int


def payment_rows(form: str, content: Mapping[str, Any]) -> Iterator[Row]:
    """Yield what an entry moved in (positive) and out (negative) of the drawer and of what waits."""
    for part in content.get("payments", ()):
        yield Row(_method(part), part["amount_minor"])
    if form == "payment_verified":
        yield Row(UNVERIFIED, -content["total_minor"])
        if content["received"]:
            yield Row(content["method"], content["total_minor"])
    for part in content.get("refunds", ()):
        promised = form in {"refund", "deposit_refund"} and part["method"] != "cash"
        if not promised:
            yield Row(_method(part), -part["amount_minor"])


def category_rows(form: str, content: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield (category, signed amount) of the same money; the sum equals that of the payment rows.

    A charge paid in full counts by the fee categories of its lines, or service and drug where the list has none.
    """
    moved = sum(row.amount_minor for row in payment_rows(form, content))
    if form == "charge" and moved == content["total_minor"]:
        for line in content["lines"]:
            yield line.get("category") or line["kind"], line["amount_minor"]
    elif form == "charge":
        if moved:
            yield "part_paid", moved
    elif form == "precollection":
        yield PRECOLLECTED + content["category"], moved
    elif moved:
        yield form, moved


def _method(part: Mapping[str, Any]) -> str:
    return UNVERIFIED if part.get("unverified") else str(part["method"])
