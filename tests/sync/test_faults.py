"""Thousands of faults, the same ones every time: no double, no loss, nothing called done that is not."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.store import delivery_queries as queries
from sync.connector import Guarantee
from sync.connectors.memory import BrokenLinkError, Fault, MemoryConnector
from sync.contract_entries import HOSPITAL
from sync.worker import deliver_once
from tests.sync.entries import charges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sync.entries import MadeUpBook

SETTLE_SECONDS = 30
FAULTS: tuple[Fault, ...] = (
    "reply_lost", "request_lost", "late", "unreachable", "slow", "wrong_id", "double_reply", "breaks",
)  # fmt: skip
WEIGHTS = (6, 6, 6, 6, 6, 6, 2, 0.2)
FAULTS_TARGET = {Guarantee.RESEND: 5_000, Guarantee.QUERY: 5_000, Guarantee.ONE_ATTEMPT: 500}


class Script:
    """An endless, seeded script of faults, until ``faults`` of them have happened."""

    def __init__(self, seed: int, faults: int) -> None:
        self._random = random.Random(seed)
        self.left = faults
        self.used = 0

    def __iter__(self) -> Iterator[Fault | None]:
        while True:
            if self.left > 0 and self._random.random() < 0.85:
                self.left -= 1
                self.used += 1
                yield self._random.choices(FAULTS, WEIGHTS)[0]
            else:
                yield None


@pytest.mark.parametrize("guarantee", list(Guarantee))
def test_no_double_no_loss_no_false_done(book: MadeUpBook, guarantee: Guarantee) -> None:
    """After thousands of faults every entry is booked once, or, where no HIS could tell, visibly parked."""
    entries = book.record(*charges(600))
    script = Script(seed=int(guarantee), faults=FAULTS_TARGET[guarantee])
    connector = MemoryConnector(
        HOSPITAL, guarantee=guarantee, faults=iter(script), settle_seconds=SETTLE_SECONDS, batch_max=60
    )
    clock = ManualClock()
    quiet = seen = 0
    while quiet < 3:
        try:
            done = deliver_once(book, connector, clock=clock)
        except BrokenLinkError:
            quiet = 0
        else:
            quiet = quiet + 1 if not done.sent else 0
        seen = _nothing_is_falsely_done(book, connector, seen)
        connector.his.settle()
        clock.turn(wall_seconds=SETTLE_SECONDS + 1)
        if script.left and quiet:  # more entries, so that the whole script is played
            entries += book.record(*charges(600, first=len(book.entries) + 1))
            quiet = 0
    counts = [len(connector.his.postings.get(entry.id, ())) for entry in entries]
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    standing = {line.state: line.entries for line in queries.standing(look, "memory")}
    look.close()
    assert script.used == FAULTS_TARGET[guarantee]
    assert max(counts) == 1
    if guarantee is Guarantee.ONE_ATTEMPT:
        assert set(standing) <= {"accepted", "in_doubt", "handed_over"}
        assert counts.count(0) <= standing["in_doubt"] + standing["handed_over"]
    else:
        assert standing == {"accepted": len(entries)}
        assert min(counts) == 1


def _nothing_is_falsely_done(book: MadeUpBook, connector: MemoryConnector, seen: int) -> int:
    """Check what was accepted since fact ``seen`` against the HIS and return the last fact."""
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    facts = look.execute("SELECT n, entry_id, state FROM deliveries.delivery WHERE n > ?", (seen,)).fetchall()
    look.close()
    assert {entry_id for _n, entry_id, state in facts if state == "accepted"} <= connector.his.postings.keys()
    return max((row[0] for row in facts), default=seen)
