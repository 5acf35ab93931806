"""The second person at the same keyboard: what they see, what does not hold, and how it is done without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from downtime.approvals import approve_alone
from downtime.envelopes import new_code_sheet
from downtime.record import new_entry_id
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.second_person import SecondPersonDialog
from downtime.screens.settle import SettleDialog
from forms.trust import Approval
from tests.screens.made_up import charge_line, drugs_of, made_charge

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from tests.screens.story import Story

_REVERSE = ("f9", "1", "enter", "enter")
_SECOND = (*"1006", "enter", *"lianxi1006", "enter")


def _dear(s: Story, price_minor: int) -> Entry:
    """Let a charge of about ``price_minor`` stand."""
    drug = drugs_of(s.desk)[0]
    return made_charge(s.desk, [charge_line(drug, "drug", str(price_minor // drug.price_minor + 1))])


async def _asked(s: Story) -> None:
    await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))


def _problem(s: Story) -> str:
    return str(s.app.screen.query_one("#second-problem", Static).content)


def _approvals(s: Story) -> list[Entry]:
    from downtime.store import journal

    return list(journal.entries(s.desk.looking(), forms=(Approval.name,)))


async def test_a_large_refund_is_shown_and_signed(story: Callable[..., Story]) -> None:
    """Number, patient, amount and reason stand there; the supervisor signs; the cashier goes on working."""
    async with story() as s:
        charge = _dear(s, 30_000)
        before = len(_approvals(s))
        s.app.go("journal")
        await s.rest()
        await s.press(*_REVERSE)
        await _asked(s)
        for told in (str(charge.number), "练习病人甲", f"{(charge.amount_minor or 0) / 100:.2f}"):
            assert told in s.screen
        assert not s.entries("reversal")
        await s.press(*_SECOND)
        await s.until(lambda: s.entries("reversal"))
        (reversal,) = s.entries("reversal")
        assert (reversal.operator, reversal.second_person) == ("1001", "1006")
        approval = _approvals(s)[before]
        assert approval.content["entry_id"] == reversal.id
        assert approval.content["body_hash"] == reversal.body_hash.hex()
        assert s.desk.person.operator == "1001"
        await s.until(lambda: not s.app.recording and not s.app.printing)
        s.app.push_screen(EntryScreen(reversal))
        await s.rest()
        await s.press("end")
        await s.until(lambda: "1006 练习员陈立新" in s.screen)  # the entry says who approved it


async def test_a_small_refund_asks_nobody(story: Callable[..., Story]) -> None:
    """Below the limit nothing comes up."""
    async with story() as s:
        made_charge(s.desk, [charge_line(drugs_of(s.desk)[0], "drug")])
        s.app.go("journal")
        await s.rest()
        await s.press(*_REVERSE)
        await s.until(lambda: s.entries("reversal"))


async def test_a_wrong_password_keeps_the_question(story: Callable[..., Story]) -> None:
    """It says so, the password is empty again, the audit knows it; the right one goes through."""
    async with story() as s:
        _dear(s, 30_000)
        s.app.go("journal")
        await s.rest()
        await s.press(*_REVERSE)
        await _asked(s)
        await s.press(*"1006", "enter", *"wrong", "enter")
        await s.until(lambda: _problem(s))
        assert isinstance(s.app.screen, SecondPersonDialog)
        assert not s.entries("reversal")
        await s.press(*"lianxi1006", "enter")
        await s.until(lambda: s.entries("reversal"))
        from downtime.store import journal

        told = [entry.content for entry in journal.entries(s.desk.looking(), forms=("audit",))]
        assert any(line["event"] == "gate_login" and line["subject"] == "1006" for line in told)


async def test_a_hasty_enter_leaves_the_cursor_where_something_is_missing(
    story: Callable[..., Story],
) -> None:
    """Enter before anything was typed asks for the number and stays there: what is typed next is the number."""
    async with story() as s:
        _dear(s, 30_000)
        s.app.go("journal")
        await s.rest()
        await s.press(*_REVERSE)
        await _asked(s)
        await s.press("enter", "enter")
        assert _problem(s)
        await s.press(*"1006", "enter", *"lianxi1006", "enter")
        await s.until(lambda: s.entries("reversal"))


async def test_oneself_and_whoever_has_no_right_are_refused(story: Callable[..., Story]) -> None:
    """The cashier's own password, and another cashier's, approve nothing."""
    async with story() as s:
        _dear(s, 30_000)
        s.app.go("journal")
        await s.rest()
        await s.press(*_REVERSE)
        await _asked(s)
        for number in ("1001", "1002"):
            await s.press("shift+tab", *["backspace"] * 6, *number, "enter", *f"lianxi{number}", "enter")
            await s.until(lambda: _problem(s) and not s.app.screen._checking)  # type: ignore[attr-defined]  # the dialog's
        assert not s.entries("reversal")
        await s.press("escape")
        assert not isinstance(s.app.screen, SecondPersonDialog)


async def test_alone_at_night_with_a_reason(story: Callable[..., Story]) -> None:
    """Ctrl+O: nobody is there. Without a reason it does not go; with one it is recorded and waits."""
    async with story() as s:
        _dear(s, 30_000)
        s.app.go("journal")
        await s.rest()
        await s.press(*_REVERSE)
        await _asked(s)
        await s.press("ctrl+o", "enter")
        assert _problem(s)
        await s.press(*"ye ban", "enter")
        await s.until(lambda: s.entries("reversal"))
        (approval,) = [one for one in _approvals(s) if one.content["way"] == "solo"]
        assert approval.content["reason"] == "ye ban"
        assert s.entries("reversal")[0].second_person is None


async def test_above_the_limit_it_takes_a_code(story: Callable[..., Story]) -> None:
    """Alone is not offered there; a code of the sheet is, once."""
    async with story() as s:
        _dear(s, 120_000)
        _sheet, codes = new_code_sheet(s.desk.book.ring, "练习总值班")
        s.app.go("journal")
        await s.rest()
        await s.press(*_REVERSE)
        await _asked(s)
        await s.press("ctrl+o", "enter", *codes[4], "enter")
        await s.until(lambda: s.entries("reversal"))
        (approval,) = [one for one in _approvals(s) if one.content["way"] == "code"]
        assert (approval.content["code_sheet"], approval.content["code_number"]) == ("01", 5)


async def test_esc_keeps_everything_typed(story: Callable[..., Story]) -> None:
    """Another price needs a second person at settling; Esc leads back to the money, then it can be tried again."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("ctrl+v", *["backspace"] * 8, *"15", "enter", *"you hui", "enter")
        listed = s.app.screen.sheet.lines[0]  # type: ignore[attr-defined]  # the charge screen's
        assert (listed.unit_price_minor, listed.price_reason) == (1_500, "you hui")
        assert f"{listed.list_price_minor / 100:.2f}" in s.screen
        entry_id = s.app.screen.sheet.entry_id  # type: ignore[attr-defined]  # the charge screen's
        await s.press("enter", *"50", "enter")
        await _asked(s)
        await s.press("escape")
        assert isinstance(s.app.screen, SettleDialog)
        assert not s.entries("charge")
        await s.press("enter")
        await _asked(s)
        await s.press(*_SECOND)
        await s.until(lambda: s.entries("charge"))
        (charge,) = s.entries("charge")
        assert charge.id == entry_id
        assert charge.content["lines"][0]["unit_price_minor"] == 1_500
        assert _approvals(s)[-1].content["reason"] == "you hui"
        await s.until(lambda: not isinstance(s.app.screen, SettleDialog))


async def test_keys_typed_meanwhile_go_nowhere_else(story: Callable[..., Story]) -> None:
    """Ten more Enters after the password record once."""
    async with story() as s:
        _dear(s, 30_000)
        s.app.go("journal")
        await s.rest()
        await s.press(*_REVERSE)
        await _asked(s)
        await s.press(*_SECOND, *["enter"] * 10)
        await s.until(lambda: s.entries("reversal"))
        await s.until(lambda: not s.app.recording)
        assert len(s.entries("reversal")) == 1


async def test_every_language_and_look_fits_the_small_screen(story: Callable[..., Story]) -> None:
    """At 80 by 24 the question, its keys and what is approved are all in sight, in both languages and looks."""
    for language in ("zh", "en"):
        for plain in (False, True):
            async with story(language=language, plain=plain) as s:
                charge = _dear(s, 30_000)
                s.app.go("journal")
                await s.rest()
                await s.press(*_REVERSE)
                await _asked(s)
                await s.rest()
                assert str(charge.number) in s.screen
                assert "Ctrl+O" in s.screen
                await s.press("f12", "ctrl+o", "ctrl+o", "f12", "escape")


def test_an_approval_alone_names_one_form_only() -> None:
    """The mark carries the body hash, so it cannot be moved to another amount."""
    from downtime.sealing import Filled
    from tests.downtime.builders import charge

    filled = Filled(charge(), new_entry_id())
    assert (
        approve_alone(filled, "reversal", "x").body_hash
        != approve_alone(
            Filled(charge(payments=[], authorisation={"kind": "arrears", "guarantor": "y"}), filled.id),
            "reversal",
            "x",
        ).body_hash
    )
