"""A pricing slip at the window: found by its number, read off its code, and turned into lines to be charged."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.i18n import _
from downtime.priced_scan import scanned_pricing, why_not_charged
from downtime.receipt_number import COUNT_MAX, ReceiptNumber, parse_number
from downtime.screens.charge_sheet import Line
from downtime.screens.entry_lines import form_title
from downtime.screens.people import PatientCard
from downtime.screens.recorded import money
from downtime.screens.search_field import Candidate
from forms.typed import as_code

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.receipt_qr import ReceiptCheck
    from downtime.store.reference import Reference

_LINE_FIELDS = {field.name for field in fields(Line)}


@dataclass(frozen=True, slots=True)
class Slip:
    """What a cashier charges.

    Attributes:
        number: on the slip.
        entry_id: the pricing, if it stands in this book; else "".
        patient: who it is for; None if the number is not in the lists here, so that the name is read off the slip.
        slip_minor: total of the slip.
        is_proven: the signature of its code was checked, or it stands in this book.
    """

    number: str
    entry_id: str
    patient: PatientCard | None
    patient_number: str
    payer_kind: str
    lines: tuple[Line, ...]
    slip_minor: int
    is_proven: bool = True

    @property
    def differs(self) -> bool:
        """Whether anything must be looked at before the money is taken."""
        here = sum(line.amount_minor for line in self.lines)
        return here != self.slip_minor or any(line.difference for line in self.lines)


def find_slip(desk: Desk, typed: str, form: str = "pricing") -> Entry | None:
    """Return the entry of ``form`` here that a whole number or this station's short one (its count) names."""
    text = as_code(typed)
    number = parse_number(text)
    if number is None and text.isascii() and text.isdigit() and 0 < int(text) <= COUNT_MAX:
        identity = desk.book.identity
        number = ReceiptNumber(identity.station, identity.incarnation, int(text), identity.drill)
    entry = desk.find(str(number)) if number is not None else None
    return entry if entry is not None and entry.form == form else None


def seek_slips(desk: Desk, typed: str, form: str = "pricing") -> list[Candidate]:
    """Return the row of the slip that is typed, laid out as a patient's row; none for anything else."""
    found = find_slip(desk, typed, form) if typed else None
    if found is None:
        return []
    what = f"{form_title(found)}  {found.content['patient']['name']}"
    amount = money(found.amount_minor or 0, desk.currency)
    return [Candidate((found.number or "", what, "", "", amount, ""), found, "bold")]


def charged_already(desk: Desk, slip: Slip) -> str | None:
    """Return the number of the charge that took a slip over, or None."""
    earlier = JournalView(desk.looking())
    for named in (slip.entry_id, slip.number):
        for charge_id in earlier.referring(named, "charge") if named else ():
            charge = desk.find(charge_id)
            return str(charge.number) if charge is not None else charge_id
    return None


def slip_of_entry(desk: Desk, entry: Entry) -> Slip:
    """Return the slip of a pricing in this book; a price that the list has changed since is marked."""
    content = entry.content
    number = str(entry.number or "")
    return Slip(
        number=number,
        entry_id=entry.id,
        patient=_card(desk, content["patient"], content["payer_kind"], content["visit"]),
        patient_number=str(content["patient"]["number"]),
        payer_kind=content["payer_kind"],
        lines=tuple(_own_line(line, number, desk.reference) for line in content["lines"]),
        slip_minor=content["total_minor"],
    )


def slip_of_check(desk: Desk, verdict: ReceiptCheck) -> Slip | str | None:
    """Return the slip that scanned codes stand for, why it is not charged, or None: more codes are to come."""
    facts = verdict.facts
    assert facts is not None, "something could be read"
    settings = desk.home.settings
    is_whole = (
        verdict.status != "incomplete" and sum(i.amount_minor for i in facts.items) == facts.total_minor
    )
    status = "genuine" if verdict.status == "incomplete" else verdict.status
    reason = why_not_charged(facts, status, hospital=settings.hospital.id, drill=settings.station.drill)
    if reason is not None:
        return reason
    if not is_whole:
        return None
    scanned = scanned_pricing(facts, desk.reference)
    return Slip(
        number=scanned.number,
        entry_id="",
        patient=_card(desk, scanned.patient, scanned.payer_kind, None) if scanned.patient else None,
        patient_number=scanned.patient_number,
        payer_kind=scanned.payer_kind,
        lines=tuple(
            _line(one.line, slip_minor=one.slip_minor, difference=one.difference) for one in scanned.lines
        ),
        slip_minor=scanned.slip_minor,
        is_proven=verdict.status == "genuine",
    )


def _own_line(content: Mapping[str, Any], number: str, reference: Reference | None) -> Line:
    line = _line(content)
    if reference is None or line.kind == "unlisted":
        return line
    row = reference.get_drug(line.code) if line.kind == "drug" else reference.get_item(line.code)
    if row is None or row.price_minor is None or row.price_minor == line.unit_price_minor:
        return line
    if _in_a_package(reference, line):
        return line
    reason = _("Priced so on slip {number}").format(number=number)
    return _line(content, list_price_minor=row.price_minor, price_reason=reason, difference="price")


def _line(content: Mapping[str, Any], **more: Any) -> Line:
    whole = {"spec": "", "unit": "", **content}
    return Line(**{name: part for name, part in whole.items() if name in _LINE_FIELDS}, **more)


def _in_a_package(reference: Reference, line: Line) -> bool:
    """Return whether a package of the lists gives this very price; asked only where the item's own differs."""
    return any(
        row.code == line.code and row.price_minor == line.unit_price_minor  # type: ignore[attr-defined]  # package_lines
        for row in reference.rows("package_lines")
    )


def _card(
    desk: Desk, patient: Mapping[str, Any], payer_kind: str, visit: Mapping[str, Any] | None
) -> PatientCard:
    known = desk.reference.get_patient(str(patient["number"])) if desk.reference is not None else None
    return PatientCard(
        number=str(patient["number"]),
        name=str(patient["name"]),
        sex=str(patient.get("sex", "unknown")),
        birth_date=patient.get("birth_date"),
        temporary=bool(patient.get("temporary")),
        allergy=known.allergy if known is not None else "",
        payer_kind=payer_kind,
        visit=dict(visit) if visit else None,
    )


def difference_words(lines: Sequence[Line]) -> str:
    """Return which lines of a slip must be looked at: "1, 3"."""
    return ", ".join(str(n) for n, line in enumerate(lines, 1) if line.difference)
