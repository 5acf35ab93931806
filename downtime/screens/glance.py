"""What the top line says, looked up beside the screens by a thread with a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from concurrent.futures import Future

    from downtime.desk import Desk


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
    """

    outage: str = ""
    outage_since: str = ""
    waiting: int = 0
    not_printed: int = 0
    reference_version: int | None = None
    taken_at: str = ""


class Glancer:
    """Looks when asked; never in the way of a key."""

    def __init__(self, desk: Desk) -> None:
        self._paths, self._key, self._settings = desk.book.paths, desk.book.key, desk.home.settings
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="glance")
        self._db: Any = None
        self._has_deliveries = False

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
        from downtime.standing import standing_of
        from downtime.store import delivery_queries, journal

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
        return Glance(
            outage=str(declared.content["outage"]) if declared else "",
            outage_since=declared.recorded_at if declared else "",
            waiting=standing.waiting(),
            not_printed=standing.not_printed,
            reference_version=int(reference.content["version"]) if reference else None,
            taken_at=str(reference.content["taken_at"]) if reference else "",
        )


def elapsed(since: str, now: str) -> str:
    """Return the time between two RFC 3339 times as "00:42:10", with days in front; "" if unreadable."""
    with suppress(ValueError):
        seconds = int((datetime.fromisoformat(now) - datetime.fromisoformat(since)).total_seconds())
        days, rest = divmod(max(seconds, 0), 86_400)
        clock = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
        return f"{days}d {clock}" if days else clock
    return ""
