"""Making a station and opening its books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.book import BookIdentity, OpenBook, new_book_folder
from downtime.home import BookPaths, Home
from downtime.keys import SERVICE_OPERATOR, Argon2Cost, Keyring, Person
from downtime.record import record_event
from downtime.store import journal
from forms.station_book import CarriedBalance, NumberBlock, Opening

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from downtime.clock import Clock

FIRST_BLOCK = 20_000
"""Receipt numbers a station gets with its first book."""


def create_station(
    path: Path,
    settings: dict[str, Any],
    people: Iterable[tuple[Person, str]],
    *,
    service_password: str,
    cost: Argon2Cost | None = None,
    clock: Clock | None = None,
) -> Home:
    """Make a home with keys, people, the service account and book 1.

    Args:
        path: an empty or absent folder on a local disk.
        settings: sections of ``station.toml`` as plain values.
        people: who gets a slot, with their first password.
        service_password: password of the service account that delivers; kept in ``keys/svc-sync.password``.
        cost: argon2id cost of the slots.
        clock: where times come from.
    """
    home = Home.create(path, settings)
    ring = home.keys.create()
    for person, password in people:
        home.keys.enrol(ring, person, password, cost)
    service = Person(SERVICE_OPERATOR, SERVICE_OPERATOR, ("service",))
    home.keys.enrol(ring, service, service_password, cost)
    home.keys.keep_service_password(service_password)
    book = open_new_book(home, ring, clock=clock)
    record_event(book, NumberBlock(first=1, last=FIRST_BLOCK))
    book.close()
    return home


def open_new_book(home: Home, ring: Keyring, *, clock: Clock | None = None) -> OpenBook:
    """Open the next book; it carries numbers, balances and reference data over from the one before.

    The book before must be whole; after an alarm ``continue_after_alarm`` starts afresh instead.
    """
    books = home.books()
    carried = _carried(home, ring, books[-1]) if books else Opening(book=1)
    return _new_book(home, ring, carried, clock)


def continue_after_alarm(home: Home, ring: Keyring, *, clock: Clock | None = None) -> OpenBook:
    """Go on under the next incarnation: a fresh key and letter, so that no number can repeat."""
    letter = chr(ord(home.keys.incarnation()) + 1)
    assert letter <= "Z", "a station has at most 26 incarnations"
    home.keys.add_incarnation(ring, letter)
    number = home.books()[-1].number + 1
    book = _new_book(home, ring, Opening(book=number), clock)
    record_event(book, NumberBlock(first=1, last=FIRST_BLOCK))
    return book


def _new_book(home: Home, ring: Keyring, opening: Opening, clock: Clock | None) -> OpenBook:
    paths = home.book(opening.book)
    new_book_folder(paths)
    journal.open_journal(paths.journal, ring.new_book_key(opening.book), create=True).close()
    book = OpenBook(home, ring, paths, clock)
    book.identity = BookIdentity(
        hospital=home.settings.hospital.id,
        station=home.settings.station.code,
        incarnation=book.signing.incarnation,
        book=opening.book,
        previous_head=opening.previous_head,
        drill=home.settings.station.drill,
    )
    record_event(book, opening)
    return book


def _carried(home: Home, ring: Keyring, before: BookPaths) -> Opening:
    book = OpenBook(home, ring, before)
    _seq, head, _first = journal.head(book.db)
    opening = journal.last_of_form(book.db, Opening.name)
    counter = max(journal.counter_max(book.db), (opening.content["next_number"] if opening else 1) - 1)
    balances = tuple(
        CarriedBalance(account=account, unit=unit, amount=amount)
        for (account, unit), amount in sorted(journal.balances(book.db).items())
    )
    book.close()
    assert head is not None
    return Opening(book=before.number + 1, previous_head=head.hex(), next_number=counter + 1, balances=balances)
