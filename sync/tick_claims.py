"""What each entry claims the HIS should hold: items with quantity and amount, or money."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from forms.quantity import thousandths
from forms.typed import as_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from downtime.entry import Entry

KIND_OF: Final = {
    "charge": "charge",
    "itemisation": "charge",
    "refund": "charge",
    "bookkeeping": "bookkeeping",
    "deposit": "deposit",
    "deposit_refund": "deposit",
    "precollection": "payment",
    "payment": "payment",
}
_GIVEN_BACK: Final = ("refund", "deposit_refund")


class Item(NamedTuple):
    """One item of a claim: code ("" for money), thousandths of a unit or None, minor units; negative if taken back."""

    code: str
    quantity: int | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One entry as the HIS should hold it.

    Attributes:
        id: the entry.
        number: its receipt number, or "".
        form: its form; ``kind`` the kind of rows that show it, or "" if the extract cannot.
        patient: its patient's number here; ``his_patient`` the HIS's, or "" while a temporary number is not matched.
        name: the patient's name.
        operator: who charged it.
        at: when it happened, Unix time in seconds.
        amount_minor: its money as counted here, never negative.
        items: what to look for.
        undoes: id of the entry it reverses, or "".
        is_known: False if it reverses an entry that is not among those compared.
    """

    id: str
    number: str
    form: str
    kind: str
    patient: str
    his_patient: str
    is_temporary: bool
    name: str
    operator: str
    at: int
    amount_minor: int
    currency: str
    items: tuple[Item, ...]
    undoes: str = ""
    is_known: bool = True


class ClaimReading:
    """Makes claims of entries, in order; remembers what later entries may reverse.

    Args of the constructor:
        covers: forms that the extract shows.
        patients: HIS numbers by temporary number.
    """

    def __init__(self, covers: Iterable[str], patients: dict[str, str]) -> None:
        self._covers = frozenset(covers)
        self._patients = patients
        self._kept: dict[str, str] = {}
        self._items: dict[tuple[Item, ...], tuple[Item, ...]] = {}
        self.by_id: dict[str, Claim] = {}

    def add(self, entry: Entry) -> Claim:
        """Return the claim of ``entry``; a drill's is never compared."""
        assert not entry.drill, "a drill entry is never compared with a HIS"
        content = entry.content
        undone = self.by_id.get(content["entry_id"]) if entry.form == "reversal" else None
        kind, is_covered = KIND_OF.get(entry.form, ""), entry.form in self._covers
        items: Iterable[Item] = _items(entry.form, content)
        patient = content.get("patient") or {}
        number, name, is_temporary = (
            as_code(patient.get("number") or ""),
            patient.get("name") or "",
            bool(patient.get("temporary")),
        )
        if undone is not None:
            kind = undone.kind
            items = (Item(code, _minus(quantity), -amount) for code, quantity, amount in undone.items)
            number, name, is_temporary = undone.patient, undone.name, undone.is_temporary
        his = self._patients.get(number, "" if is_temporary else number)
        keep = self._keep
        claim = Claim(
            entry.id, entry.number or "", keep(entry.form), kind if is_covered else "", keep(number), keep(his),
            is_temporary, keep(name), keep(entry.operator), int(datetime.fromisoformat(entry.happened_at).timestamp()),
            entry.amount_minor or 0, keep(str(content.get("currency") or "")), self._same(_together(items)),
            content["entry_id"] if entry.form == "reversal" else "",
            entry.form != "reversal" or undone is not None,
        )  # fmt: skip
        self.by_id[claim.id] = claim
        return claim

    def _keep(self, text: str) -> str:
        return self._kept.setdefault(text, text)

    def _same(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        return self._items.setdefault(items, items)


def _items(form: str, content: dict[str, Any]) -> Iterator[Item]:
    sign = -1 if form in _GIVEN_BACK else 1
    lines = content.get("lines") or ()
    if form in {"charge", "itemisation", "bookkeeping", "refund"} and lines:
        for line in lines:
            yield Item(
                as_code(line["code"]), sign * thousandths(line["quantity"]), sign * line["amount_minor"]
            )
    elif form in {"deposit", "deposit_refund", "precollection", "payment", "refund"}:
        yield Item("", None, sign * content["total_minor"])


def _together(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return one item per code: the HIS may print two lines of one drug as one, and the other way round."""
    quantities: dict[str, int | None] = {}
    amounts: defaultdict[str, int] = defaultdict(int)
    for code, quantity, amount in items:
        before = quantities.get(code, 0)
        quantities[code] = None if quantity is None or before is None else before + quantity
        amounts[code] += amount
    return tuple(Item(code, quantities[code], amounts[code]) for code in quantities)


def _minus(quantity: int | None) -> int | None:
    return None if quantity is None else -quantity
