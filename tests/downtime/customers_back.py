"""Customers who bring something back: refunds, reversals, exchanges, and drugs that are carried away."""

from __future__ import annotations

from tests.downtime.builders import cash, dispense, drug, reversal
from tests.downtime.ledger import Till, back_of, more_by
from tests.forms.money import exchange, part_of, refund, refund_confirmed


class Returns(Till):
    """What goes back over the counter."""

    def refunds(self) -> None:
        """A whole charge, or one line of one that was paid by a single method."""
        kept = self.pick("paid")
        if kept is None:
            return
        entry, charged, parts = kept
        n = self.chance.randrange(len(charged))
        if len(parts) == 1 and self.chance.random() < 0.6:
            taken = [part_of(n + 1, charged[n], charged[n]["quantity"], charged[n]["amount_minor"])]
            back = [back_of({**parts[0], "amount_minor": charged[n]["amount_minor"]})]
        else:
            taken = [
                part_of(k, one, one["quantity"], one["amount_minor"]) for k, one in enumerate(charged, 1)
            ]
            back = [back_of(part) for part in parts]
        if not sum(part["amount_minor"] for part in back):
            return
        too_much = [{**back[0], **more_by(back[0], back[0]["amount_minor"])}, *back[1:]]
        self.refused(refund(entry.id, taken, too_much))
        given = self.stands(refund(entry.id, taken, back))
        self.gone(given, back)
        self.refused(refund(entry.id, taken, back))
        self.refused(refund(given.id, taken, back))  # a refund of a refund
        self.refused(reversal(entry))

    def returned(self) -> None:
        """Card or mobile money has really gone back."""
        kept = self.pick("returning")
        if kept is None:
            return
        given, back = kept
        self.stands(refund_confirmed(given.id, back))
        self.ledger.take(back, -1)
        self.ledger.whole["returning"] -= sum(part["amount_minor"] for part in back)
        self.refused(refund_confirmed(given.id, back))

    def undone(self) -> None:
        """A charge was a mistake; also one of a shift that is closed long since."""
        kept = self.pick("paid")
        if kept is None:
            return
        entry, _charged, parts = kept
        self.stands(reversal(entry))
        self.ledger.take(parts, -1)
        self.refused(reversal(entry))

    def exchanges(self) -> None:
        """The slip comes back, the formal invoice goes out; after that the paper rules."""
        kept = self.pick("paid")
        if kept is None:
            return
        entry, charged, parts = kept
        total = sum(part["amount_minor"] for part in parts)
        self.refused(exchange(entry.id, total - 1))
        self.stands(exchange(entry.id, total))
        self.refused(reversal(entry))
        taken = [part_of(k, one, one["quantity"], one["amount_minor"]) for k, one in enumerate(charged, 1)]
        self.refused(refund(entry.id, taken, [back_of(part) for part in parts]))

    def hands_out(self) -> None:
        """The pharmacy hands out one drug; its line cannot be refunded any more."""
        kept = self.pick("paid")
        if kept is None:
            return
        entry, charged, _parts = kept
        drugs = [(n, one) for n, one in enumerate(charged, 1) if one["kind"] == "drug"]
        if not drugs:
            self.put("paid", kept)
            return
        n, one = drugs[0]
        self.stands(dispense(entry.id, [drug(one["code"], one["quantity"])]))
        whole = part_of(n, one, one["quantity"], one["amount_minor"])
        self.refused(refund(entry.id, [whole], [cash(one["amount_minor"])] if one["amount_minor"] else []))
