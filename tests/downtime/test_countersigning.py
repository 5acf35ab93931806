"""Countersigning: what was done alone is signed by somebody else, once, in whatever book; forgeries are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.approvals import approve_alone, approve_by_code, approved_bytes
from downtime.awaiting import AwaitingWatch, awaiting, awaiting_in_book, disagreed
from downtime.clock import ManualClock
from downtime.countersigning import countersign
from downtime.envelopes import new_code_sheet
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.obstacles import NotYet
from downtime.record import Recorded, new_entry_id, record, record_event
from downtime.sealing import Filled
from downtime.sign_off import finished_book, sign_off
from downtime.store import delivery_queries, journal
from downtime.verify import verify_book
from forms.trust import Countersigned
from tests.downtime.builders import charge, line, reversal, stand
from tests.downtime.kept_books import finish_book, make_station, opened, password_of, ring_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.home import Home

_MINUTE = 60


@pytest.fixture
def clock() -> ManualClock:
    """Return the station's clock."""
    return ManualClock()


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Home:
    """Return a station with everybody."""
    return make_station(tmp_path / "home", clock)


@pytest.fixture
def book(home: Home, clock: ManualClock) -> Iterator[OpenBook]:
    """Return its book, opened by the cashier of the night."""
    found = opened(home, "1001", clock)
    yield found
    found.close()


def _alone(book: OpenBook, *, by_code: bool = False) -> Entry:
    """Reverse something dear alone; return the approval that waits."""
    filled = Filled(reversal(stand(book, charge([line(price=30_000, quantity="1")]))), new_entry_id())
    if by_code:
        _sheet, codes = new_code_sheet(book.ring, "练习总值班")
        approval = approve_by_code(book, filled, "reversal", codes[0], "夜间")
    else:
        approval = approve_alone(filled, "reversal", "夜班一人")
    recorded = record(book, filled, approval)
    assert isinstance(recorded, Recorded), recorded
    found = journal.last_of_form(book.db, "approval")
    assert found is not None
    return found


def _sign(
    book: OpenBook, approval: Entry, by: str = "1006", *, agreed: bool = True, reason: str = ""
) -> None:
    record_event(book, countersign(book, approval, by, password_of(by), agreed=agreed, reason=reason))


def _waiting(book: OpenBook) -> list[str]:
    return [one.approval.id for one in awaiting(book.home, book.ring)]


def test_it_waits_until_somebody_else_signs(book: OpenBook) -> None:
    """Newest first, with what was done; signed, it waits no more, and everything verifies."""
    first, second = _alone(book), _alone(book)
    assert _waiting(book) == [second.id, first.id]
    (one, _other) = awaiting(book.home, book.ring)
    assert one.entry is not None
    assert one.entry.form == "reversal"
    _sign(book, second)
    assert _waiting(book) == [first.id]
    assert verify_book(book.home, book.ring, book.paths).whole


def test_nobody_countersigns_their_own_act_or_without_the_right(book: OpenBook) -> None:
    """The cashier, an IT person, an auditor: none of them; a wrong password neither."""
    approval = _alone(book)
    for operator in ("1001", "4001", "4003"):
        with pytest.raises(AccessRefusedError):
            countersign(book, approval, operator, password_of(operator), agreed=True)
    with pytest.raises(AccessRefusedError):
        countersign(book, approval, "1006", "wrong", agreed=True)
    assert _waiting(book) == [approval.id]


def test_it_is_signed_once(book: OpenBook) -> None:
    """The second signature is refused, also one that was made before the first was recorded."""
    approval = _alone(book)
    early = countersign(book, approval, "1007", password_of("1007"), agreed=True)
    _sign(book, approval)
    with pytest.raises(RefusedInputError):
        countersign(book, approval, "1007", password_of("1007"), agreed=True)
    with pytest.raises(RefusedInputError):
        record_event(book, early)


def test_not_agreed_needs_a_reason_and_stays_listed(book: OpenBook) -> None:
    """It waits no more, and is listed with who disagreed and why."""
    approval = _alone(book)
    with pytest.raises(RefusedInputError):
        countersign(book, approval, "1006", password_of("1006"), agreed=False, reason=" ")
    _sign(book, approval, agreed=False, reason="没有依据")
    assert _waiting(book) == []
    (one,) = disagreed(book.home, book.ring)
    assert one.approval.id == approval.id
    assert one.answer is not None
    assert one.answer.content["reason"] == "没有依据"


def test_forged_countersignatures_are_refused_by_the_recorder(book: OpenBook) -> None:
    """Another answer, another entry, a stranger's signature, a name without the right, an approval by two."""
    approval = _alone(book)
    good = countersign(book, approval, "1006", password_of("1006"), agreed=True)
    own = ring_of(book.home, "1001")
    message = approved_bytes(
        approval.content["entry_id"], approval.content["body_hash"], "reversal", "agreed"
    )
    mine = {"operator": "1001", "public": own.personal_public.hex(), "signature": own.sign(message).hex()}
    signed_by_two = stand(book, reversal(stand(book, charge([line(price=30_000, quantity="1")]))))
    by_two = journal.last_of_form(book.db, "approval")
    assert by_two is not None
    for forged in (
        good.model_copy(update={"agreed": False, "reason": "x"}),
        good.model_copy(update={"entry_id": signed_by_two.id}),
        good.model_copy(update={"body_hash": "00" * 32}),
        good.model_copy(update={"approval_id": new_entry_id()}),
        good.model_copy(update={"approval_id": by_two.id, "entry_id": signed_by_two.id}),
        good.model_copy(update={"signed": good.signed.model_copy(update={"signature": "00" * 64})}),
        good.model_copy(update={"signed": good.signed.model_copy(update={"operator": "1007"})}),
        good.model_copy(update={"signed": good.signed.model_copy(update=mine)}),
    ):
        for as_station in (False, True):
            with pytest.raises(RefusedInputError):
                record_event(book, forged, as_station=as_station)
    assert approval.id in _waiting(book)
    record_event(book, good)


def test_a_role_removed_meanwhile_countersigns_nothing(book: OpenBook, home: Home) -> None:
    """The account was closed between typing and recording."""
    from downtime.account_changes import close_account

    approval = _alone(book)
    form = countersign(book, approval, "1006", password_of("1006"), agreed=True)
    other = opened(home, "1007", book.clock)  # type: ignore[arg-type]  # the same clock
    close_account(other, "1006", "练习")
    other.close()
    with pytest.raises(RefusedInputError):
        record_event(book, form)


def test_an_older_book_is_countersigned_in_the_current_one(home: Home, clock: ManualClock) -> None:
    """The approval stands in book 1; the signature in book 2 counts, once, and both books verify."""
    book = opened(home, "1001", clock)
    approval = _alone(book)
    book.close()
    finish_book(home, clock)
    now = opened(home, "1001", clock)
    assert [one.approval.id for one in awaiting_in_book(home, now.ring, 1)] == [approval.id]
    assert awaiting_in_book(home, now.ring, 2) == []
    _sign(now, approval)
    assert awaiting_in_book(home, now.ring, 1) == []
    with pytest.raises(RefusedInputError):
        countersign(now, approval, "1007", password_of("1007"), agreed=True)
    now.close()
    ring = ring_of(home, "4003")
    assert all(verify_book(home, ring, paths).whole for paths in home.books())


def test_a_countersignature_that_never_comes_stays_listed_and_blocks_the_sign_off(
    home: Home, clock: ManualClock
) -> None:
    """Weeks later it is still there; only then the book can be signed off."""
    book = opened(home, "1001", clock)
    approval = _alone(book)
    book.close()
    finish_book(home, clock)
    clock.turn(wall_seconds=40 * 86_400, passed_seconds=40 * 86_400)
    now = opened(home, "1006", clock)
    assert _waiting(now) == [approval.id]
    assert "countersign" in [one.kind for one in finished_book(home, now.ring, 1).stopped_by()]
    assert isinstance(sign_off(now, ring_of(home, "4003"), 1, "手工补录完毕"), NotYet)
    _sign(now, approval)
    assert isinstance(sign_off(now, ring_of(home, "4003"), 1, "手工补录完毕"), Recorded)
    now.close()


def test_a_code_is_overdue_after_its_minutes(book: OpenBook, clock: ManualClock) -> None:
    """Thirty minutes by default; what was done alone has until the sign-off."""
    alone, by_code = _alone(book), _alone(book, by_code=True)
    found = {one.approval.id: one for one in awaiting(book.home, book.ring)}
    assert not found[by_code.id].is_overdue(clock.now().wall)
    clock.turn(wall_seconds=31 * _MINUTE, passed_seconds=31 * _MINUTE)
    assert found[by_code.id].is_overdue(clock.now().wall)
    assert not found[alone.id].is_overdue(clock.now().wall)
    assert found[alone.id].due_at == ""


def test_the_watch_sees_what_comes_and_goes(home: Home, clock: ManualClock) -> None:
    """It reads finished books once and the current one when it holds something new."""
    book = opened(home, "1001", clock)
    old = _alone(book)
    book.close()
    finish_book(home, clock)
    now = opened(home, "1001", clock)
    watch = AwaitingWatch(home, now.ring, now.paths.number)
    db = delivery_queries.look(now.paths.journal, now.paths.deliveries, now.key)
    assert [one.approval.id for one in watch.look(db)] == [old.id]
    fresh = _alone(now)
    assert [one.approval.id for one in watch.look(db)] == [fresh.id, old.id]
    _sign(now, old)
    assert [one.approval.id for one in watch.look(db)] == [fresh.id]
    db.close()
    now.close()


def test_only_whoever_may_sees_it_as_theirs(book: OpenBook) -> None:
    """A supervisor may sign it; the cashier who did it, an auditor and IT may not."""
    _alone(book)
    (one,) = awaiting(book.home, book.ring)
    may = {
        number
        for number in ("1001", "1006", "1007", "4001", "4003")
        if one.may_be_signed_by(ring_of(book.home, number).person)
    }
    assert may == {"1006", "1007"}


def test_the_form_says_what_it_names(book: OpenBook) -> None:
    """Approval and entry are both linked, so either leads to the signature."""
    approval = _alone(book)
    _sign(book, approval)
    signed = journal.last_of_form(book.db, Countersigned.name)
    assert signed is not None
    assert signed.refers_to == (approval.id, approval.content["entry_id"])
