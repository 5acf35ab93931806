"""The read route over all stations, and what somebody typed in before anything was sent: at the hub, on both stores."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.commands.common import run_command
from sync.__main__ import sync
from sync.connectors.memory import MemoryConnector, MemoryHis
from sync.contract_entries import HOSPITAL, charge, dispense, made_up_entry, made_up_id, registration
from sync.hub.delivering import Worker
from tests.sync.hub.hubs import RunningHub, make_hub, stop_hub
from tests.sync.hub.test_hub_delivering import again, booked, charges, put
from tests.sync.hub.typing_desk import Desk
from tests.sync.test_tick_again import matched, told, typed_in
from tests.sync.test_tick_retype import write
from tests.sync.tick_his import one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


TICKS = (
    "SELECT e.id, t.outcome, t.what, t.word FROM tick t JOIN entry e ON e.n = t.entry_n WHERE t.connector = ?"
)


@pytest.fixture
def running(tmp_path: Path, store_url: str) -> Iterator[RunningHub]:
    """A hub for the hospital of made-up entries."""
    made = make_hub(tmp_path / "hub", store_url=store_url, hospital=HOSPITAL)
    yield made
    stop_hub(made)


@pytest.fixture
def open_desk(running: RunningHub, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Open a desk, with a connector that writes or without; its connection is closed afterwards."""
    claims = again(running)
    yield lambda writes=None: Desk(running, claims, tmp_path, writes)
    claims.close()


def test_entries_of_all_stations_are_ticked_off_against_one_extract(
    running: RunningHub, open_desk: Callable[..., Desk]
) -> None:
    """Typed in anywhere, ticked at the hub; what differs, doubtful and unexplained rows stand in the view."""
    entries = [*charges(3, station="W1"), *charges(3, first=11, station="W2")]
    put(running, "W1", entries[:3])
    put(running, "W2", entries[3:])
    desk = open_desk()
    desk.round()
    assert desk.standing() == {"handed_over": 6}
    for n, entry in enumerate(entries[:5]):
        desk.his.type_in(entry, bill=f"B{n}")
    desk.his.change(0, amount_minor=1)
    desk.his.type_in(entries[1], bill="B9")
    desk.his.type_in(one_line(99, 4200, n=77), bill="B99")
    desk.round()
    assert desk.standing() == {"accepted": 3, "handed_over": 3}
    ticks = desk.ticks()
    assert ticks[entries[0].id] == ("different", "differs")
    assert ticks[entries[1].id] == ("different", "twice")
    assert [ticks[entry.id] for entry in entries[2:5]] == [("agreed", "")] * 3
    assert ticks[entries[5].id] == ("missing_there", "")
    db = running.hub.db
    (rows,) = db.rows("SELECT rows FROM tick WHERE entry_n = 1")[0]
    assert json.loads(db.shown(rows))[0]["amount_minor"] == 1
    unknown = db.rows("SELECT amount_minor FROM tick_row WHERE connector = ?", (desk.name,))
    assert unknown == [(4200,)]
    run = db.row("SELECT entries, his_rows, lines_not_read FROM tick_run")
    assert run == (6, 13, 0)


def test_the_view_tells_an_onlooker_of_the_database_nothing_about_patients(
    running: RunningHub, open_desk: Callable[..., Desk]
) -> None:
    """In PostgreSQL the HIS's rows are encrypted as everything about people is."""
    (entry,) = charges(1)
    put(running, "W1", [entry])
    desk = open_desk()
    desk.his.type_in(entry)
    desk.his.type_in(made_up_entry(9, "charge", charge(9)), bill="B9")
    desk.round()
    stored = repr(running.hub.db.rows("SELECT * FROM tick") + running.hub.db.rows("SELECT * FROM tick_row"))
    assert ("PX000001" in stored) == (running.hub.db.dialect == "sqlite")


def test_what_is_the_same_is_not_written_again(running: RunningHub, open_desk: Callable[..., Desk]) -> None:
    """Twenty seconds later nothing changed: no fact and no row more; the board still sees when it was looked."""
    entries = charges(2)
    put(running, "W1", entries)
    desk = open_desk()
    desk.his.type_in(entries[0])
    desk.his.change(0, amount_minor=1)
    desk.round()
    desk.round()
    db = running.hub.db
    before = db.rows("SELECT n FROM delivery") + db.rows("SELECT entry_n, at FROM tick")
    for _n in range(3):
        desk.round()
    assert db.rows("SELECT n FROM delivery") + db.rows("SELECT entry_n, at FROM tick") == before


def test_decisions_of_any_station_are_heard_and_the_last_counts(
    running: RunningHub, open_desk: Callable[..., Desk]
) -> None:
    """A double that is none, and a temporary number that is matched: said at the board, ticked at the hub."""
    known = made_up_entry(2, "registration", registration(4), entry_id=made_up_id("known"))
    paid = made_up_entry(3, "charge", charge(4, temporary=True), entry_id=made_up_id("paid"))
    (entry,) = charges(1)
    put(running, "W1", [entry])
    put(running, "W2", [known, paid])
    desk = open_desk()
    desk.his.type_in(entry, bill="B1")
    desk.his.type_in(entry, bill="B2")
    desk.his.type_in(paid, bill="B3", patient="H777")
    desk.round()
    desk.round()
    assert desk.standing() == {"handed_over": 3}
    desk.say(*told(entry.id, ["F3", "F4"], is_same=False))
    desk.say(*matched(paid.content["patient"]["number"], "H777"))
    desk.round()
    assert {entry_id: one[0] for entry_id, one in desk.ticks().items()} == {
        entry.id: "agreed", paid.id: "agreed", known.id: "not_covered",
    }  # fmt: skip
    assert desk.standing() == {"accepted": 2, "handed_over": 1}


def test_a_void_takes_the_tick_back_at_the_hub_and_retyping_ticks_again(
    running: RunningHub, open_desk: Callable[..., Desk]
) -> None:
    """冲红 days later: rejected with its reason, then accepted with the new document; each fact is written once."""
    (entry,) = charges(1)
    put(running, "W1", [entry])
    desk = open_desk()
    desk.his.type_in(entry, bill="B1")
    desk.round()
    desk.round()
    assert desk.standing() == {"accepted": 1}
    for place in range(2):
        desk.his.change(place, is_void=True)
    for _n in range(3):
        desk.round()
    assert desk.standing() == {"rejected": 1}
    assert desk.ticks()[entry.id] == ("missing_there", "taken_back")
    desk.his.type_in(entry, bill="B2")
    for _n in range(3):
        desk.round()
    assert desk.standing() == {"accepted": 1}
    states = [row[0] for row in running.hub.db.rows("SELECT state FROM delivery ORDER BY n")]
    assert states == ["sending", "handed_over", "accepted", "rejected", "accepted"]
    told_last = running.hub.db.row("SELECT outcome FROM delivery ORDER BY n DESC LIMIT 1")
    assert told_last is not None
    assert "EB2" in told_last[0]


def test_typed_in_and_not_there_is_missing_once_the_his_was_read_afterwards(
    running: RunningHub, tmp_path: Path, open_desk: Callable[..., Desk]
) -> None:
    """A cashier's word is no tick; an extract from before it proves nothing against it."""
    (entry,) = charges(1)
    put(running, "W1", [entry])
    desk = open_desk()
    desk.round()
    desk.say(*typed_in(entry.id), station="W1")
    desk.round()
    assert desk.ticks()[entry.id] == ("missing_there", "")
    write(tmp_path, desk.his)
    os.utime(tmp_path / "his.csv", (4_000_000_000, 4_000_000_000))
    for _n in range(2):
        desk.worker.round()
    assert desk.ticks()[entry.id] == ("missing_there", "missing")
    assert desk.standing() == {"handed_over": 1}


def test_what_somebody_typed_in_is_not_sent_before_a_person_decides(
    running: RunningHub, open_desk: Callable[..., Desk]
) -> None:
    """Agreed, different, doubtful: held; the others go. Never a double."""
    entries = charges(5)
    put(running, "W1", entries)
    his = MemoryHis()
    desk = open_desk(MemoryConnector(HOSPITAL, his=his))
    desk.his.type_in(entries[0], bill="B1")
    desk.his.type_in(entries[1], bill="B2")
    desk.his.change(2, amount_minor=1)
    desk.his.type_in(entries[2], bill="B3")
    desk.his.type_in(entries[2], bill="B4")
    done = desk.round()
    held = [entries[0].id, entries[1].id, entries[2].id]
    assert sorted(done.held) == sorted(held)
    assert booked(his, entries[3:]) == {1}
    assert booked(his, entries[:3]) == {0}
    assert {desk.ticks()[entry_id][1] for entry_id in held} == {"there"}
    assert desk.standing() == {"accepted": 2, "owed": 3}
    desk.say(*told(entries[0].id, ["F1", "F2"], is_same=True, connector="memory"))
    desk.say(*told(entries[1].id, ["F3", "F4"], is_same=False, connector="memory"))
    desk.round()
    assert desk.standing() == {"accepted": 4, "owed": 1}
    assert booked(his, [entries[0]]) == {0}, "it stands there by hand: accepted, never sent"
    assert booked(his, [entries[1]]) == {1}, "those rows are another charge: sent"
    row = running.hub.db.row("SELECT outcome FROM delivery WHERE entry_n = 1")
    assert row is not None
    assert '"reference":"F1,F2"' in row[0]
    for _n in range(2):
        assert list(desk.round().held) == [entries[2].id]


def test_what_follows_a_held_entry_waits_with_it(running: RunningHub, open_desk: Callable[..., Desk]) -> None:
    """A dispense on a charge that somebody typed in would name what the HIS does not know by our key."""
    (paid,) = charges(1)
    given = made_up_entry(9, "dispense", dispense(1, paid.id), entry_id=made_up_id("given"))
    other = made_up_entry(8, "dispense", dispense(2, paid.id), entry_id=made_up_id("elsewhere"))
    put(running, "W1", [paid])
    put(running, "W2", [given, other])
    his = MemoryHis()
    desk = open_desk(MemoryConnector(HOSPITAL, his=his))
    desk.his.type_in(paid)
    assert set(desk.round().held) == {paid.id, given.id, other.id}
    assert not his.postings


def test_said_to_be_typed_in_is_not_sent_until_that_is_taken_back(running: RunningHub) -> None:
    """Also where nothing can be read: one word of a cashier is enough to hold it."""
    entries = charges(2)
    put(running, "W1", entries)
    his = MemoryHis()
    claims = again(running)
    worker = Worker(running.hub.db, claims, MemoryConnector(HOSPITAL, his=his), ManualClock())
    for n, is_undone in enumerate((False, True), 500):
        said = made_up_entry(n, *typed_in(entries[0].id, is_undone=is_undone))
        put(running, "W1", [said])
        done = worker.round()
        assert list(done.held) == ([] if is_undone else [entries[0].id])
    assert booked(his, entries) == {1}
    claims.close()


def test_nothing_is_sent_while_it_cannot_be_told_what_the_his_holds(
    running: RunningHub, tmp_path: Path, open_desk: Callable[..., Desk]
) -> None:
    """No extract, or one that cannot be read: the whole connector waits and says so."""
    put(running, "W1", charges(1))
    his = MemoryHis()
    desk = open_desk(MemoryConnector(HOSPITAL, his=his))
    (tmp_path / "his.csv").unlink()
    assert desk.worker.round().unreachable
    (tmp_path / "his.csv").write_text("nothing,that,fits\n", "utf-8")
    assert desk.worker.round().unreachable
    assert not his.postings
    assert desk.standing() == {"owed": 1}


def test_one_worker_at_a_time_reads_the_his(running: RunningHub, open_desk: Callable[..., Desk]) -> None:
    """Two readings of two moments could tick two entries by one row: the second worker says so and does nothing."""
    put(running, "W1", charges(1))
    desk = open_desk()
    other = again(running)
    with other.only_one("reading-retype") as is_mine:
        assert is_mine
        assert desk.round().is_elsewhere
        assert desk.standing() == {"owed": 1}
    desk.round()
    assert desk.standing() == {"handed_over": 1}
    other.close()


def test_compared_before_anything_is_sent(
    running: RunningHub, open_desk: Callable[..., Desk], capsys: pytest.CaptureFixture[str]
) -> None:
    """One command over the entries of all stations, with what people decided; nothing is sent and nothing kept."""
    entries = [*charges(2, station="W1"), *charges(1, first=11, station="W2"), one_line(12, 4200, n=12)]
    put(running, "W1", entries[:2])
    put(running, "W2", entries[2:])
    desk = open_desk()
    for n, entry in enumerate(entries[:3]):
        desk.his.type_in(entry, bill=f"B{n}")
    desk.his.type_in(entries[0], bill="B9")
    extract = write(desk.folder, desk.his)
    asked = ["compare", "--extract", str(extract), "--hub", str(running.place.path), "--json"]

    def told_now() -> dict[str, int]:
        run_command(sync, asked)
        told = json.loads(capsys.readouterr().out)
        assert told["entries_total"]["count"] == 4
        return {name: line["count"] for name, line in told["entries"].items() if line["count"]}

    assert told_now() == {"agreed": 2, "different": 1, "missing_there": 1}
    desk.say(*told(entries[0].id, ["F7", "F8"], is_same=False))
    assert told_now() == {"agreed": 3, "missing_there": 1}
    assert running.hub.db.rows("SELECT 1 FROM delivery UNION ALL SELECT 1 FROM tick") == []
