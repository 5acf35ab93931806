"""The closing of a book: everything that is certified at its end, read once, so that every paper says the same.

What a destroyed book leaves behind is another certificate (``downtime.certificate``); this one is made while the
book can still be read, as often as somebody asks. No patient stands in it.
"""

from __future__ import annotations

from contextlib import closing as closed
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime import closing_course as course
from downtime import closing_money as money
from downtime import closing_open as left_open
from downtime.certificate import digest_of
from downtime.closing_figures import figures_of
from downtime.closing_reading import Happening, read_book
from downtime.closing_words import SIGNED
from downtime.errors import WrongPlaceError
from downtime.i18n import _, choose_language, chosen_language
from downtime.shift_counting import figures_of_book
from downtime.sign_off import obstacles_in, sign_off_of
from downtime.standing import standing_of
from downtime.store import closing_queries, delivery_queries
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
class Closing:
    """Everything a closing says.

    Attributes:
        place: hospital, station, book, outages; see ``closing_of``.
        made_at: when it was read (RFC 3339).
        is_finished: the book is finished; otherwise this says how it stands at this entry.
        figures, tables: see ``closing_tables``.
        entries, head: length and last chain hash of the journal (hex).
        deliveries, deliveries_head: the same of the deliveries; "" for none.
        verified: what verification says, in words; ``is_whole`` whether nothing was found.
        signed_by: who signed the book off, and ``signed_at`` when; empty if nobody did.
    """

    place: dict[str, Any]
    made_at: str
    is_finished: bool
    figures: tuple[Figure, ...]
    tables: dict[str, Table]
    entries: int
    head: str
    deliveries: int
    deliveries_head: str
    verified: str
    is_whole: bool
    signed_by: tuple[str, ...]
    signed_at: str

    def facts(self) -> dict[str, Any]:
        """Return plain values; the same book in the same state gives the same ones, in any language."""
        return {
            "format": FORMAT,
            "v": VERSION,
            **self.place,
            "is_finished": self.is_finished,
            "journal": {"entries": self.entries, "head": self.head},
            "deliveries": {"count": self.deliveries, "head": self.deliveries_head},
            "is_whole": self.is_whole,
            "signed_off": {"by": list(self.signed_by), "at": self.signed_at},
            "figures": {figure.name: figure.value for figure in self.figures},
            "tables": {name: table.as_json() for name, table in self.tables.items() if name != WORDS},
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


@contextmanager
def _speaking(language: Language) -> Iterator[None]:
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
    with _speaking(language):
        return _read(home, ring, paths, now)


def _read(home: Home, ring: Keyring, paths: BookPaths, now: str) -> Closing:
    settings, number = home.settings, paths.number
    currency = settings.hospital.currency
    verification = verify_book(home, ring, paths)
    count, delivered_head = delivery_queries.delivery_head(
        paths.journal, paths.deliveries, ring.book_key(number)
    )
    with closed(open_deliveries_evidence(paths.journal, paths.deliveries, ring.book_key(number))) as db:
        reading = read_book(db)
        assert reading.first is not None, "a book begins with its opening"
        assert reading.last is not None
        standing = standing_of(db, settings, unconfirmed=0)
        answers = {name: closing_queries.states(db, name) for name in settings.connectors}
        documents = closing_queries.documents(db)
        figures = figures_of_book(db, currency)
        head = reading.last.hash.hex()
        signed = sign_off_of(home, ring, number, head, reading.entries)
        happening = Happening(signed.recorded_at, SIGNED, signed.operator) if signed is not None else None
        gaps = money.gaps_of(home, ring, db, number)
        found = (
            money.methods_table(figures),
            money.cashiers_table(reading),
            left_open.his_table(standing),
            left_open.lists_table(db),
            money.numbers_table(reading, db, gaps),
            money.shifts_table(reading),
            money.returns_table(reading),
            left_open.papers_table(db, drill=reading.first.drill),
            left_open.open_table(db),
            left_open.owed_table(answers, reading),
            money.receipts_table(db, reading, left_open.worst_states(answers), documents),
            course.course_table(reading, closing_queries.delivery_span(db), happening),
            course.intervals_table(reading),
            course.documents_table(reading, documents),
            left_open.obstacles_table(obstacles_in(home, ring, number, db)),
            course.events_table(reading),
            course.audit_table(reading),
        )
    tables = {table.name: table for table in found}
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
        figures=figures_of(reading, standing, documents, tables),
        tables=tables,
        entries=reading.entries,
        head=head,
        deliveries=count,
        deliveries_head=delivered_head.hex(),
        verified="" if verification.first is None else verification.first.what,
        is_whole=verification.whole,
        signed_by=tuple(f"{one['operator']} {one['name']}".strip() for one in signed.content["signed"])
        if signed is not None
        else (),
        signed_at=signed.recorded_at if signed is not None else "",
    )
