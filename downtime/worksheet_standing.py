"""What is still to be typed into the HIS at this station, and what became of the rest: by the books, never by a flag.

A person says "typed in"; the HIS says what stands there. What the HIS says counts: what it shows is done, what it shows
otherwise or twice comes back on top.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from downtime.board import STATES
from downtime.worksheet import signed_minor

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from downtime.entry import Entry
    from downtime.his_word import HisWord

CONNECTORS: Final = ("hub", "retype")
"""Whose answers tell what became of an entry that people type in, the first that is switched on."""

ORDER: Final = ("double", "differs", "missing", "person", "waiting", "entered", "verified")
"""States, what must be looked at first on top."""
WRONG: Final = ORDER[:4]
TO_TYPE: Final = ("waiting", "missing")
OPEN: Final = (*WRONG, "waiting")

STATE_OF_WORD: Final = {
    "differs": "differs",
    "twice": "double",
    "missing": "missing",
    "taken_back": "missing",
    "doubtful": "person",
    "there": "person",
}
"""Which state an entry is in by what the HIS's rows say of it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Somebody said that an entry was typed in, and nobody has taken it back.

    Attributes:
        entry_id: of that saying.
        book: where it stands, and ``seq`` its place there.
        at: RFC 3339; ``operator`` and ``operator_name``: who said it.
        bill: what the HIS showed for it, or "".
    """

    entry_id: str
    book: int
    seq: int
    at: str
    operator: str
    operator_name: str
    bill: str


@dataclass(frozen=True, slots=True)
class RetypeRow:
    """One entry and what became of it.

    Attributes:
        state: one of ``downtime.board.STATES``.
        word: what the HIS's rows say of it, where that is not simply that it agrees.
        refusal: what the HIS said when it refused it, or "".
        typed: who said it was typed in, or None.
        documents: formal documents the HIS issued for it, by number.
        reversed_by: number of the reversal that undoes it, or "".
        sheets: the worksheets it stood on: station and number.
    """

    entry: Entry
    state: str
    word: HisWord | None = None
    refusal: str = ""
    typed: Typed | None = None
    documents: tuple[str, ...] = ()
    reversed_by: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def amount_minor(self) -> int:
        """Its money; negative where it was given back."""
        return signed_minor(self.entry)

    @property
    def is_open(self) -> bool:
        """Whether somebody has something to do."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class StateCount:
    """Entries in one state and their money in minor units."""

    state: str
    entries: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Retyping:
    """Everything the desk shows.

    Attributes:
        rows: what must be looked at first on top, then in the order of the journal.
        connector: whose answers count, or "" where none is switched on.
        patients: HIS numbers by temporary number.
        bills: what the HIS knows entries by, by entry id.
        people: (number, name) of everybody who made any entry.
        last_sheet: number of the newest worksheet of a station, by its code.
        set_aside: entries in quarantine, which nobody types in.
    """

    rows: tuple[RetypeRow, ...] = ()
    connector: str = ""
    patients: dict[str, str] = field(default_factory=dict)
    bills: dict[str, str] = field(default_factory=dict)
    people: tuple[tuple[str, str], ...] = ()
    last_sheet: dict[str, int] = field(default_factory=dict)
    set_aside: tuple[Entry, ...] = ()

    def counts(self) -> list[StateCount]:
        """Return a line for every state there is; together they are all rows."""
        return counts_of(self.rows)

    def row(self, entry_id: str) -> RetypeRow | None:
        """Return the row of an entry."""
        return next((row for row in self.rows if row.entry.id == entry_id), None)

    def with_typed(self, entry_id: str, typed: Typed | None) -> Retyping:
        """Return the same after somebody said that an entry was typed in, or took it back; the HIS's word stays."""
        rows = [
            replace(row, typed=typed, state=said_by_people(row.state, typed))
            if row.entry.id == entry_id
            else row
            for row in self.rows
        ]
        rows.sort(key=urgency)
        return replace(self, rows=tuple(rows))

    def only(self, *, outage: str = "", everything: bool = True) -> list[RetypeRow]:
        """Return the rows of one outage, or of all; of these all, or only what is left to do."""
        return [
            row
            for row in self.rows
            if (not outage or row.entry.outage == outage) and (everything or row.is_open)
        ]


def counts_of(rows: Iterable[RetypeRow]) -> list[StateCount]:
    """Return a line for every state of ``rows``, in the order of the list."""
    kept = list(rows)
    found = []
    for state in ORDER:
        of_it = [row for row in kept if row.state == state]
        if of_it:
            found.append(StateCount(state, len(of_it), sum(row.amount_minor for row in of_it)))
    assert sum(one.entries for one in found) == len(kept), "every entry is in one state"
    return found


def said_by_people(state: str, typed: Typed | None) -> str:
    """Return the state once somebody has said that it was typed in, or took it back; the HIS is read later."""
    if typed is None:
        return "waiting" if state == "entered" else state
    return "entered" if state in TO_TYPE else state


def urgency(row: RetypeRow) -> tuple[int, int, int]:
    """Return by what rows are ordered: what must be looked at first, then the order of the books."""
    return ORDER.index(row.state), row.entry.book, row.entry.seq


def word_of(state: str) -> str:
    """Return the msgid of a state."""
    return STATES[state]


def outages_of(rows: Sequence[RetypeRow]) -> list[str]:
    """Return the names of the outages, in the order they first stand there."""
    return list(dict.fromkeys(row.entry.outage for row in rows))
