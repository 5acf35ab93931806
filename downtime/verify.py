"""``downtime verify``: read a book as an outsider would, and name the first position that is not what it was.

Files are opened for reading only and nothing is mended. A file that is damaged, missing or does not open is
a finding like any other; no exception leaves this module for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from downtime.certificate import verify_destroyed
from downtime.errors import DowntimeError
from downtime.findings import Finding, Report, Verification
from downtime.i18n import _
from downtime.keys import key_id_of, signature_is_good
from downtime.shelf import purged_entry
from downtime.store import verification
from downtime.store.delivery_verify import BadDelivery, verify_deliveries
from downtime.store.headlog import HeadLog
from downtime.store.sqlite import DatabaseError
from downtime.verify_row import BrokenEntry, Walk
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring
    from downtime.store.headlog import HeadLogReading, HeadRecord

_UNREADABLE = (DowntimeError, DatabaseError, OSError, ValueError, KeyError, TypeError)


def verify_book(home: Home, ring: Keyring, paths: BookPaths) -> Verification:
    """Read the whole of one book and say what is wrong with it.

    Args:
        home: the station.
        ring: open keys of anybody at the station.
        paths: the book.
    """
    report = Report()
    if paths.is_destroyed:
        return _destroyed(report, home, ring, paths)
    try:
        key = ring.book_key(paths.number)
    except _UNREADABLE as error:
        report.file("keys", f"keys/books/{paths.number:04d}.json", str(error))
        return Verification(paths.number, findings=report.ordered())
    walk = Walk(paths.number, cache(lambda incarnation: _public_key(ring, incarnation)))
    heads = _check_journal(report, walk, paths, key)
    deliveries = 0
    if heads is not None and walk.identity:
        _check_book_before(report, walk, home, paths)
        deliveries = _check_deliveries(report, walk, paths, key)
    return Verification(
        book=paths.number,
        entries=walk.entries,
        head=walk.head.hex(),
        head_records=len(heads.records) if heads else 0,
        receipts=walk.receipts,
        gaps=tuple(walk.gaps),
        deliveries=deliveries,
        findings=report.ordered(),
        notes=tuple(report.notes),
    )


def _destroyed(report: Report, home: Home, ring: Keyring, paths: BookPaths) -> Verification:
    """Check what stays of a book that was destroyed after its retention; that is no damage."""
    later = [book for book in home.books() if book.number > paths.number]
    told: Verification | str
    try:
        purged = purged_entry(home, ring, paths.number)
        gone_too = any(book.is_destroyed for book in later)
        told = verify_destroyed(home, paths, purged, gone_too=gone_too)
    except _UNREADABLE as error:
        told = str(error)
    if isinstance(told, Verification):
        return told
    report.file("keys", paths.certificate.name, told)
    return Verification(paths.number, findings=report.ordered())


def _public_key(ring: Keyring, incarnation: str) -> tuple[bytes, bytes]:
    try:
        public = ring.public_key(incarnation)
    except _UNREADABLE as error:
        raise ValueError(str(error)) from error
    return key_id_of(public), public


def _signature_check(walk: Walk) -> Callable[[HeadRecord], bool]:
    def is_good(record: HeadRecord) -> bool:
        try:
            public = walk.public_key_of(str(walk.identity.get("incarnation", "")))[1]
        except ValueError:
            return False
        return signature_is_good(public, record.signature, record.signed_bytes())

    return is_good


def _check_journal(report: Report, walk: Walk, paths: BookPaths, key: bytes) -> HeadLogReading | None:
    """Walk the journal; the head log is read before and after, so that a writer beside us raises no alarm."""
    head_log = HeadLog(paths.head_log)
    try:
        before = head_log.read()
        db = verification.open_evidence(paths.journal, key)
    except _UNREADABLE as error:
        report.file(
            "journal", paths.journal.name, error.what if isinstance(error, DowntimeError) else str(error)
        )
        return None
    try:
        broken = _broken_entry(walk, db)
        faults = verification.file_faults(db, paths.journal)
        heads = head_log.read()
    except _UNREADABLE as error:
        report.file("journal", paths.journal.name, str(error))
        return None
    finally:
        db.close()
    if broken is not None:
        report.entry("journal", broken.position, broken.reason)
    walk.approvals.close_group()
    for position, what in walk.approvals.missing:
        report.entry("journal", position, what)
    for fault in faults:
        report.file("file", paths.journal.name, fault)
    _check_heads(report, walk, before, heads, ended=broken is None)
    return heads


def _broken_entry(walk: Walk, db: Any) -> BrokenEntry | None:
    try:
        for row, named, legs in verification.stored_rows(db):
            wrong = walk.take(row, named, legs)
            if wrong:
                return BrokenEntry(walk.entries + 1, wrong)
    except DatabaseError as error:
        reason = _("the file cannot be read from here on ({reason}).").format(reason=error)
        return BrokenEntry(walk.entries + 1, reason)
    except verification.OrphanError:
        reason = _("there are postings or references that no entry explains.")
        return BrokenEntry(walk.entries + 1, reason)
    return None


def _check_heads(
    report: Report, walk: Walk, before: HeadLogReading, heads: HeadLogReading, *, ended: bool
) -> None:
    """Compare every head record with the chain, as far as the journal was read (``ended``: to its end).

    ``before`` is the head log as it was before the journal was read: what came later may be newer than it.
    """
    signature_holds = _signature_check(walk)
    logged = 0
    for record in heads.records:
        wrong = None
        if record.seq_from != logged + 1 or record.seq_to < record.seq_from:
            wrong = _("a record is missing from the head log.")
        elif record.seq_to > walk.entries:
            break
        elif walk.heads[record.seq_to - 1] != (record.head, record.seq_from):
            wrong = _("its hash is not the one the head log remembers.")
        elif not signature_holds(record):
            wrong = _("the head log's signature over it is not the station's.")
        if wrong:
            report.entry("head_log", logged + 1, wrong)
            return
        logged = record.seq_to
    if not ended:
        return
    remembered = before.records[-1].seq_to if before.records else 0
    if remembered > walk.entries:
        reason = _("the head log remembers {remembered} entries, the journal holds {held}.").format(
            remembered=remembered, held=walk.entries
        )
        report.entry("head_log", walk.entries + 1, reason)
    elif heads.damaged_at is not None:
        report.entry("head_log", logged + 1, _("the head log is damaged."))
    else:
        _check_tail(report, walk, logged, bool(before.partial_bytes and heads.partial_bytes))


def _check_tail(report: Report, walk: Walk, logged: int, partial: bool) -> None:  # noqa: FBT001 (one caller)
    """Let the journal be one commit group ahead, and only then the head log end in an unfinished record."""
    if logged == walk.entries:
        if partial:
            report.entry("head_log", logged, _("the head log ends in a broken record."))
        elif not logged:
            report.entry("journal", 1, _("the journal is empty."))
    elif walk.heads[-1][1] == logged + 1:
        report.notes.append(
            _("The last commit has no head record yet; the next start of the app completes it.")
        )
    else:
        reason = _(
            "the head log ends at entry {remembered}, more than one commit before the journal."
        ).format(remembered=logged)
        report.entry("head_log", logged + 1, reason)


def _check_book_before(report: Report, walk: Walk, home: Home, paths: BookPaths) -> None:
    """The opening entry must continue the last head of the book before, unless the incarnation is new."""
    earlier = [book for book in home.books() if book.number < paths.number]
    if not earlier and not walk.previous_head:
        return
    first_of_incarnation = not walk.previous_head and walk.identity["incarnation"] > "A"
    try:
        last = HeadLog(earlier[-1].head_log).read().records[-1:] if earlier else []
    except OSError as error:
        report.file("file", f"{earlier[-1].number:04d}/head.log", str(error))
        return
    if first_of_incarnation or (last and last[0].head.hex() == walk.previous_head):
        return
    report.entry("journal", 1, _("the book does not continue the one before it."))


def _check_deliveries(report: Report, walk: Walk, paths: BookPaths, key: bytes) -> int:
    """Check the deliveries and what the journal last sealed about them; return how many facts there are.

    A finding must stand twice: sync may be writing while we read.
    """
    reading = _read_deliveries(walk, paths, key)
    if reading.bad is not None or reading.faults:
        reading = _read_deliveries(walk, paths, key)
    if reading.bad is not None:
        report.delivery(reading.bad.n, _(reading.bad.what))
    for fault in reading.faults:
        report.file("deliveries", paths.deliveries.name, fault)
    return reading.count


@dataclass(frozen=True, slots=True)
class _DeliveriesReading:
    count: int = 0
    bad: BadDelivery | None = None
    faults: Sequence[str] = ()


def _read_deliveries(walk: Walk, paths: BookPaths, key: bytes) -> _DeliveriesReading:
    try:
        db = verification.open_deliveries_evidence(paths.journal, paths.deliveries, key)
    except _UNREADABLE as error:
        return _DeliveriesReading(faults=[str(error)])
    try:
        bad = verify_deliveries(db, HeadLog(paths.deliveries_head), signature_is_good=_signature_check(walk))
        count = verification.delivered_count(db)
        if bad is None and walk.anchor is not None:
            anchored, head = walk.anchor
            found = verification.delivered_hash(db, anchored) if anchored else None
            if anchored and (found is None or found.hex() != head):
                bad = BadDelivery(min(anchored, count + 1), N_("the journal remembers another head."))
        faults = verification.file_faults(db, paths.deliveries, "deliveries")
        return _DeliveriesReading(count, bad, faults)
    except _UNREADABLE as error:
        return _DeliveriesReading(faults=[str(error)])
    finally:
        db.close()


__all__ = ["Finding", "Verification", "verify_book"]
