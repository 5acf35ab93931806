"""What else people want at a window: each kind a few times at its real screen, for the seconds in the queue."""

from __future__ import annotations

from random import Random
from statistics import fmean
from typing import TYPE_CHECKING, Any

from downtime.record import Recorded, new_entry_id
from downtime.screens.home import KEYS, HomeScreen
from downtime.screens.reason import ReasonDialog
from forms.pricing import Pricing
from tests.queue import charging
from tests.queue.charging import Served, Wish, find, letters, pay, take
from tests.queue.hands import Hands
from tests.queue.model import percentile
from tests.queue.waiting import Kind
from tests.screens.made_up import charge_line
from tests.screens.story import Story

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from downtime.entry import Entry
    from downtime.home import Home

    Serving = Callable[[Hands, Wish, str], Awaitable[Served]]

TIMES = 12
"""How often each kind is served: half in cash, half by mobile pay."""
CASH_NOW = ("cash", "mobile")
FIRST_NAMES = "lianxi"


async def go(hands: Hands, place: str) -> None:
    """Go to another screen over the home screen: Esc, then its key. The way back is counted with it."""
    before = hands.work.keys
    app = hands.story.app
    while not isinstance(app.screen, HomeScreen):
        await hands.keys("escape")
    there = [one.name for one in app.screen.places_here()]
    await hands.keys(KEYS[there.index(place)])
    hands.work.keys += hands.work.keys - before


async def _stands(hands: Hands, form: str, count: int) -> Entry:
    story = hands.story
    await story.until(lambda: len(story.entries(form)) > count)
    await story.rest()
    return story.entries(form)[-1]


async def priced_slip(hands: Hands, wish: Wish, method: str) -> Served:
    """Somebody else priced it: scan the slip, F8, the money."""
    story = hands.story
    lines = [charge_line(item, "service") for item in wish.items]
    content = {"patient": {"number": wish.patient.number, "name": wish.patient.name}, "currency": "CNY"}
    form = Pricing.model_validate({**content, "lines": lines, "total_minor": wish.total_minor})
    slip = story.desk.record(form, new_entry_id())
    assert isinstance(slip, Recorded)
    story.desk.confirm(slip.entry.id)
    before, count = hands.so_far(), len(story.entries("charge"))
    hands.think()
    await hands.scan(slip.entry.qr[0])
    hands.think()
    await hands.keys("f8")
    at_total = hands.so_far()
    await pay(hands, wish.total_minor, method)
    entry = await _stands(hands, "charge", count)
    assert (entry.content["priced_id"], entry.amount_minor) == (slip.entry.id, wish.total_minor)
    return Served(at_total.less(before), hands.work.less(before))


async def amount_only(hands: Hands, wish: Wish, method: str) -> Served:
    """An amount now, the lines later: patient, category, amount, the money."""
    before = hands.so_far()
    hands.think()
    await go(hands, "precollection")
    count = len(hands.story.entries("precollection"))
    await find(hands, wish.patient)
    hands.think()
    hands.work.picks += 1
    await hands.keys(str(1 + wish.total_minor % 9))
    hands.think()
    yuan = 100 + wish.total_minor % 400
    await hands.keys(*str(yuan), "enter")
    at_total = hands.so_far()
    await pay(hands, yuan * 100, method)
    entry = await _stands(hands, "precollection", count)
    assert (entry.patient, entry.amount_minor) == (wish.patient.number, yuan * 100)
    return Served(at_total.less(before), hands.work.less(before))


async def newcomer(hands: Hands, wish: Wish, method: str) -> Served:
    """Nobody knows them: name in pinyin, sex, age; then the fee for seeing a doctor."""
    story = hands.story
    before, count = hands.so_far(), len(story.entries("charge"))
    hands.think()
    name = f"{FIRST_NAMES} {letters(wish.patient.name)}"
    await hands.keys("ctrl+n", *name, "enter")
    hands.think()
    await hands.keys("2", *"45", "f8")
    await story.until(lambda: story.app.screen.query("#find-item"))
    await story.rest()
    await take(hands, wish.items[:1])
    hands.think()
    await hands.keys("enter")
    at_total = hands.so_far()
    await pay(hands, wish.items[0].price_minor, method)
    entry = await _stands(hands, "charge", count)
    assert entry.content["patient"]["name"] == name
    return Served(at_total.less(before), hands.work.less(before))


async def deposit(hands: Hands, wish: Wish, method: str) -> Served:
    """Money for somebody in a bed: patient, amount, Enter where nothing is known, the money."""
    story = hands.story
    before = hands.so_far()
    hands.think()
    await go(hands, "deposit")
    count = len(story.entries("deposit"))
    await find(hands, _in_bed(story, wish))
    hands.think()
    yuan = 500 + wish.total_minor % 500
    await hands.keys(*str(yuan), "enter")
    while not story.app.screen.query("#cash"):  # the ward's phone, if nobody knows it
        await hands.keys("enter")
    at_total = hands.so_far()
    await pay(hands, yuan * 100, method)
    entry = await _stands(hands, "deposit", count)
    assert entry.amount_minor == yuan * 100
    return Served(at_total.less(before), hands.work.less(before))


def _in_bed(story: Story, wish: Wish) -> Any:
    reference = story.desk.reference
    assert reference is not None
    stays: list[Any] = list(reference.rows("inpatients"))
    return reference.get_patient(stays[wish.total_minor % len(stays)].patient)


async def unpaid(hands: Hands, wish: Wish, _method: str) -> Served:
    """Three typed items, and somebody vouches: staff by two letters."""
    story = hands.story
    before, count = hands.so_far(), len(story.entries("charge"))
    await find(hands, wish.patient)
    await take(hands, wish.items)
    hands.think()
    await hands.keys("enter")
    hands.think()
    hands.work.picks += 1
    await hands.keys("ctrl+o", *"ldf", "enter", "enter")
    entry = await _stands(hands, "charge", count)
    assert entry.content["authorisation"]["kind"] == "arrears"
    took = hands.work.less(before)
    return Served(took, took)


async def money_back(hands: Hands, wish: Wish, _method: str) -> Served:
    """A whole receipt of this morning goes back: scan it, F9 takes all, why, twice Enter."""
    story = hands.story
    await charging.charge(hands, Wish(wish.patient, wish.items[:1]))
    paid = story.entries("charge")[-1]
    before, count = hands.so_far(), len(story.entries("refund"))
    hands.think()
    await go(hands, "refund")
    await hands.scan(paid.qr[0])
    hands.think()
    await hands.keys("f9", "f8")
    await story.until(lambda: isinstance(story.app.screen, ReasonDialog))
    hands.think()
    hands.work.picks += 1
    await hands.keys("1", "enter", "enter")
    entry = await _stands(hands, "refund", count)
    assert entry.amount_minor == paid.amount_minor
    took = hands.work.less(before)
    return Served(took, took)


KINDS: dict[str, tuple[float, Serving]] = {
    "priced_slip": (0.20, priced_slip),
    "amount_only": (0.15, amount_only),
    "newcomer_registered_and_charged": (0.10, newcomer),
    "deposit": (0.05, deposit),
    "refund": (0.05, money_back),
    "unpaid_with_guarantor": (0.05, unpaid),
}
TYPED_SHARE = 0.40
"""Shares of all customers: an assumption, no published mix of an outage was found."""
TAKES_NO_MONEY = ("unpaid_with_guarantor",)


async def served_by_kind(home: Home, seed: int, times: int = TIMES) -> dict[str, list[tuple[str, Served]]]:
    """Serve each kind so many times, in cash and by mobile pay by turns.

    Returns:
        per kind how each paid and what it took; typed lines first.
    """
    async with Story(home, language=charging.LANGUAGE) as story:
        hands = Hands(story)
        wanted = charging.wishes(story.desk, times, seed + 1)
        chance = Random(f"{seed} cheap")
        found: dict[str, list[tuple[str, Served]]] = {"typed_lines": []}
        for place, wish in enumerate(wanted):
            await go(hands, "charge")
            method = CASH_NOW[place % 2]
            found["typed_lines"].append((method, await charging.charge(hands, wish, method)))
        for name, (_share, serve) in KINDS.items():
            found[name] = []
            for place, wish in enumerate(wanted):
                await go(hands, "charge")
                cheap = _below_limit(story, wish, chance) if name == "refund" else wish
                found[name].append((CASH_NOW[place % 2], await serve(hands, cheap, CASH_NOW[place % 2])))
    return found


def _below_limit(story: Story, wish: Wish, chance: Random) -> Wish:
    """Return the same with an item so cheap that no second person need agree to give it back."""
    reference = story.desk.reference
    assert reference is not None
    drugs: list[Any] = [row for row in reference.rows("drugs") if 0 < row.price_minor < 20_000]  # type: ignore[attr-defined]  # drugs have prices
    return Wish(wish.patient, (chance.choice(drugs),))


def kinds_of(typed: Sequence[Served], others: dict[str, list[tuple[str, Served]]]) -> dict[str, Kind]:
    """Return the kinds of the queue; what is keyed after the total is that of mobile pay."""

    def kind(share: float, found: Sequence[Served], by_mobile: Sequence[Served], *, pays: bool) -> Kind:
        until = tuple(one.until_total.seconds() for one in found)
        later = [one.work.less(one.until_total).seconds() for one in by_mobile] or [0.0]
        return Kind(share, until, (fmean(later),) * len(until), takes_money=pays)

    mobile = [served for method, served in others["typed_lines"] if method == "mobile"]
    found = {"typed_lines": kind(TYPED_SHARE, typed, mobile, pays=True)}
    for name, (share, _serve) in KINDS.items():
        all_of = [served for _method, served in others[name]]
        by_mobile = [served for method, served in others[name] if method == "mobile"]
        found[name] = kind(share, all_of, by_mobile, pays=name not in TAKES_NO_MONEY)
    return found


def told(others: dict[str, list[tuple[str, Served]]]) -> dict[str, dict[str, float]]:
    """Return keys and seconds of each kind, for whoever reads the figures."""
    return {
        name: {
            "served": len(found),
            "keys_p90": percentile([served.work.keys for _method, served in found], 90),
            "keys_p90_cash": percentile(
                [served.work.keys for method, served in found if method == "cash"], 90
            ),
            "pointing_acts": sum(served.work.points for _method, served in found),
            "seconds_p90": round(percentile([served.work.seconds() for _m, served in found], 90), 1),
        }
        for name, found in others.items()
    }
