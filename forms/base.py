"""What every form is: named, versioned content that knows its patient, its postings and its faults."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import PydanticCustomError

from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forms.postings import Posting


class Part(BaseModel):
    """A piece of a form: frozen, nothing unknown, no silent conversion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong beside one field.

    Attributes:
        field: dotted path into the content, for instance ``lines.0.quantity``; empty for the whole form.
        message: English msgid with named ``{places}``.
        values: what goes into the places.
    """

    field: str
    message: str
    values: Mapping[str, Any] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a form is filled in; some postings need it."""

    station: str
    incarnation: str


class Earlier(Protocol):
    """What a form may ask about the entries before it."""

    def content_of(self, entry_id: str) -> tuple[str, Mapping[str, Any]] | None:
        """Return (form name, content) of the entry, or None if it is not in this book."""

    def postings_of(self, entry_id: str) -> Sequence[Posting]:
        """Return the postings of the entry."""

    def referring(self, entry_id: str, form: str) -> Sequence[str]:
        """Return the ids of entries of ``form`` that name ``entry_id`` and are not reversed."""

    def last_of(self, form: str) -> Mapping[str, Any] | None:
        """Return the content of the newest entry of ``form`` in this book, or None."""

    def has_patient(self, number: str) -> bool:
        """Return whether a registration in this book already uses ``number``."""

    def has_visit(self, number: str) -> bool:
        """Return whether a visit in this book already uses ``number``."""

    def hangs_on(self, *, patient: str = "", visit: str = "", besides: str) -> bool:
        """Return whether entries other than ``besides``, not reversed, are about this patient or visit."""

    def balances(self, beginning: str) -> Mapping[tuple[str, str], int]:
        """Return the balances of accounts whose name begins so, by (account, unit), with what was carried over."""


class Form(Part):
    """One paper form. A subclass in a file of its own plus one line in ``FORMS`` is all a new form needs.

    Class attributes:
        name: stable lower-case name, stored in every entry.
        content_version: raised when the content changes shape.
        title: what it is called on screen (msgid).
        deliverable: whether the HIS must get it.
        numbered: whether it gets a receipt number and paper.
        role: who fills it in, or None for the station itself.
        right: what one must be allowed in order to record it, or None if the station writes it unasked.
    """

    name: ClassVar[str]
    content_version: ClassVar[int] = 1
    title: ClassVar[str]
    deliverable: ClassVar[bool] = True
    numbered: ClassVar[bool] = True
    role: ClassVar[Literal["cashier", "pharmacist", "nurse"] | None] = "cashier"
    right: ClassVar[str | None] = "cash"

    def needs(self) -> str | None:
        """Return the right one needs to record exactly this, or None if the station writes it unasked."""
        return self.right

    def patient_number(self) -> str | None:
        """Return the number of the patient it is about."""
        patient = getattr(self, "patient", None)
        return patient.number if patient is not None else None

    def encounter(self) -> str | None:
        """Return the number of the visit it hangs on."""
        visit = getattr(self, "visit", None)
        return visit.number if visit is not None else None

    def refers_to(self) -> tuple[str, ...]:
        """Return the ids of the entries it names."""
        return ()

    def amount_minor(self) -> int | None:
        """Return the money it is about, in minor units."""
        return getattr(self, "total_minor", None)

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (for subclasses)
        """Return what it moves; must balance per unit."""
        return ()

    def problems(self, earlier: Earlier) -> list[Problem]:  # noqa: ARG002 (for subclasses)
        """Return what is wrong with it in the light of the entries before it."""
        return []


_ODD = N_("This is not in the expected form.")
_MESSAGES = {
    "missing": N_("This is required."),
    "extra_forbidden": N_("This form has no such field."),
    "string_too_short": N_("Please fill this in."),
    "string_too_long": N_("At most {max_length} characters."),
    "string_type": N_("This must be text."),
    "int_type": N_("This must be a whole number."),
    "bool_type": N_("This must be true or false."),
    "literal_error": N_("Choose one of: {expected}."),
    "greater_than": N_("This must be more than {gt}."),
    "greater_than_equal": N_("This must be at least {ge}."),
    "less_than_equal": N_("This must be at most {le}."),
    "too_short": N_("At least {min_length} needed."),
    "too_long": N_("At most {max_length} allowed."),
}


def fault(message: str, field: str = "", **values: object) -> PydanticCustomError:
    """Return a validation error to raise inside a validator.

    Args:
        message: msgid with named places.
        field: where it belongs, if not where the validator stands.
        values: what goes into the places.
    """
    return PydanticCustomError("form", "{message}", {"message": message, "field": field, "values": values})


def problems_of(error: ValidationError) -> list[Problem]:
    """Return pydantic's findings as problems beside fields."""
    found = []
    for item in error.errors(include_url=False, include_input=False):
        path = ".".join(str(step) for step in item["loc"])
        context = dict(item.get("ctx", {}))
        if item["type"] == "form":
            found.append(Problem(_join(path, context["field"]), context["message"], context["values"]))
        else:
            found.append(Problem(path, _MESSAGES.get(item["type"], _ODD), context))
    return found


def _join(path: str, field: str) -> str:
    return f"{path}.{field}" if path and field else path or field


def read_form(form: type[Form], content: Any) -> Form | list[Problem]:
    """Return the filled form, or what is wrong beside each field. Nothing is written here."""
    try:
        return form.model_validate(content)
    except ValidationError as error:
        return problems_of(error)
