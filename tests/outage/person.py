"""The IT PC: its own station home, the board over the hub's store, and whoever decides there.

What is decided is recorded as forms in that home and comes up to the hub over the same bad line as everything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.board import Kept
from downtime.book import OpenBook
from downtime.clock import ManualClock
from downtime.keys import CHEAP_COST, Person
from downtime.record import Recorded, record
from downtime.sealing import Filled
from downtime.station import create_station
from forms import form_named
from sync.board.source import HubBoard
from tests.downtime.builders import SERVICE_PASSWORD
from tests.outage.stations import BEGINS, HOSPITAL, Station

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.board import BoardRow
    from tests.outage.hub import Hub

CODE: Final = "IT1"
FIRST, SECOND = ("4001", "practice-4001"), ("4003", "practice-4003")
ALL: Final = Kept(view="all")


@dataclass(kw_only=True)
class ItStation(Station):
    """The home of the IT PC; its book is opened once for many decisions."""

    hub: Hub
    decided: int = 0
    refused: int = 0
    _ids: int = field(default=0)

    @classmethod
    def made(cls, path: Path, hub: Hub) -> ItStation:
        """Make it, with the person who decides and the auditor who signs with them."""
        clock = ManualClock(BEGINS)
        settings: dict[str, Any] = {
            "hospital": {"id": HOSPITAL, "name": "练习医院"},
            "station": {"code": CODE, "name": "练习信息科"},
            "access": {"policy": "practice"},
        }
        people = [
            (Person(FIRST[0], "练习信息科", ("it", "supervisor")), FIRST[1]),
            (Person(SECOND[0], "练习审计", ("auditor",)), SECOND[1]),
        ]
        home = create_station(
            path,
            settings,
            people,
            service_password=SERVICE_PASSWORD,
            cost=CHEAP_COST,
            clock=clock,
            ballast_bytes=0,
        )
        return cls(home, home.keys.unlock(*FIRST), clock, 0, hub=hub)

    def decide(self, *decisions: tuple[str, dict[str, Any]]) -> list[str]:
        """Record decisions (form, content); return the ids of those that stand, "" for each that was refused."""
        book = OpenBook(self.home, self.ring, self.home.current_book(), self.clock)
        stand = []
        try:
            for form, content in decisions:
                self.clock.turn(wall_seconds=1, passed_seconds=1)
                stand.append(self._record(book, form, content))
        finally:
            book.close()
        return stand

    def _record(self, book: OpenBook, form: str, content: dict[str, Any]) -> str:
        kind = form_named(form)
        assert kind is not None
        self._ids += 1
        filled = Filled(kind.model_validate(content), f"00000000-0000-4000-8000-{self._ids:012}")
        outcome = record(book, filled)
        if isinstance(outcome, Recorded):
            self.decided += 1
            return outcome.entry.id
        self.refused += 1
        return ""


@dataclass
class Board:
    """The board of one way into the HIS, read anew each time somebody looks."""

    hub: Hub
    connector: str
    source: HubBoard = field(init=False)

    def __post_init__(self) -> None:
        self.source = HubBoard(self.hub.place, self.hub.again(), self.connector)

    def rows(self) -> list[BoardRow]:
        """Return every entry there is, as of now; counts and sums must add up to all of them."""
        self.source.refresh()
        summary = self.source.summary()
        difference = summary.difference()
        assert (difference.entries, difference.amount_minor) == (0, 0), "the board does not add up"
        return list(self.source.rows(ALL))

    def states(self) -> dict[str, dict[str, int]]:
        """Return entries and money by state."""
        self.source.refresh()
        summary = self.source.summary()
        return {
            name: {"entries": one.entries, "minor": one.amount_minor} for name, one in summary.states.items()
        }

    def by_id(self) -> Iterator[tuple[str, BoardRow]]:
        """Yield entry id and row; an id that stands there twice comes twice."""
        yield from ((row.entry_id, row) for row in self.rows())

    def close(self) -> None:
        """Let go of the store."""
        self.source.close()
