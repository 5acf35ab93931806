"""An older copy put back: noticed with the head log; with both files put back, only by an anchor outside."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from downtime.book import OpenBook
from downtime.errors import JournalAlarmError
from downtime.store import journal
from downtime.verify import verify_book
from tests.crash.findings import Shown
from tests.crash.station import scratch
from tests.downtime.builders import charge, make_home, open_current, stand, unlock

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import BookPaths, Home

JOURNAL_FILES = ("journal.db", "journal.db-wal")
ALL_FILES = (*JOURNAL_FILES, "head.log")


def rolled_back() -> Shown:
    """Put older files back in three ways and return what was noticed."""
    shown = Shown("older files put back")
    with scratch() as folder:
        home, kept, receipt = _used_station(folder)
        paths = home.current_book()
        _put_back(paths, kept, JOURNAL_FILES)
        _must_alarm(shown, home, paths, "an older journal beside the newer head log")
        _put_back(paths, folder / "newest", ALL_FILES)
        _put_back(paths, kept, ("head.log",))
        _must_alarm(shown, home, paths, "an older head log beside the newer journal")
        _put_back(paths, kept, ALL_FILES)
        shown.tries += 1
        verification = verify_book(home, unlock(home), paths)
        shown.figures["both put back, noticed from inside"] = int(not verification.whole)
        book = open_current(home)
        shown.figures["both put back, noticed by a receipt in a patient's hand"] = int(
            journal.entry_by_number(book.db, receipt) is None
        )
        book.close()
        if not shown.figures["both put back, noticed by a receipt in a patient's hand"]:
            shown.faults.append("the receipt in the patient's hand proved nothing")
    return shown


def _used_station(folder: Path) -> tuple[Home, Path, str]:
    """Return a home, a folder with its older files, and the number of a receipt handed out afterwards."""
    home = make_home(folder / "home")
    paths = home.current_book()
    book = open_current(home)
    for _n in range(5):
        stand(book, charge())
    book.close()
    _keep(paths, folder / "older")
    book = open_current(home)
    numbers = [stand(book, charge()).number for _n in range(5)]
    book.close()
    _keep(paths, folder / "newest")
    assert numbers[-1] is not None
    return home, folder / "older", numbers[-1]


def _keep(paths: BookPaths, folder: Path) -> None:
    folder.mkdir()
    for name in ALL_FILES:
        if (paths.folder / name).exists():
            shutil.copy2(paths.folder / name, folder / name)


def _put_back(paths: BookPaths, kept: Path, names: tuple[str, ...]) -> None:
    for name in (*names, "journal.db-shm"):
        (paths.folder / name).unlink(missing_ok=True)
        if (kept / name).exists():
            shutil.copy2(kept / name, paths.folder / name)


def _must_alarm(shown: Shown, home: Home, paths: BookPaths, what: str) -> None:
    shown.tries += 1
    ring = unlock(home)
    if verify_book(home, ring, paths).whole:
        shown.missed += 1
        shown.faults.append(f"verify did not notice {what}")
    try:
        OpenBook(home, ring, paths).close()
    except JournalAlarmError:
        return
    shown.missed += 1
    shown.faults.append(f"the app started on {what}")
