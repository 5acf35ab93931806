"""From the board along the one road: a decision goes up to the hub as an entry, a round goes into the HIS."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from downtime.home import Home
from downtime.outcome import Rejected
from downtime.screens.ask import AskDialog
from downtime.store import journal
from forms.station_book import OutageDeclared
from sync.board.round import run_round
from sync.board.sending import RoundOrder
from sync.hub.membership import join
from sync.hub.stations import invite
from tests.downtime import builders
from tests.screens.board_story import BoardStory
from tests.screens.made_board import MadeHub, charged, make_made_hub
from tests.sync.hub.hubs import start_hub, stop_hub
from tests.sync.hub.stations import make_station

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeHub]:
    """A hub of the practice hospital with a practice HIS behind it, and three charges of a station."""
    hub = make_made_hub(tmp_path / "hub")
    with (hub.place.path / "hub.toml").open("a", encoding="utf-8") as settings:
        settings.write('file = "his.db"\n')
    hub = hub.reopened()
    station = make_station(tmp_path / "w11", "W11")
    hub.entries = charged(station.home, station.clock, 3)
    hub.bring(station.home)
    yield hub
    hub.close()


async def test_a_decision_travels_to_the_hub_as_an_entry(practice_home: Home, made: MadeHub) -> None:
    """Recorded in this station's journal, brought up by its own program, and there before anything is sent."""
    running = start_hub(made.place)
    try:
        code = practice_home.settings.station.code
        ring = practice_home.keys.unlock("4001", "lianxi4001")
        given = invite(running.hub.db, code, made.place.authority_certificate, made.at)
        join(practice_home, ring, running.address, given.text())
        with (practice_home.path / "station.toml").open("a", encoding="utf-8") as settings:
            settings.write("\n[connectors.hub]\n")
        made.answer(made.entries[0].id, Rejected("练习:停用"))
        async with BoardStory(Home(practice_home.path), made) as s:
            await s.press("ctrl+x", "1", "enter")
            await s.until(lambda: made.db.row("SELECT 1 FROM entry WHERE form = 'resend_decided'"))
            await s.until(lambda: not s.board.is_bringing_up)
            await s.look_at_hub()
            here = list(journal.entries(s.desk.looking(), forms=("resend_decided",)))
            there = made.db.rows("SELECT id, verdict FROM entry WHERE form = 'resend_decided'")
            assert [(entry.id, "") for entry in here] == [tuple(row) for row in there]
            assert s.source.summary().again == 1
    finally:
        stop_hub(running)


async def test_a_round_is_begun_from_the_board_and_everything_is_in_the_his(
    practice_home: Home, made: MadeHub
) -> None:
    """Ctrl+D sends in a program beside; the counts follow from the rows, and the end is said."""
    async with BoardStory(practice_home, made) as s:
        assert s.source.summary().to_send == 3
        await s.press("ctrl+d")
        await s.until(lambda: "本轮回传结束" in s.screen)
        await s.look_at_hub()
        states = s.source.summary().states
        assert states["verified"].entries == 3
        assert s.source.summary().difference().entries == 0
        assert s.source.summary().last_success


async def test_stations_still_in_the_outage_are_asked_about_first(
    practice_home: Home, made: MadeHub, tmp_path: Path
) -> None:
    """First stop, then deliver: whoever sends all the same says so, with the stations named."""
    station = make_station(tmp_path / "w12", "W12")
    book = station.open()
    builders.stand(book, OutageDeclared(outage="LX-1"))
    book.close()
    station.charge(1)
    made.bring(station.home)
    async with BoardStory(practice_home, made) as s:
        assert "尚未回传" in s.screen
        await s.press("ctrl+d")
        assert isinstance(s.app.screen, AskDialog)
        assert "W12" in s.screen
        await s.press("escape")
        assert s.source.summary().to_send == 4
        await s.press("ctrl+d", "enter")
        await s.until(lambda: "本轮回传结束" in s.screen)
        await s.look_at_hub()
        assert s.source.summary().states["verified"].entries == 4


def test_a_round_told_to_stop_ends_between_batches_and_goes_on_later(made: MadeHub) -> None:
    """Stopped before the first queue nothing was sent and nothing is in doubt; the next round brings it all."""
    stopped = threading.Event()
    stopped.set()
    order = RoundOrder(made.place.path, "practice")
    assert run_round(order, stopped)
    assert not made.db.rows("SELECT 1 FROM delivery WHERE state IN ('sending', 'in_doubt')")
    assert run_round(order, threading.Event())
    rows = made.db.rows("SELECT DISTINCT entry_n FROM delivery WHERE state = 'accepted'")
    assert len(rows) == 3


def test_what_a_round_is_to_do_survives_the_command_line(tmp_path: Path) -> None:
    """Folder, way, password file and stations come out as they went in."""
    for order in (
        RoundOrder(tmp_path, "practice"),
        RoundOrder(tmp_path, "retype", tmp_path / "password", ("W12", "W13")),
    ):
        assert RoundOrder.of(order.arguments()) == order
