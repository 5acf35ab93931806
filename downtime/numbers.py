"""Receipt numbers accounted for: every used, void and unused one, and who held it (L6)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.receipt_number import format_number
from downtime.shelf import HomeShelf
from downtime.store import journal, number_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from downtime.home import Home
    from downtime.keys import Keyring
    from downtime.store.number_queries import Block, UsedNumber
    from downtime.store.sqlite import Database

USED, VOID, UNUSED, MISSING, RETIRED = "used", "void", "unused", "missing", "retired"
STATES = (USED, VOID, UNUSED, MISSING, RETIRED)


@dataclass(frozen=True, slots=True)
class NumberLine:
    """One number that was used, or a range of numbers that were not.

    Attributes:
        state: ``used``; ``void``: its entry was reversed; ``unused``: still to come; ``missing``: jumped over inside
            the own block; ``retired``: never to be used, because the station went on under another letter.
        first, last: as they are printed; the same for one number.
        count: how many numbers these are.
        held_by: who recorded the entry; of numbers nobody used, who put the block in, or the station itself.
        at: when, RFC 3339.
        form, amount_minor, reversed_by: of the entry, if it was used.
    """

    state: str
    first: str
    last: str
    count: int
    held_by: str
    at: str
    book: int
    form: str = ""
    amount_minor: int | None = None
    reversed_by: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


@dataclass(slots=True)
class _Letter:
    """What the books of one incarnation say."""

    station: str
    incarnation: str
    drill: bool
    used: list[tuple[int, UsedNumber]] = field(default_factory=list)
    blocks: list[tuple[int, Block]] = field(default_factory=list)
    following: int = 1

    def number(self, counter: int) -> str:
        return format_number(self.station, self.incarnation, counter, drill=self.drill)


def number_lines(home: Home, ring: Keyring) -> list[NumberLine]:
    """Return what became of every number this station was given, letter by letter, in order.

    Books that were destroyed after their retention are left out: their certificates say how many receipts they held.
    """
    return lines_of(HomeShelf(home, ring).books())


def lines_of(books: Iterable[tuple[int, Database]]) -> list[NumberLine]:
    """Return the same of the books (number, journal) of one station, oldest first."""
    letters: dict[str, _Letter] = {}
    for number, db in books:
        _read(letters, db, number)
    newest = max(letters, default="")
    return [line for name in sorted(letters) for line in _lines(letters[name], retired=name != newest)]


def _read(letters: dict[str, _Letter], db: Database, book: int) -> None:
    first = journal.entry_by_seq(db, 1)
    if first is None:
        return
    letter = letters.setdefault(first.incarnation, _Letter(first.station, first.incarnation, first.drill))
    letter.used += [(book, one) for one in number_queries.used(db)]
    letter.blocks += [(book, one) for one in number_queries.blocks(db)]
    letter.following = max(letter.following, number_queries.following(db))


def _lines(letter: _Letter, *, retired: bool) -> list[NumberLine]:
    found = {
        one.counter: NumberLine(
            VOID if one.reversed_by else USED,
            one.number,
            one.number,
            1,
            one.operator,
            one.recorded_at,
            book,
            one.form,
            one.amount_minor,
            one.reversed_by,
        )
        for book, one in letter.used
    }
    given: dict[tuple[int, int], tuple[int, Block]] = {}
    covered = set(found)
    for book, block in letter.blocks:
        for first, last in _rest(block.first, block.last, covered):
            if last < letter.following or first >= letter.following:
                given[first, last] = book, block
            else:
                given[first, letter.following - 1] = given[letter.following, last] = book, block
            covered.update(range(first, last + 1))
    ranges = {
        first: NumberLine(
            MISSING if last < letter.following else RETIRED if retired else UNUSED,
            letter.number(first),
            letter.number(last),
            last - first + 1,
            block.operator or letter.station,
            block.recorded_at,
            book,
        )
        for (first, last), (book, block) in given.items()
    }
    return [line for _counter, line in sorted((found | ranges).items())]


def _rest(first: int, last: int, covered: set[int]) -> Sequence[tuple[int, int]]:
    """Return the ranges from ``first`` to ``last`` that nothing covers yet."""
    rest: list[tuple[int, int]] = []
    begins: int | None = None
    for counter in range(first, last + 2):
        is_free = counter <= last and counter not in covered
        if is_free and begins is None:
            begins = counter
        elif not is_free and begins is not None:
            rest.append((begins, counter - 1))
            begins = None
    return rest


def sums_of(lines: Iterable[NumberLine]) -> dict[str, int]:
    """Return how many numbers are in each state."""
    sums = dict.fromkeys(STATES, 0)
    for line in lines:
        sums[line.state] += line.count
    return sums


def state_words(state: str) -> str:
    """Return the name of a state in the language in use."""
    return {
        USED: _("used"),
        VOID: _("void (reversed)"),
        UNUSED: _("not used yet"),
        MISSING: _("MISSING"),
        RETIRED: _("retired, never used"),
    }[state]
