"""A charge while it is being filled in: plain values that fit into a draft, and the form they become."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from downtime.screens.people import PatientCard
from forms.base import read_form
from forms.charge import LINES_MAX, Charge
from forms.money import line_amount
from forms.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.reference_tables import PackageLineRow
    from downtime.store.reference import Reference
    from downtime.store.search import CatalogueHit
    from forms.base import Form, Problem

UNLISTED = "UNLISTED"
_NOT_RECORDED = ("list_price_minor", "price_reason")
"""The list's price stands in the list; the reason stands in the approval."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, content of a ``ChargeLine`` but for what is worked out.

    Attributes:
        list_price_minor: the price of the list, if another one was taken; ``price_reason`` says why.
    """

    code: str
    name: str
    spec: str
    unit: str
    kind: str
    unit_price_minor: int
    quantity: str = "1"
    department: str = ""
    doctor: str = ""
    list_price_minor: int | None = None
    price_reason: str = ""

    @property
    def amount_minor(self) -> int:
        """Price times quantity."""
        return line_amount(self.unit_price_minor, Decimal(self.quantity))

    def content(self) -> dict[str, Any]:
        """Return the content of a ``ChargeLine``."""
        told = {name: part for name, part in asdict(self).items() if name not in _NOT_RECORDED}
        return {**told, "amount_minor": self.amount_minor}


@dataclass
class Sheet:
    """Everything on the charge screen.

    Attributes:
        entry_id: made when the sheet was opened; the same however often it is settled.
        payments: content of the payments, set by settling.
        authorisation: content of an ``Authorisation``, or None.
    """

    entry_id: str
    currency: str
    patient: PatientCard | None = None
    payer_kind: str = "self"
    lines: list[Line] = field(default_factory=list)
    department: str = ""
    department_name: str = ""
    doctor: str = ""
    doctor_name: str = ""
    payments: list[dict[str, Any]] = field(default_factory=list)
    authorisation: dict[str, Any] | None = None

    @property
    def total_minor(self) -> int:
        """Sum of the lines."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return self.patient is None and not self.lines

    @property
    def is_full(self) -> bool:
        """Whether no further line fits on one receipt."""
        return len(self.lines) >= LINES_MAX

    def seat(self, patient: PatientCard) -> None:
        """Take the patient at the window; lines already there stay."""
        self.patient = patient
        self.payer_kind = patient.payer_kind

    def origin(self) -> tuple[str, str]:
        """Return (department, doctor) for a new line: the visit's, or those chosen before."""
        visit = self.patient.visit if self.patient else None
        return (visit["department"], visit["doctor"]) if visit else (self.department, self.doctor)

    def add(self, hit: CatalogueHit, reference: Reference | None) -> int:
        """Add an item, a drug or all lines of a package; return how many lines were added."""
        added = _lines_of(hit, reference)
        department, doctor = self.origin()
        room = LINES_MAX - len(self.lines)
        self.lines += [replace(line, department=department, doctor=doctor) for line in added[:room]]
        return len(added[:room])

    def add_unlisted(self, name: str, unit_price_minor: int) -> None:
        """Add an item no list has; its price is checked later (待核价)."""
        department, doctor = self.origin()
        self.lines.append(
            Line(
                UNLISTED,
                name,
                "",
                "",
                "unlisted",
                unit_price_minor,
                department=department,
                doctor=doctor,
            )
        )

    def count(self, row: int, typed: str) -> None:
        """Set the quantity of a line to what was typed.

        Raises:
            UnreadableNumberError: it is no quantity.
        """
        self.lines[row] = replace(self.lines[row], quantity=parse_quantity(typed))

    def reprice(self, row: int, unit_price_minor: int, reason: str) -> None:
        """Take another price than the list's for a line, with a reason; its own again takes that back."""
        line = self.lines[row]
        listed = line.unit_price_minor if line.list_price_minor is None else line.list_price_minor
        is_listed = unit_price_minor == listed
        self.lines[row] = replace(
            line,
            unit_price_minor=unit_price_minor,
            list_price_minor=None if is_listed else listed,
            price_reason="" if is_listed else reason,
        )

    def price_reasons(self) -> str:
        """Return why prices of this sheet differ from the list, each reason once."""
        return "; ".join(dict.fromkeys(line.price_reason for line in self.lines if line.price_reason))

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        assert self.patient is not None
        return read_form(
            Charge,
            {
                "patient": self.patient.reference(),
                "visit": self.patient.visit,
                "payer_kind": self.payer_kind,
                "currency": self.currency,
                "lines": [line.content() for line in self.lines],
                "total_minor": self.total_minor,
                "payments": self.payments,
                "authorisation": self.authorisation,
            },
        )

    def as_draft(self, *, held: bool) -> dict[str, Any]:
        """Return plain values from which ``from_draft`` makes the same sheet."""
        return {
            "patient": self.patient.as_content() if self.patient else None,
            "payer_kind": self.payer_kind,
            "lines": [asdict(line) for line in self.lines],
            "department": self.department,
            "department_name": self.department_name,
            "doctor": self.doctor,
            "doctor_name": self.doctor_name,
            "held": held,
        }

    @classmethod
    def from_draft(cls, entry_id: str, currency: str, content: dict[str, Any]) -> Sheet:
        """Return the sheet a draft holds."""
        patient = content.get("patient")
        return cls(
            entry_id=entry_id,
            currency=currency,
            patient=PatientCard(**patient) if patient else None,
            payer_kind=str(content.get("payer_kind", "self")),
            lines=[Line(**line) for line in content.get("lines", ())],
            department=str(content.get("department", "")),
            department_name=str(content.get("department_name", "")),
            doctor=str(content.get("doctor", "")),
            doctor_name=str(content.get("doctor_name", "")),
        )


def _lines_of(hit: CatalogueHit, reference: Reference | None) -> Sequence[Line]:
    if hit.kind == "package" and reference is not None:
        return [_line_of_part(part, reference) for part in reference.package_lines(hit.code)]
    return [_line(hit.code, hit.name, hit.spec, hit.unit, hit.kind, hit.price_minor)]


def _line(code: str, name: str, spec: str, unit: str, kind: str, price_minor: int | None) -> Line:
    return Line(code, name, spec, unit, "drug" if kind == "drug" else "service", price_minor or 0)


def _line_of_part(part: PackageLineRow, reference: Reference) -> Line:
    item, drug = reference.get_item(part.code), reference.get_drug(part.code)
    if item is not None:
        line = _line(part.code, item.name, item.spec, item.unit, "service", item.price_minor)
    elif drug is not None:
        line = _line(part.code, drug.name, drug.spec, drug.unit, "drug", drug.price_minor)
    else:  # the package names what no list has: charged all the same, its price checked later
        line = Line(part.code, part.code, "", "", "unlisted", 0)
    own_price = line.unit_price_minor if part.price_minor is None else part.price_minor
    return replace(line, quantity=parse_quantity(str(part.quantity)), unit_price_minor=own_price)
