"""The closing of a book as its screen sees it: which books there are, what hinders the sign-off, and signing."""

from __future__ import annotations

from contextlib import closing as closed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downtime.entrance import enter
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.inspection_writing import EXPORT_FOLDER
from downtime.obstacles import NotYet, Obstacle
from downtime.os_calls import private_dir
from downtime.shelf import readable_books
from downtime.sign_off import finished_book, obstacles_in, sign_off, sign_off_of
from downtime.store import delivery_queries

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.clock import Clock
    from downtime.closing import Closing
    from downtime.home import Home
    from downtime.i18n import Language
    from downtime.keys import Keyring
    from downtime.obstacles import Item
    from downtime.record import Recorded

_NEVER_MIND = ("current", "already")


@dataclass(frozen=True, slots=True)
class OpenThing:
    """One line of the list: one item of an obstacle, or an obstacle without items."""

    obstacle: Obstacle
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """One book.

    Attributes:
        book: its number, ``books`` the numbers of all that can be read.
        is_current: it is still written to.
        is_signed: two people signed it off already.
        entries: its length; 0 where it is still written to.
        things: what is not settled, worst first, item by item.
        explained: why things stayed open when it was signed off, by key.
    """

    book: int
    books: tuple[int, ...]
    is_current: bool
    is_signed: bool
    entries: int
    things: tuple[OpenThing, ...]
    explained: Mapping[str, str] = field(default_factory=dict)

    def stops(self, explained: Mapping[str, str]) -> int:
        """Return how many things still stop the sign-off."""
        return sum(
            one.obstacle.weight == "stops" and (one.item is None or one.item.key not in explained)
            for one in self.things
        )

    @property
    def needs_reason(self) -> bool:
        """Whether a reason is asked for once for all."""
        return any(one.obstacle.weight == "needs_reason" for one in self.things)


def look_at(home: Home, ring: Keyring, number: int = 0) -> Looked:
    """Look at a book; 0 is the newest finished one, or the current one where none is finished."""
    books = tuple(paths.number for paths in readable_books(home))
    current = home.current_book().number
    finished = [book for book in books if book < current]
    number = number or (finished[-1] if finished else current)
    found = finished_book(home, ring, number)
    obstacles = list(found.obstacles)
    if number == current:
        paths = home.book(number)
        with closed(delivery_queries.look(paths.journal, paths.deliveries, ring.book_key(number))) as db:
            obstacles += obstacles_in(home, ring, number, db)
    kinds = {one.kind for one in obstacles}
    things = [
        OpenThing(one, item)
        for one in obstacles
        if one.kind not in _NEVER_MIND
        for item in (one.items if one.weight == "stops" and one.items else (None,))
    ]
    signed = sign_off_of(home, ring, number, found.head, found.entries) if "already" in kinds else None
    said = {one["key"]: one["reason"] for one in signed.content["explained"]} if signed is not None else {}
    return Looked(number, books, number == current, signed is not None, found.entries, tuple(things), said)


def sign(
    book: OpenBook, number: int, operator: str, password: str, reason: str, explained: Mapping[str, str]
) -> Recorded:
    """Sign a finished book off together with a second person, in the writer's thread.

    Raises:
        AccessRefusedError: wrong number or password.
        RefusedInputError: something stands in the way.
    """
    second = enter(book.home, operator, password, book.clock)
    outcome = sign_off(book, second, number, reason, explained)
    if isinstance(outcome, NotYet):
        first = outcome.obstacles[0]
        raise RefusedInputError(first.what, first.settle or _("Nothing was signed."))
    return outcome


def read_closing(home: Home, ring: Keyring, number: int, language: Language, clock: Clock) -> Closing:
    """Read a book for its papers; a long one takes a while."""
    from downtime.closing import closing_of

    return closing_of(home, ring, home.book(number), language, clock.now().wall)


def put_paper(book: OpenBook, closing: Closing, language: Language, *, pack: bool) -> Path:
    """Write the certificate or the pack and record that, in the writer's thread; return where it lies.

    It lies in a folder of the home that nobody else can read.
    """
    from downtime.closing_pack import write_certificate, write_pack

    folder = book.home.path / EXPORT_FOLDER
    private_dir(folder)
    stamp = closing.made_at[:19].replace(":", "").replace("-", "").replace("T", "-")
    name = f"closing-{closing.name}-{stamp}"
    target = folder / (name if pack else f"{name}.pdf")
    if pack:
        write_pack(book, closing, language, target)
    else:
        write_certificate(book, closing, language, target)
    return target
