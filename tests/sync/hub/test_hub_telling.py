"""What comes back down to the window over the line: what the rows say, the document, and that it was voided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.clock import ManualClock
from downtime.his_word import word_in
from downtime.outcome import Accepted, HandedOver
from downtime.store import delivery_queries as queries
from sync.book_files import StationBook
from sync.connectors.retype import Retype
from sync.hub.delivering import Worker
from sync.tick_books import deliver_books
from tests.sync.hub.hubs import HOSPITAL
from tests.sync.hub.stations import make_station
from tests.sync.hub.test_hub_delivering import again
from tests.sync.test_tick_retype import write
from tests.sync.tick_his import MadeUpHis

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.outcome import Outcome
    from tests.sync.hub.hubs import RunningHub
    from tests.sync.hub.stations import MadeStation


def _round(hub: RunningHub, station: MadeStation) -> None:
    """Let the station speak to the hub once, as its program does every twenty seconds."""
    connector = station.connector()
    try:
        book = StationBook.of(station.ring, station.home.current_book())
        deliver_books([book], connector, clock=station.clock, respect_waits=False)
    finally:
        connector.close()
    hub.hub.settle()


def _told(station: MadeStation, entry_id: str) -> list[Outcome | None]:
    book = StationBook.of(station.ring, station.home.current_book())
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    try:
        return [line.outcome for line in queries.history(look, entry_id)]
    finally:
        look.close()


def test_a_station_hears_what_became_of_its_entry_at_the_his(hub: RunningHub, tmp_path: Path) -> None:
    """Typed otherwise, typed right, voided, typed again: each is told once, and nothing is told twice."""
    station = make_station(tmp_path / "w03")
    station.join(hub)
    (entry,) = station.charge()
    his = MadeUpHis()
    reader = Retype(HOSPITAL, write(tmp_path, his))
    db, claims = again(hub), again(hub)
    worker = Worker(db, claims, reader, ManualClock())

    def everybody() -> Outcome | None:
        for _n in range(3):
            _round(hub, station)
            write(tmp_path, his)
            worker.round()
        _round(hub, station)
        return _told(station, entry.id)[-1]

    assert everybody() == HandedOver(entry.id)
    his.type_in(entry, bill="B1")
    his.change(0, amount_minor=1)
    last = everybody()
    assert isinstance(last, HandedOver)
    word = word_in(last.reference)
    assert word is not None
    assert (word.said, word.what, word.rows) == ("differs", ("amount",), ("F1",))
    his.rows.clear()
    his.type_in(entry, bill="B2")
    last = everybody()
    assert isinstance(last, Accepted)
    assert [document.number for document in last.formal] == ["EB2"]
    his.change(0, is_void=True)
    last = everybody()
    assert isinstance(last, HandedOver)
    assert (word_in(last.reference) or word).said == "taken_back"
    his.type_in(entry, bill="B3")
    last = everybody()
    assert isinstance(last, Accepted)
    assert [document.number for document in last.formal] == ["EB3"]
    states = [outcome.state if outcome else "sending" for outcome in _told(station, entry.id)]
    assert states == [
        "sending", "handed_over", "handed_over", "accepted", "handed_over", "accepted",
    ]  # fmt: skip
    db.close()
    claims.close()
