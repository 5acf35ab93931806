"""Reading work lists in a thread with a connection of its own: a long list never holds up a key."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime import worklists
from downtime.store import delivery_queries

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.worklists import ListSum, OpenRow


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look found.

    Attributes:
        name: the list whose rows these are.
        sums: of every list.
    """

    name: str = ""
    rows: tuple[OpenRow, ...] = ()
    sums: dict[str, ListSum] = field(default_factory=dict)


class WorklistLook:
    """Looks when asked, one look after the other."""

    def __init__(self, desk: Desk) -> None:
        self._paths, self._key = desk.book.paths, desk.book.key
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="worklists")
        self._db: Any = None

    async def looking(self, name: str) -> Looked:
        """Return the rows of a list, and what all of them come to."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._look, name)

    def close(self) -> None:
        """Stop; a look under way ends first."""
        self._thread.submit(self._close)
        self._thread.shutdown(wait=False)

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _look(self, name: str) -> Looked:
        if self._db is None or not delivery_queries.sees_deliveries(self._db):
            self._close()
            self._db = delivery_queries.look(self._paths.journal, self._paths.deliveries, self._key)
        found = tuple(worklists.rows(self._db, name))
        return Looked(name, found, worklists.sums(self._db))
