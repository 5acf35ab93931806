"""The small parts screens are made of, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.errors import JournalAlarmError, OutcomeUnknownError
from downtime.screens import clipboard
from downtime.screens.ask import AlarmDialog, AskDialog
from downtime.screens.candidates import Candidate, Column, row_of, widths_in
from downtime.screens.charge_answers import Answering
from downtime.screens.charge_asks import AskQuantity, AskUnlisted
from downtime.screens.charge_hold import Holding
from downtime.screens.charge_lines import headings, name_width
from downtime.screens.charge_parts import ChargeParts
from downtime.screens.charge_patient import draw_patient
from downtime.screens.charge_sheet import Line, Sheet
from downtime.screens.department import DepartmentDialog
from downtime.screens.desk_keeping import DeskKeeping
from downtime.screens.door import Door, door_of
from downtime.screens.help import HelpDialog
from downtime.screens.key_order import KeyOrder
from downtime.screens.keyline import KeyLine, QuietLine
from downtime.screens.marks import N_
from downtime.screens.people import PatientCard, age_word
from downtime.screens.pick import PickDialog
from downtime.screens.places import places, screen_of
from downtime.screens.recorded import money
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import seek_departments, seek_items, seek_staff
from downtime.screens.side import patient_lines, recent_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from tests.screens.story import Story

PARTS = (
    *(
        AlarmDialog,
        Answering,
        AskDialog,
        AskQuantity,
        AskUnlisted,
        ChargeParts,
        DepartmentDialog,
        DeskKeeping,
    ),
    *(HelpDialog, Holding, KeyLine, KeyOrder, PickDialog, QuietLine, SearchField),
)


def test_every_part_says_what_it_is() -> None:
    """Whoever looks for the place to change finds it by reading."""
    assert all(part.__doc__ for part in PARTS)
    assert draw_patient.__doc__


def test_a_sheet_comes_back_from_its_draft_as_it_was() -> None:
    """Patient, payer, lines and department survive a crash under the same id."""
    sheet = Sheet("id-1", "CNY", department="PX02", department_name="内科")
    sheet.seat(PatientCard("PX1", "练习", payer_kind="insured_pending"))
    sheet.lines.append(Line("1", "a", "", "次", "service", 333, "1.5"))
    sheet.add_unlisted("未列", 100)
    again = Sheet.from_draft("id-1", "CNY", sheet.as_draft(held=True))
    assert again == sheet
    assert again.total_minor == 500 + 100


def test_columns_fill_the_width() -> None:
    """A row is exactly as wide as its list, whatever its texts are."""
    columns = (Column(5), Column(0), Column(8, right=True))
    widths = widths_in(columns, 40)
    row = row_of(Candidate(("1", "长" * 40, "9.00"), None), 0, columns, widths, chosen=False)
    assert row.cell_length == 1 + sum(widths) + len(widths)
    assert headings(80).cell_length <= 80
    assert name_width(76) >= 16


@pytest.mark.parametrize(
    ("born", "words"),
    [("1980-03-02", "45岁"), ("2026-01-15", "1个月"), ("2026-02-20", "9天"), ("", ""), (None, "")],
)
def test_age_is_told_in_what_matters(born: str | None, words: str) -> None:
    """Years for most, months and days for the very young, nothing where nothing is known."""
    assert age_word(born, "2026-03-01T00:00:00+08:00") == words


def test_the_door_needs_no_whole_settings_file(practice_home: Home) -> None:
    """What the login shows is read even where the file is broken; letting in needs it whole."""
    assert door_of(practice_home).station == "W03"
    (practice_home.path / "station.toml").write_text("format = ")
    assert door_of(practice_home) == Door()
    assert N_("x") == "x"


def test_money_has_its_sign_and_two_decimals() -> None:
    """Yuan by their sign, others by their code."""
    assert money(4500, "CNY") == "¥45.00"
    assert money(4500, "USD") == "45.00 USD"


def test_copying_never_asks_the_terminal_at_the_station(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a clipboard the text is shown for marking; the escape sequence is for SSH only."""
    asked: list[str] = []
    monkeypatch.setattr(clipboard, "copy_natively", lambda _text: False)
    monkeypatch.setattr(clipboard, "over_ssh", lambda: False)
    assert "W03A-000001-0" in clipboard.copy_and_tell("W03A-000001-0", asked.append)()
    assert not asked
    monkeypatch.setattr(clipboard, "over_ssh", lambda: True)
    clipboard.copy_and_tell("x", asked.append)
    assert asked == ["x"]


def test_every_form_has_a_place() -> None:
    """What can be recorded can be reached."""
    from forms import FORMS

    assert {form.name for form in FORMS} <= {place.name for place in places()}
    assert screen_of("charge").__class__.__name__ == "ChargeScreen"


async def test_seeking_and_the_side_lines(story: Callable[..., Story]) -> None:
    """Staff, departments and items are found by initials; the side lists what was recorded."""
    async with story(size=(160, 45)) as s:
        assert seek_staff(s.desk, "ldf") or seek_staff(s.desk, "1001")
        assert seek_departments(s.desk, "nk")
        assert seek_items(s.desk, "xcg", "PX09")
        await s.charged("zw", "xcg")
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("charge"))
        (charge,) = s.entries("charge")
        assert str(charge.number) in recent_lines(s.desk, 44).plain
        assert str(charge.number) in patient_lines(s.desk, str(charge.patient), 44).plain


async def test_an_alarm_says_what_to_do_and_stops_recording(story: Callable[..., Story]) -> None:
    """After a journal alarm nothing more is recorded; an unknown outcome only warns."""
    async with story() as s:
        await s.charged("zw", "xcg")
        s.app.alarm(OutcomeUnknownError("what happened", "what to do"))
        await s.rest()
        assert "what to do" in s.screen
        await s.press("enter")
        assert not s.app.stopped
        s.app.alarm(JournalAlarmError("damaged", "call IT", 7))
        await s.press("enter", "f8")
        assert "已停止记录" in s.screen
        assert not s.entries("charge")
