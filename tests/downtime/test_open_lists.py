"""Lists to work off: not exchanged, unverified, to be returned, cards held, discharges, insured, advances, pricings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.store import open_lists
from forms.discharge_postponed import DischargePostponed
from tests.downtime.builders import PATIENT, arrears, by, cash, charge, line, reversal, stand
from tests.forms.money import (
    card_held,
    card_returned,
    deposit,
    exchange,
    exchange_void,
    itemisation,
    part_of,
    precollection,
    pricing,
    refund,
    refund_confirmed,
    unseen,
    verified,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.book import OpenBook
    from downtime.entry import Entry
    from downtime.store.open_lists import Waiting


def _ids(entries: Iterable[Entry]) -> list[str]:
    return [entry.id for entry in entries]


def _waiting(found: Iterable[Waiting]) -> list[tuple[str, int]]:
    return [(one.entry.id, one.amount_minor) for one in found]


def test_not_exchanged_until_exchanged(open_book: OpenBook) -> None:
    """Every paper for money that has not become formal; a voided one is back on the list."""
    paid = stand(open_book, charge())
    stand(open_book, arrears())
    gone = stand(open_book, charge())
    stand(open_book, reversal(gone))
    money = stand(open_book, deposit([cash(100)]))
    assert _ids(open_lists.not_exchanged(open_book.db)) == [paid.id, money.id]
    stand(open_book, exchange(paid.id, 2500))
    assert _ids(open_lists.not_exchanged(open_book.db)) == [money.id]
    stand(open_book, exchange_void(paid.id))
    assert _ids(open_lists.not_exchanged(open_book.db)) == [paid.id, money.id]


def test_unverified_and_to_be_returned(open_book: OpenBook) -> None:
    """What nobody saw arrive, and what has not gone back, with its money, until somebody says so."""
    price = line(price=500, quantity="1")
    unknown = stand(open_book, charge([price], payments=[unseen(500)]))
    assert _waiting(open_lists.unverified(open_book.db)) == [(unknown.id, 500)]
    stand(open_book, verified(unknown.id, 200))
    assert open_lists.unverified_total(open_book.db) == 300
    stand(open_book, verified(unknown.id, 300))
    assert not open_lists.unverified(open_book.db)
    paid = stand(open_book, charge([price], payments=[by("mobile", 500)]))
    given = stand(open_book, refund(paid.id, [part_of(1, price, "1", 500)], [by("mobile", 500)]))
    assert _waiting(open_lists.to_be_returned(open_book.db)) == [(given.id, 500)]
    stand(open_book, refund_confirmed(given.id, [by("mobile", 500)]))
    assert not open_lists.to_be_returned(open_book.db)


def test_advances_and_pricings(open_book: OpenBook) -> None:
    """Money without lines, and lines without money."""
    advance = stand(open_book, precollection([cash(5000)], phone="13800000001"))
    assert _waiting(open_lists.open_advances(open_book.db)) == [(advance.id, 5000)]
    lines = stand(open_book, itemisation([line(price=1500)], 5000, 3000, advance.id))
    assert _waiting(open_lists.open_advances(open_book.db)) == [(advance.id, 2000)]
    stand(open_book, reversal(lines))
    assert _waiting(open_lists.open_advances(open_book.db)) == [(advance.id, 5000)]
    stand(open_book, refund(advance.id, [], [cash(5000)]))
    assert not open_lists.open_advances(open_book.db)
    assert open_lists.phone_of(open_book.db, PATIENT["number"]) == "13800000001"
    assert open_lists.phone_of(open_book.db, "nobody") == ""
    one, two = stand(open_book, pricing()), stand(open_book, pricing())
    assert _ids(open_lists.open_pricings(open_book.db)) == [one.id, two.id]
    taken = stand(open_book, charge(priced_id=one.id))
    stand(open_book, charge(priced_number=two.number))
    assert not open_lists.open_pricings(open_book.db)
    stand(open_book, reversal(taken))
    assert _ids(open_lists.open_pricings(open_book.db)) == [one.id]


def test_cards_discharges_and_the_insured(open_book: OpenBook) -> None:
    """Who must be called: whose card lies here, whose discharge waits, whose insurance is still open."""
    held = stand(open_book, card_held())
    assert _ids(open_lists.cards_held(open_book.db)) == [held.id]
    stand(open_book, card_returned(held.id))
    assert not open_lists.cards_held(open_book.db)
    insured = stand(open_book, charge(payer_kind="insured_pending"))
    assert _ids(open_lists.insured_to_call_back(open_book.db)) == [insured.id]
    first = DischargePostponed.model_validate({"patient": PATIENT, "phone": "13800000002"})
    waits = stand(open_book, first)
    step = first.model_copy(update={"step": "called", "postponed_id": waits.id})
    stand(open_book, step)
    assert _ids(open_lists.discharges_postponed(open_book.db)) == [waits.id]
    stand(open_book, step.model_copy(update={"step": "settled"}))
    assert not open_lists.discharges_postponed(open_book.db)
    assert open_lists.phone_of(open_book.db, PATIENT["number"]) == "13800000002"
