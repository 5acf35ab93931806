"""What the HIS of the read route really holds of each entry: right, absent, wrong or double, by what was typed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from tests.outage.truth import Meant, Truth
    from tests.outage.typed import TypedHis, Typing

RIGHT: Final = "right"
ABSENT: Final = "absent"
WRONG: Final = "wrong"
DOUBLE: Final = "double"
NO_ROWS: Final = "no rows"


def held(truth: Truth, his: TypedHis) -> dict[str, str]:
    """Return for each entry what the HIS holds of it, as of now.

    Twins (same patient, items, amounts and operator) are told by their number: a copy typed for one of two equal
    entries is as good as one typed for the other.
    """
    reader = _Reader(truth, his)
    found = {one.id: reader.of(one) for one in truth}
    reader.settle_twins(found)
    return found


class _Reader:
    def __init__(self, truth: Truth, his: TypedHis) -> None:
        self._truth = truth
        self._his = his
        self._typings: dict[str, list[Typing]] = defaultdict(list)
        for typing in his.typings:
            for entry_id in typing.entries:
                self._typings[entry_id].append(typing)
        self._undone_by = {one.undoes: one for one in truth if one.undoes}

    def of(self, meant: Meant) -> str:
        """Return what stands there by what each bill was typed for."""
        if not meant.kind:
            return NO_ROWS
        reversal = meant if meant.undoes else self._undone_by.get(meant.id)
        if reversal is not None and self._is_void_as_here(self._truth.meant[reversal.undoes], reversal):
            return RIGHT
        live = self.live(meant)
        if not live:
            return ABSENT
        if all(self._is_exact(meant, one) for one in live):
            return RIGHT if len(live) == 1 else DOUBLE
        return WRONG

    def settle_twins(self, found: dict[str, str]) -> None:
        """Where as many exact copies stand as there are twins, each of them is there."""
        twins: dict[tuple[object, ...], list[Meant]] = defaultdict(list)
        for one in self._truth:
            if one.kind:
                twins[one.alike()].append(one)
        for group in twins.values():
            wanting = [one for one in group if not (found[one.id] == RIGHT and not self.live(one))]
            live = [(one, typing) for one in group for typing in self.live(one)]
            if len(group) < 2 or len(live) != len(wanting):
                continue
            if all(self._is_exact(one, typing) for one, typing in live):
                found.update((one.id, RIGHT) for one in wanting)

    def live(self, meant: Meant) -> list[Typing]:
        """Return what was typed for an entry and still counts."""
        return [one for one in self._typings.get(meant.id, ()) if one.is_live]

    def _is_void_as_here(self, undone: Meant, reversal: Meant) -> bool:
        """Whether a charge stood there and was voided there, as it was reversed here: patient, items and money."""
        if self.live(undone) or self.live(reversal):
            return False
        wanted = {item.code: item.amount_minor for item in undone.items}
        return any(
            {(row.kind, row.patient) for row in one.rows}
            == {(undone.kind, self._his.number_of(undone.patient))}
            and {item.code: item.amount_minor for item in one.items()} == wanted
            for one in self._typings.get(undone.id, ())
        )

    def _is_exact(self, meant: Meant, typing: Typing) -> bool:
        """Whether a bill says what was meant; the name of who came with a temporary number is the HIS's own."""
        names = {row.name for row in typing.rows}
        is_named = "temporary" in meant.content.get("patient", {}) and meant.content["patient"]["temporary"]
        operators = {row.operator for row in typing.rows}
        of = {(row.kind, row.patient) for row in typing.rows}
        return (
            of == {(meant.kind, self._his.number_of(meant.patient))}
            and typing.items() == tuple(sorted(meant.items))
            and len({row.is_dead for row in typing.rows}) == 1
            and operators == {meant.operator}
            and (is_named or names == {meant.name})
        )


def rows_for(truth: Truth, his: TypedHis, meant: Meant) -> list[str]:
    """Return the keys of the rows that are this entry, as whoever typed them knows; of twins each gets its copy."""
    reader = _Reader(truth, his)
    twins = [one for one in truth if one.alike() == meant.alike()]
    copies = [typing for one in twins for typing in reader.live(one)]
    own = reader.live(meant)
    if len(twins) > 1 and len(own) != 1:
        wanting = [one for one in twins if len(reader.live(one)) != 1]
        spare = [typing for one in wanting for typing in reader.live(one)]
        place = wanting.index(meant)
        own = spare[place : place + 1]
    assert all(one in copies for one in own)
    return [row.key for typing in own for row in typing.rows]


def named_by(his: TypedHis, unknown: Collection[str]) -> set[str]:
    """Return the entries about which something stands in the HIS that the product shows as explained by nothing."""
    return {
        entry_id
        for typing in his.typings
        if any(row.key in unknown for row in typing.rows)
        for entry_id in typing.entries
    }
