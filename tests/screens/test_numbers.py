"""Receipt numbers on the screen: a warning in time, and a block used up in mid-queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.book import OpenBook
from downtime.record import record_event
from downtime.screens.ask import AlarmDialog
from downtime.screens.settle import SettleDialog
from forms.station_book import NumberBlock
from tests.screens.made_up import made_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.desk import Desk
    from tests.screens.story import Story


@pytest.fixture
def few_numbers(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return an act that leaves the station so many numbers."""

    def leave(count: int) -> None:
        monkeypatch.setattr("downtime.book.journal.entries", _entries_with_block(count))

    return leave


def _entries_with_block(last: int) -> Callable[..., object]:
    from dataclasses import replace

    from downtime.store import journal

    real = journal.entries

    def entries(db: object, **named: object) -> object:
        for entry in real(db, **named):  # type: ignore[arg-type]  # passed on as they came
            short = entry.form == "number_block" and entry.content["last"] == 20_000
            yield replace(entry, content={**entry.content, "last": last}) if short else entry

    return entries


def _it_adds(desk: Desk, first: int, last: int) -> None:
    """Let IT add a block at the same PC while the app is open."""
    home = desk.home
    book = OpenBook(home, home.keys.unlock("4001", "lianxi4001"), home.current_book())
    record_event(book, NumberBlock(first=first, last=last))
    book.close()


async def test_running_low_warns(story: Callable[..., Story], few_numbers: Callable[[int], None]) -> None:
    """Top line and a quiet line say how many are left and who adds more; charging is not held up."""
    few_numbers(120)
    async with story() as s:
        await s.look()
        await s.until(lambda: "号码剩 120" in s.screen)
        assert "请通知信息科增加号段" in s.screen
        made_charge(s.desk)
        await s.look()
        await s.until(lambda: "号码剩 119" in s.screen)
        _it_adds(s.desk, 30_000, 31_000)
        await s.look()
        await s.until(lambda: "号码剩" not in s.screen)


async def test_number_block_used_up_in_mid_queue(
    story: Callable[..., Story], few_numbers: Callable[[int], None]
) -> None:
    """The words say what to do, everything typed stays, and the same Enter records it once IT has added a block."""
    few_numbers(1)
    async with story() as s:
        made_charge(s.desk)
        before = len(s.entries("charge"))
        await s.charged("zw", "xcg")
        await s.press("enter", *"100", "enter")
        await s.until(lambda: isinstance(s.app.screen, AlarmDialog))
        assert "没有可用的收据号码" in s.screen.replace("\n", "") or "号码" in s.screen
        assert "增加号段" in s.screen
        assert len(s.entries("charge")) == before
        await s.press("enter")
        assert isinstance(s.app.screen, SettleDialog), "nothing typed is gone"
        assert "100" in s.screen
        assert any(draft.form == "charge" for draft in s.desk.drafts())
        _it_adds(s.desk, 30_000, 30_100)
        await s.press("enter")
        await s.until(lambda: len(s.entries("charge")) == before + 1)
        charge = s.entries("charge")[-1]
        assert str(charge.number).startswith("W03A-030000")
        assert charge.content["payments"][0]["tendered_minor"] == 10_000
