"""A new patient at the window, by keys alone; the journal is what counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.screens.charge import ChargeScreen
from downtime.screens.registration import RegistrationScreen
from downtime.screens.registration_sheet import read_age, told_by_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

_REGISTRATION = "4"


async def test_pinyin_name_is_enough(story: Callable[..., Story]) -> None:
    """A name in pinyin, a sex and an age: registration and visit stand, under numbers that carry the station."""
    async with story() as s:
        await s.press(_REGISTRATION)
        await s.type("lianxi jia")
        await s.press("enter", "2")
        await s.type("45")
        await s.press("f8")
        await s.until(lambda: s.entries("visit"))
        (registered,), (visited,) = s.entries("registration"), s.entries("visit")
        patient = registered.content["patient"]
        assert (patient["name"], patient["sex"], patient["age_years"]) == ("lianxi jia", "female", 45)
        assert patient["number"].startswith("TW03A")
        assert patient["temporary"] is True
        assert visited.content["visit"]["number"].startswith("VW03A")
        assert visited.patient == patient["number"]
        assert visited.seq > registered.seq


async def test_unnamed_person_in_two_keys(story: Callable[..., Story]) -> None:
    """Ctrl+U and Enter register somebody nobody can name, as an emergency."""
    async with story() as s:
        await s.press(_REGISTRATION, "ctrl+u", "enter")
        await s.until(lambda: s.entries("visit"))
        (registered,), (visited,) = s.entries("registration"), s.entries("visit")
        assert registered.content["identity"] == "unknown_person"
        assert registered.content["patient"]["name"] == "无名氏"
        assert visited.content["visit"]["kind"] == "emergency"


async def test_child_asks_for_a_guardian(story: Callable[..., Story]) -> None:
    """A child's age brings the guardian's fields; without a name the problem stands beside the field."""
    async with story() as s:
        await s.press(_REGISTRATION)
        assert "监护人" not in s.screen
        await s.type("lianxi bao")
        await s.press("enter", "1")
        await s.type("3")
        await s.press("enter")
        assert "监护人" in s.screen
        await s.press("f8")
        assert not s.entries("registration")
        await s.type("lianxi mu")
        await s.press("f8")
        await s.until(lambda: s.entries("visit"))
        (registered,) = s.entries("registration")
        assert registered.content["identity"] == "child"
        assert registered.content["guardian"]["name"] == "lianxi mu"


async def test_child_alone_is_not_sent_away(story: Callable[..., Story]) -> None:
    """Where no guardian is there, a second Enter goes on without one."""
    async with story() as s:
        await s.press(_REGISTRATION)
        await s.type("lianxi bao")
        await s.press("enter", "1")
        await s.type("9")
        await s.press("enter", "enter", "enter", "f8")
        await s.until(lambda: s.entries("visit"))
        assert s.entries("registration")[0].content["guardian"] is None


async def test_department_and_doctor_are_remembered(story: Callable[..., Story]) -> None:
    """Department by two letters, doctor by the first row; the next patient has them already."""
    async with story() as s:
        await s.press(_REGISTRATION)
        await s.type("lianxi jia")
        await s.press("f10")
        await s.type("nk")
        await s.press("enter", "down", "enter", "f8")
        await s.until(lambda: s.entries("visit"))
        await s.type("lianxi yi")
        await s.press("f8")
        await s.until(lambda: len(s.entries("visit")) == 2)
        first, second = (entry.content["visit"] for entry in s.entries("visit"))
        assert first["department_name"] == "内科"
        assert first["doctor_name"]
        assert first["number"] != second["number"]
        assert {**second, "number": ""} == {**first, "number": ""}


async def test_charge_gets_its_new_patient_back(story: Callable[..., Story]) -> None:
    """From the charge: what was typed becomes the name, and the charge goes on with the patient and visit."""
    async with story() as s:
        await s.press("1")
        await s.type("lianxixin")
        await s.press("ctrl+n")
        assert _is_showing(s, RegistrationScreen)
        await s.press("f8")
        await s.until(lambda: _is_showing(s, ChargeScreen))
        (registered,) = s.entries("registration")
        charging = s.app.screen
        assert isinstance(charging, ChargeScreen)
        seated = charging.sheet.patient
        assert seated is not None
        assert seated.number == registered.patient
        assert seated.visit is not None


def _is_showing(s: Story, kind: type[object]) -> bool:
    return isinstance(s.app.screen, kind)


async def test_leaving_loses_nothing(story: Callable[..., Story]) -> None:
    """Esc in the middle, and back again: what was typed still stands there, and is recorded once."""
    async with story() as s:
        await s.press(_REGISTRATION)
        await s.type("lianxi jia")
        await s.press("enter", "1", "escape")
        await s.until(lambda: any(draft.form == "registration" for draft in s.desk.drafts()))
        await s.press(_REGISTRATION)
        assert "lianxi jia" in s.screen
        await s.press("f8")
        await s.until(lambda: s.entries("visit"))
        assert len(s.entries("registration")) == 1
        assert not s.desk.drafts()


async def test_without_a_name_nothing_is_written(story: Callable[..., Story]) -> None:
    """No name, an impossible age: problems beside both fields, nothing recorded, nothing lost."""
    async with story() as s:
        await s.press(_REGISTRATION, "enter", "2")
        await s.type("999")
        await s.press("f8")
        assert not s.entries("registration")
        assert "999" in s.screen
        assert "Ctrl+U" in s.screen
        assert "1980-01-31" in s.screen


async def test_ten_times_f8_is_one_patient(story: Callable[..., Story]) -> None:
    """However often the key is pressed, one registration and one visit stand."""
    async with story() as s:
        await s.press(_REGISTRATION)
        await s.type("lianxi jia")
        await s.press(*["f8"] * 10)
        await s.until(lambda: s.entries("visit"))
        await s.rest()
        assert len(s.entries("registration")) == len(s.entries("visit")) == 1


@pytest.mark.parametrize(
    ("typed", "birth_date", "years"),
    [
        ("45", None, 45),
        ("４５岁", None, 45),
        ("3m", None, 0),
        ("14月", None, 1),
        ("10天", None, 0),
        ("1980-01-31", "1980-01-31", None),
        ("19800131", "1980-01-31", None),
        ("1980。1。31", "1980-01-31", None),
        ("", None, None),
    ],
)
def test_age_is_read_as_people_write_it(typed: str, birth_date: str | None, years: int | None) -> None:
    """Years, months, days or a date, in any width."""
    age = read_age(typed, "2026-11-22T10:00:00+08:00")
    assert age is not None
    assert (age.birth_date, age.years) == (birth_date, years)


@pytest.mark.parametrize("typed", ["151", "abc", "2026-11-23", "1980-02-30", "1700-01-01", "-3"])
def test_impossible_age_is_no_age(typed: str) -> None:
    """The future, the 30th of February and 151 years are asked about again."""
    assert read_age(typed, "2026-11-22T10:00:00+08:00") is None


def test_identity_number_tells_birth_and_sex() -> None:
    """A number whose check figure fits fills in birth date and sex; any other tells nothing."""
    assert told_by_id("11010519491231002x") == ("1949-12-31", "female")
    assert told_by_id("110105194912310021") is None
    assert told_by_id("G12345678") is None
