"""多退少补: what the HIS charged against what was taken, what was paid in advance, and lines without a price."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.closing_tables import Writer
from forms.station_book import OutageDeclared
from sync.hub.differences import differences_table
from tests.downtime.builders import PATIENT, cash, charge, line, reversal, stand
from tests.downtime.closings import OUTAGE, agreed
from tests.downtime.kept_books import make_station, opened, ring_of
from tests.forms.money import precollection
from tests.sync.hub.collected import CHINA, Collected, made_hub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.entry import Entry


@pytest.fixture
def hub(tmp_path: Path, store_url: str) -> Iterator[Collected]:
    """A hub on either store."""
    with made_hub(tmp_path / "hub", store_url) as made:
        yield made


@pytest.fixture
def entries(tmp_path: Path, hub: Collected) -> dict[str, Entry]:
    """One station's outage: three charges, one of them reversed, one with a line no list has, and an advance."""
    clock = ManualClock(datetime(2026, 1, 5, 8, tzinfo=CHINA))
    home = make_station(tmp_path / "home", clock)
    agreed(home, clock, OutageDeclared(outage=OUTAGE))
    book = opened(home, "1001", clock)
    found = {
        "dearer": stand(book, charge([line(price=1000, quantity="1")])),
        "cheaper": stand(book, charge([line(price=2000, quantity="1")])),
        "same": stand(book, charge([line(price=700, quantity="1")])),
        "undone": stand(book, charge([line(price=500, quantity="1")])),
        "unlisted": stand(book, charge([line(code="UNLISTED", price=900, quantity="1", kind="unlisted")])),
        "advance": stand(book, precollection([cash(5000)])),
    }
    stand(book, reversal(found["undone"]))
    book.close()
    hub.bring(home, ring_of(home, "4003"))
    return found


def test_who_gets_money(hub: Collected, entries: dict[str, Entry]) -> None:
    """Dearer in the HIS: collect; cheaper: give back; the same, or reversed: nothing; what is not known stays open."""
    amounts = {"dearer": 1200, "cheaper": 1500, "same": 700, "undone": 900}
    found = hub.read(read_back={entries[name].id: amount for name, amount in amounts.items()}).differences
    told = {
        one.entry_id: (one.kind, one.direction, one.taken_minor, one.his_minor, one.due_minor)
        for one in found
    }
    assert told == {
        entries["dearer"].id: ("charged", "collect", 1000, 1200, 200),
        entries["cheaper"].id: ("charged", "return", 2000, 1500, -500),
        entries["advance"].id: ("advance", "open", 5000, None, 0),
        entries["unlisted"].id: ("unlisted", "open", 900, None, 0),
    }


def test_a_line_the_his_has_priced_is_no_longer_open(hub: Collected, entries: dict[str, Entry]) -> None:
    """Once its amount there is known, only the difference is left."""
    found = hub.read(read_back={entries["unlisted"].id: 950}).differences
    assert [(one.kind, one.due_minor) for one in found if one.entry_id == entries["unlisted"].id] == [
        ("charged", 50)
    ]
    found = hub.read(read_back={entries["unlisted"].id: 900}).differences
    assert not [one for one in found if one.entry_id == entries["unlisted"].id]


def test_what_the_last_comparison_read_counts_too(hub: Collected, entries: dict[str, Entry]) -> None:
    """Amounts ticked off stand in the list and in the sums of cash, receipts and HIS."""
    row = hub.db.row("SELECT n FROM entry WHERE id = ?", (entries["dearer"].id,))
    assert row is not None
    with hub.db.writing():
        hub.db.rows(
            "INSERT INTO tick (connector, entry_n, outcome, what, reason, score, his_amount_minor, rows, word, at) "
            "VALUES ('memory', ?, 'different', 'amount', '', 90, 1200, ?, '', '')",
            (row[0], b"[]"),
        )
    whole = hub.read()
    assert [one.due_minor for one in whole.differences if one.kind == "charged"] == [200]
    three = whole.closing.tables["three"].sums()
    assert (three["read"], three["ours_minor"], three["theirs_minor"], three["difference_minor"]) == (
        1,
        1000,
        1200,
        200,
    )
    assert "differs" in {one.kind for one in whole.obstacles}


def test_the_list_for_the_window_names_patients_the_certificate_does_not(
    hub: Collected, entries: dict[str, Entry]
) -> None:
    """Whoever gives money back must know to whom; a certificate need not."""
    found = hub.read(read_back={entries["dearer"].id: 1200}).differences
    writer = Writer("zh", "CNY")
    window, paper = (
        writer.csv(differences_table(found, with_patient=names)).decode("utf-8-sig")
        for names in (True, False)
    )
    assert str(PATIENT["name"]) in window
    assert str(PATIENT["number"]) in window
    assert str(PATIENT["name"]) not in paper
    assert "12.00" in window
    assert "2.00" in paper
