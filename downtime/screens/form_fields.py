"""From the fields of a form to fields on the screen, by one table of kinds.

A form says how a field is called with ``Field(title=N_("Blood group"))``; otherwise its name is used.
"""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from downtime.i18n import _
from downtime.masking import IDENTITIES, PHONES, mask_identity
from downtime.screens.choice import Choice
from downtime.screens.typed_fields import (
    AmountField,
    CodeField,
    Field,
    NumberField,
    NumberOfPerson,
    PhoneField,
)
from forms.money import UnreadableNumberError, format_amount, parse_amount
from forms.people import PatientRef, VisitRef
from forms.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic.fields import FieldInfo
    from textual.widget import Widget

    from forms.base import Form


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of field is shown and read.

    Attributes:
        make: makes the widget, given id and field.
        read: gives the value for the form; ValueError is told beside the field.
        write: puts a value of a draft back.
    """

    make: Callable[[str, FormField], Widget]
    read: Callable[[Widget, str], Any]
    write: Callable[[Widget, Any, str], None]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field to be filled in.

    Attributes:
        path: dotted path into the content.
        label: msgid.
        kind: name in ``KINDS``.
        options: values of a choice.
        optional_part: path of the optional part it belongs to, or "": all of that part empty means none.
        may_be_none: whether empty means None.
    """

    path: str
    label: str
    kind: str
    options: tuple[str, ...] = ()
    optional_part: str = ""
    may_be_none: bool = False

    @property
    def id(self) -> str:
        """Name of its widget."""
        return "field-" + self.path.replace(".", "-")


def fields_of(form: type[Form]) -> list[FormField]:
    """Return the fields of a form in their order, those of its parts by dotted path."""
    return list(_fields(form, "", ""))


def _fields(model: type[BaseModel], prefix: str, part: str) -> list[FormField]:
    found: list[FormField] = []
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        kind, may_be_none = _without_none(field.annotation)
        if kind in {PatientRef, VisitRef} or name == "currency":
            found.append(
                FormField(path, _label(name, field), "currency" if name == "currency" else "patient")
            )
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            found += _fields(kind, f"{path}.", path if may_be_none else part)
        elif get_origin(kind) is Literal:
            options = tuple(str(option) for option in get_args(kind))
            found.append(FormField(path, _label(name, field), "choice", options, part))
        elif get_origin(kind) is not tuple:
            label = _label(name, field)
            found.append(FormField(path, label, _plain_kind(name, kind, field), (), part, may_be_none))
    return found


def _label(name: str, field: FieldInfo) -> str:
    return field.title or name.removesuffix("_minor").replace("_", " ")


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in {Union, types.UnionType}:
        kept = [part for part in get_args(annotation) if part is not type(None)]
        inner = kept[0]
        return (get_args(inner)[0] if hasattr(inner, "__metadata__") else inner), True
    return annotation, False


def _plain_kind(name: str, kind: Any, field: FieldInfo) -> str:
    if kind is bool:
        return "yes_no"
    if kind is int:
        return "amount" if name.endswith("_minor") else "whole"
    rules = " ".join(getattr(rule, "__name__", "") + repr(rule) for rule in field.metadata)
    if name in PHONES:
        return "phone"
    if name in IDENTITIES:
        return "identity"
    if name == "quantity" or "canonical" in rules:
        return "quantity"
    return "code" if "pattern" in rules or name.endswith(("_number", "number", "code", "date")) else "text"


def _read_text(widget: Widget, _currency: str) -> str:
    assert isinstance(widget, Field)
    return widget.value


def _read_whole(widget: Widget, _currency: str) -> int | str | None:
    assert isinstance(widget, Field)
    return int(widget.value) if widget.value.isdigit() else widget.value or None


def _read_amount(widget: Widget, currency: str) -> int:
    assert isinstance(widget, Field)
    return parse_amount(widget.value, currency)


def _read_quantity(widget: Widget, _currency: str) -> str:
    assert isinstance(widget, Field)
    return parse_quantity(widget.value)


def _read_choice(widget: Widget, _currency: str) -> str:
    assert isinstance(widget, Choice)
    return widget.value


def _write_text(widget: Widget, value: Any, _currency: str) -> None:
    assert isinstance(widget, Field)
    widget.take("" if value is None else str(value))


def _write_amount(widget: Widget, value: Any, currency: str) -> None:
    assert isinstance(widget, Field)
    widget.take(format_amount(value, currency) if isinstance(value, int) else str(value or ""))


def _write_choice(widget: Widget, value: Any, _currency: str) -> None:
    assert isinstance(widget, Choice)
    widget.choose(str(value))


def _choice(id_of_widget: str, field: FormField) -> Widget:
    def words(option: str) -> Callable[[], str]:
        return lambda: _(option).replace("_", " ") if option else "-"

    return Choice([(option, words(option)) for option in field.options], id=id_of_widget)


def _yes_no(id_of_widget: str, _field: FormField) -> Widget:
    return Choice([("no", lambda: _("no")), ("yes", lambda: _("yes"))], id=id_of_widget)


KINDS: dict[str, Kind] = {
    "text": Kind(lambda name, _f: Field(id=name), _read_text, _write_text),
    "code": Kind(lambda name, _f: CodeField(id=name), _read_text, _write_text),
    "phone": Kind(lambda name, _f: PhoneField(id=name), _read_text, _write_text),
    "identity": Kind(lambda name, _f: NumberOfPerson(mask_identity, id=name), _read_text, _write_text),
    "whole": Kind(lambda name, _f: NumberField(id=name), _read_whole, _write_text),
    "quantity": Kind(lambda name, _f: NumberField(id=name), _read_quantity, _write_text),
    "amount": Kind(lambda name, _f: AmountField(id=name), _read_amount, _write_amount),
    "choice": Kind(_choice, _read_choice, _write_choice),
    "yes_no": Kind(
        _yes_no,
        lambda widget, _c: _read_choice(widget, "") == "yes",
        lambda widget, value, _c: _write_choice(widget, "yes" if value else "no", ""),
    ),
}
"""Every kind of field there is. "patient" and "currency" are the screen's own."""

__all__ = ["KINDS", "FormField", "Kind", "UnreadableNumberError", "fields_of"]
