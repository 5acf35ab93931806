"""A pile of charges typed into a HIS at the real retype desk; what each took, by the keystroke-level model."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from downtime.record import Recorded, new_entry_id
from downtime.screens import clipboard
from downtime.screens.retype import RetypeScreen
from downtime.screens.retype_acts import TypedDialog
from downtime.screens.retype_entry import RetypeEntryScreen
from downtime.store import journal
from downtime.worksheet_template import template_path
from forms.charge import Charge
from forms.money import line_amount
from tests.queue.charging import wishes
from tests.queue.hands import Hands
from tests.queue.lists import loaded_home
from tests.queue.model import ERROR_SHARE, MODEL, Operators, Work, percentile, told
from tests.retype.his_screen import ASSUMED, ENTER, PASTE, SWITCH, by_scanner, is_read, keys_for
from tests.screens.story import Story

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.worksheet import WorksheetEntry

SITE = '[codes.method]\ncash = "1"\ncard = "2"\nmobile = "3"\n'
OPERATOR = "4001"
QUANTITIES = (*["1"] * 7, "2", "2", "3")
METHODS = (*["cash"] * 5, *["mobile"] * 4, "card")
TICK_SECONDS = MODEL.home + MODEL.point
SKILLED = replace(MODEL, key=0.20)
PATIENTS = 500
WAYS = ("worksheet_and_scanner", "clipboard", "off_the_screen")
WORDS = (
    "M before the entry and before the sum is compared, and before a patient's number or an item's code that is read "
    "and typed. The pessimist adds one before every other field. Scan: 0.5 s and one H. Tick on paper: H and P. "
    "Machine: 0.3 s an entry. The HIS's own waiting is not in it."
)


def made_charges(story: Story, entries: int, seed: int) -> None:
    """Let so many charges of three lines stand, whatever shift is open."""
    chance = Random(f"{seed} retype")
    for wish in wishes(story.desk, entries, seed):
        lines = []
        for item in wish.items:
            quantity = chance.choice(QUANTITIES)
            amount = line_amount(item.price_minor, Decimal(quantity))
            lines.append(
                {
                    "code": item.code, "name": item.name, "spec": getattr(item, "spec", ""), "unit": item.unit,
                    "quantity": quantity, "unit_price_minor": item.price_minor, "amount_minor": amount,
                }
            )  # fmt: skip
        total = sum(line["amount_minor"] for line in lines)
        method = chance.choice(METHODS)
        paid: dict[str, Any] = {"method": method, "amount_minor": total}
        paid |= (
            {"tendered_minor": total} if method == "cash" else {"slip_tail": f"{chance.randrange(10_000):04}"}
        )
        person = {name: getattr(wish.patient, name) for name in ("number", "name", "sex", "birth_date")}
        content = {
            "patient": person, "currency": "CNY", "lines": lines, "total_minor": total, "payments": [paid],
        }  # fmt: skip
        outcome = story.desk.record(Charge.model_validate(content), new_entry_id())
        assert isinstance(outcome, Recorded), outcome


class Desk:
    """Somebody at the retype desk with the HIS beside it.

    Args:
        story: the app; the desk is open at its first entry.
    """

    def __init__(self, story: Story) -> None:
        self.story, self.hands = story, Hands(story)

    @property
    def screen(self) -> RetypeEntryScreen:
        """The entry in hand."""
        screen = self.story.app.screen
        assert isinstance(screen, RetypeEntryScreen)
        return screen

    async def by_clipboard(self) -> Work:
        """Change windows, paste what is large, Enter, type the few figures behind it, come back, Enter: next; F8."""
        before, one, his = self.hands.so_far(), self.screen.one, Work(thoughts=2)
        copies = [cell for cell in one.cells if cell.is_copied]
        for n, cell in enumerate(copies):
            if n:
                await self.hands.keys("enter")
            assert self.screen.now() == cell, "what is large is what is pasted"
            his.keys += SWITCH + PASTE + ENTER + SWITCH
            his.picks += 1
        by_hand = [cell for cell in one.cells if cell.is_typed and not cell.is_copied]
        his.keys += sum(map(keys_for, by_hand)) + ENTER + ENTER
        his.thoughts += sum(is_read(cell) for cell in by_hand)
        his.picks += sum(not cell.usual and not is_read(cell) for cell in by_hand)
        await self._said("f8")
        return _both(self.hands.work.less(before), his)

    async def off_the_screen(self) -> Work:
        """Read each value and type it, both windows side by side; then F8 and Enter once a whole entry stands."""
        before, one = self.hands.so_far(), self.screen.one
        typed = [cell for cell in one.typed() if not cell.usual]
        his = Work(thoughts=2 + sum(map(is_read, typed)))
        his.picks = sum(not is_read(cell) for cell in typed)
        his.keys = sum(keys_for(cell) for cell in one.cells if cell.is_typed) + ENTER + ENTER + 2 * SWITCH
        await self._said("f8", "enter")
        return _both(self.hands.work.less(before), his)

    async def _said(self, *keys: str) -> None:
        """Say that it was typed in, and wait until the next one is there."""
        story, shown = self.story, self.screen.row.entry.id
        before = _sayings(story)
        await self.hands.keys(*keys)
        if isinstance(story.app.screen, TypedDialog) and "enter" not in keys:
            await self.hands.keys("enter")  # no key was needed in this entry, so it is asked about
        await story.until(lambda: _sayings(story) > before)
        await story.until(
            lambda: (
                not isinstance(story.app.screen, RetypeEntryScreen) or story.app.screen.row.entry.id != shown
            )
        )
        await story.rest()


def _sayings(story: Story) -> int:
    return sum(1 for _entry in journal.entries(story.desk.looking(), forms=("typed_in",)))


def _both(here: Work, there: Work) -> Work:
    return Work(
        here.keys + there.keys,
        here.points + there.points,
        here.thoughts + there.thoughts,
        here.picks + there.picks,
        here.scans + there.scans,
    )


async def open_desk(story: Story) -> None:
    """Go to the desk and open its first entry."""
    story.app.go("retype")
    await story.rest()
    screen = story.app.screen
    assert isinstance(screen, RetypeScreen)
    await story.until(lambda: screen.retyping is not None)
    await story.press("enter")


async def typed_in(
    home_path: Path, lists: Path | None, seed: int, entries: int
) -> tuple[dict[str, list[Work]], int, str]:
    """Type a pile in each way; return the work of each, how many entries were said twice, and what the lists are."""
    home, origin = loaded_home(home_path, lists, patients=PATIENTS)
    path = template_path(home.path)
    path.parent.mkdir(exist_ok=True)
    path.write_text(SITE, "utf-8")
    found: dict[str, list[Work]] = {way: [] for way in WAYS}
    with patch.object(clipboard, "copy_natively", lambda _text: True):
        async with Story(home, language="zh", operator="1001") as story:
            for way in WAYS[1:]:
                made_charges(story, entries, seed)
                await open_desk(story)
                desk = Desk(story)
                for _n in range(entries):
                    one: WorksheetEntry = desk.screen.one
                    if way == WAYS[1]:
                        found[WAYS[0]].append(by_scanner(one))
                    found[way].append(
                        await (desk.by_clipboard() if way == WAYS[1] else desk.off_the_screen())
                    )
            named = [
                entry.content["entry_id"]
                for entry in journal.entries(story.desk.looking(), forms=("typed_in",))
            ]
    return found, len(named) - len(set(named)), origin


def seconds(way: str, work: Work, *, pessimist: bool = False, operators: Operators = MODEL) -> float:
    """Return the seconds of one entry; a scan here is half a second and one H, and the tick on paper comes on top."""
    found = work.seconds(pessimist=pessimist, operators=operators) - work.scans * operators.home
    return found + (TICK_SECONDS if way == WAYS[0] else 0.0)


def _spread(way: str, works: list[Work], **how: Any) -> dict[str, float]:
    found = [seconds(way, work, **how) for work in works]
    return {"median": round(percentile(found, 50), 1), "p90": round(percentile(found, 90), 1)}


def _slower(operators: Operators, share: float) -> Operators:
    factor = 1 + share
    return replace(
        operators, key=operators.key * factor, home=operators.home * factor, think=operators.think * factor,
        scan=operators.scan * factor, point=operators.point * factor,
    )  # fmt: skip


async def figures(home_path: Path, lists: Path | None, *, seed: int, entries: int) -> dict[str, Any]:
    """Return the seconds of each way, how they shift, and what they rest on."""
    found, doubles, origin = await typed_in(home_path, lists, seed, entries)
    ways = {
        way: {
            **_spread(way, works),
            "pessimist": _spread(way, works, pessimist=True),
            "keys_median": int(percentile([float(work.keys) for work in works], 50)),
            "scans_median": int(percentile([float(work.scans) for work in works], 50)),
            "keys_at_55_words_a_minute": _spread(way, works, operators=SKILLED),
            "21_percent_slower": _spread(way, works, operators=_slower(MODEL, ERROR_SHARE)),
        }
        for way, works in found.items()
    }
    return {
        "retype_seconds": ways,
        "entries": entries,
        "doubles": doubles,
        "model": {
            **told(), "placement": WORDS, "his_screen": ASSUMED, "lists": origin, "seed": seed,
            "quantity_1_share": QUANTITIES.count("1") / len(QUANTITIES),
            "paid": {method: METHODS.count(method) / len(METHODS) for method in dict.fromkeys(METHODS)},
        },
    }  # fmt: skip
