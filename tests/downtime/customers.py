"""Random customers of a cashier's window, of every kind there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.downtime.builders import arrears, by, cash, charge, collection
from tests.downtime.customers_back import Returns
from tests.downtime.ledger import CATEGORIES, back_of, more_by
from tests.forms.money import (
    bookkeeping,
    deposit,
    deposit_refund,
    itemisation,
    precollection,
    pricing,
    refund,
    unseen,
    verified,
)

if TYPE_CHECKING:
    from random import Random

    from downtime.book import OpenBook


class Window(Returns):
    """Everybody who stands in front of a window."""

    def __init__(self, book: OpenBook, chance: Random) -> None:
        super().__init__(book, chance)
        self.acts = (
            *[self.pays] * 30, *[self.owes] * 5, *[self.pays_later] * 4, *[self.in_advance] * 6,
            *[self.lines_follow] * 5, *[self.advance_back] * 2, *[self.priced_elsewhere] * 6, *[self.deposits] * 4,
            *[self.deposit_back] * 2, *[self.booked] * 4, *[self.refunds] * 5, *[self.returned] * 4,
            *[self.undone] * 4, *[self.cannot_see] * 6, *[self.statement_says] * 5, *[self.exchanges] * 3,
            *[self.hands_out] * 5,
        )  # fmt: skip

    def customer(self) -> None:
        """Serve somebody."""
        self.chance.choice(self.acts)()

    def pays(self, priced: dict[str, Any] | None = None, lines: list[dict[str, Any]] | None = None) -> None:
        """Lines, and the money for them."""
        charged = lines or self.lines()
        parts = self.parts(sum(one["amount_minor"] for one in charged))
        entry = self.stands(charge(charged, payments=parts, **(priced or {})))
        self.ledger.take(parts)
        self.put("paid", (entry, charged, parts))

    def cannot_see(self) -> None:
        """Mobile money whose confirmation nobody can see: a tail, or no slip."""
        charged = self.lines()
        total = sum(one["amount_minor"] for one in charged)
        tail = self.chance.choice(["", f"{self.chance.randrange(10_000):04}"])
        entry = self.stands(charge(charged, payments=[unseen(total, tail)]))
        self.ledger.take([unseen(total, tail)])
        self.put("unseen", (entry, total))

    def statement_says(self) -> None:
        """The statement comes: received, or it never came and is owed."""
        kept = self.pick("unseen")
        if kept is None:
            return
        entry, total = kept
        self.refused(verified(entry.id, total + 1))
        received = self.chance.random() < 0.8
        self.stands(verified(entry.id, total, received=received))
        self.ledger.shift["unverified"] -= total
        self.ledger.whole["unverified"] -= total
        if received:
            self.ledger.shift["mobile"] += total
        else:
            self.ledger.whole["owed"] += total
            self.put("owing", (entry, total))
        self.refused(verified(entry.id, total))

    def owes(self) -> None:
        """Somebody vouches."""
        charged = self.lines()
        total = sum(one["amount_minor"] for one in charged)
        self.put("owing", (self.stands(arrears(charged)), total))
        self.ledger.whole["owed"] += total

    def pays_later(self) -> None:
        """Collected later, whole or in part; never more than is owed."""
        kept = self.pick("owing")
        if kept is None:
            return
        entry, owed = kept
        self.refused(collection(entry.id, [cash(owed + 1)]))
        amount = self.chance.randrange(1, owed + 1)
        parts = self.parts(amount)
        self.stands(collection(entry.id, parts))
        self.ledger.take(parts)
        self.ledger.whole["owed"] -= amount
        if owed > amount:
            self.put("owing", (entry, owed - amount))
        else:
            self.refused(collection(entry.id, [cash(1)]))  # paying twice

    def priced_elsewhere(self) -> None:
        """The pharmacy priced it; the cashier takes the slip over, once."""
        priced = self.stands(pricing(self.lines()))
        named = {"priced_id": priced.id, "priced_number": priced.number}
        self.pays(named, priced.content["lines"])
        again = priced.content["lines"]
        total = priced.content["total_minor"]
        self.refused(charge(again, payments=[cash(total)], **named))

    # -- amounts ----------------------------------------------------------------------------------------

    def in_advance(self) -> None:
        """An amount now, lines later."""
        parts = self.parts(self.chance.randrange(500, 50_000))
        entry = self.stands(precollection(parts, category=self.chance.choice(CATEGORIES)))
        total = self.ledger.take(parts)
        self.ledger.whole["advance"] += total
        self.put("advance", (entry, total, parts))

    def lines_follow(self) -> None:
        """The lines of an advance: over is kept, short is owed."""
        kept = self.pick("advance")
        if kept is None:
            return
        entry, advance, parts = kept
        charged = self.lines()
        total = sum(one["amount_minor"] for one in charged)
        covered = min(total, advance)
        form = itemisation(charged, advance, covered, entry.id, precollection_number=entry.number)
        assert form.over_minor() == advance - total
        lines = self.stands(form)
        self.ledger.whole["advance"] -= covered
        self.ledger.whole["owed"] += total - covered
        if total > covered:
            self.put("owing", (lines, total - covered))
        if advance > covered:
            self.put("over", (entry, advance - covered, parts))

    def advance_back(self) -> None:
        """What is over goes back, when somebody asks, by a method it came by."""
        kept = self.pick("over")
        if kept is None:
            return
        entry, left, parts = kept
        part = max(parts, key=lambda one: one["amount_minor"])
        amount = min(left, part["amount_minor"])
        back = cash(amount) if part["method"] == "cash" else by(part["method"], amount, "")
        self.refused(refund(entry.id, [], [{**back, **more_by(back, left)}]))
        given = self.stands(refund(entry.id, [], [back]))
        self.ledger.whole["advance"] -= amount
        self.gone(given, [back])

    def deposits(self) -> None:
        """An inpatient leaves a deposit."""
        parts = self.parts(self.chance.randrange(10_000, 500_000))
        entry = self.stands(deposit(parts))
        self.ledger.whole["deposit"] += self.ledger.take(parts)
        self.put("deposit", (entry, parts))

    def deposit_back(self) -> None:
        """A deposit goes back as it came, once."""
        kept = self.pick("deposit")
        if kept is None:
            return
        entry, parts = kept
        back = [back_of(part) for part in parts]
        given = self.stands(deposit_refund(entry.id, back))
        self.ledger.whole["deposit"] -= sum(part["amount_minor"] for part in back)
        self.gone(given, back)
        self.refused(deposit_refund(entry.id, back[:1]))

    def booked(self) -> None:
        """The ward books lines; no money."""
        booked = self.lines()
        self.stands(bookkeeping(booked))
        self.ledger.whole["inpatient"] += sum(one["amount_minor"] for one in booked)
