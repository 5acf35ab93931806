"""A paper that is our own receipt, of a station whose journal is gone: its code fills in all that it says."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from downtime.entry import Entry
from downtime.i18n import _
from downtime.late import LateHead, Paper
from downtime.priced_scan import scanned_pricing
from downtime.record import new_entry_id
from downtime.screens.charge_sheet import Line
from downtime.screens.late_sheets import LATE, LateChargeSheet
from downtime.screens.people import PatientCard, patient_card
from downtime.store.drafts import Draft

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.receipt_facts import ReceiptFacts
    from downtime.screens.scans import Scan

_LINE_FIELDS = {field.name for field in fields(Line)}


@dataclass(frozen=True, slots=True)
class ReceiptPaper:
    """What the code filled in. How it was paid no code says: that is still to be looked up on the paper.

    Attributes:
        draft: patient and lines, as the screen takes them up.
        total_minor: the sum, which controls the lines.
        is_owed: nothing was paid; somebody vouched.
    """

    head: LateHead
    draft: Draft
    total_minor: int
    is_owed: bool


def paper_of_receipt(desk: Desk, scan: Scan, now: str) -> ReceiptPaper | str:
    """Return what a scanned receipt fills in, or why it is not typed in.

    Args:
        desk: whose book.
        scan: of a receipt.
        now: RFC 3339.
    """
    if isinstance(scan.value, Entry):
        return _("{number} stands in this journal already.").format(number=scan.value.number or "")
    facts: ReceiptFacts = scan.value.facts
    refused = _refused(desk, scan.value.status, facts)
    if refused:
        return refused
    head = LateHead(
        paper=Paper(facts.number, "receipt"),
        written_at=facts.happened_at or now,
        written_by="",
        written_by_name=_("station {station}").format(station=facts.station),
    )
    scanned = scanned_pricing(facts, desk.reference)
    lines = [
        Line(**{name: part for name, part in one.line.items() if name in _LINE_FIELDS})
        for one in scanned.lines
    ]
    known = desk.reference.get_patient(facts.patient) if desk.reference is not None else None
    sheet = LateChargeSheet(
        new_entry_id(), desk.currency, _patient(desk, facts, known), facts.payer_kind or "self"
    )
    sheet.lines, sheet.head = lines, head
    draft = Draft(sheet.entry_id, LATE, desk.person.operator, sheet.as_draft(held=False), now)
    return ReceiptPaper(head, draft, facts.total_minor, is_owed=facts.settlement == "unpaid")


def _refused(desk: Desk, status: str, facts: ReceiptFacts) -> str:
    settings = desk.home.settings
    if facts.kind != "charge":
        return _("Receipt {number} is no charge: type it in from its own form.").format(number=facts.number)
    if facts.hospital != settings.hospital.id or facts.drill != settings.station.drill:
        return _("Receipt {number} is another hospital's, or a drill's.").format(number=facts.number)
    if status not in {"genuine", "unknown_key"}:
        return _("This code cannot be relied on: {status}.").format(status=status)
    return ""


def _patient(desk: Desk, facts: ReceiptFacts, known: Any) -> PatientCard:
    hits = desk.search.search_patients(facts.patient) if desk.search is not None and known is not None else ()
    hit = next((one for one in hits if one.number == facts.patient), None)
    if hit is not None:
        return patient_card(desk, hit)
    return PatientCard(facts.patient, facts.patient, temporary=True)
