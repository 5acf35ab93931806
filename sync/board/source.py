"""The board over the hub's store: what the screens ask, answered from memory wherever it can be."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from downtime.board import BoardRow, Kept, Reading, StateSum, StationSeen, Summary
from downtime.board_whole import Attempt, BoardItem, Decision, HisLine
from downtime.store.journal import entry_from_sealed
from sync.board.index import Snapshot, narrowed
from sync.board.lists import BoardLists
from sync.board.reading import Reader
from sync.board.sending import Beside, RoundOrder
from sync.connector import Guarantee, connector_named
from sync.connectors.by_payer import WAYS, ByPayer
from sync.hub.ending import outages, waiting_outages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from downtime.board_lists import ListRow, ListSum
    from downtime.board_source import Sending
    from downtime.entry import Entry
    from sync.hub.database import Database
    from sync.hub.place import HubPlace

_SEALED: Final = "SELECT sealed, body_hash, hash, amount_minor, seq FROM entry WHERE n = ?"
_ATTEMPTS: Final = """
SELECT connector, step, state, outcome, at, sent FROM delivery WHERE entry_n = ? ORDER BY n
"""
_HIS_ROWS: Final = "SELECT rows FROM tick WHERE connector = ? AND entry_n = ?"
_UNKNOWN: Final = "SELECT count(*), coalesce(sum(amount_minor), 0) FROM tick_row WHERE connector = ?"
_SEEN: Final = "SELECT station, at, journals FROM seen"
_REACHED: Final = "SELECT station, incarnation, book, seq FROM chain"
_STATIONS: Final = "SELECT DISTINCT station FROM station_key"


class HubBoard:
    """``BoardSource`` over one hub; the screens ask from one thread and let another refresh."""

    def __init__(
        self,
        place: HubPlace,
        db: Database,
        connector: str,
        *,
        currency: str = "CNY",
        password_file: Path | None = None,
    ) -> None:
        """Prepare to read; ``refresh`` does it.

        Args:
            place: the hub's folder.
            db: an own connection to its store.
            connector: whose answers are shown; "" where the hub has none yet.
            currency: of the amounts.
            password_file: the hub's password, if it is not kept there.
        """
        self._place, self._db, self._currency = place, db, currency
        self._password_file = password_file
        self._names = tuple(place.settings.connectors) or (connector,)
        self._lock = threading.Lock()
        self._reader = Reader(db, connector, currency)
        self._connector = connector
        self._snapshot = Snapshot()
        self._is_new = True
        self._here: list[Entry] = []
        self._lists = BoardLists(db, self)
        self._sending: Beside | None = None
        self._more: dict[str, Any] = {}

    # -- which way --------------------------------------------------------------------------------------

    @property
    def connector(self) -> str:
        """The way into the HIS whose answers are shown."""
        return self._connector

    @property
    def connectors(self) -> Sequence[str]:
        """All ways there are."""
        return self._names

    @property
    def zone(self) -> ZoneInfo:
        """Of the times it shows."""
        return ZoneInfo(self._place.settings.hospital.zone)

    @property
    def doubt_is_reopened(self) -> bool:
        """Whether a person may let go again what is in doubt, because nothing but a person can tell."""
        given = self._place.settings.connectors.get(self._connector, {})
        names = [given.get(way, "") for way in WAYS] if self._connector == ByPayer.name else [self._connector]
        return any(connector_named(name).guarantee is Guarantee.ONE_ATTEMPT for name in names if name)

    def choose(self, connector: str) -> None:
        """Show another way's answers after the next ``refresh``."""
        with self._lock:
            self._connector = connector
            self._reader = Reader(self._db, connector, self._currency)
            self._is_new = True

    # -- reading ----------------------------------------------------------------------------------------

    def reading(self) -> Reading:
        """Return how far a ``refresh`` under way has come."""
        return Reading(self._reader.read, self._reader.total)

    def refresh(self) -> bool:
        """Read what is new; return whether anything was."""
        with self._lock:
            reader = self._reader
            changed = reader.refresh()
            changed = reader.know(self._here) or changed
            return self._take_snapshot(changed=changed)

    def know(self, decisions: Iterable[Entry]) -> bool:
        """Count decisions of this station's book that may not be at the hub yet; return whether any is new."""
        with self._lock:
            fresh = list(decisions)
            self._here += fresh
            return self._take_snapshot(changed=self._reader.know(fresh))

    def _take_snapshot(self, *, changed: bool) -> bool:
        more = self._asked()
        if not changed and not self._is_new and more == self._more:
            return False
        self._more, self._is_new = more, False
        held: dict[str, int] = {}
        for known in self._reader.index.by_n.values():
            held[known.place[0]] = held.get(known.place[0], 0) + 1
        seen = tuple(self._station(row, held.get(row[0], 0)) for row in more["stations"])
        self._snapshot = self._reader.index.snapshot(more | {"stations": seen})
        return True

    def _asked(self) -> dict[str, Any]:
        """Return what the summary says beside what is counted from the rows."""
        unknown = self._db.row(_UNKNOWN, (self._connector,)) or (0, 0)
        return {
            "last_success": self._reader.last_success,
            "ticked_at": self._reader.ticked_at,
            "unknown": StateSum(int(unknown[0]), int(unknown[1])),
            "stations": self._stations(),
            "closed_day": self._place.settings.his.closed_day,
            "waits": tuple(waiting_outages(self._db).values()),
            "still_open": tuple(sorted(self._still_open())),
        }

    def _still_open(self) -> set[str]:
        """Return the stations that may still be in an outage whose end was announced."""
        found = (one for one in outages(self._db).values() if one.announced != "started")
        return {stop.station for one in found for stop in one.still_open()}

    def _stations(self) -> list[tuple[str, str, int]]:
        """Return (station, last seen, entries missing) of every station that was let in."""
        reached = {row[:3]: row[3] for row in self._db.rows(_REACHED)}
        seen: dict[str, tuple[str, int]] = {}
        for station, at, journals in self._db.rows(_SEEN):
            stated = json.loads(journals)
            missing = [max(seq - reached.get((station, letter, book), 0), 0) for letter, book, seq in stated]
            seen[station] = (at, sum(missing))
        known = {row[0] for row in self._db.rows(_STATIONS)}
        return [(station, *seen.get(station, ("", 0))) for station in sorted(known | seen.keys())]

    def _station(self, row: tuple[str, str, int], held: int) -> StationSeen:
        station, at, unsynced = row
        waiting = sum(
            1
            for n, verdict in self._reader.waiting.items()
            if verdict and self._reader.index.by_n[n].place[0] == station
        )
        return StationSeen(station, at, held, unsynced, waiting)

    # -- from memory --------------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        """The board as of the last ``refresh``."""
        return self._snapshot

    def summary(self) -> Summary:
        """Return the figures."""
        return self._snapshot.summary

    def rows(self, kept: Kept) -> Sequence[BoardRow]:
        """Return the rows asked for, the most urgent first, the oldest first among these."""
        return narrowed(self._snapshot, kept)

    def row(self, number: str) -> BoardRow | None:
        """Return the row of a receipt number or entry id."""
        known = self._reader.index.named(number)
        return known.row if known is not None else None

    def fresh(self, n: int) -> BoardRow | None:
        """Return the newest row of an entry."""
        known = self._reader.index.by_n.get(n)
        return known.row if known is not None else None

    def choices(self) -> tuple[Sequence[str], Sequence[tuple[str, str]], Sequence[str]]:
        """Return stations, cashiers (number, name) and days there are."""
        rows = self._snapshot.rows
        people = {row.operator: row.operator_name for row in rows if row.operator}
        days = {row.at[:10] for row in rows if row.at}
        return sorted({row.station for row in rows}), sorted(people.items()), sorted(days)

    # -- from the store -----------------------------------------------------------------------------------

    def item(self, n: int) -> BoardItem:
        """Return one entry whole."""
        with self._lock:
            known = self._reader.index.by_n[n]
            assert known.row is not None, "made with the first snapshot"
            stored = self._db.row(_SEALED, (n,))
            assert stored is not None, "entries are never deleted"
            sealed = self._db.shown(stored[0])
            return BoardItem(
                row=known.row,
                entry=_entry(sealed, *stored[1:]),
                sealed=sealed,
                his_lines=tuple(self._his_lines(n)),
                attempts=tuple(self._attempt(row) for row in self._db.rows(_ATTEMPTS, (n,))),
                decisions=tuple(Decision(**one) for one in self._reader.decisions.get(known.entry_id, ())),
            )

    def _his_lines(self, n: int) -> Iterable[HisLine]:
        row = self._db.row(_HIS_ROWS, (self._connector, n))
        if row is None:
            return []
        return [self._his_line(told) for told in json.loads(self._db.shown(row[0]))]

    def _his_line(self, told: dict[str, Any]) -> HisLine:
        shown = {name: "" if value is None else str(value) for name, value in told.items()}
        shown["time"] = datetime.fromtimestamp(told["begins"], self.zone).isoformat()
        return HisLine(told["id"], told["amount_minor"], shown)

    def _attempt(self, row: tuple[Any, ...]) -> Attempt:
        connector, step, state, outcome, at, sent = row
        told = json.loads(outcome) or {}
        documents = tuple(
            f"{one.get('bill_code', '')} {one.get('number', '')}".strip() for one in told.get("formal", ())
        )
        said = str(told.get("reason") or told.get("reference") or "")
        return Attempt(at, connector, step, state, said, documents, self._db.shown(sent) if sent else None)

    # -- lists ----------------------------------------------------------------------------------------------

    def list_sums(self) -> Sequence[ListSum]:
        """Return what every list comes to."""
        with self._lock:
            return self._lists.sums()

    def list_rows(self, name: str) -> Sequence[ListRow]:
        """Return the rows of a list."""
        with self._lock:
            return self._lists.rows(name)

    def list_lines(self) -> Sequence[tuple[str, int, str]]:
        """Return cash, receipts and the HIS side by side."""
        with self._lock:
            return self._lists.money()

    # -- sending ----------------------------------------------------------------------------------------------

    def send(self, language: str, although_open: Sequence[str] = ()) -> Sending:
        """Begin one round into the HIS, in a program beside; if it runs already, that one is returned."""
        if self._sending is None or self._sending.code is not None:
            order = RoundOrder(self._place.path, self._connector, self._password_file, tuple(although_open))
            self._sending = Beside(order, language)
        return self._sending

    def close(self) -> None:
        """Let go of the store; what was begun goes on by itself."""
        with self._lock:
            self._lists.close()
            self._db.close()


def _entry(
    sealed: bytes, body_hash: bytes, chain_hash: bytes, amount_minor: int | None, seq: int
) -> Entry | None:
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        content = json.loads(sealed)["body"]["content"]
        return entry_from_sealed(
            sealed,
            seq=seq,
            body_hash=bytes(body_hash),
            chain_hash=bytes(chain_hash),
            patient=(content.get("patient") or {}).get("number"),
            encounter=(content.get("visit") or {}).get("number"),
            amount_minor=amount_minor,
        )
    return None
