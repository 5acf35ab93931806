"""Real stations with real books that speak to a hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.book import OpenBook
from downtime.clock import ManualClock
from downtime.store.headlog import HeadLog
from downtime.store.verification import open_evidence, stored_rows
from sync.book_files import StationBook
from sync.hub.arrivals import Batch
from sync.hub.collecting import head_content, row_content
from sync.hub.membership import connector_at, join
from sync.hub.stations import invite
from sync.worker import Round, deliver_once
from tests.downtime import builders

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any

    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.keys import Keyring
    from sync.connectors.hub import HubConnector
    from tests.sync.hub.hubs import RunningHub


@dataclass
class MadeStation:
    """One station with its keys open."""

    home: Home
    ring: Keyring
    clock: ManualClock

    @property
    def code(self) -> str:
        """As in its settings."""
        return str(self.home.settings.station.code)

    def open(self) -> OpenBook:
        """Open its newest book."""
        return OpenBook(self.home, self.ring, self.home.current_book(), self.clock)

    def charge(self, count: int = 1) -> list[Entry]:
        """Record as many charges."""
        book = self.open()
        try:
            return [builders.stand(book, builders.charge()) for _n in range(count)]
        finally:
            book.close()

    def join(self, running: RunningHub) -> None:
        """Join a hub with a code it gives out now."""
        authority = running.place.authority_certificate
        code = invite(running.hub.db, self.code, authority, "2026-01-05T08:00:00+08:00")
        join(self.home, self.ring, running.address, code.text())

    def connector(self) -> HubConnector:
        """Return the hub as its connector."""
        return connector_at(self.home, self.ring, self.clock)

    def round(self) -> Round:
        """Bring everything up and deliver the newest book."""
        connector = self.connector()
        try:
            book = StationBook.of(self.ring, self.home.current_book())
            return deliver_once(book, connector, clock=self.clock)
        finally:
            connector.close()

    def batch(self, first: int = 1, last: int = 1 << 30, *, heads: bool = True) -> dict[str, Any]:
        """Return entries of its newest book as they go up."""
        paths = self.home.current_book()
        db = open_evidence(paths.journal, self.ring.book_key(paths.number))
        rows = [row for row, _named, _legs in stored_rows(db) if first <= row["seq"] <= last]
        db.close()
        covering = [
            head
            for head in HeadLog(paths.head_log).records()
            if head.seq_to >= first and head.seq_from <= last
        ]
        return {
            "incarnation": self.home.keys.incarnation(),
            "book": paths.number,
            "rows": [row_content(row["seq"], row["salt"], row["sealed"], row["hash"]) for row in rows],
            "heads": [head_content(head) for head in covering] if heads else [],
        }


def make_station(path: Path, code: str = "W03", **more: Any) -> MadeStation:
    """Make a station quick to open."""
    clock = ManualClock()
    home = builders.make_home(path, code=code, clock=clock, **more)
    return MadeStation(home, builders.unlock(home), clock)


def known_to(running: RunningHub, station: MadeStation) -> MadeStation:
    """Let the hub know a station without joining."""
    letter = station.home.keys.incarnation()
    running.knows(station.code, letter, station.ring.public_key(letter))
    return station


def take(running: RunningHub, station: MadeStation, content: dict[str, Any]) -> dict[str, str]:
    """Hand a batch to the hub directly and return the verdicts by id."""
    batch = Batch.read(station.code, content)
    return dict(running.hub.reception.receiver.take(batch).verdicts)


def verdicts(running: RunningHub, code: str) -> dict[str, int]:
    """Return how many entries of a station stand under each verdict, once everything was looked at."""
    running.hub.settle()
    rows: Sequence[Any] = running.hub.db.rows(
        "SELECT verdict, count(*) FROM entry WHERE station = ? GROUP BY verdict", (code,)
    )
    return dict(rows)
