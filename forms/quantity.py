"""Quantities as canonical decimal text: "1", "0.5", "12.125"; no exponent, no trailing zero, no sign."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from forms.base import fault
from forms.money import UnreadableNumberError, plain_number
from forms.text import N_

DECIMALS_MAX = 3
QUANTITY_MAX = 99_999

_TYPED = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<part>[0-9]*))?")
_CANONICAL = re.compile(r"(?:0|[1-9][0-9]{0,4})(?:\.[0-9]{0,2}[1-9])?")


def parse_quantity(text: str) -> str:
    """Return the canonical text of a quantity a person typed ("2", "０。５０" gives "0.5").

    Raises:
        UnreadableNumberError: not a number, zero, negative, more than three decimals, or above 99,999.
    """
    typed = plain_number(text)
    if not typed:
        raise UnreadableNumberError(N_("Type a quantity."))
    found = _TYPED.fullmatch(typed)
    if not found or not (found["whole"] or found["part"]):
        negative = typed.startswith("-") and _TYPED.fullmatch(typed[1:].strip())
        raise UnreadableNumberError(
            N_("A quantity must be more than zero.")
            if negative
            else N_("This is not a quantity; type digits, like 2.")
        )
    whole, part = found["whole"].lstrip("0"), (found["part"] or "").rstrip("0")
    if len(part) > DECIMALS_MAX:
        raise UnreadableNumberError(N_("A quantity has at most {decimals} decimals."), decimals=DECIMALS_MAX)
    if not whole and not part:
        raise UnreadableNumberError(N_("A quantity must be more than zero."))
    if len(whole) > len(str(QUANTITY_MAX)) or Decimal(f"{whole or 0}.{part or 0}") > QUANTITY_MAX:
        raise UnreadableNumberError(N_("A quantity is at most {most}."), most=QUANTITY_MAX)
    return (whole or "0") + (f".{part}" if part else "")


def is_quantity(text: str) -> bool:
    """Tell whether ``text`` is a quantity in canonical form."""
    return bool(_CANONICAL.fullmatch(text)) and 0 < Decimal(text) <= QUANTITY_MAX


def quantity_decimal(text: str) -> Decimal:
    """Return the number of a canonical quantity."""
    assert is_quantity(text), text
    return Decimal(text)


def thousandths(text: str) -> int:
    """Return a canonical quantity as a whole number of thousandths, in which stock is counted."""
    return int(quantity_decimal(text).scaleb(DECIMALS_MAX))


def _require_canonical(text: str) -> str:
    if not is_quantity(text):
        try:
            folded = parse_quantity(text)
        except UnreadableNumberError as error:
            raise fault(error.msgid, "", **error.fields) from error
        raise fault(N_("Write the quantity as {folded}."), folded=folded)
    return text


QuantityText = Annotated[str, Field(max_length=12), AfterValidator(_require_canonical)]
"""A quantity inside a form: canonical text, so that equal quantities are equal bytes."""
