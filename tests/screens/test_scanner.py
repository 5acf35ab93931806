"""A scanner is told from a person by its speed, and what it reads goes where it belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.charge import ChargeScreen
from downtime.screens.scanner import BURST_CHARACTERS_MIN, Scanner
from downtime.screens.scans import understand

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.screens.story import Story


def test_a_burst_is_longer_than_a_word_typed_at_once() -> None:
    """Two or three letters that arrive together are a person's."""
    assert BURST_CHARACTERS_MIN > 4
    assert Scanner.__doc__


async def test_a_card_from_any_field_seats_its_patient(story: Callable[..., Story]) -> None:
    """With the cursor in the item line, a card finds its patient; nothing of it stays in the line."""
    async with story() as s:
        assert s.desk.reference is not None
        wanted = s.desk.reference.get_patient("PX000042")
        assert wanted is not None
        await s.press("1", "f3")
        await s.type("ab")
        await s.scan(wanted.card)
        screen = s.app.screen
        assert isinstance(screen, ChargeScreen)
        assert screen.sheet.patient is not None
        assert screen.sheet.patient.number == "PX000042"
        assert screen.items.text == "ab"


async def test_a_busy_pc_does_not_tear_a_scan_apart(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the PC takes over each character, those that have arrived belong to the same scan."""
    monkeypatch.setattr("downtime.screens.scanner.END_SECONDS", 0.0001)
    async with story() as s:
        assert s.desk.reference is not None
        wanted = s.desk.reference.get_patient("PX000042")
        assert wanted is not None
        await s.press("1", "f3")
        await s.scan(wanted.card)
        screen = s.app.screen
        assert isinstance(screen, ChargeScreen)
        assert screen.sheet.patient is not None
        assert screen.items.text == ""


async def test_a_card_at_home_starts_a_charge(story: Callable[..., Story]) -> None:
    """No key is needed before the scan."""
    async with story() as s:
        assert s.desk.reference is not None
        wanted = s.desk.reference.get_patient("PX000042")
        assert wanted is not None
        await s.scan(wanted.card)
        screen = s.app.screen
        assert isinstance(screen, ChargeScreen)
        assert screen.sheet.patient is not None


async def test_an_items_code_becomes_a_line(story: Callable[..., Story]) -> None:
    """A code scanned with the cursor in the patient search adds its item."""
    async with story() as s:
        await s.press("1")
        await s.scan("250900251")
        screen = s.app.screen
        assert isinstance(screen, ChargeScreen)
        assert [line.code for line in screen.sheet.lines] == ["250900251"]
        assert screen.patients.text == ""


async def test_another_patients_card_puts_the_charge_aside(story: Callable[..., Story]) -> None:
    """Lines of one patient never become another's by a scan: the first charge is held."""
    async with story() as s:
        assert s.desk.reference is not None
        other = s.desk.reference.get_patient("PX000042")
        assert other is not None
        await s.charged("zw", "xcg")
        await s.scan(other.card)
        screen = s.app.screen
        assert isinstance(screen, ChargeScreen)
        assert screen.sheet.lines == []
        assert screen.sheet.patient is not None
        assert screen.sheet.patient.number == "PX000042"
        await s.until(screen.held)


async def test_what_nobody_knows_stays_in_the_field(story: Callable[..., Story]) -> None:
    """An unknown burst is given to the field it was scanned into: nothing typed is lost."""
    async with story() as s:
        await s.press("1")
        with s.fingers.scanning():
            await s.press(*"zzqqxxzz")
        await s.press("left")
        assert s.app.screen.patients.text == "zzqqxxzz"  # type: ignore[attr-defined]  # the charge screen's


async def test_a_receipt_is_understood_by_number_and_by_its_code(story: Callable[..., Story]) -> None:
    """Number in any spelling, or the digits of the QR code: the same entry."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("charge"))
        (charge,) = s.entries("charge")
        for text in (str(charge.number), str(charge.number).lower().replace("-", ""), charge.qr[0]):
            scan = understand(s.desk, text)
            assert scan is not None
            assert (scan.kind, scan.value.id) == ("receipt", charge.id)
        assert understand(s.desk, "nothing known") is None
