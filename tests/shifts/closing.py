"""Opening, counting and closing a shift at its screen, and holding the report against the books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.screens.reason import ReasonDialog
from downtime.screens.rows import Rows
from downtime.screens.shift import ShiftScreen
from downtime.screens.shift_count import CountDialog
from downtime.store import journal
from forms.shift_rules import DENOMINATIONS

if TYPE_CHECKING:
    from random import Random

    from tests.shifts.books import Books
    from tests.shifts.session import Session

CNY = "CNY"
WRONG_COUNTS = (0, 0, 0, -130, 50)
BY_HAND_MAX = 3
_ROWS_BY_DIGIT = 9


async def _at(session: Session, *stages: str) -> ShiftScreen:
    def there() -> bool:
        screen = session.app.screen
        return isinstance(screen, ShiftScreen) and screen.stage in stages

    await session.wait(there)
    await session.keys()
    screen = session.app.screen
    assert isinstance(screen, ShiftScreen)
    return screen


async def open_shift(session: Session, float_minor: int) -> None:
    """Open the next shift on what was left in the drawer."""
    await session.goes("shift")
    await _at(session, "none")
    field = session.app.screen.query_one("#float")
    field.take("")  # type: ignore[attr-defined]  # a field
    await session.words(str(float_minor // 100), "enter")
    await _at(session, "open")
    await session.home_screen()


async def to_the_shift(session: Session) -> None:
    """Go to the screen of the open shift, in the middle of it."""
    await session.goes("shift")
    await _at(session, "open", "counted")


async def counted(session: Session, minor: int) -> None:
    """Type how many of each note and coin lie there; what is less than the smallest coin is rounded off."""
    pile = minor // 10 * 10
    for note in DENOMINATIONS[CNY]:
        await session.words(str(pile // note), "enter")
        pile %= note


async def close_shift(session: Session, books: Books, chance: Random, float_minor: int) -> dict[str, Any]:
    """Count, settle every paper, close; return what the report says."""
    await session.paper_is_out()
    await to_the_shift(session)
    await session.keys("f8")
    await session.shows(CountDialog)
    await counted(session, max(0, books.drawer + chance.choice(WRONG_COUNTS)))
    screen = await _at(session, "counted")
    if screen.differs:
        await session.words("zhao cuo", "enter")
    await _settle_papers(session, screen, by_hand=BY_HAND_MAX)
    before = sum(1 for _closed in _closings(session))
    for _try in range(4):
        if sum(1 for _closed in _closings(session)) > before:
            break
        await session.keys("f8")
        await session.wait(lambda: not session.app.recording)
    await session.wait(lambda: sum(1 for _closed in _closings(session)) > before)
    await _at(session, "done")
    await session.paper_is_out()
    content = _closings(session)[-1]
    assert content["float_minor"] == float_minor
    return content


def _closings(session: Session) -> list[dict[str, Any]]:
    return [entry.content for entry in journal.entries(session.desk.looking(), forms=("shift_closed",))]


async def _settle_papers(session: Session, screen: ShiftScreen, *, by_hand: int) -> None:
    """Each paper that never came out: printed now, said to have come out, or written by hand instead."""

    def waiting() -> list[Any]:
        return [one for one in screen.look.matters if not screen.draft.explained.get(one.number)]

    while rest := waiting():
        matter = rest[0]
        place = screen.look.matters.index(matter)
        rows = screen.query_one(Rows)
        rows.focus()
        rows.mark(place)
        await session.keys("enter")
        await session.shows(ReasonDialog)
        if matter.kind == "not_printed" and by_hand:
            by_hand -= 1
            await session.keys("2", "enter")
        else:
            await session.keys("1", "enter")
        await session.wait(lambda gone=matter: gone not in waiting())  # type: ignore[misc]  # bound in the loop
        await session.paper_is_out()
        await _at(session, "counted")


def number_gaps(session: Session, blocks: list[tuple[int, int]], used_before: int) -> tuple[int, list[str]]:
    """Count the receipt numbers in the journal one by one; return how many, and what is missing in words.

    Args:
        session: whose journal.
        blocks: numbers IT gave, as (first, last), in order.
        used_before: numbers that were used before the soak began.
    """
    numbers = [
        int(str(entry.number).split("-")[1])
        for entry in journal.entries(session.desk.looking())
        if entry.number is not None
    ]
    given = [number for first, last in blocks for number in range(first, last + 1)]
    expected = given[: len(numbers)]
    missing = sorted(set(expected) - set(numbers))
    told = [f"number {number} is missing" for number in missing[:10]]
    if len(set(numbers)) != len(numbers):
        told.append("a number was used twice")
    return len(numbers) - used_before, told
