"""The journal on the screen: found by anything on the receipt, never changed, reversed only on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.entry_screen import EntryScreen
from downtime.screens.journal import JournalScreen
from tests.screens.made_up import HOSTILE, made_charge, made_reversal

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from tests.screens.story import Story


async def _opened(s: Story) -> None:
    s.app.go("journal")
    await s.rest()


def _listed(s: Story) -> list[Entry]:
    assert isinstance(s.app.screen, JournalScreen)
    return list(s.app.screen.rows.values)


async def test_found_by_number_patient_and_name(story: Callable[..., Story]) -> None:
    """Any part of the receipt number, the patient number or the name; Esc empties the field first."""
    async with story() as s:
        one = made_charge(s.desk, name="练习甲", patient="P900001")
        two = made_charge(s.desk, name="练习乙", patient="P900002")
        await _opened(s)
        assert [entry.id for entry in _listed(s)] == [two.id, one.id]
        for typed, wanted in (
            ("练习乙", two),
            ("900001", one),
            (str(two.number).lower(), two),
            ("ｐ９００００２", two),
        ):
            await s.type(typed)
            assert [entry.id for entry in _listed(s)] == [wanted.id]
            await s.press("escape")
        assert len(_listed(s)) == 2
        await s.press("escape")
        assert not isinstance(s.app.screen, JournalScreen)


async def test_a_scanned_receipt_opens_whole(story: Callable[..., Story]) -> None:
    """Scanned in the journal or elsewhere, the entry is shown with lines, payments, seal and paper."""
    async with story() as s:
        charge = made_charge(s.desk)
        await s.scan(charge.qr[0])  # at home
        assert isinstance(s.app.screen, EntryScreen)
        for told in (str(charge.number), "练习病人甲", "0042", "1001"):
            assert told in s.screen
        await s.press("end")
        await s.until(lambda: charge.hash.hex()[:16] in s.screen)


async def test_reversal_takes_a_reason_and_two_enters(story: Callable[..., Story]) -> None:
    """F9, a reason by its digit, Enter shows what is given back, Enter does it; money goes back as it came."""
    async with story() as s:
        charge = made_charge(s.desk)
        await _opened(s)
        await s.press("f9", "1", "enter")
        assert not s.entries("reversal")
        await s.press("enter")
        await s.until(lambda: s.entries("reversal"))
        (reversal,) = s.entries("reversal")
        assert reversal.content["entry_id"] == charge.id
        assert reversal.content["reason"]
        assert [(part["method"], part["amount_minor"]) for part in reversal.content["refunds"]] == [
            (part["method"], part["amount_minor"]) for part in charge.content["payments"]
        ]
        assert sum(s.desk.standing().drawer_minor.values()) == 0
        await s.until(lambda: "[冲正]" in s.screen or "[REV]" in s.screen)


async def test_reversal_without_a_reason_is_none(story: Callable[..., Story]) -> None:
    """No reason, or Esc after the first Enter: nothing is reversed. A changed reason is asked about again."""
    async with story() as s:
        made_charge(s.desk)
        await _opened(s)
        await s.press("f9", "enter", "enter")
        await s.press("1", "enter", "escape")
        assert isinstance(s.app.screen, JournalScreen)
        await s.press("f9", "2", "enter")
        await s.type("x")
        await s.press("enter", "escape")
        assert not s.entries("reversal")


async def test_what_stands_on_it_comes_first(story: Callable[..., Story]) -> None:
    """A charge with drugs handed over is not reversed; the key says why. A reversed one neither."""
    async with story(operator="3001") as s:
        charge = made_charge(s.desk)
        s.app.go("dispense")
        await s.rest()
        await s.scan(charge.qr[0])
        await s.press("enter")
        await s.until(lambda: s.entries("dispense"))
        await _opened(s)
        await s.type(str(charge.number))
        await s.press("f9")
        assert isinstance(s.app.screen, JournalScreen)
        assert "F9: " in s.screen
        assert not s.entries("reversal")


async def test_reprint_says_why_and_counts_copies(story: Callable[..., Story]) -> None:
    """The first copy needs no reason; the next one does, and is copy 2."""
    async with story() as s:
        charge = made_charge(s.desk)
        await _opened(s)
        await s.press("f6")
        await s.until(lambda: _copies(s, charge) == [(1, "")])
        await s.press("f6", "2", "enter")
        await s.until(lambda: len(_copies(s, charge)) == 2)
        number, reason = _copies(s, charge)[1]
        assert number == 2
        assert reason


def _copies(s: Story, entry: Entry) -> list[tuple[int, str]]:
    from downtime.desk_queries import printouts

    return [(copy.content["copy_number"], copy.content["reason"]) for copy in printouts(s.desk, entry.id)]


async def test_filters_show_unprinted_and_reversed(story: Callable[..., Story]) -> None:
    """Ctrl+F: all, what never came out of the printer, what was reversed; reversed is said in words."""
    async with story() as s:
        printed, plain = made_charge(s.desk), made_charge(s.desk, name="练习乙")
        s.desk.print_receipt(printed)
        reversal = made_reversal(s.desk, plain)
        await _opened(s)
        await s.press("ctrl+f")
        assert [entry.id for entry in _listed(s)] == [reversal.id, plain.id]
        await s.press("ctrl+f")
        assert [entry.id for entry in _listed(s)] == [reversal.id, plain.id]
        assert "[冲正]" in s.screen or "[REV]" in s.screen
        await s.press("enter", "1")
        assert isinstance(s.app.screen, EntryScreen)
        assert s.app.screen.entry.id == plain.id
        assert "[冲正]" in s.screen or "[REVERSED]" in s.screen


async def test_digits_are_typed_until_the_mark_has_moved(story: Callable[..., Story]) -> None:
    """Figures of a receipt number are typed; after an arrow key a digit opens that row."""
    async with story() as s:
        entries = [made_charge(s.desk) for _n in range(3)]
        await _opened(s)
        await s.type("2")
        assert isinstance(s.app.screen, JournalScreen)
        await s.press("escape", "down", "3")
        assert isinstance(s.app.screen, EntryScreen)
        assert s.app.screen.entry.id == entries[0].id


async def test_hostile_names_are_only_text(story: Callable[..., Story]) -> None:
    """In the list and on the whole entry, in both languages and looks, nothing in a name acts."""
    for plain in (False, True):
        async with story(plain=plain, size=(160, 45)) as s:
            made_charge(s.desk, name=HOSTILE)
            await _opened(s)
            for keys in ((), ("f12",), ("enter",), ("f12",)):
                await s.press(*keys)
                assert "[red]" in s.screen
                assert "\x1b" not in s.screen
                assert "\u202e" not in s.screen
