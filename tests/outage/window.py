"""One window: whatever is recorded here is recorded as at any station, and written down as it was meant."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from downtime.approvals import approve, rule_for
from downtime.late import LateHead, Paper, beside
from downtime.pack_number import PaperNumber
from downtime.packs import Run, issue, new_pack
from downtime.record import Recorded, record, record_event
from downtime.sealing import Filled
from forms.registration import Registration
from forms.visit import Visit
from tests.downtime.builders import by, cash, charge
from tests.outage.people import visit_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from forms.base import Form
    from tests.outage.people import Hospital
    from tests.outage.truth import Meant, Truth

PAPERS: Final = 12
INSURED_SHARE: Final = 0.15

Content = dict[str, Any]


def pick(chance: Random, kept: list[Any]) -> Any:
    """Take something that was kept, or None."""
    return kept.pop(chance.randrange(len(kept))) if kept else None


class Till:
    """A window with its book; what it acknowledges is written down in ``truth``."""

    def __init__(
        self, book: OpenBook, hospital: Hospital, truth: Truth, chance: Random, second: tuple[str, str]
    ) -> None:
        self.book = book
        self.hospital = hospital
        self.truth = truth
        self.chance = chance
        self._second = second
        self.paid: list[Meant] = []
        self._papers = 0
        self._registered = 0

    # -- recording --------------------------------------------------------------------------------------

    def recorded(
        self, form: Form, happened_at: str | None = None, late: tuple[Form, ...] = (), entry_id: str = ""
    ) -> Entry:
        """Record a form that must be taken; the second person agrees where one is needed."""
        filled = Filled(form, entry_id or self.new_id(), happened_at, beside=late)
        rule = rule_for(self.book, form)
        approval = approve(self.book, filled, rule, *self._second) if rule else None
        outcome = record(self.book, filled, approval)
        assert isinstance(outcome, Recorded), (form, outcome)
        return outcome.entry

    def stands(
        self, form: Form, happened_at: str | None = None, late: tuple[Form, ...] = (), entry_id: str = ""
    ) -> Meant:
        """Record a form, and write down what was meant as soon as "recorded" was said."""
        at = happened_at or self.book.clock.now().wall
        entry = self.recorded(form, happened_at, late, entry_id)
        return self.truth.acknowledged(
            form,
            entry.id,
            station=self.book.identity.station,
            number=entry.number,
            operator=self.book.person.operator,
            at=at,
        )

    def new_id(self) -> str:
        """Return an id as a form gets when it opens, but the same under one seed."""
        return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))

    def parts(self, total: int) -> list[Content]:
        """Split an amount over one method or two."""
        first = self.chance.choice(["cash", "cash", "card", "mobile", "two"])
        tail = f"{self.chance.randrange(10_000):04}"
        if first == "cash" or total < 2:
            return [cash(total, total + self.chance.choice([0, 50, 1000]))]
        if first != "two":
            return [by(first, total, tail)]
        share = self.chance.randrange(1, total)
        return [cash(share), by("mobile", total - share, tail)]

    def somebody(self) -> Content:
        """Return a known patient with the visit they are here for."""
        patient = self.chance.choice(self.hospital.patients)
        return {"patient": patient, "visit": visit_of(patient)}

    # -- charges ----------------------------------------------------------------------------------------

    def pays(self) -> None:
        """Lines, and the money for them."""
        self.charged(self.somebody(), self.hospital.lines(self.chance))

    def charged(self, about: Content, lines: Sequence[Content]) -> Meant:
        """Charge somebody; some are insured, and settled when the HIS is back."""
        payer = "insured_pending" if self.chance.random() < INSURED_SHARE else "self"
        total = sum(line["amount_minor"] for line in lines)
        entry = self.stands(charge(lines, payments=self.parts(total), payer_kind=payer, **about))
        self.paid.append(entry)
        return entry

    def again(self) -> None:
        """The same once more, and rightly so: two charges that nobody can tell apart."""
        if self.paid:
            before = self.chance.choice(self.paid[-5:]).content
            self.charged({"patient": before["patient"], "visit": before["visit"]}, before["lines"])

    def registers(self) -> None:
        """Nobody knows them: a temporary number, and a visit under one."""
        self._registered += 1
        place = self.book.identity
        tail = f"{place.station}{place.incarnation}{place.book:02}{self._registered:05}"
        patient = {"number": f"T{tail}", "name": f"练习{tail}", "sex": "unknown", "temporary": True}
        self.stands(Registration.model_validate({"patient": patient, "identity": "unknown_person"}))
        visit = {**visit_of(patient, "emergency"), "number": f"V{tail}", "temporary": True}
        self.stands(Visit.model_validate({"patient": patient, "visit": visit}))
        self.hospital.registered.append((patient, visit))

    def stranger_pays(self) -> None:
        """Somebody with a temporary number pays, here or at another window."""
        if self.hospital.registered:
            patient, visit = self.chance.choice(self.hospital.registered[-30:])
            self.charged({"patient": patient, "visit": visit}, self.hospital.lines(self.chance))

    def from_paper(self) -> None:
        """Written by hand while the PC was down too, and typed in afterwards."""
        if not self._papers:
            pack = new_pack(self.book, "charge", PAPERS)
            record_event(self.book, pack)
            record_event(
                self.book, issue(self.book, Run(pack.series, 1, PAPERS), "person", "1002", "练习员乙")
            )
        if self._papers == PAPERS:
            return
        self._papers += 1
        now, place = self.book.clock.now().wall, self.book.identity
        number = str(PaperNumber(f"{place.station}{place.incarnation}", self._papers))
        lines = self.hospital.lines(self.chance)
        total = sum(line["amount_minor"] for line in lines)
        entry_id = self.new_id()
        late = beside(
            LateHead(Paper(number, "charge"), now, "1002", "练习员乙"), entry_id, now, (total, total)
        )
        self.stands(charge(lines, payments=[cash(total)], **self.somebody()), now, late, entry_id)
