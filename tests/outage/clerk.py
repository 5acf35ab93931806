"""People retype: from the paper into the HIS, with the mistakes people make, and what they mend when they are asked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tests.outage.typed import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from tests.outage.faults import Place
    from tests.outage.truth import Meant, Truth
    from tests.outage.typed import TypedHis, Typing

MISTAKES: Final = (
    *("typed twice", "typed twice by two people", "other amount", "other quantity", "other item"),
    *("other patient", "other name", "other operator", "left out", "a line left out", "a line twice"),
    *(
        "split over two bills",
        "split in two rows",
        "two on one bill",
        "a day without a clock",
        "document later",
    ),
)
LATER: Final = ("voided later", "taken back in red later", "taken back in red by half", "typed again later")
COLLEAGUE: Final = "1999"
RECEIPT_SHARE: Final = 0.2
"""Of the entries, so many are typed with our receipt number in the remark."""


@dataclass
class Clerk:
    """Everybody who retypes.

    Attributes:
        mistakes: made while typing; ``laters``: what happens in the HIS afterwards, to what was right.
        at: time of the HIS's clock, Unix seconds.
        late: rows whose formal document is issued at the next look.
    """

    his: TypedHis
    truth: Truth
    mistakes: Place
    laters: Place
    at: int
    late: list[Row] = field(default_factory=list)

    def type_in(self, meant: Meant) -> None:
        """Type one entry, perhaps wrongly."""
        self.at += 20
        undone = self.truth.meant[meant.undoes] if meant.undoes else None
        if undone is not None and self._reverse(meant, undone):
            return
        kind = self.mistakes.draw()
        if kind is None:
            self.type_rightly(meant)
            return
        act: Callable[[Meant, Random], bool] = getattr(self, "_" + kind.replace(" ", "_"))
        if act(meant, self.mistakes.chance()):
            self.mistakes.hit(kind, meant.number or meant.id)
        else:
            self.type_rightly(meant)

    def type_rightly(self, meant: Meant, bill: str = "") -> Typing:
        """Type one entry exactly as it is."""
        return self._typed(meant, self.rows_of(meant), bill)

    def rows_of(self, meant: Meant) -> list[Row]:
        """Return the rows an entry should be."""
        chance = self.mistakes.faults.chance("remark", meant.id)
        receipt = meant.number if chance.random() < RECEIPT_SHARE else ""
        return [
            Row(
                "", meant.kind, self.his.number_of(meant.patient), meant.name, item.code, item.quantity,
                item.amount_minor, meant.operator, self.at, "", receipt=receipt,
            )
            for item in meant.items
        ]  # fmt: skip

    def _typed(self, meant: Meant, rows: Sequence[Row], bill: str = "") -> Typing:
        number = bill or self.his.next_bill()
        for row in rows:
            row.bill = row.bill or number
            row.document = f"E{number}"
        return self.his.add((meant.id,), rows, number)

    def _reverse(self, meant: Meant, undone: Meant) -> bool:
        """Do what people do about a reversal: mark the bill, take it back in red, or (False) type it as it is."""
        how = self.mistakes.faults.chance("reversal", meant.id).random()
        typings = [one for one in self.his.of(undone.id) if one.is_live]
        if how < 0.3 or len(typings) != 1 or len(typings[0].entries) != 1:
            return False
        if how < 0.6:
            self.his.void(typings[0])
        else:
            self.his.take_back(typings[0], self.at)
        return True

    # -- mistakes: each returns whether it could be made ------------------------------------------------

    def _typed_twice(self, meant: Meant, _chance: Random) -> bool:
        self.type_rightly(meant)
        self.at += 300
        self.type_rightly(meant)
        return True

    def _typed_twice_by_two_people(self, meant: Meant, _chance: Random) -> bool:
        self.type_rightly(meant)
        self.at += 900
        self._typed(meant, [replace(row, operator=COLLEAGUE) for row in self.rows_of(meant)])
        return True

    def _changed(self, meant: Meant, n: int, **other: object) -> bool:
        rows = self.rows_of(meant)
        rows[n] = replace(rows[n], **other)  # type: ignore[arg-type]  # fields of a row
        self._typed(meant, rows)
        return True

    def _other_amount(self, meant: Meant, chance: Random) -> bool:
        n = chance.randrange(len(meant.items))
        sign = -1 if meant.items[n].amount_minor < 0 else 1
        return self._changed(
            meant, n, amount_minor=meant.items[n].amount_minor + sign * chance.choice([1, 10, 900])
        )

    def _other_quantity(self, meant: Meant, chance: Random) -> bool:
        n = chance.randrange(len(meant.items))
        quantity = meant.items[n].quantity
        return quantity is not None and self._changed(
            meant, n, quantity=quantity + (1000 if quantity > 0 else -1000)
        )

    def _other_item(self, meant: Meant, chance: Random) -> bool:
        n = chance.randrange(len(meant.items))
        return bool(meant.items[n].code) and self._changed(meant, n, item=f"X{chance.randrange(100):03}")

    def _other_patient(self, meant: Meant, chance: Random) -> bool:
        other = f"P{chance.randrange(900_000, 999_999):06}"
        self._typed(meant, [replace(row, patient=other, name="练习别人") for row in self.rows_of(meant)])
        return True

    def _other_name(self, meant: Meant, _chance: Random) -> bool:
        if meant.patient in self.his.numbers:
            return False  # whoever came with a temporary number has another name there anyway
        self._typed(meant, [replace(row, name="练习别人") for row in self.rows_of(meant)])
        return True

    def _other_operator(self, meant: Meant, _chance: Random) -> bool:
        self._typed(meant, [replace(row, operator=COLLEAGUE) for row in self.rows_of(meant)])
        return True

    @staticmethod
    def _left_out(_meant: Meant, _chance: Random) -> bool:
        return True

    def _a_line_left_out(self, meant: Meant, chance: Random) -> bool:
        if len(meant.items) < 2:
            return False
        rows = self.rows_of(meant)
        del rows[chance.randrange(len(rows))]
        self._typed(meant, rows)
        return True

    def _a_line_twice(self, meant: Meant, chance: Random) -> bool:
        rows = self.rows_of(meant)
        self._typed(meant, [*rows, replace(chance.choice(rows))])
        return True

    def _in_parts(self, meant: Meant, chance: Random, *, bills: int) -> bool:
        rows = self.rows_of(meant)
        n = chance.randrange(len(rows))
        whole = rows[n]
        if abs(whole.amount_minor) < 2 or whole.quantity is None or whole.quantity % 2:
            return False
        part = whole.amount_minor // 2
        rows[n] = replace(whole, amount_minor=part, quantity=whole.quantity // 2)
        rest = replace(whole, amount_minor=whole.amount_minor - part, quantity=whole.quantity // 2)
        if bills == 2:
            rest.bill = self.his.next_bill()
        self._typed(meant, [*rows, rest])
        return True

    def _split_over_two_bills(self, meant: Meant, chance: Random) -> bool:
        return self._in_parts(meant, chance, bills=2)

    def _split_in_two_rows(self, meant: Meant, chance: Random) -> bool:
        return self._in_parts(meant, chance, bills=1)

    def _two_on_one_bill(self, meant: Meant, _chance: Random) -> bool:
        before = [one for one in self.his.typings[-40:] if one.entries and one.is_live]
        same = [one for one in before if one.rows[0].patient == self.his.number_of(meant.patient)]
        if not same:
            return False
        self.type_rightly(meant, same[-1].bill)
        return True

    def _a_day_without_a_clock(self, meant: Meant, _chance: Random) -> bool:
        self._typed(meant, [replace(row, day_only=True) for row in self.rows_of(meant)])
        return True

    def _document_later(self, meant: Meant, _chance: Random) -> bool:
        typing = self.type_rightly(meant)
        for row in typing.rows:
            row.document = ""
        self.late += typing.rows
        return True

    # -- afterwards -------------------------------------------------------------------------------------

    def issue_late(self) -> None:
        """The documents that were late are there now."""
        for row in self.late:
            row.document = f"E{row.bill}"
        self.late.clear()

    def later(self, meant: Meant, typing: Typing) -> None:
        """Something happens in the HIS to what was right."""
        kind = self.laters.draw()
        if kind is None or not typing.is_live or len(typing.entries) != 1:
            return
        self.at += 60
        if kind == "voided later":
            self.his.void(typing)
        elif kind == "taken back in red later":
            self.his.take_back(typing, self.at)
        elif kind == "typed again later":
            self.type_rightly(meant)
        else:
            row = typing.rows[0]
            if row.quantity is None or row.quantity % 2 or row.amount_minor % 2:
                return
            half = replace(row, quantity=-row.quantity // 2, amount_minor=-row.amount_minor // 2, at=self.at)
            half.voids, half.bill = row.key, self.his.next_bill()
            self._typed(meant, [half])
        self.laters.hit(kind, meant.number or meant.id)


def by_patient(truth: Truth) -> dict[str, list[Meant]]:
    """Return entries by patient."""
    found: dict[str, list[Meant]] = defaultdict(list)
    for one in truth:
        found[one.patient].append(one)
    return found
