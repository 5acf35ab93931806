"""Delivery from the journal to the HIS: each entry once or visibly parked, whatever goes wrong."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from downtime.clock import ManualClock
from downtime.errors import InUseError, SameIdOtherBodyError
from downtime.outcome import InDoubt
from downtime.store import delivery_queries as queries
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.headlog import HeadLog
from sync import practice_tables as px
from sync.connector import Guarantee
from sync.connectors.memory import BrokenLinkError, Fault, MemoryConnector
from sync.connectors.sqlstaging import SqlStaging
from sync.contract_entries import HOSPITAL, charge, dispense, made_up_entry, registration, reversal
from sync.practice_his import PracticeConnector, post_staged
from sync.worker import Round, deliver_once
from tests.sync.entries import charges, resend_decided
from tests.sync.test_contract import refuse_poison

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from downtime.entry import Entry
    from sync.connector import Connector
    from tests.sync.entries import MadeUpBook


def run(
    book: MadeUpBook, connector: Connector, clock: ManualClock | None = None, *, respect_waits: bool = False
) -> Round:
    """Run one round and check that its counts and sums add up to the whole book."""
    done = deliver_once(book, connector, clock=clock or ManualClock(), respect_waits=respect_waits)
    assert sum(line.entries for line in done.standing) == done.total.entries
    assert sum(line.amount_minor for line in done.standing) == done.total.amount_minor
    return done


def states(done: Round) -> dict[str, int]:
    """Return entries by state."""
    return {line.state: line.entries for line in done.standing}


def memory(*faults: Fault | None, guarantee: Guarantee = Guarantee.RESEND) -> MemoryConnector:
    """Return a HIS in memory with scripted faults."""
    return MemoryConnector(HOSPITAL, guarantee=guarantee, faults=faults)


def booked(connector: MemoryConnector, entries: Iterable[Entry]) -> list[int]:
    """Return how often each entry was booked."""
    return [len(connector.his.postings.get(entry.id, ())) for entry in entries]


def test_an_outage_reaches_the_his_and_its_documents_come_back(book: MadeUpBook, his: Engine) -> None:
    """Registration, charges, dispense and reversal are booked once; formal documents are found both ways."""
    book.record(("registration", registration(1)), ("charge", charge(1, temporary=True)))
    paid = book.record(("charge", charge(2)))[0]
    book.record(("dispense", dispense(2, paid.id)))
    undone = book.record(("charge", charge(3)))[0]
    book.record(("reversal", reversal(undone.id)))
    done = run(book, PracticeConnector(HOSPITAL, his))
    assert states(done) == {"accepted": 6}
    assert done.comparison is not None
    assert done.agrees, done.comparison.differences
    assert done.comparison.money_theirs == {"CNY": 4 * 1925}
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    formal = queries.formal_of(look, paid.id)
    assert [document.number[:2] for document in formal] == ["PX", "PX"]
    assert queries.entries_of(look, formal[0].number) == [paid.id]
    voided = queries.formal_of(look, book.entries[-1].id)
    assert {document.status for document in voided} == {"void"}
    assert queries.entries_of(look, voided[0].number) == [undone.id, book.entries[-1].id]
    look.close()


def test_one_poisoned_entry_in_a_thousand_holds_up_only_what_names_it(book: MadeUpBook, his: Engine) -> None:
    """999 go through; the poisoned one is refused with the database's words; its dispense waits."""
    refuse_poison(his)
    book.record(*charges(500))
    poison = book.record(("charge", charge(501, code="PX-POISON")))[0]
    book.record(*charges(499, first=502))
    names_it = book.record(("dispense", dispense(501, poison.id)))[0]
    done = run(book, SqlStaging(HOSPITAL, his))
    assert states(done) == {"handed_over": 999, "rejected": 1, "owed": 1}
    again = run(book, SqlStaging(HOSPITAL, his))
    assert again.held == {names_it.id: poison.id}
    assert again.sent == 0


def test_only_a_decision_sends_a_refused_entry_again(book: MadeUpBook, his: Engine) -> None:
    """The HIS refuses an item it does not know; after IT adds it and decides, the entry is booked."""
    with his.begin() as connection:
        connection.execute(px.item.insert(), [{"code": "PX-AMX"}])
    refused = book.record(("charge", charge(1)))[0]
    connector = PracticeConnector(HOSPITAL, his)
    assert states(run(book, connector)) == {"rejected": 1}
    with his.begin() as connection:
        connection.execute(px.item.insert(), [{"code": "PX-GLU"}])
    assert states(run(book, connector)) == {"rejected": 1}
    book.record(resend_decided(refused.id, "practice"))
    assert states(run(book, connector)) == {"accepted": 1}


def test_ten_starts_of_the_worker_are_one_posting(book: MadeUpBook, his: Engine) -> None:
    """However often delivery and the vendor's job run, each entry is booked once."""
    book.record(*charges(30))
    for _start in range(10):
        run(book, PracticeConnector(HOSPITAL, his))
        post_staged(his)
    with his.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(px.posting)) == 30
        assert connection.scalar(select(func.sum(px.posting.c.total_minor))) == 30 * 1925


def test_a_reply_lost_after_the_his_committed_is_asked_for_not_sent_again(book: MadeUpBook) -> None:
    """A HIS without our key books it once all the same, because it is asked first."""
    entries = book.record(*charges(3))
    connector = memory(None, "reply_lost", None, guarantee=Guarantee.QUERY)
    assert states(run(book, connector)) == {"accepted": 3}
    assert booked(connector, entries) == [1, 1, 1]


def test_a_his_that_can_neither_dedupe_nor_be_asked_gets_one_attempt(book: MadeUpBook) -> None:
    """What stays unknown is parked, round after round, until a person decides."""
    entries = book.record(*charges(2))
    connector = memory("request_lost", None, guarantee=Guarantee.ONE_ATTEMPT)
    for _round in range(3):
        assert states(run(book, connector)) == {"in_doubt": 1, "accepted": 1}
    assert booked(connector, entries) == [0, 1]
    book.record(resend_decided(entries[0].id, "memory"))
    assert states(run(book, connector)) == {"accepted": 2}
    assert booked(connector, entries) == [1, 1]


def test_a_crash_between_sending_and_answer_is_a_doubt_not_a_loss(book: MadeUpBook) -> None:
    """Only "sending" was written: the next start asks, and sends only what is not there."""
    entries = book.record(*charges(2))
    connector = memory(guarantee=Guarantee.QUERY)
    sent = [connector.compose(entry) for entry in entries]
    assert isinstance(sent[0], bytes)
    connector.his.post(sent[0])
    with Deliveries(
        book.deliveries_path, book.key, heads=HeadLog(book.head_path), sign=book.sign,
        first_entry_hash=entries[0].hash,
    ) as deliveries:  # fmt: skip
        facts = [
            Fact(entry.seq, entry.id, 1, None, body)
            for entry, body in zip(entries, sent, strict=True)
            if isinstance(body, bytes)
        ]
        deliveries.append("memory", facts, at="2026-01-05T08:20:00.000+08:00", journal_seq=2)
    assert states(run(book, connector)) == {"accepted": 2}
    assert booked(connector, entries) == [1, 1]


def test_a_program_that_breaks_in_mid_batch_leaves_answers_and_doubts(book: MadeUpBook) -> None:
    """What was answered is recorded, the rest is in doubt, and the fault is not hidden."""
    entries = book.record(*charges(3))
    connector = memory(None, "breaks", guarantee=Guarantee.QUERY)
    with pytest.raises(BrokenLinkError):
        run(book, connector)
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    assert {line.state: line.entries for line in queries.standing(look, "memory")} == {
        "accepted": 1,
        "in_doubt": 2,
    }
    assert isinstance(queries.history(look, entries[2].id)[-1].outcome, InDoubt)
    look.close()
    assert states(run(book, connector)) == {"accepted": 3}
    assert booked(connector, entries) == [1, 1, 1]


def test_wrong_and_double_answers_change_nothing(book: MadeUpBook) -> None:
    """An answer under another id is no answer; a second answer does not undo the first."""
    entries = book.record(*charges(2))
    connector = memory("wrong_id", "double_reply")
    assert states(run(book, connector)) == {"accepted": 2}
    assert booked(connector, entries) == [1, 1]


def test_an_entry_waits_for_what_it_names_and_the_rest_flows(book: MadeUpBook) -> None:
    """A refused registration holds its patient's charge; a refused charge its dispense; nobody else."""
    unknown, theirs = book.record(("registration", registration(1)), ("charge", charge(1, temporary=True)))
    paid = book.record(("charge", charge(2)))[0]
    handed = book.record(("dispense", dispense(2, paid.id)))[0]
    book.record(*charges(3, first=10))
    connector = memory("refused", "refused")
    done = run(book, connector)
    assert done.held == {theirs.id: unknown.id, handed.id: paid.id}
    assert states(done) == {"rejected": 2, "owed": 2, "accepted": 3}


def test_order_is_kept_while_an_earlier_entry_of_the_patient_is_open(book: MadeUpBook) -> None:
    """Two charges of one patient do not overtake each other; a refused one does not hold the next."""
    first, second = book.record(("charge", charge(1)), ("charge", charge(1, code="PX-2")))
    connector = memory("request_lost", guarantee=Guarantee.ONE_ATTEMPT)
    done = run(book, connector)
    assert done.held == {second.id: first.id}
    assert booked(connector, [first, second]) == [0, 0]


def test_a_his_that_is_down_is_left_alone_for_longer_and_longer(book: MadeUpBook) -> None:
    """The wait doubles, is kept in the file, and a person who asks for a round does not wait."""
    book.record(*charges(1))
    clock, connector = ManualClock(), memory()
    connector.his.is_down = True
    assert run(book, connector, clock).unreachable
    assert run(book, connector, clock, respect_waits=True).waits
    clock.turn(wall_seconds=6)
    assert run(book, connector, clock, respect_waits=True).unreachable
    clock.turn(wall_seconds=6)
    assert run(book, connector, clock, respect_waits=True).waits
    clock.turn(wall_seconds=-86_400)
    connector.his.is_down = False
    assert states(run(book, connector, clock, respect_waits=True)) == {"accepted": 1}
    connector.his.is_down = True
    run(book, connector, clock)
    clock.turn(wall_seconds=6)
    assert run(book, connector, clock, respect_waits=True).unreachable


def test_two_workers_at_once_are_one(book: MadeUpBook) -> None:
    """While one delivers, another is told who has the file and sends nothing."""
    entries = book.record(*charges(5))
    entered, leave = threading.Event(), threading.Event()

    class Slow(MemoryConnector):
        def reach(self) -> None:
            entered.set()
            assert leave.wait(30)

    slow = Slow(HOSPITAL)
    first = threading.Thread(target=lambda: deliver_once(book, slow, clock=ManualClock()))
    first.start()
    assert entered.wait(30)
    with pytest.raises(InUseError):
        deliver_once(book, slow, clock=ManualClock())
    leave.set()
    first.join(30)
    assert booked(slow, entries) == [1] * 5


def test_other_content_under_our_id_stops_the_round_after_all_other_answers(book: MadeUpBook) -> None:
    """The clash is raised and stands as refused; the other entries of the batch are recorded as accepted."""
    entries = book.record(*charges(3))
    connector = memory()
    other = made_up_entry(9, "charge", charge(9), entry_id=entries[1].id)
    sent = connector.compose(other)
    assert isinstance(sent, bytes)
    connector.his.post(sent)
    with pytest.raises(SameIdOtherBodyError):
        run(book, connector)
    assert states(run(book, connector)) == {"accepted": 2, "rejected": 1}


def test_what_the_his_booked_wrong_is_named_field_by_field(book: MadeUpBook) -> None:
    """A price changed on the way shows as a difference of field, money and controlled quantity."""
    paid = book.record(("charge", charge(1)))[0]
    book.record(("dispense", dispense(1, paid.id)))

    class Wrong(MemoryConnector):
        def read_back(self, ids):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 (a stand-in)
            for entry_id, facts in super().read_back(ids):
                wrong = {**facts, "line 1 quantity": "2"}
                yield entry_id, wrong | ({"total_minor": 1} if facts["form"] == "charge" else {})

    done = deliver_once(book, Wrong(HOSPITAL), clock=ManualClock(), controlled=frozenset({"PX-AMX"}))
    assert done.comparison is not None
    assert not done.agrees
    assert done.comparison.money_ours != done.comparison.money_theirs
    assert str(done.comparison.controlled_ours["PX-AMX"]) == "2.5"
    assert str(done.comparison.controlled_theirs["PX-AMX"]) == "2"
    named = {(found.field, found.theirs) for found in done.comparison.differences}
    assert named == {("line 1 quantity", "2"), ("total_minor", 1)}


def test_a_resend_is_the_same_bytes_and_they_are_kept_once(book: MadeUpBook) -> None:
    """The exact bytes of the attempt stay in the file; the second attempt repeats them."""
    entry = book.record(*charges(1))[0]
    connector = memory("unreachable")
    run(book, connector)
    assert states(run(book, connector)) == {"accepted": 1}
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    kept = look.execute("SELECT sent FROM deliveries.delivery WHERE sent IS NOT NULL").fetchall()
    assert kept == [(connector.compose(entry),)]
    sealed = look.execute("SELECT sealed FROM deliveries.delivery WHERE state = 'sending'").fetchall()
    assert len({json.loads(row[0])["sent_sha256"] for row in sealed}) == 1
    look.close()
