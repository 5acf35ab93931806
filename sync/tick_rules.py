"""What the tick-off goes by: times, operators, receipts named; and what may become of one wanted item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sync.reading.fields import HisRow
    from sync.tick_claims import Claim, Item

State: TypeAlias = Literal["same", "alike", "twice", "differs", "missing", "doubtful"]

SAME: Final = N_("patient, item, amount, operator and time agree")
SPLIT: Final = N_("the amount stands in parts that add up")
TOGETHER: Final = N_("several entries stand in one row that adds up")
ALIKE: Final = N_("alike entries and alike rows: nobody can tell which is which")
FEWER: Final = N_("alike entries, and fewer rows than entries")
PARTS: Final = N_("the sum agrees, but not which row belongs to which entry")
FURTHER: Final = N_("a further row of this item stands there")
SEVERAL: Final = N_("several rows may be meant")
TWICE: Final = N_("it stands there more than once")
OTHER: Final = N_("it stands there with another value")
NOT_THERE: Final = N_("nothing like it stands there")


@dataclass(frozen=True, slots=True)
class Rules:
    """How the comparison is made.

    Attributes:
        window_seconds: a row this long after an entry may still be its retyping.
        slack_seconds: how far the HIS's clock may be behind ours.
        compares_operator: whether operators must agree.
        names: entry id by receipt number, for rows that carry one.
        not_these: (entry id, row key) that a person said do not belong together.
    """

    window_seconds: int = 24 * 3600
    slack_seconds: int = 600
    compares_operator: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    not_these: frozenset[tuple[str, str]] = frozenset()

    def may_be(self, claim: Claim, row: HisRow) -> bool:
        """Whether ``row`` may show ``claim``, by time, by the receipt it names and by what a person said."""
        if not self.is_in_time(claim.at, row) or (claim.id, row.id) in self.not_these:
            return False
        named = self.names.get(row.receipt) if row.receipt else None
        return named is None or named == claim.id

    def is_in_time(self, at: int, row: HisRow) -> bool:
        """Whether ``row`` is not older than ``at`` and not too long after it."""
        return row.ends >= at - self.slack_seconds and row.begins <= at + self.window_seconds


class Wanted(NamedTuple):
    """One item that one entry wants."""

    claim: Claim
    item: Item


@dataclass(slots=True)
class Settled:
    """What became of one wanted item.

    Attributes:
        rows: the rows it stands in, or that may be meant.
        what: what differs: amount, quantity, operator, item.
        alike: of an alike item: number of its group.
    """

    state: State
    rows: tuple[HisRow, ...] = ()
    what: tuple[str, ...] = ()
    reason: str = NOT_THERE
    alike: int = -1
