"""Work lists of a book: what is owed after refunds and money that never came, what is refunded or exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime import worklists
from downtime.store import delivery_queries
from tests.downtime.builders import arrears, by, cash, charge, collection, line, stand
from tests.forms.money import (
    exchange,
    exchange_void,
    itemisation,
    part_of,
    precollection,
    refund,
    unseen,
    verified,
)

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.worklists import OpenRow


def _rows(book: OpenBook, name: str) -> list[OpenRow]:
    db = delivery_queries.look(book.paths.journal, book.paths.deliveries, book.key)
    try:
        assert worklists.sums(db)[name] == worklists.ListSum.of(worklists.rows(db, name))
        return worklists.rows(db, name)
    finally:
        db.close()


def _told(book: OpenBook, name: str) -> list[tuple[str, int]]:
    return [(row.entry.id, row.amount_minor) for row in _rows(book, name)]


def test_what_is_owed(open_book: OpenBook) -> None:
    """Arrears less what was collected and refunded; money that never came; lines above the advance."""
    charged = line(price=500, quantity="4")
    owing = stand(open_book, arrears([charged]))
    assert _told(open_book, "owing") == [(owing.id, 2_000)]
    paid = stand(open_book, collection(owing.id, [unseen(700)]))
    assert _told(open_book, "owing") == [(owing.id, 1_300)]
    stand(open_book, verified(paid.id, 700, received=False))
    assert _told(open_book, "owing") == [(owing.id, 2_000)]
    stand(open_book, refund(owing.id, [part_of(1, charged, "1", 500)], []))
    assert _told(open_book, "owing") == [(owing.id, 1_500)]
    stand(open_book, collection(owing.id, [cash(1_500)]))
    assert _told(open_book, "owing") == []
    never = stand(open_book, charge([charged], payments=[unseen(2_000)]))
    stand(open_book, verified(never.id, 2_000, received=False))
    advance = stand(open_book, precollection([cash(1_000)]))
    above = stand(open_book, itemisation([charged], 1_000, 1_000, advance.id))
    assert _told(open_book, "owing") == [(never.id, 2_000), (above.id, 1_000)]


def test_exchanged_refunded_voided(open_book: OpenBook) -> None:
    """A receipt whose money went back needs no invoice; a voided one is back and marked; insured ones wait for it."""
    charged = line(price=500, quantity="1")
    gone = stand(open_book, charge([charged], payments=[by("mobile", 500)]))
    stand(open_book, refund(gone.id, [part_of(1, charged, "1", 500)], [by("mobile", 500)]))
    assert _told(open_book, "not_exchanged") == []
    paid = stand(open_book, charge([charged], payments=[cash(500)], payer_kind="insured_pending"))
    assert _told(open_book, "insured") == [(paid.id, 500)]
    stand(open_book, exchange(paid.id, 500))
    assert (_told(open_book, "insured"), _told(open_book, "not_exchanged")) == ([], [])
    assert _is_exchanged(open_book, paid.id)
    stand(open_book, exchange_void(paid.id))
    assert [row.was_void for row in _rows(open_book, "not_exchanged")] == [True]


def _is_exchanged(book: OpenBook, entry_id: str) -> bool:
    db = delivery_queries.look(book.paths.journal, book.paths.deliveries, book.key)
    try:
        return [row.entry.id for row in worklists.rows(db, worklists.EXCHANGED)] == [entry_id]
    finally:
        db.close()
