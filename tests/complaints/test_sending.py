"""What a failed attempt to send does to what was recorded: nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from sync.connectors.memory import BrokenLinkError, MemoryConnector
from sync.contract_entries import HOSPITAL
from sync.worker import deliver_once
from tests.sync.conftest import book
from tests.sync.entries import MadeUpBook, charges

if TYPE_CHECKING:
    from sync.connectors.memory import Fault

__all__ = ["book"]
ENTRIES = 5


@pytest.mark.parametrize("fault", ["refused", "unreachable", "request_lost", "reply_lost", "breaks"])
def test_forms_deleted_after_a_failed_send(book: MadeUpBook, fault: Fault) -> None:
    """Refused, no answer, cut off in the middle: every entry lies in the journal byte for byte as before.

    Elsewhere a form that could not be delivered was removed from the device all the same (getodk #1017).
    """
    recorded = book.record(*charges(ENTRIES))
    before = _journal(book)
    connector = MemoryConnector(HOSPITAL, faults=[fault] * ENTRIES)
    try:
        done = deliver_once(book, connector, clock=ManualClock())
    except BrokenLinkError:
        pass
    else:
        assert done.total.entries == ENTRIES, "counted, whatever became of it"
    assert _journal(book) == before
    assert len(before) >= len(recorded)


def _journal(book: MadeUpBook) -> list[tuple[object, ...]]:
    from downtime.store.journal import open_journal

    db = open_journal(book.journal_path, book.key)
    try:
        return list(db.execute("SELECT seq, id, sealed, hash FROM entry ORDER BY seq"))
    finally:
        db.close()
