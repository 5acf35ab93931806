"""The app as it must not be: WAL with synchronous=NORMAL. Its losses show that the cuts are real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.__main__ import main
from downtime.store import journal
from downtime.store.sqlite import open_database

if TYPE_CHECKING:
    from sqlite_utils import Database


def _open_weakly(*arguments: Any, **named: Any) -> Database:
    db = open_database(*arguments, **named)
    db.execute("PRAGMA synchronous=NORMAL")
    return db


if __name__ == "__main__":
    vars(journal)["open_database"] = _open_weakly
    main()
