"""Numbers that name a person are masked on screen and paper: enough is left to compare, too little to copy.

Entries keep them in full, and so do exports for the HIS: there they are what is needed.
"""

from __future__ import annotations

import re

_ID_KEPT, _PHONE_KEPT = (6, 4), (3, 4)
_ID_CHARACTERS, _PHONE_DIGITS = 18, 11
_OUTSIDE_DIGITS = 7
"""Shorter numbers reach nobody outside the house."""
_NUMBERS = re.compile(r"(?<!\d)(?:[1-9]\d{16}[\dXx]|1[3-9]\d{9})(?!\d)", re.ASCII)
PHONES = frozenset({"phone", "guardian_phone"})
IDENTITIES = frozenset({"id_number"})
"""Fields of forms and drafts that hold such numbers."""


def mask_identity(number: str) -> str:
    """Return an identity number with its middle hidden: ``110101********1234``."""
    if len(number) == _ID_CHARACTERS:
        return _masked(number, *_ID_KEPT)
    return _masked(number, len(number) // 4, len(number) // 4)


def mask_phone(number: str) -> str:
    """Return a phone number with its middle hidden: ``138****1234``; an extension in the house stays."""
    if sum(sign.isdigit() for sign in number) < _OUTSIDE_DIGITS:
        return number
    if len(number) == _PHONE_DIGITS and number.isdigit():
        return _masked(number, *_PHONE_KEPT)
    return _masked(number, len(number) // 4, len(number) // 4)


def mask_field(name: str, text: str) -> str:
    """Return what a field of that name shows."""
    if name in IDENTITIES:
        return mask_identity(text)
    return mask_phone(text) if name in PHONES else mask_numbers(text)


def mask_numbers(text: str) -> str:
    """Return free text with every identity and mobile phone number in it hidden, wherever it was typed."""
    if sum(sign.isdigit() for sign in text) < _PHONE_DIGITS:
        return text
    return _NUMBERS.sub(lambda found: _mask_found(found.group()), text)


def _mask_found(number: str) -> str:
    return mask_phone(number) if len(number) == _PHONE_DIGITS else mask_identity(number)


def _masked(number: str, before: int, after: int) -> str:
    hidden = len(number) - before - after
    return number[:before] + "*" * hidden + (number[-after:] if after else "")
