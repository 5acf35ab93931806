"""Whom to compare with whom: of 2,000 by 100,000 pairs only those that share something worth looking at.

Keys of the temporary patients are made first; then the list is read once and only who shares a key is kept, so
memory grows with the temporary patients and not with the list.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from downtime.patient_match import Candidate, Shares, compare, ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from downtime.patient_match_people import Person

BLOCK_MAX = 3_000
"""A key that more people of the list share tells nothing; it is left out."""
_AGE_YEARS_AROUND = 2
_COUNTED = {"n": "name", "s": "name", "p": "phone"}
_ID_PIECE = 6


def link(
    temporaries: Sequence[Person],
    people: Iterable[Person],
    count: int,
    on_read: Callable[[int], None] = lambda _read: None,
) -> dict[str, list[Candidate]]:
    """Return the candidates of every temporary patient, the surest first; earlier temporaries count as people.

    Args:
        temporaries: in the order they were registered.
        people: the list of the HIS, read once.
        count: how many stand in it.
        on_read: told how many were read, every thousand.
    """
    wanted: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(temporaries):
        for key in set(_keys(one, is_told=True)):
            wanted[key].append(n)
    shares = Shares(count + len(temporaries))
    held: list[Person] = []
    blocks: dict[str, list[int]] = defaultdict(list)
    for read, person in enumerate(people, 1):
        shared = wanted.keys() & set(_keys(person, is_told=False))
        if shared:
            _take(person, shared, held, blocks, shares)
        if read % 1_000 == 0:
            on_read(read)
    met = _met(wanted, blocks, len(temporaries))
    found = {
        one.number: [compare(one, held[k], shares) for k in sorted(met[n])]
        for n, one in enumerate(temporaries)
    }
    for one, candidate in _among(temporaries, wanted, shares):
        found[one.number].append(candidate)
    return {number: ranked(candidates) for number, candidates in found.items()}


def _take(
    person: Person, shared: set[str], held: list[Person], blocks: Mapping[str, list[int]], shares: Shares
) -> None:
    for key in shared:
        blocks[key].append(len(held))
        field = _COUNTED.get(key[0])
        if field is not None:
            shares.count(field, key[2:])
    held.append(person)


def _met(wanted: Mapping[str, list[int]], blocks: Mapping[str, list[int]], count: int) -> list[set[int]]:
    met: list[set[int]] = [set() for _n in range(count)]
    for key, rows in blocks.items():
        if len(rows) <= BLOCK_MAX:
            for n in wanted[key]:
                met[n].update(rows)
    return met


def _among(
    temporaries: Sequence[Person], wanted: Mapping[str, list[int]], shares: Shares
) -> Iterator[tuple[Person, Candidate]]:
    """Yield who was perhaps registered before, here under another temporary number."""
    pairs = {
        (later, earlier)
        for key, numbers in wanted.items()
        if len(numbers) <= BLOCK_MAX and key[0] in "ncpsm"
        for later in numbers
        for earlier in numbers
        if earlier < later
    }
    for later, earlier in sorted(pairs):
        yield temporaries[later], compare(temporaries[later], temporaries[earlier], shares)


def _keys(person: Person, *, is_told: bool) -> Iterator[str]:
    """Yield what may bring two records together; told ones give the slips of the pen too."""
    yield from _number_keys(person)
    name, born = person.forms, person.born
    if born is not None:
        yield f"d:{born}"
        if is_told and born.day <= 12:  # noqa: PLR2004 (months)
            yield f"d:{date(born.year, born.day, born.month)}"
    if name.is_nobody or not name.text:
        return
    yield f"n:{name.text}"
    yield from (f"s:{sound}" for sound in name.sounds)
    if name.mother:
        yield f"m:{name.mother}"
        if is_told:
            yield f"n:{name.mother}"
        return
    years = _years(person, is_told=is_told)
    pieces = set(_pieces(person))
    yield from (f"y:{year}:{piece}" for year in years for piece in pieces)


def _number_keys(person: Person) -> Iterator[str]:
    identity = person.identity_number
    if identity:
        yield f"c:{identity}"
        if len(identity) > _ID_PIECE:
            yield f"i:{identity[-_ID_PIECE:]}"
            yield (
                f"j:{identity[:-_ID_PIECE]}" if len(identity) > 2 * _ID_PIECE else f"i:{identity[:_ID_PIECE]}"
            )
    if person.card_key:
        yield f"c:{person.card_key}"
    yield from (f"p:{phone}" for phone in person.phone_keys)


def _pieces(person: Person) -> Iterator[str]:
    """Yield parts of the name that one slip leaves whole."""
    name = person.forms
    if name.is_latin:
        yield from (word[:4] for word in name.words)
        yield from (word[-4:] for word in name.words if len(word) > 4)  # noqa: PLR2004 (letters)
    else:
        yield from (name.text[:n] + name.text[n + 1 :] for n in range(len(name.text)) if len(name.text) > 2)  # noqa: PLR2004 (characters)
    yield from (sound[:4] for sound in name.sounds)


def _years(person: Person, *, is_told: bool) -> Sequence[int]:
    """Return the years of birth to look in: those around a told age."""
    if person.born is not None:
        return (person.born.year,)
    if person.age_years is None or not is_told or not person.seen_on:
        return ()
    middle = int(person.seen_on[:4]) - person.age_years
    return range(middle - _AGE_YEARS_AROUND, middle + _AGE_YEARS_AROUND + 1)
