"""How long the report of a shift of 2,000 receipts takes: from the count to the paper, against bare reading."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from downtime.book import OpenBook
from downtime.keys import CHEAP_COST, Person
from downtime.letterhead import Letterhead
from downtime.receipt_pdf import receipt_pdf
from downtime.record import Recorded, new_entry_id, record, record_event
from downtime.sealing import Filled
from downtime.shift import closing, count_now, opening, shift_now
from downtime.shift_look import look_at_shift
from downtime.shift_report import shift_report
from downtime.station import create_station
from downtime.store import journal
from forms.shift import ShiftClosed, ShiftCounted
from forms.shift_rules import Pieces
from forms.station_book import Printed
from tests.bench.bench_record import SETTINGS, _charge

if TYPE_CHECKING:
    from collections.abc import Callable

RECEIPTS = 2_000
RUNS = 7
GOAL_SECONDS = 1.0
_READ = "SELECT CAST(sealed AS TEXT) FROM entry WHERE form IN ('charge', 'printed')"


def run() -> dict[str, float | str]:
    """Return seconds from the count to the paper, its parts, and the ratio to reading and parsing the entries."""
    with tempfile.TemporaryDirectory() as folder:
        book = _shift_of(Path(folder))
        ours, bare, screen = [], [], []
        for _run in range(RUNS):  # by turns, because the machine is noisy
            ours.append(_seconds(lambda: _report(book)))
            bare.append(_seconds(lambda: [json.loads(row[0]) for row in book.db.execute(_READ)]))
            screen.append(_seconds(lambda: look_at_shift(book.db, "CNY")))
        book.close()
    report, floor = statistics.median(ours), statistics.median(bare)
    return {
        "receipts": RECEIPTS,
        f"report to PDF, s (goal {GOAL_SECONDS:.0f})": round(report, 3),
        "one look of the screen, s": round(statistics.median(screen), 3),
        "reading the entries alone, s": round(floor, 3),
        "ratio (goal 2)": round(report / floor, 2),
    }


def _report(book: OpenBook) -> None:
    """Do what the last Enter does but for the disk: what is unaccounted for, figures, form, paper."""
    counted = count_now(book.db)
    assert counted is not None
    form = closing(book, counted_minor=counted.counted_minor, reason="练习")
    assert isinstance(form, ShiftClosed)
    first = journal.entry_by_seq(book.db, 1)
    assert first is not None
    # as it would stand; not recorded, for the next run needs the shift open
    entry = replace(first, form=ShiftClosed.name, content=form.model_dump(mode="json"))
    receipt_pdf(shift_report(entry, Letterhead(hospital_name="练习医院")))


def _shift_of(folder: Path) -> OpenBook:
    people = [(Person("1001", "练习员", ("cashier",)), "x")]
    home = create_station(
        folder / "home", SETTINGS, people, service_password="x", cost=CHEAP_COST, ballast_bytes=0
    )
    book = OpenBook(home, home.keys.unlock("1001", "x"), home.current_book())
    _stands(record(book, Filled(opening(book, float_minor=20_000), new_entry_id())))
    for _receipt in range(RECEIPTS):
        entry = _stands(record(book, Filled(_charge(), new_entry_id()))).entry
        record_event(book, Printed(entry_id=entry.id, number=entry.number or "", state="printed"))
    pile = (Pieces(denomination_minor=10, pieces=1),)
    standing = shift_now(book.db)
    assert standing is not None
    count = ShiftCounted(shift=standing.shift, currency="CNY", counted=pile, counted_minor=10)
    _stands(record(book, Filled(count, new_entry_id())))
    return book


def _stands(outcome: object) -> Recorded:
    assert isinstance(outcome, Recorded), outcome
    return outcome


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began
