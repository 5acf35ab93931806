"""Papers of every kind typed in: deposit, bookkeeping, dispensing, and our own receipts by their code."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from downtime.home import Home
from downtime.screens.late_dispense import LateDispenseScreen
from downtime.screens.late_entry import LateEntryScreen
from downtime.screens.late_screens import LateBookkeepingScreen, LateDepositScreen
from downtime.screens.late_settle import LateSettleDialog
from tests.screens.late_keys import begin_pile, issue_pack, slip, stands
from tests.screens.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SLIPS = 12
ZONE = ZoneInfo("Asia/Shanghai")


async def test_a_receipts_code_fills_everything_in(
    practice_home: Home, tmp_path: Path, story: Callable[..., Story]
) -> None:
    """A receipt whose journal is gone: one scan, one Enter; patient, lines, time and sum come off its code."""
    lost = Home(shutil.copytree(practice_home.path, tmp_path / "lost"))
    async with Story(lost) as s:
        await s.charged("zw", "xcg", "amxl")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("charge"))
        (charge,) = s.entries("charge")
    async with story() as s:
        s.app.go("late_entry")
        await s.rest()
        await s.scan(charge.qr[0])
        await s.until(lambda: isinstance(s.app.screen, LateSettleDialog))
        await s.rest()
        await s.press("enter")
        late = await stands(s)
        (typed,) = s.entries("charge")
        names = ("code", "quantity", "amount_minor")
        lines = [[line[name] for name in names] for line in typed.content["lines"]]
        assert lines == [[line[name] for name in names] for line in charge.content["lines"]]
        assert typed.content["patient"] == charge.content["patient"]
        assert typed.happened_at == charge.happened_at
        assert (late.content["paper_kind"], late.content["paper_number"]) == ("receipt", charge.number)
        await s.until(lambda: isinstance(s.app.screen, LateEntryScreen))
        await s.scan(charge.qr[0])
        await s.rest()
        assert len(s.entries("charge")) == 1


async def test_a_receipt_of_this_journal_stands_already(story: Callable[..., Story]) -> None:
    """What this station recorded itself is not typed in a second time."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("charge"))
        s.app.go("late_entry")
        await s.rest()
        await s.scan(s.entries("charge")[0].qr[0])
        await s.until(lambda: "已在本站账中" in s.screen)
        assert len(s.entries("charge")) == 1


async def test_deposit_forms(practice_home: Home, story: Callable[..., Story]) -> None:
    """Ward and bed come from the list; the amount is typed twice, once off each end of the paper."""
    numbers = issue_pack(practice_home, "deposit")
    async with story() as s:
        inpatient = next(iter(s.desk.reference.rows("inpatients"))).patient  # type: ignore[union-attr]  # practice lists
        await begin_pile(s, numbers[0])
        screen = s.app.screen
        assert isinstance(screen, LateDepositScreen)
        await s.type(inpatient)
        await s.press("enter")
        screen.focus_on("amount")
        await s.type("500")
        await s.press("f8")
        assert isinstance(s.app.screen, LateSettleDialog)
        await s.type("500")
        await s.press("enter")
        late = await stands(s)
        (deposit,) = s.entries("deposit")
        assert (deposit.amount_minor, late.content["paper_kind"]) == (50_000, "deposit")
        assert numbers[1] in s.screen


async def test_bookkeeping_forms(practice_home: Home, story: Callable[..., Story]) -> None:
    """Lines on an inpatient's account, controlled by the paper's sum; no money moves."""
    numbers = issue_pack(practice_home, "bookkeeping")
    async with story() as s:
        inpatient = next(iter(s.desk.reference.rows("inpatients"))).patient  # type: ignore[union-attr]  # practice lists
        await begin_pile(s, numbers[0])
        assert isinstance(s.app.screen, LateBookkeepingScreen)
        await s.type(inpatient)
        await s.press("enter")
        await s.type("xcg")
        await s.press("enter", "enter")
        await s.type("18")
        await s.press("enter")
        await stands(s)
        (booked,) = s.entries("bookkeeping")
        assert booked.amount_minor == 1800
        assert "payments" not in booked.content


async def test_dispensing_forms_find_the_charge_by_its_own_paper(
    practice_home: Home, story: Callable[..., Story]
) -> None:
    """The number of the charge form written on it brings that charge up; what was handed over is recorded then."""
    charged, given = issue_pack(practice_home), issue_pack(practice_home, "dispense")
    async with story() as s:
        await begin_pile(s, charged[0])
        await slip(s, "27.8")
        await stands(s)
    async with story(operator="3001") as s:
        await begin_pile(s, given[0], "0831")
        assert isinstance(s.app.screen, LateDispenseScreen)
        await s.type(charged[0])
        await s.press("enter")
        await s.press("enter")
        late = await stands(s, 2)
        (dispensed,) = s.entries("dispense")
        assert dispensed.happened_at[11:16] == "08:31"
        assert late.content["paper_number"] == given[0]
