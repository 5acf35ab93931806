"""What each clerk meant, kept beside the product: nothing here is read out of a journal, a hub or a HIS."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from forms.base import Form

ROW_KINDS: Final = {
    **dict.fromkeys(("charge", "itemisation", "refund"), "charge"),
    "bookkeeping": "bookkeeping",
    **dict.fromkeys(("deposit", "deposit_refund"), "deposit"),
    **dict.fromkeys(("precollection", "payment"), "payment"),
}
"""As which kind of row people type a form into the HIS; the others are no rows."""
_BACK: Final = ("refund", "deposit_refund")


class Item(NamedTuple):
    """One item: its code ("" for money), thousandths of a unit or None, minor units; negative if taken back."""

    code: str
    quantity: int | None
    amount_minor: int


@dataclass(frozen=True)
class Meant:
    """One acknowledged entry as the clerk meant it.

    Attributes:
        number: on the receipt in the patient's hand, or "".
        kind: of the rows people would type, or "".
        items: of those rows, one per code.
        at: Unix seconds, as the clock of the window showed.
        payments: (method, minor units) in the order given.
        undoes: id of what a reversal takes back.
        content: the filled form.
    """

    id: str
    station: str
    form: str
    number: str
    kind: str
    patient: str
    name: str
    operator: str
    happened_at: str
    items: tuple[Item, ...]
    total_minor: int | None
    payments: tuple[tuple[str, int], ...]
    undoes: str
    content: dict[str, Any]

    @property
    def at(self) -> int:
        """When it happened, Unix seconds."""
        return int(datetime.fromisoformat(self.happened_at).timestamp())

    def alike(self) -> tuple[object, ...]:
        """Return what the HIS can tell it by: entries with the same are twins."""
        return (self.kind, self.patient, self.operator, self.items)


@dataclass
class Truth:
    """Everything that was acknowledged, in order; the simulator alone writes here.

    Attributes:
        slips: receipt numbers of slips that are no entry for the HIS.
        aside: ids of what a clone of a PC recorded: the hub must put it aside, and name it.
    """

    meant: dict[str, Meant] = field(default_factory=dict)
    slips: list[str] = field(default_factory=list)
    aside: set[str] = field(default_factory=set)

    def acknowledged(
        self, form: Form, entry_id: str, *, station: str, number: str | None, operator: str, at: str
    ) -> Meant:
        """Write down what somebody was told is recorded."""
        content = form.model_dump(mode="json")
        undone = self.meant.get(content["entry_id"]) if form.name == "reversal" else None
        patient = content.get("patient") or {}
        one = Meant(
            entry_id, station, form.name, number or "",
            undone.kind if undone else ROW_KINDS.get(form.name, ""),
            undone.patient if undone else patient.get("number", ""),
            undone.name if undone else patient.get("name", ""),
            operator, at,
            tuple(_minus(undone.items)) if undone else tuple(_items(form.name, content)),
            content.get("total_minor"),
            tuple((part["method"], part["amount_minor"]) for part in _money(content)),
            undone.id if undone else "",
            content,
        )  # fmt: skip
        assert entry_id not in self.meant
        self.meant[entry_id] = one
        return one

    def __iter__(self) -> Iterator[Meant]:
        return iter(self.meant.values())

    def __len__(self) -> int:
        return len(self.meant)

    def by_form(self, *, without: Collection[str] = ()) -> dict[str, dict[str, int]]:
        """Return count and sum of every form."""
        told = [one for one in self if one.id not in without]
        counts, sums = Counter(one.form for one in told), Counter[str]()
        for one in told:
            sums[one.form] += one.total_minor or 0
        return {form: {"entries": counts[form], "minor": sums[form]} for form in sorted(counts)}


def _money(content: dict[str, Any]) -> list[dict[str, Any]]:
    return content.get("payments") or content.get("refunds") or []


def _items(form: str, content: dict[str, Any]) -> Iterator[Item]:
    """Yield what people would type: lines by code, else the money."""
    sign = -1 if form in _BACK else 1
    kind = ROW_KINDS.get(form)
    if kind is None:
        return
    lines = content.get("lines") or ()
    if not lines:
        yield Item("", None, sign * content["total_minor"])
        return
    quantities, amounts = Counter[str](), Counter[str]()
    for line in lines:
        quantities[line["code"]] += sign * int(Decimal(line["quantity"]) * 1000)
        amounts[line["code"]] += sign * line["amount_minor"]
    yield from (Item(code, quantities[code], amounts[code]) for code in amounts)


def _minus(items: tuple[Item, ...]) -> Iterator[Item]:
    for code, quantity, amount in items:
        yield Item(code, None if quantity is None else -quantity, -amount)
