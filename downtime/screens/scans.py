"""What a scanned text is: a receipt, a patient, an item, or nothing we know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from downtime.screens.people import patient_card
from forms.typed import as_code

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.desk import Desk

_QR_DIGITS_MIN = 100


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan that was understood.

    Attributes:
        kind: receipt (value: Entry), foreign_receipt (value: ReceiptCheck), further_code (of a receipt with
            several; no value), paper (value: PaperNumber), patient (value: PatientCard) or item (value:
            CatalogueHit).
        text: what was scanned, folded.
    """

    kind: Literal["receipt", "foreign_receipt", "further_code", "paper", "patient", "item"]
    value: Any
    text: str

    @property
    def is_pricing(self) -> bool:
        """Whether it is a pricing slip, of this station or another one."""
        return self.is_receipt_of("pricing")

    def is_receipt_of(self, form: str) -> bool:
        """Return whether it is the paper of ``form``, of this station or another one."""
        if self.kind == "receipt":
            return bool(self.value.form == form)
        return self.kind == "foreign_receipt" and self.value.facts.kind == form

    def elsewhere(self, may: Callable[[str], bool]) -> tuple[str, dict[str, Any]] | None:
        """Return the place that takes it where the screen in sight does not, and what that is given; or None.

        Args:
            may: whether the person logged in has a right.
        """
        if self.is_pricing and may("price"):
            return "charge", {"priced": self}
        if self.kind == "paper" and may("late_entry"):
            return "late_entry", {"paper": self.value}
        if self.kind == "receipt":
            return "journal", {"entry": self.value}
        return ("charge", {"patient": self.value}) if self.kind == "patient" else None


def understand(desk: Desk, scanned: str) -> Scan | None:
    """Return what ``scanned`` is, or None."""
    text = as_code(scanned)
    return _receipt(desk, text) or _paper(text) or _patient(desk, text) or _item(desk, text)


def _receipt(desk: Desk, text: str) -> Scan | None:
    from downtime.receipt_number import parse_number

    if len(text) >= _QR_DIGITS_MIN and text.isdigit():
        from downtime.hub_notice import receipt_keys
        from downtime.receipt_qr import check

        verdict = check([text], receipt_keys(desk.home))
        if verdict.facts is None:
            return Scan("further_code", None, text) if verdict.status == "incomplete" else None
        entry = desk.find(verdict.facts.number) if verdict.status in {"genuine", "incomplete"} else None
        return Scan("receipt", entry, text) if entry else Scan("foreign_receipt", verdict, text)
    number = parse_number(text)
    entry = desk.find(str(number)) if number else None
    return Scan("receipt", entry, text) if entry else None


def _paper(text: str) -> Scan | None:
    from downtime.pack_number import parse_paper

    number = parse_paper(text)
    return Scan("paper", number, text) if number is not None else None


def _patient(desk: Desk, text: str) -> Scan | None:
    for registered in desk.registered_here(text):
        if registered.patient == text.upper():
            return Scan("patient", patient_card(desk, registered), text)
    for hit in desk.search.search_patients(text) if desk.search else ():
        if text.upper() in {hit.number.upper(), hit.card.upper()}:
            return Scan("patient", patient_card(desk, hit), text)
    return None


def _item(desk: Desk, text: str) -> Scan | None:
    hits = desk.search.search_catalogue(text) if desk.search else []
    if hits and (hits[0].code.upper() == text.upper() or len(hits) == 1):
        return Scan("item", hits[0], text)
    return None
