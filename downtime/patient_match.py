"""Temporary patients beside the patients of the HIS: who may be whom, how sure that is, and why.

Fellegi and Sunter's sum over fields, with rapidfuzz as the measure of how far two texts are apart. Nothing here
decides: a certain pair (same identity number or card, a name that fits, nothing that contradicts) is proposed as
certain, every other is for a person to look at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from downtime import patient_match_fields as fields
from downtime.patient_match_weights import score_of, weight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Literal

    from downtime.patient_match_people import Person

    Verdict = Literal["certain", "likely", "possible"]

CANDIDATES_MAX = 9
LIKELY_SCORE, POSSIBLE_SCORE = 90, 5
_TOWN = 10_000
ALIKE_BITS = 500
"""A second candidate as near as this makes the first one doubtful, in hundredths of a bit."""
_NAMES_THAT_FIT = frozenset({"same", "sound", "reordered", "slip", "southern"})
_CONTRADICTING = {
    "sex": {"different"},
    "birth": {"different", "generation", "age_off"},
    "identity": {"other_person", "different"},
    "name": {"mother", "guardian", "twin"},
}
_COMPARED: Mapping[str, Callable[[Person, Person], str]] = {
    "identity": fields.compare_identity,
    "card": fields.compare_card,
    "name": fields.compare_name,
    "birth": fields.compare_birth,
    "phone": fields.compare_phone,
    "sex": fields.compare_sex,
    "address": fields.compare_address,
}


@dataclass(frozen=True, slots=True)
class Reason:
    """What one field said: its level, and its weight in hundredths of a bit."""

    field: str
    level: str
    weight: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the temporary patient.

    Attributes:
        score: 0 to 99, 100 only for a certain one.
        bits: the sum of weights, in hundredths.
        reasons: every field that said something, the heaviest first.
        warnings: what speaks for looking twice: see ``patient_match_words``.
    """

    person: Person
    score: int
    bits: int
    verdict: Verdict
    reasons: tuple[Reason, ...]
    warnings: tuple[str, ...] = ()

    def level(self, field: str) -> str:
        """Return how far a field agrees, or "" if nothing is known."""
        return next((reason.level for reason in self.reasons if reason.field == field), "")


class Shares:
    """How many of the list have the same name or phone; what they share is worth less."""

    def __init__(self, people: int) -> None:
        self.people = people
        self._counts: dict[tuple[str, str], int] = {}

    def count(self, field: str, key: str) -> None:
        """Count one more."""
        self._counts[field, key] = self._counts.get((field, key), 0) + 1

    def share(self, field: str, level: str, one: Person) -> float:
        """Return the part of the list with the same value as ``one``, 0 if that was not counted."""
        keys: Iterable[str] = ()
        if field == "name":
            keys = one.forms.sounds if level == "sound" else (one.forms.text,)
        elif field == "phone":
            keys = one.phone_keys
        most = max((self._counts.get((field, key), 0) for key in keys), default=0)
        # One of a short list is not a common value: the list is a sample of a town.
        return (most - 1) / max(self.people, most) + 1 / max(self.people, _TOWN) if most else 0.0


def compare(one: Person, other: Person, shares: Shares) -> Candidate:
    """Compare a temporary patient with somebody else."""
    levels = {field: level for field, act in _COMPARED.items() if (level := act(one, other))}
    reasons = tuple(
        sorted(
            (
                Reason(f, level, weight_of(f, level, shares.share(f, level, one)))
                for f, level in levels.items()
            ),
            key=lambda reason: -abs(reason.weight),
        )
    )
    bits = sum(reason.weight for reason in reasons)
    score = score_of([reason.weight for reason in reasons], shares.people)
    warnings = tuple(_warnings(levels, one, other))
    if _is_certain(levels):
        return Candidate(other, 100, bits, "certain", reasons, warnings)
    is_doubtful = score < LIKELY_SCORE or bool(warnings) or levels.get("name") not in _NAMES_THAT_FIT
    return Candidate(other, score, bits, "possible" if is_doubtful else "likely", reasons, warnings)


def _contradicts(levels: Mapping[str, str]) -> bool:
    return any(levels.get(field) in bad for field, bad in _CONTRADICTING.items())


def _is_certain(levels: Mapping[str, str]) -> bool:
    is_proven = "same" in {levels.get("identity"), levels.get("card")}
    return is_proven and levels.get("name") in _NAMES_THAT_FIT and not _contradicts(levels)


def _warnings(levels: Mapping[str, str], one: Person, other: Person) -> Iterable[str]:
    """Yield what a person should know before saying yes."""
    name, birth = levels.get("name"), levels.get("birth")
    is_proven = "same" in {levels.get("identity"), levels.get("card")}
    if is_proven and name not in _NAMES_THAT_FIT:
        yield "other_name"
    if is_proven and _contradicts({field: levels.get(field, "") for field in ("sex", "birth")}):
        yield "contradiction"
    is_near = (
        birth == "same"
        and not one.forms.is_latin
        and (name in {"slip", "similar"} or (name == "different" and levels.get("phone") == "same"))
    )
    if name == "twin" or (is_near and not is_proven):
        yield "twins"
    if name in {"mother", "guardian"} or (birth == "generation" and levels.get("phone") == "same"):
        yield "parent"
    if name == "surname":
        yield "surname"
    if other.temporary:
        yield "temporary"


def ranked(found: Iterable[Candidate], *, kept: int = CANDIDATES_MAX) -> list[Candidate]:
    """Return candidates worth showing, the surest first; where two are alike neither is certain or likely."""
    order = sorted(found, key=lambda one: (-(one.score == 100), -one.bits, one.person.number))  # noqa: PLR2004 (certain)
    shown = [one for one in order if one.score >= POSSIBLE_SCORE][:kept]
    settled = [one for one in shown if not one.person.temporary]
    if len(settled) > 1 and _alike(settled[0], settled[1]):
        shown = [_doubted(one) if _alike(settled[0], one) else one for one in shown]
    return shown


def _alike(first: Candidate, second: Candidate) -> bool:
    if first.verdict == "certain" and second.verdict != "certain":
        return False
    return first.bits - second.bits <= ALIKE_BITS or first.verdict == second.verdict == "certain"


def _doubted(one: Candidate) -> Candidate:
    warnings = tuple(dict.fromkeys((*one.warnings, "alike")))
    return replace(one, verdict="possible", score=min(one.score, 99), warnings=warnings)


def proposed(candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate that is certain, or None."""
    return next((one for one in candidates if one.verdict == "certain"), None)
