"""Priced elsewhere 划价: a slip is scanned or its number typed, then the money; eight keys at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.receipt_facts import receipt_facts
from downtime.receipt_qr import ITEMS_PER_CODE_MAX, ReceiptCheck, encode
from downtime.screens.charge import ChargeScreen
from downtime.screens.journal import JournalScreen
from downtime.screens.priced_slip import charged_already, find_slip, slip_of_entry
from downtime.screens.scans import Scan, understand
from tests.screens.at_window import PATIENT, cash, comes_back, lines_of, made, made_pricing

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from tests.screens.story import Story

KEYS_MAX = 8
OTHER = "W09A-000031-5"


def screen_of(s: Story) -> ChargeScreen:
    """Return the screen in sight."""
    assert isinstance(s.app.screen, ChargeScreen)
    return s.app.screen


async def counted(s: Story, *keys: str) -> int:
    """Press keys and return how many there were."""
    await s.press(*keys)
    return len(keys)


def codes_elsewhere(
    s: Story, lines: list[dict[str, Any]], patient: str, number: str = OTHER
) -> tuple[str, ...]:
    """Return the codes of a slip that another station of this hospital printed, signed by a key unknown here."""
    settings = s.desk.home.settings
    content = {
        "patient": {"number": patient},
        "payer_kind": "self",
        "currency": "CNY",
        "lines": lines,
        "total_minor": sum(line["amount_minor"] for line in lines),
    }
    facts = receipt_facts(
        "pricing",
        content,
        hospital=settings.hospital.id,
        station="W09",
        incarnation="A",
        seq=31,
        number=number,
        outage="练习",
        drill=settings.station.drill,
        happened_at="2026-11-22T08:20:00.000+08:00",
        previous_hash=bytes(32),
    )
    return encode(facts, lambda _signed: bytes(64), bytes(8))


def priced(codes: tuple[str, ...]) -> str:
    """Return the first code."""
    return codes[0]


async def test_scan_f8_tender_enter(story: Callable[..., Story]) -> None:
    """From home: the scan fills patient and lines in; F8, what is handed over, Enter."""
    async with story() as s:
        slip = made_pricing(s.desk)
        await s.scan(slip.qr[0])
        sheet = screen_of(s).sheet
        assert [line.code for line in sheet.lines] == [line["code"] for line in slip.content["lines"]]
        assert sheet.patient is not None
        assert sheet.patient.number == PATIENT["number"]
        keys = await counted(s, "f8", *"200", "enter")
        await s.until(lambda: s.entries("charge"))
        assert keys <= KEYS_MAX
        (charge,) = s.entries("charge")
        assert (charge.content["priced_id"], charge.content["priced_number"]) == (slip.id, slip.number)
        assert charge.content["total_minor"] == slip.content["total_minor"]
        assert screen_of(s).patients.input.has_focus


async def test_the_short_number_of_this_station_is_enough(story: Callable[..., Story]) -> None:
    """At the window: the slip's count, Enter, F8, what is handed over, Enter."""
    async with story() as s:
        slip = made_pricing(s.desk)
        assert slip.number is not None
        s.app.go("charge")
        await s.rest()
        short = str(int(slip.number.split("-")[1]))
        keys = await counted(s, *short, "enter", "f8", *"200", "enter")
        await s.until(lambda: s.entries("charge"))
        assert keys <= KEYS_MAX
        assert s.entries("charge")[0].content["priced_id"] == slip.id


async def test_the_whole_number_in_any_spelling(story: Callable[..., Story]) -> None:
    """With or without hyphens, in small letters or full-width: the slip stands first among the rows."""
    async with story() as s:
        slip = made_pricing(s.desk)
        number = str(slip.number)
        for typed in (number, number.replace("-", ""), number.lower()):
            found = find_slip(s.desk, typed)
            assert found is not None
            assert found.id == slip.id
        assert find_slip(s.desk, "000009") is None
        s.app.go("charge")
        await s.rest()
        await s.type(number.lower())
        await s.press("enter")
        assert screen_of(s).sheet.priced_id == slip.id


async def test_a_slip_is_charged_once(story: Callable[..., Story]) -> None:
    """The same slip at two windows: the second is told which receipt has its money, and nothing is filled in."""
    async with story() as s:
        slip = made_pricing(s.desk)
        await s.scan(slip.qr[0])
        await s.press("f8", "enter")
        await s.until(lambda: s.entries("charge") and not s.app.printing)
        (charge,) = s.entries("charge")
        await s.scan(slip.qr[0])
        assert f"已收过费:{charge.number}" in s.screen
        assert screen_of(s).sheet.is_empty
        assert charged_already(s.desk, slip_of_entry(s.desk, slip)) == charge.number


async def test_a_slip_scanned_twice_is_one_form(story: Callable[..., Story]) -> None:
    """An impatient trigger: once the money is taken, no second half-filled form of the slip is left."""
    async with story() as s:
        slip = made_pricing(s.desk)
        for _time in range(2):
            await s.scan(slip.qr[0])
        await s.until(s.desk.drafts)
        await s.press("f8", "enter")
        await s.until(lambda: s.entries("charge") and not s.app.printing)
        assert s.desk.drafts() == []


async def test_a_slip_charged_meanwhile_is_refused_in_words(story: Callable[..., Story]) -> None:
    """It lies on the screen, and somebody else charged it: the money is not taken a second time."""
    async with story() as s:
        slip = made_pricing(s.desk)
        await s.scan(slip.qr[0])
        total = slip.content["total_minor"]
        whole = {name: slip.content[name] for name in ("lines", "total_minor")}
        made(s.desk, "charge", **whole, payments=cash(total), priced_id=slip.id, priced_number=slip.number)
        await s.press("f8", "enter")
        await s.until(lambda: "已收过费" in s.screen)
        assert len(s.entries("charge")) == 1


async def test_ten_enters_charge_a_slip_once(story: Callable[..., Story]) -> None:
    """Paying twice: hammering on Enter makes one receipt."""
    async with story() as s:
        slip = made_pricing(s.desk)
        await s.scan(slip.qr[0])
        await s.press("f8", *["enter"] * 10)
        await s.until(lambda: "已记录" in s.screen)
        assert len(s.entries("charge")) == 1


async def test_another_patients_lines_are_put_aside_first(story: Callable[..., Story]) -> None:
    """Lines being typed for one patient never mix with a slip's: they are held."""
    async with story() as s:
        slip = made_pricing(s.desk)
        await s.charged("zw", "xcg")
        await s.scan(slip.qr[0])
        assert screen_of(s).sheet.priced_id == slip.id
        await s.until(screen_of(s).held)


async def test_another_stations_slip_is_priced_by_the_lists_here(story: Callable[..., Story]) -> None:
    """Code, quantity and patient come from the code on the slip; name and price from this station's lists."""
    async with story() as s:
        lines = lines_of(s.desk, 3)
        await s.scan(priced(codes_elsewhere(s, lines, "PX000042")))
        sheet = screen_of(s).sheet
        assert sheet.patient is not None
        assert sheet.patient.number == "PX000042"
        assert [line.name for line in sheet.lines] == [line["name"] for line in lines]
        assert all(line.category for line in sheet.lines)
        await s.press("f8", "enter")
        await s.until(lambda: s.entries("charge") and not s.app.printing)
        assert s.entries("charge")[0].content["priced_number"] == OTHER
        await s.scan(priced(codes_elsewhere(s, lines, "PX000042")))
        assert "已收过费" in s.screen


async def test_what_differs_stands_beside_its_line(story: Callable[..., Story]) -> None:
    """Another price on the slip, a code nobody here knows: marked, with what the slip says."""
    async with story() as s:
        dearer, known, unknown = lines_of(s.desk, 3)
        dearer["amount_minor"] += 250
        unknown["code"] = "ZZ-NOBODY"
        await s.scan(priced(codes_elsewhere(s, [dearer, known, unknown], "PX000042")))
        sheet = screen_of(s).sheet
        assert [line.difference for line in sheet.lines] == ["price", "", "unknown"]
        assert f"[单上 {dearer['amount_minor'] / 100:.2f}]" in s.screen
        assert "[本站无此项]" in s.screen
        assert "请核对第 1, 3 行" in s.screen
        assert sheet.lines[2].amount_minor == unknown["amount_minor"]


async def test_a_patient_nobody_here_knows_is_named_off_the_slip(story: Callable[..., Story]) -> None:
    """Registered at another window: the number is the slip's, the name is typed."""
    async with story() as s:
        await s.scan(priced(codes_elsewhere(s, lines_of(s.desk), "TW09A0100001")))
        await s.until(lambda: "照划价单输入姓名" in s.screen)
        await s.type("练习王五")
        await s.press("enter")
        await s.until(lambda: isinstance(s.app.screen, ChargeScreen) and screen_of(s).sheet.patient)
        assert screen_of(s).sheet.patient is not None
        await s.press("f8", "enter")
        await s.until(lambda: s.entries("charge"))
        assert s.entries("charge")[0].content["patient"]["number"] == "TW09A0100001"
        assert s.entries("charge")[0].content["patient"]["name"] == "练习王五"


async def test_a_slip_of_two_codes_asks_for_the_second(story: Callable[..., Story]) -> None:
    """More items than one code holds: nothing is charged before all of them are there."""
    async with story() as s:
        lines = lines_of(s.desk, ITEMS_PER_CODE_MAX + 5)
        first, second = codes_elsewhere(s, lines, "PX000042")
        await s.scan(first)
        assert "扫这张单子上的下一个码" in s.screen
        assert not screen_of(s).sheet.lines
        await s.scan(second)
        assert len(screen_of(s).sheet.lines) == len(lines)


async def test_a_slip_of_another_hospital_is_refused(story: Callable[..., Story]) -> None:
    """Its code is read, and not charged."""
    async with story() as s:
        (code,) = codes_elsewhere(s, lines_of(s.desk), "PX000042")
        scan = understand(s.desk, code)
        assert scan is not None
        assert scan.is_pricing
        facts = scan.value.facts
        from dataclasses import replace

        s.app.go("charge", priced=Scan("foreign_receipt", ReceiptCheck("genuine", facts), code))
        await s.rest()
        foreign = replace(facts, hospital="ANOTHER")
        from downtime.screens.priced_slip import slip_of_check

        reason = slip_of_check(s.desk, ReceiptCheck("genuine", foreign))
        assert isinstance(reason, str)


async def test_a_receipt_is_no_slip(story: Callable[..., Story]) -> None:
    """A paid receipt scanned at the window goes to the journal, as before."""
    async with story() as s:
        lines = lines_of(s.desk)
        total = sum(line["amount_minor"] for line in lines)
        charge = made(s.desk, "charge", lines=lines, total_minor=total, payments=cash(total))
        s.app.go("charge")
        await s.rest()
        await s.scan(charge.qr[0])
        assert not isinstance(s.app.screen, ChargeScreen)
        assert any(isinstance(screen, JournalScreen) for screen in s.app.screen_stack)


async def test_power_cut_with_a_slip_on_the_screen(story: Callable[..., Story]) -> None:
    """The slip's number stays with the draft: charged afterwards, it is still this slip that is paid."""
    slips: list[Entry] = []
    async with story() as s:
        slips.append(made_pricing(s.desk))
        await s.scan(slips[0].qr[0])
        await s.press("f8")
        await s.until(s.desk.drafts)

    def look(screen: Any) -> None:
        assert isinstance(screen, ChargeScreen)
        assert screen.sheet.priced_id == slips[0].id
        assert len(screen.sheet.lines) == 2

    await comes_back(story, "charge", look)
