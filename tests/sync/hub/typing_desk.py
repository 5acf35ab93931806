"""A hub with a HIS people type into, an extract of it, and one worker that goes round."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.clock import ManualClock
from downtime.his_word import word_in
from sync.connectors.retype import Retype
from sync.contract_entries import HOSPITAL, made_up_entry, made_up_id
from sync.hub.delivering import HubRound, Worker, standing
from tests.sync.hub.test_hub_delivering import put
from tests.sync.test_tick_retype import write
from tests.sync.tick_his import MadeUpHis

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.entry import Entry
    from sync.connector import Connector
    from sync.hub.database import Database
    from tests.sync.hub.hubs import RunningHub

TICKS = (
    "SELECT e.id, t.outcome, t.what, t.word FROM tick t JOIN entry e ON e.n = t.entry_n WHERE t.connector = ?"
)


class Desk:
    """A hub with a HIS people type into, an extract of it, and one worker that goes round."""

    def __init__(
        self, running: RunningHub, claims: Database, folder: Path, writes: Connector | None = None
    ) -> None:
        self.running = running
        self.folder = folder
        self.his = MadeUpHis()
        self.reader = Retype(HOSPITAL, write(folder, self.his))
        first = None if writes is None else self.reader
        self.worker = Worker(running.hub.db, claims, writes or self.reader, ManualClock(), first)
        self._said = 1000

    @property
    def name(self) -> str:
        """The connector's."""
        return self.worker.connector.name

    def round(self) -> HubRound:
        """Write what the HIS holds now and go once through; counts add up afterwards."""
        write(self.folder, self.his)
        done = self.worker.round()
        row = self.running.hub.db.row("SELECT count(*) FROM entry WHERE deliverable = 1 AND verdict = ''")
        assert row is not None
        assert sum(self.standing().values()) == row[0]
        return done

    def standing(self) -> dict[str, int]:
        """Return how many entries are in each state."""
        return dict(standing(self.running.hub.db, self.name))

    def say(self, form: str, content: dict[str, Any], station: str = "IT1") -> Entry:
        """Let a decision come up from a station."""
        self._said += 1
        entry = made_up_entry(self._said, form, content, entry_id=made_up_id(f"said {self._said}"))
        put(self.running, station, [entry])
        return entry

    def ticks(self) -> dict[str, tuple[str, str]]:
        """Return outcome and word of each entry as the board reads them."""
        rows = self.running.hub.db.rows(TICKS, (self.name,))
        return {row[0]: (row[1], getattr(word_in(row[3]), "said", "")) for row in rows}
