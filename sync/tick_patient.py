"""The tick-off of one patient: item by item, then whole entries."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from forms.text import N_
from forms.typed import as_search
from sync.tick_rules import ALIKE, NOT_THERE, SAME, TWICE, Rules, Settled, Wanted
from sync.tick_settle import Settling

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, TypeAlias

    from sync.reading.fields import HisRow
    from sync.tick_claims import Claim, Item

    Outcome: TypeAlias = Literal["agreed", "different", "missing_there", "doubtful", "not_covered"]

TAKEN_BACK: Final = N_("a row beside it takes something back")
VOID: Final = N_("it stood there and was voided (冲红)")
VOID_AS_HERE: Final = N_("it stood there and was voided, as here")
OTHER_NAME: Final = N_("the patient number agrees, the name does not")
LINES: Final = N_("some of its lines stand there, others do not")
OTHER_ITEM: Final = N_("a line of the same amount stands there with another item")

_Key = tuple[str, str, int]


class Verdict(NamedTuple):
    """What became of one entry; see ``sync.tick_off.Judged``."""

    outcome: Outcome
    rows: tuple[HisRow, ...]
    what: tuple[str, ...]
    reason: str


class PatientTick:
    """One run over the entries and rows of one patient.

    Attributes:
        left: live rows that no entry explains.
    """

    def __init__(
        self, claims: Sequence[Claim], live: Sequence[HisRow], dead: Sequence[HisRow], rules: Rules
    ) -> None:
        self._claims = claims
        self._live = live
        self._dead = dead
        self._rules = rules
        self._found: dict[str, list[tuple[Item, Settled]]] = {claim.id: [] for claim in claims}
        self._verdicts: dict[str, Verdict] = {}
        self._used: set[str] = set()
        self.left: list[HisRow] = []

    def run(self, half_dead: set[str]) -> dict[str, Verdict]:
        """Return the verdict of each entry by its id."""
        if not self._live and not self._dead:
            return {claim.id: Verdict("missing_there", (), (), NOT_THERE) for claim in self._claims}
        self._settle_items()
        for claim in self._claims:
            self._verdicts[claim.id] = self._verdict(claim)
        self._with_other_items()
        self._voided()
        self._taken_back(half_dead)
        for verdict in self._verdicts.values():
            self._used.update(row.id for row in verdict.rows)
        self.left = [row for row in self._live if row.id not in self._used]
        return self._verdicts

    # Items --------------------------------------------------------------------------------------------

    def _settle_items(self) -> None:
        wanted: defaultdict[_Key, list[Wanted]] = defaultdict(list)
        rows: defaultdict[_Key, list[HisRow]] = defaultdict(list)
        for claim in self._claims:
            for item in claim.items:
                sign = -1 if item.amount_minor < 0 or (item.quantity or 0) < 0 else 1
                wanted[claim.kind, item.code, sign].append(Wanted(claim, item))
        for row in self._live:
            rows[row.kind, row.item, _sign(row)].append(row)
        alike: dict[tuple[_Key, int], list[tuple[Claim, Settled]]] = {}
        for key, ones in wanted.items():
            held = rows.get(key, [])
            if len(ones) == 1 and self._is_plain(ones[0], held):
                self._found[ones[0].claim.id].append((ones[0].item, Settled("same", (held[0],), (), SAME)))
                continue
            settling = Settling(ones, held, self._rules)
            settling.run()
            for one, found in zip(ones, settling.settled, strict=True):
                self._found[one.claim.id].append((one.item, found))
                if found.state == "alike":
                    alike.setdefault((key, found.alike), []).append((one.claim, found))
        for group in alike.values():
            self._tell_apart(group)

    def _is_plain(self, one: Wanted, held: Sequence[HisRow]) -> bool:
        """Whether one entry has one row that says exactly the same: nothing needs to be weighed."""
        if len(held) != 1:
            return False
        row, (claim, item) = held[0], one
        return (
            row.amount_minor == item.amount_minor
            and row.quantity == item.quantity
            and row.operator == claim.operator
            and self._rules.may_be(claim, row)
        )

    def _tell_apart(self, group: list[tuple[Claim, Settled]]) -> None:
        """Give alike rows to alike entries by the bill on which each entry's other lines stand."""
        chosen: list[HisRow] = []
        for claim, found in group:
            bills = {
                row.bill
                for _item, other in self._found[claim.id]
                if other.state == "same"
                for row in other.rows
            } - {""}
            fits = [row for row in found.rows if row.bill in bills and self._rules.may_be(claim, row)]
            if len(fits) == 1:
                chosen.append(fits[0])
        if len(chosen) == len(group) == len({row.id for row in chosen}):
            for (_claim, found), row in zip(group, chosen, strict=True):
                found.state, found.rows, found.reason = "same", (row,), SAME
            return
        for _claim, found in group:
            found.state, found.reason = "doubtful", ALIKE

    # Entries ------------------------------------------------------------------------------------------

    def _verdict(self, claim: Claim) -> Verdict:
        found = [one for _item, one in self._found[claim.id]]
        rows = tuple(dict.fromkeys(row for one in found for row in one.rows))
        states = {one.state for one in found}
        if "twice" in states:
            return Verdict("different", rows, ("twice",), TWICE)
        for one in found:
            if one.state == "doubtful":
                return Verdict("doubtful", rows, (), one.reason)
        if states == {"missing"}:
            return Verdict("missing_there", (), (), NOT_THERE)
        what = [name for one in found for name in one.what]
        if "missing" in states:
            what.append("lines")
        if what:
            reason = next((one.reason for one in found if one.what), LINES)
            return Verdict("different", rows, tuple(dict.fromkeys(what)), reason)
        if not claim.is_temporary and any(_other_name(claim.name, row.name) for row in rows):
            return Verdict("doubtful", rows, (), OTHER_NAME)
        told = next((one.reason for one in found if one.reason != SAME), SAME)
        return Verdict("agreed", rows, (), told)

    def _with_other_items(self) -> None:
        """Where lines are missing, look for a row of the same amount with another item, if only one can be meant."""
        lacking = [
            (claim, one)
            for claim in self._claims
            if self._verdicts[claim.id].outcome in {"missing_there", "different"}
            for one in self._missing(claim)
        ]
        if not lacking:
            return
        used = {row.id for verdict in self._verdicts.values() for row in verdict.rows}
        codes = {item.code for claim in self._claims for item in claim.items}
        by_amount: defaultdict[tuple[str, int], list[HisRow]] = defaultdict(list)
        for row in self._live:
            if row.id not in used and row.item and row.item not in codes:
                by_amount[row.kind, row.amount_minor].append(row)
        wanting = Counter((claim.kind, amount) for claim, amount in lacking)
        for claim, amount in lacking:
            rows = by_amount.get((claim.kind, amount), [])
            if len(rows) == 1 == wanting[claim.kind, amount] and self._rules.may_be(claim, rows[0]):
                before = self._verdicts[claim.id]
                what = tuple(name for name in before.what if name != "lines")
                self._verdicts[claim.id] = Verdict(
                    "different", (*before.rows, rows[0]), tuple(dict.fromkeys((*what, "item"))), OTHER_ITEM
                )

    def _missing(self, claim: Claim) -> list[int]:
        """Return the amounts of the items that were not found."""
        return [
            item.amount_minor for item, one in self._found[claim.id] if item.code and one.state == "missing"
        ]

    # Voided -------------------------------------------------------------------------------------------

    def _voided(self) -> None:
        """An entry whose rows are void is missing there; with its own reversal, both are there as here."""
        if not self._dead:
            return
        reversals = {claim.undoes: claim for claim in self._claims if claim.undoes}
        held: defaultdict[tuple[str, str, int], list[HisRow]] = defaultdict(list)
        for row in self._dead:
            held[row.kind, row.item, row.amount_minor].append(row)
        like = Counter(claim.items for claim in self._claims)
        for claim in self._claims:
            if self._verdicts[claim.id].outcome != "missing_there" or claim.undoes:
                continue
            rows = self._exactly(claim, held)
            if not rows:
                continue
            reversal = reversals.get(claim.id)
            alone = like[claim.items] == 1
            if reversal is not None and alone and self._verdicts[reversal.id].outcome == "missing_there":
                self._verdicts[claim.id] = Verdict("agreed", rows, (), VOID_AS_HERE)
                self._verdicts[reversal.id] = Verdict("agreed", rows, (), VOID_AS_HERE)
            else:
                self._verdicts[claim.id] = Verdict("missing_there", rows, (), VOID)

    def _exactly(self, claim: Claim, held: dict[tuple[str, str, int], list[HisRow]]) -> tuple[HisRow, ...]:
        """Return the void rows that together are exactly the items of ``claim``, one each; () if there are not."""
        found: list[HisRow] = []
        for item in claim.items:
            same = held.get((claim.kind, item.code, item.amount_minor), ())
            if len(same) != 1 or not self._rules.may_be(claim, same[0]):
                return ()
            found.append(same[0])
        return tuple(found)

    def _taken_back(self, half_dead: set[str]) -> None:
        """Where an unexplained row takes something back, what agreed may not stand any more."""
        used = {row.id for verdict in self._verdicts.values() for row in verdict.rows}
        back = [row for row in self._live if _sign(row) < 0 and row.id not in used]
        items = {(row.kind, row.item) for row in back}
        for claim in self._claims:
            verdict = self._verdicts[claim.id]
            if verdict.outcome != "agreed" or verdict.reason == VOID_AS_HERE:
                continue
            whole_bill = any(kind == claim.kind and not item for kind, item in items)
            touched = any((claim.kind, item.code) in items for item in claim.items)
            if whole_bill or touched or any(row.id in half_dead for row in verdict.rows):
                self._verdicts[claim.id] = Verdict("doubtful", verdict.rows, (), TAKEN_BACK)


def _sign(row: HisRow) -> int:
    return -1 if row.amount_minor < 0 or (row.amount_minor == 0 and (row.quantity or 0) < 0) else 1


def _other_name(ours: str, theirs: str) -> bool:
    return bool(ours and theirs) and as_search(ours) != as_search(theirs)
