"""Comparing a chain with its head log, at every start and before every append."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.errors import JournalAlarmError
from downtime.i18n import _
from downtime.store import journal
from downtime.store.headlog import RECORD_BYTES

if TYPE_CHECKING:
    from sqlite_utils import Database

    from downtime.store.headlog import HeadLog, HeadRecord


def alarm(position: int, reason: str) -> JournalAlarmError:
    """Return the alarm for the first position that cannot be trusted."""
    return JournalAlarmError(
        _("The journal cannot be trusted from entry {position} on: {reason}").format(
            position=position, reason=reason
        ),
        _("Record nothing more in it. Go on under a new incarnation (downtime continue) and call IT."),
        position,
    )


def missing_head(db: Database, head_log: HeadLog) -> tuple[int, int, bytes] | None:
    """Compare the last entries with the last head record.

    Returns:
        (seq_from, seq_to, head) of the one commit group whose head record is still missing after a crash,
        or None when the two agree.

    Raises:
        JournalAlarmError: the journal is behind the head log, more than one group ahead, or different.
    """
    seq, head, group_first = journal.head(db)
    size = head_log.size()
    partial = size % RECORD_BYTES != 0
    last = head_log.last()
    if last is None and size >= RECORD_BYTES:
        raise alarm(seq, _("the last record of the head log is damaged."))
    if last is None:
        return _only_group(seq, head, group_first)
    if seq < last.seq_to:
        raise alarm(
            seq + 1,
            _("the head log remembers {remembered} entries, the journal holds {held}.").format(
                remembered=last.seq_to, held=seq
            ),
        )
    if seq == last.seq_to:
        if head != last.head:
            raise alarm(last.seq_from, _("its hash is not the one the head log remembers."))
        if partial:
            raise alarm(seq, _("the head log ends in a broken record."))
        return None
    _require_head_inside(db, last)
    if group_first != last.seq_to + 1:
        raise alarm(
            last.seq_to + 1,
            _("the head log ends at entry {remembered}, more than one commit before the journal.").format(
                remembered=last.seq_to
            ),
        )
    assert head is not None
    return group_first, seq, head


def _only_group(seq: int, head: bytes | None, group_first: int) -> tuple[int, int, bytes] | None:
    if head is None:
        return None
    if group_first != 1:
        raise alarm(1, _("the head log is missing."))
    return 1, seq, head


def _require_head_inside(db: Database, last: HeadRecord) -> None:
    entry = journal.entry_by_seq(db, last.seq_to)
    if entry is None or entry.hash != last.head:
        raise alarm(last.seq_from, _("its hash is not the one the head log remembers."))
