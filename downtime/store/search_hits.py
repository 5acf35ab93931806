"""What a search answers with; one shape per kind of list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueHit:
    """Something that can be charged.

    Attributes:
        kind: "service", "drug" or "package".
        price_minor: unit price; of a package the sum of its lines, None if a line has no price.
        department: code of the department that does it, or "".
        stock: quantity in all batches for a drug, None where no stock is known.
        controlled: kind of controlled drug as the HIS names it, or "".
    """

    kind: str
    code: str
    name: str
    spec: str
    unit: str
    price_minor: int | None
    department: str
    stock: str | None
    controlled: str


@dataclass(frozen=True, slots=True)
class PatientHit:
    """A patient of the list; fields as in the reference table ``patients``."""

    number: str
    name: str
    sex: str
    birth_date: str | None
    id_number: str
    phone: str
    card: str
    payer_kind: str
    allergy: str


@dataclass(frozen=True, slots=True)
class StaffHit:
    """A member of staff; roles as a tuple."""

    number: str
    name: str
    roles: tuple[str, ...]
    department: str
    title: str


@dataclass(frozen=True, slots=True)
class DepartmentHit:
    """A department."""

    code: str
    name: str
    kind: str
    location: str
