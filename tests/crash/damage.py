"""Flipped bytes and cut-off files: every one is noticed, or the content read is the same to the last byte.

A book with checkpointed pages and frames still in the write-ahead log, deliveries likewise, and both head
logs, is damaged at stepped positions, one at a time.
"""

from __future__ import annotations

import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from downtime.book import OpenBook
from downtime.errors import JournalAlarmError, StopRecordingError, WrongPlaceError
from downtime.home import Home
from downtime.outcome import Accepted, FormalDocument, InDoubt
from downtime.record import record_event
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.delivery_queries import first_entry_hash
from downtime.store.headlog import HeadLog
from downtime.verify import verify_book
from forms.station_book import DeliveryAnchor
from tests.crash.findings import Shown
from tests.crash.station import content_of, scratch
from tests.downtime.builders import charge, make_home, open_current, stand, unlock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.keys import Keyring

# file -> (step of flips, step of cuts), in bytes; primes, so that positions in a page differ from page to page
STEPS = {
    "journal.db": (211, 997),
    "journal.db-wal": (211, 499),
    "head.log": (3, 7),
    "deliveries.db": (127, 499),
    "deliveries.db-wal": (127, 499),
    "deliveries.head": (1, 1),
}
DERIVED = ("journal.db-shm", "deliveries.db-shm")
CHUNK = 150


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing done to one file: a byte flipped at ``at``, or everything from ``at`` on cut off."""

    file: str
    at: int
    cut: bool

    def apply(self, stored: bytes) -> bytes:
        """Return the damaged content."""
        if self.cut:
            return stored[: self.at]
        return stored[: self.at] + bytes([stored[self.at] ^ 0x40]) + stored[self.at + 1 :]


def damaged(workers: int = 2, coarser: int = 1) -> Shown:
    """Damage every file at every step and return what nobody noticed.

    Args:
        workers: processes.
        coarser: factor on the steps.
    """
    shown = Shown("flipped bytes and cut files")
    with scratch() as folder:
        original = folder / "original"
        _make_book(original)
        plan = list(_plan(Home(original).current_book().folder, coarser))
        pieces = [(original, folder / f"trial-{n}", plan[n : n + CHUNK]) for n in range(0, len(plan), CHUNK)]
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for part in pool.map(_try_all, pieces):
                shown.add(part)
    return shown


def _make_book(path: Path) -> None:
    """Make a home whose files all hold something, the write-ahead logs too, and copy it while nobody writes."""
    home = make_home(path.with_name("live"))
    _record_and_deliver(home, 8).close()
    book = _record_and_deliver(home, 6)
    with _deliveries(book) as deliveries:
        deliveries.append(
            "practice", [_asked(11), _accepted(13)], at="2026-01-05T08:20:00.000+08:00", journal_seq=14
        )
        shutil.copytree(home.path, path, ignore=shutil.ignore_patterns("*-shm", "*.lock"))
    book.close()


def _record_and_deliver(home: Home, charges: int) -> OpenBook:
    book = open_current(home)
    for _n in range(charges):
        stand(book, charge())
    with _deliveries(book) as deliveries:
        sent, _head = deliveries.head
        facts = [_asked(2 * sent + 3), _accepted(2 * sent + 5)]
        deliveries.append("practice", facts, at="2026-01-05T08:20:00.000+08:00", journal_seq=3)
        count, head = deliveries.head
    record_event(book, DeliveryAnchor(count=count, head=head.hex()))
    return book


def _deliveries(book: OpenBook) -> Deliveries:
    first = first_entry_hash(book.db)
    assert first is not None
    heads = HeadLog(book.paths.deliveries_head)
    return Deliveries(
        book.paths.deliveries, book.key, heads=heads, sign=book.signing.sign, first_entry_hash=first
    )


def _asked(seq: int) -> Fact:
    return Fact(seq, f"practice-{seq}", 1, InDoubt("no answer in time"), sent=b"practice bytes" * 20)


def _accepted(seq: int) -> Fact:
    document = FormalDocument(
        "paper_invoice", "0001", f"{seq:08d}", "1234", "2026-01-05", "issued", f"H{seq}"
    )
    return Fact(seq, f"practice-{seq}", 1, Accepted((document,), f"H{seq}"), sent=b"practice bytes" * 20)


def _plan(folder: Path, coarser: int) -> Iterator[Damage]:
    for name, (flip, cut) in STEPS.items():
        size = (folder / name).stat().st_size
        assert size, f"{name} is empty, so damaging it would show nothing"
        yield from (Damage(name, at, cut=False) for at in range(0, size, flip * coarser))
        yield from (Damage(name, at, cut=True) for at in range(0, size, cut * coarser))


def _try_all(piece: tuple[Path, Path, list[Damage]]) -> Shown:
    """Try some damages in a folder of this process."""
    original, trial, plan = piece
    shown = Shown("")
    shutil.copytree(original, trial)
    home = Home(trial)
    ring = unlock(home)
    paths = home.current_book()
    stored = {name: (paths.folder / name).read_bytes() for name in STEPS}
    expected = content_of(home, ring), verify_book(home, ring, paths)
    if not expected[1].whole:
        shown.faults.append("the undamaged book is not whole: " + "; ".join(expected[1].lines())[:300])
    for damage in plan:
        for name in DERIVED:
            (paths.folder / name).unlink(missing_ok=True)
        for name, content in stored.items():
            (paths.folder / name).write_bytes(damage.apply(content) if name == damage.file else content)
        _try_one(shown, home, ring, damage, expected)
    shutil.rmtree(trial)
    return shown


def _try_one(shown: Shown, home: Home, ring: Keyring, damage: Damage, expected: Any) -> None:
    shown.tries += 1
    paths = home.current_book()
    before = (paths.folder / damage.file).read_bytes()
    content, whole = expected
    try:
        found = verify_book(home, ring, paths)
    except Exception as error:  # noqa: BLE001 (none may escape, whichever it is)
        shown.faults.append(f"{damage}: verify let {type(error).__name__} escape: {error}")
        return
    if (paths.folder / damage.file).read_bytes() != before:
        shown.faults.append(f"{damage}: verify changed the file")
    if not found.whole:
        shown.figures["noticed"] = shown.figures.get("noticed", 0) + 1
    elif (found.head, found.deliveries) == (whole.head, whole.deliveries) and content_of(
        home, ring
    ) == content:
        shown.figures["harmless"] = shown.figures.get("harmless", 0) + 1
    else:
        shown.missed += 1
        shown.faults.append(f"{damage}: not noticed")
    if damage.file == "journal.db-wal":
        _start(shown, home, ring, damage, len(content))


def _start(shown: Shown, home: Home, ring: Keyring, damage: Damage, entries: int) -> None:
    """Open the book as the app does: with fewer entries than were acknowledged it must say so at once."""
    paths = home.current_book()
    try:
        book = OpenBook(home, ring, paths)
    except (JournalAlarmError, StopRecordingError, WrongPlaceError):
        return
    left = book.db.execute("SELECT count(*) FROM entry").fetchone()[0]
    book.close()
    if left != entries:
        shown.missed += 1
        shown.faults.append(f"{damage}: the app started with {left} of {entries} entries and said nothing")
