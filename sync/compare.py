"""Ours and theirs beside each other: count, money, controlled drugs, and field by field."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from sync.facts import Facts, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from downtime.entry import Entry

_Number = TypeVar("_Number", int, Decimal)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which the HIS says something else.

    Attributes:
        entry_id: which entry.
        field: name of the fact, or "entry" when the HIS does not have it at all.
        ours: our value, shown as text; None if we have none.
        theirs: theirs.
    """

    entry_id: str
    field: str
    ours: str | int | None
    theirs: str | int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Our journal against what the HIS reads back.

    Attributes:
        entries_ours: entries compared; entries_theirs: of these, what the HIS has.
        money_ours: sum of totals in minor units by currency; money_theirs: theirs.
        controlled_ours: quantity dispensed by controlled item code; controlled_theirs: theirs.
        differences: field by field, in our order.
        entries_not_read: entries the HIS said it has and then could not be asked about.
    """

    entries_ours: int
    entries_theirs: int
    money_ours: Mapping[str, int]
    money_theirs: Mapping[str, int]
    controlled_ours: Mapping[str, Decimal]
    controlled_theirs: Mapping[str, Decimal]
    differences: tuple[Difference, ...]
    entries_not_read: int = 0

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        return (
            not self.differences
            and not self.entries_not_read
            and self.entries_ours == self.entries_theirs
            and self.money_ours == self.money_theirs
            and self.controlled_ours == self.controlled_theirs
        )

    def with_also(self, other: Comparison) -> Comparison:
        """Return both comparisons as one."""
        return Comparison(
            entries_ours=self.entries_ours + other.entries_ours,
            entries_theirs=self.entries_theirs + other.entries_theirs,
            money_ours=_sum(self.money_ours, other.money_ours),
            money_theirs=_sum(self.money_theirs, other.money_theirs),
            controlled_ours=_sum(self.controlled_ours, other.controlled_ours),
            controlled_theirs=_sum(self.controlled_theirs, other.controlled_theirs),
            differences=self.differences + other.differences,
            entries_not_read=self.entries_not_read + other.entries_not_read,
        )


def compare(
    entries: Sequence[Entry],
    read_back: Iterable[tuple[str, Facts]],
    *,
    controlled: frozenset[str] = frozenset(),
) -> Comparison:
    """Compare ``entries`` with what the HIS reads back for them.

    Args:
        entries: ours.
        read_back: (entry id, facts) as the HIS holds them; entries it has not are missing here.
        controlled: codes of controlled drugs, whose quantities are summed on both sides.
    """
    theirs = dict(read_back)
    ours = [(entry.id, facts_of(entry)) for entry in entries]
    found = [(entry_id, theirs[entry_id]) for entry_id, _facts in ours if entry_id in theirs]
    return Comparison(
        entries_ours=len(ours),
        entries_theirs=len(found),
        money_ours=_money(ours),
        money_theirs=_money(found),
        controlled_ours=_quantities(ours, controlled),
        controlled_theirs=_quantities(found, controlled),
        differences=tuple(_differences(ours, theirs)),
    )


def _sum(one: Mapping[str, _Number], other: Mapping[str, _Number]) -> dict[str, _Number]:
    return {**one, **{key: one[key] + value if key in one else value for key, value in other.items()}}


def _differences(ours: Sequence[tuple[str, Facts]], theirs: Mapping[str, Facts]) -> Iterable[Difference]:
    for entry_id, facts in ours:
        held = theirs.get(entry_id)
        if held is None:
            yield Difference(entry_id, "entry", facts["form"], None)
        elif held != facts:
            for field in sorted(facts.keys() | held.keys()):
                if facts.get(field) != held.get(field):
                    yield Difference(entry_id, field, facts.get(field), held.get(field))


def _money(rows: Sequence[tuple[str, Facts]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for _entry_id, facts in rows:
        if isinstance(facts.get("total_minor"), int):
            sums[str(facts.get("currency"))] += int(facts["total_minor"] or 0)
    return dict(sums)


def _quantities(rows: Sequence[tuple[str, Facts]], controlled: frozenset[str]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    if not controlled:
        return sums
    for _entry_id, facts in rows:
        if facts.get("form") != "dispense":
            continue
        for name, code in facts.items():
            if name.endswith(" code") and code in controlled:
                quantity = Decimal(str(facts[f"{name.removesuffix('code')}quantity"]))
                sums[str(code)] = sums.get(str(code), Decimal(0)) + quantity
    return sums
