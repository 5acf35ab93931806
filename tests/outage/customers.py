"""Everybody else in front of a window: advances, deposits, refunds, reversals, drugs, slips from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forms.payment import Collection
from forms.reversal import Reversal
from tests.downtime.builders import arrears, charge, dispense, drug
from tests.downtime.ledger import back_of
from tests.forms.money import (
    bookkeeping,
    deposit,
    deposit_refund,
    itemisation,
    part_of,
    precollection,
    pricing,
    refund,
)
from tests.outage.window import Till, pick

if TYPE_CHECKING:
    from random import Random

    from downtime.book import OpenBook
    from tests.outage.people import Hospital
    from tests.outage.truth import Meant, Truth


class Window(Till):
    """Serves customers of every kind, in the shares of a bad night."""

    def __init__(
        self, book: OpenBook, hospital: Hospital, truth: Truth, chance: Random, second: tuple[str, str]
    ) -> None:
        super().__init__(book, hospital, truth, chance, second)
        self._owing: list[Meant] = []
        self._lying: list[Meant] = []
        self.acts = (
            *[self.pays] * 30, *[self.again] * 3, *[self.registers] * 5, *[self.stranger_pays] * 8,
            *[self.in_advance] * 8, *[self.lines_follow] * 7, *[self.deposits] * 5, *[self.deposit_back] * 2,
            *[self.booked] * 6, *[self.refunds] * 5, *[self.undone] * 5, *[self.hands_out] * 7, *[self.owes] * 3,
            *[self.pays_later] * 3, *[self.priced] * 3, *[self.taken_over] * 3, *[self.from_paper] * 4,
        )  # fmt: skip

    def serve(self) -> None:
        """Serve the next one."""
        self.chance.choice(self.acts)()

    def owes(self) -> None:
        """Somebody vouches."""
        self._owing.append(self.stands(arrears(self.hospital.lines(self.chance), **self.somebody())))

    def pays_later(self) -> None:
        """What was owed is collected."""
        kept = pick(self.chance, self._owing)
        if kept is not None and kept.total_minor:
            told = {"charge_id": kept.id, "patient": kept.content["patient"], "currency": "CNY"}
            parts = self.parts(kept.total_minor)
            self.stands(
                Collection.model_validate({**told, "total_minor": kept.total_minor, "payments": parts})
            )

    # -- slips ------------------------------------------------------------------------------------------

    def priced(self) -> None:
        """Priced without money; the slip may be paid at any window."""
        form = pricing(self.hospital.lines(self.chance), **self.somebody())
        entry = self.recorded(form)
        self.truth.slips.append(entry.number or "")
        self.hospital.slips.append(("pricing", entry.number or "", form.model_dump(mode="json")))

    def taken_over(self) -> None:
        """A slip that was priced at another window is paid here."""
        found = self._slip("pricing")
        if found is not None:
            number, content = found
            about = {"patient": content["patient"], "visit": content["visit"], "priced_number": number}
            total = content["total_minor"]
            self.stands(charge(content["lines"], payments=self.parts(total), **about))

    def in_advance(self) -> None:
        """An amount now, its lines later, from anywhere."""
        parts = self.parts(self.chance.randrange(500, 90_000))
        form = precollection(parts, **self.somebody())
        number = self.stands(form).number
        self.hospital.slips.append(("precollection", number, form.model_dump(mode="json")))

    def lines_follow(self) -> None:
        """The lines of an advance, wherever that was paid; more is owed, less is kept."""
        found = self._slip("precollection")
        if found is None:
            return
        number, content = found
        lines = self.hospital.lines(self.chance)
        advance = content["total_minor"]
        covered = min(advance, sum(line["amount_minor"] for line in lines))
        about = {"patient": content["patient"], "visit": content["visit"], "precollection_number": number}
        self.stands(itemisation(lines, advance, covered, "", **about))

    def _slip(self, kind: str) -> tuple[str, dict[str, Any]] | None:
        """Take a slip of another window, or one made here by its number; each is used once."""
        found = [slip for slip in self.hospital.slips if slip[0] == kind]
        if not found:
            return None
        slip = self.chance.choice(found)
        self.hospital.slips.remove(slip)
        return slip[1], slip[2]

    # -- inpatients -------------------------------------------------------------------------------------

    def deposits(self) -> None:
        """An inpatient leaves a deposit."""
        form = deposit(self.parts(self.chance.randrange(10_000, 500_000)), patient=self.somebody()["patient"])
        self._lying.append(self.stands(form))

    def deposit_back(self) -> None:
        """A deposit goes back as it came."""
        kept = pick(self.chance, self._lying)
        if kept is not None:
            back = [back_of(part) for part in kept.content["payments"]]
            self.stands(deposit_refund(kept.id, back, patient=kept.content["patient"]))

    def booked(self) -> None:
        """The ward books lines on an inpatient's account."""
        self.stands(bookkeeping(self.hospital.lines(self.chance), **self.somebody()))

    # -- back over the counter --------------------------------------------------------------------------

    def refunds(self) -> None:
        """All lines of a charge go back, or one of one that was paid by a single method."""
        kept = pick(self.chance, self.paid)
        if kept is None or not kept.total_minor:
            return
        lines, parts = kept.content["lines"], kept.content["payments"]
        n = self.chance.randrange(len(lines))
        if len(parts) == 1 and self.chance.random() < 0.6 and lines[n]["amount_minor"]:
            chosen = [(n + 1, lines[n])]
            back = [back_of({**parts[0], "amount_minor": lines[n]["amount_minor"]})]
        else:
            chosen, back = list(enumerate(lines, 1)), [back_of(part) for part in parts]
        taken = [part_of(k, one, one["quantity"], one["amount_minor"]) for k, one in chosen]
        about = {"patient": kept.content["patient"], "visit": kept.content["visit"]}
        self.stands(refund(kept.id, taken, back, **about))

    def undone(self) -> None:
        """A charge was a mistake."""
        kept = pick(self.chance, self.paid)
        if kept is None:
            return
        refunds = kept.content["payments"]
        content = {
            "entry_id": kept.id,
            "entry_number": kept.number,
            "patient": kept.content["patient"],
            "reason": "练习:收错",
            "refunds": refunds,
            "total_minor": sum(part["amount_minor"] for part in refunds),
            "currency": "CNY",
        }
        self.stands(Reversal.model_validate(content))

    def hands_out(self) -> None:
        """The pharmacy hands out the drugs of a charge; it stays as it is from then on."""
        for n, kept in enumerate(self.paid):
            drugs = [line for line in kept.content["lines"] if line["kind"] == "drug"]
            if drugs:
                del self.paid[n]
                lines = [drug(line["code"], line["quantity"]) for line in drugs]
                about = {"patient": kept.content["patient"], "charge_number": kept.number}
                self.stands(dispense(kept.id, lines, **about))
                return
