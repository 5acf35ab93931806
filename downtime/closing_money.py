"""Tables of a closing about money: by method and cashier, receipts, what went back, shifts, numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.closing_tables import Column, Table
from downtime.closing_words import FORM_WORDS, HIS_STATES, METHOD_TITLES, NUMBER_STATES, RECEIPT_STATES
from downtime.numbers import USED, VOID
from downtime.receipt_number import parse_number
from downtime.shift_money import UNVERIFIED
from downtime.store import closing_queries, journal, number_queries, open_lists
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from downtime.closing_reading import Reading, Receipt
    from downtime.closing_tables import Value
    from downtime.numbers import NumberLine
    from downtime.store.closing_queries import Document
    from downtime.store.sqlite import Database
    from forms.shift_figures import ShiftFigures

METHODS = ("cash", "card", "mobile", UNVERIFIED)


def methods_table(figures: ShiftFigures) -> Table:
    """Return the money by method, counted as a shift counts it."""
    by_name = {one.method: one for one in figures.methods}
    rows = tuple(
        (one.method, one.parts, one.taken_minor, -one.returned_minor, one.net_minor)
        for one in (
            by_name[name] for name in [*METHODS, *sorted(set(by_name) - set(METHODS))] if name in by_name
        )
    )
    return Table(
        "methods",
        N_("Money by method"),
        (
            Column("method", N_("Method"), "word", 1.6, words=METHOD_TITLES),
            Column("parts", N_("Payments"), "count", 1, summed=True),
            Column("taken_minor", N_("Taken"), "money", 1.5, summed=True),
            Column("returned_minor", N_("Given back"), "money", 1.5, summed=True),
            Column("net_minor", N_("Net"), "money", 1.5, summed=True),
        ),
        rows,
    )


def cashiers_table(reading: Reading) -> Table:
    """Return the same money by who took it; the sums are those of the methods."""
    receipts = Counter(one.operator for one in reading.receipts)
    people = sorted(receipts.keys() | {operator for operator, _method in reading.moved})
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            operator,
            reading.names.get(operator, ""),
            receipts[operator],
            *(reading.moved[operator, method] for method in METHODS),
            sum(reading.moved[operator, method] for method in METHODS),
        )
        for operator in people
    )
    money = tuple(
        Column(f"{name}_minor", METHOD_TITLES[name], "money", 1.25, summed=True) for name in METHODS
    )
    return Table(
        "cashiers",
        N_("Money by cashier and method, net"),
        (
            Column("operator", N_("Staff no."), width=0.8),
            Column("name", N_("Cashier"), width=1.6),
            Column("receipts", N_("Receipts"), "count", 0.8, summed=True),
            *money,
            Column("net_minor", N_("Net"), "money", 1.35, summed=True),
        ),
        rows,
    )


@dataclass(frozen=True, slots=True)
class Marks:
    """What became of receipts, as the entries that name them say: void numbers, and ids of the others."""

    void: frozenset[str]
    exchanged: frozenset[str]
    waiting: frozenset[str]


def marks_of(db: Database) -> Marks:
    """Return what became of the receipts of a journal."""

    def ids(name: str) -> frozenset[str]:
        return frozenset(closing_queries.ids_at(db, list(open_lists.waiting(db, name))))

    void = frozenset(one.number for one in number_queries.used(db) if one.reversed_by)
    return Marks(void, ids("exchanged"), ids("not_exchanged"))


def receipts_table(
    reading: Reading,
    marks: Marks,
    his: Mapping[int, str],
    documents: Mapping[int, Sequence[Document]],
) -> Table:
    """Return every receipt number with its amount and what became of it.

    Args:
        reading: of the book.
        marks: of the same receipts.
        his: the state of each entry with the HIS, by seq.
        documents: formal documents by seq.
    """

    def state(one: Receipt) -> str:
        if one.number in marks.void:
            return "void"
        refunded = reading.refunded[one.id]
        if refunded:
            return "refunded" if refunded >= one.paid_minor else "part_refunded"
        if one.id in marks.exchanged:
            return "exchanged"
        return "not_exchanged" if one.id in marks.waiting else "stands"

    rows = tuple(
        (
            one.number,
            one.at,
            one.form,
            one.operator,
            one.amount_minor,
            one.moved_minor,
            state(one),
            his.get(one.seq, ""),
            " ".join(
                document.number for document in documents.get(one.seq, ()) if document.status == "issued"
            ),
        )
        for one in reading.receipts
    )
    return Table(
        "receipts",
        N_("Every receipt number"),
        (
            Column("number", N_("Number"), width=1.45),
            Column("at", N_("Time"), "moment", 1.05),
            Column("form", N_("Form"), "word", 1.5, words=FORM_WORDS),
            Column("operator", N_("By"), width=0.65),
            Column("amount_minor", N_("Amount"), "money", 1.1),
            Column("moved_minor", N_("Money in"), "money", 1.15, summed=True),
            Column("state", N_("State"), "word", 1.25, words=RECEIPT_STATES),
            Column("his", N_("HIS"), "word", 1.1, words=HIS_STATES),
            Column("formal", N_("Formal document"), width=1.45),
        ),
        rows,
        N_("Amount: as printed. Money in: what came into the drawer by it, less what went out."),
    )


def returns_table(reading: Reading) -> Table:
    """Return reversals and refunds, each with its reason."""
    rows = tuple(
        (
            one.number,
            one.at,
            one.form,
            one.of_number,
            one.amount_minor,
            one.operator,
            one.second_person,
            one.reason,
        )
        for one in reading.returns
    )
    return Table(
        "returns",
        N_("Reversals and refunds"),
        (
            Column("number", N_("Number"), width=1.4),
            Column("at", N_("Time"), "moment", 1.05),
            Column("form", N_("Form"), "word", 1.15, words=FORM_WORDS),
            Column("of_number", N_("For receipt"), width=1.4),
            Column("amount_minor", N_("Amount"), "money", 1.1, summed=True),
            Column("operator", N_("By"), width=0.7),
            Column("second_person", N_("Second"), width=0.75),
            Column("reason", N_("Reason"), width=2.2),
        ),
        rows,
    )


def shifts_table(reading: Reading) -> Table:
    """Return the closed shifts with what was over or short, and the one that is still open."""
    rows = [
        (
            entry.content["shift"],
            entry.content["business_day"],
            entry.content["operator"],
            entry.recorded_at,
            entry.content["float_minor"],
            entry.content["expected_minor"]["cash"],
            entry.content["counted_minor"],
            entry.content["over_short_minor"],
            entry.content["left_minor"],
            entry.content["reason"],
        )
        for entry in reading.shifts
    ]
    if reading.shift_open is not None:
        content = reading.shift_open.content
        empty = (None, None, None, None, "open")
        rows.append(
            (
                content["shift"],
                content["business_day"],
                content["operator"],
                "",
                content["float_minor"],
                *empty,
            )
        )
    return Table(
        "shifts",
        N_("Shifts"),
        (
            Column("shift", N_("Shift"), width=1.1),
            Column("business_day", N_("Business day"), width=1.05),
            Column("operator", N_("By"), width=0.65),
            Column("closed_at", N_("Closed"), "moment", 1.1),
            Column("float_minor", N_("Float"), "money", 1.05),
            Column("expected_minor", N_("Expected"), "money", 1.2),
            Column("counted_minor", N_("Counted"), "money", 1.2),
            Column("over_short_minor", N_("Over or short"), "money", 1.1, summed=True),
            Column("left_minor", N_("Left in the drawer"), "money", 1.15),
            Column("reason", N_("Reason"), "word", 1.5, words={"open": N_("still open")}),
        ),
        tuple(rows),
    )


def gaps_of(lines: Iterable[NumberLine], db: Database, number: int) -> list[NumberLine]:
    """Return the numbers nobody used, between the first and the next number of this book or of blocks given in it.

    Args:
        lines: every number of the station.
        db: the journal of the book.
        number: of the book.
    """
    opening = journal.entry_by_seq(db, 1)
    assert opening is not None
    begins, following = int(opening.content["next_number"]), number_queries.following(db)

    def belongs(line: NumberLine) -> bool:
        first = parse_number(line.first)
        inside = first is not None and first.incarnation == opening.incarnation
        return inside and (line.book == number or begins <= first.count < following)  # type: ignore[union-attr]  # inside

    return [line for line in lines if line.state not in {USED, VOID} and belongs(line)]


def numbers_table(reading: Reading, marks: Marks, gaps: Sequence[NumberLine]) -> Table:
    """Return how the receipt numbers of this book are accounted for: used, void, and every gap with who held it."""
    void = {one.number for one in reading.receipts} & marks.void
    numbers = [one.number for one in reading.receipts]
    whole = (min(numbers), max(numbers)) if numbers else ("", "")
    used = (USED, *whole, len(numbers) - len(void), "", "")
    voided = (VOID, *((min(void), max(void)) if void else ("", "")), len(void), "", "")
    rows = [used, voided, *((one.state, one.first, one.last, one.count, one.held_by, one.at) for one in gaps)]
    return Table(
        "numbers",
        N_("Receipt numbers accounted for"),
        (
            Column("state", N_("State"), "word", 1.5, words=NUMBER_STATES),
            Column("first", N_("From"), width=1.3),
            Column("last", N_("To"), width=1.3),
            Column("count", N_("Numbers"), "count", 0.9, summed=True),
            Column("held_by", N_("Held by"), width=1),
            Column("at", N_("Since"), "time", 1.6),
        ),
        tuple(rows),
        N_("From and to are the lowest and highest number of their kind; a range of its own is a gap."),
    )
