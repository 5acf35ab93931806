"""What is drawn: every paper somebody is handed, in the order a hospital meets them."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from downtime.shift import opening
from downtime.shift_report import shift_report
from downtime.store import journal
from tests.downtime.builders import make_home, open_current, stand
from tests.downtime.receipt_samples import LETTERHEADS
from tests.downtime.shifts import close_shift, some_customers
from tests.downtime.test_receipt import paper

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.i18n import Language
    from downtime.receipt_rows import Receipt

SHIFT = "shift-report"
KINDS = (
    *("charge", "insured-pending", "unverified", "partly-paid", "green-channel", "payment"),
    *("precollection", "itemisation", "pricing", "registration", "visit", "deposit"),
    *("deposit-refund", "bookkeeping", "refund", "reversal", "card-held", "dispense", SHIFT),
)


def drawn_of(kind: str, language: Language) -> Receipt:
    """Return the paper called ``kind``."""
    if kind == SHIFT:
        return shift_report(closed_shift(), LETTERHEADS[language], language=language)
    return paper(kind, language)


@cache
def closed_shift() -> Entry:
    """Return the end of a shift with some customers, short of a little."""
    with tempfile.TemporaryDirectory() as folder:
        book = open_current(make_home(Path(folder) / "home"))
        stand(book, opening(book, float_minor=20_000))
        some_customers(book)
        close_shift(book, 32_200, reason="练习:找错零", left_minor=20_000)
        entry = journal.last_of_form(book.db, "shift_closed")
        book.close()
    assert entry is not None
    return entry
