"""Receipt numbers on the screen: a warning in time, and a block used up in mid-queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.book import OpenBook
from downtime.record import record_event
from downtime.screens.ask import AlarmDialog
from downtime.screens.reason import ReasonDialog
from downtime.screens.second_person import SecondPersonDialog
from downtime.screens.settle import SettleDialog
from downtime.screens.typed_fields import AskedField
from downtime.screens.worklists import WorklistsScreen
from forms.station_book import NumberBlock
from tests.screens.made_back import CASH, made_paid, one_line
from tests.screens.made_up import SUPERVISOR, made_charge
from tests.screens.test_worklists import kept

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
    """The words say what to do; Esc goes back to all that was typed, and Enter records it once IT has added a block."""
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
        await s.until(lambda: isinstance(s.app.screen, AlarmDialog))
        assert len(s.entries("charge")) == before, "there is still none"
        await s.press("escape")
        assert isinstance(s.app.screen, SettleDialog), "nothing typed is gone"
        assert "100" in s.screen
        assert any(draft.form == "charge" for draft in s.desk.drafts())
        _it_adds(s.desk, 30_000, 30_100)
        await s.press("enter")
        await s.until(lambda: len(s.entries("charge")) == before + 1)
        charge = s.entries("charge")[-1]
        assert str(charge.number).startswith("W03A-030000")
        assert charge.content["payments"][0]["tendered_minor"] == 10_000


async def no_number_is_left(s: Story) -> None:
    """Wait for the alarm; then IT adds a block and Enter is pressed once."""
    await s.until(lambda: isinstance(s.app.screen, AlarmDialog))
    _it_adds(s.desk, 30_000, 30_100)
    await s.press("enter")


async def test_numbers_end_during_a_reversal(
    story: Callable[..., Story], few_numbers: Callable[[int], None]
) -> None:
    """The reason was said and stays said: Enter records the reversal with it, nothing is typed again."""
    few_numbers(1)
    async with story() as s:
        paid = made_paid(s.desk)
        s.app.go("journal")
        await s.rest()
        await s.type(str(paid.number))
        await s.press("f9", *"lianxi", "enter", "enter")
        await no_number_is_left(s)
        await s.until(lambda: s.entries("reversal"))
        (reversal,) = s.entries("reversal")
        assert reversal.content["reason"] == "lianxi"
        assert reversal.content["entry_id"] == paid.id


async def test_whoever_goes_back_meanwhile_finds_the_reason(
    story: Callable[..., Story], few_numbers: Callable[[int], None]
) -> None:
    """Esc leaves the alarm, for instance to serve on by paper; reversing it later, the reason stands there."""
    few_numbers(1)
    async with story() as s:
        paid = made_paid(s.desk)
        s.app.go("journal")
        await s.rest()
        await s.type(str(paid.number))
        await s.press("f9", *"lianxi", "enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, AlarmDialog))
        await s.press("escape", "f9")
        assert isinstance(s.app.screen, ReasonDialog)
        assert s.app.screen.query_one(AskedField).value == "lianxi"
        _it_adds(s.desk, 30_000, 30_100)
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("reversal"))
        assert s.entries("reversal")[0].content["reason"] == "lianxi"


@pytest.mark.parametrize("keys", [("f9",), ("1",)], ids=["whole", "by line"])
async def test_numbers_end_during_a_refund(
    story: Callable[..., Story], few_numbers: Callable[[int], None], keys: tuple[str, ...]
) -> None:
    """Lines, reason and the way back stay as they were chosen; one Enter gives the money back, once."""
    few_numbers(1)
    async with story() as s:
        paid = made_paid(s.desk, lines=[one_line(1_000), one_line(4_000, "PX002")])
        s.app.go("refund")
        await s.rest()
        await s.type(str(paid.number))
        await s.press("enter", *keys, "f8", *"lianxi", "enter", "enter")
        await no_number_is_left(s)
        await s.until(lambda: s.entries("refund"))
        (refund,) = s.entries("refund")
        assert refund.content["reason"] == "lianxi"
        assert refund.content["total_minor"] == (5_000 if keys == ("f9",) else 1_000)
        await s.rest()
        assert len(s.entries("refund")) == 1


async def test_who_agreed_need_not_come_again(
    story: Callable[..., Story], few_numbers: Callable[[int], None]
) -> None:
    """The second person typed a password and went away: what they agreed to is recorded with their name."""
    few_numbers(1)
    async with story() as s:
        paid = made_paid(s.desk, [CASH(150_000)], [one_line(150_000)])
        s.app.go("journal")
        await s.rest()
        await s.type(str(paid.number))
        await s.press("f9", *"lianxi", "enter", "enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        await s.press(*SUPERVISOR, "enter", *f"lianxi{SUPERVISOR}", "enter")
        await no_number_is_left(s)
        await s.until(lambda: s.entries("reversal"))
        assert SUPERVISOR in str(s.entries("reversal")[0].second_person)


async def test_an_exchange_goes_on_without_numbers(
    story: Callable[..., Story], few_numbers: Callable[[int], None]
) -> None:
    """Its paper is the formal document, so it takes none of our numbers and is not held up."""
    few_numbers(1)
    async with story() as s:
        paid = made_paid(s.desk)
        s.app.go("worklists", name="not_exchanged")
        await s.rest()
        screen = s.app.screen
        assert isinstance(screen, WorklistsScreen)
        await screen.look_again()
        await s.press("enter", "1", *"0001", "enter", "enter", "enter")
        await s.until(lambda: kept(s, "exchange"))
        (exchange,) = kept(s, "exchange")
        assert exchange.content["entry_id"] == paid.id
        assert exchange.number is None
