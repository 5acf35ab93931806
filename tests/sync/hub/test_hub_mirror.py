"""The hub's mirror: every question a station asks of its own book has the same answer there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime import worklists
from downtime.clock import ManualClock
from downtime.outcome import STATES
from downtime.shift_counting import figures_of_book
from downtime.store import balances, closing_queries, delivery_queries, journal, number_queries, reports
from downtime.store.deliveries import create_schema
from downtime.store.verification import open_evidence, stored_rows
from sync.hub.arrivals import Place
from sync.hub.delivering import decide_resend
from sync.hub.mirror import Mirror
from tests.downtime.builders import charge, stand
from tests.downtime.kept_books import opened, ring_of
from tests.forms.money import pricing
from tests.sync.hub.collected import AT, Collected, made_hub, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.home import Home
    from downtime.keys import Keyring
    from downtime.store.sqlite import Database

REFUSED = (
    "SELECT e.id FROM delivery d JOIN entry e ON e.n = d.entry_n WHERE d.state = 'rejected' ORDER BY d.n"
)


@pytest.fixture
def collected(tmp_path: Path, store_url: str) -> Iterator[Collected]:
    """A hub on either store."""
    with made_hub(tmp_path / "hub", store_url) as made:
        yield made


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Home, Keyring]]:
    """Two stations with a whole outage each; these tests only read them."""
    return make_stations(tmp_path_factory.mktemp("mirror"), ("W03", "W05"), 25)


def _rows(db: Database) -> list[Any]:
    return [(dict(row), sorted(named), legs) for row, named, legs in stored_rows(db)]


def _answers(db: Database) -> dict[str, Any]:
    """Return what the journal answers, question by question."""
    return {
        "figures": figures_of_book(db, "CNY"),
        "lists": worklists.sums(db),
        "open": [worklists.rows(db, name) for name in worklists.LISTS],
        "forms": reports.form_counts(db),
        "drawers": reports.drawer_balances(db),
        "balances": journal.balances(db),
        "carried": balances.balances_with_carried(db, "suspense:"),
        "numbers": list(number_queries.used(db)),
        "entries": list(journal.entries(db)),
        "deliverable": delivery_queries.standing_total(db),
    }


def test_a_book_here_answers_as_the_station_does(
    collected: Collected, stations: list[tuple[Home, Keyring]]
) -> None:
    """Row by row and question by question: nothing tells the mirror from the station's own journal."""
    for home, ring in stations:
        assert collected.bring(home, ring) == []
    with Mirror(collected.db) as mirror:
        assert len(mirror.books) == 4
        for home, ring in stations:
            for paths in home.books():
                book = mirror.books[Place(str(home.settings.station.code), "A", paths.number)]
                own = open_evidence(paths.journal, ring.book_key(paths.number))
                own.execute("ATTACH DATABASE ':memory:' AS deliveries KEY ''")
                create_schema(own, "deliveries")
                with book.look() as db:
                    assert _rows(db) == _rows(own)
                    assert _answers(db) == _answers(own)
                assert (book.entries, book.head) == journal.head(own)[:2]
                own.close()


def test_what_the_his_answered_stands_in_the_book(
    collected: Collected, stations: list[tuple[Home, Keyring]]
) -> None:
    """State, reason and formal document of each entry are the hub's, and all states add up to all entries."""
    home, ring = stations[0]
    collected.bring(home, ring)
    place = Place("W03", "A", 1)
    collected.deliver(faults=("refused", "refused"))
    ids = [row[0] for row in collected.db.rows(REFUSED)]
    assert decide_resend(collected.db, "memory", ids[1], AT)
    with Mirror(collected.db) as mirror, mirror.books[place].look() as db:
        by_id = {one.id: one.seq for one in journal.entries(db)}
        states = closing_queries.states(db, "memory")
        assert states[by_id[ids[0]]].state == "rejected"
        assert states[by_id[ids[0]]].reason
        assert states[by_id[ids[1]]].state == "owed"
        lines = delivery_queries.standing(db, "memory")
        assert {line.state for line in lines} <= {"owed", *STATES}
        assert sum(line.entries for line in lines) == delivery_queries.standing_total(db).entries
        assert closing_queries.documents(db)
        assert [line.state for line in delivery_queries.history(db, ids[1])][-1] == "owed"


def test_only_what_is_new_is_taken_over(collected: Collected, stations: list[tuple[Home, Keyring]]) -> None:
    """A refresh adds entries and answers that came since, names the books, and asks nothing twice."""
    home, ring = stations[0]
    place = Place("W03", "A", 1)
    collected.bring(home, ring, last=30)
    with Mirror(collected.db) as mirror:
        before = mirror.books[place].entries
        assert before <= 30
        assert mirror.refresh() == set()
        collected.bring(home, ring)
        assert place in mirror.refresh()
        assert mirror.books[place].entries > before
        collected.deliver()
        assert place in mirror.refresh()
        first = mirror.books[place].facts_head
        with mirror.books[place].look() as db:
            answers = closing_queries.states(db, "memory")
    with Mirror(collected.db) as mirror, mirror.books[place].look() as db:
        assert closing_queries.states(db, "memory") == answers
        assert mirror.books[place].facts_head == first


def test_an_answer_that_was_committed_late_is_not_lost(
    collected: Collected, stations: list[tuple[Home, Keyring]]
) -> None:
    """Where a second worker's rows turn up behind later ones, they are taken over all the same."""
    home, ring = stations[0]
    collected.bring(home, ring)
    collected.deliver()
    (last,) = collected.db.rows("SELECT * FROM delivery ORDER BY n DESC LIMIT 1")
    place = Place("W03", "A", 1)
    with Mirror(collected.db) as mirror:
        before = mirror.books[place].facts
        with collected.db.writing():
            late = [-1, last[1], last[2], last[3] + 1, *last[4:]]
            marks = ",".join("?" * len(late))
            collected.db.rows(f"INSERT INTO delivery VALUES ({marks})", [*late[:4], "unreachable", *late[5:]])  # noqa: S608 (placeholders)
        assert place in mirror.refresh()
        assert mirror.books[place].facts == before + 1


def test_all_books_are_one_journal(collected: Collected, tmp_path: Path) -> None:
    """What one station priced and another charged is settled; each book keeps its order, sums are those of all."""
    stations = make_stations(tmp_path / "stations", ("W03", "W05"), 6)
    (pharmacy, _ring), (window, _other) = stations
    book = opened(pharmacy, "1001", ManualClock())
    priced = stand(book, pricing())
    book.close()
    for home, ring in stations:
        collected.bring(home, ring)
    with Mirror(collected.db) as mirror:
        with mirror.everything().look() as db:
            open_before = worklists.sums(db)["pricings"].rows
        book = opened(window, "1001", ManualClock())
        stand(book, charge(priced_number=priced.number))
        book.close()
        collected.bring(window, ring_of(window, "4003"))
        collected.deliver()
        mirror.refresh()
        whole = mirror.everything()
        with whole.look() as db:
            assert worklists.sums(db)["pricings"].rows == open_before - 1
            everything = list(journal.entries(db))
            moved = reports.form_counts(db)
            assert len(closing_queries.states(db, "memory")) == delivery_queries.standing_total(db).entries
        for place, one in mirror.books.items():
            own = [e.seq for e in everything if (e.station, e.book) == (place.station, place.book)]
            assert own == sorted(own)
            with one.look() as db:
                assert [e.id for e in journal.entries(db)] == [
                    e.id for e in everything if (e.station, e.book) == (place.station, place.book)
                ]
        assert sum(one.entries for one in moved) == sum(one.entries for one in mirror.books.values())


def test_nothing_is_left_behind(collected: Collected, stations: list[tuple[Home, Keyring]]) -> None:
    """The folder is private, unreadable without its key, and gone at the end."""
    home, ring = stations[0]
    collected.bring(home, ring)
    with Mirror(collected.db) as mirror:
        folder = mirror.books[Place("W03", "A", 1)].journal.parent
        assert folder.stat().st_mode & 0o077 == 0
        assert all(not path.read_bytes().startswith(b"SQLite format") for path in folder.iterdir())
    assert not folder.exists()
