"""A hub's store without its port, and whole outages of real stations in it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from downtime.clock import ManualClock
from downtime.keys import CHEAP_COST
from downtime.store.headlog import HeadLog
from downtime.store.verification import open_evidence, stored_rows
from sync.connectors.memory import MemoryConnector, MemoryHis
from sync.hub.arrivals import KEY_LABEL, Batch
from sync.hub.closing import read_outage
from sync.hub.collecting import head_content, row_content
from sync.hub.database import open_store
from sync.hub.delivering import deliver_round
from sync.hub.mirror import Mirror
from sync.hub.place import HubPlace
from sync.hub.receiving import Receiver
from tests.downtime.closings import OUTAGE, make_outage
from tests.downtime.kept_books import ring_of
from tests.sync.hub.hubs import HOSPITAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from downtime.home import Home
    from downtime.i18n import Language
    from downtime.keys import Keyring
    from sync.connectors.memory import Fault
    from sync.hub.closing import Whole
    from sync.hub.database import Database
    from sync.hub.delivering import HubRound
    from sync.hub.place import HubKeys, HubSettings

CHINA = timezone(timedelta(hours=8))
AT = "2026-01-05T12:00:00.000+08:00"
NOW = "2026-01-06T10:00:00.000+08:00"
ROWS_AT_ONCE = 400
NOT_GOOD = "SELECT verdict FROM entry WHERE station = ? AND verdict <> '' ORDER BY n"


@dataclass
class Collected:
    """A hub's folder and store, and what is brought into them."""

    place: HubPlace
    keys: HubKeys
    db: Database
    his: MemoryHis = field(default_factory=MemoryHis)

    def connector(self, faults: Sequence[Fault | None] = ()) -> MemoryConnector:
        """Return the connector to the HIS."""
        return MemoryConnector(HOSPITAL, his=self.his, faults=faults)

    def bring(self, home: Home, ring: Keyring, *, first: int = 1, last: int = 1 << 30) -> list[str]:
        """Bring every book of a station here, entries ``first`` to ``last``; return the verdicts that are not good."""
        station, letter = str(home.settings.station.code), home.keys.incarnation()
        with self.db.writing():
            self.db.rows(
                "INSERT INTO station_key VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (station, letter, ring.public_key(letter), AT),
            )
        receiver = Receiver(self.db, HOSPITAL, KEY_LABEL + self.keys.store, lambda: AT)
        for paths in home.books():
            db = open_evidence(paths.journal, ring.book_key(paths.number))
            rows = [row for row, _named, _legs in stored_rows(db) if first <= row["seq"] <= last]
            db.close()
            heads = list(HeadLog(paths.head_log).records())
            for at in range(0, len(rows), ROWS_AT_ONCE):
                part = rows[at : at + ROWS_AT_ONCE]
                begin, end = part[0]["seq"], part[-1]["seq"]
                content: dict[str, Any] = {
                    "incarnation": letter,
                    "book": paths.number,
                    "rows": [
                        row_content(row["seq"], row["salt"], row["sealed"], row["hash"]) for row in part
                    ],
                    "heads": [
                        head_content(head) for head in heads if head.seq_to >= begin and head.seq_from <= end
                    ],
                }
                receiver.take(Batch.read(station, content))
        return [row[0] for row in self.db.rows(NOT_GOOD, (station,))]

    def deliver(self, faults: Sequence[Fault | None] = ()) -> HubRound:
        """Bring what stands here into a HIS in memory, once through; its faults come one by one."""
        claims = open_store(self.place.settings.store.url, self.place.store_file, self.keys.store)
        try:
            return deliver_round(self.db, claims, self.connector(faults), ManualClock())
        finally:
            claims.close()

    def told(self, station: str, seen: str, journals: str = "[]") -> None:
        """Let a station have said how far its journals are."""
        with self.db.writing():
            self.db.rows("DELETE FROM seen WHERE station = ?", (station,))
            self.db.rows("INSERT INTO seen VALUES (?, 'A', ?, 0, ?, 0, 0)", (station, seen, journals))

    def known(self, station: str) -> None:
        """Let a station be known that never said anything."""
        with self.db.writing():
            self.db.rows("INSERT INTO station_key VALUES (?, 'A', ?, ?)", (station, bytes(32), AT))

    def ended(self, outage: str = OUTAGE, at: str = AT) -> None:
        """Let the hub have said that an outage is over."""
        with self.db.writing():
            self.db.rows(
                "INSERT INTO outage (name, state, at, said_by) VALUES (?, 'ended', ?, 'IT')", (outage, at)
            )

    @property
    def settings(self) -> HubSettings:
        """Its settings, with the HIS in memory connected."""
        return self.place.settings.model_copy(update={"connectors": {"memory": {}}})

    def read(
        self, language: Language = "en", outage: str = OUTAGE, read_back: dict[str, int] | None = None
    ) -> Whole:
        """Read an outage as it stands here now."""
        with Mirror(self.db) as mirror:
            return read_outage(self.db, mirror, self.settings, outage, language, NOW, read_back)


@contextmanager
def made_hub(path: Path, store_url: str = "") -> Iterator[Collected]:
    """Make a hub in ``path`` that does not listen."""
    place = HubPlace.create(
        path, hospital=HOSPITAL, addresses=["127.0.0.1"], store_url=store_url, cost=CHEAP_COST
    )
    keys = place.open()
    db = open_store(store_url, place.store_file, keys.store)
    try:
        yield Collected(place, keys, db)
    finally:
        db.close()


def make_stations(root: Path, codes: Sequence[str], customers: int = 12) -> list[tuple[Home, Keyring]]:
    """Make stations whose first book holds a whole outage each, settled by no HIS of their own."""
    found = []
    for n, code in enumerate(codes):
        clock = ManualClock(datetime(2026, 1, 5, 8, 20 + n, tzinfo=CHINA))
        named = {"code": code, "name": f"练习窗口{n + 1}"}
        home = make_outage(root / code, clock, customers, seed=7 + n, station=named)
        found.append((home, ring_of(home, "4003")))
    return found
