"""verify: the head log is compared record by record; what a crash leaves is told from damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.store.headlog import RECORD_BYTES, HeadLog
from downtime.verify import verify_book
from tests.downtime.builders import (
    charge,
    open_current,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from downtime.findings import Verification
    from downtime.home import Home


def _verified(home: Home) -> Verification:
    return verify_book(home, unlock(home), home.current_book())


@pytest.fixture
def used_home(cheap_home: Home) -> Home:
    """Return a home with five charges (entries 4, 6, 8, 10, 12, each with its audit line)."""
    book = open_current(cheap_home)
    for _n in range(5):
        stand(book, charge())
    book.close()
    return cheap_home


@pytest.mark.parametrize("record", range(6))
@pytest.mark.parametrize("at", [0, 5, 10, 20, 40, 80, 115, RECORD_BYTES - 1])
def test_a_damaged_head_record_is_named(used_home: Home, record: int, at: int) -> None:
    """Magic, version, range, head, signature, checksum: any byte of any record."""
    path = used_home.current_book().head_log
    stored = bytearray(path.read_bytes())
    stored[record * RECORD_BYTES + at] ^= 1
    path.write_bytes(bytes(stored))
    found = _verified(used_home)
    assert found.first is not None
    assert found.first.position == (1 if record == 0 else 2 + 2 * record)


def test_a_head_signed_by_somebody_else_is_named(used_home: Home, cheap_home: Home) -> None:
    """A record whose checksum fits but whose signature is not the station's."""
    log = HeadLog(cheap_home.current_book().head_log)
    last = log.records()[-1]
    log.path.write_bytes(log.path.read_bytes()[:-RECORD_BYTES])
    log.append(last.seq_from, last.seq_to, last.head, lambda _content: bytes(64))
    found = _verified(used_home)
    assert found.first is not None
    assert (found.first.part, found.first.position) == ("head_log", last.seq_from)


def test_an_unfinished_head_after_the_last_commit_is_only_noted(used_home: Home) -> None:
    """A crash in mid-append is no damage; the next start completes it. Verifying does not."""
    path = used_home.current_book().head_log
    path.write_bytes(path.read_bytes()[:-7])
    size = path.stat().st_size
    found = _verified(used_home)
    assert found.whole
    assert len(found.notes) == 1
    assert path.stat().st_size == size


def test_an_unfinished_head_that_nothing_explains_is_named(used_home: Home) -> None:
    """A partial record is right only when the journal is one commit ahead."""
    path = used_home.current_book().head_log
    path.write_bytes(path.read_bytes() + b"DTHD")
    assert not _verified(used_home).whole
