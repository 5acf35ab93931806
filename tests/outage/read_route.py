"""The read route: people retype, the HIS is only read, its rows tick off, and whatever is asked is answered."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.book import OpenBook
from downtime.record import record_station_form
from downtime.sealing import Filled
from forms.his_decided import TypedIn
from sync.connectors.retype import Retype
from tests.outage import read_truth
from tests.outage.deliver import Deliveries
from tests.outage.read_truth import ABSENT, NO_ROWS, RIGHT, WRONG
from tests.outage.stations import HOSPITAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.board import BoardRow
    from tests.outage.clerk import Clerk
    from tests.outage.collect import Line
    from tests.outage.extract import ExtractWriter
    from tests.outage.faults import Place
    from tests.outage.hub import Hub
    from tests.outage.person import Board, ItStation
    from tests.outage.stations import Station
    from tests.outage.truth import Meant, Truth

CONNECTOR: Final = "retype"
WORD_SHARE: Final = 0.1
"""Of the entries, so many are said to be typed in, whether they were or not."""
PATIENT_LOOKS: Final = 5
CAREFUL_AFTER: Final = 8
"""From this cycle on people mend without new mistakes."""


@dataclass
class ReadRoute:
    """The retype desk, the HIS, and the person at the board.

    Attributes:
        typed: entries somebody has typed in, or thinks so.
        falsely: entries the board called verified while the HIS, as it was shown, held them otherwise.
    """

    hub: Hub
    clerk: Clerk
    extract: ExtractWriter
    line: Line
    board: Board
    it: ItStation
    truth: Truth
    workers: Place
    typed: set[str] = field(default_factory=set)
    falsely: dict[str, str] = field(default_factory=dict)
    cycles: int = 0
    _verified: set[str] = field(default_factory=set)
    _told: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.deliveries = Deliveries(self.hub, lambda: Retype(HOSPITAL, self.extract.told), self.workers)

    # -- one cycle --------------------------------------------------------------------------------------

    def type_in(self, stations: Sequence[Station]) -> None:
        """Let the cashiers of some windows type in what they took, in their own order."""
        for station in stations:
            own = [
                one
                for one in self.truth
                if one.station == station.code and one.id not in self.typed and one.id not in self.truth.aside
            ]
            for one in own:
                if one.kind:
                    self.clerk.type_in(one)
                self.typed.add(one.id)
            self._say(station, own)

    def _say(self, station: Station, own: Sequence[Meant]) -> None:
        """Let a cashier say "typed in": of what no extract shows, and now and then of anything."""
        faults = self.line.faults
        said = [one for one in own if not one.kind or faults.chance("word", one.id).random() < WORD_SHARE]
        book = OpenBook(station.home, station.ring, station.home.current_book(), station.clock)
        for n, one in enumerate(said):
            form = TypedIn(entry_id=one.id, number=one.number)
            record_station_form(
                book, Filled(form, f"11111111-{station.n:04}-4000-8000-{len(self.typed):06}{n:06}")
            )
        book.close()

    def cycle(self, stations: Sequence[Station], *, calm: bool = False) -> list[BoardRow]:
        """Write the extract, deliver, let stations speak, look at the board; return its rows."""
        self.cycles += 1
        self.extract.match({self.truth.meant[one].patient for one in self.typed})
        self.extract.write(calm=calm)
        before = self._run()
        done = self.deliveries.round() if not calm else self.deliveries.calm_round()
        saw_all = done is not None and done.unreachable is None and self.extract.is_whole
        if saw_all or self.extract.file_kind:
            self.extract.taken(self._run()[1])
        assert self.extract.is_whole or self._run() == before, "half an extract was taken"
        for n in range(2):
            if stations:
                self.line.round(stations[(2 * self.cycles + n) % len(stations)])
        rows = self.board.rows()
        self._hold_against(rows, saw_all=saw_all)
        self.clerk.issue_late()
        return rows

    def _run(self) -> tuple[str, int]:
        """Return when the tick-off last wrote its view, and how many lines it could not read."""
        found = self.hub.db.row("SELECT at, lines_not_read FROM tick_run WHERE connector = ?", (CONNECTOR,))
        return (str(found[0]), int(found[1])) if found else ("", 0)

    def _hold_against(self, rows: Sequence[BoardRow], *, saw_all: bool) -> None:
        """Hold what the board calls verified against the HIS as it was shown."""
        verified = {row.entry_id: row for row in rows if row.state == "verified"}
        if self.extract.is_whole:
            held = read_truth.held(self.truth, self.clerk.his)
            named = read_truth.named_by(self.clerk.his, self.unknown())
            for entry_id in verified if saw_all else verified.keys() - self._verified:
                is_named = entry_id in named and verified[entry_id].found == "agreed"
                if held[entry_id] not in (RIGHT, NO_ROWS) and not is_named:
                    row = verified[entry_id]
                    is_there = f"{held[entry_id]}, the tick-off says {row.found}"
                    told = f"{row.form} {row.number}: {is_there}, look {self.cycles}"
                    self.falsely.setdefault(entry_id, told)
        self._verified = set(verified)

    def unknown(self) -> set[str]:
        """Return the keys of the rows that stand on the list "in the HIS only"."""
        stored = self.hub.db.rows("SELECT told FROM tick_row WHERE connector = ?", (CONNECTOR,))
        return {one["id"] for (told,) in stored for one in json.loads(self.hub.db.shown(told))}

    # -- people -----------------------------------------------------------------------------------------

    def solve(self, rows: Sequence[BoardRow]) -> None:
        """Look into everything that is not verified: mend it in the HIS, or say which rows it is."""
        held = read_truth.held(self.truth, self.clerk.his)
        named = read_truth.named_by(self.clerk.his, self.unknown())
        decisions: list[tuple[str, dict[str, Any]]] = []
        for row in rows:
            meant = self.truth.meant.get(row.entry_id)
            if meant is None or row.entry_id not in self.typed or row.verdict or not meant.kind:
                continue
            status = held[meant.id]
            if row.state == "verified" and meant.id not in named:
                if status == RIGHT and len(live := self._live(meant)) == 1:
                    self.clerk.later(meant, live[0])
            elif status != RIGHT:
                self._mend(meant, status)
            elif row.state != "verified" and row.found in ("doubtful", "different", "missing_there"):
                decisions += self._answer(meant, row)
        if decisions:
            self.it.decide(*decisions)
        self.line.round(self.it)

    def _live(self, meant: Meant) -> list[Any]:
        return [one for one in self.clerk.his.of(meant.id) if one.is_live]

    def _mend(self, meant: Meant, status: str) -> None:
        """Take back what is wrong, and type it again."""
        self.clerk.at += 30
        for typing in self._live(meant):
            if len(typing.entries) == 1:
                if self.clerk.at % 2:
                    self.clerk.his.void(typing)
                else:
                    self.clerk.his.take_back(typing, self.clerk.at)
        if status == ABSENT and self.cycles < CAREFUL_AFTER:
            self.clerk.type_in(meant)
        else:
            self.clerk.type_rightly(meant)

    def _answer(self, meant: Meant, row: BoardRow) -> list[tuple[str, dict[str, Any]]]:
        """Say which rows it is; where both a charge and its reversal were only voided there, type both out."""
        keys = read_truth.rows_for(self.truth, self.clerk.his, meant)
        if not keys:
            undone = self.truth.meant[meant.undoes] if meant.undoes else None
            pair = (undone, meant) if undone else ()
            for one in pair:
                self.clerk.type_rightly(one)
            return []
        said = (meant.id, *sorted(keys))
        if self._told.setdefault(said, self.cycles) != self.cycles:
            if self.cycles - self._told[said] > PATIENT_LOOKS:  # it was said, and did not help
                self._mend(meant, WRONG)
            return []
        told = {
            "entry_id": meant.id, "number": meant.number, "connector": CONNECTOR, "rows": tuple(keys),
            "is_same": True, "found": row.found, "reason": "练习:与单据、HIS 核对一致",
        }  # fmt: skip
        return [("tick_decided", told)]

    def close(self) -> None:
        """Let go."""
        self.deliveries.close()
