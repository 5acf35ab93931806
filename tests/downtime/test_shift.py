"""The shift: what it took in, the blind count, what it waits for, and its closing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.record import Recorded, new_entry_id, record, record_event
from downtime.sealing import Filled
from downtime.shift import closing, expected_now, figures_now, float_suggested, matters, opening, shift_now
from downtime.store import journal
from downtime.store.balances import balances_with_carried
from forms.base import read_form
from forms.shift import ShiftClosed
from forms.station_book import Printed
from tests.downtime.builders import (
    by,
    cash,
    charge,
    line,
    reversal,
    stand,
)
from tests.downtime.shifts import (
    CNY,
    blind_count,
    close_shift,
    print_all,
    problem_fields,
    some_customers,
)
from tests.forms.earlier import fields
from tests.forms.money import refund, refund_confirmed, unseen, verified

if TYPE_CHECKING:
    from downtime.book import OpenBook


def test_figures_come_from_payment_rows_only(book: OpenBook) -> None:
    """What is authorised unpaid is never cash; methods, categories and operators come to the same money."""
    some_customers(book)
    figures = figures_now(book.db, CNY)
    assert {one.method: one.net_minor for one in figures.methods} == {
        "cash": 12_300, "card": 500, "mobile": 1_500, "unverified": 900,
    }  # fmt: skip
    assert {one.name: one.amount_minor for one in figures.categories} == {
        "化验费": 2_000, "drug": 500, "payment": 300, "precollection:化验费": 1_500, "deposit": 10_000, "service": 900,
    }  # fmt: skip
    assert [(one.name, one.amount_minor) for one in figures.operators] == [("1001", 15_200)]
    assert figures.agree()
    assert (figures.unverified_minor, figures.advances_minor, figures.owed_minor) == (900, 1_500, 400)
    assert (figures.numbers.used, figures.numbers.first, figures.numbers.last) == (7, 1, 7)
    assert expected_now(book.db, CNY) == {"cash": 32_300, "card": 500, "mobile": 1_500}


def test_counted_blind_before_it_closes(book: OpenBook) -> None:
    """Closing asks for the count first, for exactly that count, and for a reason if it differs."""
    some_customers(book)
    print_all(book)
    form = closing(book, counted_minor=32_300)
    assert isinstance(form, ShiftClosed)
    assert problem_fields(book, form) == {"counted_minor"}
    stand(book, blind_count(book, 32_310))
    assert problem_fields(book, form) == {"counted_minor"}
    stand(book, blind_count(book, 32_300))
    assert isinstance(record(book, Filled(form, new_entry_id())), Recorded)
    assert shift_now(book.db) is None


def test_over_and_short_say_why(book: OpenBook) -> None:
    """A difference is recorded with its reason and stays on an account until it is explained."""
    some_customers(book)
    short = close_shift(book, 32_200, reason="练习:找错零", left_minor=20_000)
    assert short.over_short_minor == -100
    content = short.model_dump(mode="json")
    assert fields(read_form(ShiftClosed, {**content, "reason": ""})) == {"reason"}
    assert fields(read_form(ShiftClosed, {**content, "left_minor": 32_201})) == {"left_minor"}
    assert balances_with_carried(book.db, "suspense:over_short")["suspense:over_short:W03", CNY] == 100
    assert balances_with_carried(book.db, "suspense:handed_in:cash") == {
        ("suspense:handed_in:cash", CNY): 12_200
    }
    assert not balances_with_carried(book.db, "drawer:")
    assert float_suggested(book.db) == 20_000
    assert figures_now(book.db, CNY).methods == ()


def test_refused_while_a_paper_is_unaccounted_for(book: OpenBook) -> None:
    """What never came out, was cut off, or nobody was told about is named; a reason for each lets it close."""
    first = some_customers(book)
    print_all(book)
    lost = stand(book, charge())
    cut = stand(book, charge())
    record_event(book, Printed(entry_id=cut.id, number=cut.number or "", state="maybe_printed"))
    waiting = closing(book, counted_minor=0, unconfirmed=[first, lost])
    assert isinstance(waiting, list)
    assert [(one.kind, one.number) for one in waiting] == [
        ("not_printed", lost.number), ("maybe_printed", cut.number), ("unconfirmed", first.number),
    ]  # fmt: skip
    explained = {one.number: "练习:手写收据" for one in waiting}
    stand(book, blind_count(book, 37_300))
    form = closing(book, counted_minor=37_300, explained=explained, unconfirmed=[first])
    assert isinstance(form, ShiftClosed)
    assert {one.number for one in form.explained} == set(explained)
    stand(book, form)
    assert not matters(book.db, [first]), "explained once is enough"


def test_a_charge_in_between_is_noticed(book: OpenBook) -> None:
    """Recorded by another program after the figures were read: the closing is refused, not wrong."""
    stand(book, blind_count(book, 20_000))
    form = closing(book, counted_minor=20_000)
    assert isinstance(form, ShiftClosed)
    stand(book, charge())
    assert problem_fields(book, form) == {"expected_minor"}


def test_closing_twice_is_closing_once(book: OpenBook) -> None:
    """The same closing again is the same closing; another one finds no shift."""
    stand(book, blind_count(book, 20_000))
    form = closing(book, counted_minor=20_000)
    assert isinstance(form, ShiftClosed)
    entry_id = new_entry_id()
    assert isinstance(record(book, Filled(form, entry_id)), Recorded)
    again = record(book, Filled(form, entry_id))
    assert isinstance(again, Recorded)
    assert again.already
    assert problem_fields(book, form) == {"shift"}
    assert problem_fields(book, opening(book, float_minor=0).model_copy(update={"shift": form.shift})) == {
        "shift"
    }


def test_one_drawer_one_shift(book: OpenBook) -> None:
    """A second shift cannot begin while one is open."""
    assert problem_fields(book, opening(book, float_minor=0)) == {"shift"}


def test_reversal_in_a_closed_shift(book: OpenBook) -> None:
    """What a closed shift took in is given back by the open one; the closed figures stay what they were."""
    first = some_customers(book)
    closed = close_shift(book, 32_300, left_minor=20_000)
    stand(book, opening(book, float_minor=20_000))
    stand(book, reversal(first))
    figures = figures_now(book.db, CNY)
    assert figures.net_of("cash") == -2_000
    assert (figures.reversals.count, figures.reversals.amount_minor) == (1, 2_000)
    assert expected_now(book.db, CNY)["cash"] == 18_000
    kept = journal.last_of_form(book.db, "shift_closed")
    assert kept is not None
    assert kept.content["figures"] == closed.figures.model_dump(mode="json")


def test_refunds_count_when_the_money_goes(book: OpenBook) -> None:
    """Cash at once, mobile when it is confirmed; unverified money becomes mobile money when it is found."""
    charged = [line(price=900, quantity="1"), line("A2", 600, "1")]
    paid = stand(book, charge(charged, payments=[cash(600), by("mobile", 900)]))
    taken = [
        {
            "line": n,
            "code": one["code"],
            "name": one["name"],
            "quantity": "1",
            "amount_minor": one["amount_minor"],
        }
        for n, one in enumerate(charged, 1)
    ]
    given = stand(book, refund(paid.id, taken, [cash(600), by("mobile", 900)]))
    figures = figures_now(book.db, CNY)
    assert (figures.net_of("cash"), figures.net_of("mobile")) == (0, 900)
    assert figures.to_be_returned_minor == 900
    assert (figures.refunds.count, figures.refunds.amount_minor) == (1, 1_500)
    stand(book, refund_confirmed(given.id, [by("mobile", 900)]))
    unknown = stand(book, charge(charged[:1], payments=[unseen(900)]))
    stand(book, verified(unknown.id, 900))
    figures = figures_now(book.db, CNY)
    assert (figures.net_of("mobile"), figures.net_of("unverified")) == (900, 0)
    assert (figures.to_be_returned_minor, figures.unverified_minor) == (0, 0)
    assert expected_now(book.db, CNY) == {"cash": 20_000, "card": 0, "mobile": 900}
