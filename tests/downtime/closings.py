"""An outage from its declaration to the answers of the HIS, for closings: everything a closing tells happens in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from downtime.approvals import approve
from downtime.outcome import Accepted, FormalDocument, HandedOver, InDoubt, Rejected
from downtime.record import new_entry_id, record_event, record_station_form
from downtime.sealing import Filled
from downtime.shift import closing, expected_now, opening
from downtime.station import open_new_book
from downtime.store import journal
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.headlog import HeadLog
from forms.card_held import CardHeld
from forms.reversal import Reversal
from forms.shift import ShiftClosed, ShiftCounted
from forms.station_book import Audit, OutageDeclared, OutageEnded, Printed
from tests.downtime.builders import PATIENT, cash, charge, line, stand
from tests.downtime.customers import Window
from tests.downtime.kept_books import make_station, opened, password_of, ring_of
from tests.downtime.papers import give_out, type_in
from tests.downtime.shifts import CNY, label_of, print_all

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.clock import ManualClock
    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.outcome import Outcome
    from forms.base import Form

CONNECTOR = "practice"
OUTAGE = "X2026-01-05"
_FLOAT = 20_000


def make_outage(
    path: Path, clock: ManualClock, customers: int = 40, *, finish: bool = True, seed: int = 7, **more: Any
) -> Home:
    """Make a station whose book holds a whole outage; the next book is opened unless ``finish`` is False."""
    settings = {"connectors": {CONNECTOR: {"file": "practice-his.db"}}, **more}
    home = make_station(path, clock, **settings)
    agreed(home, clock, OutageDeclared(outage=OUTAGE, reason="网络中断", declared_by="练习信息科"))
    _morning(home, clock, customers, seed)
    agreed(home, clock, OutageEnded(outage=OUTAGE, declared_by="练习信息科"))
    clock.turn(wall_seconds=1200, passed_seconds=1200)
    answer(home, clock)
    if finish:
        open_new_book(home, ring_of(home, "1006"), clock=clock).close()
    return home


def agreed(home: Home, clock: ManualClock, form: Form) -> None:
    """Let IT and the supervisor declare or end an outage."""
    book = opened(home, "4001", clock)
    filled = Filled(form, new_entry_id())
    record_station_form(book, filled, approve(book, filled, "outage", "1006", password_of("1006")))
    book.close()


def _morning(home: Home, clock: ManualClock, customers: int, seed: int) -> None:
    """Two cashiers at one window, a printer that stops, a clock that jumps, paper forms, a shift short by a yuan."""
    book = opened(home, "1001", clock)
    stand(book, opening(book, float_minor=_FLOAT))
    chance = Random(seed)
    window = Window(book, chance)
    window.acts = tuple(act for act in window.acts if act != window.hands_out)  # 1007 is no pharmacist
    for n in range(customers):
        window.customer()
        spent = chance.randrange(5, 40) if n % 5 else 150
        clock.turn(wall_seconds=spent, passed_seconds=spent)
        if n == customers // 2:
            book.close()
            book = window.book = opened(home, "1007", clock)
            _trouble(book)
    book.close()
    book = opened(home, "1001", clock)
    stand(
        book,
        CardHeld.model_validate(
            {"patient": PATIENT, "left_by": "练习家属", "card_tail": "0000", "kept_in": "3"}
        ),
    )
    give_out(book)
    type_in(book, 1)
    type_in(book, 2)
    _two_special(book)
    _close(book)
    book.close()


def _two_special(book: OpenBook) -> None:
    """A reason that a spreadsheet would calculate, and a name that would turn the line around."""
    entry = stand(book, charge([line(price=300)], payments=[cash(600)]))
    content = {
        "entry_id": entry.id,
        "entry_number": entry.number or "",
        "patient": PATIENT,
        "reason": "=1+1 \u202e 13800138000",
        "refunds": [cash(600)],
        "total_minor": 600,
        "currency": "CNY",
    }
    stand(book, Reversal.model_validate(content))


def _trouble(book: OpenBook) -> None:
    found = list(journal.entries(book.db, forms=("charge",), limit=4))
    for entry in found:
        record_event(
            book,
            Printed(
                entry_id=entry.id, number=entry.number or "", state="not_printed", printer="practice-lpt1"
            ),
        )
    record_event(book, Audit(event="clock_jumped", detail="+3600 s"))
    record_event(book, Audit(event="right_refused", subject="purge", success=False))


def _close(book: OpenBook) -> None:
    """Close the shift about one yuan short."""
    due = expected_now(book.db, CNY)["cash"]
    counted = max(due - 100, 0) // 10 * 10
    piles = [(10_000, counted // 10_000), (10, counted % 10_000 // 10)]
    content = {
        "shift": label_of(book),
        "currency": CNY,
        "counted": [{"denomination_minor": one, "pieces": pieces} for one, pieces in piles if pieces],
        "counted_minor": counted,
    }
    stand(book, ShiftCounted.model_validate(content))
    print_all(book)
    form = closing(book, counted_minor=counted, left_minor=min(_FLOAT, counted), reason="差一元,已说明")
    assert isinstance(form, ShiftClosed), form
    stand(book, form)


def answer(home: Home, clock: ManualClock) -> None:
    """Let the HIS answer: most entries are in it with their document, one of each other kind is not."""
    paths, ring = home.current_book(), ring_of(home, "1001")
    book = opened(home, "1001", clock)
    sent = [one for one in journal.entries(book.db) if _is_owed(one)]
    head = journal.head(book.db)[0]
    first = journal.entry_by_seq(book.db, 1)
    assert first is not None
    odd: list[Outcome] = [Rejected("没有这个项目 no such item"), InDoubt("no answer"), HandedOver("row 7")]
    with Deliveries(
        paths.deliveries,
        ring.book_key(paths.number),
        heads=HeadLog(paths.deliveries_head),
        sign=book.signing.sign,
        first_entry_hash=first.hash,
    ) as deliveries:
        for n, entry in enumerate(sent[:-2]):
            outcome = odd.pop() if n in {3, 5, 7} else _accepted(n, entry)
            at = (datetime.fromisoformat(clock.now().wall) + timedelta(seconds=n)).isoformat(
                timespec="milliseconds"
            )
            deliveries.append(CONNECTOR, [Fact(entry.seq, entry.id, 1, outcome)], at=at, journal_seq=head)
    book.close()


def _is_owed(entry: Entry) -> bool:
    from forms import form_named

    form = form_named(entry.form)
    return form is not None and form.deliverable


def _accepted(n: int, entry: Entry) -> Accepted:
    if entry.form not in {"charge", "payment", "deposit"}:
        return Accepted((), f"PX{n}")
    document = FormalDocument(
        "e_invoice", "PX-06", f"PX{n:08}", "A1B2", entry.recorded_at, "issued", f"PX{n}"
    )
    return Accepted((document,), f"PX{n}")
