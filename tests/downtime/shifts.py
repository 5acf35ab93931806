"""Steps of a shift, for tests: a few customers of every kind, counting, printing, closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.record import Refused, new_entry_id, record, record_event
from downtime.sealing import Filled
from downtime.shift import closing, matters, shift_now
from forms.shift import ShiftClosed, ShiftCounted
from forms.station_book import Printed
from tests.downtime.builders import (
    arrears,
    by,
    cash,
    charge,
    collection,
    line,
    stand,
)
from tests.forms.money import deposit, precollection, unseen

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.entry import Entry
    from forms.base import Form


CNY = "CNY"


def label_of(book: OpenBook) -> str:
    """Return the label of the open shift."""
    standing = shift_now(book.db)
    assert standing is not None
    return standing.shift


def pile(amount: int) -> list[dict[str, Any]]:
    """Return ten-fen pieces that come to an amount."""
    return [{"denomination_minor": 10, "pieces": amount // 10}]


def blind_count(book: OpenBook, amount: int) -> ShiftCounted:
    """Return a blind count of the open shift."""
    content = {"shift": label_of(book), "currency": CNY, "counted": pile(amount), "counted_minor": amount}
    return ShiftCounted.model_validate(content)


def print_all(book: OpenBook) -> None:
    """Say of everything that waits that it came out."""
    for matter in matters(book.db):
        record_event(book, Printed(entry_id=matter.entry_id, number=matter.number, state="printed"))


def close_shift(book: OpenBook, counted: int, **more: Any) -> ShiftClosed:
    """Count, print and close; return the closing."""
    stand(book, blind_count(book, counted))
    print_all(book)
    form = closing(book, counted_minor=counted, **more)
    assert isinstance(form, ShiftClosed), form
    stand(book, form)
    return form


def problem_fields(book: OpenBook, form: Form) -> set[str]:
    """Return the fields a form is refused for."""
    outcome = record(book, Filled(form, new_entry_id()))
    assert isinstance(outcome, Refused), outcome
    return {problem.field for problem in outcome.problems}


def some_customers(book: OpenBook) -> Entry:
    """Return a cash charge after a few customers of every kind."""
    first = stand(book, charge([line(price=1000, category="化验费")], payments=[cash(2000, 5000)]))
    stand(book, charge([line("D1", 500, "1", "drug")], payments=[by("card", 500)]))
    owing = stand(book, arrears([line(price=700, quantity="1")]))
    stand(book, collection(owing.id, [cash(300)]))
    stand(book, precollection([by("mobile", 1500)]))
    stand(book, deposit([cash(10_000)]))
    stand(book, charge([line(price=900, quantity="1")], payments=[unseen(900, "8812")]))
    return first
