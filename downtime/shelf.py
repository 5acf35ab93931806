"""The shelf: what earlier and later books say about one another. Everything is opened for reading only."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from downtime.store import journal
from downtime.store.verification import open_evidence
from forms.book_end import BookPurged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from downtime.entry import Entry
    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring
    from downtime.store.sqlite import Database


class Shelf(Protocol):
    """The books of one station, wherever they lie."""

    def books(self, since: int = 1) -> Iterator[tuple[int, Database]]:
        """Yield (number, journal) of each book from ``since`` on, oldest first; each is open until the next."""
        ...


@dataclass(frozen=True, slots=True)
class HomeShelf:
    """The books in a station's own home that were not destroyed."""

    home: Home
    ring: Keyring

    def books(self, since: int = 1) -> Iterator[tuple[int, Database]]:
        """Yield (number, journal) of each book from ``since`` on, oldest first."""
        for paths in readable_books(self.home, since=since):
            with closing(open_evidence(paths.journal, self.ring.book_key(paths.number))) as db:
                yield paths.number, db


def told_since(shelf: Shelf, since: int, forms: Sequence[str]) -> Iterator[Entry]:
    """Yield the entries of ``forms`` in book ``since`` and all later ones of a shelf, in order."""
    for _number, db in shelf.books(since):
        yield from journal.entries(db, forms=forms)


def readable_books(home: Home, *, since: int = 1) -> list[BookPaths]:
    """Return the books from number ``since`` on that were not destroyed, oldest first."""
    return [paths for paths in home.books() if paths.number >= since and not paths.is_destroyed]


def entries_since(home: Home, ring: Keyring, since: int, forms: Sequence[str]) -> Iterator[Entry]:
    """Yield the entries of ``forms`` in book ``since`` and all later ones, in order."""
    yield from told_since(HomeShelf(home, ring), since, forms)


def purged_entry(home: Home, ring: Keyring, number: int, sha256: str = "") -> Entry | None:
    """Return the entry of a later book that says book ``number`` was destroyed, or None."""
    for entry in entries_since(home, ring, number + 1, (BookPurged.name,)):
        if entry.content["book"] == number and sha256 in ("", entry.content["certificate"]):
            return entry
    return None
