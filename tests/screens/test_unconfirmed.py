"""What was recorded but told to nobody is asked about; what was left half filled is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.record import new_entry_id
from downtime.screens.unconfirmed import UnconfirmedScreen, anything_left
from forms.charge import Charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from tests.screens.story import Story

PATIENT = {"number": "PX000042", "name": "练习", "sex": "female", "birth_date": None, "temporary": False}
LINE = {"code": "X1", "name": "练习项目", "unit_price_minor": 1000, "quantity": "1", "amount_minor": 1000}
CASH = {"method": "cash", "amount_minor": 1000, "tendered_minor": 1000, "change_minor": 0}


def _crashed_after_commit(home: Home) -> str:
    from downtime.desk import Desk

    desk = Desk(home, home.keys.unlock("1001", "lianxi1001"))
    content = {
        "patient": PATIENT,
        "currency": "CNY",
        "lines": [LINE],
        "total_minor": 1000,
        "payments": [CASH],
    }
    outcome = desk.record(Charge.model_validate(content), new_entry_id())
    desk.close()
    return str(outcome.entry.number)  # type: ignore[union-attr]  # it cannot be refused


async def test_the_start_asks_about_receipts_nobody_was_told_of(
    story: Callable[..., Story], practice_home: Home
) -> None:
    """The number stands there after login; Enter says it was handed over, and it is not asked again."""
    number = _crashed_after_commit(practice_home)
    async with story() as s:
        assert isinstance(s.app.screen, UnconfirmedScreen)
        assert number in s.screen
        await s.press("enter")
        assert number not in s.screen
        assert not anything_left(s.desk)
        await s.press("enter")
        assert len(s.entries("charge")) == 1


async def test_not_handed_over_is_printed_again(story: Callable[..., Story], practice_home: Home) -> None:
    """F6 prints it instead of recording it a second time."""
    _crashed_after_commit(practice_home)
    async with story() as s:
        await s.press("f6")
        await s.until(lambda: not s.desk.unconfirmed())
        assert not s.desk.not_printed()


async def test_an_entry_cannot_be_deleted_here(story: Callable[..., Story], practice_home: Home) -> None:
    """F5 on a recorded entry answers why not."""
    _crashed_after_commit(practice_home)
    async with story() as s:
        await s.press("f5")
        assert "不能删除" in s.screen
        assert s.desk.unconfirmed()
