"""What the HIS of the write route really holds, beside what was meant: read out of its own books."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from sync import practice_tables as px
from sync.connectors import staging_ddl as ddl

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.outage.truth import Meant, Truth


@dataclass
class Held:
    """The HIS's books against the truth.

    Attributes:
        exactly: entries that stand there once, in every field as meant.
        differing: what is wrong, by entry id.
        doubles: ids that were booked twice, or offered to be booked again after they were.
        strangers: booked, and nobody meant it.
        sum_minor: what the books come to, by form.
    """

    exactly: set[str] = field(default_factory=set)
    differing: dict[str, list[str]] = field(default_factory=dict)
    doubles: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    sum_minor: dict[str, int] = field(default_factory=dict)


def read(engine: Engine, truth: Truth) -> Held:
    """Read the books."""
    held = Held()
    with engine.connect() as his:
        postings = defaultdict(list)
        for row in his.execute(select(px.posting)):
            postings[row.entry_id].append(row)
            held.sum_minor[row.form] = held.sum_minor.get(row.form, 0) + (row.total_minor or 0)
        lines, payments = defaultdict(list), defaultdict(list)
        for row in his.execute(select(px.line).order_by(px.line.c.line_no)):
            lines[row.entry_id].append((row.code, row.quantity, row.amount_minor))
        for row in his.execute(select(px.payment).order_by(px.payment.c.payment_no)):
            payments[row.entry_id].append((row.method, row.amount_minor))
        told = ddl.outcome.c
        booked_again = his.execute(
            select(told.entry_id)
            .where(told.outcome_state == "posted")
            .group_by(told.entry_id)
            .having(func.count() > 1)
        )
        held.doubles += [row.entry_id for row in booked_again]
    for entry_id, rows in postings.items():
        meant = truth.meant.get(entry_id)
        if meant is None:
            held.strangers.append(entry_id)
            continue
        if len(rows) > 1:
            held.doubles.append(entry_id)
        wrong = _wrong(meant, rows[0], lines[entry_id], payments[entry_id])
        if wrong:
            held.differing[entry_id] = wrong
        else:
            held.exactly.add(entry_id)
    return held


def _wrong(meant: Meant, row: Any, lines: list[Any], payments: list[Any]) -> list[str]:
    """Return the names of what is otherwise than meant."""
    content = meant.content
    visit = content.get("visit") or {}
    patient = content.get("patient") or {}
    pairs = {
        "form": (meant.form, row.form),
        "operator": (meant.operator, row.operator),
        "happened_at": (meant.happened_at, row.happened_at),
        "receipt_number": (meant.number, row.receipt_number or ""),
        "patient": (patient.get("number"), row.patient),
        "patient_name": (patient.get("name"), row.patient_name),
        "visit": (visit.get("number"), row.visit),
        "total": (meant.total_minor, row.total_minor),
        "lines": (
            [
                (line["code"], line["quantity"], line.get("amount_minor"))
                for line in content.get("lines") or ()
            ],
            lines,
        ),
        "payments": (list(meant.payments), payments),
    }
    return [name for name, (ours, theirs) in pairs.items() if ours != theirs]
