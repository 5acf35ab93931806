"""The closing of an outage at all stations together, read from what stands verified at the hub.

An outage is a book at each station; where it was declared, or anything was recorded under it, the whole book counts:
only so is every number explained, and every drawer. How much of it belongs to the outage stands beside it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from downtime.closing import BookState, Closing, speaking
from downtime.closing_figures import figures_of
from downtime.closing_joined import joined_reading, joined_standing, joined_tables, with_station
from downtime.closing_money import marks_of
from downtime.closing_open import lists_table, obstacles_table, open_table, waiting_in
from downtime.closing_part import read_part
from downtime.closing_reading import Happening
from downtime.closing_tables import Figure
from downtime.closing_words import SIGNED
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.numbers import lines_of
from forms.text import N_
from sync.hub.closing_alarms import alarms_of, paper_receipts
from sync.hub.closing_obstacles import MirrorShelf, open_alarms, open_in_book, open_ticks
from sync.hub.closing_tables import alarms_table, recovered_table, stations_table, three_table
from sync.hub.differences import charged_in, differences_of, differences_table, sums_of
from sync.hub.signed import sign_off_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.closing_joined import Named
    from downtime.i18n import Language
    from downtime.obstacles import Obstacle
    from sync.hub.database import Database
    from sync.hub.differences import Difference
    from sync.hub.mirror import Mirror
    from sync.hub.mirror_rows import Mirrored
    from sync.hub.place import HubSettings

_BOOKS = """
SELECT DISTINCT station, incarnation, book FROM entry WHERE chained = 1 AND outage = ?
ORDER BY station, incarnation, book
"""
_NAMES = "SELECT DISTINCT outage FROM entry WHERE chained = 1 AND outage <> '' ORDER BY outage"


@dataclass(frozen=True, slots=True)
class Whole:
    """An outage at all stations, and what stands between it and its sign-off.

    Attributes:
        closing: what certificate and pack say.
        obstacles: what is open, station by station.
        differences: what the HIS charged otherwise than was taken, advances and lines without a price.
        operators: who took or gave back money in it.
    """

    closing: Closing
    obstacles: tuple[Obstacle, ...]
    differences: tuple[Difference, ...]
    operators: frozenset[str]


def outages_known(db: Database) -> list[str]:
    """Return the names of the outages that something verified belongs to."""
    return [row[0] for row in db.rows(_NAMES)]


def read_outage(
    db: Database,
    mirror: Mirror,
    settings: HubSettings,
    outage: str,
    language: Language,
    now: str,
    read_back: Mapping[str, int] | None = None,
) -> Whole:
    """Read an outage for its closing.

    Args:
        db: the hub's store.
        mirror: of the same store.
        settings: of the hub.
        outage: its name.
        language: of what is told in words.
        now: this moment (RFC 3339).
        read_back: what the HIS says an entry comes to, in minor units by id, where it was asked just now.

    Raises:
        RefusedInputError: nothing that stands verified here belongs to it.
    """
    named = {tuple(row) for row in db.rows(_BOOKS, (outage,))}
    books = [book for book in mirror.books.values() if book.place.key in named]
    if not books:
        raise RefusedInputError(
            _("Nothing that stands verified here belongs to outage {outage}.").format(outage=outage),
            _("Known are: {names}.").format(names=", ".join(outages_known(db)) or "-"),
        )
    with speaking(language):
        return _Reading(db, mirror, settings, outage, now, books, read_back or {}).whole()


class _Reading:
    """One reading of one outage."""

    def __init__(
        self,
        db: Database,
        mirror: Mirror,
        settings: HubSettings,
        outage: str,
        now: str,
        books: Sequence[Mirrored],
        read_back: Mapping[str, int],
    ) -> None:
        self.db, self.mirror, self.settings, self.outage, self.now = db, mirror, settings, outage, now
        self.books, self.read_back = books, read_back
        self.paper = paper_receipts(db, outage)
        self.alarms = alarms_of(db, mirror, outage, books, self.paper)

    def whole(self) -> Whole:
        """Return everything."""
        obstacles = [
            *open_alarms(self.alarms, self.db, self.outage, self.books, self.paper),
            *open_ticks(self.db, self.mirror, self.books),
        ]
        parts: list[Named] = []
        with ExitStack() as stack:
            together = stack.enter_context(self.mirror.everything().look())
            marks = marks_of(together)
            for book in self.books:
                db = stack.enter_context(book.look())
                shelf = MirrorShelf(self.mirror, book.place.station)
                lines = lines_of(shelf.books())
                found = open_in_book(shelf, book, db, tuple(self.settings.connectors), lines)
                obstacles += found
                part = read_part(
                    db,
                    number=book.place.book,
                    currency=self.settings.hospital.currency,
                    connectors=self.settings.connectors,
                    lines=lines,
                    obstacles=found,
                    marks=marks,
                )
                parts.append((f"{book.place.station}{book.place.incarnation}", part))
            places = {place for book in self.books for place in self.mirror.places(book.place)}
            waiting = waiting_in(together, places)
            lists, still_open = lists_table(waiting), open_table(together, waiting)
            charged = charged_in(self.db, self.mirror, self.books, self.read_back)
            differences = differences_of(charged, together, waiting, marks.void, places)
        over_all = {
            "lists": lists,
            "open": still_open,
            "three": three_table(parts, sums_of(charged)),
            "differences": differences_table(differences),
        }
        return self._told(parts, obstacles, differences, over_all)

    def _told(
        self,
        parts: Sequence[Named],
        obstacles: Sequence[Obstacle],
        differences: Sequence[Difference],
        over_all: dict[str, Any],
    ) -> Whole:
        reading, standing = joined_reading(parts), joined_standing(parts)
        heads = [book.head.hex() for book in self.books]
        tables = {
            "alarms": alarms_table(self.alarms),
            "stations": stations_table(parts, heads, self.outage),
            **joined_tables(parts, reading),
            **over_all,
            "recovered": recovered_table(self.paper),
        }
        by_station: dict[str, list[Obstacle]] = {}
        for one in obstacles:
            by_station.setdefault(one.station, []).append(one)
        told = [(station, obstacles_table(found)) for station, found in sorted(by_station.items())]
        tables["obstacles"] = with_station(told or [("", obstacles_table([]))])
        documents = [each for _label, part in parts for each in part.documents.values()]
        figures = (*self._figures(tables), *figures_of(reading, standing, documents, tables))
        closing = Closing(
            place=self._place(parts),
            made_at=self.now,
            is_finished=not any(one.weight == "stops" for one in obstacles),
            figures=figures,
            tables=tables,
            books=tuple(
                BookState(book.label, book.entries, book.head.hex(), book.facts, book.facts_head.hex())
                for book in self.books
            ),
            verified="",
            is_whole=not any(one.kind == "broken" for one in self.alarms),
            signed_by=(),
            signed_at="",
        )
        operators = frozenset(operator for operator, _method in reading.moved)
        return Whole(self._signed(closing), tuple(obstacles), tuple(differences), operators)

    def _figures(self, tables: Mapping[str, Any]) -> tuple[Figure, ...]:
        stations = tables["stations"].sums()
        return (
            Figure("stations", N_("Stations"), "count", len({book.place.station for book in self.books})),
            Figure("outage_receipts", N_("Receipts in the outage"), "count", stations["outage_receipts"]),
            Figure("outage_minor", N_("Money in the outage"), "money", stations["outage_minor"]),
            Figure("recovered", N_("Known from paper alone"), "count", len(self.paper)),
        )

    def _place(self, parts: Sequence[Named]) -> dict[str, Any]:
        hospital = self.settings.hospital
        first = parts[0][1].reading.first
        assert first is not None
        return {
            "hospital": hospital.id,
            "hospital_name": hospital.name or hospital.id,
            "hospital_name_en": hospital.name_en,
            "outage": self.outage,
            "stations": [label for label, _part in parts],
            "drill": first.drill,
            "currency": hospital.currency,
            "outages": [self.outage],
            "closed_day": self.settings.his.closed_day,
        }

    def _signed(self, closing: Closing) -> Closing:
        """Return it with its sign-off, where these very books were signed."""
        found = sign_off_of(self.mirror, self.outage, closing)
        if found is None:
            return closing
        course = closing.tables["course"]
        happening = Happening(found.recorded_at, SIGNED, found.operator)
        where = f"{found.station}{found.incarnation}"
        row = (happening.at, happening.event, happening.who, where, None, "")
        people = tuple(f"{one['operator']} {one['name']}".strip() for one in found.content["signed"])
        return replace(
            closing,
            tables={**closing.tables, "course": replace(course, rows=(*course.rows, row))},
            signed_by=people,
            signed_at=found.recorded_at,
            changed_since=found.content["facts"] != closing.sha256_to_sign,
        )
