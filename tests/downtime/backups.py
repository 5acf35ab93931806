"""A used station with somebody who may back it up, and the copies tests need of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.backup import Made, delivering_ring, make_backups
from downtime.clock import ManualClock
from downtime.record import new_entry_id
from downtime.restore import Restoration, on_the_same_pc, restore
from downtime.store.drafts import Draft, Drafts
from tests.downtime.builders import (
    SECOND,
    SECOND_PASSWORD,
    arrears,
    charge,
    make_home,
    open_current,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.backup_copy import Copy
    from downtime.home import Home


def used_station(path: Path, charges: int = 3, **more: Any) -> Home:
    """Return a station with charges and something owed."""
    home = make_home(path, **more)
    book = open_current(home)
    for _n in range(charges):
        stand(book, charge())
    stand(book, arrears())
    book.close()
    return home


def keep_draft(home: Home, entry_id: str) -> None:
    """Leave a half-filled form behind in the book in use."""
    paths = home.current_book()
    drafts = Drafts(paths.drafts, unlock(home).book_key(paths.number))
    drafts.save(Draft(entry_id, "charge", "1001", {"note": "半张"}, "2026-01-05T08:20:00.000+08:00"))
    drafts.close()


def backed_up(home: Home, folder: Path, clock: ManualClock | None = None) -> Copy:
    """Make one backup that must count."""
    folder.mkdir(exist_ok=True)
    (result,) = make_backups(home, delivering_ring(home), [folder], clock or ManualClock())
    assert isinstance(result, Made), result
    return result.copy


def restored(backup: Path, target: Path, old: Home, **more: str) -> Restoration:
    """Restore on the PC of ``old``."""
    unlock_keys = on_the_same_pc(old.path, SECOND, SECOND_PASSWORD)
    return restore(backup, target, unlock_keys, ManualClock(), letter=more.get("letter", ""))


def record_one(home: Home) -> str:
    """Record one more charge; return its receipt number."""
    book = open_current(home)
    number = stand(book, charge(), new_entry_id()).number
    book.close()
    assert number is not None
    return number
