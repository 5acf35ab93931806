"""A day that is being typed into the HIS: some agree there, some stand there otherwise, twice or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.his_word import HisWord, reference_of
from downtime.outcome import Accepted, FormalDocument, HandedOver
from downtime.record import Recorded, new_entry_id
from downtime.worksheet_reading import connector_of
from forms.his_decided import TypedIn
from tests.screens.made_up import charge_line, drugs_of, made_charge, note_answers

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.outcome import Outcome

NAMES = ("练习病人甲", "练习病人乙", "练习病人丙", "练习病人丁", "练习病人戊", "练习病人己", "练习病人庚")


def charges(desk: Desk, names: tuple[str, ...] = NAMES) -> list[Entry]:
    """Let a charge of three lines stand for everybody named."""
    drugs = drugs_of(desk)
    return [
        made_charge(
            desk,
            [
                charge_line(drug, "drug", quantity)
                for drug, quantity in zip(drugs[n : n + 3], ("1", "2", "1"), strict=True)
            ],
            name=name,
            patient=f"P90000{n}",
        )
        for n, name in enumerate(names)
    ]


def typed_in(desk: Desk, entry: Entry, bill: str = "") -> Entry:
    """Let whoever is logged in have said that an entry was typed in."""
    form = TypedIn(entry_id=entry.id, number=entry.number or "", his_reference=bill)
    outcome = desk.record(form, new_entry_id())
    assert isinstance(outcome, Recorded), outcome
    return outcome.entry


def made_retyped(desk: Desk) -> list[Entry]:
    """Let seven charges stand: verified, different, twice, missing, typed in, and two still to type; return them."""
    made = charges(desk)
    document = FormalDocument("e_invoice", "PX", "00012345", "a1b2c3", "2026-11-22", "issued", "HIS-77")
    typed_in(desk, made[3])
    amount = made[1].amount_minor or 0
    answers: dict[str, Outcome] = {
        made[0].id: Accepted((document,), "HIS-77"),
        made[1].id: HandedOver(
            reference_of(HisWord("differs", ("amount",), "", amount + 1250, ("F88123", "F88124")))
        ),
        made[2].id: HandedOver(
            reference_of(
                HisWord("twice", ("twice",), "", 2 * (made[2].amount_minor or 0), ("F88130", "F88131"))
            )
        ),
        made[3].id: HandedOver(reference_of(HisWord("missing"))),
        made[4].id: HandedOver("worksheet"),
    }
    note_answers(desk, connector_of(desk.home.settings.connectors), answers)
    typed_in(desk, made[4], "2026112200018")
    return made
