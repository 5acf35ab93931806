"""Complaints that concern whoever sits at the window, through the real screens."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from downtime.clock import ManualClock
from downtime.paper import receipt_of
from downtime.receipt_text import as_text
from downtime.record import Recorded, new_entry_id, record
from downtime.screens.charge import ChargeScreen
from downtime.screens.settle import SettleDialog
from downtime.sealing import Filled
from downtime.store.delivery_queries import read_entries
from forms.payment import Collection
from tests.complaints.cut_short import recorded_elsewhere
from tests.screens.made_back import CASH, made_owing
from tests.screens.shift_steps import at_stage, opened_shift
from tests.screens.test_worklists import kept, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from downtime.book import OpenBook
    from downtime.desk import Desk
    from downtime.entry import Entry
    from tests.screens.story import Story

DAYS = 3


async def test_paying_twice_at_two_windows(story: Callable[..., Story]) -> None:
    """The same debt lies settled half-way here when it is paid elsewhere: refused in words, no money taken twice."""
    async with story() as s:
        owing = made_owing(s.desk, 7_000)
        await opened(s, "owing")
        await s.press("enter")
        assert isinstance(s.app.screen, SettleDialog)
        assert isinstance(recorded_elsewhere(s.desk, lambda book: _collected(book, owing)), Recorded)
        await s.press("enter")
        await s.until(lambda: not s.app.recording)
        assert len(kept(s, "payment")) == 1
        assert isinstance(s.app.screen, SettleDialog), "nothing closes as if it had been paid"
        assert s.desk.owed_minor(owing.id) == 0
        assert "不要再收钱" in s.screen


def _collected(book: OpenBook, owing: Entry) -> Any:
    content = {
        "charge_id": owing.id,
        "charge_number": owing.number,
        "patient": owing.content["patient"],
        "currency": "CNY",
        "total_minor": 7_000,
        "payments": [CASH(7_000)],
    }
    return record(book, Filled(Collection.model_validate(content), new_entry_id()))


async def test_a_temporary_number_stays_the_same_everywhere(story: Callable[..., Story]) -> None:
    """Screen, half-filled form, journal, paper and what the HIS is sent name one id and one patient number.

    Elsewhere the number a form had before it was saved leaked into later steps, and they failed on a sale
    called "None" (POS-Awesome #135).
    """
    async with story() as s:
        await s.press("1")
        await s.type("lianxixin")
        await s.press("ctrl+n", "f8")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen))
        await s.rest()
        screen: Any = s.app.screen
        entry_id, number = screen.sheet.entry_id, screen.sheet.patient.number
        await s.type("xcg")
        await s.press("enter")
        await s.until(lambda: [draft.id for draft in s.desk.drafts()] == [entry_id])
        assert number in s.screen
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("charge"))
        (charge,) = s.entries("charge")
        (registered,) = s.entries("registration")
        assert (charge.id, charge.patient, registered.patient) == (entry_id, number, number)
        (sent,) = read_entries(s.desk.looking(), [charge.seq])
        assert sent.content["patient"]["number"] == number
        paper = as_text(receipt_of(s.desk, charge, 1))
        assert number in paper
        for shown in (s.screen, paper):
            assert "None" not in shown
            assert "null" not in shown


async def test_only_people_decide_that_there_is_an_outage(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every connection refused all goes on; no call to a network is made to find out, and nothing flips.

    Elsewhere a till took a live cable for a live server and hung, or changed its mind every few seconds
    (POS-Awesome #914, projectbuendia #403, odoo #288899).
    """
    tried: list[object] = []

    def refused(_self: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refused)
    async with story() as s:
        before = _mode(s.desk)
        assert before is not None
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: s.app.last is not None and s.app.last.paper == "printed")
        await s.look()
        assert _mode(s.desk) == before
    assert tried == []


def _mode(desk: Desk) -> object:
    from downtime.desk_queries import outage_in_force

    declared = outage_in_force(desk)
    return declared.id if declared is not None else None


async def test_users_forget_to_close_the_shift(story: Callable[..., Story]) -> None:
    """Nobody closed it for three days: charging goes on, it is still the same shift, and it still has to be closed.

    Elsewhere the closing nobody had made surfaced weeks later, in the auditor's tool (Registrierkassen #574).
    """
    clock = ManualClock()
    async with story(clock=clock) as s:
        await opened_shift(s)
        (opening,) = kept(s, "shift_opened")
    clock.turn(wall_seconds=DAYS * 86_400, passed_seconds=DAYS * 86_400)
    async with story(clock=clock) as s:
        assert "还没有结班" in s.screen
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("charge"))
        s.app.go("shift")
        await at_stage(s, "open")
        assert str(opening.content["shift"]) in s.screen
        assert str(opening.content["business_day"])[5:] in s.screen
        assert len(kept(s, "shift_opened")) == 1
        assert not kept(s, "shift_closed")
