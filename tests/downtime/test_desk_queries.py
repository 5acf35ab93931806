"""Questions behind the journal, dispense, standing and outage screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime import desk_queries
from downtime.desk import Desk
from downtime.outcome import Accepted, FormalDocument, HandedOver, Rejected, Unreachable
from downtime.pinyin import name_initials
from downtime.store import delivery_queries
from downtime.store.sqlite import open_database
from tests.screens.made_up import charge_line, drugs_of, made_charge, made_reversal, note_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.home import Home
    from downtime.outcome import Outcome

CONNECTOR = "practice"


@pytest.fixture
def desk(practice_home: Home) -> Iterator[Desk]:
    """A desk at a practice station of the test's own."""
    found = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))
    yield found
    found.close()


def test_the_most_urgent_work_comes_first(desk: Desk) -> None:
    """Rejected, handed over, unreachable, owed; what the HIS accepted is no work."""
    entries = [made_charge(desk) for _n in range(5)]
    answers: tuple[Outcome, ...] = (Unreachable("练习"), HandedOver("1"), Accepted((), "2"), Rejected("练习"))
    note_answers(desk, CONNECTOR, {entry.id: answer for entry, answer in zip(entries, answers, strict=False)})
    work = desk_queries.work_list(desk, CONNECTOR)
    assert [(one.entry.id, one.state) for one in work] == [
        (entries[3].id, "rejected"),
        (entries[1].id, "handed_over"),
        (entries[0].id, "unreachable"),
        (entries[4].id, "owed"),
    ]


def test_found_by_formal_number_and_by_initials(desk: Desk) -> None:
    """The number of the invoice the HIS issued, or a listed patient's initials, lead to the receipt."""
    assert desk.reference is not None
    listed = next(iter(desk.reference.rows("patients")))
    charge = made_charge(desk, patient=listed.number, name=listed.name)  # type: ignore[attr-defined]  # a patient row
    document = FormalDocument("e_invoice", "PX", "00990042", "", "2026-11-22", "issued", "H1")
    note_answers(desk, CONNECTOR, {charge.id: Accepted((document,), "H1")})
    assert [entry.id for entry in desk_queries.find_receipts(desk, "00990042")] == [charge.id]
    assert [entry.id for entry in desk_queries.find_receipts(desk, "００９９００４２")] == [charge.id]
    assert desk.search is not None
    typed = name_initials(listed.name)[0]  # type: ignore[attr-defined]  # as above
    hits = {hit.number for hit in desk.search.search_patients(typed)}
    found = {entry.id for entry in desk_queries.find_receipts(desk, typed)}
    assert (charge.id in found) == (listed.number in hits)  # type: ignore[attr-defined]  # as above


def test_a_reversed_entry_is_not_reversed_again(desk: Desk) -> None:
    """Why not is said in words; a fresh charge may be reversed."""
    charge = made_charge(desk)
    assert desk_queries.why_not_reversible(desk, charge) is None
    reversal = made_reversal(desk, charge)
    assert desk_queries.why_not_reversible(desk, charge)
    assert desk_queries.why_not_reversible(desk, reversal)
    assert [entry.id for entry in desk_queries.named_by(desk, charge)] == [reversal.id]
    assert [entry.id for entry in desk_queries.names(desk, reversal)] == [charge.id]


def test_batches_stand_in_order_of_expiry(desk: Desk) -> None:
    """First expiring first, with what the list says is left."""
    drug = drugs_of(desk)[0]
    made_charge(desk, [charge_line(drug, "drug")])
    batches = desk_queries.batches_left(desk, drug.code, drug.unit)
    assert batches
    assert [batch.expiry for batch in batches] == sorted(batch.expiry or "9" for batch in batches)
    assert not any(batch.expired for batch in batches)


def test_deliveries_being_made_read_as_empty(desk: Desk) -> None:
    """In the moment between making the file and its tables, everything is simply owed; afterwards it is seen."""
    charge = made_charge(desk)
    paths = desk.book.paths
    making = open_database(paths.deliveries, desk.book.key, create=True)
    making.execute("PRAGMA user_version=0")
    making.close()
    look = delivery_queries.look(paths.journal, paths.deliveries, desk.book.key)
    assert not delivery_queries.sees_deliveries(look)
    look.close()
    assert desk_queries.delivery_state(desk, charge.id) == "owed"
    note_answers(desk, CONNECTOR, {charge.id: Rejected("练习")})
    assert desk_queries.delivery_state(desk, charge.id) == "rejected"
