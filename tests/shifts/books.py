"""Books kept by hand beside a window: what every customer paid, worked out from prices on paper, never from the app."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

METHODS = ("cash", "card", "mobile", "unverified")


@dataclass(frozen=True, slots=True)
class Part:
    """Money by one method; ``unverified`` is a method of its own here."""

    method: str
    minor: int


@dataclass(frozen=True, slots=True)
class Line:
    """Something on a price list, and how many."""

    code: str
    price_minor: int
    quantity: str = "1"

    @property
    def minor(self) -> int:
        """Price times quantity, half a cent rounded up."""
        exact = Decimal(self.price_minor) * Decimal(self.quantity)
        return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Paid:
    """A charge that was paid; of what was given back of it nothing is left here.

    Attributes:
        lines: in their order on the receipt; None where a line was given back.
    """

    number: str
    minor: int
    parts: tuple[Part, ...]
    lines: tuple[Line | None, ...] = ()

    def without(self, place: int) -> tuple[Paid, tuple[Part, ...]]:
        """Return what is left when a line goes back, and how its money goes: as it came, cash last."""
        line = self.lines[place]
        assert line is not None, "it went back before"
        rest, back, left = line.minor, [], []
        for method in ("card", "mobile", "cash"):
            for part in self.parts:
                if part.method == method:
                    goes = min(rest, part.minor)
                    rest -= goes
                    back.append(Part(method, goes))
                    left.append(Part(method, part.minor - goes))
        lines = (*self.lines[:place], None, *self.lines[place + 1 :])
        kept = Paid(self.number, self.minor - line.minor, tuple(part for part in left if part.minor), lines)
        return kept, tuple(part for part in back if part.minor)


@dataclass(frozen=True, slots=True)
class Open:
    """Money that waits for something, under the number of its receipt."""

    number: str
    minor: int
    parts: tuple[Part, ...] = ()


@dataclass
class Books:
    """What lies where.

    Attributes:
        shift: taken in less given back in this shift, by method.
        whole: what outlives a shift: unverified, advance, deposit, owed, returning.
        slips: receipts of this shift by form, however they were printed.
        paid: charges that may still go back.
        owing: receipts somebody vouched for.
        unseen: receipts paid by money nobody saw arrive.
        returning: refunds whose money has still to go back the way it came.
        advances: pre-collections whose lines nobody typed yet; deposits nothing was given back of.
        exchanged: numbers of receipts a formal document was handed out for.
        drawer: cash that lies in the drawer now, float and all.
    """

    shift: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)
    slips: Counter[str] = field(default_factory=Counter)
    customers: Counter[str] = field(default_factory=Counter)
    paid: list[Paid] = field(default_factory=list)
    owing: list[Open] = field(default_factory=list)
    unseen: list[Open] = field(default_factory=list)
    returning: list[Open] = field(default_factory=list)
    advances: list[Open] = field(default_factory=list)
    deposits: list[Open] = field(default_factory=list)
    exchanged: set[str] = field(default_factory=set)
    drawer: int = 0

    def take(self, parts: tuple[Part, ...], sign: int = 1) -> None:
        """Money comes in, or with sign -1 goes out."""
        for part in parts:
            self.shift[part.method] += sign * part.minor
            if part.method == "cash":
                self.drawer += sign * part.minor
            elif part.method == "unverified":
                self.whole["unverified"] += sign * part.minor

    def give_back(self, number: str, parts: tuple[Part, ...]) -> None:
        """Cash leaves now; card and mobile money is owed until it went back the way it came."""
        self.take(tuple(part for part in parts if part.method == "cash"), -1)
        later = sum(part.minor for part in parts if part.method != "cash")
        if later:
            self.whole["returning"] += later
            self.returning.append(Open(number, later, parts))

    def owes(self, waiting: Open) -> None:
        """Nobody paid yet."""
        self.whole["owed"] += waiting.minor
        self.owing.append(waiting)

    def differences(self, closed: dict[str, Any], float_minor: int) -> list[str]:
        """Return what a closing says otherwise, in words; empty where both agree to the cent."""
        figures = closed["figures"]
        by_method = {one["method"]: one["taken_minor"] - one["returned_minor"] for one in figures["methods"]}
        told: list[tuple[str, int, int]] = [
            (f"net of {method}", by_method.get(method, 0), self.shift[method]) for method in METHODS
        ]
        told += [
            ("float", closed["float_minor"], float_minor),
            ("expected cash", closed["expected_minor"]["cash"], float_minor + self.shift["cash"]),
            ("expected card", closed["expected_minor"]["card"], self.shift["card"]),
            ("expected mobile", closed["expected_minor"]["mobile"], self.shift["mobile"]),
            ("over or short", closed["over_short_minor"], closed["counted_minor"] - self.drawer),
            ("unverified", figures["unverified_minor"], self.whole["unverified"]),
            ("advances", figures["advances_minor"], self.whole["advance"]),
            ("owed", figures["owed_minor"], self.whole["owed"]),
            ("to be returned", figures["to_be_returned_minor"], self.whole["returning"]),
            ("numbers used", figures["numbers"]["used"], sum(self.slips.values())),
        ]
        return [f"{what}: report {there}, by hand {here}" for what, there, here in told if there != here]

    def close(self, left_minor: int) -> None:
        """The next shift begins with what was left in the drawer."""
        self.shift.clear()
        self.slips.clear()
        self.drawer = left_minor
