"""Work lists through the real screen: counts, search, and the act that takes a row off its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime import worklists
from downtime.screens.settle import SettleDialog
from downtime.screens.worklist_dialog import ActDialog
from downtime.screens.worklists import WorklistsScreen
from downtime.store import journal
from tests.screens.made_back import (
    CASH,
    MOBILE_PAY,
    made_advance,
    made_owing,
    made_paid,
    one_line,
    stand_here,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from tests.screens.story import Story

LIST = {name: str(n) for n, name in enumerate(worklists.LISTS, 1)}


async def opened(s: Story, name: str = "") -> WorklistsScreen:
    """Go to the screen and take a list."""
    s.app.go("worklists")
    await s.rest()
    screen = s.app.screen
    assert isinstance(screen, WorklistsScreen)
    if name:
        await s.press(LIST[name])
    await read(s, screen)
    return screen


async def read(s: Story, screen: WorklistsScreen) -> None:
    """Wait until the list in hand was read as it is now."""
    await screen.look_again()
    await s.rest()


def numbers(screen: WorklistsScreen) -> list[str]:
    """Return what stands in the rows."""
    return [row.entry.number for row in screen.rows.values]


async def settled(s: Story, form: str, count: int = 1) -> Entry:
    """Wait until an entry of a form stands."""
    await s.until(lambda: len(kept(s, form)) >= count)
    await s.rest()
    return kept(s, form)[-1]


def kept(s: Story, form: str) -> list[Entry]:
    """Return the entries of a form, also those without a number, oldest first."""
    return list(journal.entries(s.desk.looking(), forms=(form,)))


def _card(s: Story) -> Entry:
    patient = {"number": "P900001", "name": "练习病人甲"}
    return stand_here(
        s.desk, "card_held", patient=patient, left_by="练习家属", phone="13800138002", kept_in="07"
    )


async def test_counts_and_sums(story: Callable[..., Story]) -> None:
    """All lists with their counts and sums at once, before one is taken; the sums are those of the rows."""
    async with story(language="en") as s:
        made_paid(s.desk)
        made_owing(s.desk, 7_000)
        made_advance(s.desk, 3_000)
        screen = await opened(s)
        found = {name: (one.rows, one.amount_minor) for name, one in screen.looked.sums.items()}
        assert found["not_exchanged"] == (2, 8_000)
        assert found["owing"] == (1, 7_000)
        assert found["advances"] == (1, 3_000)
        assert "70.00" in s.screen


async def test_search_by_number_name_phone_amount(story: Callable[..., Story]) -> None:
    """Any part of a number, the name, the phone or the amount finds the row; digits search once a list is taken."""
    async with story(language="en") as s:
        first = made_paid(s.desk, [CASH(1_234)])
        other = {"number": "P900002", "name": "练习病人乙"}
        second = made_advance(s.desk, 9_900, patient=other, phone="13900139000")
        screen = await opened(s, "not_exchanged")
        for typed, wanted in (
            (str(first.number)[-4:], first),
            ("12.3", first),
            ("99", second),
            ("39001", second),
            ("P900002", second),
        ):
            await s.type(typed)
            assert numbers(screen) == [wanted.number], typed
            await s.press("escape")
        assert len(numbers(screen)) == 2
        assert "13900139000" not in s.screen
        await s.press("ctrl+w")
        assert "13900139000" in s.screen


async def test_unverified_arrived_or_not(story: Callable[..., Story]) -> None:
    """Arrived takes it off; what never came is owed again and stands on that list."""
    async with story(language="en") as s:
        for _n in range(2):
            made_paid(s.desk, [{**MOBILE_PAY(5_000), "unverified": True}])
        screen = await opened(s, "unverified")
        await s.press("enter")
        assert isinstance(s.app.screen, ActDialog)
        assert "8812" in s.screen
        await s.press("1", "2", "enter")
        verified = await settled(s, "payment_verified")
        assert verified.content["received"]
        assert verified.content["source"] == "slip"
        await read(s, screen)
        await s.press("enter", "2", "1", "enter")
        missing = await settled(s, "payment_verified", 2)
        assert not missing.content["received"]
        await read(s, screen)
        assert not numbers(screen)
        assert screen.looked.sums["owing"].amount_minor == 5_000


async def test_returned_the_way_it_came(story: Callable[..., Story]) -> None:
    """A refund by mobile pay waits until somebody saw it returned."""
    async with story(language="en") as s:
        paid = made_paid(s.desk, [MOBILE_PAY(5_000)])
        taken = {"line": 1, "code": "PX001", "name": "练习检查 PX001", "quantity": "1", "amount_minor": 5_000}
        content = {
            "entry_id": paid.id,
            "patient": paid.content["patient"],
            "reason": "练习",
            "lines": [taken],
        }
        back = [{"method": "mobile", "amount_minor": 5_000}]
        stand_here(s.desk, "refund", **content, refunds=back, total_minor=5_000, currency="CNY")
        screen = await opened(s, "to_be_returned")
        await s.press("enter", *"4711", "enter")
        confirmed = await settled(s, "refund_confirmed")
        assert confirmed.amount_minor == 5_000
        assert confirmed.content["note"] == "4711"
        await read(s, screen)
        assert not numbers(screen)


async def test_a_card_is_kept_and_given_back(story: Callable[..., Story]) -> None:
    """One key keeps a card and prints its slip; it goes back against a name."""
    async with story(language="en") as s:
        screen = await opened(s, "cards")
        await s.press(
            "ctrl+n", *"zw", "enter", "1", *"0042", "enter", "enter", "enter", *"13800138003", "enter"
        )
        await s.press(*"07", "enter")
        held = await settled(s, "card_held")
        assert held.content["left_by"] == held.content["patient"]["name"]
        await s.until(lambda: s.app.last is not None and s.app.last.paper == "printed")
        await read(s, screen)
        assert numbers(screen) == [held.number]
        await s.press("enter")
        assert "kept in 07" in s.screen
        await s.press("2", "enter", "enter")
        returned = await settled(s, "card_returned")
        assert returned.content["identity_checked"] == "identity_card"
        await read(s, screen)
        assert not numbers(screen)


async def test_a_discharge_is_put_off_called_and_settled(story: Callable[..., Story]) -> None:
    """Without a phone it is refused beside the field; a call keeps it listed, settling takes it off."""
    async with story(language="en") as s:
        screen = await opened(s, "discharges")
        await s.press("ctrl+n", *"zw", "enter", *"7B", "enter", *"12", "enter", *["enter"] * 4)
        assert "Without a phone nobody can be called back." in s.screen
        await s.press(*"13800138004", "enter", "enter", "enter")
        await settled(s, "discharge_postponed")
        await read(s, screen)
        assert "138****8004" in s.screen
        await s.press("enter", "1", *"Monday", "enter")
        await settled(s, "discharge_postponed", 2)
        await read(s, screen)
        assert len(numbers(screen)) == 1
        await s.press("enter", "2", "enter")
        await settled(s, "discharge_postponed", 3)
        await read(s, screen)
        assert not numbers(screen)


async def test_what_is_owed_is_collected(story: Callable[..., Story]) -> None:
    """Arrears are collected like any money, with change; the row goes when nothing is owed any more."""
    async with story(language="en") as s:
        owing = made_owing(s.desk, 7_000)
        screen = await opened(s, "owing")
        await s.press("enter")
        assert isinstance(s.app.screen, SettleDialog)
        await s.press(*"100", "enter")
        paid = await settled(s, "payment")
        assert paid.content["charge_id"] == owing.id
        assert paid.content["payments"][0]["change_minor"] == 3_000
        await read(s, screen)
        assert not numbers(screen)


async def test_insured_people_stand_with_their_phone(story: Callable[..., Story]) -> None:
    """Who is settled with the insurer later is called back, until the formal document is out."""
    async with story(language="en") as s:
        _card(s)
        made_paid(s.desk, payer_kind="insured_pending")
        screen = await opened(s, "insured")
        assert "138****8002" in s.screen
        await s.press("enter", "1", *"0099", "enter", "enter", "enter")
        await settled(s, "exchange")
        await read(s, screen)
        assert not numbers(screen)


async def test_a_priced_slip_goes_to_the_charge_screen(story: Callable[..., Story]) -> None:
    """What was priced and never charged is charged from its row."""
    async with story(language="en") as s:
        line = one_line(4_200)
        content = {"patient": {"number": "P900001", "name": "练习病人甲"}, "currency": "CNY", "lines": [line]}
        stand_here(s.desk, "pricing", **content, total_minor=4_200)
        await opened(s, "pricings")
        await s.press("enter")
        assert "42.00" in s.screen
        assert not isinstance(s.app.screen, WorklistsScreen)


async def test_two_thousand_rows_never_block_the_keys(story: Callable[..., Story]) -> None:
    """Rows are read beside the screen and drawn only as far as they are seen."""
    async with story(language="en") as s:
        made_paid(s.desk)
        screen = await opened(s, "not_exchanged")
        row = screen.looked.rows[0]
        drawn: list[object] = []
        shows = screen.rows._make
        screen.rows._make = lambda value: drawn.append(value) or shows(value)  # type: ignore[func-returns-value]  # counts
        screen.rows.show([row] * 2_000)
        assert len(drawn) < 50
