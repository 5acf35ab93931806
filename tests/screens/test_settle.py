"""Taking money: amounts, change, several methods, and who leaves on somebody's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.screens.settle import SettleDialog
from downtime.screens.settle_sums import work_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


def typed(cash: str = "", card: str = "", mobile: str = "") -> dict[str, str]:
    """Return what stands in the three fields."""
    return {"cash": cash, "card": card, "mobile": mobile}


def test_change_is_what_was_handed_over_less_the_rest() -> None:
    """Card first, the rest in cash, change from the cash."""
    sums = work_out(10_000, "CNY", typed(cash="50", card="60"), {"card": "1234"})
    assert sums.due_minor == 0
    assert sums.change_minor == 1_000
    assert [(part["method"], part["amount_minor"]) for part in sums.payments] == [
        ("cash", 4_000),
        ("card", 6_000),
    ]


@pytest.mark.parametrize(
    ("cash", "card", "field"),
    [
        ("-5", "", "cash"),
        ("1.234", "", "cash"),
        ("abc", "", "cash"),
        ("250101015", "", "cash"),
        ("5000", "", "cash"),
        ("", "45.01", "card"),
        ("10", "45", "cash"),
    ],
)
def test_what_cannot_be_stands_beside_its_field(cash: str, card: str, field: str) -> None:
    """Negative, too fine, no number, a scanned code, a digit too many, too much by card: named where it was typed."""
    sums = work_out(4_500, "CNY", typed(cash=cash, card=card), {})
    assert list(sums.wrong) == [field]
    assert sums.wrong[field]()


async def test_a_wrong_amount_writes_nothing_and_loses_nothing(story: Callable[..., Story]) -> None:
    """The reason stands beside the amount, what was typed is still there, and the journal is as before."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter")
        await s.type("99999")
        await s.press("enter")
        assert "请核对金额" in s.screen
        assert "99999" in s.screen
        assert not s.entries("charge")


async def test_the_amount_in_words_stands_there_before_it_counts(story: Callable[..., Story]) -> None:
    """Eighteen yuan reads 壹拾捌元整 before anything is recorded."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter")
        assert "壹拾捌元整" in s.screen
        assert not s.entries("charge")


async def test_part_in_cash_goes_on_to_the_next_method(story: Callable[..., Story]) -> None:
    """Enter on too little offers the rest by card, marked, to be taken or typed over."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter")
        await s.type("10")
        await s.press("enter")
        assert s.app.screen.query_one("#card").has_focus
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        paid = {part["method"]: part["amount_minor"] for part in s.entries("charge")[0].content["payments"]}
        assert paid == {"cash": 1_000, "card": 800}


async def test_leaving_unpaid_needs_somebody_who_vouches(story: Callable[..., Story]) -> None:
    """Green channel: no guarantor, no entry; with one the charge stands unpaid and says who."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter", "ctrl+o", "ctrl+o", "enter", "enter")
        assert "须有担保人" in s.screen or "谁来担保" in s.screen
        assert not s.entries("charge")
        await s.type("ldf")
        await s.press("enter")
        await s.press("enter")
        await s.until(lambda: s.entries("charge"))
        assert s.entries("charge")
        said = s.entries("charge")[0].content["authorisation"]
        assert said["kind"] == "green_channel"
        assert said["guarantor"]
        assert s.entries("charge")[0].content["payments"] == []


async def test_a_scanned_code_never_lands_in_an_amount(story: Callable[..., Story]) -> None:
    """A patient's card scanned while settling is told and left out; the amount stays as it was."""
    async with story() as s:
        reference = s.desk.reference
        assert reference is not None
        card = reference.get_patient("PX000042")
        assert card is not None
        await s.charged("zw", "xcg")
        await s.press("enter")
        await s.type("20")
        await s.scan(card.card)
        assert s.app.screen.query_one("#cash").value == "20"  # type: ignore[attr-defined]  # a field
        assert isinstance(s.app.screen, SettleDialog)
        assert not s.entries("charge")


def test_what_is_left_is_said_less_the_cash() -> None:
    """5 in cash, 5 by card, then too much by phone: 44 are left of 54."""
    sums = work_out(5_400, "CNY", typed(cash="5", card="5", mobile="1234"), {})
    assert "44.00" in sums.wrong["mobile"]()


async def test_every_act_of_settling_has_its_key_on_screen(story: Callable[..., Story]) -> None:
    """Also in the longer language at 80 columns: the lock gives way, F1 names it."""
    async with story(language="en") as s:
        await s.charged("zw", "xcg")
        await s.press("f8")
        for key in ("F8", "Ctrl+O", "Ctrl+E", "F1", "Esc"):
            assert f"{key} " in s.screen


async def test_who_leaves_owing_is_not_said_to_have_paid(story: Callable[..., Story]) -> None:
    """The line before Enter and the line after it both say that it is owed."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("f8", "ctrl+o", *"1006", "enter")
        assert "记欠费 ¥18.00" in s.screen
        await s.press("f8")
        await s.until(lambda: s.entries("charge") and not s.app.printing)
        assert "¥18.00   欠费" in s.screen
