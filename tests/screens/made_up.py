"""Charges that stand before a story begins, made of the practice station's own lists."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from downtime.approvals import approve, approve_alone, approve_by_code, rule_for
from downtime.book import OpenBook
from downtime.desk_queries import reversal_content
from downtime.envelopes import new_code_sheet
from downtime.outcome import Accepted, FormalDocument, InDoubt, Rejected
from downtime.record import Recorded, new_entry_id, record
from downtime.sealing import Filled
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.delivery_queries import first_entry_hash, journal_head_seq
from downtime.store.headlog import HeadLog
from forms.charge import Charge
from forms.money import line_amount
from forms.registration import Registration
from forms.reversal import Reversal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.outcome import Outcome
    from forms.base import Form

CASHIER, SUPERVISOR = "1001", "1006"
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
    return _by_somebody_who_may(desk, Charge.model_validate(content))


def made_reversal(desk: Desk, entry: Entry) -> Entry:
    """Reverse an entry."""
    form = Reversal.model_validate(reversal_content(entry, "练习", desk.currency))
    return _by_somebody_who_may(desk, form)


def _by_somebody_who_may(desk: Desk, form: Form) -> Entry:
    """Record a form as whoever is logged in, or as a cashier if they may not; above a limit a second one agrees."""
    filled = Filled(form, new_entry_id())
    rule = rule_for(desk.book, form)
    needed = form.needs()
    operator = desk.person.operator if needed is None or desk.may(needed) else CASHIER
    home = desk.home
    book = OpenBook(
        home, home.keys.unlock(operator, f"lianxi{operator}"), home.current_book(), desk.book.clock
    )
    try:
        approval = approve(book, filled, rule, SUPERVISOR, f"lianxi{SUPERVISOR}") if rule else None
        recorded = record(book, filled, approval=approval)
    finally:
        book.close()
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


IDENTITY, MOBILE = "11010119800131002X", "13800138000"
"""Made up: the region and the day are real ones, nobody has the number; the phone is the one in every manual."""


def made_registration(desk: Desk) -> Entry:
    """Register somebody with an identity number and phones everywhere one can be written."""
    content = {
        "patient": {
            "number": "TW03A0109001",
            "name": "练习病人己",
            "sex": "male",
            "age_years": 4,
            "phone": MOBILE,
            "id_kind": "national_id",
            "id_number": IDENTITY,
            "address": f"练习路 1 号 {MOBILE}",
            "temporary": True,
        },
        "identity": "child",
        "guardian": {"name": "练习家长", "relation": "母", "phone": MOBILE},
        "note": f"练习 {IDENTITY}",
    }
    return _by_somebody_who_may(desk, Registration.model_validate(content))


def audited_day(desk: Desk) -> None:
    """Let some things have happened that only the audit tells."""
    made_day(desk)
    desk.audit("right_refused", subject="export", success=False)
    desk.audit("patient_opened", subject="P900001", detail="Charge")
    desk.audit("locked", subject="1001", detail="idle")
    desk.audit("gate_login", subject="1001", success=False, detail='{"at": "2026-11-22T08:20:01.000+08:00"}')
    desk.audit("unlocked", subject="1001")
    desk.audit(
        "settings_changed",
        subject="station.toml",
        detail="access.idle_seconds: 300 -> 600; station.name: 收费三窗 -> 收费四窗",
    )


def jumped_clock(desk: Desk) -> None:
    """Let the clock have jumped."""
    times = {"before": "2026-11-22T08:20:01.000+08:00", "now": "2026-11-20T08:21:40.000+08:00"}
    desk.audit("clock_jumped", success=False, detail=json.dumps(times))


def made_dear_charge(desk: Desk, price_minor: int = 30_000) -> Entry:
    """Let a charge stand whose reversal needs a second person."""
    drug = drugs_of(desk)[0]
    return made_charge(desk, [charge_line(drug, "drug", str(price_minor // drug.price_minor + 1))])


def made_alone(desk: Desk, *, by_code: bool = False, operator: str = "1001") -> Entry:
    """Let a cashier reverse a dear charge alone at night, or with a one-time code; return the reversal."""
    charge = made_dear_charge(desk)
    form = Reversal.model_validate(reversal_content(charge, "练习:开错项目", desk.currency))
    filled = Filled(form, new_entry_id())
    home = desk.home
    book = OpenBook(
        home, home.keys.unlock(operator, f"lianxi{operator}"), home.current_book(), desk.book.clock
    )
    try:
        if by_code:
            _sheet, codes = new_code_sheet(book.ring, "练习总值班")
            approval = approve_by_code(book, filled, "reversal", codes[0], "练习:夜间")
        else:
            approval = approve_alone(filled, "reversal", "练习:夜班一人")
        recorded = record(book, filled, approval)
    finally:
        book.close()
    assert isinstance(recorded, Recorded), recorded
    return recorded.entry


def made_night(desk: Desk) -> None:
    """Let a night have passed: one reversal alone, one with a code."""
    made_alone(desk)
    made_alone(desk, by_code=True)


def made_controlled(desk: Desk) -> None:
    """Let a charge with a narcotic and another drug stand."""
    drugs = [*drugs_of(desk, controlled=True)[:1], *drugs_of(desk)[3:4]]
    made_charge(desk, [charge_line(drug, "drug") for drug in drugs])
