"""A pricing slip scanned at another station: code, quantity, amount, patient; differences are marked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from downtime.desk import Desk
from downtime.priced_scan import charge_of_pricing, charge_of_scan, scanned_pricing, why_not_charged
from downtime.receipt_qr import check
from downtime.record import Recorded, Refused, new_entry_id, record
from downtime.sealing import Filled
from forms.charge import Charge
from tests.downtime.builders import PATIENT, cash, line, make_home, open_current, stand
from tests.forms.money import pricing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.receipt_facts import ReceiptFacts
    from downtime.store.reference import Reference


@pytest.fixture
def desk(practice_home: Home) -> Iterator[Desk]:
    """Return the cashier's desk, with lists."""
    opened = Desk(practice_home, practice_home.keys.unlock("1001", "lianxi1001"))
    yield opened
    opened.close()


@pytest.fixture
def pharmacy(tmp_path: Path) -> Iterator[OpenBook]:
    """Return the book of another station, which the cashier never sees."""
    book = open_current(make_home(tmp_path / "pharmacy", code="Y01"))
    yield book
    book.close()


def _priced_line(reference: Reference, table: str, kind: str, n: int = 0, **more: Any) -> dict[str, Any]:
    rows: Any = list(reference.rows(table))
    return line(rows[n].code, rows[n].price_minor, "2", kind, name=rows[n].name, **more)


def _slip(pharmacy: OpenBook, lines: list[dict[str, Any]], **more: Any) -> tuple[Entry, ReceiptFacts]:
    entry = stand(pharmacy, pricing(lines, **more))
    found = check(entry.qr, {pharmacy.signing.key_id: pharmacy.signing.public})
    assert found.status == "genuine"
    assert found.facts is not None
    return entry, found.facts


def test_a_cashier_elsewhere_needs_nothing_but_the_scan(desk: Desk, pharmacy: OpenBook) -> None:
    """Patient, items, quantities and amounts come out of the code; the charge is recorded once."""
    assert desk.reference is not None
    known: Any = next(iter(desk.reference.rows("patients")))
    lines = [_priced_line(desk.reference, "items", "service"), _priced_line(desk.reference, "drugs", "drug")]
    slip, facts = _slip(pharmacy, lines, patient={**PATIENT, "number": known.number, "name": known.name})
    assert why_not_charged(facts, "genuine", hospital="PRACTICE", drill=False) is None
    scanned = scanned_pricing(facts, desk.reference)
    assert not scanned.differs
    assert scanned.patient is not None
    assert scanned.patient["name"] == known.name
    assert [one.line["name"] for one in scanned.lines] == [one["name"] for one in lines]
    assert scanned.total_minor == scanned.slip_minor == slip.content["total_minor"]
    content = charge_of_scan(scanned, scanned.patient) | {"payments": [cash(scanned.total_minor)]}
    form = Charge.model_validate(content)
    assert form.priced_number == slip.number
    assert isinstance(desk.record(form, new_entry_id()), Recorded)
    assert isinstance(desk.record(form, new_entry_id()), Refused), "one slip is paid once"


def test_differences_are_marked(desk: Desk, pharmacy: OpenBook) -> None:
    """Another price here, a code no list has, an item without a code: each line says so."""
    assert desk.reference is not None
    dearer = _priced_line(desk.reference, "items", "service")
    dearer = line(dearer["code"], dearer["unit_price_minor"] + 100, "2", name=dearer["name"])
    long_code = "X" * 40
    odd = [
        dearer,
        line("NOWHERE", 700, "3"),
        line("UNLISTED", 1000, "0.5", "unlisted"),
        line(long_code, 5, "1"),
    ]
    _entry, facts = _slip(
        pharmacy, odd, patient={"number": "TY01A0100001", "name": "无名氏", "temporary": True}
    )
    scanned = scanned_pricing(facts, desk.reference)
    assert [one.difference for one in scanned.lines] == ["price", "unknown", "unlisted", "unknown"]
    assert scanned.lines[0].slip_minor - scanned.lines[0].line["amount_minor"] == 200
    assert [one.line["kind"] for one in scanned.lines[1:]] == ["unlisted"] * 3
    assert [one.line["amount_minor"] for one in scanned.lines[1:]] == [2100, 500, 5]
    assert scanned.differs
    assert scanned.patient is None, "registered elsewhere: the name is read off the slip"
    assert scanned.patient_number == "TY01A0100001"
    patient = {"number": scanned.patient_number, "name": "无名氏", "temporary": True}
    content = charge_of_scan(scanned, patient)
    Charge.model_validate({**content, "payments": [cash(content["total_minor"])]})


def test_what_is_no_pricing_slip_is_refused(pharmacy: OpenBook) -> None:
    """Forged, another hospital's, a drill's, or simply a receipt: the reason is told."""
    _entry, facts = _slip(pharmacy, [line()])
    assert why_not_charged(facts, "unknown_key", hospital="PRACTICE", drill=False) is None
    assert why_not_charged(facts, "forged", hospital="PRACTICE", drill=False)
    assert why_not_charged(facts, "genuine", hospital="ELSEWHERE", drill=False)
    assert why_not_charged(facts, "genuine", hospital="PRACTICE", drill=True)
    assert why_not_charged(replace(facts, kind="charge"), "genuine", hospital="PRACTICE", drill=False)


def test_without_lists_the_slip_is_believed_and_marked(pharmacy: OpenBook) -> None:
    """A station whose lists are gone still takes the money, every price to be checked later."""
    _entry, facts = _slip(pharmacy, [line("A001", 1250, "2"), line("A002", 333, "0.333")])
    scanned = scanned_pricing(facts, None)
    assert scanned.total_minor == facts.total_minor
    assert {one.difference for one in scanned.lines} == {"unknown"}


def test_taken_over_in_the_same_book(pharmacy: OpenBook) -> None:
    """Where the slip was made here, its own lines are taken: name, doctor, price, everything."""
    slip = stand(pharmacy, pricing([line(doctor="1001")]))
    content = charge_of_pricing(slip)
    form = Charge.model_validate({**content, "payments": [cash(content["total_minor"])]})
    assert form.lines[0].doctor == "1001"
    stand(pharmacy, form)
    assert isinstance(record(pharmacy, Filled(form, new_entry_id())), Refused)
