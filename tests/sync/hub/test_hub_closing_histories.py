"""Random histories at several windows: what the certificate over all of them says is what was handed over and taken."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.store import journal
from downtime.store.verification import open_evidence
from forms.station_book import OutageDeclared, OutageEnded
from tests.downtime.closings import OUTAGE, agreed
from tests.downtime.customers import Window
from tests.downtime.kept_books import make_station, opened, ring_of
from tests.sync.hub.collected import CHINA, made_hub

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home

MONEY = ("payments", "refunds")


def _history(path: Path, code: str, seed: int) -> tuple[Home, Counter[str]]:
    """Let random customers come to one window before, in and after an outage; return what lies in its drawer."""
    clock = ManualClock(datetime(2026, 1, 5, 8, tzinfo=CHINA))
    home = make_station(path, clock, station={"code": code, "name": "练习窗口"})
    chance = Random(seed)
    kept: Counter[str] = Counter()
    for n, form in enumerate((None, OutageDeclared(outage=OUTAGE), OutageEnded(outage=OUTAGE))):
        if form is not None:
            agreed(home, clock, form)
        book = opened(home, "1001", clock)
        window = Window(book, chance)
        window.acts = tuple(act for act in window.acts if act != window.hands_out)
        for _customer in range(chance.randrange(3, 12 if n == 1 else 5)):
            window.customer()
            clock.turn(wall_seconds=60, passed_seconds=60)
        book.close()
        kept.update(window.ledger.shift)
    return home, kept


@pytest.mark.parametrize("seed", range(6))
def test_the_sums_of_the_certificate_are_the_sums_of_the_entries(tmp_path: Path, seed: int) -> None:
    """Money by method is what a second set of books says; numbers, entries and what the HIS must get are all there."""
    codes = ("W03", "W05", "W0A")
    with made_hub(tmp_path / "hub") as hub:
        homes, kept = [], Counter[str]()
        for n, code in enumerate(codes):
            home, ledger = _history(tmp_path / code, code, 100 * seed + n)
            homes.append(home)
            kept.update(ledger)
            hub.bring(home, ring_of(home, "4003"))
        hub.deliver(("refused", None, None, "refused") if seed % 2 else ())
        closing = hub.read().closing
    by_method = dict(
        zip(
            closing.tables["methods"].values("method"),
            closing.tables["methods"].values("net_minor"),
            strict=True,
        )
    )
    assert {name: amount for name, amount in by_method.items() if amount} == {
        name: amount for name, amount in kept.items() if amount
    }
    numbers, entries, deliverable, under = [], 0, 0, 0
    for home in homes:
        db = open_evidence(home.book(1).journal, ring_of(home, "4003").book_key(1))
        told = list(journal.entries(db))
        db.close()
        numbers += [entry.number for entry in told if entry.number]
        entries += len(told)
        under += sum(entry.outage == OUTAGE for entry in told)
    assert sorted(map(str, closing.tables["receipts"].values("number"))) == sorted(numbers)
    assert closing.entries == entries
    stations = closing.tables["stations"].sums()
    assert stations["outage_entries"] == under
    his = closing.tables["his"]
    counts = dict(zip(his.values("state"), his.values("entries"), strict=True))
    deliverable = int(counts.pop("all") or 0)
    assert sum(int(count or 0) for count in counts.values()) == deliverable
    figures = {one.name: one.value for one in closing.figures}
    assert figures["receipts"] == len(numbers)
    assert figures["deliverable"] == deliverable
