"""Ten shifts of five hundred random customers of all kinds balance to the cent, every sum counted two ways."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

from downtime.shift import closing, expected_now, figures_now, opening
from downtime.store import journal, open_lists
from downtime.store.balances import balances_with_carried
from downtime.verify import verify_book
from forms.shift import ShiftClosed, ShiftCounted
from tests.downtime.builders import make_home, open_current, stand, unlock
from tests.downtime.customers import Window
from tests.downtime.shifts import CNY, label_of

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from forms.shift_figures import ShiftFigures

SHIFTS, CUSTOMERS = 10, 500
NOBODY_ELSE_ASKED = 1_000_000_000
ACCOUNTS = {
    "unverified": ("suspense:unverified:", 1),
    "returning": ("suspense:to_be_returned:", -1),
    "deposit": ("deposit:P000001:inpatient", -1),
    "advance": ("deposit:P000001:advance", -1),
    "inpatient": ("patient:P000001:inpatient", 1),
}


def _balance(book: OpenBook, beginning: str) -> int:
    return sum(balances_with_carried(book.db, beginning).values())


def _agree(window: Window, figures: ShiftFigures, float_minor: int) -> None:
    """Hand-kept books, payment rows, postings and lists say the same."""
    book, ledger = window.book, window.ledger
    by_rows = {one.method: one.net_minor for one in figures.methods if one.net_minor}
    assert by_rows == {method: amount for method, amount in ledger.shift.items() if amount}
    expected = expected_now(book.db, CNY)
    assert expected["cash"] == float_minor + ledger.shift["cash"]
    assert (expected["card"], expected["mobile"]) == (ledger.shift["card"], ledger.shift["mobile"])
    assert figures.agree()
    for name, (beginning, sign) in ACCOUNTS.items():
        assert sign * _balance(book, beginning) == ledger.whole[name], name
    owed = _balance(book, "patient:") - _balance(book, "patient:P000001:inpatient")
    assert owed == ledger.whole["owed"] == figures.owed_minor
    assert figures.unverified_minor == ledger.whole["unverified"] == open_lists.unverified_total(book.db)
    assert figures.to_be_returned_minor == ledger.whole["returning"]
    assert sum(one.amount_minor for one in open_lists.to_be_returned(book.db)) == ledger.whole["returning"]
    assert figures.advances_minor == ledger.whole["advance"]
    assert sum(one.amount_minor for one in open_lists.open_advances(book.db)) == ledger.whole["advance"]


def _pile(amount: int) -> list[dict[str, Any]]:
    notes, coins = divmod(amount, 10_000)
    return [
        {"denomination_minor": 10_000, "pieces": notes},
        {"denomination_minor": 10, "pieces": coins // 10},
    ]


def _close(window: Window, figures: ShiftFigures) -> ShiftClosed:
    """Count, sometimes wrongly, explain the papers nobody printed, close."""
    book = window.book
    wrong = window.chance.choice([0, 0, 0, -130, 50])
    counted = max(0, expected_now(book.db, CNY)["cash"] + wrong) // 10 * 10
    content = {"shift": label_of(book), "currency": CNY, "counted": _pile(counted), "counted_minor": counted}
    stand(book, ShiftCounted.model_validate(content))
    waiting = closing(book, counted_minor=counted, reason="练习")
    assert isinstance(waiting, list), "papers are unaccounted for"
    assert len(waiting) == figures.numbers.used
    explained = {one.number: "练习:打印机坏" for one in waiting}
    form = closing(
        book, counted_minor=counted, left_minor=min(counted, 20_000), reason="练习", explained=explained
    )
    assert isinstance(form, ShiftClosed)
    assert form.figures == figures
    stand(book, form)
    assert not _balance(book, "drawer:"), "the drawer is empty between shifts"
    assert figures_now(book.db, CNY).methods == ()
    return form


def test_ten_shifts_balance_to_the_cent(tmp_path: Path) -> None:
    """Whatever five thousand customers do, every account is what it should be and no number is unexplained."""
    home = make_home(tmp_path / "home", two_person={"reversal_limit_minor": NOBODY_ELSE_ASKED})
    window = Window(open_current(home), Random(20260105))
    book = window.book
    left, used, over_short = 0, 0, 0
    handed_in: Counter[str] = Counter()
    for _shift in range(SHIFTS):
        stand(book, opening(book, float_minor=left))
        window.ledger.shift.clear()
        for _customer in range(CUSTOMERS):
            window.customer()
        figures = figures_now(book.db, CNY)
        _agree(window, figures, left)
        assert not figures.numbers.gaps
        closed = _close(window, figures)
        used += figures.numbers.used
        over_short += closed.over_short_minor
        left = closed.left_minor
        handed_in["cash"] += closed.counted_minor - left
        for method in ("card", "mobile"):
            handed_in[method] += closed.expected_minor[method]
    for method, amount in handed_in.items():
        assert _balance(book, f"suspense:handed_in:{method}") == amount
    assert _balance(book, "suspense:over_short:") == -over_short, "short is positive: money that is missing"
    sums: Counter[str] = Counter()
    for (_account, unit), amount in journal.balances(book.db).items():
        sums[unit] += amount
    assert not any(sums.values())
    assert window.refusals > SHIFTS * CUSTOMERS // 4
    paths = book.paths
    book.close()
    verification = verify_book(home, unlock(home), paths)
    assert verification.whole, verification.lines()
    assert verification.receipts == used
