"""Making a station and opening its books."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from downtime import os_calls
from downtime.book import BookIdentity, OpenBook, new_book_folder
from downtime.clock import SystemClock
from downtime.home import BookPaths, Home
from downtime.keys import SERVICE_OPERATOR, Argon2Cost, Keyring, Person
from downtime.pack_ledger import carried as carried_packs
from downtime.record import record_events
from downtime.room import BALLAST_BYTES, make_ballast, make_room
from downtime.shift import carried as carried_shift
from downtime.store import journal
from forms.station_book import CarriedBalance, NumberBlock, Opening, ReferenceInForce, StationForm
from forms.trust import AccountMark, AccountsCarried

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from downtime.clock import Clock
    from downtime.slots import Slot
    from forms.trust import Restored

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
    ballast_bytes: int = BALLAST_BYTES,
    hospital: tuple[bytes, bytes] | None = None,
    accounts: Iterable[Slot] = (),
) -> Home:
    """Make a home with keys, people, the service account and book 1.

    Args:
        path: an empty or absent folder on a local disk.
        settings: sections of ``station.toml`` as plain values.
        people: who gets a slot, with their first password.
        service_password: password of the service account that delivers; kept in ``keys/svc-sync.password``.
        cost: argon2id cost of the slots.
        clock: where times come from.
        ballast_bytes: size of the file that is given up when the disk fills; 0 for none.
        hospital: (hospital secret, private signing key) of a hospital this station joins.
        accounts: that hospital's accounts, which are let in here too.
    """
    home = Home.create(path, settings)
    if ballast_bytes:
        make_ballast(home.path, ballast_bytes)
    ring = home.keys.create(hospital=hospital)
    for slot in accounts:
        home.keys.keep_slot(ring, slot)
    set_at = (clock or SystemClock(ZoneInfo(home.settings.hospital.zone))).now().wall
    for person, password in people:
        home.keys.enrol(ring, person, password, cost, set_at=set_at)
    account = Person(SERVICE_OPERATOR, SERVICE_OPERATOR, ("service",))
    home.keys.enrol(ring, account, service_password, cost, kind="service", set_at=set_at)
    home.keys.keep_service_password(service_password)
    open_new_book(home, ring, clock=clock).close()
    return home


def open_new_book(home: Home, ring: Keyring, *, clock: Clock | None = None) -> OpenBook:
    """Open the next book; it carries numbers, balances and reference data over from the one before.

    The book before must be whole; after an alarm ``continue_after_alarm`` starts afresh instead.
    """
    books = home.books()
    if not books:
        first = [Opening(book=1), NumberBlock(first=1, last=FIRST_BLOCK), accounts_on_file(home)]
        return _new_book(home, ring, first, clock)
    return _new_book(home, ring, _carried(home, ring, books[-1]), clock)


def continue_after_alarm(home: Home, ring: Keyring, *, clock: Clock | None = None) -> OpenBook:
    """Go on under the next incarnation: a fresh key and letter, so that no number can repeat."""
    letter = chr(ord(home.keys.incarnation()) + 1)
    assert letter <= "Z", "a station has at most 26 incarnations"
    home.keys.add_incarnation(ring, letter)
    number = home.books()[-1].number + 1
    first = [Opening(book=number), NumberBlock(first=1, last=FIRST_BLOCK), accounts_on_file(home)]
    return _new_book(home, ring, first, clock)


def accounts_on_file(home: Home) -> AccountsCarried:
    """Return how far every account has come by its file; used where no book before can say."""
    marks = [
        AccountMark(
            operator=slot.operator, version=slot.version, sha256=slot.fingerprint(), closed=slot.closed
        )
        for slot in home.keys.slots()
    ]
    return AccountsCarried(accounts=tuple(marks))


def continue_restored(
    home: Home, ring: Keyring, letter: str, came_from: Restored, *, clock: Clock | None = None
) -> OpenBook:
    """Go on in a home made from a backup: balances and reference data carry over, numbers begin anew.

    Args:
        home: the restored home, every book of it verified.
        ring: its open keys.
        letter: the new incarnation, above every one that may have been in use.
        came_from: which backup; stands in the same commit as the opening.
        clock: where times come from.
    """
    opening, *carried = _carried(home, ring, home.books()[-1])
    # The delivering account was made anew where the PC is another one.
    fresh = [mark for mark in accounts_on_file(home).accounts if mark.operator == SERVICE_OPERATOR]
    carried = [
        AccountsCarried(
            accounts=(*(mark for mark in form.accounts if mark.operator != SERVICE_OPERATOR), *fresh)
        )
        if isinstance(form, AccountsCarried)
        else form
        for form in carried
    ]
    home.keys.add_incarnation(ring, letter)
    first = [
        opening.model_copy(update={"next_number": 1}),
        NumberBlock(first=1, last=FIRST_BLOCK),
        *(form for form in carried if not isinstance(form, NumberBlock)),
        came_from,
    ]
    return _new_book(home, ring, first, clock)


def _new_book(home: Home, ring: Keyring, first: Sequence[StationForm], clock: Clock | None) -> OpenBook:
    """Make the next book; its opening and what comes with it stand in one commit group."""
    opening = first[0]
    assert isinstance(opening, Opening)
    make_room(home.path)
    # Made under another name first: a crash before the opening stands must not leave an empty newest book.
    final, paths = home.book(opening.book), home.book_in_the_making(opening.book)
    if paths.folder.exists():
        shutil.rmtree(paths.folder)  # left by such a crash; it holds nothing anybody recorded
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
    try:
        record_events(book, first)
    finally:
        book.close()
    paths.folder.rename(final.folder)
    os_calls.fsync_dir(final.folder.parent)
    return OpenBook(home, ring, final, clock)


def _carried(home: Home, ring: Keyring, before: BookPaths) -> list[StationForm]:
    """Return the opening that continues ``before``, the number blocks left, and the reference data in force."""
    book = OpenBook(home, ring, before)
    _seq, head, _first = journal.head(book.db)
    opening = journal.last_of_form(book.db, Opening.name)
    assert head is not None
    assert opening is not None
    next_number = max(journal.counter_max(book.db) + 1, int(opening.content["next_number"]))
    # What came from the books before stands in the opening alone, not in postings of this one.
    balances = Counter(journal.balances(book.db))
    for carried in opening.content["balances"]:
        balances[carried["account"], carried["unit"]] += carried["amount"]
    blocks = [
        NumberBlock(first=max(next_number, int(block.content["first"])), last=block.content["last"])
        for block in journal.entries(book.db, forms=(NumberBlock.name,))
        if block.content["last"] >= next_number
    ]
    reference = journal.last_of_form(book.db, ReferenceInForce.name)
    accounts = AccountsCarried(accounts=tuple(book.state().accounts.values()))
    shift = carried_shift(book.db, home.settings.hospital.currency)
    packs = carried_packs(book.db, book.identity.station + book.identity.incarnation)
    book.close()
    continued = Opening(
        book=before.number + 1,
        previous_head=head.hex(),
        next_number=next_number,
        balances=tuple(
            CarriedBalance(account=account, unit=unit, amount=amount)
            for (account, unit), amount in sorted(balances.items())
            if amount
        ),
    )
    in_force = [ReferenceInForce.model_validate(reference.content)] if reference else []
    return [continued, *blocks, *in_force, accounts, shift, *([packs] if packs is not None else [])]
