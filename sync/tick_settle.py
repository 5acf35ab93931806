"""One item of one patient: what the entries want beside the rows the HIS holds; nothing is paired on a guess.

Rows and items are paired where amount, quantity and operator are the same and only one pairing is possible; what is
left is tried as a sum. Whatever could be read in two ways is doubtful.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sync.tick_rules import (
    ALIKE,
    FEWER,
    FURTHER,
    OTHER,
    PARTS,
    SAME,
    SEVERAL,
    SPLIT,
    TOGETHER,
    TWICE,
    Rules,
    Settled,
    State,
    Wanted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.reading.fields import HisRow

PAIRS_MAX: Final = 2_500
"""Larger groups of alike rows are judged as a whole: trying every pair would take as long as the square of them."""


class Settling:
    """One run over the wanted items of one patient, kind, code and sign, and the rows of the same.

    Attributes:
        settled: what became of each wanted item, in order.
        left: rows that no item explains.
    """

    def __init__(self, wanted: Sequence[Wanted], rows: Sequence[HisRow], rules: Rules) -> None:
        self._wanted = wanted
        self._rules = rules
        self.settled = [Settled("missing") for _one in wanted]
        self.left: list[HisRow] = []
        self._groups = 0
        first = min(one.claim.at for one in wanted) - rules.slack_seconds
        last = max(one.claim.at for one in wanted) + rules.window_seconds
        ids = {one.claim.id for one in wanted}
        self._rows: list[HisRow] = []
        self._explained: list[HisRow] = []
        for row in rows:
            named = rules.names.get(row.receipt) if row.receipt else None
            elsewhere = named is not None and named not in ids
            if elsewhere or row.ends < first or row.begins > last or self._refused(row):
                self._explained.append(row)
            else:
                self._rows.append(row)
        told = all(row.quantity is not None for row in self._rows)
        self._by_quantity = told and all(one.item.quantity is not None for one in wanted)
        self._by_operator = rules.compares_operator and all(row.operator for row in self._rows)

    def _refused(self, row: HisRow) -> bool:
        """Whether a person said that ``row`` belongs to none of these entries."""
        if not self._rules.not_these:
            return False
        return all((one.claim.id, row.id) in self._rules.not_these for one in self._wanted)

    def run(self) -> None:
        """Settle everything."""
        items: dict[int, list[int]] = defaultdict(list)
        rows: dict[int, list[HisRow]] = defaultdict(list)
        for n, one in enumerate(self._wanted):
            items[one.item.amount_minor].append(n)
        for row in self._rows:
            rows[row.amount_minor].append(row)
        adds_up = sum(one.item.amount_minor for one in self._wanted) == sum(
            row.amount_minor for row in self._rows
        )
        open_items: list[int] = []
        open_rows: list[HisRow] = []
        for amount, group in items.items():
            held = rows.pop(amount, [])
            if len(held) > len(group):
                if adds_up:
                    open_items += group
                    open_rows += held
                else:
                    self._set(group, "twice", held, TWICE, ("twice",))
            elif held:
                kept_items, kept_rows = self._by_all(group, held)
                open_items += kept_items
                open_rows += kept_rows
            else:
                open_items += group
        for held in rows.values():
            open_rows += held
        self._by_sums(sorted(open_items), open_rows)
        self.left += self._explained

    def _set(
        self,
        items: Sequence[int],
        state: State,
        rows: Sequence[HisRow],
        reason: str,
        what: tuple[str, ...] = (),
    ) -> None:
        for n in items:
            self.settled[n] = Settled(state, tuple(rows), what, reason)

    # Pairs --------------------------------------------------------------------------------------------

    def _by_all(self, group: list[int], held: list[HisRow]) -> tuple[list[int], list[HisRow]]:
        """Pair items and rows of one amount by quantity and operator; return what stays open."""
        items: dict[tuple[int | None, str], list[int]] = defaultdict(list)
        rows: dict[tuple[int | None, str], list[HisRow]] = defaultdict(list)
        for n in group:
            one = self._wanted[n]
            items[self._key(one.item.quantity, one.claim.operator)].append(n)
        for row in held:
            rows[self._key(row.quantity, row.operator)].append(row)
        rest_items: list[int] = []
        for key, wanted in items.items():
            found = rows.pop(key, [])
            if len(found) == len(wanted):
                self._pair(wanted, found)
            elif len(found) > len(wanted):
                # Others of the same amount, with another operator or quantity, lack theirs.
                self._set(wanted, "doubtful", found, SEVERAL)
            elif found:
                self._set(wanted, "doubtful", found, FEWER)
            else:
                rest_items += wanted
        rest_rows = [row for found in rows.values() for row in found]
        self._beside(group, rest_rows)
        if len(rest_items) == len(rest_rows) == 1:
            n, row = rest_items[0], rest_rows[0]
            if self._rules.may_be(self._wanted[n].claim, row):
                self._set([n], "differs", [row], OTHER, self._differing(n, row))
                return [], []
        elif rest_items and rest_rows:
            self._set(rest_items, "doubtful", rest_rows, SEVERAL)
            return [], []
        return rest_items, rest_rows

    def _beside(self, group: list[int], rest: list[HisRow]) -> None:
        """A row that is left and differs only by its operator may be a second one of what was just paired."""
        for n in group:
            one, item = self.settled[n], self._wanted[n].item
            if one.state in {"same", "alike"}:
                like = [row for row in rest if not self._by_quantity or row.quantity == item.quantity]
                if like:
                    self._set([n], "doubtful", (*one.rows, *like[:5]), SEVERAL)

    def _key(self, quantity: int | None, operator: str) -> tuple[int | None, str]:
        return quantity if self._by_quantity else None, operator if self._by_operator else ""

    def _differing(self, n: int, row: HisRow) -> tuple[str, ...]:
        one = self._wanted[n]
        told = [
            ("amount", one.item.amount_minor != row.amount_minor),
            ("quantity", self._by_quantity and one.item.quantity != row.quantity),
            ("operator", self._by_operator and one.claim.operator != row.operator),
        ]
        return tuple(name for name, differs in told if differs)

    def _pair(self, items: list[int], rows: list[HisRow]) -> None:
        """Pair as many items as rows, alike in everything compared, by time and receipt where only one way is left."""
        if len(items) == 1:
            if self._rules.may_be(self._wanted[items[0]].claim, rows[0]):
                self._set(items, "same", rows, SAME)
            else:
                self._explained += rows
            return
        if len(items) * len(rows) <= PAIRS_MAX:
            only = self._only_way(items, rows)
            if only is not None:
                for n, row in only.items():
                    self._set([n], "same", [row], SAME)
                return
        if not self._every_pair_fits(items, rows):
            self._set(items, "doubtful", rows, ALIKE)
            return
        one_paper = len({(row.document, row.bill if row.document else "") for row in rows}) == 1
        if one_paper:
            for n, row in zip(items, rows, strict=True):
                self._set([n], "same", [row], SAME)
            return
        self._set(items, "alike", rows, ALIKE)
        for n in items:
            self.settled[n].alike = self._groups
        self._groups += 1

    def _only_way(self, items: list[int], rows: list[HisRow]) -> dict[int, HisRow] | None:
        """Return the pairing if there is exactly one: what has a single partner is taken out, again and again."""
        may = {
            n: {k for k, row in enumerate(rows) if self._rules.may_be(self._wanted[n].claim, row)}
            for n in items
        }
        wanted_by: dict[int, set[int]] = {k: {n for n in items if k in may[n]} for k in range(len(rows))}
        found: dict[int, HisRow] = {}
        while may:
            single = next(((n, next(iter(ks))) for n, ks in may.items() if len(ks) == 1), None)
            single = single or next(
                ((next(iter(ns)), k) for k, ns in wanted_by.items() if len(ns) == 1), None
            )
            if single is None:
                return None
            n, k = single
            found[n] = rows[k]
            del may[n], wanted_by[k]
            for ks in may.values():
                ks.discard(k)
            for ns in wanted_by.values():
                ns.discard(n)
        return found

    def _every_pair_fits(self, items: Sequence[int], rows: Sequence[HisRow]) -> bool:
        """Whether any of ``items`` may be any of ``rows``; told by the extremes where nothing else binds them."""
        rules = self._rules
        if rules.not_these or any(row.receipt in rules.names for row in rows):
            return False
        ats = [self._wanted[n].claim.at for n in items]
        latest_fits = min(row.ends for row in rows) >= max(ats) - rules.slack_seconds
        return latest_fits and max(row.begins for row in rows) <= min(ats) + rules.window_seconds

    # Sums ---------------------------------------------------------------------------------------------

    def _by_sums(self, items: list[int], rows: list[HisRow]) -> None:
        """Settle what no equal amount explains."""
        if not rows:
            return
        if not items:
            self._further(rows)
            return
        if not all(self._rules.may_be(self._wanted[n].claim, row) for n in items[:50] for row in rows[:50]):
            self._set(items, "doubtful", rows, SEVERAL)
        elif len(items) == len(rows) == 1:
            self._set(items, "differs", rows, OTHER, self._differing(items[0], rows[0]))
        elif not self._adds_up(items, rows) or min(len(items), len(rows)) > 1:
            self._set(items, "doubtful", rows, PARTS if self._adds_up(items, rows) else SEVERAL)
        else:
            operators = {self._wanted[n].claim.operator for n in items} | {row.operator for row in rows}
            if self._by_operator and len(operators) > 1:
                self._set(items, "differs", rows, OTHER, ("operator",))
            else:
                self._set(items, "same", rows, SPLIT if len(items) == 1 else TOGETHER)

    def _adds_up(self, items: Sequence[int], rows: Sequence[HisRow]) -> bool:
        wanted = [self._wanted[n].item for n in items]
        amount = sum(item.amount_minor for item in wanted)
        if amount != sum(row.amount_minor for row in rows) or (amount == 0 and not self._by_quantity):
            return False
        if not self._by_quantity:
            return True
        return sum(item.quantity or 0 for item in wanted) == sum(row.quantity or 0 for row in rows)

    def _further(self, rows: list[HisRow]) -> None:
        """Rows are left over and no item is: whatever agreed so far may be meant by them as well."""
        self.left += rows
        for n, one in enumerate(self.settled):
            if one.state in {"same", "alike"} and any(
                (self._wanted[n].claim.id, row.id) not in self._rules.not_these for row in rows
            ):
                self.settled[n] = Settled("doubtful", (*one.rows, *rows[:5]), (), FURTHER)
