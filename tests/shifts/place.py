"""The window of a soak: a practice station with a printer that can fail, few receipt numbers, and prices on paper."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from downtime.book import OpenBook
from downtime.clock import ManualClock
from downtime.practice import ZONE, prepare_practice
from downtime.practice_set import practice_cells
from downtime.record import record_event
from forms.money import parse_amount
from forms.station_book import NumberBlock
from tests.downtime.printers.tcp_printer import TcpPrinter, listening
from tests.shifts.books import Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from downtime.home import Home

IT, IT_PASSWORD = "4001", "lianxi4001"
CNY = "CNY"
PRICE_MINOR_MAX = 30_000


class Place:
    """What stands around the app.

    Attributes:
        home: the station.
        clock: moved by hand: a queue of hours passes in minutes.
        printer: the printer behind the TCP port.
        next_number: the first receipt number of the next block IT will give.
        drugs: codes of what the pharmacy hands over.
    """

    def __init__(self, home: Home, printer: TcpPrinter, block: int) -> None:
        self.home, self.printer, self.block = home, printer, block
        self.clock = ManualClock(datetime.now(ZoneInfo(ZONE)))
        self.next_number = 30_001
        self.blocks_given = 0
        taken_at = self.clock.now().wall
        cells = practice_cells(taken_at)
        self.patients = [row["number"] for row in cells["patients"]]
        self.in_bed = [row["patient"] for row in cells["inpatients"]]
        self.cards = {row["number"]: row["card"] for row in practice_cells(taken_at)["patients"]}
        self.prices = [
            (row["code"], parse_amount(row["price"], CNY))
            for table in ("items", "drugs")
            for row in practice_cells(taken_at)[table]
        ]
        self.drugs = {row["code"] for row in practice_cells(taken_at)["drugs"]}

    def lines(self, chance: Random, most: int = 3) -> tuple[Line, ...]:
        """Draw what somebody comes for; no code twice, nothing absurdly dear."""
        fair = [pair for pair in self.prices if 0 < pair[1] <= PRICE_MINOR_MAX]
        drawn = chance.sample(fair, chance.randrange(1, most + 1))
        return tuple(
            Line(code, price, chance.choice(("1", "1", "1", "2", "3", "0.5"))) for code, price in drawn
        )

    def more_numbers(self) -> None:
        """Let IT add a block of receipt numbers at the same PC while the app is open."""
        book = OpenBook(self.home, self.home.keys.unlock(IT, IT_PASSWORD), self.home.current_book())
        last = self.next_number + self.block - 1
        record_event(book, NumberBlock(first=self.next_number, last=last))
        book.close()
        self.next_number = last + 1_001
        self.blocks_given += 1

    def pass_time(self, seconds: float) -> None:
        """Let the clock go on."""
        self.clock.turn(wall_seconds=seconds, passed_seconds=seconds)


@contextmanager
def opened(path: Path, block: int) -> Iterator[Place]:
    """Make the station at the absent folder ``path`` with ``block`` receipt numbers, its printer beside it."""
    with patch("downtime.station.FIRST_BLOCK", block):
        home = prepare_practice(path)
    with listening(TcpPrinter()) as printer:
        settings = home.path / "station.toml"
        text = settings.read_text("utf-8")
        roll: dict[str, Any] = {"host": '"127.0.0.1"', "port": printer.port, "timeout_seconds": 2}
        section = "\n".join(['kind = "escpos"', 'drawing = "text"', *(f"{k} = {v}" for k, v in roll.items())])
        assert 'kind = "pdf_folder"' in text
        settings.write_text(text.replace('kind = "pdf_folder"', section), "utf-8")
        yield Place(type(home)(home.path), printer, block)
