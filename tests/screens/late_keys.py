"""Papers typed in at the real screen, every key counted: number and time are inherited, the sum is keyed.

``make queue`` uses it: ``type_pile`` gives the work of each slip, whose seconds the keystroke-level model says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.book import OpenBook
from downtime.pack_number import PaperNumber
from downtime.packs import Run, issue, new_pack, series_of
from downtime.record import record_event
from downtime.store import journal
from forms.money import format_amount
from tests.queue.charging import LANGUAGE, find, take, wishes
from tests.queue.hands import Hands
from tests.screens.story import Story

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.home import Home
    from forms.paper_pack import PaperKind
    from tests.queue.charging import Wish
    from tests.queue.model import Work

WRITER = "1002"
WRITER_NAME = "练习员李娜"


def issue_pack(home: Home, kind: PaperKind = "charge", count: int = 10) -> list[str]:
    """Print a pack and give it to the writer; return the numbers on the forms."""
    book = OpenBook(home, home.keys.unlock("1001", "lianxi1001"), home.current_book())
    try:
        form = new_pack(book, kind, count)
        record_event(book, form)
        run = Run(series_of(book), form.first, form.last)
        record_event(book, issue(book, run, "person", WRITER, WRITER_NAME))
        drill = book.identity.drill
        return [str(PaperNumber(form.series, n, drill)) for n in range(form.first, form.last + 1)]
    finally:
        book.close()


async def begin_pile(story: Story, number: str, at: str = "0820") -> None:
    """Open the screen and type the first number, time and writer: once for a pile."""
    story.app.go("late_entry")
    await story.rest()
    await story.type(number)
    await story.press("enter")
    await story.type(at)
    await story.press("enter", "enter")


def written(story: Story, form: str) -> list[Entry]:
    """Return the entries of a form the station writes itself, oldest first."""
    return list(journal.entries(story.desk.looking(), forms=(form,)))


def sum_as_written(amount_minor: int, currency: str = "CNY") -> str:
    """Return a sum as somebody types it: no zeros behind the point."""
    text = format_amount(amount_minor, currency)
    return text.rstrip("0").rstrip(".") if "." in text else text


async def keys_for_slip(hands: Hands, wish: Wish) -> Work:
    """Type one slip of three lines in, its number, time and writer inherited; return what it took.

    One M for the patient, one before each item, one before the sum: five.
    """
    story, before, recorded = hands.story, hands.so_far(), len(written(hands.story, "late_entry"))
    await find(hands, wish.patient)
    await take(hands, wish.items)
    hands.think()
    await hands.keys("enter", *sum_as_written(wish.total_minor), "enter")
    await story.until(lambda: len(written(story, "late_entry")) > recorded)
    await story.rest()
    late, entry = written(story, "late_entry")[-1], story.entries("charge")[-1]
    assert late.content["entry_id"] == entry.id
    assert entry.amount_minor == wish.total_minor
    assert entry.patient == wish.patient.number
    return hands.work.less(before)


async def type_pile(home: Home, slips: int, seed: int) -> list[Work]:
    """Type so many slips of three random lines in, one after the other; return the work of each."""
    numbers = issue_pack(home, count=slips + 1)
    async with Story(home, language=LANGUAGE) as story:
        wanted = wishes(story.desk, slips, seed)
        await begin_pile(story, numbers[0])
        hands = Hands(story)
        return [await keys_for_slip(hands, wish) for wish in wanted]


async def slip(s: Story, total: str, *items: str) -> None:
    """Type one charge form: patient, items, sum."""
    for search in ("zw", *(items or ("xcg", "amxl"))):
        await s.type(search)
        await s.press("enter")
    await s.press("enter")
    await s.type(total)
    await s.press("enter")


async def stands(s: Story, count: int = 1) -> Any:
    """Wait until so many papers stand; return the newest ``late_entry``."""
    await s.until(lambda: len(written(s, "late_entry")) >= count)
    await s.rest()
    return written(s, "late_entry")[-1]
