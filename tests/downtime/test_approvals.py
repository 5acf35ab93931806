"""Two-person rules: every approval that does not hold is refused by the recorder itself, whoever calls it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from downtime.account_changes import close_account
from downtime.account_opening import open_account_at_the_door
from downtime.approvals import approve, approve_alone, approve_by_code, needed, rule_for, ways_open
from downtime.attempts import CODES, FAILURES_MAX, AccountLockedError, Attempts
from downtime.book import OpenBook
from downtime.envelopes import burnt_for, new_code_sheet
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.keys import Person
from downtime.record import Recorded, Refused, new_entry_id, record, record_event, record_events
from downtime.sealing import Filled
from forms.station_book import Audit, OutageDeclared
from tests.downtime.builders import (
    SECOND,
    SECOND_PASSWORD,
    charge,
    line,
    make_home,
    open_current,
    reversal,
    stand,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.home import Home
    from forms.trust import Approval

_RULE = "reversal"


def _dear(book: OpenBook, minor: int = 30_000) -> Entry:
    return stand(book, charge([line(price=minor, quantity="1")]))


def _wish(book: OpenBook, minor: int = 30_000) -> Filled:
    """Return a reversal above the limit, ready to be approved."""
    return Filled(reversal(_dear(book, minor)), new_entry_id())


def _signed(book: OpenBook, filled: Filled) -> Approval:
    return approve(book, filled, _RULE, SECOND, SECOND_PASSWORD)


def _is_refused(book: OpenBook, filled: Filled, approval: Approval | None) -> bool:
    return isinstance(record(book, filled, approval), Refused)


def test_above_the_limit_two_sign_below_it_one(open_book: OpenBook) -> None:
    """The limit is the setting's; without an approval nothing is recorded, with one it names the second person."""
    filled = _wish(open_book)
    assert rule_for(open_book, filled.form) == _RULE
    assert _is_refused(open_book, filled, None)
    recorded = record(open_book, filled, _signed(open_book, filled))
    assert isinstance(recorded, Recorded)
    assert recorded.entry.second_person == SECOND
    small = Filled(reversal(_dear(open_book, 20_000)), new_entry_id())
    assert rule_for(open_book, small.form) is None
    assert isinstance(record(open_book, small), Recorded)


def test_nobody_approves_their_own_act(open_book: OpenBook) -> None:
    """The operator's own password is refused although the role would do."""
    with pytest.raises(AccessRefusedError):
        approve(open_book, _wish(open_book), _RULE, "1001", "practice-1001")


def test_a_wrong_password_approves_nothing(open_book: OpenBook) -> None:
    """And counts as a failure of that account."""
    with pytest.raises(AccessRefusedError):
        approve(open_book, _wish(open_book), _RULE, SECOND, "wrong")
    assert Attempts(open_book.home.keys, open_book.clock).count(SECOND) == 1


def test_whoever_may_not_approve_is_refused(open_book: OpenBook, cheap_home: Home) -> None:
    """A cashier with the right password is no second person."""
    cheap_home.keys.enrol(open_book.ring, Person("1002", "练习员", ("cashier",)), "practice-1002")
    with pytest.raises(AccessRefusedError):
        approve(open_book, _wish(open_book), _RULE, "1002", "practice-1002")


def test_an_account_closed_meanwhile_approves_nothing(open_book: OpenBook, cheap_home: Home) -> None:
    """A signature given before the account was closed does not hold afterwards."""
    filled = _wish(open_book)
    approval = _signed(open_book, filled)
    cheap_home.keys.enrol(open_book.ring, Person("1007", "练习员", ("supervisor",)), "practice-1007")
    close_account(open_book, SECOND, "练习")
    assert _is_refused(open_book, filled, approval)
    assert not _is_refused(open_book, filled, approve(open_book, filled, _RULE, "1007", "practice-1007"))


def test_an_approval_holds_for_exactly_one_form(open_book: OpenBook) -> None:
    """For another amount, another id or another rule it is none; used once, it does not go to a second entry."""
    first, second = _wish(open_book), _wish(open_book, 40_000)
    approval = _signed(open_book, first)
    assert _is_refused(open_book, second, approval)
    assert _is_refused(open_book, replace(first, id=new_entry_id()), approval)
    assert _is_refused(open_book, first, approval.model_copy(update={"rule": "price_override"}))
    moved = {"entry_id": second.id, "body_hash": _signed(open_book, second).body_hash}
    assert _is_refused(open_book, second, approval.model_copy(update=moved))
    assert isinstance(record(open_book, first, approval), Recorded)
    again = record(open_book, first, approval)
    assert isinstance(again, Recorded)
    assert again.already
    assert _is_refused(open_book, second, approval)


def test_an_approval_without_a_signature_is_none(open_book: OpenBook) -> None:
    """Left out, by a stranger's key, or in somebody else's name."""
    filled = _wish(open_book)
    approval = _signed(open_book, filled)
    assert approval.signed is not None
    stranger = open_book.home.keys.slot("1001")
    assert stranger is not None
    for signed in (
        None,
        approval.signed.model_copy(update={"signature": "00" * 64}),
        approval.signed.model_copy(update={"public": stranger.signing}),
        approval.signed.model_copy(update={"operator": "1001"}),
        approval.signed.model_copy(update={"operator": "9999"}),
    ):
        assert _is_refused(open_book, filled, approval.model_copy(update={"signed": signed}))


def test_no_approval_is_recorded_by_itself(open_book: OpenBook) -> None:
    """Nor slipped in behind something else."""
    approval = _signed(open_book, _wish(open_book))
    with pytest.raises(RefusedInputError):
        record_event(open_book, approval)
    with pytest.raises(RefusedInputError):
        record_event(open_book, approval, as_station=True)
    with pytest.raises(RefusedInputError):
        record_events(open_book, [Audit(event="x"), approval])


def test_an_approval_nobody_asked_for_is_checked_all_the_same(open_book: OpenBook) -> None:
    """A forged second name does not come in where none is needed."""
    small = Filled(reversal(_dear(open_book, 1_000)), new_entry_id())
    forged = _signed(open_book, small)
    assert forged.signed is not None
    wrong = forged.model_copy(update={"signed": forged.signed.model_copy(update={"signature": "11" * 64})})
    assert _is_refused(open_book, small, wrong)


# -- alone --------------------------------------------------------------------------------------------


def test_alone_needs_a_reason_and_stays_below_its_limit(open_book: OpenBook) -> None:
    """Without a reason, and above the limit for one person, nothing is recorded."""
    filled = _wish(open_book)
    assert _is_refused(open_book, filled, approve_alone(filled, _RULE, "  "))
    dear = _wish(open_book, 100_001)
    assert "solo" not in ways_open(open_book, dear.form, _RULE)
    assert _is_refused(open_book, dear, approve_alone(dear, _RULE, "夜班一人"))
    recorded = record(open_book, filled, approve_alone(filled, _RULE, "夜班一人"))
    assert isinstance(recorded, Recorded)
    assert recorded.entry.second_person is None


# -- codes --------------------------------------------------------------------------------------------


def test_a_code_works_once(open_book: OpenBook) -> None:
    """Used for one entry, it is refused for the next; for the same one it is the same approval."""
    sheet, codes = new_code_sheet(open_book.ring, "练习总值班")
    filled = _wish(open_book, 200_000)
    approval = approve_by_code(open_book, filled, _RULE, codes[0], "夜间")
    assert isinstance(record(open_book, filled, approval), Recorded)
    assert burnt_for(open_book.ring, sheet, 1) == filled.id
    other = _wish(open_book, 200_000)
    with pytest.raises(AccessRefusedError):
        approve_by_code(open_book, other, _RULE, codes[0], "夜间")
    moved = approval.model_copy(
        update={"entry_id": other.id, "body_hash": _signed(open_book, other).body_hash}
    )
    assert _is_refused(open_book, other, moved)
    assert _is_refused(open_book, other, moved.model_copy(update={"code_number": 2}))
    assert _is_refused(open_book, other, moved.model_copy(update={"code_sheet": "07"}))


def test_a_code_of_another_station_is_none(open_book: OpenBook, tmp_path: Path) -> None:
    """A sheet opens nothing where it was not made."""
    elsewhere = open_current(make_home(tmp_path / "elsewhere", code="W09"))
    _sheet, codes = new_code_sheet(elsewhere.ring, "练习总值班")
    elsewhere.close()
    with pytest.raises(AccessRefusedError):
        approve_by_code(open_book, _wish(open_book), _RULE, codes[0], "夜间")


def test_five_wrong_codes_lock_codes_until_a_supervisor_opens_them(open_book: OpenBook) -> None:
    """Not by waiting, and not by restarting; the right code is not looked at meanwhile, a second person may sign."""
    _sheet, codes = new_code_sheet(open_book.ring, "练习总值班")
    filled = _wish(open_book)
    for _n in range(FAILURES_MAX):
        with pytest.raises(AccessRefusedError):
            approve_by_code(open_book, filled, _RULE, "00000000", "夜间")
    with pytest.raises(AccountLockedError):
        approve_by_code(open_book, filled, _RULE, codes[0], "夜间")
    open_account_at_the_door(open_book.home, CODES, SECOND, SECOND_PASSWORD, open_book.clock)
    assert approve_by_code(open_book, filled, _RULE, codes[0], "夜间").code_number == 1


@pytest.mark.parametrize("rule", ["controlled", "export", "keys", "accounts", "purge"])
def test_some_things_are_never_done_by_a_code(open_book: OpenBook, rule: str) -> None:
    """A second person signs these, always."""
    _sheet, codes = new_code_sheet(open_book.ring, "练习总值班")
    with pytest.raises(RefusedInputError):
        approve_by_code(open_book, _wish(open_book), rule, codes[0], "夜间")
    assert not {"code", "solo"} & set(ways_open(open_book, charge(), rule))


def test_a_start_code_stands_in_for_the_right_itself(cheap_home: Home) -> None:
    """A cashier declares an outage with it; without it the app does not even ask anybody."""
    ring = cheap_home.keys.unlock(SECOND, SECOND_PASSWORD)
    cheap_home.keys.enrol(ring, Person("1002", "练习员", ("cashier",)), "practice-1002")
    book = OpenBook(cheap_home, cheap_home.keys.unlock("1002", "practice-1002"), cheap_home.current_book())
    _sheet, codes = new_code_sheet(book.ring, "练习总值班")
    filled = Filled(OutageDeclared(outage="X1", reason="练习"), new_entry_id())
    need = needed(book, filled)
    assert need is not None
    assert need.ways == ("code",)
    with pytest.raises(AccessRefusedError):
        record(book, filled, approve(book, filled, "outage", SECOND, SECOND_PASSWORD))
    approval = approve_by_code(book, filled, "outage", codes[0], "信息科电话")
    assert isinstance(record(book, filled, approval), Recorded)
    book.close()


def test_what_cannot_be_recorded_asks_nobody(open_book: OpenBook) -> None:
    """Reversed already, or recorded already: the recorder says so before anybody is fetched."""
    charged = _dear(open_book)
    filled = Filled(reversal(charged), new_entry_id())
    assert needed(open_book, filled) is not None
    assert isinstance(record(open_book, filled, _signed(open_book, filled)), Recorded)
    assert needed(open_book, filled) is None
    assert needed(open_book, Filled(reversal(charged), new_entry_id())) is None
