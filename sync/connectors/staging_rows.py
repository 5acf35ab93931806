"""One entry as rows of the staging tables, and the bytes that stand for them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import unseal
from sync.connectors.staging_ddl import SCHEMA_VERSION, TEXT_CHARACTERS, header, line, payment

if TYPE_CHECKING:
    from downtime.entry import Entry

Row = dict[str, Any]

_as_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""For values that came out of sealed bytes: known to be plain and in canonical order already."""

_HEADER_COLUMNS: Final = tuple(column.name for column in header.columns)
_LINE_COLUMNS: Final = tuple(column.name for column in line.columns)
CODES_OF_HEADER: Final = ("patient_number", "visit_number", "department_code", "doctor_code", "content_json")
CODES_OF_LINE: Final = ("item_code", "department_code", "doctor_code")
"""What a correction may change there."""
_PAYMENT_COLUMNS: Final = tuple(column.name for column in payment.columns)


@dataclass(frozen=True, slots=True)
class StagedEntry:
    """The rows of one entry, in the columns of ``staging_ddl``; ``is_corrected`` where a script must say codes anew."""

    header: Row
    lines: list[Row]
    payments: list[Row]
    is_corrected: bool = False


def rows_of(entry: Entry) -> StagedEntry:
    """Return the rows for ``entry``; deterministic."""
    cut: list[str] = []
    content = entry.content
    patient: Row = content.get("patient") or {}
    visit: Row = content.get("visit") or {}
    payments: list[Row] = content.get("payments") or []
    late = entry.late or {}
    rows = StagedEntry(
        header={
            "schema_version": SCHEMA_VERSION,
            "entry_id": entry.id,
            "body_hash": entry.body_hash.hex(),
            "attempt": 1,
            "hospital": entry.hospital,
            "station": entry.station,
            "incarnation": entry.incarnation,
            "seq": entry.seq,
            "book": entry.book,
            "outage": entry.outage or None,
            "form": entry.form,
            "form_version": entry.form_version,
            "happened_at": entry.happened_at,
            "recorded_at": entry.recorded_at,
            "operator_code": entry.operator,
            "operator_name": _fit(entry.operator_name, "operator_name", cut),
            "operator_role": entry.role or None,
            "second_person": entry.second_person or None,
            "receipt_number": entry.number,
            "reference_version": entry.reference_version,
            "paper_number": late.get("paper_number"),
            "written_by": late.get("written_by") or None,
            "written_by_name": _fit(late.get("written_by_name"), "written_by_name", cut),
            "written_at": late.get("written_at"),
            "typed_at": late.get("typed_at"),
            "patient_number": patient.get("number"),
            "patient_name": _fit(patient.get("name"), "patient_name", cut),
            "patient_sex": patient.get("sex"),
            "patient_birth_date": patient.get("birth_date"),
            "patient_temporary": int(bool(patient.get("temporary"))),
            "visit_number": visit.get("number"),
            "visit_kind": visit.get("kind"),
            "department_code": visit.get("department") or None,
            "doctor_code": visit.get("doctor") or None,
            "visit_temporary": int(bool(visit.get("temporary"))),
            "payer_kind": content.get("payer_kind"),
            "currency": content.get("currency"),
            "total_minor": content.get("total_minor"),
            "paid_minor": sum(part["amount_minor"] for part in payments) if "payments" in content else None,
            "names_entry": _named(entry),
            "reverses_entry": content.get("entry_id") if entry.form == "reversal" else None,
            "reason": _fit(content.get("reason"), "reason", cut),
            "pharmacy_window": _fit(content.get("window"), "pharmacy_window", cut),
            "checked_by": _fit(content.get("checked_by"), "checked_by", cut),
            "cut_columns": None,
            "content_json": _as_json(content),
        },
        lines=[_line(entry.id, n, part, cut) for n, part in enumerate(content.get("lines") or (), 1)],
        payments=[
            *(_payment(entry.id, n, part, "in") for n, part in enumerate(payments, 1)),
            *(_payment(entry.id, n, part, "out") for n, part in enumerate(content.get("refunds") or (), 1)),
        ],
    )
    rows.header["cut_columns"] = " ".join(dict.fromkeys(cut)) or None
    return rows


def sent_bytes(rows: StagedEntry) -> bytes:
    """Return the bytes that stand for ``rows``: values in the order of the columns, as JSON.

    ``content_json``, the last column, is left out: it is the entry's own content, which the journal keeps.
    """
    header_values = list(rows.header.values())[:-1]
    lines = [list(row.values()) for row in rows.lines]
    payments = [list(row.values()) for row in rows.payments]
    return _as_json([SCHEMA_VERSION, header_values, lines, payments]).encode()


def rows_from(sent: bytes, entry: Entry) -> StagedEntry:
    """Return the rows that ``sent`` stands for, recorded for ``entry``."""
    _version, head, lines, payments = json.loads(sent)
    return StagedEntry(
        dict(zip(_HEADER_COLUMNS, [*head, _as_json(entry.content)], strict=True)),
        [dict(zip(_LINE_COLUMNS, row, strict=True)) for row in lines],
        [dict(zip(_PAYMENT_COLUMNS, row, strict=True)) for row in payments],
    )


def is_corrected(entry: Entry) -> bool:
    """Return whether ``entry`` goes with other codes than it was recorded with."""
    return bool(unseal(entry.sealed)["body"]["content"] != entry.content)


def _named(entry: Entry) -> str | None:
    """Return the entry this one builds on, as far as the HIS gets it: a pricing slip or a number is not one."""
    content = entry.content
    fields = ("charge_id", "precollection_id", "deposit_id", "refund_id")
    named = next((content[name] for name in fields if content.get(name)), None)
    return named or (content.get("entry_id") if entry.form != "reversal" else None) or None


def _line(entry_id: str, n: int, part: Row, cut: list[str]) -> Row:
    return {
        "entry_id": entry_id,
        "line_no": n,
        "item_kind": part.get("kind"),
        "item_code": part["code"],
        "item_name": _fit(part.get("name"), "item_name", cut),
        "item_spec": _fit(part.get("spec"), "item_spec", cut),
        "item_unit": _fit(part.get("unit"), "item_unit", cut),
        "unit_price_minor": part.get("unit_price_minor"),
        "quantity": part["quantity"],
        "amount_minor": part.get("amount_minor"),
        "department_code": _fit(part.get("department"), "department_code", cut),
        "doctor_code": _fit(part.get("doctor"), "doctor_code", cut),
        "batch_number": part.get("batch") or None,
        "expiry_date": part.get("expiry") or None,
    }


def _payment(entry_id: str, n: int, part: Row, direction: str) -> Row:
    return {
        "entry_id": entry_id,
        "payment_no": n,
        "direction": direction,
        "pay_method": part["method"],
        "amount_minor": part["amount_minor"],
        "tendered_minor": part.get("tendered_minor"),
        "change_minor": part.get("change_minor"),
        "slip_tail": part.get("slip_tail") or None,
    }


def _fit(text: str | None, column: str, cut: list[str]) -> str | None:
    """Return ``text`` as the column holds it; what it cannot hold whole is named in ``cut``.

    SQL Server counts UTF-16 units, so those count everywhere. PostgreSQL has no NUL character.
    """
    if not text:
        return None
    if len(text) * 2 <= TEXT_CHARACTERS and "\0" not in text:
        return text
    fitting = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if len(fitting) * 2 > TEXT_CHARACTERS:
        units = fitting.encode("utf-16-le")[: TEXT_CHARACTERS * 2]
        fitting = units.decode("utf-16-le", errors="ignore")
    if fitting != text:
        cut.append(column)
    return fitting
