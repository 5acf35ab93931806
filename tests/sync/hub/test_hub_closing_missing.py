"""What is missing or doubtful when an outage is closed for all stations: said first, in red, with its remedy."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from downtime.closing_pdf import certificate_pdf
from sync.hub.closing_tables import ALARMS
from tests.downtime.closings import OUTAGE
from tests.sync.hub.collected import NOW, Collected, made_hub, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.home import Home
    from downtime.keys import Keyring
    from sync.hub.closing import Whole


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Home, Keyring]]:
    """Two stations with a whole outage each; these tests only read them."""
    return make_stations(tmp_path_factory.mktemp("stations"), ("W03", "W05"), 15)


@pytest.fixture
def hub(tmp_path: Path, store_url: str) -> Iterator[Collected]:
    """An empty hub on either store."""
    with made_hub(tmp_path / "hub", store_url) as made:
        yield made


def _alarms(whole: Whole) -> set[tuple[str, str]]:
    return {(str(row[0]), str(row[1])) for row in whole.closing.tables["alarms"].rows}


def test_a_station_nobody_heard_of_stands_at_the_top(
    hub: Collected, stations: list[tuple[Home, Keyring]]
) -> None:
    """Not seen since the end, or with entries that have not come: the paper says so above every figure."""
    for home, ring in stations[:2]:
        hub.bring(home, ring)
    hub.known("W08")
    hub.told("W05", NOW, '[["A", 1, 100000]]')
    hub.told("W09", NOW)
    hub.ended()
    whole = hub.read()
    assert ("W08", "not_reached") in _alarms(whole)
    assert ("W05", "behind") in _alarms(whole)
    assert "W09" not in {station for station, _kind in _alarms(whole)}
    page = PdfReader(io.BytesIO(certificate_pdf(whole.closing, "en"))).pages[0].extract_text()
    assert page.index("W08") < page.index("Outage declared")
    assert ALARMS["not_reached"][:20] in page
    assert {"not_reached", "behind"} <= {one.kind for one in whole.obstacles if one.stops()}


def test_a_book_that_came_in_part_is_said_to_wait(
    hub: Collected, stations: list[tuple[Home, Keyring]]
) -> None:
    """What stands verified counts; what waits for earlier entries is named and stops the sign-off."""
    home, ring = stations[0]
    hub.bring(home, ring, last=40)
    hub.bring(home, ring, first=60)
    whole = hub.read()
    assert ("W03A-0001", "waiting") in _alarms(whole)
    assert whole.closing.entries <= 40
    assert ("W03", "not_ended") in _alarms(whole)


def test_an_entry_that_was_changed_in_the_store_is_found(
    tmp_path: Path, stations: list[tuple[Home, Keyring]]
) -> None:
    """The books are held against their signed heads once more: what was written over is not certified."""
    with made_hub(tmp_path / "hub") as hub:
        home, ring = stations[0]
        hub.bring(home, ring)
        row = hub.db.row(
            "SELECT n, sealed FROM entry WHERE form = 'charge' AND chained = 1 ORDER BY n LIMIT 1"
        )
        assert row is not None
        changed = bytes(row[1]).replace(b'"operator":"1001"', b'"operator":"1002"')
        assert changed != bytes(row[1])
        with hub.db.writing():
            hub.db.rows("UPDATE entry SET sealed = ? WHERE n = ?", (changed, row[0]))
        whole = hub.read()
    assert ("W03A-0001", "broken") in _alarms(whole)
    assert not whole.closing.is_whole
    (broken,) = [one for one in whole.obstacles if one.kind == "broken"]
    assert broken.stops({item.key for one in whole.obstacles for item in one.items})


def test_a_receipt_known_from_its_paper_alone_is_told_apart(
    hub: Collected, stations: list[tuple[Home, Keyring]]
) -> None:
    """A dead PC's receipts, scanned off the paper, stand beside the sums and in none of them."""
    home, ring = stations[0]
    hub.bring(home, ring)
    before = hub.read().closing.tables["receipts"].sums()
    with hub.db.writing():
        hub.db.rows(
            "INSERT INTO recovered (number, station, incarnation, counter, form, amount_minor, outage, happened_at, "
            "facts, codes, scanned_by, scanned_at) VALUES (?, 'W08', 'A', 1, 'charge', 4500, ?, ?, ?, ?, '4001', ?)",
            ("W08A-000001-5", OUTAGE, NOW, b"{}", b"[]", NOW),
        )
    whole = hub.read()
    assert whole.closing.tables["recovered"].sums() == {"amount_minor": 4500}
    assert whole.closing.tables["receipts"].sums() == before
    assert ("W08A", "recovered") in _alarms(whole)
