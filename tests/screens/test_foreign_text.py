"""Foreign text is only text: shown literally, cut to width, harmless to the terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from downtime.record import new_entry_id
from downtime.screens.people import PatientCard, patient_card
from downtime.screens.seeking import seek_patients
from downtime.screens.text import cells, choose_plain, clean, cut, pad, shown
from tests.screens.hostile import HOSTILE
from tests.screens.looking import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.home import Home
    from tests.screens.story import Story

PTY_SECONDS_MAX = 120
_PROGRAM = """
from pathlib import Path
from downtime.app import run
from downtime.home import Home
run(Home(Path({home!r})), language="en")
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_text_is_cut_to_its_cells_and_acts_on_nothing(name: str) -> None:
    """Exactly as wide as asked for, without a control character, never parsed."""
    padded = pad(name, 20)
    assert cells(padded) == 20
    assert all(sign.isprintable() for sign in padded)
    assert shown(name).plain == clean(name)
    assert cells(cut(name, 7)) <= 7


def test_plain_text_has_one_width_everywhere() -> None:
    """In the plain look, signs that a Chinese console draws two cells wide give way to others."""
    choose_plain(True)  # noqa: FBT003 (the switch itself)
    try:
        assert (
            clean("0.25g×24粒 α-2b ① “好” ─") == '0.25g\N{LATIN SMALL LETTER X}24粒 alpha-2b 1 "好" \\u2500'
        )
    finally:
        choose_plain(False)  # noqa: FBT003 (the switch itself)


def _register(s: Story, name: str) -> PatientCard:
    from forms.registration import RegisteredPatient, Registration

    number = s.desk.next_temporary_patient()
    form = Registration(patient=RegisteredPatient(number=number, name=name, temporary=True), identity="known")
    outcome = s.desk.record(form, new_entry_id())
    return patient_card(s.desk, outcome.entry)  # type: ignore[union-attr]  # it cannot be refused


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_hostile_names_on_every_charge_screen(
    story: Callable[..., Story], size: tuple[int, int]
) -> None:
    """Patient row, candidates, side lines, dialogs, quiet line: every row keeps its width and nothing acts."""
    async with story(size=size) as s:
        for name in HOSTILE:
            card = _register(s, name)
            s.app.go("charge", patient=card)
            await s.rest()
            assert seek_patients(s.desk, card.number)
            await s.press("ctrl+t")
            s.app.screen.query_one("#unlisted-name").take(name)  # type: ignore[attr-defined]  # a field
            await s.press("enter", "1", "enter")
            await s.press("f8")
            assert all(cells(row) == size[0] for row in rows_of(s.app))
            assert all(sign.isprintable() for row in rows_of(s.app) for sign in row)
            await s.press("escape", "f7")
        await s.press("f7")
        assert all(cells(row) == size[0] for row in rows_of(s.app))


def test_nothing_hostile_reaches_a_real_terminal(practice_home: Home, tmp_path: Path) -> None:
    """Through a real pseudo-terminal: names that would command it are found nowhere in what it was sent."""
    pexpect = pytest.importorskip("pexpect", reason="no pseudo-terminal on this system")
    from downtime.desk import Desk

    desk = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))
    for name in HOSTILE:
        from forms.registration import RegisteredPatient, Registration

        number = desk.next_temporary_patient()
        patient = RegisteredPatient(number=number, name=name, temporary=True)
        outcome = desk.record(Registration(patient=patient, identity="known"), new_entry_id())
        desk.confirm(outcome.entry.id)  # type: ignore[union-attr]  # it cannot be refused
    desk.close()
    sent = tmp_path / "sent"
    environment = os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    for named in ("NO_COLOR", "COLUMNS", "LINES"):  # the runner's own size is not this terminal's
        environment.pop(named, None)
    command = _PROGRAM.format(home=str(practice_home.path))
    with sent.open("wb") as log:
        child = pexpect.spawn(
            sys.executable, ["-c", command], dimensions=(45, 160), env=environment, timeout=PTY_SECONDS_MAX
        )
        child.logfile_read = log
        child.expect(b"Password")
        child.send("1001\r")
        child.send("lianxi1001\r")
        child.expect(b"F2")
        child.send("1")
        child.expect(b"Total")
        child.send("TW03")
        child.expect(b"TW03A0100014")
        child.send("\x11")
        child.expect(b"Enter: yes")
        child.send("\r")
        child.expect(pexpect.EOF)
    raw = sent.read_bytes()
    assert b"\x1b]52" not in raw
    assert b"aGFja2Vk\x07" not in raw
    assert b"\xc2\x9b" not in raw
    assert "\u202e".encode() not in raw
    assert b"=cmd|'/c calc'!A1" in raw
    assert b"'; DROP TABLE entry" in raw
