"""Who it is about and why they are here: patient and visit as every form carries them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from forms.base import Part, fault
from forms.text import N_

NAME_CHARACTERS_MAX = 10_000
"""Names come from elsewhere; what is absurd is still kept as it came."""

_CARD_DIGITS = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")


def _no_card_number(text: str) -> str:
    for match in _CARD_DIGITS.finditer(text):
        digits = [int(character) for character in match.group() if character.isdigit()]
        doubled = [d * 2 - 9 * (d > 4) if n % 2 else d for n, d in enumerate(reversed(digits))]  # noqa: PLR2004 (Luhn)
        if sum(doubled) % 10 == 0:
            raise fault(
                N_(
                    "This looks like a bank card number. Never write one here; the slip's last digits will do."
                )
            )
    return text


def _real_date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise fault(N_("There is no such date; write it as 1980-01-31.")) from None
    return text


Code = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=NAME_CHARACTERS_MAX)]
OptionalName = Annotated[str, Field(max_length=NAME_CHARACTERS_MAX)]
FreeText = Annotated[str, Field(max_length=2_000), AfterValidator(_no_card_number)]
Phone = Annotated[str, Field(max_length=40)]
DateText = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real_date)]
Sex = Literal["male", "female", "unknown"]
PayerKind = Literal["self", "insured_pending"]


class PatientRef(Part):
    """The patient as the form names them: copied, because the list may change tomorrow.

    Attributes:
        number: the HIS number, or a temporary one that carries the station.
        birth_date: ISO date, or None if unknown.
        temporary: the number is ours and will be matched to a HIS patient later.
    """

    number: Code
    name: Name
    sex: Sex = "unknown"
    birth_date: DateText | None = None
    temporary: bool = False


class VisitRef(Part):
    """The visit everything hangs on in the HIS.

    Attributes:
        number: the HIS number, or a temporary one.
        kind: outpatient, emergency or inpatient.
        department: code; department_name as shown.
        doctor: staff number; doctor_name as shown.
    """

    number: Code
    kind: Literal["outpatient", "emergency", "inpatient"] = "outpatient"
    department: Annotated[str, Field(max_length=64)] = ""
    department_name: OptionalName = ""
    doctor: Annotated[str, Field(max_length=64)] = ""
    doctor_name: OptionalName = ""
    temporary: bool = False


class Guardian(Part):
    """Who answers for a child."""

    name: Name
    relation: Annotated[str, Field(max_length=40)] = ""
    phone: Phone = ""
