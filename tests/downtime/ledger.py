"""A window where random customers are served, and a second set of books kept by hand beside the journal.

Each act is recorded through ``record`` like anybody's; what it does to the money is written into ``Ledger``
from what happened at the window, never from postings, so that two ways of counting can disagree.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.record import Refused, new_entry_id, record
from downtime.sealing import Filled
from tests.downtime.builders import by, cash, line, stand

if TYPE_CHECKING:
    from random import Random

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from forms.base import Form

CATEGORIES = ("化验费", "西药费", "挂号费", "治疗费")


@dataclass
class Ledger:
    """What lies where, counted by hand; money in minor units.

    Attributes:
        shift: what this shift took in less what it gave back, by method; unverified is a method of its own.
        whole: balances that outlive a shift: unverified, returning, advance, deposit, owed, inpatient.
    """

    shift: Counter[str] = field(default_factory=Counter)
    whole: Counter[str] = field(default_factory=Counter)

    def take(self, parts: list[dict[str, Any]], sign: int = 1) -> int:
        """Money comes in by some methods (or, with sign -1, goes out); return how much."""
        for part in parts:
            method = "unverified" if part.get("unverified") else part["method"]
            self.shift[method] += sign * part["amount_minor"]
            if method == "unverified":
                self.whole["unverified"] += sign * part["amount_minor"]
        return sum(part["amount_minor"] for part in parts)


class Till:
    """One window with its book and what stands open at it."""

    def __init__(self, book: OpenBook, chance: Random) -> None:
        self.book = book
        self.chance = chance
        self.ledger = Ledger()
        self.refusals = 0
        self.open: dict[str, list[Any]] = {}

    def stands(self, form: Form) -> Entry:
        """Record what must be taken."""
        return stand(self.book, form)

    def refused(self, form: Form) -> None:
        """Record what must be refused."""
        assert isinstance(record(self.book, Filled(form, new_entry_id())), Refused), form
        self.refusals += 1

    def put(self, name: str, what: Any) -> None:
        """Keep something for a later customer."""
        self.open.setdefault(name, []).append(what)

    def pick(self, name: str) -> Any:
        """Take something kept, or None."""
        kept = self.open.get(name)
        return kept.pop(self.chance.randrange(len(kept))) if kept else None

    def parts(self, total: int) -> list[dict[str, Any]]:
        """Split an amount over one method or two."""
        tail = f"{self.chance.randrange(10_000):04}"
        first = self.chance.choice(["cash", "cash", "card", "mobile", "two"])
        if first == "cash" or total < 2:
            return [cash(total, total + self.chance.choice([0, 5, 100]))]
        if first != "two":
            return [by(first, total, tail)]
        share = self.chance.randrange(1, total)
        return [cash(share, share + 10), by("mobile", total - share, tail)]

    def lines(self) -> list[dict[str, Any]]:
        """Return one to four lines with amounts that need rounding."""
        found = []
        for n in range(self.chance.randrange(1, 5)):
            kind = self.chance.choice(["service", "service", "drug", "unlisted"])
            quantity = self.chance.choice(["1", "2", "3", "0.5", "1.25", "0.333"])
            price = self.chance.randrange(1, 30_000)
            category = self.chance.choice(["", *CATEGORIES])
            found.append(line(f"{kind[0].upper()}{n:03}", price, quantity, kind, category=category))
        return found if sum(one["amount_minor"] for one in found) else [line()]

    def gone(self, given: Entry, back: list[dict[str, Any]]) -> None:
        """Cash is gone; the rest is owed back until somebody confirms it."""
        self.ledger.take([part for part in back if part["method"] == "cash"], -1)
        rest = [part for part in back if part["method"] != "cash"]
        if rest:
            self.ledger.whole["returning"] += sum(part["amount_minor"] for part in rest)
            self.put("returning", (given, rest))


def back_of(part: dict[str, Any]) -> dict[str, Any]:
    """Return a payment as money going back."""
    amount = part["amount_minor"]
    return cash(amount) if part["method"] == "cash" else by(part["method"], amount, part.get("slip_tail", ""))


def more_by(part: dict[str, Any], amount: int) -> dict[str, Any]:
    """Return what changes a payment of ``amount`` into one of a cent more."""
    more = {"amount_minor": amount + 1}
    return {**more, "tendered_minor": amount + 1} if part["method"] == "cash" else more
