"""Two windows that cannot see each other: what each recorded stands, and nothing is taken for the other's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from downtime.errors import SameIdOtherBodyError
from downtime.record import Recorded, Refused, new_entry_id, record
from downtime.sealing import Filled
from downtime.station import continue_after_alarm, open_new_book
from downtime.verify import verify_book
from forms.bill import owed_minor
from forms.charge import Charge
from tests.downtime.builders import (
    PATIENT,
    arrears,
    cash,
    charge,
    charge_content,
    collection,
    make_home,
    open_current,
    registration,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.home import Home

CUSTOMERS = 12


@pytest.fixture
def windows(tmp_path: Path) -> list[Home]:
    """Return two stations of one hospital without any line between them."""
    return [make_home(tmp_path / code, code=code) for code in ("W03", "W04")]


def _view(book: OpenBook) -> Any:
    from downtime.book import JournalView

    return JournalView(book.db)


def test_duplicate_receipt_numbers_at_two_windows(windows: list[Home]) -> None:
    """Two PCs that count on alone never give one number twice: not in a new book, not after an alarm either.

    Elsewhere two tills went on from the same last number, and invoices had to be renumbered afterwards
    (l10n-spain #4921, #2582; odoo #13142; l10n_cr #270).
    """
    given: list[str] = []
    for home in windows:
        for opened in (open_current, lambda h: open_new_book(h, unlock(h)), _after_alarm):
            book = opened(home)
            given += [str(stand(book, charge()).number) for _customer in range(CUSTOMERS)]
            book.close()
    assert len(set(given)) == len(given) == 2 * 3 * CUSTOMERS
    assert {number[:4] for number in given} == {"W03A", "W03B", "W04A", "W04B"}


def _after_alarm(home: Home) -> OpenBook:
    return continue_after_alarm(home, unlock(home))


def test_the_same_patient_at_two_windows(windows: list[Home]) -> None:
    """Nobody is sent away and nothing is merged by a guess: two receipts, two ids, two whole journals.

    Which of the two visits was one too many is a person's question, once both journals lie side by side.
    """
    entries = []
    for home in windows:
        book = open_current(home)
        entries.append(stand(book, charge()))
        book.close()
        assert verify_book(home, unlock(home), home.current_book()).whole
    first, second = entries
    assert first.patient == second.patient == PATIENT["number"]
    assert first.id != second.id
    assert first.number != second.number


def test_the_same_newcomer_registered_at_two_windows(windows: list[Home]) -> None:
    """A patient no list knows is registered and charged without any line; two windows never share a number.

    Elsewhere a new customer could not be entered at all while the line was down, or two workers' patients
    became one record with one of the two lost (POSNext #97, avni-server #902, POS-Awesome #124).
    """
    numbers = []
    for home in windows:
        from downtime.desk import Desk

        desk = Desk(home, unlock(home))
        number = desk.next_temporary_patient()
        assert isinstance(desk.record(registration(number), new_entry_id()), Recorded)
        patient = {"number": number, "name": "无名氏", "temporary": True}
        charged = desk.record(charge(patient=patient), new_entry_id())
        assert isinstance(charged, Recorded)
        assert charged.entry.content["patient"]["temporary"] is True
        numbers.append(number)
        assert desk.next_temporary_patient() != number
        desk.close()
    assert len(set(numbers)) == 2
    assert ["W03" in numbers[0], "W04" in numbers[1]] == [True, True]


def test_a_paid_receipt_is_never_unpaid_again(open_book: OpenBook) -> None:
    """What another device believes about a paid receipt changes nothing: not its body, not what it owes.

    Elsewhere a second device sent its older copy of a paid order, which stood as unpaid then and was cancelled
    (odoo #288974).
    """
    paid = stand(open_book, charge())
    older = Charge.model_validate({**charge_content(), "payments": [], "authorisation": _WORD})
    with pytest.raises(SameIdOtherBodyError):
        record(open_book, Filled(older, paid.id))
    assert owed_minor(paid.id, _view(open_book)) == 0
    again = record(open_book, Filled(collection(paid.id, [cash(2_500)]), new_entry_id()))
    assert isinstance(again, Refused), "nothing is owed, so nothing is collected"
    stored = open_book.db.execute("SELECT sealed FROM entry WHERE id = ?", (paid.id,)).fetchone()[0]
    assert json.loads(stored)["body"]["content"]["payments"][0]["amount_minor"] == 2_500


_WORD = {"kind": "arrears", "guarantor": "练习担保人"}


def test_a_second_sale_under_a_used_reference_is_never_dropped(open_book: OpenBook) -> None:
    """Two sales that come under one reference: loud, and the second stands as soon as it has its own.

    Elsewhere the second one disappeared without a word, because its reference was known already (odoo #16781).
    """
    first = stand(open_book, charge())
    second = arrears()
    with pytest.raises(SameIdOtherBodyError) as told:
        record(open_book, Filled(second, first.id))
    assert told.value.then, "it says what to do next"
    standing = stand(open_book, second)
    assert {first.number, standing.number} == {
        row[0] for row in open_book.db.execute("SELECT number FROM entry WHERE form = 'charge'")
    }
