"""Two people compared field by field: how far each agrees, as a word.

What is not known on one side says nothing (level ""). Weights stand in ``patient_match_weights``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_set_ratio

from downtime.patient_match_names import southern
from downtime.patient_match_people import is_right_identity, sex_of_identity

if TYPE_CHECKING:
    from downtime.patient_match_names import NameForms
    from downtime.patient_match_people import Person

_SLIP_LIKE, _SIMILAR_LIKE = 0.92, 0.84
_NAME_SLIP_MIN = 3
_CHILD_YEARS_MAX, _BABY_YEARS_MAX, _GROWN_YEARS_MIN = 14, 1, 18
_ADDRESS_SAME, _ADDRESS_SIMILAR = 92, 70


def compare_identity(one: Person, other: Person) -> str:
    """Compare identity numbers: same, slip, different, other_person (both are right and differ)."""
    a, b = one.identity_number, other.identity_number
    if not a or not b:
        return ""
    if a == b:
        return "same"
    both_right = is_right_identity(a) and is_right_identity(b)
    if not both_right and OSA.distance(a, b, score_cutoff=1) <= 1:
        return "slip"
    if len(a) != len(b):
        return ""  # numbers of two kinds, a passport and an identity card: they do not contradict
    return "other_person" if both_right else "different"


def compare_card(one: Person, other: Person) -> str:
    """Compare cards: same or nothing; people have several."""
    return "same" if one.card_key and one.card_key == other.card_key else ""


def compare_phone(one: Person, other: Person) -> str:
    """Compare phones: same, slip (one digit or two swapped), different."""
    if not one.phone_keys or not other.phone_keys:
        return ""
    if one.phone_keys & other.phone_keys:
        return "same"
    near = any(OSA.distance(a, b, score_cutoff=1) <= 1 for a in one.phone_keys for b in other.phone_keys)
    return "slip" if near else "different"


def compare_sex(one: Person, other: Person) -> str:
    """Compare sexes: same or different; where it was not told the identity number may say."""
    a, b = (who.sex if who.sex != "unknown" else sex_of_identity(who.identity_number) for who in (one, other))
    if "unknown" in {a, b}:
        return ""
    return "same" if a == b else "different"


def compare_address(one: Person, other: Person) -> str:
    """Compare addresses: same, similar, different."""
    if not one.address or not other.address:
        return ""
    alike = token_set_ratio(_spaced(one.address), _spaced(other.address))
    return "same" if alike >= _ADDRESS_SAME else "similar" if alike >= _ADDRESS_SIMILAR else "different"


def _spaced(address: str) -> str:
    folded = "".join(sign if sign.isalnum() else " " for sign in address[:400].casefold())
    return folded if folded.isascii() else " ".join(sign for sign in folded if not sign.isspace())


def compare_name(one: Person, other: Person) -> str:
    """Compare names; see ``_name_level`` for the words."""
    a, b = one.forms, other.forms
    if a.is_nobody or b.is_nobody or not a.text or not b.text:
        return ""
    if a.mother and b.mother:
        return _babies(a, b)
    if a.mother or b.mother:
        return _baby_and_other(a, b)
    if one.guardian and other.name == one.guardian and a.text != b.text:
        return "guardian"
    return _name_level(a, b)


def _babies(a: NameForms, b: NameForms) -> str:
    if a.mother != b.mother:
        return "different"
    if a.baby == b.baby:
        return "same"
    return "twin" if _order_of(a.baby) and _order_of(b.baby) else "baby"


def _order_of(baby: str) -> str:
    """Return what tells twins apart in a newborn's name, or "" where nothing does."""
    return next((sign for sign in baby if sign in "大小长次一二三四12345ab"), "")


def _baby_and_other(a: NameForms, b: NameForms) -> str:
    mother, named = (a.mother, b.text) if a.mother else (b.mother, a.text)
    return "mother" if mother == named else ""


def _name_level(a: NameForms, b: NameForms) -> str:
    """Return same, sound, reordered, slip, surname, southern, part, similar or different."""
    if a.text == b.text:
        return "same"
    if a.is_latin and b.is_latin:
        return _latin(a, b)
    if set(a.sounds) & set(b.sounds):
        return "sound"
    if not a.is_latin and not b.is_latin:
        return _chinese(a, b)
    best = max((JaroWinkler.similarity(x, y) for x in a.sounds for y in b.sounds), default=0.0)
    if _southern(a) & _southern(b):
        return "southern"
    return "slip" if best >= _SLIP_LIKE else "similar" if best >= _SIMILAR_LIKE else "different"


def _southern(name: NameForms) -> set[str]:
    return set(map(southern, name.sounds))


def _chinese(a: NameForms, b: NameForms) -> str:
    if a.given == b.given and a.surname != b.surname and len(a.given) > 1:
        return "surname"
    shorter, longer = sorted((len(a.text), len(b.text)))
    if longer >= _NAME_SLIP_MIN and OSA.distance(a.text, b.text, score_cutoff=1) <= 1:
        return "slip" if shorter >= _NAME_SLIP_MIN or a.surname == b.surname else "similar"
    if _southern(a) & _southern(b):
        return "southern"
    if a.given == b.given and a.surname != b.surname:
        return "similar"
    return "different"


def _latin(a: NameForms, b: NameForms) -> str:
    if a.words == b.words:
        return "reordered"
    best = max(JaroWinkler.similarity(x, y) for x in (a.text, *a.sounds) for y in (b.text, *b.sounds))
    shared = set(a.words) & set(b.words)
    if min(len(a.words), len(b.words)) == 1:
        if best >= _SLIP_LIKE and len(a.words) == len(b.words):
            return "slip"
        near = max(JaroWinkler.similarity(x, y) for x in a.words for y in b.words)
        return "part" if near >= _SLIP_LIKE else "similar" if near >= _SIMILAR_LIKE else "different"
    if best >= _SLIP_LIKE:
        return "slip"
    if shared:
        return "surname" if best < _SIMILAR_LIKE else "slip"
    return "similar" if best >= _SIMILAR_LIKE else "different"


def compare_birth(one: Person, other: Person) -> str:
    """Compare birth dates, or a told age with one.

    Returns:
        same, swapped (day and month), slip (one digit), year, near (a year or two apart), different; for ages
        age, age_near, age_rough (a guess at somebody nobody knows), age_off, generation; "" if nothing is known.
    """
    a, b = one.born, other.born
    if a is not None and b is not None:
        return _dates(a, b)
    for told, known in ((one, b), (other, a)):
        if known is not None and (
            told.age_years is not None or told.identity == "child" or told.forms.mother
        ):
            return _age(told, known)
    return ""


def _dates(a: date, b: date) -> str:
    if a == b:
        return "same"
    if (a.year, a.month, a.day) == (b.year, b.day, b.month):
        return "swapped"
    if OSA.distance(f"{a:%Y%m%d}", f"{b:%Y%m%d}", score_cutoff=1) <= 1:
        return "slip"
    if a.year == b.year:
        return "year"
    if abs(a.year - b.year) <= 2:  # noqa: PLR2004 (years)
        return "near"
    return "generation" if abs(a.year - b.year) >= _GROWN_YEARS_MIN else "different"


def _age(told: Person, born: date) -> str:
    if not told.seen_on:
        return ""
    seen = date.fromisoformat(told.seen_on[:10])
    age = seen.year - born.year - ((seen.month, seen.day) < (born.month, born.day))
    if told.age_years is None:
        most = _BABY_YEARS_MAX if told.forms.mother else _CHILD_YEARS_MAX
        return (
            "generation" if age >= max(most, _GROWN_YEARS_MIN) else "age_rough" if age <= most else "age_off"
        )
    apart = told.age_years - age
    if 0 <= apart <= 1:  # the Chinese way of counting adds a year
        return "age"
    if abs(apart) <= 2:  # noqa: PLR2004 (years)
        return "age_near"
    is_guess = told.identity == "unknown_person" or told.forms.is_nobody
    if abs(apart) <= (10 if is_guess else 5):
        return "age_rough"
    return "generation" if abs(apart) >= (25 if is_guess else _GROWN_YEARS_MIN) else "age_off"
