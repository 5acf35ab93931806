"""A known patient, three random items, cash, the receipt, next: at the real screen, over and over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from downtime.pinyin import initials
from forms.typed import as_search
from tests.queue.hands import Hands
from tests.screens.story import Story

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.desk import Desk
    from downtime.home import Home
    from tests.queue.model import Work

ITEMS = 3
CARD_DIGITS = 6
LANGUAGE = "zh"
SLIP_TAIL = "8812"
STRATEGY = (
    "Patient: the last six digits of the card in their hand, Enter; where several answer, arrows and Enter. Item: the "
    "pinyin initials of its name from the first letter on (from the one after 注射用, a word hundreds begin with), "
    "the list looked at after two letters, until the row stands among the nine in sight; Enter or its digit. After "
    "six letters a page down, at last the code. Money: Enter on the empty line, what is handed over in whole "
    "hundreds, Enter."
)


@dataclass(frozen=True, slots=True)
class Served:
    """One customer served: what it took until the total stood there, and in all."""

    until_total: Work
    work: Work


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody and what they come for: rows of the lists in force."""

    patient: Any
    items: tuple[Any, ...]

    @property
    def total_minor(self) -> int:
        """What the items cost."""
        return sum(item.price_minor for item in self.items)


def letters(name: str) -> str:
    """Return what is typed for a name: pinyin initials from the first letter to the first figure.

    A figure would pick a row. 注射用, which every powder for injection begins with, is left out.
    """
    typed = as_search(initials(name.replace("注射用", "", 1)))
    return next(iter(re.findall("[a-z]+", typed)), "")


def wishes(desk: Desk, customers: int, seed: int) -> list[Wish]:
    """Draw customers: patients and priced rows of the list, all alike."""
    assert desk.reference is not None
    chance = Random(f"{seed} wishes")
    tables = [list(desk.reference.rows(table)) for table in ("items", "drugs")]
    priced: list[Any] = [row for rows in tables for row in rows if getattr(row, "price_minor", 0)]
    people: list[Any] = list(desk.reference.rows("patients"))
    return [Wish(chance.choice(people), tuple(chance.sample(priced, ITEMS))) for _n in range(customers)]


async def find(hands: Hands, patient: Any) -> None:
    """Find a patient by the end of their card."""
    hands.think()
    await hands.number(
        "find-patient", patient.card[-CARD_DIGITS:], lambda row: _number(row) == patient.number
    )


async def take(hands: Hands, items: Sequence[Any]) -> None:
    """Take items by their initials."""
    for item in items:
        hands.think()
        await hands.choose("find-item", letters(item.name), partial(_is_row_of, item.code), item.code)


def _is_row_of(code: str, row: Any) -> bool:
    return str(row.code) == code


async def pay(hands: Hands, total_minor: int, method: str) -> int:
    """Type what is handed over in cash, or the slip's tail of mobile money nobody sees arrive; return the cash."""
    if method == "mobile":
        hands.think()
        await hands.keys("ctrl+e", *SLIP_TAIL, "enter")
        return 0
    yuan = max(1, -(-total_minor // 10_000)) * 100
    await hands.keys(*str(yuan), "enter")
    return yuan * 100


async def charge(hands: Hands, wish: Wish, method: str = "cash") -> Served:
    """Serve one customer and hold the entry against what was wanted."""
    story, before = hands.story, hands.so_far()
    await find(hands, wish.patient)
    await take(hands, wish.items)
    hands.think()
    await hands.keys("enter")
    at_total, recorded = hands.so_far(), len(story.entries("charge"))
    tendered = await pay(hands, wish.total_minor, method)
    await story.until(lambda: len(story.entries("charge")) > recorded)
    await story.rest()
    _hold_against(story, wish, method, tendered)
    return Served(at_total.less(before), hands.work.less(before))


def _number(row: Any) -> str:
    return str(row.number)


def _hold_against(story: Story, wish: Wish, method: str, tendered: int) -> None:
    entry = story.entries("charge")[-1]
    assert entry.patient == wish.patient.number
    assert [line["code"] for line in entry.content["lines"]] == [item.code for item in wish.items]
    assert {line["quantity"] for line in entry.content["lines"]} == {"1"}
    assert entry.amount_minor == wish.total_minor
    (payment,) = entry.content["payments"]
    assert (payment["method"], payment["tendered_minor"]) == (method, tendered)
    assert story.app.screen.patients.input.has_focus  # type: ignore[attr-defined]  # the charge screen's: the next may come


async def charge_many(home: Home, customers: int, seed: int) -> list[Served]:
    """Serve so many customers at one window; nobody is left out and nothing is tried twice."""
    async with Story(home, language=LANGUAGE) as story:
        hands = Hands(story)
        wanted = wishes(story.desk, customers, seed)
        await story.press("1")
        return [await charge(hands, wish) for wish in wanted]
