"""Charges that stand before a story begins, made of the practice station's own lists."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from downtime.outcome import Accepted, FormalDocument, InDoubt, Rejected
from downtime.record import Recorded, new_entry_id
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.delivery_queries import first_entry_hash, journal_head_seq
from downtime.store.headlog import HeadLog
from forms.charge import Charge
from forms.money import line_amount
from forms.reversal import Reversal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.outcome import Outcome

HOSTILE = "\x1b]52;c;aGk=\x07[red]练习[/]\u202e𠮷=cmd|'; DROP^~\\&"


def charge_line(row: Any, kind: str, quantity: str = "1") -> dict[str, Any]:
    """Return a line for an item or drug of the lists."""
    return {
        "code": row.code,
        "name": row.name,
        "spec": row.spec,
        "unit": row.unit,
        "kind": kind,
        "unit_price_minor": row.price_minor,
        "quantity": quantity,
        "amount_minor": line_amount(row.price_minor, Decimal(quantity)),
    }


def drugs_of(desk: Desk, *, controlled: bool = False) -> list[Any]:
    """Return drugs that have a batch in stock and in date."""
    assert desk.reference is not None
    found = []
    for row in desk.reference.rows("drugs"):
        drug: Any = row
        batches = desk.reference.batches_of(drug.code)
        if bool(drug.controlled) is controlled and batches and all(Decimal(b.quantity) > 9 for b in batches):
            found.append(drug)
    return found


def made_charge(
    desk: Desk,
    lines: list[dict[str, Any]] | None = None,
    *,
    name: str = "练习病人甲",
    vouched: bool = False,
    patient: str = "P900001",
) -> Entry:
    """Record a charge for a made-up patient, paid half in cash and half by card unless vouched for."""
    lines = lines or [charge_line(drugs_of(desk)[0], "drug", "2")]
    total = sum(line["amount_minor"] for line in lines)
    half = total // 2
    content: dict[str, Any] = {
        "patient": {"number": patient, "name": name, "sex": "female", "birth_date": "1980-01-31"},
        "currency": desk.currency,
        "lines": lines,
        "total_minor": total,
    }
    if vouched:
        content["authorisation"] = {"kind": "green_channel", "guarantor": "练习总值班"}
    else:
        content["payments"] = [
            {"method": "cash", "amount_minor": half, "tendered_minor": half + 100, "change_minor": 100},
            {"method": "card", "amount_minor": total - half, "slip_tail": "0042"},
        ]
    recorded = desk.record(Charge.model_validate(content), new_entry_id())
    assert isinstance(recorded, Recorded), recorded
    return recorded.entry


def made_reversal(desk: Desk, entry: Entry) -> Entry:
    """Reverse an entry."""
    from downtime.desk_queries import reversal_content

    form = Reversal.model_validate(reversal_content(entry, "练习", desk.currency))
    recorded = desk.record(form, new_entry_id())
    assert isinstance(recorded, Recorded), recorded
    return recorded.entry


def note_answers(desk: Desk, connector: str, answers: Mapping[str, Outcome]) -> None:
    """Let a HIS have answered about entries, by id, the way sync notes it."""
    paths = desk.book.paths
    first_hash = first_entry_hash(desk.looking())
    assert first_hash is not None
    heads = HeadLog(paths.deliveries_head)
    with Deliveries(
        paths.deliveries, desk.book.key, heads=heads, sign=desk.book.signing.sign, first_entry_hash=first_hash
    ) as deliveries:
        for entry_id, outcome in answers.items():
            entry = desk.find(entry_id)
            assert entry is not None
            facts = [
                Fact(entry.seq, entry.id, 1, None, entry.sealed),
                Fact(entry.seq, entry.id, 2, outcome),
            ]
            head = journal_head_seq(desk.looking())
            deliveries.append(connector, facts, at=entry.recorded_at, journal_seq=head)


def made_day(desk: Desk) -> None:
    """Let some receipts stand: paid, reversed, vouched for, printed or not, with every kind of answer."""
    drugs = drugs_of(desk)
    charges = [
        made_charge(
            desk,
            [charge_line(drug, "drug", "2") for drug in drugs[n : n + 2]],
            name=name,
            patient=f"P90000{n}",
        )
        for n, name in enumerate(("练习病人甲", "练习病人乙", "练习病人丙", "练习病人丁"))
    ]
    controlled = [charge_line(drugs_of(desk, controlled=True)[0], "drug"), charge_line(drugs[7], "drug")]
    vouched = made_charge(desk, controlled, name="练习病人戊", patient="P900009", vouched=True)
    for entry in (*charges[:3], made_reversal(desk, charges[1]), vouched):
        desk.print_receipt(entry)
        desk.confirm(entry.id)
    document = FormalDocument("e_invoice", "PX", "00012345", "a1b2c3", "2026-11-22", "issued", "HIS-77")
    answers: dict[str, Outcome] = {
        charges[0].id: Accepted((document,), "HIS-77"),
        charges[2].id: Rejected("练习:项目编码在 HIS 中已停用"),
        charges[3].id: InDoubt("练习:HIS 没有答复"),
    }
    note_answers(desk, "practice", answers)
