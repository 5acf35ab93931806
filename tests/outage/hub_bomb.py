"""``downtime-sync hub run`` as IT starts it, killed with -9 at one exact write of its store: ``OUTAGE_BOMB``.

``hub-store before 3``: as the third write at the port is about to be committed, with everything in it done.
``hub-verifier after 1``: as soon as the first verified batch is on the disk. The first word is the name of a thread.
"""

from __future__ import annotations

import os
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sync.__main__ import main
from sync.hub.database import Database, SqliteFile
from sync.hub.postgresql import Postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator

_writes = 0


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def plant(kind: type[Database], where: str, when: str, number: int) -> None:
    """Let the process die at the ``number``-th write of the thread whose name begins with ``where``."""
    writing: Any = kind.writing

    @contextmanager
    def counted(db: Database) -> Iterator[None]:
        global _writes  # noqa: PLW0603 (one count for the whole process)
        if not threading.current_thread().name.startswith(where):
            with writing(db):
                yield
            return
        _writes += 1
        is_mine = _writes == number
        with writing(db):
            yield
            if is_mine and when == "before":
                _die()
        if is_mine:
            _die()

    kind.writing = counted  # type: ignore[assignment,method-assign]  # the bomb


if __name__ == "__main__":
    thread, moment, count = os.environ["OUTAGE_BOMB"].split()
    for store in (SqliteFile, Postgresql):
        plant(store, thread, moment, int(count))
    main()
