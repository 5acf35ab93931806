"""The figures of a shift, sealed when it closes or is carried into the next book: sums, numbers, what is open.

Counted from payment rows only (收款明细): what is authorised unpaid is never cash.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from forms.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterable

Count = Annotated[int, Field(ge=0)]
Shown = Annotated[str, Field(max_length=200)]


class MethodSum(Part):
    """What came and went by one method: cash, card, mobile, or unverified.

    Attributes:
        parts: payment rows in, in and out together.
    """

    method: Annotated[str, Field(max_length=20)]
    parts: Count
    taken_minor: Count
    returned_minor: Count

    @property
    def net_minor(self) -> int:
        """Return what is left of it."""
        return self.taken_minor - self.returned_minor


class NamedSum(Part):
    """Money under one name: a category, or an operator."""

    name: Shown
    parts: Count
    amount_minor: int


class NumberGap(Part):
    """Receipt numbers this station jumped over, both ends included; explained: they belong to no block of its own."""

    first: Annotated[int, Field(ge=1)]
    last: Annotated[int, Field(ge=1)]
    explained: bool


class Numbers(Part):
    """Receipt numbers used, by their counters; 0 for none."""

    first: Count = 0
    last: Count = 0
    used: Count = 0
    gaps: Annotated[tuple[NumberGap, ...], Field(strict=False)] = ()


class Happened(Part):
    """How often something happened and its money."""

    count: Count = 0
    amount_minor: int = 0


class ShiftFigures(Part):
    """What the report of a shift (日结) says; money in minor units.

    Attributes:
        methods, categories, operators: the same money, cut three ways.
        reprints: copies printed beyond the first.
        unverified, advances, owed, to_be_returned: as they stand at the end, earlier shifts included.
    """

    methods: Annotated[tuple[MethodSum, ...], Field(strict=False)] = ()
    categories: Annotated[tuple[NamedSum, ...], Field(strict=False)] = ()
    operators: Annotated[tuple[NamedSum, ...], Field(strict=False)] = ()
    numbers: Numbers = Numbers()
    reprints: Count = 0
    reversals: Happened = Happened()
    refunds: Happened = Happened()
    unverified_minor: int = 0
    advances_minor: int = 0
    owed_minor: int = 0
    to_be_returned_minor: int = 0

    def net_minor(self) -> int:
        """Return what all methods come to."""
        return sum(one.net_minor for one in self.methods)

    def net_of(self, method: str) -> int:
        """Return what one method comes to."""
        return sum(one.net_minor for one in self.methods if one.method == method)

    def agree(self) -> bool:
        """Return whether methods, categories and operators come to the same money."""
        return (
            self.net_minor()
            == sum(one.amount_minor for one in self.categories)
            == sum(one.amount_minor for one in self.operators)
        )


def merged(before: ShiftFigures, after: ShiftFigures) -> ShiftFigures:
    """Return the figures of a shift that went on in a new book; what stands at the end is the later one's."""
    numbers = Numbers(
        first=before.numbers.first or after.numbers.first,
        last=after.numbers.last or before.numbers.last,
        used=before.numbers.used + after.numbers.used,
        gaps=before.numbers.gaps + after.numbers.gaps,
    )
    return after.model_copy(
        update={
            "methods": _methods(before.methods + after.methods),
            "categories": _named(before.categories + after.categories),
            "operators": _named(before.operators + after.operators),
            "numbers": numbers,
            "reprints": before.reprints + after.reprints,
            "reversals": _both(before.reversals, after.reversals),
            "refunds": _both(before.refunds, after.refunds),
        }
    )


def _both(one: Happened, other: Happened) -> Happened:
    return Happened(count=one.count + other.count, amount_minor=one.amount_minor + other.amount_minor)


def _methods(rows: Iterable[MethodSum]) -> tuple[MethodSum, ...]:
    parts, taken, back = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        parts[row.method] += row.parts
        taken[row.method] += row.taken_minor
        back[row.method] += row.returned_minor
    return tuple(
        MethodSum(method=method, parts=parts[method], taken_minor=taken[method], returned_minor=back[method])
        for method in sorted(parts)
    )


def _named(rows: Iterable[NamedSum]) -> tuple[NamedSum, ...]:
    parts, money = Counter[str](), Counter[str]()
    for row in rows:
        parts[row.name] += row.parts
        money[row.name] += row.amount_minor
    return tuple(NamedSum(name=name, parts=parts[name], amount_minor=money[name]) for name in sorted(parts))
