"""Password rules as data: a profile in ``downtime/policies`` says what is asked for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from downtime.slots import was_used_before
from forms.base import Problem
from forms.text import N_

if TYPE_CHECKING:
    from downtime.slots import Slot

PASSWORD_CHARACTERS_MAX = 128
UNIT_CHARACTERS_MIN = 6
"""A shorter piece repeated is no password."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One profile.

    Attributes:
        length_min: characters.
        classes_min: how many of small letters, capitals, figures, signs.
        days_max: after how many days it is changed; 0 for never.
        history: how many earlier passwords may not come back.
        failures_max: wrong ones in a row, then the account is locked.
        common_refused: whether passwords from public lists, and the own number or name, are refused.
    """

    length_min: int
    classes_min: int
    days_max: int
    history: int
    failures_max: int
    common_refused: bool


@cache
def policy_named(name: str) -> Policy:
    """Return the profile called ``name``."""
    return Policy(**tomllib.loads((files("downtime") / "policies" / f"{name}.toml").read_text("utf-8")))


def problems_of_password(password: str, policy: Policy, own_words: tuple[str, ...]) -> list[Problem]:
    """Return what is wrong with a new password.

    Args:
        password: as typed.
        policy: the profile in force.
        own_words: staff number, name, hospital: what others guess first.
    """
    found = []
    if len(password) < policy.length_min:
        found.append(Problem("password", N_("At least {count} characters."), {"count": policy.length_min}))
    if len(password) > PASSWORD_CHARACTERS_MAX:
        found.append(
            Problem(
                "password", N_("At most {max_length} characters."), {"max_length": PASSWORD_CHARACTERS_MAX}
            )
        )
    if len(_classes(password)) < policy.classes_min:
        found.append(
            Problem(
                "password",
                N_("At least {count} of: small letters, capitals, figures, signs."),
                {"count": policy.classes_min},
            )
        )
    if policy.common_refused and _is_guessed_first(password, own_words):
        found.append(
            Problem("password", N_("Too easy to guess: on public lists, or your own number or name."))
        )
    return found


def _classes(password: str) -> set[str]:
    def kind(character: str) -> str:
        if character.isdecimal():
            return "figure"
        if character.islower():
            return "small"
        return "capital" if character.isupper() else "sign"

    return {kind(character) for character in password}


def _is_guessed_first(password: str, own_words: tuple[str, ...]) -> bool:
    from zxcvbn.matching import RANKED_DICTIONARIES

    lowered = password.lower()
    core = lowered.rstrip("0123456789!@#$%.*?_-")
    common = RANKED_DICTIONARIES["passwords"]
    unit = _repeated_unit(lowered)
    if unit != lowered and (unit in common or len(unit) < UNIT_CHARACTERS_MIN):
        return True
    if lowered in common or (core and len(lowered) - len(core) <= 4 and core in common):  # noqa: PLR2004 (password + year)
        return True
    return any(word and word.lower() in lowered for word in own_words if len(word) > 2)  # noqa: PLR2004 (initials are no name)


def _repeated_unit(text: str) -> str:
    """Return the shortest piece that ``text`` is made of by repeating it: "abc" of "abcabc"."""
    place = (text + text).find(text, 1)
    return text[:place]


def was_used(slot: Slot, password: str, policy: Policy, pepper: bytes) -> bool:
    """Return whether a password was one of the last ones the profile keeps away."""
    return bool(policy.history) and was_used_before(slot, password, pepper, policy.history)


def is_expired(slot: Slot, policy: Policy, now: str) -> bool:
    """Return whether a password is older than the profile allows at ``now`` (RFC 3339)."""
    if not policy.days_max or slot.kind != "person" or not slot.set_at:
        return False
    return age_days(slot.set_at, now) > policy.days_max


def age_days(since: str, now: str) -> int:
    """Return whole days between two RFC 3339 times."""
    return (datetime.fromisoformat(now) - datetime.fromisoformat(since)).days
