"""A small shift at the real screens on every day; ``make shifts`` runs ten of five hundred customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.shifts.books import Books, Line, Open, Paid, Part
from tests.shifts.soak import soak

if TYPE_CHECKING:
    from pathlib import Path

CUSTOMERS = 25


async def test_a_shift_with_random_faults_balances_to_the_cent(tmp_path: Path) -> None:
    """Mixed customers, a failing printer, a dying app, numbers used up: report and hand-kept books agree."""
    told = await soak(tmp_path, shifts=1, customers=CUSTOMERS, seed=5)
    assert told["differences"] == []
    (report,) = told["shifts"]
    assert report["receipts"] >= CUSTOMERS
    assert told["number_blocks_added"] >= 1


def test_a_report_that_is_a_cent_off_is_told() -> None:
    """The hand-kept books would notice: one cent of cash, and one receipt more than were handed out."""
    books = Books(drawer=20_000)
    books.take((Part("cash", 1_850),))
    books.slips["charge"] += 1
    methods = [{"method": "cash", "taken_minor": 1_851, "returned_minor": 0}]
    open_sums = dict.fromkeys(("unverified_minor", "advances_minor", "owed_minor", "to_be_returned_minor"), 0)
    closed = {
        "float_minor": 20_000,
        "expected_minor": {"cash": 21_851, "card": 0, "mobile": 0},
        "counted_minor": 21_850,
        "over_short_minor": 0,
        "figures": {"methods": methods, "numbers": {"used": 2}, **open_sums},
    }
    assert books.differences(closed, 20_000) == [
        "net of cash: report 1851, by hand 1850",
        "expected cash: report 21851, by hand 21850",
        "numbers used: report 2, by hand 1",
    ]


def test_the_books_round_and_move_money_by_their_own_arithmetic() -> None:
    """Half a cent goes up; card money given back is owed until it went; vouched money is owed."""
    assert Line("X", 2_001, "0.5").minor == 1_001
    books = Books()
    books.take((Part("card", 700), Part("cash", 300)))
    books.give_back("R1", (Part("card", 700), Part("cash", 300)))
    assert (books.drawer, books.shift["card"], books.whole["returning"]) == (0, 700, 700)
    assert books.returning == [Open("R1", 700, (Part("card", 700), Part("cash", 300)))]
    books.owes(Open("R2", 50))
    assert books.whole["owed"] == 50


def test_one_line_goes_back_as_it_was_paid() -> None:
    """By card as far as it came by card, the rest in cash; what is left on the receipt adds up."""
    lines = (Line("A", 700), Line("B", 300))
    paid = Paid("R1", 1_000, (Part("cash", 600), Part("card", 400)), lines)
    kept, back = paid.without(0)
    assert back == (Part("card", 400), Part("cash", 300))
    assert kept == Paid("R1", 300, (Part("cash", 300),), (None, lines[1]))
