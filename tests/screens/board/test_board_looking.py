"""The board at the IT PC: what one sees first, how one finds, and how one goes from error to error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.outcome import Rejected
from downtime.screens.board import BoardScreen
from downtime.screens.board_bytes import BytesScreen
from downtime.screens.board_item import BoardItemScreen
from downtime.screens.home import HomeScreen
from tests.screens.board_story import AUDITOR, CASHIER, BoardStory, decided
from tests.screens.made_up import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.made_board import MadeHub


SHOWN = "board_bytes_shown"


async def test_one_sees_what_is_not_in_the_his_and_that_all_adds_up(story: Callable[..., BoardStory]) -> None:
    """How many, since when, when it last worked; seven states whose counts and sums are the total."""
    async with story() as s:
        assert "未回传 18" in s.screen
        assert "上次成功" in s.screen
        assert "差额 0 笔 / ¥0.00" in s.screen
        for word in ("待补录", "已补录", "已核对", "重复", "缺失", "差异", "需人工"):
            assert word in s.screen
        found = s.source.summary()
        assert sum(one.entries for one in found.states.values()) == found.total.entries == 36
        assert found.difference().amount_minor == 0
        assert "未汇集" in s.screen
        assert "失联 1" in s.screen


async def test_the_first_list_is_the_open_work_the_urgent_first(story: Callable[..., BoardStory]) -> None:
    """What is done is not in it; what needs a person stands on top."""
    async with story() as s:
        assert {row.state for row in s.listed} == {"person", "double", "missing", "differs", "waiting"}
        assert [row.state for row in s.listed[:4]] == ["person"] * 4
        assert "问题 1 / 7" in s.screen


async def test_digits_and_arrows_list_one_state(story: Callable[..., BoardStory]) -> None:
    """The digit before a state lists it, 8 everything, 0 the open work again; right goes to the next."""
    async with story() as s:
        await s.press("4")
        assert {row.state for row in s.listed} == {"double"}
        await s.press("8")
        assert len(s.listed) == 36
        await s.press("0")
        assert s.board.kept.view == "open"
        await s.press("right", "right")
        assert s.board.kept.view == "waiting"


async def test_from_one_error_to_the_next(story: Callable[..., BoardStory]) -> None:
    """J and N go on, K and P back, past everything that is no error; 7 behind 1 is 1 again."""
    async with story() as s:
        await s.press("8", *"jjj")
        assert "问题 4 / 7" in s.screen
        await s.press("k", "p", "n")
        assert "问题 3 / 7" in s.screen
        await s.press(*"jjjjj")
        assert "问题 1 / 7" in s.screen


async def test_searching_finds_what_is_done_as_well(story: Callable[..., BoardStory], made: MadeHub) -> None:
    """F2, then any part of a slip, name or amount; Enter on the only one opens it."""
    done = made.entries[0]
    async with story() as s:
        await s.press("f2", *(done.number or ""))
        assert [row.entry_id for row in s.listed] == [done.id]
        assert s.listed[0].state == "verified"
        await s.press("enter")
        assert isinstance(s.app.screen, BoardItemScreen)
        await s.until(lambda: "HIS 编号 00010000 HIS-0" in s.screen)
        await s.press("escape", "escape")
        assert s.board.kept.text == ""
        await s.press("/", *"43.00")
        assert s.listed
        assert {row.amount_minor for row in s.listed} == {4_300}


async def test_station_cashier_and_day_narrow_the_list(story: Callable[..., BoardStory]) -> None:
    """Ctrl+F asks for them; what is not on the board is said beside its field; Esc lists all again."""
    async with story() as s:
        await s.press("ctrl+f", *"w99", "enter", "enter", "enter")
        await s.until(lambda: "看板上没有" in s.screen)
        await s.press(*["backspace"] * 3, *"W13", "enter", "enter", "enter")
        await s.until(lambda: s.board.kept.station == "W13")
        assert {row.station for row in s.listed} == {"W13"}
        await s.press("escape")
        assert s.board.kept.station == ""


async def test_the_item_shows_ours_and_theirs_side_by_side(story: Callable[..., BoardStory]) -> None:
    """What was recorded, the HIS's rows beside it, the difference, attempts and what to do next."""
    async with story(size=(160, 45)) as s:
        await s.press("6", "enter")
        assert isinstance(s.app.screen, BoardItemScreen)
        await s.until(lambda: "HIS 所示" in s.screen)
        assert "原记录" in s.screen
        assert "HIS 减本方" in s.screen
        assert "3.00" in s.screen
        assert "多退少补" in s.screen


async def test_exact_bytes_are_one_key_away(story: Callable[..., BoardStory]) -> None:
    """A digit shows what was sent at that attempt, F7 the entry as it was sealed; that is audited."""
    async with story() as s:
        await s.press("enter")
        await s.until(lambda: "发送记录" in s.screen)
        await s.press("1")
        assert isinstance(s.app.screen, BytesScreen)
        assert '"item": "250101015"' in s.screen
        await s.press("escape", "f7")
        assert isinstance(s.app.screen, BytesScreen)
        assert '{"body":{"content"' in s.screen
        shown_at = [one.content["subject"] for one in decided(s, "audit") if one.content["event"] == SHOWN]
        assert shown_at == [s.listed[0].entry_id] * 2


async def test_the_item_goes_on_to_the_next_error(story: Callable[..., BoardStory]) -> None:
    """J shows the next error whole without going back to the list."""
    async with story() as s:
        await s.press("enter")
        await s.until(lambda: "问题 1 / 7" in s.screen)
        await s.press("j")
        await s.until(lambda: "问题 2 / 7" in s.screen)
        screen = s.app.screen
        assert isinstance(screen, BoardItemScreen)
        assert screen.row.n == s.listed[1].n


async def test_a_wrong_reason_of_the_his_is_only_text(
    story: Callable[..., BoardStory], made: MadeHub
) -> None:
    """Escape sequences and markup in what the HIS answered or what was sent are shown as characters."""
    made.answer(made.entries[24].id, Rejected(HOSTILE), sent=HOSTILE.encode())
    async with story(size=(160, 45)) as s:
        await s.press("f2", *(made.entries[24].number or ""))
        for keys in ((), ("enter",), ("1",)):
            await s.press(*keys)
            await s.until(lambda: "[red]" in s.screen)
            assert "\x1b" not in s.screen
            assert "\u202e" not in s.screen


async def test_lists_stand_beside_the_states(story: Callable[..., BoardStory]) -> None:
    """F3 shows what each list comes to and cash against receipts against the HIS; Enter opens one."""
    async with story() as s:
        await s.press("f3")
        assert s.app.screen_stack[-1].query_one("#lists-money")
        await s.until(lambda: "HIS 减本方" in s.screen)
        assert "多退少补" in s.screen
        await s.press("1")
        await s.until(lambda: s.app.screen_stack[-1].query("#list-rows") and "3.00" in s.screen)
        await s.press("enter")
        assert isinstance(s.app.screen, BoardItemScreen)


async def test_a_cashier_does_not_see_the_board(story: Callable[..., BoardStory]) -> None:
    """Whoever may neither send nor sign off comes to the places of the station, and there is no board among them."""
    async with story(operator=CASHIER) as s:
        assert isinstance(s.app.screen, HomeScreen)
        assert not any(isinstance(screen, BoardScreen) for screen in s.app.screen_stack)


async def test_an_auditor_looks_and_decides_nothing(story: Callable[..., BoardStory]) -> None:
    """They see all of it; to send again needs the right to."""
    async with story(operator=AUDITOR) as s:
        assert isinstance(s.app.screen, BoardScreen)
        await s.press("ctrl+x")
        await s.rest()
        assert not s.app.screen.query("#reason")
        assert not decided(s, "resend_decided")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_every_line_fits(
    story: Callable[..., BoardStory], size: tuple[int, int], language: str
) -> None:
    """The next key is on the screen in both languages and sizes, and the plain look has no wide frame."""
    async with story(size=size, language=language, plain=True) as s:
        for keys in ((), ("enter",), ("escape", "f8"), ("escape", "f3")):
            await s.press(*keys)
            await s.rest()
            assert "F1" in s.screen
            assert not set(s.screen) & set("…•·×→↑▼─│┌┐└┘")
