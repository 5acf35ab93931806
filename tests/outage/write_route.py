"""The write route: staging rows into a HIS that fails, refuses and posts late, until every entry stands there once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.outage import write_truth
from tests.outage.deliver import Deliveries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.board import BoardRow
    from tests.outage.collect import Line
    from tests.outage.faults import Place
    from tests.outage.his import StagingHis
    from tests.outage.hub import Hub
    from tests.outage.person import Board, ItStation
    from tests.outage.stations import Station
    from tests.outage.truth import Truth

CONNECTOR: Final = "sqlstaging"
STILL_LOOKS: Final = 12
LOOKS_EVERY: Final = 6
"""Rounds between two looks of the person at the board."""


@dataclass
class WriteRoute:
    """One connector at work, and the person beside it.

    Attributes:
        double_presses: decisions made twice; the second must change nothing.
        falsely: entries the board said the HIS has while it has not, or otherwise; at any look.
    """

    hub: Hub
    his: StagingHis
    line: Line
    board: Board
    it: ItStation
    truth: Truth
    workers: Place
    presses: Place
    falsely: set[str] = field(default_factory=set)
    rounds: int = 0

    def __post_init__(self) -> None:
        self.deliveries = Deliveries(
            self.hub, self.his.connector, self.workers, committing=self.his.dies_at_commit
        )

    def bring_in(self, stations: Sequence[Station]) -> None:
        """Go on until the HIS has taken everything that may go there, or nothing changes any more."""
        before: dict[str, str] = {}
        same = 0
        while True:
            self.rounds += 1
            with self.his.failing():
                self.deliveries.round()
            self.his.run_job()
            if stations:
                self.line.round(stations[self.rounds % len(stations)])
            if self.rounds % LOOKS_EVERY:
                continue
            rows = self.look()
            now = {row.entry_id: row.delivered for row in rows}
            same = same + 1 if now == before else 0
            before = now
            if same > STILL_LOOKS or all(row.delivered == "accepted" or row.verdict for row in rows):
                return
            self.decide(rows)

    def look(self) -> list[BoardRow]:
        """Look at the board and hold it against the HIS's books."""
        rows = self.board.rows()
        held = write_truth.read(self.his.engine, self.truth)
        claimed = {row.entry_id for row in rows if row.delivered == "accepted"}
        self.falsely |= claimed - held.exactly
        return rows

    def decide(self, rows: Sequence[BoardRow]) -> None:
        """What the HIS refused is looked at there, and let go again; sometimes somebody presses twice."""
        decisions: list[tuple[str, dict[str, Any]]] = []
        for row in rows:
            if row.delivered != "rejected" or row.again or row.verdict:
                continue
            meant = self.truth.meant[row.entry_id]
            self.his.looked(row.entry_id, [line["code"] for line in meant.content.get("lines") or ()])
            told = {
                "entry_id": row.entry_id, "connector": CONNECTOR, "number": row.number, "step": row.step,
                "reason": "练习:HIS 已补价目",
            }  # fmt: skip
            decisions.append(("resend_decided", told))
            if self.presses.draw() is not None:
                decisions.append(("resend_decided", told))
                self.presses.hit(self.presses.kinds[0])
        if decisions:
            self.it.decide(*decisions)
        self.line.round(self.it)

    def close(self) -> None:
        """Let go."""
        self.deliveries.close()
