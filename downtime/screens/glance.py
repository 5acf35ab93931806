"""What the top line says, looked up beside the screens by a thread with a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from downtime.awaiting import AwaitingWatch
from downtime.hub_notice import hub_notice
from downtime.room import ENOUGH, Room, look

if TYPE_CHECKING:
    from concurrent.futures import Future

    from downtime.awaiting import Awaiting
    from downtime.desk import Desk
    from downtime.hub_notice import Notice


@dataclass(frozen=True, slots=True)
class Glance:
    """One look at the book.

    Attributes:
        outage: the outage in force, or "".
        outage_since: when it was declared (RFC 3339), or "".
        waiting: entries the HIS has not got yet.
        not_printed: receipts that never came out.
        reference_version: the version in force, or None.
        taken_at: when its oldest table was taken from the HIS, or "".
        room: free space on the disk, and what became of the ballast.
        backup_at: when this book was last backed up (RFC 3339), or "".
        tested_at: when a backup was last restored for a test (RFC 3339), in whatever book, or "".
        awaiting: what waits for a countersignature, of every book, newest first.
        unverified_minor: card and mobile money nobody saw arrive yet, in minor units of the hospital's currency.
        numbers_left: receipt numbers this station may still use; None before the first look.
        paper_fault: what is wrong with the site's paper template, which is not in force then, or "".
        hub: what the hub said last of an outage, or None.
        clock_jump: detail of the last jump of the clock that nobody acknowledged, or "".
    """

    outage: str = ""
    outage_since: str = ""
    waiting: int = 0
    not_printed: int = 0
    reference_version: int | None = None
    taken_at: str = ""
    unverified_minor: int = 0
    numbers_left: int | None = None
    hub: Notice | None = None
    clock_jump: str = ""
    paper_fault: str = ""
    room: Room = ENOUGH
    backup_at: str = ""
    tested_at: str = ""
    awaiting: tuple[Awaiting, ...] = ()


class Glancer:
    """Looks when asked; never in the way of a key."""

    def __init__(self, desk: Desk) -> None:
        self._paths, self._key, self._settings = desk.book.paths, desk.book.key, desk.home.settings
        self._home, self._ring = desk.home, desk.book.ring
        self._awaiting = AwaitingWatch(desk.home, desk.book.ring, desk.book.paths.number)
        self._tested_at: str | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="glance")
        self._db: Any = None
        self._has_deliveries = False
        self._clock_seq, self._clock_jump = 0, ""
        self._unverified_seq, self._unverified_minor = -1, 0

    def look(self) -> Future[Glance]:
        """Return what the thread will have found."""
        return self._thread.submit(self._look)

    def close(self) -> None:
        """Stop; a look under way ends first."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=True)

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _look(self) -> Glance:
        from downtime.paper_template import found_template
        from downtime.standing import standing_of
        from downtime.store import delivery_queries, journal, number_queries

        if self._db is None or (not self._has_deliveries and self._paths.deliveries.exists()):
            self._close()
            self._db = delivery_queries.look(self._paths.journal, self._paths.deliveries, self._key)
            self._has_deliveries = delivery_queries.sees_deliveries(self._db)
        standing = standing_of(self._db, self._settings, unconfirmed=0)
        last = next(
            journal.entries(self._db, forms=("outage_declared", "outage_ended"), limit=1, newest=True), None
        )
        declared = last if last is not None and last.form == "outage_declared" else None
        reference = journal.last_of_form(self._db, "reference_in_force")
        backup = journal.last_of_form(self._db, "backup_made")
        return Glance(
            outage=str(declared.content["outage"]) if declared else "",
            outage_since=declared.recorded_at if declared else "",
            waiting=standing.waiting(),
            not_printed=standing.not_printed,
            reference_version=int(reference.content["version"]) if reference else None,
            taken_at=str(reference.content["taken_at"]) if reference else "",
            unverified_minor=self._unverified(),
            numbers_left=number_queries.left(self._db),
            hub=hub_notice(self._home),
            clock_jump=self._jump(),
            paper_fault=found_template(self._home.path).words,
            room=look(self._home.path),
            backup_at=backup.recorded_at if backup else "",
            tested_at=self._tested(),
            awaiting=tuple(self._awaiting.look(self._db)),
        )

    def _tested(self) -> str:
        from downtime.restore import last_restore_test
        from downtime.store import journal

        if self._tested_at is None:  # the books before do not change any more
            found = last_restore_test(self._home, self._ring)
            self._tested_at = found.recorded_at if found is not None else ""
        newest = journal.last_of_form(self._db, "restore_tested")
        return newest.recorded_at if newest is not None else self._tested_at

    def _unverified(self) -> int:
        """Return what waits to be verified; summed again only if something was recorded since."""
        from downtime.store import balances, journal

        newest = journal.head(self._db)[0]
        if newest != self._unverified_seq:
            unit = self._settings.hospital.currency
            found = balances.balances_with_carried(self._db, "suspense:unverified:")
            self._unverified_minor = sum(amount for (_name, known), amount in found.items() if known == unit)
            self._unverified_seq = newest
        return self._unverified_minor

    def _jump(self) -> str:
        from downtime.clock_watch import CLOCK_ACKNOWLEDGED, CLOCK_JUMPED
        from downtime.store import audit_queries, journal

        newest = journal.head(self._db)[0]
        line = audit_queries.newest(self._db, (CLOCK_JUMPED, CLOCK_ACKNOWLEDGED), after=self._clock_seq)
        if line is not None:
            self._clock_jump = str(line.content["detail"]) if line.content["event"] == CLOCK_JUMPED else ""
        self._clock_seq = newest
        return self._clock_jump


def elapsed(since: str, now: str) -> str:
    """Return the time between two RFC 3339 times as "00:42:10", with days in front; "" if unreadable."""
    with suppress(ValueError):
        seconds = int((datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds())
        days, rest = divmod(max(seconds, 0), 86_400)
        clock = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
        return f"{days}d {clock}" if days else clock
    return ""
