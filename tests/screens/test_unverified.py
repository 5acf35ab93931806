"""Card and mobile money nobody here can see arrive 未核实: taken all the same, marked, and on screen until matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.record import new_entry_id
from downtime.screens.charge import ChargeScreen
from downtime.screens.precollection import PrecollectionScreen
from downtime.screens.settle_sums import work_out
from downtime.store import open_lists
from forms.payment_verified import PaymentVerified
from tests.screens.at_window import INSURED, PATIENT, comes_back, made_advance

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.screens.story import Story

ORDER_NUMBER = "4200002911202611220012345678"


def unverified(amount_minor: int = 1_800, tail: str = "") -> list[dict[str, Any]]:
    """Return mobile money nobody saw arrive."""
    return [{"method": "mobile", "amount_minor": amount_minor, "slip_tail": tail, "unverified": True}]


async def test_one_key_marks_it_and_enter_records(story: Callable[..., Story]) -> None:
    """The phone shows "paid", the network is down: Ctrl+E, the tail of the order, Enter."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f8", "ctrl+e")
        assert "未核实,无凭证" in s.screen
        await s.type("5678")
        assert "18.00 记为未核实" in s.screen
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        (part,) = s.entries("charge")[0].content["payments"]
        assert (part["method"], part["slip_tail"], part["unverified"]) == ("mobile", "5678", True)
        assert open_lists.unverified_total(s.desk.looking()) == 1_800


async def test_without_a_slip_it_says_so(story: Callable[..., Story]) -> None:
    """No slip came out at all: the mark stands without a tail, and nothing is in the way."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f8", "ctrl+e", "enter")
        await s.until(lambda: s.entries("charge"))
        (part,) = s.entries("charge")[0].content["payments"]
        assert (part["slip_tail"], part["unverified"]) == ("", True)


async def test_only_the_part_in_hand_is_marked(story: Callable[..., Story]) -> None:
    """Part in cash, the rest by card whose slip never came: the cash is in the drawer, the card waits."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f8")
        await s.type("10")
        await s.press("enter", "ctrl+e", "enter")
        await s.until(lambda: s.entries("charge"))
        marked = {p["method"]: p["unverified"] for p in s.entries("charge")[0].content["payments"]}
        assert marked == {"cash": False, "card": True}


async def test_the_key_again_takes_the_mark_back(story: Callable[..., Story]) -> None:
    """The confirmation came after all: Ctrl+E once more, and it is ordinary mobile money."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f8", "ctrl+e", "ctrl+e")
        assert "无凭证" not in s.screen
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        assert s.entries("charge")[0].content["payments"][0]["unverified"] is False


async def test_a_scanned_order_leaves_its_last_digits(story: Callable[..., Story]) -> None:
    """The long number on the customer's phone is scanned: its end is kept, the whole number never."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f8", "ctrl+e")
        await s.scan(ORDER_NUMBER)
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        assert s.entries("charge")[0].content["payments"][0]["slip_tail"] == ORDER_NUMBER[-8:]


async def test_the_sum_stands_on_screen_until_it_is_matched(story: Callable[..., Story]) -> None:
    """Every screen at the window shows what nobody saw arrive; once it is verified, the figure goes."""
    async with story() as s:
        advance = made_advance(s.desk, 12_000, payments=unverified(12_000))
        s.app.go("charge")
        await s.look()
        await s.until(lambda: "未核实 ¥120.00" in s.screen)
        s.app.go("precollection")
        await s.until(lambda: isinstance(s.app.screen, PrecollectionScreen) and "未核实 ¥120.00" in s.screen)
        content = {
            "entry_id": advance.id,
            "patient": PATIENT,
            "currency": "CNY",
            "method": "mobile",
            "total_minor": 12_000,
        }
        s.desk.record(PaymentVerified.model_validate(content), new_entry_id())
        await s.look()
        await s.until(lambda: "未核实" not in s.screen)


async def test_a_key_never_asks_the_book_for_that_sum(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is typed, the sum is made once per recorded entry, beside the screens."""
    from downtime.store import balances

    asked: list[str] = []
    whole = balances.balances_with_carried

    def counted(db: Any, beginning: str) -> Any:
        asked.append(beginning)
        return whole(db, beginning)

    monkeypatch.setattr(balances, "balances_with_carried", counted)
    async with story() as s:
        await s.look()
        before = len(asked)
        await s.charged("zw", "xcg", "amxl")
        await s.press("f8")
        await s.type("50")
        await s.look()
        assert len(asked) <= before + 1  # opening a patient is a line in the journal


def test_cash_is_never_unverified() -> None:
    """What lies in the drawer needs no statement."""
    typed = {"cash": "10", "card": "", "mobile": "8"}
    sums = work_out(1_800, "CNY", typed, {}, {"mobile"})
    assert sums.unverified_minor == 800
    assert [part.get("unverified", False) for part in sums.payments] == [False, True]


async def test_a_charge_of_an_insured_patient_offers_the_card_and_waits_for_nobody(
    story: Callable[..., Story],
) -> None:
    """The offer stands in the row above the keys; whoever goes on with the next patient has refused it."""
    async with story() as s:
        s.app.go("charge", patient=INSURED)
        await s.rest()
        await s.type("xcg")
        await s.press("enter", "enter", "enter")
        await s.until(lambda: s.entries("charge") and "留卡" in s.screen)
        screen = s.app.screen
        assert isinstance(screen, ChargeScreen)
        assert screen.patients.input.has_focus
        await s.type("zw")
        await s.press("enter")
        assert "留卡" not in s.screen
        before = screen.sheet.payer_kind
        await s.press("ctrl+r")
        assert screen.sheet.payer_kind != before
        assert not s.entries("card_held")


async def test_power_cut_while_settling(story: Callable[..., Story]) -> None:
    """The mark was set, Enter was not pressed: nothing is recorded, the charge comes back to be settled."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f8", "ctrl+e")
        await s.until(s.desk.drafts)

    def look(screen: Any) -> None:
        assert isinstance(screen, ChargeScreen)
        assert screen.sheet.total_minor == 1_800

    await comes_back(story, "charge", look)


async def test_escape_from_keeping_the_card_keeps_the_offer(story: Callable[..., Story]) -> None:
    """Looked at and left again: the card may still be kept."""
    async with story() as s:
        s.app.go("charge", patient=INSURED)
        await s.rest()
        await s.type("xcg")
        await s.press("enter", "enter", "enter")
        await s.until(lambda: s.entries("charge") and "留卡" in s.screen)
        await s.press("ctrl+r", "escape")
        assert "Ctrl+R 留卡" in s.screen
