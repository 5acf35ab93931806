"""How one cell of a reference table becomes a value: amounts, quantities, dates, sexes, roles.

Cells arrive as text from another system. What is merely odd is taken; what would make a charge or a
right wrong (an unreadable price, an unreadable end of a login) is refused with a reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from forms.money import UnreadableNumberError, parse_amount
from forms.text import N_
from forms.typed import as_code, as_number

if TYPE_CHECKING:
    from pydantic import ValidationInfo

REASONS = {
    "missing": N_("missing"),
    "string_too_short": N_("missing"),
    "string_too_long": N_("too long"),
    "unreadable_amount": N_("not an amount"),
    "absurd": N_("too large"),
    "unreadable_quantity": N_("not a quantity"),
    "unreadable_date": N_("not a date; write it as 1980-01-31"),
    "unreadable_yes_no": N_("neither yes nor no"),
    "unreadable_count": N_("not a whole number"),
    "unknown_role": N_("a role this app does not know"),
    "repeated": N_("the same key stands in an earlier row"),
}
"""Reason codes of a refused cell and the msgids people read."""

ROLES = (
    *(
        "cashier",
        "nurse",
        "pharmacist",
        "doctor",
        "supervisor",
        "it",
        "auditor",
        "organiser",
        "administrator",
    ),
)

_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ].*)?$")
_SEXES = {"male": "male", "m": "male", "男": "male", "男性": "male", "1": "male"}
_SEXES |= {"female": "female", "f": "female", "女": "female", "女性": "female", "2": "female"}
_YES_NO = {"1": True, "true": True, "yes": True, "y": True, "是": True}
_YES_NO |= {"": False, "0": False, "false": False, "no": False, "n": False, "否": False}


@dataclass(frozen=True, slots=True)
class Column:
    """What the published field list says of one field.

    Attributes:
        label: 中文 label.
        kind: text, code, amount, quantity, date, time, count, yes/no, roles or sex.
        his_code: the HL7 v2.5.1 field that carries the same thing, or "".
        name: heading in the file where it differs from the field's own name.
        lenient: an unreadable value is taken as "not known" and counted, not refused.
    """

    label: str
    kind: str = "text"
    his_code: str = ""
    name: str = ""
    lenient: bool = False


def _refuse(code: str) -> PydanticCustomError:
    return PydanticCustomError(code, REASONS[code])


def _decimal(text: str, code: str) -> Decimal:
    try:
        number = Decimal(text if text.isascii() else as_number(text))
    except InvalidOperation:
        try:
            number = Decimal(as_number(text))
        except InvalidOperation:
            raise _refuse(code) from None
    if not number.is_finite():
        raise _refuse(code)
    return number


def minor_units(text: str, currency: str) -> int:
    """Return the decimal text ``text`` ("12.50") as whole minor units of ``currency`` (1250).

    Raises:
        PydanticCustomError: not an amount, below zero, too large or too fine; its context holds the msgid.
    """
    try:
        return parse_amount(text, currency)
    except UnreadableNumberError as error:
        context = {"msgid": error.msgid, **error.fields}
        raise PydanticCustomError("unreadable_amount", REASONS["unreadable_amount"], context) from None


def _amount(value: Any, context: ValidationInfo) -> Any:
    if isinstance(value, str) and value.strip():
        return minor_units(value, (context.context or {}).get("currency", "CNY"))
    return value


def _required_amount(value: Any, context: ValidationInfo) -> Any:
    if isinstance(value, str) and not value.strip():
        raise _refuse("missing")
    return _amount(value, context)


def _optional_amount(value: Any, context: ValidationInfo) -> Any:
    return None if isinstance(value, str) and not value.strip() else _amount(value, context)


def _quantity(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.isascii() and text.isdigit() and (text == "0" or text[0] != "0"):
        return text
    if not text:
        return "0"
    number = _decimal(text, "unreadable_quantity")
    if abs(number.adjusted()) > 15:  # noqa: PLR2004 (no shelf holds more)
        raise _refuse("absurd")
    return f"{number.normalize():f}" if number else "0"


def _read_date(text: str) -> str | None:
    match = _DATE.match(text if text.isascii() else as_code(text))
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


def _date(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = value.strip()
    if not text:
        return None
    found = _read_date(text)
    if found is None:
        raise _refuse("unreadable_date")
    return found


def _date_if_readable(value: Any) -> Any:
    return _read_date(value.strip()) if isinstance(value, str) else value


def _sex(value: Any) -> Any:
    return _SEXES.get(value.strip().lower(), "unknown") if isinstance(value, str) else value


def _yes_no(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return _YES_NO[value.strip().lower()]
    except KeyError:
        raise _refuse("unreadable_yes_no") from None


def _count(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    text = as_number(value) or "0"
    if not text.isdecimal() or len(text) > 15:  # noqa: PLR2004 (fits every database)
        raise _refuse("unreadable_count")
    return int(text)


def _roles(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    names = [name.strip().lower() for name in value.replace("；", ";").split(";") if name.strip()]
    if any(name not in ROLES for name in names):
        raise _refuse("unknown_role")
    return ";".join(dict.fromkeys(names))


Key = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Amount = Annotated[int, BeforeValidator(_required_amount)]
OptionalAmount = Annotated[int | None, BeforeValidator(_optional_amount)]
Quantity = Annotated[str, BeforeValidator(_quantity)]
DateText = Annotated[str | None, BeforeValidator(_date)]
DateIfReadable = Annotated[str | None, BeforeValidator(_date_if_readable)]
Sex = Annotated[str, BeforeValidator(_sex)]
YesNo = Annotated[bool, BeforeValidator(_yes_no)]
Count = Annotated[int, BeforeValidator(_count)]
Roles = Annotated[str, BeforeValidator(_roles)]
