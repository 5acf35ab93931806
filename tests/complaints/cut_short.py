"""What a power cut leaves of a charge: copies of the station's files as they were, opened as after a restart."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.book import OpenBook
from downtime.desk import Desk
from downtime.desk_queries import printouts
from downtime.home import Home
from downtime.numbers import number_lines, sums_of

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.record import Recorded

OPERATOR = "1001"
PASSWORD = "lianxi1001"


@dataclass(frozen=True)
class Moment:
    """One moment at which the power may go.

    Attributes:
        after: what had happened last, in words.
        home: the files as they lay there.
        entry_id: of the form in hand.
        patient: number of whoever stood on the screen, or "".
        lines: (code, quantity) of each line on the screen.
    """

    after: str
    home: Path
    entry_id: str
    patient: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Left:
    """What is there after a restart.

    Attributes:
        draft: content of the half-filled form under the id, or None.
        number: the receipt number if the entry stands, or "".
        asked: whether the start screen asks whether it was handed over.
        unprinted: whether it is listed as never printed.
        papers: what is known about each copy.
        numbers: how many receipt numbers are used, unused, missing ...
        charges: how many charges stand.
    """

    draft: dict[str, Any] | None
    number: str
    asked: bool
    unprinted: bool
    papers: tuple[str, ...]
    numbers: dict[str, int]
    charges: int


def files_as_they_lie(home: Path, to: Path) -> Path:
    """Copy a station whose app is running: what ``kill -9`` would leave."""
    return shutil.copytree(home, to)


def left_after(moment: Moment) -> Left:
    """Start the station again and look."""
    home = Home(moment.home)
    ring = home.keys.unlock(OPERATOR, PASSWORD)
    desk = Desk(home, ring)
    desk.paper.ask_about_cut_off()  # as every login does
    try:
        entry = desk.find(moment.entry_id)
        drafts = [draft.content for draft in desk.drafts() if draft.id == moment.entry_id]
        assert len(drafts) <= 1
        return Left(
            draft=drafts[0] if drafts else None,
            number=entry.number or "" if entry else "",
            asked=moment.entry_id in {one.id for one in desk.unconfirmed()},
            unprinted=moment.entry_id in {one.id for one in desk.not_printed()},
            papers=tuple(one.content["state"] for one in printouts(desk, moment.entry_id)),
            numbers=sums_of(number_lines(home, ring)),
            charges=sum(one.form == "charge" for one in desk.find_entries("", 1000)),
        )
    finally:
        desk.close()


def recorded_elsewhere(desk: Desk, act: Any) -> Recorded:
    """Let a second program at the same station record something while the app is open."""
    home = desk.home
    book = OpenBook(home, home.keys.unlock(OPERATOR, PASSWORD), home.current_book())
    try:
        return act(book)  # type: ignore[no-any-return]  # whatever the act gives
    finally:
        book.close()
