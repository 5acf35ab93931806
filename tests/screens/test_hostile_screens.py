"""Registration, dispense, journal, standing and outage show hostile text literally and keep their width."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from downtime.outcome import Rejected
from downtime.screens.dispense import DispenseScreen
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.home import KEYS
from downtime.screens.journal import JournalScreen
from downtime.screens.outage import OutageScreen
from downtime.screens.places import at_home
from downtime.screens.registration import RegistrationScreen
from downtime.screens.standing import StandingScreen
from downtime.screens.text import cells
from tests.screens.hostile import HOSTILE
from tests.screens.looking import rows_of
from tests.screens.made_up import made_charge, made_reversal, note_answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.home import Home
    from downtime.screens.base import StationScreen
    from tests.screens.story import Story

PTY_SECONDS_MAX = 40
_DIALOGS = {JournalScreen: "f9", StandingScreen: "ctrl+x", DispenseScreen: "f4", EntryScreen: "f6"}


def _is_harmless(s: Story) -> bool:
    rows = rows_of(s.app)
    return all(cells(row) == s.size[0] and row.isprintable() for row in rows)


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
@pytest.mark.parametrize("plain", [False, True])
async def test_every_row_keeps_its_width(
    story: Callable[..., Story], size: tuple[int, int], *, plain: bool
) -> None:
    """Names, reasons and answers of the HIS, in lists, dialogs and whole entries, in both languages."""
    async with story(size=size, plain=plain, operator="3004") as s:
        charges = [made_charge(s.desk, name=name) for name in HOSTILE]
        made_reversal(s.desk, made_charge(s.desk, name=HOSTILE[3]))
        note_answers(
            s.desk,
            "practice",
            {charge.id: Rejected(name) for charge, name in zip(charges, HOSTILE, strict=True)},
        )
        first = charges[3]
        made: list[Callable[[], StationScreen]] = [
            JournalScreen,
            lambda: EntryScreen(first),
            StandingScreen,
            lambda: DispenseScreen(first),
            lambda: RegistrationScreen(HOSTILE[1]),
            OutageScreen,
        ]
        for make in made:
            s.app.push_screen(make())
            await s.rest()
            dialog = _DIALOGS.get(type(s.app.screen))
            for keys in ((), ("f12",), ("down", "down"), (dialog,) if dialog else ("f1",)):
                await s.press(*keys)
                assert _is_harmless(s)
            await s.press("escape")
            s.app.pop_screen()


@pytest.mark.parametrize("typed", ["[red]x[/red]", "=cmd|'/c calc'!A1", "'; DROP TABLE entry; --"])
async def test_a_hostile_name_can_be_registered(story: Callable[..., Story], typed: str) -> None:
    """Typed into the name field it is a name: recorded as it came, shown as it is."""
    async with story() as s:
        s.app.go("registration")
        await s.rest()
        await s.type(typed)
        await s.press("f8")
        await s.until(lambda: s.entries("visit"))
        assert s.entries("registration")[0].content["patient"]["name"] == typed


def _key_of(name: str) -> str:
    shown = at_home(("pharmacist", "supervisor"))
    return KEYS[[place.name for place in shown].index(name)]


def test_nothing_hostile_reaches_a_real_terminal(practice_home: Home, tmp_path: Path) -> None:
    """Through a real pseudo-terminal: journal, whole entry, standing and dispense send no name as a command."""
    pexpect = pytest.importorskip("pexpect", reason="no pseudo-terminal on this system")
    from downtime.desk import Desk

    desk = Desk(practice_home, practice_home.keys.unlock("3004", "lianxi3004"))
    for name in HOSTILE:
        charge = made_charge(desk, name=name)
        desk.confirm(charge.id)
        note_answers(desk, "practice", {charge.id: Rejected(name)})
    desk.close()
    sent = tmp_path / "sent"
    environment = os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    for named in ("NO_COLOR", "COLUMNS", "LINES"):  # the runner's own size is not this terminal's
        environment.pop(named, None)
    command = (
        "from pathlib import Path\nfrom downtime.home import Home\nfrom downtime.app import run\n"
        f"run(Home(Path({str(practice_home.path)!r})), language='en')"
    )
    with sent.open("wb") as log:
        child = pexpect.spawn(
            sys.executable, ["-c", command], dimensions=(45, 160), env=environment, timeout=PTY_SECONDS_MAX
        )
        child.logfile_read = log
        child.expect(b"Password")
        child.send("3004\r")
        child.send("lianxi3004\r")
        child.expect(b"F2")
        for place, seen in (
            ("journal", b"All receipts"),
            ("standing", b"adds up"),
            ("dispense", b"or type number"),
        ):
            child.send(_key_of(place))
            child.expect(seen)
            if place == "journal":
                child.expect(b"W03A-")  # the list is there, not only its heading
                child.send("\x1b[B")
                child.send("\r")
                child.expect(b"Entry id")
                child.send("\x1b")
                child.expect(b"All receipts")
            if place == "dispense":
                child.send("\x1b[B")
                child.expect(b"PgDn")
                child.send("\x1b")
            child.send("\x1b")
            child.expect(b"F2")
        child.send("\x11")
        child.expect(b"Enter: yes")
        child.send("\r")
        child.expect(pexpect.EOF)
    raw = sent.read_bytes()
    assert b"\x1b]52" not in raw
    assert b"aGFja2Vk\x07" not in raw
    assert b"\xc2\x9b" not in raw
    assert "\u202e".encode() not in raw
    assert b"[red]x[/red]" in raw
