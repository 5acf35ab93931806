"""Refunds through the real screen: never more than was paid, never of a refund, never silently in cash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.screens.quantity import QuantityDialog
from downtime.screens.reason import ReasonDialog
from downtime.screens.refund import RefundScreen
from downtime.screens.second_person import SecondPersonDialog
from tests.screens.made_back import (
    CASH,
    MOBILE_PAY,
    dispensed,
    made_advance,
    made_deposit,
    made_paid,
    made_shift_closed,
    stand_here,
    two_lines,
)
from tests.screens.made_up import made_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from tests.screens.story import Story


async def opened(s: Story, entry: Entry | None = None) -> RefundScreen:
    """Go to the screen and find a receipt by its number."""
    s.app.go("refund")
    await s.rest()
    if entry is not None:
        await s.type(str(entry.number))
        await s.press("enter")
    screen = s.app.screen
    assert isinstance(screen, RefundScreen)
    return screen


async def given_back(s: Story) -> dict[str, Any]:
    """Say why, twice Enter, and return what was recorded."""
    before = len(s.entries("refund")) + len(s.entries("deposit_refund"))
    await s.press("f8")
    assert isinstance(s.app.screen, ReasonDialog), s.screen
    await s.press("1", "enter", "enter")
    await s.until(lambda: len(s.entries("refund")) + len(s.entries("deposit_refund")) > before)
    await s.rest()
    found = [*s.entries("deposit_refund"), *s.entries("refund")]
    return dict(max(found, key=lambda entry: entry.seq).content)


async def test_whole_receipt_in_one_key(story: Callable[..., Story]) -> None:
    """F9 takes it whole; cash is told apart from what goes back the way it came, and is recorded so."""
    async with story(language="en") as s:
        paid = made_paid(s.desk, [CASH(3_000), MOBILE_PAY(2_000)])
        await opened(s, paid)
        assert "Paid" in s.screen
        await s.press("f9")
        assert "Cash, hand it over now" in s.screen
        assert "NO cash" in s.screen
        content = await given_back(s)
        assert [(part["method"], part["amount_minor"]) for part in content["refunds"]] == [
            ("mobile", 2_000),
            ("cash", 3_000),
        ]
        assert "Recorded" in s.screen
        assert content["reason"]


async def test_one_line_and_how_many(story: Callable[..., Story]) -> None:
    """A digit takes a line; where more than one is left it is asked how many; the rest can go back later."""
    async with story(language="en") as s:
        paid = made_paid(s.desk, lines=two_lines())
        await opened(s, paid)
        await s.press("2")
        assert isinstance(s.app.screen, QuantityDialog)
        await s.press("1", "enter")
        assert "25.00" in s.screen
        content = await given_back(s)
        assert content["lines"][0]["line"] == 2
        assert content["lines"][0]["quantity"] == "1"
        assert content["total_minor"] == 2_500
        await opened(s, paid)
        await s.press("f9")
        rest = await given_back(s)
        assert rest["total_minor"] == paid.content["total_minor"] - 2_500


async def test_refund_above_paid(story: Callable[..., Story]) -> None:
    """More of a line than was charged, or more of an advance than is left, is refused beside the field."""
    async with story(language="en") as s:
        paid = made_paid(s.desk, lines=two_lines())
        await opened(s, paid)
        await s.press("2", "9", "enter")
        assert "Only 2 are left" in s.screen
        await s.press("escape")
        advance = made_advance(s.desk, 5_000)
        await opened(s, advance)
        await s.type("50.01")
        assert "Only 50.00 is left" in s.screen
        await s.press("enter")
        assert isinstance(s.app.screen, RefundScreen)
        assert not s.entries("refund")


async def test_refund_of_a_refund(story: Callable[..., Story]) -> None:
    """The slip of a refund cannot be refunded, and a receipt refunded whole has nothing left."""
    async with story(language="en") as s:
        paid = made_paid(s.desk)
        await opened(s, paid)
        await s.press("f9")
        await given_back(s)
        refund = s.entries("refund")[0]
        await opened(s)
        await s.scan(str(refund.number))
        assert "is a refund itself" in s.screen
        await s.scan(str(paid.number))
        assert "was refunded already" in s.screen


async def test_a_drug_that_was_carried_away_comes_back_first(story: Callable[..., Story]) -> None:
    """What the pharmacy handed out is not refunded before it was taken back; the rest is."""
    async with story(language="en") as s:
        paid = made_charge(s.desk)
        dispensed(s.desk, paid)
        await opened(s, paid)
        assert "[dispensed 2]" in s.screen
        await s.press("1")
        assert "the pharmacy takes it back first" in s.screen
        await s.press("f9", "f8")
        assert isinstance(s.app.screen, RefundScreen)
        assert not s.entries("refund")


async def test_unverified_money_does_not_leave(story: Callable[..., Story]) -> None:
    """Money nobody saw arrive is not given back before it is verified; never out of the drawer instead."""
    async with story(language="en") as s:
        paid = made_paid(s.desk, [{**MOBILE_PAY(5_000), "unverified": True}])
        await opened(s, paid)
        await s.press("f9")
        assert "verify it first" not in s.screen
        await s.press("f8")
        assert "verify it first" in s.screen
        assert isinstance(s.app.screen, RefundScreen)


async def test_advance_and_deposit(story: Callable[..., Story]) -> None:
    """What is left of a pre-collection or of a deposit goes back, in part or whole."""
    async with story(language="en") as s:
        advance = made_advance(s.desk, 5_000)
        await opened(s, advance)
        await s.type("20")
        await s.press("enter", "1", "enter", "enter")
        await s.until(lambda: s.entries("refund"))
        assert s.entries("refund")[0].amount_minor == 2_000
        await opened(s, advance)
        assert "30.00" in s.screen
        held = made_deposit(s.desk, 10_000)
        await opened(s, held)
        content = await given_back(s)
        assert content["deposit_id"] == held.id
        assert content["total_minor"] == 10_000


async def test_formal_paper_comes_back_first(story: Callable[..., Story]) -> None:
    """Once exchanged, the formal paper is asked for, and the answer stands in the refund."""
    async with story(language="en") as s:
        paid = made_paid(s.desk)
        stand_here(
            s.desk,
            "exchange",
            entry_id=paid.id,
            patient=paid.content["patient"],
            slip_returned=True,
            documents=[{"kind": "paper_invoice", "number": "0012", "amount_minor": 5_000}],
        )
        await opened(s, paid)
        assert "take the formal paper back first" in s.screen
        await s.press("f9", "f8")
        assert not isinstance(s.app.screen, ReasonDialog)
        await s.press("enter", "1", "enter", "enter")
        await s.until(lambda: s.entries("refund"))
        assert s.entries("refund")[0].content["paper_returned"]


async def test_above_the_limit_a_second_person_is_asked(story: Callable[..., Story]) -> None:
    """The two-person rule comes by itself."""
    async with story(language="en") as s:
        paid = made_paid(s.desk, [CASH(90_000)])
        await opened(s, paid)
        await s.press("f9", "f8", "1", "enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))


async def test_reversal_in_a_closed_shift(story: Callable[..., Story]) -> None:
    """A receipt of a closed shift goes back all the same; the cash is missing from the present shift, not that one."""
    async with story(language="en") as s:
        paid = made_paid(s.desk)
        closed = made_shift_closed(s.desk)
        await opened(s, paid)
        await s.press("f9")
        await given_back(s)
        from downtime.shift import figures_now

        figures = figures_now(s.desk.looking(), s.desk.currency)
        cash = {row.method: (row.taken_minor, row.returned_minor) for row in figures.methods}["cash"]
        assert cash == (0, 5_000)
        assert {row.method: row.returned_minor for row in closed.figures.methods}["cash"] == 0
