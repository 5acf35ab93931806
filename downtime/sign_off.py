"""Signing off a finished book: two people agree that nothing in it is open, and say which head they mean.

The book itself is closed: what they sign stands in the current one. What cannot be settled inside a closed
book any more (an outage nobody ended, an approval nobody countersigned) may be settled in a later one.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.accounts import person_now
from downtime.approvals import signed_by
from downtime.canonical import seal
from downtime.i18n import _
from downtime.obstacles import (
    NotYet,
    Obstacle,
    Weight,
    only_listed,
    outages_not_ended,
    to_countersign,
    unanswered,
)
from downtime.pack_obstacles import paper_unaccounted
from downtime.record import record_event
from downtime.rights import may
from downtime.shelf import HomeShelf, entries_since
from downtime.signing import signature_is_good
from downtime.store import delivery_queries, journal
from downtime.store import retention as kept
from downtime.store.verification import open_evidence
from downtime.verify import verify_book
from forms import form_named
from forms.book_end import Explained, SignedOff

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.keys import Keyring, Person
    from downtime.record import Recorded
    from downtime.store.sqlite import Database

RIGHT = "sign_off"
_DOMAIN = b"downtime sign-off 1"
_HANDLED_MONEY = ("cash", "reverse")


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished book as it would be signed.

    Attributes:
        book: its number.
        head: its last hash (hex), ``entries`` its length.
        finished_at: when its last entry was recorded (RFC 3339).
        obstacles: what stands in the way, worst first, and what is only listed.
    """

    book: int
    head: str
    entries: int
    finished_at: str
    obstacles: tuple[Obstacle, ...]

    def stopped_by(self, explained: Collection[str] = ()) -> list[Obstacle]:
        """Return what must be settled or explained first, given the keys of what was explained."""
        return still_open(self.obstacles, explained)

    def signed_bytes(self, explained: Sequence[Explained] = ()) -> bytes:
        """Return what each of the two signs."""
        return sign_off_bytes(self.book, self.head, self.entries, self.finished_at, explained)


def sign_off_bytes(
    book: int, head: str, entries: int, finished_at: str, explained: Sequence[Explained]
) -> bytes:
    """Return the bytes that the signatures of a sign-off cover."""
    content = {"book": book, "head": head, "entries": entries, "finished_at": finished_at}
    named = [one.model_dump(mode="json") for one in explained]
    return _DOMAIN + seal({**content, "explained": named})


def still_open(obstacles: Sequence[Obstacle], explained: Collection[str]) -> list[Obstacle]:
    """Return what stops a sign-off, given the keys of what people explained; a key nobody knows stops it too."""
    known = {item.key for one in obstacles for item in one.items}
    what = _("Nothing open is called {key}.")
    unknown = [Obstacle("unknown_key", what.format(key=key)) for key in explained if key not in known]
    return [one for one in obstacles if one.stops(explained)] + unknown


def explained_of(obstacles: Sequence[Obstacle], explained: Mapping[str, str]) -> tuple[Explained, ...]:
    """Return the explanations as they are recorded, each with what it explains."""
    items = {item.key: (one, item) for one in obstacles if one.weight == "stops" for item in one.items}
    return tuple(
        Explained(
            key=key,
            kind=items[key][0].kind,
            what=items[key][1].what[:200],
            amount_minor=items[key][1].amount_minor,
            reason=why,
        )
        for key, why in explained.items()
        if key in items
    )


def finished_book(home: Home, ring: Keyring, number: int) -> Finished:
    """Say what would be signed and what still stands in the way of it.

    Args:
        home: the station.
        ring: open keys of anybody who may look.
        number: the book.
    """
    paths = home.book(number)
    if not paths.folder.is_dir() or number >= home.current_book().number:
        what = _("Book {book} is not finished: it ends when the next one is opened.").format(book=number)
        return Finished(number, "", 0, "", (Obstacle("current", what),))
    if paths.is_destroyed:
        return Finished(
            number, "", 0, "", (Obstacle("destroyed", _("Book {book} was destroyed.").format(book=number)),)
        )
    verification = verify_book(home, ring, paths)
    if verification.first is not None:
        return Finished(number, "", 0, "", (Obstacle("not_whole", verification.first.what),))
    with closing(delivery_queries.look(paths.journal, paths.deliveries, ring.book_key(number))) as db:
        last = journal.entry_by_seq(db, verification.entries)
        assert last is not None
        found = obstacles_in(home, ring, number, db)
    if sign_off_of(home, ring, number, verification.head, verification.entries) is not None:
        what = _("Book {book} is signed off already.").format(book=number)
        found.insert(0, Obstacle("already", what))
    order: tuple[Weight, ...] = ("stops", "needs_reason", "listed")
    found.sort(key=lambda obstacle: order.index(obstacle.weight))
    return Finished(number, verification.head, verification.entries, last.recorded_at, tuple(found))


def obstacles_in(home: Home, ring: Keyring, number: int, db: Database) -> list[Obstacle]:
    """Return what of a book is not settled; ``db`` sees its deliveries. A drill has no HIS to wait for."""
    shelf, book = HomeShelf(home, ring), f"{home.settings.station.code}-{number:04d}"
    return [
        *outages_not_ended(shelf, number),
        *([] if home.settings.station.drill else unanswered(db, home.settings.connectors, book)),
        *to_countersign(shelf, number, book),
        *paper_unaccounted(home, ring, number),
        *only_listed(db, home.book(number), ring.book_key(number)),
    ]


def sign_off(
    book: OpenBook,
    second: Keyring,
    number: int,
    reason: str = "",
    explained: Mapping[str, str] | None = None,
) -> Recorded | NotYet:
    """Record in the current book that two people sign book ``number`` off, if nothing stands in the way.

    Args:
        book: the current book, opened by the first of the two.
        second: open keys of the other.
        number: the finished book.
        reason: wanted where ``needs_reason`` obstacles remain.
        explained: why something stays open, by the key of the item; a closed book's refused entry can so be settled.
    """
    given = {key: why.strip() for key, why in (explained or {}).items() if why.strip()}
    finished = finished_book(book.home, book.ring, number)
    rings = (book.ring, second)
    people = tuple(person_now(book, ring.person) for ring in rings)
    found = [*finished.stopped_by(given), *_who(book, people, finished)]
    if not reason.strip():
        found += [obstacle for obstacle in finished.obstacles if obstacle.weight == "needs_reason"]
    if found:
        return NotYet(found)
    named = explained_of(finished.obstacles, given)
    message = finished.signed_bytes(named)
    form = SignedOff(
        book=number,
        head=finished.head,
        entries=finished.entries,
        finished_at=finished.finished_at,
        reason=reason.strip(),
        explained=named,
        signed=tuple(
            signed_by(ring, person, RIGHT, message) for ring, person in zip(rings, people, strict=True)
        ),
    )
    return record_event(book, form)


def sign_off_of(home: Home, ring: Keyring, number: int, head: str, entries: int) -> Entry | None:
    """Return the sign-off of exactly this state of a book, signed by two people, or None."""
    for entry in entries_since(home, ring, number + 1, (SignedOff.name,)):
        content = entry.content
        if (content["book"], content["head"], content["entries"]) == (number, head, entries) and _is_signed(
            content
        ):
            return entry
    return None


def _is_signed(content: dict[str, object]) -> bool:
    form = SignedOff.model_validate(content)
    message = sign_off_bytes(form.book, form.head, form.entries, form.finished_at, form.explained)
    good = {
        one.operator
        for one in form.signed
        if signature_is_good(bytes.fromhex(one.public), bytes.fromhex(one.signature), message)
    }
    return len(good) >= 2  # noqa: PLR2004 (two people)


def _who(book: OpenBook, people: Sequence[Person], finished: Finished) -> list[Obstacle]:
    """Return why these two people may not sign this book."""
    if len({person.operator for person in people}) < len(people):
        return [Obstacle("same_person", _("Two different people sign a book off."))]
    found = [
        Obstacle(
            "no_right", _("The role of {name} does not include: sign off a book.").format(name=person.name)
        )
        for person in people
        if not may(person.roles, RIGHT)
    ]
    if not finished.entries:
        return found
    key = book.ring.book_key(finished.book)
    with closing(open_evidence(book.home.book(finished.book).journal, key)) as db:
        handled = {operator for operator, form in kept.acts(db) if _handles_money(form)}
    what = _("{name} took or gave back money in this book and cannot sign it off.")
    return found + [
        Obstacle("took_money", what.format(name=person.name))
        for person in people
        if person.operator in handled
    ]


def _handles_money(form: str) -> bool:
    known = form_named(form)
    return known is not None and known.right in _HANDLED_MONEY
