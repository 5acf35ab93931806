"""Papers of every kind typed in: deposit, bookkeeping, dispensing, and our own receipts by their code."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

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

    from downtime.entry import Entry

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


async def of_a_lost_station(home: Home, folder: Path, *keys: str) -> Entry:
    """Return a charge settled by these keys at a station whose journal is gone."""
    lost = Home(shutil.copytree(home.path, folder / "lost"))
    async with Story(lost) as s:
        await s.charged("zw", "xcg")
        await s.press("enter", *keys)
        await s.until(lambda: s.entries("charge"))
        return s.entries("charge")[0]


async def scanned(s: Story, charge: Entry) -> None:
    """Scan its code at late entry; the sum is asked for at once."""
    s.app.go("late_entry")
    await s.rest()
    await s.scan(charge.qr[0])
    await s.until(lambda: isinstance(s.app.screen, LateSettleDialog))
    await s.rest()


async def test_a_code_does_not_say_how_it_was_paid(
    practice_home: Home, tmp_path: Path, story: Callable[..., Story]
) -> None:
    """The screen says that it would be cash; Tab takes the whole sum along to the method the paper names."""
    charge = await of_a_lost_station(practice_home, tmp_path, "enter")
    async with story() as s:
        await scanned(s, charge)
        assert "支付方式" in s.screen
        await s.press("tab")
        assert "支付方式" not in s.screen
        await s.press("tab", *"8812", "enter")
        await stands(s)
        (part,) = s.entries("charge")[0].content["payments"]
        assert (part["method"], part["amount_minor"]) == ("card", charge.amount_minor)
        assert part["slip_tail"] == "8812"


async def test_a_code_of_a_debt_takes_no_money(
    practice_home: Home, tmp_path: Path, story: Callable[..., Story]
) -> None:
    """What nobody paid then is no cash now: it is owed, and whoever vouched is asked for."""
    charge = await of_a_lost_station(practice_home, tmp_path, "ctrl+o", "enter", *"ldf", "enter", "enter")
    async with story() as s:
        await scanned(s, charge)
        await s.press("enter", *"ldf", "enter")
        await stands(s)
        (typed,) = s.entries("charge")
        assert typed.content["payments"] == []
        assert typed.content["authorisation"]["kind"] == "arrears"


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


@pytest.mark.parametrize("how", ["crash", "lock"])
async def test_a_half_typed_dispensing_form_survives(
    practice_home: Home, story: Callable[..., Story], how: str
) -> None:
    """Charge, batch and what is left out come back under the number of the paper, and are recorded once."""
    charged, given = issue_pack(practice_home), issue_pack(practice_home, "dispense")
    async with story() as s:
        await begin_pile(s, charged[0])
        await slip(s, "27.8")
        await stands(s)
    async with story(operator="3001") as s:
        await begin_pile(s, given[0], "0831")
        await s.type(charged[0])
        await s.press("enter", "f4", "backspace", *"0.5", "enter")
        screen = s.app.screen
        assert isinstance(screen, LateDispenseScreen)
        kept = screen.sheet.gives[0].content()  # type: ignore[union-attr]  # it was brought up
        if how == "lock":
            await s.press("f11")
        await s.until(lambda: [draft for draft in s.desk.drafts() if draft.form == "late_entry"])
        await s.until(lambda: kept_quantity(s) == "0.5")
    async with story(operator="3001") as s:
        s.app.go("late_entry")
        await s.rest()
        assert given[0] in s.screen
        await s.press("down", "enter")
        again = s.app.screen
        assert isinstance(again, LateDispenseScreen)
        assert again.head.paper.number == given[0]
        assert again.sheet is not None
        assert again.sheet.gives[0].content() == kept
        await s.press("enter")
        await stands(s, 2)
        (dispensed,) = s.entries("dispense")
        assert dispensed.content["lines"][0]["quantity"] == "0.5"
        await s.until(lambda: not [draft for draft in s.desk.drafts() if draft.form == "late_entry"])


def kept_quantity(s: Story) -> str:
    """Return how much the half-typed paper hands over."""
    (draft,) = (draft for draft in s.desk.drafts() if draft.form == "late_entry")
    return str(draft.content["gives"][0]["quantity"])
