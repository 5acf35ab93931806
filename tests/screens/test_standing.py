"""Standing: figures that add up, the work that is left, and the programs beside the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime import desk_queries
from downtime.outcome import Accepted, InDoubt, Rejected
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.journal import JournalScreen
from downtime.screens.rows import Rows
from downtime.store import journal
from tests.screens.made_up import HOSTILE, made_charge, note_answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from tests.screens.story import Story

CONNECTOR = "practice"


async def _opened(s: Story) -> None:
    s.app.go("standing")
    await s.rest()


async def test_states_add_up_and_the_urgent_stand_first(story: Callable[..., Story]) -> None:
    """Counts and sums of all states are what was recorded; rejected and doubtful entries lead the list."""
    async with story() as s:
        entries = [made_charge(s.desk, name=f"练习{n}") for n in "甲乙丙丁"]
        note_answers(
            s.desk,
            CONNECTOR,
            {
                entries[1].id: Accepted((), "HIS-1"),
                entries[2].id: InDoubt("练习:没有答复"),
                entries[3].id: Rejected("练习:编码不存在"),
            },
        )
        await _opened(s)
        standing = s.desk.standing()
        assert standing.adds_up()
        states = standing.by_connector[CONNECTOR]
        assert (states["accepted"].entries, states["rejected"].entries, states["owed"].entries) == (1, 1, 1)
        work: list[desk_queries.Work] = list(s.app.screen.query_one(Rows).values)
        assert [one.entry.id for one in work] == [entries[3].id, entries[2].id, entries[0].id]
        assert work[0].reason == "练习:编码不存在"
        assert "练习:编码" in s.screen
        assert "差额 ¥0.00" in s.screen or "Difference ¥0.00" in s.screen


async def test_a_rejected_entry_goes_again_by_decision_only(story: Callable[..., Story]) -> None:
    """Ctrl+X asks why and records the decision; the entry is owed again. Other entries refuse the key."""
    async with story(operator="1006") as s:
        rejected, fresh = made_charge(s.desk), made_charge(s.desk)
        note_answers(s.desk, CONNECTOR, {rejected.id: Rejected("练习")})
        await _opened(s)
        await s.press("ctrl+x", "1", "enter")
        await s.until(lambda: desk_queries.state_with(s.desk, rejected.id, CONNECTOR) == "owed")
        await s.until(lambda: s.desk.standing().by_connector[CONNECTOR]["owed"].entries == 2)
        assert s.desk.standing().adds_up()
        await s.press("down", "ctrl+x")
        assert not s.app.screen.query("#reason")
        assert desk_queries.state_with(s.desk, fresh.id, CONNECTOR) == "owed"


async def test_history_is_one_key_away(story: Callable[..., Story]) -> None:
    """Enter shows the entry with every answer the HIS gave."""
    async with story(size=(160, 45)) as s:
        charge = made_charge(s.desk)
        note_answers(s.desk, CONNECTOR, {charge.id: Rejected("练习:编码不存在")})
        await _opened(s)
        await s.press("enter")
        assert isinstance(s.app.screen, EntryScreen)
        assert "练习:编码不存在" in s.screen


async def test_unprinted_receipts_are_counted_and_listed(story: Callable[..., Story]) -> None:
    """What never came out of the printer is a figure here and a list behind Ctrl+F."""
    async with story() as s:
        charge = made_charge(s.desk)
        await _opened(s)
        assert s.desk.standing().not_printed == 1
        await s.press("ctrl+f")
        assert isinstance(s.app.screen, JournalScreen)
        assert [entry.id for entry in s.app.screen.rows.values] == [charge.id]


async def test_send_now_brings_it_into_the_his(story: Callable[..., Story]) -> None:
    """Ctrl+D starts one round beside the app; the screen stays usable, then shows what became of it."""
    async with story(operator="1006") as s:
        charge = made_charge(s.desk)
        await _opened(s)
        await s.press("ctrl+d")
        await s.press("f12", "f12", "ctrl+d")  # keys work meanwhile; a second round is refused
        await s.until(lambda: _state(s, charge) == "accepted")
        await s.until(lambda: not s.app.screen.query_one(Rows).values)
        assert s.desk.standing().adds_up()
        assert s.desk.formal_documents(charge.id)


def _state(s: Story, entry: Entry) -> str | None:
    return desk_queries.delivery_state(s.desk, entry.id)


async def test_verify_reads_everything_as_an_outsider(story: Callable[..., Story]) -> None:
    """Ctrl+E says that all is as it was written, with the last hash."""
    async with story(operator="1006") as s:
        made_charge(s.desk)
        await _opened(s)
        await s.press("ctrl+e")
        head = _head(s)
        await s.until(lambda: head in s.screen.replace("\n", ""))


def _head(s: Story) -> str:
    found = journal.head(s.desk.looking())[1]
    assert found is not None
    return found.hex()[:12]


async def test_an_entry_that_nobody_must_deliver_has_no_state(story: Callable[..., Story]) -> None:
    """Station entries (an outage, an audit line) are no work for the HIS."""
    async with story() as s:
        declared = desk_queries.outage_in_force(s.desk)
        assert declared is not None
        assert desk_queries.delivery_state(s.desk, declared.id) is None


@pytest.mark.parametrize("plain", [False, True])
async def test_what_the_his_answers_is_only_text(story: Callable[..., Story], *, plain: bool) -> None:
    """A reason or a name with escape sequences and markup is shown as characters."""
    async with story(plain=plain, size=(160, 45), operator="1006") as s:
        charge = made_charge(s.desk, name=HOSTILE)
        note_answers(s.desk, CONNECTOR, {charge.id: Rejected(HOSTILE)})
        await _opened(s)
        for keys in ((), ("f12",), ("ctrl+x",), ("escape", "enter")):
            await s.press(*keys)
            assert "[red]" in s.screen
            assert "\x1b" not in s.screen
            assert "\u202e" not in s.screen
