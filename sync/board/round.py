"""``python -m sync.board.round``: one round into the HIS that can be told to stop; the board starts it."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from downtime.commands.common import FINE, FOUND_A_PROBLEM, say_error
from downtime.errors import DowntimeError
from downtime.i18n import choose_language
from downtime.process import keep_to_itself
from sync.board.sending import STOP, RoundOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.hub.database import Database


class UntilStopped:
    """The connection that holds the queues: once told to stop it gives out no more of them."""

    def __init__(self, claims: Database, stopped: threading.Event) -> None:
        self._claims, self._stopped = claims, stopped

    def __getattr__(self, name: str) -> Any:
        """Everything else is the connection's own."""
        return getattr(self._claims, name)

    @contextmanager
    def claimed(self, after: int, limit: int, connector: str) -> Iterator[list[tuple[Any, ...]]]:
        """Give the next queues, or none."""
        if self._stopped.is_set():
            yield []
            return
        with self._claims.claimed(after, limit, connector) as lines:
            yield lines


def run_round(order: RoundOrder, stopped: threading.Event) -> bool:
    """Run one round until it is over, or ``stopped`` is set and the batch in hand is done.

    Returns:
        Whether nothing is left to decide.
    """
    from sync.hub.database import open_store
    from sync.hub.deliver_command import one_round, require_unaltered, tell_waiting, worker_of
    from sync.hub.place import HubPlace

    place = HubPlace(order.hub)
    keys = place.open(order.password_file)
    url, file = place.settings.store.url, place.store_file
    with (
        closing(open_store(url, file, keys.store)) as db,
        closing(open_store(url, file, keys.store)) as claims,
    ):
        require_unaltered(db)
        until = cast("Database", UntilStopped(claims, stopped))
        worker = worker_of(place, db, until, order.connector, order.although_open)
        try:
            is_fine = tell_waiting(db, order.although_open, set())
            return one_round(order.connector, worker, tells_always=True) and is_fine
        finally:
            worker.connector.close()


def main(arguments: list[str]) -> int:
    """Run one round; return 0 if nothing is left to decide."""
    stopped = threading.Event()

    def listen() -> None:
        with suppress(OSError, ValueError):
            for line in sys.stdin:
                if line == STOP:
                    stopped.set()

    threading.Thread(target=listen, daemon=True).start()
    try:
        return FINE if run_round(RoundOrder.of(arguments), stopped) else FOUND_A_PROBLEM
    except DowntimeError as error:
        say_error(error)
        return FOUND_A_PROBLEM


if __name__ == "__main__":
    keep_to_itself()
    choose_language("en" if os.environ.get("DOWNTIME_LANGUAGE") == "en" else "zh")
    sys.exit(main(sys.argv[1:]))
