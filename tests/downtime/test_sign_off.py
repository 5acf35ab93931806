"""Sign-off: two people who never touched the money agree that a finished book is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.approvals import approve, approve_alone
from downtime.clock import ManualClock
from downtime.obstacles import NotYet
from downtime.outcome import Accepted, Rejected
from downtime.record import Recorded, new_entry_id, record, record_station_form
from downtime.sealing import Filled
from downtime.sign_off import finished_book, sign_off, sign_off_of
from downtime.signing import signature_is_good
from downtime.store.deliveries import Deliveries, Fact
from downtime.store.delivery_queries import first_entry_hash
from downtime.store.headlog import HeadLog
from downtime.store.journal import entries
from downtime.store.sqlite import open_database
from forms.station_book import OutageDeclared, OutageEnded
from tests.downtime.builders import charge, line, reversal, stand
from tests.downtime.kept_books import finish_book, make_station, opened, password_of, ring_of

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.home import Home
    from downtime.outcome import Outcome
    from forms.base import Form

CONNECTED: dict[str, Any] = {"connectors": {"practice": {"file": "practice-his.db"}}}
ACCEPTED = Accepted((), "PRACTICE-1")
REFUSED = Rejected("no such item")


@pytest.fixture
def clock() -> ManualClock:
    """Return the station's clock."""
    return ManualClock()


def _kinds(home: Home, number: int = 1) -> list[str]:
    return [one.kind for one in finished_book(home, ring_of(home, "4003"), number).obstacles]


def _signed(home: Home, clock: ManualClock, first: str, second: str, reason: str = "手工补录完毕") -> Any:
    book = opened(home, first, clock)
    outcome = sign_off(book, ring_of(home, second), 1, reason)
    book.close()
    return outcome


def _refused(outcome: Any) -> list[str]:
    assert isinstance(outcome, NotYet), outcome
    return [obstacle.kind for obstacle in outcome.obstacles]


def _agreed(book: OpenBook, form: Form) -> None:
    filled = Filled(form, new_entry_id())
    record_station_form(book, filled, approve(book, filled, "outage", "1007", password_of("1007")))


def _answer(home: Home, answers: dict[int, Outcome]) -> None:
    """Let the connector ``practice`` have answered about entries of book 1, by sequence number."""
    book = opened(home, "1001", ManualClock())
    book.close()
    paths, ring = home.book(1), ring_of(home, "1001")
    db = open_database(paths.journal, ring.book_key(1), read_only=True)
    ids = {entry.seq: entry.id for entry in entries(db)}
    first = first_entry_hash(db)
    db.close()
    assert first is not None
    sign = ring.signing_key().sign
    heads = HeadLog(paths.deliveries_head)
    with Deliveries(
        paths.deliveries, ring.book_key(1), heads=heads, sign=sign, first_entry_hash=first
    ) as deliveries:
        for seq, answer in answers.items():
            fact = Fact(seq, ids[seq], 1, answer)
            deliveries.append("practice", [fact], at="2026-01-05T08:30:00.000+00:00", journal_seq=seq)


def test_two_people_sign_a_settled_book(tmp_path: Path, clock: ManualClock) -> None:
    """The signatures stand in the current book and cover exactly the finished book's head."""
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    outcome = _signed(home, clock, "1006", "4003")
    assert isinstance(outcome, Recorded)
    content = outcome.entry.content
    finished = finished_book(home, ring_of(home, "4003"), 1)
    assert outcome.entry.book == 2
    assert (content["head"], content["entries"]) == (finished.head, finished.entries)
    assert [one["operator"] for one in content["signed"]] == ["1006", "4003"]
    for one in content["signed"]:
        slot = home.keys.slot(one["operator"])
        assert slot is not None
        assert slot.signing == one["public"]
        assert signature_is_good(
            bytes.fromhex(one["public"]), bytes.fromhex(one["signature"]), finished.signed_bytes()
        )
    found = sign_off_of(home, ring_of(home, "4003"), 1, finished.head, finished.entries)
    assert found is not None
    assert found.id == outcome.entry.id
    assert _refused(_signed(home, clock, "1006", "4003")) == ["already"]


def test_the_current_book_is_not_signed_off(tmp_path: Path, clock: ManualClock) -> None:
    """A book ends when the next one is opened."""
    home = make_station(tmp_path / "home", clock)
    assert _refused(_signed(home, clock, "1006", "4003")) == ["current"]


def test_one_person_is_not_two(tmp_path: Path, clock: ManualClock) -> None:
    """Nobody signs twice."""
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    assert _refused(_signed(home, clock, "4003", "4003")) == ["same_person"]


def test_whoever_took_money_does_not_check_it(tmp_path: Path, clock: ManualClock) -> None:
    """A supervisor who stood in at the till of this book cannot sign it off; neither can a cashier."""
    home = make_station(tmp_path / "home", clock)
    book = opened(home, "1007", clock)
    stand(book, charge())
    book.close()
    finish_book(home, clock)
    assert _refused(_signed(home, clock, "1007", "4003")) == ["took_money"]
    assert _refused(_signed(home, clock, "1006", "1007")) == ["took_money"]
    assert _refused(_signed(home, clock, "4003", "1001")) == ["no_right", "took_money"]
    assert isinstance(_signed(home, clock, "1006", "4003"), Recorded)


def test_an_outage_that_was_never_ended_stands_in_the_way(tmp_path: Path, clock: ManualClock) -> None:
    """It may still be ended in the book after."""
    home = make_station(tmp_path / "home", clock)
    book = opened(home, "1006", clock)
    _agreed(book, OutageDeclared(outage="X1"))
    book.close()
    finish_book(home, clock)
    assert "outage" in _kinds(home)
    book = opened(home, "1006", clock)
    _agreed(book, OutageEnded(outage="X1"))
    book.close()
    assert "outage" not in _kinds(home)


def test_every_entry_needs_its_final_answer(tmp_path: Path, clock: ManualClock) -> None:
    """Owed entries stop the sign-off; accepted ones do not."""
    home = make_station(tmp_path / "home", clock, **CONNECTED)
    finish_book(home, clock, charges=2)
    assert "unanswered" in _kinds(home)
    seqs = [entry.seq for entry in _charges(home)]
    _answer(home, dict.fromkeys(seqs, ACCEPTED))
    assert not {"unanswered", "rejected"} & set(_kinds(home))


def test_a_refused_entry_needs_somebody_to_decide(tmp_path: Path, clock: ManualClock) -> None:
    """Refused and reversed settles itself: the HIS never had it, and we do not have it any more."""
    home = make_station(tmp_path / "home", clock, **CONNECTED)
    book = opened(home, "1001", clock)
    refused = stand(book, charge())
    undone = stand(book, charge())
    stand(book, reversal(undone))
    book.close()
    finish_book(home, clock, charges=0)
    _answer(home, {refused.seq: REFUSED, undone.seq: REFUSED})
    assert _kinds(home)[0] == "rejected"
    what = finished_book(home, ring_of(home, "4003"), 1).obstacles[0].what
    assert what.startswith("1 ")


def test_approvals_given_later_must_have_come(tmp_path: Path, clock: ManualClock) -> None:
    """What was done alone at night waits for its countersignature."""
    home = make_station(tmp_path / "home", clock)
    book = opened(home, "1001", clock)
    dear = stand(book, charge([line(price=30_000, quantity="1")]))
    filled = Filled(reversal(dear), new_entry_id())
    assert isinstance(record(book, filled, approve_alone(filled, "reversal", "夜班一人")), Recorded)
    book.close()
    finish_book(home, clock)
    assert "countersign" in _kinds(home)


def test_a_station_without_a_his_says_why_it_is_settled(tmp_path: Path, clock: ManualClock) -> None:
    """Nobody but a person can know that everything was retyped; the reason is sealed."""
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    assert _refused(_signed(home, clock, "1006", "4003", reason=" ")) == ["no_connector"]


def test_receipts_nobody_printed_are_listed_and_stop_nothing(tmp_path: Path, clock: ManualClock) -> None:
    """The signers see them."""
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    listed = {one.kind: one.weight for one in finished_book(home, ring_of(home, "4003"), 1).obstacles}
    assert listed["not_printed"] == listed["unconfirmed"] == "listed"


def test_a_damaged_book_is_not_signed_off(tmp_path: Path, clock: ManualClock) -> None:
    """It is evidence."""
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    log = home.book(1).head_log
    log.write_bytes(log.read_bytes()[:-5] + b"xxxxx")
    assert _refused(_signed(home, clock, "1006", "4003")) == ["not_whole"]


def test_a_sign_off_of_another_head_does_not_count(tmp_path: Path, clock: ManualClock) -> None:
    """The signatures name head and length."""
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    _signed(home, clock, "1006", "4003")
    finished = finished_book(home, ring_of(home, "4003"), 1)
    assert sign_off_of(home, ring_of(home, "4003"), 1, "00" * 32, finished.entries) is None
    assert sign_off_of(home, ring_of(home, "4003"), 1, finished.head, finished.entries + 1) is None


def _charges(home: Home) -> list[Any]:
    db = open_database(home.book(1).journal, ring_of(home, "1001").book_key(1), read_only=True)
    found = list(entries(db, forms=("charge",)))
    db.close()
    return found


def test_a_refused_entry_of_a_closed_book_is_settled_by_name(tmp_path: Path, clock: ManualClock) -> None:
    """It can no longer be reversed or sent again: two people say what became of it, and sign exactly that."""
    home = make_station(tmp_path / "home", clock, **CONNECTED)
    book = opened(home, "1001", clock)
    refused = stand(book, charge())
    book.close()
    finish_book(home, clock, charges=0)
    _answer(home, {refused.seq: REFUSED})
    (stops,) = finished_book(home, ring_of(home, "4003"), 1).stopped_by()
    (item,) = stops.items
    assert (item.what, item.why) == (refused.number, REFUSED.reason)
    assert stops.settle
    assert _refused(_explained(home, clock, {item.key: " "})) == ["rejected"]
    assert _refused(_explained(home, clock, {item.key: "已手工录入", "rejected W99": "x"})) == ["unknown_key"]
    outcome = _explained(home, clock, {item.key: "已在 HIS 手工录入 PX-1"})
    assert isinstance(outcome, Recorded)
    (told,) = outcome.entry.content["explained"]
    assert (told["what"], told["reason"]) == (refused.number, "已在 HIS 手工录入 PX-1")
    finished = finished_book(home, ring_of(home, "4003"), 1)
    assert sign_off_of(home, ring_of(home, "4003"), 1, finished.head, finished.entries) is not None
    signed = outcome.entry.content["signed"][0]
    key, signature = bytes.fromhex(signed["public"]), bytes.fromhex(signed["signature"])
    assert not signature_is_good(key, signature, finished.signed_bytes())


def _explained(home: Home, clock: ManualClock, explained: dict[str, str]) -> Any:
    book = opened(home, "1006", clock)
    outcome = sign_off(book, ring_of(home, "4003"), 1, "", explained)
    book.close()
    return outcome
