"""What each agreement is worth: Fellegi and Sunter's log2(m / u), in hundredths of a bit.

m is how often the field shows this level when both records are one person, u how often when they are two. A name
or phone that many in the list have is worth less: there u is its own share of the list. The figures are set by hand
from what registration desks do and were checked on public data (docs/patients.md); they are not learned at the site,
so the same two records always get the same score and a person can be told why.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BIT = 100

WEIGHTS: dict[str, dict[str, int]] = {
    "identity": {"same": 1_900, "slip": 1_100, "different": -350, "other_person": -1_300},
    "card": {"same": 1_600},
    "name": {
        "same": 1_100,
        "sound": 850,
        "reordered": 1_050,
        "slip": 650,
        "surname": 350,
        "southern": 550,
        "part": 350,
        "similar": 150,
        "twin": -200,
        "baby": 600,
        "mother": -400,
        "guardian": -400,
        "different": -550,
    },
    "birth": {
        "same": 1_300,
        "swapped": 800,
        "slip": 700,
        "year": 150,
        "near": -100,
        "different": -550,
        "age": 420,
        "age_near": 250,
        "age_rough": 80,
        "age_off": -400,
        "generation": -900,
    },
    "phone": {"same": 1_150, "slip": 650, "different": -80},
    "sex": {"same": 95, "different": -450},
    "address": {"same": 550, "similar": 150, "different": -120},
}
"""Bits in hundredths, by field and level."""

FIELDS = tuple(WEIGHTS)
_BY_SHARE = {("name", "same"): (0.80, 300, 1_500), ("name", "reordered"): (0.80, 300, 1_500)}
_BY_SHARE |= {("phone", "same"): (0.70, 200, 1_300), ("name", "sound"): (0.10, 200, 1_100)}
"""(m, least, most) where u is how many in the list have the same."""


def weight_of(field: str, level: str, share: float = 0.0) -> int:
    """Return what a level is worth; ``share`` is the part of the list that has the same value, 0 if not counted."""
    shared = _BY_SHARE.get((field, level))
    if shared is None or share <= 0:
        return WEIGHTS[field][level]
    m, least, most = shared
    return min(max(round(BIT * log2(m / share)), least), most)


def score_of(weights: Iterable[int], people: int) -> int:
    """Return 0 to 99: how sure it is that both are one person, of ``people`` in the list who might be it.

    Before anything is compared each of them is as likely as the other, and as likely as not it is none of them.
    """
    bits = sum(weights) / BIT - log2(max(people, 1))
    if bits > 30:  # noqa: PLR2004 (2 to the power of it)
        return 99
    odds = 2.0**bits
    return min(int(100 * odds / (1 + odds)), 99)
