"""The app as it must not be: WAL with synchronous=NORMAL. Its losses show that the cuts are real ones."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from downtime.__main__ import main
from downtime.store import journal

if TYPE_CHECKING:
    from sqlite_utils import Database

_open_database = journal.open_database


def _open_weakly(*arguments: Any, **named: Any) -> Database:
    db = _open_database(*arguments, **named)
    db.execute("PRAGMA synchronous=NORMAL")
    return db


if __name__ == "__main__":
    journal.open_database = _open_weakly
    sys.exit(main())
