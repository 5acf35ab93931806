"""Made-up entries, visibly so, for the connector contract and for trying a connector by hand."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from downtime.canonical import digest, seal
from downtime.store.chain import link
from downtime.store.journal import entry_from_sealed
from forms import form_named
from forms.base import Form, read_form

if TYPE_CHECKING:
    from downtime.entry import Entry

HOSPITAL = "PX-HOSPITAL"
STATION = "W9A"
_AT = "2026-01-05T08:20:{second:02d}.000+08:00"


def made_up_id(seed: str) -> str:
    """Return an id that is always the same for ``seed``."""
    return str(uuid.UUID(bytes=hashlib.sha256(seed.encode()).digest()[:16], version=4))


def made_up_entry(
    seq: int,
    form: str,
    content: dict[str, Any],
    *,
    entry_id: str | None = None,
    hospital: str = HOSPITAL,
    drill: bool = False,
    previous_hash: bytes = bytes(32),
) -> Entry:
    """Return a sealed entry with ``content`` at ``seq``; its salt is nothing but zeros.

    Args:
        seq: sequence number.
        form: name of the form.
        content: what was filled in; must be a good form.
        entry_id: its id, else one made from ``seq``.
        hospital: the hospital it belongs to.
        drill: whether it is a drill's.
        previous_hash: chain hash before it.
    """
    body = {
        "v": 1, "suite": 1, "form": form, "form_v": 1, "id": entry_id or made_up_id(str(seq)), "content": content,
    }  # fmt: skip
    kind = form_named(form)
    assert kind is not None, form
    filled = read_form(kind, content)
    assert isinstance(filled, Form), filled
    at = _AT.format(second=seq % 60)
    envelope = {
        "hospital": hospital, "station": STATION, "incarnation": "A", "book": 7, "outage": "PX-OUTAGE-1",
        "seq": seq, "drill": drill, "happened_at": at, "recorded_at": at,
        "clock": {"boot_id": "made-up", "monotonic_ms": seq}, "operator": "px01", "operator_name": "练习员甲",
        "role": "cashier", "second_person": None, "salt": bytes(16).hex(), "previous_hash": previous_hash.hex(),
        "number": f"{STATION}A-{seq:06d}-0" if kind.numbered else None, "qr": [], "reference_version": 1,
        "refers_to": list(filled.refers_to()),
    }  # fmt: skip
    sealed = seal({"body": body, "envelope": envelope})
    return entry_from_sealed(
        sealed,
        seq=seq,
        body_hash=digest(body),
        chain_hash=link(seq, previous_hash, bytes(16), sealed),
        patient=filled.patient_number(),
        encounter=filled.encounter(),
        amount_minor=filled.amount_minor(),
    )


def patient(n: int, *, name: str | None = None, temporary: bool = False) -> dict[str, Any]:
    """Return made-up patient ``n``."""
    return {
        "number": f"PX{n:06d}", "name": name or f"练习患者{n}", "sex": "unknown", "birth_date": None,
        "temporary": temporary,
    }  # fmt: skip


def charge(
    n: int, *, name: str | None = None, code: str = "PX-GLU", temporary: bool = False
) -> dict[str, Any]:
    """Return a charge of two lines, 19.25 yuan, paid in cash, for made-up patient ``n``."""
    return {
        "patient": patient(n, name=name, temporary=temporary),
        "visit": None,
        "payer_kind": "self",
        "currency": "CNY",
        "lines": [
            _line(code, "练习血糖", 750, "1", 750, "service"),
            _line("PX-AMX", "练习阿莫西林", 470, "2.5", 1175, "drug"),
        ],
        "total_minor": 1925,
        "payments": [
            {
                "method": "cash",
                "amount_minor": 1925,
                "tendered_minor": 2000,
                "change_minor": 75,
                "slip_tail": "",
            }
        ],
        "authorisation": None,
    }


def dispense(n: int, charge_id: str) -> dict[str, Any]:
    """Return the dispense of the drug on :func:`charge` for made-up patient ``n``."""
    return {
        "charge_id": charge_id, "charge_number": "", "patient": patient(n), "visit": None,
        "lines": [{"code": "PX-AMX", "name": "练习阿莫西林", "spec": "", "unit": "盒", "quantity": "2.5",
                   "batch": "PXB1", "expiry": None}],
        "window": "1", "checked_by": "",
    }  # fmt: skip


def registration(n: int) -> dict[str, Any]:
    """Return the registration of made-up patient ``n`` under a temporary number."""
    known = patient(n, temporary=True)
    more = {"age_years": 40, "phone": "", "id_kind": "", "id_number": "", "address": ""}
    return {"patient": {**known, **more}, "identity": "unknown_person", "guardian": None, "note": ""}


def reversal(charge_id: str) -> dict[str, Any]:
    """Return the reversal of :func:`charge`, its cash given back."""
    refund = {
        "method": "cash",
        "amount_minor": 1925,
        "tendered_minor": 1925,
        "change_minor": 0,
        "slip_tail": "",
    }
    return {
        "entry_id": charge_id, "entry_number": "", "reason": "练习", "refunds": [refund], "total_minor": 1925,
        "currency": "CNY", "patient": None, "visit": None,
    }  # fmt: skip


def money_forms(n: int) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (seed of the id, form, content) of every money form the HIS gets, in order, for made-up patient ``n``.

    The itemisation names the pre-collection, refunds name what they refund; the bookkeeping stands alone.
    """
    who: dict[str, Any] = {"patient": patient(n), "visit": None}
    charged = charge(n)
    lines, total = charged["lines"], charged["total_minor"]
    cash, currency = charged["payments"], {"currency": "CNY"}
    back = [{**cash[0], "tendered_minor": total, "change_minor": 0}]
    mobile = [{"method": "mobile", "amount_minor": total, "slip_tail": "8812", "unverified": True}]
    refund_lines = [
        {
            "line": k,
            **{name: line[name] for name in ("code", "name", "unit", "kind", "quantity", "amount_minor")},
        }
        for k, line in enumerate(lines, 1)
    ]
    advance, deposit, paid = (made_up_id(f"money {n} {name}") for name in ("advance", "deposit", "paid"))
    money = {"total_minor": total, **currency, **who}
    return [
        (f"money {n} advance", "precollection", {**money, "category": "练习化验费", "payments": mobile}),
        (f"money {n} lines", "itemisation", {**money, "precollection_id": advance, "precollection_number": "PX-1",
            "lines": lines, "advance_minor": total, "covered_minor": total}),
        (f"money {n} deposit", "deposit", {**money, "ward": "练习病区", "bed": "1", "payments": cash}),
        (f"money {n} deposit back", "deposit_refund", {**money, "deposit_id": deposit, "reason": "练习",
            "refunds": back}),
        (f"money {n} booked", "bookkeeping", {**money, "lines": lines}),
        (f"money {n} paid", "charge", charged),
        (f"money {n} refund", "refund", {**money, "entry_id": paid, "reason": "练习", "lines": refund_lines,
            "refunds": back}),
    ]  # fmt: skip


def _line(code: str, name: str, price: int, quantity: str, amount: int, kind: str) -> dict[str, Any]:
    return {
        "code": code, "name": name, "spec": "", "unit": "次", "kind": kind, "unit_price_minor": price,
        "quantity": quantity, "amount_minor": amount, "department": "", "doctor": "",
    }  # fmt: skip
