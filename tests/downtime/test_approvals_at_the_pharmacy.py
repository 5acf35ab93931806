"""Controlled drugs, other prices, and roles that change: rules that read the lists in force."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from downtime.approvals import approve, approve_alone, problem_of_approval, rule_for
from downtime.awaiting import awaiting
from downtime.book import OpenBook
from downtime.errors import AccessRefusedError
from downtime.home import Home
from downtime.record import Recorded, Refused, new_entry_id, record
from downtime.rules import is_two_person_drug
from downtime.sealing import Filled
from forms.charge import Charge
from forms.dispense import Dispense
from forms.money import line_amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from forms.base import Form

_PATIENT = {"number": "P900001", "name": "练习病人甲"}


def _password(operator: str) -> str:
    return f"lianxi{operator}"


@pytest.fixture
def opened(practice_home: Home) -> Iterator[Callable[[str], OpenBook]]:
    """Return a way to open the practice station's book as somebody."""
    books: list[OpenBook] = []

    def make(operator: str) -> OpenBook:
        home = Home(practice_home.path)  # settings as they are now
        book = OpenBook(home, home.keys.unlock(operator, _password(operator)), home.current_book())
        books.append(book)
        return book

    yield make
    for book in books:
        book.close()


def _drug(book: OpenBook, kind: str) -> Any:
    reference = book.reference()
    assert reference is not None
    return next(row for row in reference.rows("drugs") if getattr(row, "controlled", "") == kind)


def _charge(row: Any, kind: str, price_minor: int | None = None) -> Charge:
    price = row.price_minor if price_minor is None else price_minor
    amount = line_amount(price, Decimal(1))
    named = {"code": row.code, "name": row.name, "unit": row.unit, "kind": kind, "quantity": "1"}
    return Charge.model_validate(
        {
            "patient": _PATIENT,
            "currency": "CNY",
            "lines": [{**named, "unit_price_minor": price, "amount_minor": amount}],
            "total_minor": amount,
            "payments": [
                {"method": "cash", "amount_minor": amount, "tendered_minor": amount, "change_minor": 0}
            ],
        }
    )


def _handed_over(book: OpenBook, cashier: OpenBook, kind: str) -> Filled:
    """Return a drug of that kind, charged and ready to be handed over."""
    row = _drug(book, kind)
    charged = record(cashier, Filled(_charge(row, "drug"), new_entry_id()))
    assert isinstance(charged, Recorded), charged
    line = {"code": row.code, "name": row.name, "unit": row.unit, "quantity": "1", "batch": "B1"}
    form: Form = Dispense.model_validate(
        {"charge_id": charged.entry.id, "patient": _PATIENT, "lines": [line], "checked_by": ""}
    )
    return Filled(form, new_entry_id())


@pytest.mark.parametrize(
    ("kind", "needs_two"),
    [("麻醉药品", True), ("第一类精神药品", True), ("第二类精神药品", False), ("精二", False), ("", False)],
)
def test_which_drugs_two_people_sign_for(kind: str, *, needs_two: bool) -> None:
    """Narcotics and psychotropics of the first class; the second class needs no second name."""
    assert is_two_person_drug(kind) is needs_two


def test_two_pharmacists_sign_for_a_narcotic(opened: Callable[[str], OpenBook]) -> None:
    """Oneself, a cashier, a supervisor who is no pharmacist: refused. Another pharmacist: handed over."""
    book = opened("3001")
    filled = _handed_over(book, opened("1001"), "麻醉药品")
    assert rule_for(book, filled.form) == "controlled"
    assert isinstance(record(book, filled), Refused)
    for operator in ("3001", "1002", "1006"):
        with pytest.raises(AccessRefusedError):
            approve(book, filled, "controlled", operator, _password(operator))
    recorded = record(book, filled, approve(book, filled, "controlled", "3002", _password("3002")))
    assert isinstance(recorded, Recorded)
    assert recorded.entry.second_person == "3002"


def test_a_narcotic_is_never_handed_over_alone(opened: Callable[[str], OpenBook]) -> None:
    """Not with a reason, and not by turning a second person's approval into another way."""
    book = opened("3001")
    filled = _handed_over(book, opened("1001"), "麻醉药品")
    assert isinstance(record(book, filled, approve_alone(filled, "controlled", "夜班一人")), Refused)
    by_two = approve(book, filled, "controlled", "3002", _password("3002"))
    for way in ("solo", "code", "own_twice"):
        assert isinstance(record(book, filled, by_two.model_copy(update={"way": way})), Refused)


def test_one_pharmacist_signs_twice_only_where_the_site_allows_it(
    practice_home: Home, opened: Callable[[str], OpenBook]
) -> None:
    """单人双签字: recorded, marked, and listed until somebody countersigns."""
    settings = practice_home.path / "station.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[two_person]\nsingle_pharmacist = true\n", "utf-8")
    book = opened("3001")
    filled = _handed_over(book, opened("1001"), "麻醉药品")
    approval = approve(book, filled, "controlled", "3001", _password("3001"), "夜班单人")
    assert approval.way == "own_twice"
    assert isinstance(record(book, filled, approval), Recorded)
    (one,) = awaiting(book.home, book.ring)
    assert one.approval.content["way"] == "own_twice"
    assert {number for number in ("3001", "3002", "1002") if one.may_be_signed_by(_person(book, number))} == {
        "3002"
    }


def _person(book: OpenBook, operator: str) -> Any:
    slot = book.home.keys.slot(operator)
    assert slot is not None
    return slot.person


def test_signing_twice_is_a_pharmacists(practice_home: Home, opened: Callable[[str], OpenBook]) -> None:
    """A cashier's second signature under the own act is none, even where the site allows it to pharmacists."""
    settings = practice_home.path / "station.toml"
    settings.write_text(settings.read_text("utf-8") + "\n[two_person]\nsingle_pharmacist = true\n", "utf-8")
    cashier = opened("1001")
    filled = _handed_over(opened("3001"), cashier, "麻醉药品")
    with pytest.raises(AccessRefusedError):
        approve(cashier, filled, "controlled", "1001", _password("1001"))


def test_another_price_than_the_lists_needs_two(opened: Callable[[str], OpenBook]) -> None:
    """Lower or higher; the list's own price, and one the list leaves open, need nobody."""
    book = opened("1001")
    row = _drug(book, "")
    for price in (row.price_minor - 1, row.price_minor + 1):
        assert rule_for(book, _charge(row, "drug", price)) == "price_override"
    assert rule_for(book, _charge(row, "drug")) is None
    filled = Filled(_charge(row, "drug", row.price_minor + 100), new_entry_id())
    assert isinstance(record(book, filled), Refused)
    approval = approve(book, filled, "price_override", "1006", _password("1006"), "优惠")
    assert isinstance(record(book, filled, approval), Recorded)


def test_a_role_taken_away_meanwhile_counts(
    opened: Callable[[str], OpenBook], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The staff list in force decides when it is recorded, not the account when it was enrolled."""
    book = opened("3001")
    filled = _handed_over(book, opened("1001"), "麻醉药品")
    approval = approve(book, filled, "controlled", "3002", _password("3002"))
    assert problem_of_approval(book, filled, "controlled", approval) is None
    reference = book.reference()
    assert reference is not None
    before = reference.staff

    def without_roles(number: str) -> Any:
        row = before(number)
        return row.model_copy(update={"roles": "cashier"}) if row is not None and number == "3002" else row

    monkeypatch.setattr(reference, "staff", without_roles)
    assert problem_of_approval(book, filled, "controlled", approval) is not None
    assert isinstance(record(book, filled, approval), Refused)
