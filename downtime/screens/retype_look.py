"""Reading the books for the retype desk in a thread of its own: a long day never holds up a key."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from downtime.worksheet_reading import read_retyping

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.worksheet_standing import Retyping


class RetypeLook:
    """Looks when asked, one look after the other."""

    def __init__(self, desk: Desk) -> None:
        self._home, self._ring = desk.home, desk.book.ring
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="retype")

    async def looking(self, operator: str) -> Retyping:
        """Return what became of the entries of one operator, or of everybody's."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, read_retyping, self._home, self._ring, operator
        )

    def close(self) -> None:
        """Stop; a look under way ends first."""
        self._thread.shutdown(wait=False)
