"""A HIS that people type into, as an extract shows it: rows are made from entries, then things go wrong."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sync.contract_entries import charge, made_up_entry, made_up_id
from sync.reading.extract import Extract
from sync.reading.fields import HisRow
from sync.tick_claims import ClaimReading
from sync.tick_off import tick_off
from sync.tick_rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.entry import Entry
    from downtime.outcome import FormalDocument
    from sync.tick_off import Decision, Judged, TickedOff

RETYPED_AFTER_SECONDS = 3 * 3600
COVERS = (
    *("charge", "itemisation", "bookkeeping", "deposit", "deposit_refund"),
    *("precollection", "refund", "reversal"),
)


@dataclass(frozen=True)
class Typed:
    """One row as somebody typed it; ``document`` its formal paper."""

    patient: str
    item: str
    quantity: int | None
    amount_minor: int
    at: int
    kind: str = "charge"
    operator: str = "px01"
    bill: str = "B1"
    name: str = ""
    receipt: str = ""
    is_void: bool = False
    voids: str = ""
    document: FormalDocument | None = None


@dataclass
class MadeUpHis:
    """Its rows, in order; keys are F1, F2, F3.."""

    rows: list[Typed] = field(default_factory=list)

    def type_in(self, entry: Entry, *, bill: str = "B1", **other: Any) -> list[int]:
        """Type a charge in as it stands, hours later, and return the places of its rows."""
        at = int(datetime.fromisoformat(entry.happened_at).timestamp()) + RETYPED_AFTER_SECONDS
        content = entry.content
        first = len(self.rows)
        for line in content["lines"]:
            typed = Typed(
                content["patient"]["number"], line["code"], int(float(line["quantity"]) * 1000),
                line["amount_minor"], at, operator=entry.operator, bill=bill, name=content["patient"]["name"],
            )  # fmt: skip
            self.rows.append(replace(typed, **other))
        return list(range(first, len(self.rows)))

    def change(self, place: int, **other: Any) -> None:
        """Change one row."""
        self.rows[place] = replace(self.rows[place], **other)

    def extract(self) -> Extract:
        """Return what the HIS shows."""
        return Extract(
            rows=[
                HisRow(
                    f"F{n}", row.kind, row.patient, row.name, row.item, "", row.quantity, row.amount_minor,
                    row.operator, row.at, row.at, row.bill, row.receipt.upper(), row.is_void, row.voids,
                    row.document, "his.csv", n + 1,
                )
                for n, row in enumerate(self.rows, 1)
            ]
        )  # fmt: skip


def ticked(
    entries: Sequence[Entry],
    his: MadeUpHis,
    *,
    rules: Rules | None = None,
    patients: dict[str, str] | None = None,
    decisions: Sequence[Decision] = (),
) -> TickedOff:
    """Return the tick-off of ``entries`` against ``his``."""
    reading = ClaimReading(COVERS, patients or {})
    claims = [reading.add(entry) for entry in entries]
    return tick_off(claims, his.extract(), rules or Rules(), decisions)


def judged(entries: Sequence[Entry], his: MadeUpHis, **more: Any) -> list[Judged]:
    """Return what became of each entry, in order."""
    return ticked(entries, his, **more).judged


def one_line(
    seq: int,
    amount_minor: int,
    *,
    quantity: str = "1",
    code: str = "PX-GLU",
    n: int = 1,
    form: str = "charge",
) -> Entry:
    """Return a charge (or bookkeeping) of one line for made-up patient ``n``."""
    content = charge(n)
    price = amount_minor if quantity == "1" else amount_minor // int(quantity)
    content["lines"] = [
        {**content["lines"][0], "code": code, "unit_price_minor": price, "quantity": quantity,
         "amount_minor": amount_minor}
    ]  # fmt: skip
    content["total_minor"] = amount_minor
    content["payments"] = [
        {**content["payments"][0], "amount_minor": amount_minor, "tendered_minor": amount_minor,
         "change_minor": 0}
    ]  # fmt: skip
    if form == "bookkeeping":
        content = {name: content[name] for name in ("patient", "visit", "currency", "lines", "total_minor")}
    return made_up_entry(seq, form, content, entry_id=made_up_id(f"one line {seq}"))
