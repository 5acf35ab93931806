"""Lines while they are being filled in, and the charge they become."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from downtime.i18n import _
from downtime.screens.window_sheet import WindowSheet, texts_of
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
CATEGORY_CHARACTERS_MAX = 64
ORIGIN = ("department", "department_name", "doctor", "doctor_name")
_NOT_RECORDED = ("list_price_minor", "price_reason", "slip_minor", "difference")
"""The list's price stands in the list, the reason in the approval, the slip's amount on the slip."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, content of a ``ChargeLine`` but for what is worked out.

    Attributes:
        list_price_minor: the price of the list, if another one was taken; ``price_reason`` says why.
        category: fee category of the list.
        slip_minor: what the pricing slip it came from says it comes to.
        difference: what is odd about a line off a slip, a key of ``priced_scan.DIFFERENCES``, or "".
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
    category: str = ""
    slip_minor: int | None = None
    difference: str = ""

    @property
    def amount_minor(self) -> int:
        """Price times quantity."""
        return line_amount(self.unit_price_minor, Decimal(self.quantity))

    def content(self) -> dict[str, Any]:
        """Return the content of a ``ChargeLine``."""
        told = {name: part for name, part in asdict(self).items() if name not in _NOT_RECORDED}
        return {**told, "amount_minor": self.amount_minor}


@dataclass
class LineSheet(WindowSheet):
    """A sheet of lines; what it becomes is for subclasses."""

    lines: list[Line] = field(default_factory=list)
    department: str = ""
    department_name: str = ""
    doctor: str = ""
    doctor_name: str = ""

    @property
    def total_minor(self) -> int:
        """Sum of the lines."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return self.patient is None and not self.lines

    def summary(self) -> str:
        """Return how many lines it has."""
        return _("{count} lines").format(count=len(self.lines))

    @property
    def is_full(self) -> bool:
        """Whether no further line fits on one receipt."""
        return len(self.lines) >= LINES_MAX

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

    def content(self) -> dict[str, Any]:
        """Return what every form with lines begins with."""
        return {
            **self.who(),
            "lines": [line.content() for line in self.lines],
            "total_minor": self.total_minor,
        }

    def kept(self) -> dict[str, Any]:
        """Return lines, department and doctor."""
        origin = {name: getattr(self, name) for name in ORIGIN}
        return {"lines": [asdict(line) for line in self.lines], **origin}

    @classmethod
    def read_kept(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return lines, department and doctor of a draft."""
        return {
            "lines": [Line(**line) for line in content.get("lines", ())],
            **texts_of(content, ORIGIN),
        }


@dataclass
class Sheet(LineSheet):
    """Everything on the charge screen.

    Attributes:
        priced_id: the pricing slip it takes over, if that stands in this book.
        priced_number: the number on that slip.
    """

    form_name: ClassVar[str] = "charge"
    may_be_owed: ClassVar[bool] = True

    priced_id: str = ""
    priced_number: str = ""

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        return read_form(
            Charge,
            {
                **self.content(),
                "payer_kind": self.payer_kind,
                "payments": self.payments,
                "authorisation": self.authorisation,
                "priced_id": self.priced_id,
                "priced_number": self.priced_number,
            },
        )

    def kept(self) -> dict[str, Any]:
        """Return the lines and the slip they came from."""
        return {**super().kept(), "priced_id": self.priced_id, "priced_number": self.priced_number}

    @classmethod
    def read_kept(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return the lines and the slip of a draft."""
        return {**super().read_kept(content), **texts_of(content, ("priced_id", "priced_number"))}


def _lines_of(hit: CatalogueHit, reference: Reference | None) -> Sequence[Line]:
    if hit.kind == "package" and reference is not None:
        return [_line_of_part(part, reference) for part in reference.package_lines(hit.code)]
    category = _category(hit.code, hit.kind, reference)
    return [_line(hit.code, hit.name, hit.spec, hit.unit, hit.kind, hit.price_minor, category)]


def _category(code: str, kind: str, reference: Reference | None) -> str:
    if reference is None:
        return ""
    row = reference.get_drug(code) if kind == "drug" else reference.get_item(code)
    return row.category if row is not None else ""


def _line(
    code: str, name: str, spec: str, unit: str, kind: str, price_minor: int | None, category: str
) -> Line:
    known = "drug" if kind == "drug" else "service"
    return Line(code, name, spec, unit, known, price_minor or 0, category=category[:CATEGORY_CHARACTERS_MAX])


def _line_of_part(part: PackageLineRow, reference: Reference) -> Line:
    item, drug = reference.get_item(part.code), reference.get_drug(part.code)
    if item is not None:
        line = _line(part.code, item.name, item.spec, item.unit, "service", item.price_minor, item.category)
    elif drug is not None:
        line = _line(part.code, drug.name, drug.spec, drug.unit, "drug", drug.price_minor, drug.category)
    else:  # the package names what no list has: charged all the same, its price checked later
        line = Line(part.code, part.code, "", "", "unlisted", 0)
    own_price = line.unit_price_minor if part.price_minor is None else part.price_minor
    return replace(line, quantity=parse_quantity(str(part.quantity)), unit_price_minor=own_price)
