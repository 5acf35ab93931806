"""The closing of a book: everything that is certified at its end, read once, so that every paper says the same.

What a destroyed book leaves behind is another certificate (``downtime.certificate``); this one is made while the
book can still be read, as often as somebody asks. No patient stands in it.
"""

from __future__ import annotations

from contextlib import closing as closed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from downtime.certificate import digest_of
from downtime.closing_figures import figures_of
from downtime.closing_part import read_part
from downtime.closing_reading import Happening
from downtime.closing_words import SIGNED
from downtime.errors import WrongPlaceError
from downtime.i18n import _, choose_language, chosen_language
from downtime.numbers import number_lines
from downtime.sign_off import obstacles_in, sign_off_of
from downtime.store import delivery_queries, journal
from downtime.store.verification import open_deliveries_evidence
from downtime.verify import verify_book

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.closing_tables import Figure, Table
    from downtime.home import BookPaths, Home
    from downtime.i18n import Language
    from downtime.keys import Keyring

FORMAT, VERSION = "downtime-closing", 1
WORDS = "obstacles"
"""The one table that holds sentences in a language; what they tell stands in the others."""


@dataclass(frozen=True, slots=True)
class BookState:
    """How far one book had come, and what both its chains ended with.

    Attributes:
        label: what it is called: ``W03A-0001``.
        entries: length of the journal, ``head`` its last chain hash (hex).
        deliveries: the same of the deliveries; ``deliveries_head`` is "" for none.
    """

    label: str
    entries: int
    head: str
    deliveries: int
    deliveries_head: str


@dataclass(frozen=True, slots=True)
class Closing:
    """Everything a closing says, of one book or of the books of all stations.

    Attributes:
        place: hospital, station and book, or the outage of many; see ``closing_of`` and ``sync.hub.closing``.
        made_at: when it was read (RFC 3339).
        is_finished: the book is finished; otherwise this says how it stands at this entry.
        figures, tables: see ``closing_tables``.
        books: each book it is of.
        verified: what verification says, in words; ``is_whole`` whether nothing was found.
        signed_by: who signed it off, and ``signed_at`` when; empty if nobody did.
        changed_since: it was signed, and what the HIS answered is not what it was then.
    """

    place: dict[str, Any]
    made_at: str
    is_finished: bool
    figures: tuple[Figure, ...]
    tables: dict[str, Table]
    books: tuple[BookState, ...]
    verified: str
    is_whole: bool
    signed_by: tuple[str, ...]
    signed_at: str
    changed_since: bool = False

    @property
    def entries(self) -> int:
        """How many entries it is of."""
        return sum(book.entries for book in self.books)

    @property
    def deliveries(self) -> int:
        """How many facts of the deliveries."""
        return sum(book.deliveries for book in self.books)

    @property
    def name(self) -> str:
        """What it is called, and what files about it begin with: ``W03A-0001``, or the name of the outage."""
        return str(self.place["outage"]) if self.is_of_many else self.books[0].label

    @property
    def is_of_many(self) -> bool:
        """Whether it is of the books of all stations."""
        return "stations" in self.tables

    def facts(self) -> dict[str, Any]:
        """Return plain values; the same books in the same state give the same ones, in any language."""
        return {
            **self._unsigned(self.tables),
            "signed_off": {"by": list(self.signed_by), "at": self.signed_at},
        }

    def _unsigned(self, tables: dict[str, Table]) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "v": VERSION,
            **self.place,
            "is_finished": self.is_finished,
            "books": [asdict(book) for book in self.books],
            "is_whole": self.is_whole,
            "figures": {figure.name: figure.value for figure in self.figures},
            "tables": {name: table.as_json() for name, table in tables.items() if name != WORDS},
        }

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values, money in minor units."""
        facts = self.facts()
        told = {**facts["tables"], WORDS: self.tables[WORDS].as_json()}
        return {**facts, "tables": told, "made_at": self.made_at, "sha256": self.sha256}

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical facts (hex): what the audit names and every page shows the beginning of."""
        return digest_of(self.facts())

    @property
    def sha256_to_sign(self) -> str:
        """The same of what two people sign: signing changes nothing of it."""
        course = self.tables["course"]
        kept = tuple(
            row for row, event in zip(course.rows, course.values("event"), strict=True) if event != SIGNED
        )
        return digest_of(self._unsigned({**self.tables, "course": replace(course, rows=kept)}))


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Say in ``language`` what comes as words already; the screen's own stays as it was."""
    before = chosen_language()
    choose_language(language)
    try:
        yield
    finally:
        choose_language(before)


def closing_of(home: Home, ring: Keyring, paths: BookPaths, language: Language, now: str) -> Closing:
    """Read a book for its closing.

    Args:
        home: the station.
        ring: open keys of anybody who may see it.
        paths: the book; the current one gives an interim paper.
        language: of what is told in words.
        now: this moment (RFC 3339).

    Raises:
        WrongPlaceError: there is no such book, or it was destroyed, or does not open.
    """
    if not paths.folder.is_dir():
        raise WrongPlaceError(
            _("There is no book {book} here.").format(book=paths.number),
            _("downtime verify names those there are."),
        )
    if paths.is_destroyed:
        raise WrongPlaceError(
            verify_book(home, ring, paths).lines()[0],
            _("Its own certificate says what stays of it: certificate.pdf beside its heads."),
        )
    with speaking(language):
        return _read(home, ring, paths, now)


def _read(home: Home, ring: Keyring, paths: BookPaths, now: str) -> Closing:
    settings, number = home.settings, paths.number
    currency = settings.hospital.currency
    verification = verify_book(home, ring, paths)
    count, delivered_head = delivery_queries.delivery_head(
        paths.journal, paths.deliveries, ring.book_key(number)
    )
    with closed(open_deliveries_evidence(paths.journal, paths.deliveries, ring.book_key(number))) as db:
        entries, head, _first = journal.head(db)
        assert head is not None, "a book begins with its opening"
        signed = sign_off_of(home, ring, number, head.hex(), entries)
        happening = Happening(signed.recorded_at, SIGNED, signed.operator) if signed is not None else None
        part = read_part(
            db,
            number=number,
            currency=currency,
            connectors=settings.connectors,
            lines=number_lines(home, ring),
            obstacles=obstacles_in(home, ring, number, db),
            signed=happening,
        )
    reading = part.reading
    assert reading.first is not None
    return Closing(
        place={
            "hospital": reading.first.hospital,
            "hospital_name": settings.hospital.name,
            "hospital_name_en": settings.hospital.name_en,
            "station": reading.first.station,
            "station_name": settings.station.name,
            "incarnation": reading.first.incarnation,
            "book": number,
            "drill": reading.first.drill,
            "currency": currency,
            "outages": reading.outages,
            "closed_day": settings.his.closed_day,
        },
        made_at=now,
        is_finished=number < home.current_book().number,
        figures=figures_of(reading, part.standing, part.documents.values(), part.tables),
        tables=part.tables,
        books=(
            BookState(
                f"{reading.first.station}{reading.first.incarnation}-{number:04d}",
                reading.entries,
                head.hex(),
                count,
                delivered_head.hex(),
            ),
        ),
        verified="" if verification.first is None else verification.first.what,
        is_whole=verification.whole,
        signed_by=tuple(f"{one['operator']} {one['name']}".strip() for one in signed.content["signed"])
        if signed is not None
        else (),
        signed_at=signed.recorded_at if signed is not None else "",
    )
