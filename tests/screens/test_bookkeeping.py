"""Bookkeeping 记账: lines on an inpatient's account, with ward, bed and who did it; no money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.screens.bookkeeping import BookkeepingScreen
from downtime.screens.people import PatientCard
from tests.screens.at_window import comes_back, inpatient

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

NURSE = "2001"


async def filled(s: Story, *items: str) -> BookkeepingScreen:
    """Open the screen, find an inpatient and take items."""
    s.app.go("bookkeeping")
    await s.rest()
    await s.type(inpatient(s.desk).patient.lower())
    await s.press("enter")
    for item in items:
        await s.type(item)
        await s.press("enter")
    assert isinstance(s.app.screen, BookkeepingScreen)
    return s.app.screen


async def test_ward_bed_and_who_did_it_come_by_themselves(story: Callable[..., Story]) -> None:
    """Patient, items, F8: the census names the bed, the login names who did it, and a slip is printed."""
    async with story(operator=NURSE) as s:
        stay = inpatient(s.desk)
        screen = await filled(s, "xcg", "amxl")
        await s.press("f8")
        await s.until(lambda: s.entries("bookkeeping") and not s.app.printing)
        (entry,) = s.entries("bookkeeping")
        assert (entry.content["ward"], entry.content["bed"]) == (stay.ward, stay.bed)
        assert entry.content["done_by"] == s.desk.person.name
        assert "payments" not in entry.content
        assert len(entry.content["lines"]) == 2
        assert not s.desk.not_printed()
        assert screen.patients.input.has_focus


async def test_a_patient_without_a_bed_in_the_list_is_asked_for_it(story: Callable[..., Story]) -> None:
    """Admitted during the outage: ward and bed are typed, Enter goes on to the items."""
    async with story(operator=NURSE) as s:
        s.app.go("bookkeeping", patient=PatientCard("TW03A0100001", "练习王五", temporary=True))
        await s.rest()
        await s.type("急诊留观")
        await s.press("enter")
        await s.type("加3")
        await s.press("enter")
        await s.type("xcg")
        await s.press("enter", "f8")
        await s.until(lambda: s.entries("bookkeeping"))
        (entry,) = s.entries("bookkeeping")
        assert (entry.content["ward"], entry.content["bed"]) == ("急诊留观", "加3")


async def test_who_checked_it_is_remembered(story: Callable[..., Story]) -> None:
    """One shift, one pair of nurses: the second slip has both names already."""
    async with story(operator=NURSE) as s:
        await filled(s, "xcg")
        await s.press("shift+tab")
        await s.type("练习护士长")
        await s.press("enter", "f8")
        await s.until(lambda: s.entries("bookkeeping") and not s.app.printing)
        await s.type(inpatient(s.desk).patient.lower())
        await s.press("enter")
        await s.type("xcg")
        await s.press("enter", "f8")
        await s.until(lambda: len(s.entries("bookkeeping")) == 2)
        assert [entry.content["checked_by"] for entry in s.entries("bookkeeping")] == ["练习护士长"] * 2


async def test_ten_times_f8_is_one_slip(story: Callable[..., Story]) -> None:
    """Hammering books it once."""
    async with story(operator=NURSE) as s:
        await filled(s, "xcg")
        await s.press(*["f8"] * 10)
        await s.until(lambda: s.entries("bookkeeping") and not s.app.printing)
        assert len(s.entries("bookkeeping")) == 1


async def test_power_cut_before_f8(story: Callable[..., Story]) -> None:
    """Patient, bed and lines come back."""
    async with story(operator=NURSE) as s:
        stay = inpatient(s.desk)
        await filled(s, "xcg")
        await s.until(lambda: any(d.content["lines"] for d in s.desk.drafts()))

    def look(screen: Any) -> None:
        assert isinstance(screen, BookkeepingScreen)
        assert (screen.sheet.bed, len(screen.sheet.lines)) == (stay.bed, 1)

    await comes_back(story, "bookkeeping", look, operator=NURSE)
