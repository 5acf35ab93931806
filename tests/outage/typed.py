"""The HIS people type into: rows of fees, what each typing was meant for, and what was taken back since."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tests.outage.truth import Item

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TYPES: Final = {"charge": "1", "bookkeeping": "2", "deposit": "3", "payment": "4"}
TYPES_BACK: Final = {"charge": "5", "deposit": "6"}


@dataclass
class Row:
    """One row; money in minor units, quantity in thousandths; ``is_dead`` does not count any more."""

    key: str
    kind: str
    patient: str
    name: str
    item: str
    quantity: int | None
    amount_minor: int
    operator: str
    at: int
    bill: str
    receipt: str = ""
    document: str = ""
    is_void: bool = False
    voids: str = ""
    is_dead: bool = False
    day_only: bool = False


@dataclass
class Typing:
    """One bill as somebody typed it; ``entries``: ids of what it was meant for."""

    entries: tuple[str, ...]
    rows: list[Row]
    bill: str

    @property
    def is_live(self) -> bool:
        """Whether it still counts."""
        return any(not row.is_dead for row in self.rows)

    def items(self) -> tuple[Item, ...]:
        """Return what stands there, each item once."""
        quantities: Counter[str] = Counter()
        amounts: Counter[str] = Counter()
        untold = {row.item for row in self.rows if row.quantity is None}
        for row in self.rows:
            quantities[row.item] += row.quantity or 0
            amounts[row.item] += row.amount_minor
        return tuple(
            sorted(
                Item(code, None if code in untold else quantities[code], amounts[code]) for code in amounts
            )
        )


@dataclass
class TypedHis:
    """All rows, in the order they were typed."""

    rows: list[Row] = field(default_factory=list)
    typings: list[Typing] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    """The HIS's own numbers of patients who came with a temporary one."""
    _bills: int = 0

    def next_bill(self) -> str:
        """Return the number of the next bill."""
        self._bills += 1
        return f"B{self._bills:06}"

    def number_of(self, patient: str) -> str:
        """Return the number the HIS knows a patient by."""
        return self.numbers.get(patient, patient)

    def add(self, entries: Iterable[str], rows: Sequence[Row], bill: str) -> Typing:
        """Keep rows under one bill."""
        for row in rows:
            row.key = f"F{len(self.rows) + 1:07}"
            self.rows.append(row)
        typing = Typing(tuple(entries), list(rows), bill)
        self.typings.append(typing)
        return typing

    def of(self, entry_id: str) -> list[Typing]:
        """Return every typing meant for an entry, those taken back too."""
        return [one for one in self.typings if entry_id in one.entries]

    def void(self, typing: Typing) -> None:
        """Take a bill back by its mark (作废)."""
        for row in typing.rows:
            row.is_void = row.is_dead = True

    def take_back(self, typing: Typing, at: int) -> None:
        """Take a bill back in red (冲红): rows of the opposite that name it."""
        bill = self.next_bill()
        red = [
            Row(
                "", row.kind, row.patient, row.name, row.item,
                None if row.quantity is None else -row.quantity,
                -row.amount_minor, row.operator, at, bill, voids=row.bill, is_dead=True,
            )
            for row in typing.rows
            if not row.is_dead
        ]  # fmt: skip
        self.add(typing.entries, red, "")
        for row in typing.rows:
            row.is_dead = True
