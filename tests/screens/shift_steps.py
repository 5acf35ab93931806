"""Steps at the shift screen, for stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.screens.shift import ShiftScreen
from downtime.screens.shift_count import CountDialog
from downtime.store import journal

if TYPE_CHECKING:
    from downtime.entry import Entry
    from tests.screens.story import Story

NOTES = 8


def all_of(s: Story, form: str) -> list[Entry]:
    """Return the entries of a form of the station's own, oldest first."""
    return list(journal.entries(s.desk.looking(), forms=(form,)))


def stage_of(s: Story) -> str:
    """Return how far the shift on the screen has come; empty elsewhere."""
    screen = s.app.screen
    return screen.stage if isinstance(screen, ShiftScreen) else ""


async def at_stage(s: Story, stage: str) -> None:
    """Wait until the screen has come so far."""
    await s.until(lambda: stage_of(s) == stage)
    await s.rest()


async def opened_shift(s: Story, float_yuan: str = "200") -> None:
    """Open a shift on a float."""
    s.app.go("shift")
    await at_stage(s, "none")
    await s.press(*float_yuan, "enter")
    await at_stage(s, "open")


async def counted(s: Story, **pieces: int) -> None:
    """Count; names are the place of the note, largest first: n0 is 100 yuan."""
    await s.press("f8")
    await s.until(lambda: isinstance(s.app.screen, CountDialog))
    await typed_pieces(s, **pieces)
    await at_stage(s, "counted")


async def typed_pieces(s: Story, **pieces: int) -> None:
    """Type a count into the dialog in sight."""
    for place in range(NOTES):
        await s.press(*str(pieces.get(f"n{place}", "")), "enter")


async def printed_and_told(s: Story, entry: Entry) -> None:
    """Let a receipt have come out and been handed over."""
    await s.desk.printing(entry)
    await s.desk.confirming(entry.id)


def closing_of(s: Story) -> Any:
    """Return the content of the one closing there is."""
    (closed,) = all_of(s, "shift_closed")
    return closed.content
