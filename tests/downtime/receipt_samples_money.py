"""Made-up papers of the money forms: every kind a window, a ward or a pharmacy hands out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.downtime.receipt_samples import (
    GREEN_CHANNEL,
    LINES,
    PATIENT,
    VISIT,
    by_slip,
    cash,
    charge,
    entry,
    line,
)

if TYPE_CHECKING:
    from downtime.entry import Entry

INPATIENT = VISIT | {"number": "ZY2026-00871", "kind": "inpatient", "department_name": "心内科"}
UNSEEN = by_slip("mobile", 4000, "90218") | {"unverified": True}
WARD = {"ward": "心内科二病区", "bed": "12"}
CATEGORISED = [
    one | {"category": category} for one, category in zip(LINES, ("化验费", "西药费", "检查费"), strict=True)
]
LARGE = [line("330803008", "冠状动脉搭桥术", "", "次", 1_234_567_895, "8") | {"category": "手术费"}]


def _money(form: str, **content: Any) -> Entry:
    return entry(form, {"patient": PATIENT, "visit": VISIT, "currency": "CNY", "note": "", **content})


def _priced(form: str, lines: list[dict[str, Any]], **content: Any) -> Entry:
    total = sum(one["amount_minor"] for one in lines)
    return _money(form, lines=lines, total_minor=total, **content)


_ADVANCE = {"precollection_id": "x", "precollection_number": "W03A-000120-5", "advance_minor": 10_000}
_BACK = {"reason": "医生改医嘱,不做了", "paper_returned": False}
_TAKEN_OFF = [
    {name: LINES[2][name] for name in ("code", "name", "unit", "kind", "quantity", "amount_minor")}
    | {"line": 3}
]
_DEPOSIT = {"phone": "13800000000", "department_phone": "8012", "total_minor": 300_000}
_BALANCE = {"balance_minor": -20_50, "balance_as_of": "2026-11-22T07:00:00+08:00"}

MONEY_SAMPLES: dict[str, tuple[Entry, int]] = {
    "insured-pending": (charge(CATEGORISED, payer_kind="insured_pending"), 1),
    "unverified": (charge(CATEGORISED, [cash(5000, 5000), UNSEEN]), 1),
    "green-channel": (charge(CATEGORISED, [], authorisation=GREEN_CHANNEL), 1),
    "large-total": (charge(LARGE, [by_slip("card", 9_876_543_160, "4417")]), 1),
    "reviewed": (charge(LINES, second_person="1001 周练习"), 1),
    "precollection": (
        _money(
            "precollection",
            payer_kind="self",
            category="化验费",
            total_minor=10_000,
            payments=[cash(10_000, 10_000)],
            phone="13800000000",
        ),
        1,
    ),
    "itemisation": (_priced("itemisation", CATEGORISED, covered_minor=9_000, **_ADVANCE), 1),
    "itemisation-owing": (
        _priced("itemisation", [*LINES, *LINES], covered_minor=10_000, **_ADVANCE),
        1,
    ),
    "pricing": (_priced("pricing", CATEGORISED, payer_kind="self"), 1),
    "deposit": (
        _money(
            "deposit",
            **(WARD | _DEPOSIT | _BALANCE),
            visit=INPATIENT,
            payer_name="练习张大",
            payments=[by_slip("card", 200_000, "4417"), cash(100_000, 100_000)],
        ),
        1,
    ),
    "deposit-refund": (
        _money(
            "deposit_refund",
            visit=INPATIENT,
            deposit_id="x",
            deposit_number="W03A-000121-3",
            refunds=[by_slip("card", 200_000, "4417"), cash(100_000, 100_000)],
            total_minor=300_000,
            **_BACK,
        ),
        1,
    ),
    "bookkeeping": (
        _priced(
            "bookkeeping",
            CATEGORISED,
            **(WARD | {"visit": INPATIENT}),
            done_by="3301 钱练习",
            checked_by="3302 孙练习",
        ),
        1,
    ),
    "refund": (
        _money(
            "refund",
            entry_id="x",
            entry_number="W03A-000122-1",
            lines=_TAKEN_OFF,
            refunds=[by_slip("mobile", 4_500, "90218")],
            total_minor=4_500,
            **_BACK,
        ),
        1,
    ),
    "card-held": (
        entry(
            "card_held",
            {
                "patient": PATIENT,
                "visit": VISIT,
                "card_kind": "insurance_card",
                "card_tail": "6620",
                "left_by": "练习张大",
                "relation": "父",
                "phone": "13800000000",
                "kept_in": "信封 17",
                "charge_id": "x",
                "charge_number": "W03A-000128-7",
                "note": "",
            },
        ),
        1,
    ),
}
