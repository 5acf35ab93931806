"""From the hub to the HIS: once, in order per visit, across stations, with one worker or several."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from downtime.clock import ManualClock
from sync.connectors.memory import BrokenLinkError, MemoryConnector, MemoryHis
from sync.contract_entries import (
    HOSPITAL,
    charge,
    dispense,
    made_up_entry,
    made_up_id,
    patient,
    registration,
)
from sync.hub.arrivals import Place
from sync.hub.arrived import Arrived
from sync.hub.chain import ChainWalk
from sync.hub.database import open_store
from sync.hub.delivering import HubRound, decide_resend, deliver_round, standing
from sync.hub.judging import Judged, Work
from sync.practice_his import PracticeConnector, open_practice_his
from tests.sync.hub.hubs import RunningHub, make_hub, stop_hub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from downtime.entry import Entry
    from sync.connector import Connector
    from sync.hub.database import Database

KEY = bytes(32)


@pytest.fixture
def running(tmp_path: Path, store_url: str) -> Iterator[RunningHub]:
    """A hub for the hospital of made-up entries."""
    made = make_hub(tmp_path / "hub", store_url=store_url, hospital=HOSPITAL)
    yield made
    stop_hub(made)


def put(running: RunningHub, station: str, entries: Sequence[Entry]) -> None:
    """Let entries stand verified at the hub as if they had come up from ``station``."""
    receiver = running.hub.reception.receiver
    work = Work(Place(station, "A", 7), ChainWalk(7, lambda _letter: (b"", b"")))
    for entry in entries:
        arrived = Arrived.read(entry.seq, bytes(16), entry.sealed, entry.hash)
        work.judged.append(Judged(arrived, "", chained=True))
    with running.hub.db.writing():
        receiver._keep(work)


def again(running: RunningHub) -> Database:
    """Open the hub's store once more."""
    place = running.place
    return open_store(place.settings.store.url, place.store_file, running.hub.keys.store)


def run(running: RunningHub, connector: Connector) -> HubRound:
    """Run one round of one worker."""
    claims = again(running)
    try:
        return deliver_round(running.hub.db, claims, connector, ManualClock())
    finally:
        claims.close()


def charges(count: int, *, first: int = 1, station: str = "W1") -> list[Entry]:
    """Return charges of as many patients."""
    return [
        made_up_entry(n, "charge", charge(n), entry_id=made_up_id(f"{station} {n}"))
        for n in range(first, first + count)
    ]


def booked(his: MemoryHis, entries: Sequence[Entry]) -> set[int]:
    """Return how often each entry was booked."""
    return {len(his.postings.get(entry.id, ())) for entry in entries}


def test_what_all_stations_sent_is_in_the_his_once(running: RunningHub, tmp_path: Path) -> None:
    """Staging tables, vendor job, formal documents: the hub delivers as a station would."""
    for n, station in enumerate(("W1", "W2", "W3")):
        put(running, station, charges(20, first=1 + 20 * n, station=station))
    connector = PracticeConnector(HOSPITAL, open_practice_his(tmp_path / "his.db"))
    done = run(running, connector)
    assert (done.sent, done.held, done.agrees) == (60, {}, True)
    assert standing(running.hub.db, "practice") == {"accepted": 60}
    row = running.hub.db.row("SELECT n, id FROM entry ORDER BY n LIMIT 1")
    assert row is not None
    assert running.hub.reception.outcome(*row).state == "accepted"
    assert run(running, connector).sent == 0
    connector.close()


def test_a_dispense_waits_for_another_stations_charge(running: RunningHub) -> None:
    """The charge comes up a day later: until then the dispense is held, and nothing else is."""
    (paid,) = charges(1)
    given = made_up_entry(9, "dispense", dispense(1, paid.id), entry_id=made_up_id("given"))
    other = charges(1, first=5, station="W2")
    put(running, "W2", [given, *other])
    his = MemoryHis()
    done = run(running, MemoryConnector(HOSPITAL, his=his))
    assert list(done.held) == [given.id]
    assert booked(his, other) == {1}
    assert booked(his, [given]) == {0}
    put(running, "W1", [paid])
    run(running, MemoryConnector(HOSPITAL, his=his))
    assert booked(his, [paid, given, *other]) == {1}
    assert list(his.postings).index(paid.id) < list(his.postings).index(given.id)


def test_what_names_each_other_in_a_circle_is_held_and_nothing_else(running: RunningHub) -> None:
    """Two entries that each need the other go nowhere; their neighbours do."""
    one, two = made_up_id("one"), made_up_id("two")
    circle = [
        made_up_entry(1, "dispense", dispense(1, two), entry_id=one),
        made_up_entry(2, "dispense", dispense(2, one), entry_id=two),
    ]
    others = charges(2, first=5)
    put(running, "W1", [*circle, *others])
    his = MemoryHis()
    assert set(run(running, MemoryConnector(HOSPITAL, his=his)).held) == {one, two}
    assert booked(his, others) == {1}


def test_a_charge_waits_for_the_registration_of_its_patient(running: RunningHub) -> None:
    """A temporary number only another station knows goes to the HIS after its registration."""
    known = made_up_entry(1, "registration", registration(4), entry_id=made_up_id("known"))
    paid = made_up_entry(2, "charge", charge(4, temporary=True), entry_id=made_up_id("paid"))
    put(running, "W2", [paid])
    his = MemoryHis()
    assert list(run(running, MemoryConnector(HOSPITAL, his=his)).held) == [paid.id]
    put(running, "W1", [known])
    run(running, MemoryConnector(HOSPITAL, his=his))
    assert booked(his, [known, paid]) == {1}


def test_a_registration_is_not_held_behind_what_waits_for_it(running: RunningHub) -> None:
    """Two stations served one unknown patient; what came up first waits for the registration that came up last."""
    visit = {
        "number": "VX000004", "kind": "outpatient", "department": "D1", "department_name": "", "doctor": "",
        "doctor_name": "", "temporary": False,
    }  # fmt: skip
    paid = made_up_entry(
        1, "charge", {**charge(4, temporary=True), "visit": visit}, entry_id=made_up_id("paid")
    )
    gone = {**dispense(4, paid.id), "patient": patient(4, temporary=True)}
    given = made_up_entry(2, "dispense", gone, entry_id=made_up_id("given"))
    known = made_up_entry(1, "registration", registration(4), entry_id=made_up_id("known"))
    put(running, "W2", [paid, given])
    put(running, "W1", [known])
    his = MemoryHis()
    assert run(running, MemoryConnector(HOSPITAL, his=his)).held == {}
    assert booked(his, [paid, given, known]) == {1}


def test_whatever_the_line_does_each_entry_arrives_once(running: RunningHub) -> None:
    """Answers lost, late, doubled, refused or under another id: no double, and what is refused is visible."""
    entries = charges(60)
    put(running, "W1", entries)
    faults: list[Any] = [
        None,
        "reply_lost",
        "request_lost",
        "late",
        "unreachable",
        "slow",
        "wrong_id",
        "double_reply",
    ] * 8
    his = MemoryHis()
    for n in range(8):
        his.settle()
        run(running, MemoryConnector(HOSPITAL, his=his, faults=faults if not n else ()))
    assert booked(his, entries) == {1}
    assert standing(running.hub.db, "memory") == {"accepted": 60}


def test_a_worker_killed_while_sending_leaves_a_question(running: RunningHub) -> None:
    """The next worker asks before anything is sent again."""
    entries = charges(5)
    put(running, "W1", entries)
    his = MemoryHis()
    with pytest.raises(BrokenLinkError):
        run(running, MemoryConnector(HOSPITAL, his=his, faults=[None, "breaks"]))
    run(running, MemoryConnector(HOSPITAL, his=his))
    assert booked(his, entries) == {1}
    assert standing(running.hub.db, "memory") == {"accepted": 5}


def test_one_refused_entry_holds_back_nobody_and_goes_again_when_decided(running: RunningHub) -> None:
    """Rejected once, it waits for a person; decided, it arrives; decided twice changes nothing."""
    entries = charges(3)
    put(running, "W1", entries)
    his = MemoryHis()
    run(running, MemoryConnector(HOSPITAL, his=his, faults=["refused"]))
    assert standing(running.hub.db, "memory") == {"rejected": 1, "accepted": 2}
    run(running, MemoryConnector(HOSPITAL, his=his))
    assert standing(running.hub.db, "memory") == {"rejected": 1, "accepted": 2}
    assert decide_resend(running.hub.db, "memory", entries[0].id, "")
    assert not decide_resend(running.hub.db, "memory", entries[0].id, "")
    run(running, MemoryConnector(HOSPITAL, his=his))
    assert standing(running.hub.db, "memory") == {"accepted": 3}
    assert booked(his, entries) == {1}


def test_a_his_that_is_down_costs_nothing(running: RunningHub) -> None:
    """Nothing is sent, nothing is marked, and it is said."""
    put(running, "W1", charges(3))
    done = run(running, MemoryConnector(HOSPITAL, his=MemoryHis(is_down=True)))
    assert done.unreachable is not None
    assert standing(running.hub.db, "memory") == {"owed": 3}


def test_several_workers_deliver_each_entry_once(running: RunningHub) -> None:
    """Two workers at the same time: no queue is in two hands, whatever the store."""
    entries = charges(120)
    put(running, "W1", entries)
    his = MemoryHis()
    his_lock = threading.Lock()
    failures: list[BaseException] = []

    class Guarded(MemoryConnector):
        """A HIS that takes one call at a time."""

        def _send(self, batch: Any) -> Any:
            with his_lock:
                return list(super()._send(batch))

    def work() -> None:
        db, claims = again(running), again(running)
        try:
            deliver_round(db, claims, Guarded(HOSPITAL, his=his, batch_max=7), ManualClock())
        except BaseException as failure:  # noqa: BLE001 (told below)
            failures.append(failure)
        finally:
            db.close()
            claims.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert booked(his, entries) == {1}
    assert standing(running.hub.db, "memory") == {"accepted": 120}
    steps = running.hub.db.rows("SELECT count(*) FROM delivery WHERE state = 'sending'")
    assert steps == [(120,)], "nothing was sent twice"


def test_a_queue_in_hand_is_skipped_by_the_next_worker(running: RunningHub) -> None:
    """While one worker holds the first queues, another gets others, or none where there is one writer."""
    put(running, "W1", charges(4))
    one, two = again(running), again(running)
    with one.claimed(0, 2, "memory") as mine, two.claimed(0, 10, "memory") as theirs:
        assert len(mine) == 2
        assert not {key for _n, key in mine} & {key for _n, key in theirs}
        assert len(theirs) == (2 if running.hub.db.dialect == "postgresql" else 0)
    one.close()
    two.close()
