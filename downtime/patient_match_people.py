"""A person as one is compared: from a registration here, from the HIS's list, or from anywhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from downtime.patient_match_names import NameForms, name_forms
from forms.people import PatientRef
from forms.typed import as_search

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from downtime.reference_tables import PatientRow

_PHONE_DIGITS_MIN = 7
_MOBILE_DIGITS = 11
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ID_OLD, _ID = 15, 18


@dataclass(frozen=True)
class Person:
    """Somebody, with everything a comparison may use; what is not known is empty.

    Attributes:
        number: temporary or HIS number.
        birth_date: ISO date or "".
        age_years: told age, on the day ``seen_on`` (ISO date).
        identity: known, unknown_person or child, as registered here; "known" for the HIS's.
        guardian: name of whoever answers for a child; guardian_phone likewise.
        temporary: registered here.
        entry_id: of the registration, or "".
        entries: how many entries hang on a temporary number.
    """

    number: str
    name: str
    sex: str = "unknown"
    birth_date: str = ""
    age_years: int | None = None
    seen_on: str = ""
    phone: str = ""
    id_number: str = ""
    card: str = ""
    address: str = ""
    identity: str = "known"
    guardian: str = ""
    guardian_phone: str = ""
    temporary: bool = False
    entry_id: str = ""
    entries: int = 0
    phones: frozenset[str] = field(default=frozenset())

    @cached_property
    def forms(self) -> NameForms:
        """The name, ready to be compared."""
        return name_forms(self.name)

    @cached_property
    def identity_number(self) -> str:
        """The identity number as it is compared: 15 digits become 18."""
        return identity_key(self.id_number)

    @cached_property
    def card_key(self) -> str:
        """The card's number as it is compared."""
        return as_search(self.card)

    @cached_property
    def phone_keys(self) -> frozenset[str]:
        """The phone numbers as they are compared."""
        told = (self.phone, self.guardian_phone, *self.phones)
        return frozenset(key for key in map(phone_key, told) if key)

    @cached_property
    def born(self) -> date | None:
        """The birth date; where none was told, that of a right identity number."""
        told = self.birth_date or (
            _birth_of(self.identity_number) if is_right_identity(self.identity_number) else ""
        )
        try:
            return date.fromisoformat(told)
        except ValueError:
            return None

    def reference(self) -> PatientRef:
        """Return the person as entries name one."""
        sex = self.sex if self.sex in {"male", "female"} else "unknown"
        told = {"number": self.number, "name": self.name, "sex": sex, "temporary": self.temporary}
        return PatientRef.model_validate({**told, "birth_date": self.birth_date or None})


def person_of_row(row: PatientRow) -> Person:
    """Return a patient of the reference tables."""
    return Person(
        number=row.number,
        name=row.name,
        sex=row.sex,
        birth_date=row.birth_date or "",
        phone=row.phone,
        id_number=row.id_number,
        card=row.card,
        address=row.address,
    )


def person_of_registration(content: Mapping[str, Any], *, seen_on: str, entry_id: str = "") -> Person:
    """Return a temporary patient from the content of a registration, or of any entry that names one.

    A number that is no national identity number may be that of the card somebody held in the hand, so it is
    compared with cards too.
    """
    patient, guardian = content["patient"], content.get("guardian") or {}
    number = patient.get("id_number") or ""
    is_national = is_right_identity(identity_key(number))
    return Person(
        number=patient["number"],
        name=patient["name"],
        sex=patient.get("sex") or "unknown",
        birth_date=patient.get("birth_date") or "",
        age_years=patient.get("age_years"),
        seen_on=seen_on,
        phone=patient.get("phone") or content.get("phone") or "",
        id_number=number,
        card="" if is_national else number,
        address=patient.get("address") or "",
        identity=content.get("identity", "known"),
        guardian=guardian.get("name", ""),
        guardian_phone=guardian.get("phone", ""),
        temporary=True,
        entry_id=entry_id,
    )


def identity_key(number: str) -> str:
    """Return an identity number as it is compared: folded, and the old 15 digits as the 18 of today."""
    folded = as_search(number).upper()
    if len(folded) == _ID_OLD and folded.isascii() and folded.isdigit():
        longer = f"{folded[:6]}19{folded[6:]}"
        return longer + _check_of(longer)
    return folded


@lru_cache(maxsize=65_536)
def is_right_identity(number: str) -> bool:
    """Return whether it is a national identity number whose check digit and birth date are right."""
    if len(number) != _ID or not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return False
    try:
        date.fromisoformat(_birth_of(number))
    except ValueError:
        return False
    return _check_of(number[:17]) == number[17]


def _check_of(digits: str) -> str:
    return _CHECKS[
        sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % len(_CHECKS)
    ]


def _birth_of(number: str) -> str:
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def sex_of_identity(number: str) -> str:
    """Return the sex a right identity number tells, or "unknown"."""
    if not is_right_identity(number):
        return "unknown"
    return "male" if int(number[16]) % 2 else "female"


def phone_key(phone: str) -> str:
    """Return a phone number as it is compared: without +86, of a mobile the eleven digits; "" for none.

    What somebody types to get past a field (a row of one digit, 123456...) is no number.
    """
    digits = "".join(sign for sign in as_search(phone) if sign.isascii() and sign.isdigit())
    if len(digits) > _MOBILE_DIGITS and digits.endswith(digits[-_MOBILE_DIGITS:]) and digits[-11] == "1":
        digits = digits[-_MOBILE_DIGITS:]
    if len(digits) < _PHONE_DIGITS_MIN or len(set(digits[1:])) == 1 or digits in "1234567890123":
        return ""
    return digits
