"""Exchange through the real screen: the slip first, then the formal document, never twice, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.outcome import Accepted, FormalDocument
from downtime.screens.exchange_dialog import ExchangeDialog
from downtime.screens.worklist_dialog import ActDialog
from tests.screens.made_back import made_advance, made_paid
from tests.screens.made_up import note_answers
from tests.screens.test_worklists import kept, numbers, opened, read, settled

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


async def test_slip_first_then_the_number(story: Callable[..., Story]) -> None:
    """The slip is asked for before anything else and recorded; then number and amount; Enter records."""
    async with story(language="en") as s:
        paid = made_paid(s.desk)
        screen = await opened(s, "not_exchanged")
        await s.press("enter")
        assert isinstance(s.app.screen, ExchangeDialog)
        assert "Our slip" in s.screen
        await s.press("1", *"00123456", "enter", "enter")
        assert "00123456" in s.screen
        await s.press("enter")
        entry = await settled(s, "exchange")
        assert entry.content["entry_id"] == paid.id
        assert entry.content["slip_returned"]
        assert entry.content["documents"][0]["amount_minor"] == 5_000
        await read(s, screen)
        assert not numbers(screen)


async def test_taken_from_what_the_his_answered(story: Callable[..., Story]) -> None:
    """Once the HIS issued the document nothing is typed: slip, Enter."""
    async with story(language="en") as s:
        paid = made_paid(s.desk)
        document = FormalDocument("e_invoice", "PX", "00012345", "a1b2c3", "2026-11-22", "issued", "HIS-77")
        note_answers(s.desk, "practice", {paid.id: Accepted((document,), "HIS-77")})
        screen = await opened(s, "not_exchanged")
        assert "00012345" in s.screen
        await s.type("00012345")
        assert numbers(screen) == [paid.number]
        await s.press("enter", "1", "enter")
        entry = await settled(s, "exchange")
        assert entry.content["documents"][0]["check_code"] == "a1b2c3"


async def test_several_documents_and_another_sum(story: Callable[..., Story]) -> None:
    """Several per receipt; where they do not come to what was paid somebody says why."""
    async with story(language="en") as s:
        made_paid(s.desk)
        await opened(s, "not_exchanged")
        await s.press("enter", "1", *"0001", "enter", *["backspace"] * 8, *"30", "enter")
        await s.press(*"0002", "enter", *["backspace"] * 8, *"15", "enter", "enter")
        assert "Say why" in s.screen
        assert not kept(s, "exchange")
        await s.press(*"item voided", "enter")
        entry = await settled(s, "exchange")
        assert [paper["amount_minor"] for paper in entry.content["documents"]] == [3_000, 1_500]
        assert entry.content["difference_reason"] == "item voided"


async def test_sent_without_a_visit(story: Callable[..., Story]) -> None:
    """An electronic invoice goes to the phone; a paper one cannot, the slip must come back."""
    async with story(language="en") as s:
        made_advance(s.desk, 5_000, phone="13800138009")
        await opened(s, "not_exchanged")
        await s.press("enter", "2")
        assert "Phone" in s.screen
        await s.press("enter", *"0007", "enter", "enter", "enter")
        assert not kept(s, "exchange")
        assert "Take the slip back first" in s.screen
        await s.press("f5", "shift+tab")
        await s.press("escape", "enter", "2", "enter", "shift+tab", "shift+tab", "1", "enter")
        await s.press(*"0007", "enter", "enter", "enter")
        entry = await settled(s, "exchange")
        assert entry.content["sent_to"] == "13800138009"
        assert not entry.content["slip_returned"]


async def test_same_receipt_exchanged_twice(story: Callable[..., Story]) -> None:
    """A receipt that was exchanged is not exchanged again: scanning it shows what for, and asks about voiding."""
    async with story(language="en") as s:
        paid = made_paid(s.desk)
        screen = await opened(s, "not_exchanged")
        await s.press("enter", "1", *"0001", "enter", "enter", "enter")
        await settled(s, "exchange")
        await read(s, screen)
        await s.scan(str(paid.number))
        assert isinstance(s.app.screen, ActDialog)
        assert "It has been exchanged already" in s.screen
        await s.press("1", *"x", "enter")
        assert "Take the formal paper back first." in s.screen
        assert len(kept(s, "exchange")) == 1


async def test_voided_and_exchanged_again(story: Callable[..., Story]) -> None:
    """Voiding takes the formal paper back first and says why; the receipt is back on the list, marked."""
    async with story(language="en") as s:
        paid = made_paid(s.desk)
        screen = await opened(s, "not_exchanged")
        await s.press("enter", "1", *"0001", "enter", "enter", "enter")
        await settled(s, "exchange")
        await s.press("ctrl+f")
        await read(s, screen)
        assert numbers(screen) == [paid.number]
        await s.press("enter", "2", *"amount wrong", "enter")
        void = await settled(s, "exchange", 2)
        assert void.content["state"] == "void"
        await s.press("ctrl+f")
        await read(s, screen)
        assert screen.looked.rows[0].was_void
        await s.press("enter", "1", *"0002", "enter", "enter", "enter")
        again = await settled(s, "exchange", 3)
        assert again.content["documents"][0]["number"] == "0002"


async def test_a_wrong_amount_is_said_and_no_number_is_asked_for(story: Callable[..., Story]) -> None:
    """The number stands, the amount is letters: F8 says so about the amount, and nothing is recorded."""
    async with story(language="en") as s:
        made_paid(s.desk)
        await opened(s, "not_exchanged")
        await s.press("enter", "1", *"00123456", "enter", *"abc", "f8")
        assert "This is not an amount" in s.screen
        assert "Name the formal document" not in s.screen
        assert not kept(s, "exchange")


async def test_f8_takes_the_second_number_along(story: Callable[..., Story]) -> None:
    """A second number typed without its Enter is never lost: F8 records both."""
    async with story(language="en") as s:
        made_paid(s.desk)
        await opened(s, "not_exchanged")
        await s.press("enter", "1", *"0001", "enter", *["backspace"] * 8, *"30", "enter")
        await s.press(*"0002", "f8")
        entry = await settled(s, "exchange")
        assert [paper["amount_minor"] for paper in entry.content["documents"]] == [3_000, 2_000]
