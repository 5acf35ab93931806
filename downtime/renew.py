"""Renewing keys: a book's, the reference tables', the station's; asked for every six months.

A database is written anew beside the old one, verified like any book, and put in force in one step
(``downtime.renewing``). Meanwhile nobody else may have it open. Whoever held an old key, or an old copy of a
key file, opens nothing that is written from then on.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.approvals import approve
from downtime.book import OpenBook
from downtime.data_key import renew_data_key
from downtime.errors import InUseError, StopRecordingError
from downtime.holding import StationHold, others_beside
from downtime.home import BookPaths
from downtime.i18n import _
from downtime.keys import KEY_BYTES, KeyFolder
from downtime.record import new_entry_id, record_station_form
from downtime.renewing import declare_ready, put_in_force, renewal_lock
from downtime.rights import may, refusal
from downtime.sealing import Filled
from downtime.shelf import entries_since, readable_books
from downtime.store.reference import reference_files
from downtime.store.rekey import SoleDatabase, write_copy_anew
from downtime.verify import verify_book
from forms.station_book import Opening
from forms.trust import KeysRenewed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from downtime.clock import Clock
    from downtime.findings import Verification
    from downtime.home import Home
    from downtime.keys import Keyring
    from forms.trust import Approval

DUE_DAYS = 183
_WAIT_SECONDS_MAX = 5


@contextmanager
def alone_at_the_station(home: Home, clock: Clock) -> Iterator[None]:
    """Hold the station while keys are renewed: no app, no delivery, no intake.

    Raises:
        InUseError: one of them is running; the message says which.
    """
    with StationHold(home, clock), renewal_lock(home.path):
        if others_beside(home):
            raise InUseError(
                _("downtime-sync is running beside the app."),
                _("Stop it, renew the keys, then start it again; nothing was changed."),
            )
        yield


def renew_all(
    home: Home,
    ring: Keyring,
    books: Sequence[int],
    second: tuple[str, str, str],
    clock: Clock,
    *,
    station: bool,
) -> Iterator[int]:
    """Renew the keys of ``books``, then the station's if asked; yield 0 for it, or the book, once recorded.

    Args:
        home: the station; no app and no sync may be running.
        ring: open keys of somebody with the right ``keys``.
        books: their numbers.
        second: operator and password of who approves, and why.
        clock: where times come from.
        station: renew the station's and the reference tables' keys as well.

    Raises:
        AccessRefusedError: one of the two may not, or the password is wrong; nothing was changed.
        InUseError: something has the station or a book open.
        StopRecordingError: a book is damaged.
    """
    with alone_at_the_station(home, clock):
        for number in [*books, *([0] if station else [])]:
            filled = Filled(KeysRenewed(what="book" if number else "station", book=number), new_entry_id())
            approval = _approved(home, ring, filled, second, clock)
            if number:
                renew_book_key(home, ring, number)
            else:
                ring = renew_station_key(home, ring)
            book = OpenBook(home, ring, home.current_book(), clock)
            try:
                record_station_form(book, filled, approval)
            finally:
                book.close()
            yield number


def _approved(
    home: Home, ring: Keyring, filled: Filled, second: tuple[str, str, str], clock: Clock
) -> Approval:
    """Return the second person's approval, before anything is touched."""
    operator, password, reason = second
    book = OpenBook(home, ring, home.current_book(), clock)
    try:
        if not may(book.person.roles, "keys"):
            raise refusal("keys")
        return approve(book, filled, "keys", operator, password, reason)
    finally:
        book.close()


def renew_book_key(home: Home, ring: Keyring, number: int) -> None:
    """Write every database of one book anew under a fresh key; inside ``alone_at_the_station``.

    Raises:
        InUseError: another program has one of them open.
        StopRecordingError: the book is damaged, or what was written does not verify; nothing was changed.
    """
    paths = home.book(number)
    before = verify_book(home, ring, paths)
    if before.first is not None:
        raise StopRecordingError(
            before.first.what, _("Its key was not renewed: a damaged book stays as it is.")
        )
    aside = paths.folder.with_suffix(".next")
    fresh, staged = _staged_keys(ring, aside)
    try:
        staged.store_secret(f"books/{number:04d}.json", fresh, {"book": number})
        with ExitStack() as held:
            _hold_writers(held, paths)
            sole = [
                held.enter_context(SoleDatabase(path, ring.book_key(number)))
                for path in (paths.journal, paths.deliveries, paths.drafts)
                if path.exists()
            ]
            for one in sole:
                one.write_anew(aside / one.path.name, fresh)
            for log in (paths.head_log, paths.deliveries_head):
                if log.exists():
                    shutil.copyfile(log, aside / log.name)
            after = verify_book(home, staged, BookPaths(aside))
            _remove_side_files(aside)
            _require_same(before, after)
            declare_ready(aside)
            for one in sole:
                one.spoil()
    except BaseException:
        if not (aside / "READY").exists():
            shutil.rmtree(aside, ignore_errors=True)
        raise
    put_in_force(home.path, aside)


def renew_reference_key(home: Home, ring: Keyring) -> None:
    """Write every reference file anew under a fresh key; inside ``alone_at_the_station``.

    Raises:
        DatabaseError: a file does not read back as it was; nothing was changed.
    """
    aside = home.path / "reference.next"
    fresh, staged = _staged_keys(ring, aside)
    try:
        staged.store_secret("reference.json", fresh, {"reference": 1})
        for path in reference_files(home.path / "reference").values():
            write_copy_anew(path, ring.reference_key(), aside / path.name, fresh)
        _remove_side_files(aside)
        declare_ready(aside)
    except BaseException:
        if not (aside / "READY").exists():
            shutil.rmtree(aside, ignore_errors=True)
        raise
    put_in_force(home.path, aside)


def renew_station_key(home: Home, ring: Keyring) -> Keyring:
    """Renew the reference key and then the station's own; return the keyring that holds the new one."""
    renew_reference_key(home, ring)
    return renew_data_key(ring)


def last_renewed(home: Home, ring: Keyring) -> dict[int, str]:
    """Return when each key was last made (RFC 3339): 0 is the station's, other numbers are books.

    A book's key is as old as the book until it is renewed, the station's as old as the oldest book that opens.
    """
    found: dict[int, str] = {}
    for entry in entries_since(home, ring, 1, (Opening.name, KeysRenewed.name)):
        if entry.form == Opening.name:
            found[entry.book] = max(found.get(entry.book, ""), entry.recorded_at)
            found.setdefault(0, entry.recorded_at)
        else:
            found[int(entry.content["book"])] = entry.recorded_at
    living = {paths.number for paths in readable_books(home)}
    return {number: at for number, at in sorted(found.items()) if number == 0 or number in living}


def due_for_renewal(home: Home, ring: Keyring, now: str) -> list[int]:
    """Return whose keys are older than six months: 0 for the station's, else numbers of books."""
    limit = datetime.fromisoformat(now) - timedelta(days=DUE_DAYS)
    return [number for number, at in last_renewed(home, ring).items() if datetime.fromisoformat(at) < limit]


def _staged_keys(ring: Keyring, aside: Path) -> tuple[bytes, Keyring]:
    """Return a fresh key, and ``ring`` with a key folder in ``aside`` that knows the station's public keys."""
    shutil.rmtree(aside, ignore_errors=True)
    for name in ("", "keys", "keys/books", "keys/stations"):
        os_calls.private_dir(aside / name)
    for path in (ring.keys.folder / "stations").glob("*.json"):
        shutil.copyfile(path, aside / "keys" / "stations" / path.name)
    return secrets.token_bytes(KEY_BYTES), replace(ring, keys=KeyFolder(aside / "keys"))


def _hold_writers(held: ExitStack, paths: BookPaths) -> None:
    """Hold the locks of whoever writes to this book."""
    words = {
        paths.write_lock: _("Another program on this PC is recording in book {book}."),
        paths.deliveries.with_suffix(".lock"): _("A delivery of book {book} is running."),
    }
    for path, what in words.items():
        os_calls.private_file(path)
        lock = held.enter_context(path.open("rb+"))
        if not os_calls.hold_file(lock.fileno(), _WAIT_SECONDS_MAX):
            raise InUseError(
                what.format(book=paths.number), _("Let it finish, then try again; nothing was changed.")
            )


def _require_same(before: Verification, after: Verification) -> None:
    """Refuse to go on with a book that does not read as it did."""
    figures = [(one.head, one.entries, one.deliveries, one.receipts) for one in (before, after)]
    if not after.whole or figures[0] != figures[1]:
        raise StopRecordingError(
            _("Book {book} under its new key does not read as before.").format(book=before.book),
            _("Nothing was changed. Check the disk, then try again."),
        )


def _remove_side_files(aside: Path) -> None:
    """Remove what reading left beside the new files, so that only whole files are moved."""
    for path in aside.iterdir():
        if path.name.endswith(("-wal", "-shm", "-journal")):
            path.unlink()
