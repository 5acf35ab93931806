"""The shelf: what earlier and later books say about one another. Everything is opened for reading only."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from downtime.store import journal
from downtime.store.verification import open_evidence
from forms.trust import BookPurged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from downtime.entry import Entry
    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring


def readable_books(home: Home, *, since: int = 1) -> list[BookPaths]:
    """Return the books from number ``since`` on that were not destroyed, oldest first."""
    return [paths for paths in home.books() if paths.number >= since and not paths.is_destroyed]


def entries_since(home: Home, ring: Keyring, since: int, forms: Sequence[str]) -> Iterator[Entry]:
    """Yield the entries of ``forms`` in book ``since`` and all later ones, in order."""
    for paths in readable_books(home, since=since):
        with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
            yield from journal.entries(db, forms=forms)


def purged_entry(home: Home, ring: Keyring, number: int, sha256: str = "") -> Entry | None:
    """Return the entry of a later book that says book ``number`` was destroyed, or None."""
    for entry in entries_since(home, ring, number + 1, (BookPurged.name,)):
        if entry.content["book"] == number and sha256 in ("", entry.content["certificate"]):
            return entry
    return None
