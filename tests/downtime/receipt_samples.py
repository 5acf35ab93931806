"""Made-up receipts for the tests of paper: one of each kind, and some that mean harm."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from downtime.entry import Entry
from downtime.letterhead import Letterhead
from downtime.receipt_facts import receipt_facts
from downtime.receipt_qr import encode
from forms.money import line_amount

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY_ID = bytes.fromhex("0102030405060708")
PUBLIC_KEYS = {KEY_ID: KEY.public_key().public_bytes_raw()}

PRICES_AS_OF = "2026-11-22T04:00:00.000+08:00"

PATIENT = {
    "number": "1000234",
    "name": "练习张三",
    "sex": "male",
    "birth_date": "1981-03-02",
    "temporary": False,
}
VISIT = {
    "number": "V20261122-017",
    "kind": "outpatient",
    "department": "0101",
    "department_name": "内科门诊",
    "doctor": "1107",
    "doctor_name": "李练习",
    "temporary": False,
}
HOSTILE_PATIENT = PATIENT | {
    "number": "X\x1b]52;c;aGk=\x07'; DROP",
    "name": "[red]𠮷\u202e<b>&\x00</b>" + "长" * 5000,
}
LETTERHEADS = {
    "zh": Letterhead(
        "练习市第一人民医院",
        wording=("本收据为系统停机期间的临时凭证，不作报销凭证；请妥善保管，凭此换取正式票据。",),
        exchange_place="门诊一楼 收费处 1 号窗口",
        exchange_time="系统恢复后 7 日内  8:00-17:00",
        exchange_phone="0000-12345678",
    ),
    "en": Letterhead(
        "Practice City General Hospital",
        wording=("Made during a system outage. Keep it: it is exchanged for your invoice.",),
        exchange_place="Outpatient hall, ground floor, window 1",
        exchange_time="within 7 days after the outage, 8:00-17:00",
        exchange_phone="0000-12345678",
        language="en",
    ),
}


def line(
    code: str, name: str, spec: str, unit: str, price: int, quantity: str, kind: str = "service"
) -> dict[str, Any]:
    """Return one line of a charge; ``price`` in fen."""
    return {
        "code": code,
        "name": name,
        "spec": spec,
        "unit": unit,
        "kind": kind,
        "unit_price_minor": price,
        "quantity": quantity,
        "amount_minor": line_amount(price, Decimal(quantity)),
        "department": "0101",
        "doctor": "1107",
    }


def by_slip(method: str, amount: int, tail: str) -> dict[str, Any]:
    """Return a card or mobile payment."""
    return {
        "method": method,
        "amount_minor": amount,
        "tendered_minor": 0,
        "change_minor": 0,
        "slip_tail": tail,
    }


def cash(amount: int, tendered: int) -> dict[str, Any]:
    """Return a cash payment; amounts in fen."""
    return by_slip("cash", amount, "") | {"tendered_minor": tendered, "change_minor": tendered - amount}


def entry(form: str, content: dict[str, Any], **envelope: Any) -> Entry:
    """Return an entry of ``form`` with its QR texts signed by ``KEY``."""
    plain = Entry(
        **{  # type: ignore[arg-type]  # one mapping holds fields of several types
            "seq": 128,
            "id": "0199f0c0-0000-7000-8000-000000000128",
            "form": form,
            "form_version": 1,
            "content": content,
            "body_hash": bytes(32),
            "number": "W03A-000128-7",
            "qr": (),
            "hospital": "practice",
            "station": "W03",
            "incarnation": "A",
            "book": 7,
            "outage": "2026-11-22-01",
            "drill": False,
            "happened_at": "2026-11-22T08:15:30.123+08:00",
            "recorded_at": "2026-11-22T08:15:31.004+08:00",
            "operator": "1023",
            "operator_name": "王练习",
            "role": "cashier",
            "second_person": None,
            "reference_version": 118,
            "patient": "1000234",
            "encounter": "V20261122-017",
            "refers_to": (),
            "amount_minor": content.get("total_minor"),
            "sealed": b"",
            "hash": bytes(range(100, 132)),
            "previous_hash": bytes(range(32)),
        }
        | envelope
    )
    return replace(plain, qr=encode(facts_of(plain), KEY.sign, KEY_ID))


def facts_of(of: Entry) -> Any:
    """Return the facts its QR carries."""
    return receipt_facts(
        of.form,
        of.content,
        hospital=of.hospital,
        station=of.station,
        incarnation=of.incarnation,
        seq=of.seq,
        number=of.number or "",
        outage=of.outage,
        drill=of.drill,
        happened_at=of.happened_at,
        previous_hash=of.previous_hash,
    )


LINES = [
    line("250101015", "血常规（五分类）", "", "次", 2000, "1"),
    line("86979474", "阿莫西林胶囊", "0.25g*24", "盒", 1250, "2", "drug"),
    line("210102015", "胸部 X 线正位", "", "次", 4500, "1"),
]
TWELVE_LINES = LINES + [
    line(f"86{n:06}", f"练习药品{n}缓释片（薄膜衣）", f"{n}0mg*{n + 6}", "盒", 1234 + n * 77, "1.5", "drug")
    for n in range(1, 10)
]
HOSTILE_LINES = [
    line("=cmd|'/C calc'!A0", "<para>" + "A" * 400, "|^~\\&" * 6, "瓶" * 30, 10_000_000_000, "99999"),
    line("UNLISTED", "'; DROP TABLE entry--", "", "", 1, "0.125", "unlisted"),
]


def charge(
    lines: list[dict[str, Any]],
    payments: list[dict[str, Any]] | None = None,
    *,
    authorisation: dict[str, Any] | None = None,
    payer_kind: str = "self",
    patient: dict[str, Any] | None = None,
    **envelope: Any,
) -> Entry:
    """Return a charge; paid in cash with change unless ``payments`` says otherwise."""
    total = sum(one["amount_minor"] for one in lines)
    content = {
        "patient": patient or PATIENT,
        "visit": VISIT,
        "payer_kind": payer_kind,
        "currency": "CNY",
        "lines": lines,
        "total_minor": total,
        "payments": [cash(total, -(-total // 10000) * 10000)] if payments is None else payments,
        "authorisation": authorisation,
    }
    return entry("charge", content, **envelope)


GREEN_CHANNEL = {"kind": "green_channel", "guarantor": "赵练习", "phone": "8020", "approved_by": "1001"}
SAMPLES: dict[str, tuple[Entry, int]] = {
    "charge": (charge(LINES), 1),
    "twelve-lines": (charge(TWELVE_LINES), 1),
    "mixed-payment": (
        charge(
            LINES,
            [cash(3000, 5000), by_slip("card", 2000, "4417"), by_slip("mobile", 4000, "90218")],
            payer_kind="insured_pending",
        ),
        1,
    ),
    "unpaid": (charge(LINES, [], authorisation=GREEN_CHANNEL), 1),
    "partly-paid": (charge(LINES, [cash(5000, 5000)], authorisation=GREEN_CHANNEL | {"kind": "arrears"}), 1),
    "duplicate": (charge(LINES), 3),
    "drill": (charge(LINES, drill=True, number="D-W03A-000128-1"), 1),
    "hostile": (charge(HOSTILE_LINES, patient=HOSTILE_PATIENT), 1),
    "reversal": (
        entry(
            "reversal",
            {
                "entry_id": "x",
                "entry_number": "W03A-000127-9",
                "patient": PATIENT,
                "visit": VISIT,
                "reason": "项目录错，患者要求重开",
                "refunds": [cash(9000, 9000)],
                "total_minor": 9000,
                "currency": "CNY",
            },
        ),
        1,
    ),
    "payment": (
        entry(
            "payment",
            {
                "charge_id": "x",
                "charge_number": "W03A-000120-5",
                "patient": PATIENT,
                "currency": "CNY",
                "total_minor": 4000,
                "payments": [by_slip("mobile", 4000, "90218")],
            },
        ),
        1,
    ),
    "registration": (
        entry(
            "registration",
            {
                "patient": {
                    "number": "W03-T0007",
                    "name": "无名氏",
                    "sex": "unknown",
                    "birth_date": None,
                    "age_years": 40,
                    "phone": "",
                    "id_kind": "national_id",
                    "id_number": "110101190001011234",
                    "address": "",
                    "temporary": True,
                },
                "identity": "unknown_person",
                "guardian": {"name": "周练习", "relation": "母", "phone": "13900000000"},
                "note": "急诊大门送入",
            },
        ),
        1,
    ),
    "visit": (entry("visit", {"patient": PATIENT, "visit": VISIT | {"temporary": True}, "note": ""}), 1),
    "dispense": (
        entry(
            "dispense",
            {
                "charge_id": "x",
                "charge_number": "W03A-000128-7",
                "patient": PATIENT,
                "lines": [
                    {
                        "code": "86979474",
                        "name": "阿莫西林胶囊",
                        "spec": "0.25g*24",
                        "unit": "盒",
                        "quantity": "2",
                        "batch": "B20260301",
                        "expiry": "2028-02-29",
                    }
                ],
                "window": "3",
                "checked_by": "2044 孙练习",
            },
        ),
        1,
    ),
    "form-without-layout": (
        entry(
            "transfusion",
            {
                "patient": PATIENT,
                "units": [{"bag": "B1", "volume_ml": 200}, {"bag": "B2", "volume_ml": 200}],
                "fee_minor": 22000,
                "reaction": False,
            },
        ),
        1,
    ),
}
