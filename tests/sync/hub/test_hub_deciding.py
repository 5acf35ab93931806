"""Decisions that came up as entries: done once each, void once the entry moved on, on both stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.clock import ManualClock
from sync.connector import Guarantee
from sync.connectors.memory import MemoryConnector, MemoryHis
from sync.contract_entries import HOSPITAL, made_up_entry, made_up_id
from sync.hub.deciding import HubSayings, corrections, send_again
from sync.hub.delivered import delivery_head, first_altered
from sync.hub.delivering import HubRound, Worker, standing
from tests.sync.hub.hubs import RunningHub, make_hub, stop_hub
from tests.sync.hub.test_hub_delivering import again, charges, put

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from downtime.entry import Entry
    from sync.connectors.memory import Fault
    from sync.hub.database import Database

AT = "2026-01-05T14:00:00.000+08:00"


@pytest.fixture
def running(tmp_path: Path, store_url: str) -> Iterator[RunningHub]:
    """A hub for the hospital of made-up entries."""
    made = make_hub(tmp_path / "hub", store_url=store_url, hospital=HOSPITAL)
    yield made
    stop_hub(made)


@pytest.fixture
def claims(running: RunningHub) -> Iterator[Database]:
    """A second connection to its store."""
    opened = again(running)
    yield opened
    opened.close()


class Board:
    """One HIS in memory, and decisions about entries that stand at the hub."""

    def __init__(self, running: RunningHub, claims: Database) -> None:
        self.running = running
        self.claims = claims
        self.his = MemoryHis()
        self._said = 1000

    def round(self, faults: Sequence[Fault | None] = (), **more: Any) -> HubRound:
        """Go once through, in a worker started anew."""
        connector = MemoryConnector(HOSPITAL, his=self.his, faults=faults, **more)
        return Worker(self.running.hub.db, self.claims, connector, ManualClock()).round()

    def say(self, form: str, entry_id: str, **more: Any) -> None:
        """Let a decision come up."""
        self._said += 1
        content = {
            "entry_id": entry_id,
            "number": "",
            "connector": "memory",
            "step": 0,
            "reason": "练习",
            **more,
        }
        said = made_up_entry(self._said, form, content, entry_id=made_up_id(f"said {self._said}"))
        put(self.running, "IT1", [said])

    def correct(self, entry: Entry, old: str, new: str, step: int = 0) -> None:
        """Let a correction of the first line's code come up."""
        change = {"field": "lines.0.code", "old": old, "new": new}
        self.say("sent_corrected", entry.id, changes=[change], step=step)

    def states(self, entry: Entry) -> list[str]:
        """Return what happened to an entry, in order."""
        query = (
            "SELECT d.state FROM delivery d JOIN entry e ON e.n = d.entry_n WHERE e.id = ? ORDER BY d.step"
        )
        return [row[0] for row in self.running.hub.db.rows(query, (entry.id,))]

    def standing(self) -> dict[str, int]:
        """Return how many entries are in each state."""
        return dict(standing(self.running.hub.db, "memory"))


@pytest.fixture
def board(running: RunningHub, claims: Database) -> Board:
    """What decides."""
    return Board(running, claims)


def test_ten_presses_are_one_sending(board: Board) -> None:
    """Ten decisions on the same refusal, of two people: it goes once; refused again, it waits for the next decision."""
    (entry,) = charges(1)
    put(board.running, "W1", [entry])
    board.round(["refused"])
    for _n in range(10):
        board.say("resend_decided", entry.id, step=2)
    board.round(["refused"])
    for _n in range(3):
        board.round(["refused"])
    assert board.states(entry) == ["sending", "rejected", "resend_decided", "sending", "rejected"]
    board.say("resend_decided", entry.id, step=2)
    board.round()
    assert board.states(entry)[-1] == "rejected", "made on a step that is gone"
    board.say("resend_decided", entry.id, step=5)
    board.round()
    assert board.standing() == {"accepted": 1}
    assert len(board.his.postings[entry.id]) == 1


def test_a_decision_without_a_step_counts_for_the_refusal_it_came_after(board: Board) -> None:
    """A station's own screen shows no step: what came up before the refusal says nothing about it."""
    (entry,) = charges(1)
    put(board.running, "W1", [entry])
    board.say("resend_decided", entry.id)
    board.round(["refused"])
    board.round()
    assert board.states(entry) == ["sending", "rejected"]
    for _n in range(3):
        board.say("resend_decided", entry.id)
    board.round()
    assert board.standing() == {"accepted": 1}
    assert board.states(entry).count("resend_decided") == 1


def test_a_decision_that_comes_before_its_entry_waits_for_it(board: Board) -> None:
    """The IT PC is quicker than a station that comes back three days later; nothing is done twice."""
    (entry,) = charges(1)
    db = board.running.hub.db
    board.say("resend_decided", entry.id, step=2)
    said = HubSayings(db)
    said.read()
    left = send_again(db, "memory", said.waiting["memory"], AT, from_doubt=False)
    assert [one.entry_id for one in left] == [entry.id]
    put(board.running, "W1", [entry])
    board.round(["refused"])
    assert send_again(db, "memory", left, AT, from_doubt=False) == []
    board.round()
    assert board.standing() == {"accepted": 1}


def test_only_what_nobody_can_ask_about_goes_again_from_doubt(board: Board) -> None:
    """In doubt a HIS is asked; where it cannot be, a person decides."""
    (entry,) = charges(1)
    put(board.running, "W1", [entry])
    board.round(["request_lost"], guarantee=Guarantee.ONE_ATTEMPT)
    assert board.standing() == {"in_doubt": 1}
    board.say("resend_decided", entry.id, step=2)
    board.round(guarantee=Guarantee.ONE_ATTEMPT)
    assert board.standing() == {"accepted": 1}


def test_what_goes_again_with_a_correction_is_compared_with_the_correction(board: Board) -> None:
    """Another item code: sent, read back and agreed; the entry itself says what it always said."""
    (entry,) = charges(1)
    put(board.running, "W1", [entry])
    old = entry.content["lines"][0]["code"]
    board.round(["refused"])
    board.correct(entry, old, "NEW-1", step=2)
    done = board.round()
    assert done.agrees
    assert board.standing() == {"accepted": 1}
    (booked,) = board.his.postings[entry.id]
    assert booked["facts"]["line 1 code"] == "NEW-1"
    (sealed,) = board.running.hub.db.rows("SELECT sealed FROM entry WHERE id = ?", (entry.id,))[0]
    assert board.running.hub.db.shown(sealed) == entry.sealed
    assert board.states(entry) == ["sending", "rejected", "resend_decided", "sending", "accepted"]
    sent = board.running.hub.db.rows("SELECT sent FROM delivery WHERE sent IS NOT NULL ORDER BY n")
    shown = [board.running.hub.db.shown(row[0]) for row in sent]
    assert [old.encode() in shown[0], b"NEW-1" in shown[1]] == [True, True], (
        "both attempts are kept, byte for byte"
    )


def test_a_correction_of_something_else_is_void(board: Board) -> None:
    """The old value does not stand there: nothing is sent under a wrong assumption."""
    (entry,) = charges(1)
    put(board.running, "W1", [entry])
    board.round(["refused"])
    board.correct(entry, "WRONG", "NEW-1", step=2)
    board.round()
    assert board.states(entry) == ["sending", "rejected"]


def test_the_last_correction_counts_and_one_that_was_not_done_does_not(board: Board) -> None:
    """Corrected twice: the second value goes; the journal's own value stays what both corrections name as old."""
    (entry,) = charges(1)
    put(board.running, "W1", [entry])
    old = entry.content["lines"][0]["code"]
    board.round(["refused"])
    board.correct(entry, old, "NEW-1", step=2)
    board.round(["refused"])
    board.correct(entry, old, "NEW-2", step=2)
    board.correct(entry, old, "NEW-3", step=5)
    board.round()
    assert board.his.postings[entry.id][0]["facts"]["line 1 code"] == "NEW-3"
    assert list(corrections(board.running.hub.db, "memory").values()) == [{"lines.0.code": (old, "NEW-3")}]


def test_what_was_tried_stays_as_it_was_written(board: Board) -> None:
    """Neither changed nor deleted nor accepted twice; changed behind our back, it shows."""
    entries = charges(3)
    put(board.running, "W1", entries)
    board.round()
    db = board.running.hub.db
    count, head = delivery_head(db)
    assert (count, len(head), first_altered(db)) == (6, 32, None)
    columns = "connector, entry_n, step + 1, state, outcome, at, wait_seconds, sent, decided_n, turn, hash"
    names = columns.replace("step + 1", "step")
    for statement in (
        "UPDATE delivery SET outcome = 'null' WHERE n = 2",
        "DELETE FROM delivery WHERE n = 2",
        f"INSERT INTO delivery ({names}) SELECT {columns} FROM delivery WHERE state = 'accepted' AND entry_n = 1",  # noqa: S608 (constant names)
    ):
        with pytest.raises(Exception, match=r"append-only|accepted already"), db.writing():
            db.rows(statement)
    assert delivery_head(db) == (count, head)
    for trigger in ("delivery_no_update", "delivery_no_change"):
        if db.dialect == "sqlite":
            db.rows(f"DROP TRIGGER IF EXISTS {trigger}")
        else:
            db.rows(f"DROP TRIGGER IF EXISTS {trigger} ON delivery")
    db.rows("UPDATE delivery SET at = 'another day' WHERE n = 4")
    assert first_altered(db) == 4


def test_a_decision_is_used_once_whoever_looks_at_it(board: Board, claims: Database) -> None:
    """Two workers that read the same decision at the same moment write one row."""
    (entry,) = charges(1)
    put(board.running, "W1", [entry])
    board.round(["refused"])
    board.say("resend_decided", entry.id, step=2)
    for db in (board.running.hub.db, claims):
        said = HubSayings(db)
        said.read()
        assert len(said.waiting["memory"]) == 1
        assert send_again(db, "memory", said.waiting["memory"], AT, from_doubt=False) == []
    assert board.states(entry) == ["sending", "rejected", "resend_decided"]
