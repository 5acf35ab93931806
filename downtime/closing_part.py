"""One book as a closing reads it: one walk, the answers of the HIS, and every table that is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime import closing_course as course
from downtime import closing_money as money
from downtime import closing_open as left_open
from downtime.closing_reading import Reading, read_book
from downtime.shift_counting import figures_of_book
from downtime.standing import Standing, standing_in
from downtime.store import closing_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from downtime.closing_money import Marks
    from downtime.closing_reading import Happening
    from downtime.closing_tables import Table
    from downtime.numbers import NumberLine
    from downtime.obstacles import Obstacle
    from downtime.store.closing_queries import Document
    from downtime.store.sqlite import Database


@dataclass(frozen=True, slots=True)
class Part:
    """One book.

    Attributes:
        reading: of all its entries.
        standing: with the connectors asked for.
        documents: formal documents by seq.
        his: the state of each entry that needs most to be done, by seq.
        tables: by name; see ``downtime.closing_joined`` for how several books share one.
    """

    reading: Reading
    standing: Standing
    documents: dict[int, list[Document]]
    his: dict[int, str]
    tables: dict[str, Table]


def read_part(
    db: Database,
    *,
    number: int,
    currency: str,
    connectors: Iterable[str],
    lines: Iterable[NumberLine],
    obstacles: Sequence[Obstacle],
    signed: Happening | None = None,
    marks: Marks | None = None,
) -> Part:
    """Read one book.

    Args:
        db: journal and deliveries of the book.
        number: of the book.
        currency: of its money.
        connectors: names of those whose answers count.
        lines: every receipt number of the station.
        obstacles: what of the book is not settled.
        signed: its sign-off, if there is one.
        marks: what became of its receipts, where other books say so too; asked of the book if absent.
    """
    connectors = list(connectors)
    reading = read_book(db)
    assert reading.first is not None, "a book begins with its opening"
    standing = standing_in(db, connectors, unconfirmed=0)
    answers = {name: closing_queries.states(db, name) for name in connectors}
    documents = closing_queries.documents(db)
    marks = marks or money.marks_of(db)
    waiting, his = left_open.waiting_in(db), left_open.worst_states(answers)
    found = (
        money.methods_table(figures_of_book(db, currency)),
        money.cashiers_table(reading),
        left_open.his_table(standing),
        left_open.lists_table(waiting),
        money.numbers_table(reading, marks, money.gaps_of(lines, db, number)),
        money.shifts_table(reading),
        money.returns_table(reading),
        left_open.papers_table(db, drill=reading.first.drill),
        left_open.open_table(db, waiting),
        left_open.owed_table(answers, reading),
        money.receipts_table(reading, marks, his, documents),
        course.course_table(reading, closing_queries.delivery_span(db), signed),
        course.intervals_table(reading.receipts),
        course.documents_table(reading, documents),
        left_open.obstacles_table(obstacles),
        course.events_table(reading),
        course.audit_table(reading),
    )
    return Part(reading, standing, documents, his, {table.name: table for table in found})
