"""The staging tables read back as comparable facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, select

from downtime.canonical import unseal
from downtime.outcome import FormalDocument
from sync.connectors import staging_ddl as ddl

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from sync.facts import Facts


def facts_of_staged(his: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Facts]]:
    """Yield (entry id, facts) of those of ``ids`` that are staged."""
    found: dict[str, Facts] = {}
    head = ddl.header.c
    for row in his.execute(
        select(
            head.entry_id, head.form, head.operator_code, head.happened_at, head.receipt_number,
            head.patient_number, head.patient_name, head.visit_number, head.currency, head.total_minor,
            head.names_entry, head.reverses_entry,
            case((head.cut_columns.is_not(None), head.content_json)).label("whole"),
        ).where(head.entry_id.in_(ids))
    ):  # fmt: skip
        found[row.entry_id] = {
            "form": row.form,
            "operator": row.operator_code,
            "happened_at": row.happened_at,
            "receipt_number": row.receipt_number,
            "patient": row.patient_number,
            "patient_name": whole_name(row.whole) if row.whole else row.patient_name,
            "visit": row.visit_number,
            "currency": row.currency,
            "total_minor": row.total_minor,
            "names": row.names_entry or row.reverses_entry,
        }
    for row in his.execute(select(ddl.line).where(ddl.line.c.entry_id.in_(ids))):
        facts = found[row.entry_id]
        facts[f"line {row.line_no} code"] = row.item_code
        facts[f"line {row.line_no} quantity"] = row.quantity
        facts[f"line {row.line_no} amount_minor"] = row.amount_minor
        facts[f"line {row.line_no} batch"] = row.batch_number
    for row in his.execute(select(ddl.payment).where(ddl.payment.c.entry_id.in_(ids))):
        facts = found[row.entry_id]
        facts[f"payment {row.payment_no} method"] = row.pay_method
        facts[f"payment {row.payment_no} amount_minor"] = row.amount_minor
    yield from found.items()


def whole_name(content_json: str) -> str | None:
    """Return the patient's name as recorded; its column may hold only the beginning."""
    patient = unseal(content_json.encode()).get("patient") or {}
    return str(patient["name"]) if patient.get("name") else None


def documents_of(his: Connection, ids: Sequence[str]) -> dict[str, list[FormalDocument]]:
    """Return the formal documents of those of ``ids`` that have any, in the HIS's order."""
    found: dict[str, list[FormalDocument]] = {}
    if not ids:
        return found
    table = ddl.document
    query = select(table).where(table.c.entry_id.in_(ids)).order_by(table.c.entry_id, table.c.document_no)
    for row in his.execute(query):
        found.setdefault(row.entry_id, []).append(
            FormalDocument(
                kind=row.document_kind,
                bill_code=row.bill_code or "",
                number=row.document_number,
                check_code=row.check_code or "",
                issued_at=row.issued_at or "",
                status=row.document_status,
                his_reference=row.his_reference or "",
            )
        )
    return found
