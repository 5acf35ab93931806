"""Deposit 预交金 and its refund: amount and money; the balance informs and never stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.screens.deposit import DepositScreen
from downtime.screens.deposit_balance import balance_of
from downtime.screens.deposit_refund import DepositRefundScreen
from downtime.screens.people import PatientCard
from downtime.screens.second_person import SecondPersonDialog
from tests.screens.at_window import PATIENT, comes_back, inpatient, made_deposit

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

CARD = PatientCard(PATIENT["number"], PATIENT["name"], PATIENT["sex"], PATIENT["birth_date"])


async def begun(s: Story) -> DepositScreen:
    """Open the screen and find an inpatient."""
    s.app.go("deposit")
    await s.rest()
    await s.type(inpatient(s.desk).patient.lower())
    await s.press("enter")
    assert isinstance(s.app.screen, DepositScreen)
    return s.app.screen


async def test_ward_bed_and_phone_come_by_themselves(story: Callable[..., Story]) -> None:
    """Patient, amount, Enter; the ward's phone is asked for once, then Enter takes the money."""
    async with story() as s:
        stay = inpatient(s.desk)
        screen = await begun(s)
        await s.type("500")
        await s.press("enter")
        assert screen.query_one("#ask-department_phone").has_focus
        await s.type("8001")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("deposit") and not s.app.printing)
        (entry,) = s.entries("deposit")
        assert (entry.content["ward"], entry.content["bed"]) == (stay.ward, stay.bed)
        assert entry.content["department_phone"] == "8001"
        assert entry.content["balance_minor"] == stay.deposit_minor
        assert entry.content["balance_as_of"]
        await s.type(stay.patient.lower())
        await s.press("enter")
        await s.type("300")
        await s.press("enter", "enter")
        await s.until(lambda: len(s.entries("deposit")) == 2)
        assert s.entries("deposit")[1].content["department_phone"] == "8001"


async def test_the_balance_says_as_of_when_and_what_came_since(story: Callable[..., Story]) -> None:
    """The list's figure with its time, what was taken here since, and both together."""
    async with story() as s:
        stay = inpatient(s.desk)
        patient = {**PATIENT, "number": stay.patient}
        made_deposit(s.desk, 50_000, patient=patient)
        await begun(s)
        assert "截至 11-22 04:00" in s.screen
        assert "此后本站收 ¥500.00" in s.screen
        assert f"合计 ¥{(stay.deposit_minor + 50_000) / 100:.2f}" in s.screen
        assert balance_of(s.desk, stay.patient).here_minor == 50_000


async def test_without_any_list_money_is_taken_all_the_same(story: Callable[..., Story]) -> None:
    """No census, no balance: it says so, asks for the bed, and blocks nothing."""
    async with story() as s:
        s.desk.reference, s.desk.search = None, None
        s.app.go("deposit", patient=CARD)
        await s.rest()
        assert "照常收款" in s.screen
        await s.press("enter", "enter")
        await s.type("100")
        await s.press("enter", "enter", "enter", "enter")
        await s.until(lambda: s.entries("deposit"))
        assert s.entries("deposit")[0].content["balance_minor"] is None


async def test_several_methods(story: Callable[..., Story]) -> None:
    """Part in cash, the rest by card."""
    async with story() as s:
        await begun(s)
        await s.type("500")
        await s.press("enter", "enter")
        await s.type("200")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("deposit"))
        parts = {p["method"]: p["amount_minor"] for p in s.entries("deposit")[0].content["payments"]}
        assert parts == {"cash": 20_000, "card": 30_000}


async def test_ten_enters_make_one_deposit(story: Callable[..., Story]) -> None:
    """Paying twice: hammering pays once."""
    async with story() as s:
        await begun(s)
        await s.type("50")
        await s.press(*["enter"] * 10)
        await s.until(lambda: "已记录" in s.screen)
        assert len(s.entries("deposit")) == 1


async def test_composed_text_in_the_amount_is_told(story: Callable[..., Story]) -> None:
    """With the input method on, nothing is recorded and nothing typed is lost."""
    async with story() as s:
        await begun(s)
        await s.type("五百")
        await s.press("enter", "f8")
        assert "五百" in s.screen
        assert not s.entries("deposit")


async def test_power_cut_between_amount_and_money(story: Callable[..., Story]) -> None:
    """Patient, amount and the balance it was given beside come back."""
    async with story() as s:
        stay = inpatient(s.desk)
        await begun(s)
        await s.type("700")
        await s.press("enter")
        await s.until(lambda: any(d.content["typed"].get("amount") == "700" for d in s.desk.drafts()))

    def look(screen: Any) -> None:
        assert isinstance(screen, DepositScreen)
        assert screen.sheet.total_minor == 70_000
        assert screen.sheet.balance_minor == stay.deposit_minor

    await comes_back(story, "deposit", look)


# -- back to the patient ------------------------------------------------------------------------------


async def test_one_deposit_reason_and_enter(story: Callable[..., Story]) -> None:
    """Patient, reason by its digit, Enter on the amount: all that is left goes back in cash."""
    async with story() as s:
        deposit = made_deposit(s.desk, 10_000)
        s.app.go("deposit_refund", patient=CARD)
        await s.rest()
        await s.press("1")
        assert "当面退" in s.screen
        assert s.app.screen.query_one("#ask-amount").has_focus
        await s.press("enter")
        await s.until(lambda: s.entries("deposit_refund") and not s.app.printing)
        (refund,) = s.entries("deposit_refund")
        assert refund.content["deposit_id"] == deposit.id
        assert refund.content["total_minor"] == 10_000
        assert refund.content["reason"]


async def test_the_deposits_slip_is_scanned(story: Callable[..., Story]) -> None:
    """The slip names patient and deposit."""
    async with story() as s:
        deposit = made_deposit(s.desk, 10_000)
        s.app.go("deposit_refund")
        await s.rest()
        await s.scan(deposit.qr[0])
        screen = s.app.screen
        assert isinstance(screen, DepositRefundScreen)
        assert screen.sheet.answer("deposit_id") == deposit.id


@pytest.mark.parametrize("typed", ["100.01", "0", "-5"])
async def test_more_than_is_left_is_refused_beside_the_amount(
    story: Callable[..., Story], typed: str
) -> None:
    """A refund above what was paid, nothing, or less than nothing: no entry, and words beside the field."""
    async with story() as s:
        made_deposit(s.desk, 10_000)
        s.app.go("deposit_refund", patient=CARD)
        await s.rest()
        await s.press("1")
        await s.type(typed)
        await s.press("enter")
        await s.rest()
        assert not s.entries("deposit_refund")
        row = next(row for row in s.screen.splitlines() if row.strip().startswith("退还 ") and typed in row)
        assert row.rstrip()[-1] not in "0123456789"


async def test_mobile_money_goes_back_the_way_it_came(story: Callable[..., Story]) -> None:
    """No silent cash-out: what was paid by phone is listed until it has gone back."""
    async with story() as s:
        parts = [{"method": "mobile", "amount_minor": 10_000, "slip_tail": "1234"}]
        made_deposit(s.desk, 10_000, payments=parts)
        s.app.go("deposit_refund", patient=CARD)
        await s.rest()
        await s.press("1")
        assert "待原路退" in s.screen
        await s.press("enter")
        await s.until(lambda: s.entries("deposit_refund"))
        (part,) = s.entries("deposit_refund")[0].content["refunds"]
        assert part["method"] == "mobile"


async def test_a_large_refund_asks_a_second_person(story: Callable[..., Story]) -> None:
    """Above the limit somebody else agrees; nothing is recorded before."""
    async with story() as s:
        made_deposit(s.desk, 500_000)
        s.app.go("deposit_refund", patient=CARD)
        await s.rest()
        await s.press("1", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        assert not s.entries("deposit_refund")


async def test_a_deposit_is_not_given_back_twice(story: Callable[..., Story]) -> None:
    """What went back is gone: the patient has no deposit with money left, and that is said."""
    async with story() as s:
        made_deposit(s.desk, 10_000)
        s.app.go("deposit_refund", patient=CARD)
        await s.rest()
        await s.press("1", *["enter"] * 10)
        await s.until(lambda: s.entries("deposit_refund") and not s.app.printing)
        assert len(s.entries("deposit_refund")) == 1
        s.app.go("deposit_refund", patient=CARD)
        await s.until(lambda: "已退完" in s.screen)


async def test_power_cut_before_the_refund(story: Callable[..., Story]) -> None:
    """Which deposit, why and how much come back."""
    async with story() as s:
        deposit = made_deposit(s.desk, 10_000)
        s.app.go("deposit_refund", patient=CARD)
        await s.rest()
        await s.press("2")
        await s.until(lambda: any(d.content["typed"].get("reason") for d in s.desk.drafts()))

    def look(screen: Any) -> None:
        assert isinstance(screen, DepositRefundScreen)
        assert screen.sheet.answer("deposit_id") == deposit.id
        assert screen.sheet.answer("reason")

    await comes_back(story, "deposit_refund", look)


async def test_an_unreadable_amount_keeps_the_cursor(story: Callable[..., Story]) -> None:
    """Letters in the amount: said beside it at Enter, and the next key still lands there."""
    async with story() as s:
        await begun(s)
        await s.press(*"5x", "enter")
        assert "这不是金额" in s.screen
        await s.press("backspace", "0")
        assert "50" in s.screen
        assert "50.00" in s.screen
