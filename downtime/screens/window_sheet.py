"""What every form at the window is while it is filled in: plain values that fit into a draft, then the form."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Self

from downtime.screens.people import PatientCard

if TYPE_CHECKING:
    from forms.base import Form, Problem


@dataclass
class WindowSheet:
    """Who is at the window, and how they pay.

    Attributes:
        form_name: name of the form it becomes; drafts are kept under it.
        may_be_owed: whether somebody may leave unpaid when another one vouches.
        entry_id: made when the sheet was opened; the same however often it is settled.
        payments: content of the payments, set by settling.
        authorisation: content of an ``Authorisation``, or None.
    """

    form_name: ClassVar[str]
    may_be_owed: ClassVar[bool] = False

    entry_id: str
    currency: str
    patient: PatientCard | None = None
    payer_kind: str = "self"
    payments: list[dict[str, Any]] = field(default_factory=list, kw_only=True)
    authorisation: dict[str, Any] | None = field(default=None, kw_only=True)

    @property
    def total_minor(self) -> int:
        """The money it is about, in minor units."""
        return 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return self.patient is None

    def summary(self) -> str:
        """Return a few words that tell it from others that are held."""
        return ""

    def seat(self, patient: PatientCard) -> None:
        """Take the patient at the window; what is filled in already stays."""
        self.patient = patient
        self.payer_kind = patient.payer_kind

    def price_reasons(self) -> str:
        """Return what goes into an approval, if one is needed."""
        return ""

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        raise NotImplementedError

    def who(self) -> dict[str, Any]:
        """Return the content every form at the window begins with."""
        assert self.patient is not None
        return {"patient": self.patient.reference(), "visit": self.patient.visit, "currency": self.currency}

    # -- drafts -------------------------------------------------------------------------------------

    def kept(self) -> dict[str, Any]:
        """Return what this kind of sheet keeps beside the patient; plain values, names of its fields."""
        return {}

    @classmethod
    def read_kept(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return what ``kept`` gave as values of the fields, read off a draft."""
        raise NotImplementedError

    def as_draft(self, *, held: bool) -> dict[str, Any]:
        """Return plain values from which ``from_draft`` makes the same sheet."""
        patient = self.patient.as_content() if self.patient else None
        return {"patient": patient, "payer_kind": self.payer_kind, **self.kept(), "held": held}

    @classmethod
    def from_draft(cls, entry_id: str, currency: str, content: dict[str, Any]) -> Self:
        """Return the sheet a draft holds."""
        patient = content.get("patient")
        return cls(
            entry_id=entry_id,
            currency=currency,
            patient=PatientCard(**patient) if patient else None,
            payer_kind=str(content.get("payer_kind", "self")),
            **cls.read_kept(content),
        )


def texts_of(content: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Return fields of a draft as text."""
    return {name: str(content.get(name) or "") for name in names}
