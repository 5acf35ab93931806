"""Deciding at the board: the same key for one, the marked and all; asked once, recorded once, taken out whole."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from downtime.board import Kept
from downtime.outcome import Accepted, Rejected
from downtime.screens import board_record
from downtime.screens.board_correct import CorrectDialog
from downtime.screens.board_item import BoardItemScreen
from forms.station_book import ResendDecided
from tests.screens.board_story import AUDITOR, BoardStory, decided

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from downtime.home import Home
    from tests.screens.made_board import MadeHub


async def test_ten_enters_are_one_sending(story: Callable[..., BoardStory]) -> None:
    """Ctrl+X asks once; however often Enter is pressed, one decision stands and the error is closed."""
    async with story() as s:
        first = s.listed[0]
        await s.press("ctrl+x", "1", *["enter"] * 10)
        await s.until(lambda: decided(s, "resend_decided"))
        await s.look_at_hub()
        content = [one.content for one in decided(s, "resend_decided")]
        assert [(one["entry_id"], one["step"], one["connector"]) for one in content] == [
            (first.entry_id, first.step, "practice")
        ]
        row = s.source.row(first.number)
        assert row is not None
        assert (row.state, row.again) == ("waiting", True)
        assert first.n not in {one.n for one in s.listed}  # re-sent ones are out of the way


async def test_the_same_key_for_one_the_marked_and_all_errors(story: Callable[..., BoardStory]) -> None:
    """A marks all errors listed; the decision names those of them it fits, with their sum, and is asked once."""
    async with story() as s:
        await s.press("a", "ctrl+x")
        assert "2 笔,¥68.50" in s.screen
        await s.press("1", "enter")
        await s.until(lambda: len(decided(s, "resend_decided")) == 2)
        await s.look_at_hub()
        assert s.source.summary().again == 2
        assert "待重传 2" in s.screen


async def test_what_goes_again_is_refused_a_second_time(story: Callable[..., BoardStory]) -> None:
    """The key says why: it goes with the next round already."""
    async with story() as s:
        number = s.listed[0].number
        await s.press("ctrl+x", "1", "enter")
        await s.until(lambda: decided(s, "resend_decided"))
        await s.look_at_hub()
        await s.press("f2", *number, "enter")
        await s.until(lambda: isinstance(s.app.screen, BoardItemScreen))
        await s.press("ctrl+x")
        assert "已定下一轮重传" in s.screen


async def test_a_new_refusal_is_an_error_anew(story: Callable[..., BoardStory], made: MadeHub) -> None:
    """The old decision is used up by the attempt that followed it."""
    async with story() as s:
        first = s.listed[0]
        await s.press("ctrl+x", "1", "enter")
        await s.until(lambda: decided(s, "resend_decided"))
        made.answer(first.entry_id, Rejected("练习:又退回"))
        await s.look_at_hub()
        row = s.source.row(first.number)
        assert row is not None
        assert (row.state, row.again) == ("person", False)
        made.answer(first.entry_id, Accepted((), "HIS-5"))
        await s.look_at_hub()
        row = s.source.row(first.number)
        assert row is not None
        assert row.state in {"entered", "verified"}


async def test_correct_and_send_again_keeps_the_old_value(story: Callable[..., BoardStory]) -> None:
    """Fields come with what was recorded; the new value stands beside it in the decision, no amount among them."""
    async with story() as s:
        first = s.listed[0]
        await s.press("f8", "2")
        assert isinstance(s.app.screen, CorrectDialog)
        assert "¥" not in s.screen.split("原记录")[1].split("新值")[0]
        await s.press("down", "down", "down", "enter", *["backspace"] * 12, *"250101016", "enter", "f8")
        await s.press(*"bian ma", "enter")
        await s.until(lambda: decided(s, "sent_corrected"))
        content = decided(s, "sent_corrected")[0].content
        assert content["entry_id"] == first.entry_id
        assert content["changes"][0]["new"] == "250101016"
        assert content["changes"][0]["old"]
        assert content["changes"][0]["field"].startswith("lines.0.")
        await s.look_at_hub()
        row = s.source.row(first.number)
        assert row is not None
        assert row.again


async def test_a_doubtful_row_is_decided_by_a_person(story: Callable[..., BoardStory]) -> None:
    """Space chooses the row of the HIS that is meant; F8 says it is this one, with the rows named."""
    async with story(size=(160, 45)) as s:
        await s.press("j", "j", "j", "enter")
        await s.until(lambda: "HIS 所示" in s.screen)
        await s.press("space", "f8", "1", "1", "enter")
        await s.until(lambda: decided(s, "tick_decided"))
        content = decided(s, "tick_decided")[0].content
        assert (content["rows"], content["is_same"], content["found"]) == (["20260105904"], True, "doubtful")


async def test_a_note_is_kept_beside_the_entry(story: Callable[..., BoardStory]) -> None:
    """F8, note, a sentence: it stands in the list and with the entry, with who wrote it."""
    async with story(size=(160, 45)) as s:
        await s.press("f8", "3", *"ask again", "enter")
        await s.until(lambda: decided(s, "entry_noted"))
        await s.look_at_hub()
        assert "[注]" in s.screen
        await s.press("enter")
        await s.until(lambda: "备注与处理" in s.screen)
        assert "ask again" in s.screen
        assert "4001" in s.screen


async def test_the_slip_number_is_copied(
    story: Callable[..., BoardStory], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl+C and Ctrl+Y take the slip number: typed into any board it finds this entry."""
    taken: list[str] = []
    async with story() as s:
        monkeypatch.setattr(s.app, "copy_text", taken.append)
        await s.press("ctrl+c", "ctrl+y")
        assert taken == [s.listed[0].number] * 2


async def test_what_is_listed_goes_into_a_table(
    story: Callable[..., BoardStory], practice_home: Home
) -> None:
    """Exactly the rows listed, nothing a spreadsheet would calculate, and an entry that says it was taken out."""
    async with story() as s:
        await s.press("7", "ctrl+k")
        await s.until(lambda: decided(s, "exported"))
        content = decided(s, "exported")[0].content
        assert (content["what"], content["entries"]) == ("board", 4)
        file = practice_home.path / "exports" / content["file"]
        with file.open(encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        assert [row["number"] for row in rows] == [row.number for row in s.listed]
        assert not any(text.startswith(("=", "+", "@")) for row in rows for text in row.values())


async def test_many_decisions_take_several_commits_and_all_stand(
    story: Callable[..., BoardStory], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are marked: each gets its form, part after part."""
    monkeypatch.setattr(board_record, "AT_ONCE", 2)
    async with story() as s:
        await s.press("8", "a", "f8", "4", *"for all", "enter")
        await s.until(lambda: len(decided(s, "entry_noted")) == 7)
        await s.look_at_hub()
        assert sum(row.notes for row in s.source.snapshot.rows) == 7
        assert not s.board.chosen


async def test_an_auditor_writes_a_note_and_decides_nothing_else(story: Callable[..., BoardStory]) -> None:
    """F8 offers what the role includes: the note."""
    async with story(operator=AUDITOR) as s:
        await s.press("f8")
        assert "写备注" in s.screen
        assert "重传" not in s.screen.split("处理 W12A")[1].split("返回")[0]
        await s.press("1", *"seen", "enter")
        await s.until(lambda: decided(s, "entry_noted"))


def test_what_is_too_long_is_refused_beside_its_field(made: MadeHub) -> None:
    """A pasted book is no reason: nothing is recorded and nothing breaks."""
    source = made.source()
    source.refresh()
    row = source.rows(Kept())[0]
    made_forms = board_record.filled(
        ResendDecided,
        lambda one, why: {"entry_id": one.entry_id, "connector": "practice", "step": one.step, "reason": why},
        [row],
        "x" * 100_000,
    )
    assert not made_forms.forms
    assert [problem.field for problem in made_forms.problems] == ["reason"]
    source.close()
