"""Promises of the desk: what a person at a station can rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.desk import Desk
from downtime.record import Recorded, Refused, new_entry_id
from forms.charge import Charge
from tests.downtime.builders import arrears, cash, charge, collection, registration, reversal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.entry import Entry
    from downtime.home import Home
    from forms.base import Form


@pytest.fixture
def desk(practice_home: Home) -> Iterator[Desk]:
    """Return an open desk at a practice station."""
    opened = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))
    yield opened
    opened.close()


def _stands(desk: Desk, form: Form) -> Entry:
    outcome = desk.record(form, new_entry_id())
    assert isinstance(outcome, Recorded), outcome
    return outcome.entry


def test_what_nobody_was_told_about_is_asked_after_a_restart(desk: Desk, practice_home: Home) -> None:
    """Recorded, then the app died before it said so: the next start lists it until it is answered."""
    told = _stands(desk, charge())
    desk.confirm(told.id)
    untold = _stands(desk, charge())
    desk.close()

    again = Desk(practice_home, practice_home.keys.unlock("1002", "lianxi1002"))

    assert [entry.id for entry in again.unconfirmed()] == [untold.id]
    again.confirm(untold.id)
    assert again.unconfirmed() == []
    again.close()


async def test_a_half_filled_form_survives_a_restart(desk: Desk, practice_home: Home) -> None:
    """Drafts are on disk; once recorded they are not offered again."""
    draft_id, other_id = new_entry_id(), new_entry_id()
    content: dict[str, Any] = {"patient": "PX000001", "lines": [["250900250", "1"]]}
    await desk.saving_draft(draft_id, "charge", content)
    await desk.saving_draft(other_id, "charge", {})
    desk.record(charge(), other_id)
    desk.close()

    again = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))

    assert [(draft.id, draft.content) for draft in again.drafts()] == [(draft_id, content)]
    again.close()


def test_a_charge_owes_until_it_is_collected_or_reversed(desk: Desk) -> None:
    """Arrears are a question to the journal, not a flag."""
    owing = _stands(desk, arrears())
    assert desk.owed_minor(owing.id) == 2500

    _stands(desk, collection(owing.id, [cash(1000)]))
    assert desk.owed_minor(owing.id) == 1500

    refused = desk.record(collection(owing.id, [cash(2000)]), new_entry_id())
    assert isinstance(refused, Refused)
    assert refused.problems[0].field == "total_minor"


def test_a_receipt_that_did_not_come_out_is_listed_until_it_does(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dead printer stops nobody; the entry stands and waits on the list."""
    entry = _stands(desk, charge())
    with monkeypatch.context() as broken:
        broken.setattr("downtime.paper.printer_of", lambda _kind, _folder: _Dead())
        assert desk.print_receipt(entry).state == "not_printed"

    assert [waiting.id for waiting in desk.not_printed()] == [entry.id]

    printed = desk.print_receipt(entry, reason="第一次没出纸")
    assert (printed.state, printed.copy_number) == ("printed", 1), "the first paper there is no duplicate"
    assert desk.not_printed() == []


class _Dead:
    def print_receipt(self, _job: object) -> object:
        from downtime.printers import NotPrinted

        return NotPrinted("no paper")


def test_temporary_numbers_carry_the_station_and_count_on(desk: Desk) -> None:
    """Two unknown patients never share a number."""
    first = desk.next_temporary_patient()
    _stands(desk, registration(first))

    assert first == "TW03A0100001"
    assert desk.next_temporary_patient() == "TW03A0100002"
    again = desk.record(registration(first), new_entry_id())
    assert isinstance(again, Refused)


def test_everything_is_found_by_number_name_and_patient(desk: Desk) -> None:
    """The same entry comes up by receipt number, id, part of the name or the patient's number."""
    entry = _stands(desk, charge())
    assert entry.number is not None

    assert desk.find(f" {entry.number.lower()} ") == entry
    assert desk.find(entry.id) == entry
    assert [found.id for found in desk.find_entries("病人甲")] == [entry.id]
    assert [found.id for found in desk.entries_of_patient("P000001")] == [entry.id]
    assert desk.find("nothing") is None


def test_standing_always_adds_up(desk: Desk) -> None:
    """Counts and sums per state are those of all deliverable entries, reversed ones included."""
    entry = _stands(desk, charge())
    _stands(desk, arrears())
    _stands(desk, reversal(entry))

    standing = desk.standing()

    assert standing.adds_up()
    assert standing.deliverable.entries == 3
    assert set(standing.drawer_minor.values()) == {0}
    assert standing.waiting() == 3


def test_nothing_stops_without_a_price_list(cheap_home: Home) -> None:
    """A station that never got a price list still charges, by unlisted lines."""
    desk = Desk(cheap_home, cheap_home.keys.unlock("1001", "practice-1001"))
    unlisted = {
        "code": "UNLISTED",
        "name": "手写项目",
        "kind": "unlisted",
        "unit_price_minor": 500,
        "quantity": "1",
        "amount_minor": 500,
    }
    form = charge([unlisted])

    assert desk.search is None
    assert isinstance(desk.record(form, new_entry_id()), Recorded)
    assert isinstance(form, Charge)
    desk.close()


async def test_recording_in_the_writers_thread_gives_the_same(desk: Desk) -> None:
    """Awaiting and waiting are two ways to the same entry."""
    entry_id = new_entry_id()
    first = await desk.recording(charge(), entry_id)
    second = await desk.recording(charge(), entry_id)

    assert isinstance(first, Recorded)
    assert isinstance(second, Recorded)
    assert second.already
    assert first.entry.number == second.entry.number
