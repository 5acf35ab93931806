"""The closing of an outage at all stations: every number, every sum, and loudly what is missing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from downtime.closing import closing_of
from downtime.closing_pack import pack_files
from downtime.closing_pdf import certificate_pdf, head_codes
from downtime.closing_tables import Writer
from downtime.errors import RefusedInputError
from downtime.store import journal
from downtime.store.verification import open_evidence
from sync.hub.mirror import Mirror
from tests.downtime.builders import PATIENT
from tests.downtime.closings import OUTAGE
from tests.sync.hub.collected import NOW, Collected, made_hub, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.closing import Closing
    from downtime.home import Home
    from downtime.i18n import Language
    from downtime.keys import Keyring
    from sync.hub.closing import Whole

CODES = ("W03", "W05", "W07")
STEM = OUTAGE


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Home, Keyring]]:
    """Three stations with a whole outage each; these tests only read them."""
    return make_stations(tmp_path_factory.mktemp("stations"), CODES, 25)


@pytest.fixture(scope="module")
def collected(
    tmp_path_factory: pytest.TempPathFactory, stations: list[tuple[Home, Keyring]]
) -> Iterator[Collected]:
    """A hub that has all of it and brought it into the HIS, which refused two."""
    with made_hub(tmp_path_factory.mktemp("closing") / "hub") as made:
        for home, ring in stations:
            assert made.bring(home, ring) == []
        made.deliver(("refused", "refused"))
        made.ended()
        yield made


@pytest.fixture(scope="module")
def whole(collected: Collected) -> Whole:
    """The outage as it stands there, in English."""
    return collected.read()


@pytest.fixture
def hub(tmp_path: Path, store_url: str) -> Iterator[Collected]:
    """An empty hub on either store."""
    with made_hub(tmp_path / "hub", store_url) as made:
        yield made


def _words(content: bytes) -> Counter[str]:
    pages = PdfReader(io.BytesIO(content)).pages
    return Counter(word for page in pages for word in page.extract_text().split())


def _own(stations: list[tuple[Home, Keyring]]) -> list[Closing]:
    return [closing_of(home, ring, home.book(1), "en", NOW) for home, ring in stations]


def test_the_sums_of_all_are_the_sums_of_each(whole: Whole, stations: list[tuple[Home, Keyring]]) -> None:
    """Money, numbers, lists and shifts of the certificate are those of every station's own certificate added up."""
    own, all_of = _own(stations), whole.closing.tables
    for name in (
        "methods",
        "cashiers",
        "numbers",
        "shifts",
        "returns",
        "receipts",
        "papers",
        "lists",
        "open",
    ):
        for column in [one.name for one in own[0].tables[name].columns if one.summed]:
            assert all_of[name].sums()[column] == sum(one.tables[name].sums()[column] for one in own), (
                name,
                column,
            )
    assert len(all_of["receipts"].rows) == sum(len(one.tables["receipts"].rows) for one in own)
    figures = {one.name: one.value for one in whole.closing.figures}
    for name in ("entries", "receipts", "net_minor", "reversals_minor", "refunds", "over_short_minor"):
        each = [next(one.value for one in closing.figures if one.name == name) for closing in own]
        assert figures[name] == sum(int(value or 0) for value in each), name
    assert figures["stations"] == len(CODES)


def test_all_sums_are_the_same_money(whole: Whole) -> None:
    """By method, cashier and station, by receipt, by interval and by station it is the same money."""
    sums = {name: table.sums() for name, table in whole.closing.tables.items()}
    figures = {one.name: one.value for one in whole.closing.figures}
    assert sums["methods"]["net_minor"] == sums["cashiers"]["net_minor"] == figures["net_minor"]
    assert sums["receipts"]["moved_minor"] == sums["intervals"]["moved_minor"]
    assert (
        sums["receipts"]["moved_minor"]
        == sums["stations"]["receipts_minor"]
        == sums["three"]["receipts_minor"]
    )
    three = sums["three"]
    assert three["in_his_minor"] + three["not_in_his_minor"] == three["receipts_minor"]
    assert three["receipts_minor"] + three["without_minor"] == figures["net_minor"]
    assert three["cash_minor"] - three["counted_minor"] == three["open_minor"]
    assert three["open_minor"] == -sums["shifts"]["over_short_minor"]


def test_every_number_of_every_station_is_accounted_for(whole: Whole) -> None:
    """Used, void and every range nobody used, each with its station, are all numbers the stations were given."""
    numbers = whole.closing.tables["numbers"]
    assert numbers.sums()["count"] == 20_000 * len(CODES)
    assert {str(row[0]) for row in numbers.rows} == {f"{code}A" for code in CODES}
    used = sum(int(row[4] or 0) for row in numbers.rows if row[1] in {"used", "void"})
    assert used == len(whole.closing.tables["receipts"].rows)


def test_what_the_his_said_adds_up(whole: Whole) -> None:
    """Over all stations the states of a connector sum up to all there is; what is refused is named with its station."""
    his = whole.closing.tables["his"]
    counts = {row[1]: int(row[2] or 0) for row in his.rows}
    assert sum(count for state, count in counts.items() if state != "all") == counts["all"]
    owed = whole.closing.tables["owed"]
    assert Counter(owed.values("state"))["rejected"] == counts["rejected"] == 2
    assert len(owed.rows) == counts["all"] - counts["accepted"]
    assert {str(station) for station in owed.values("station")} <= {f"{code}A" for code in CODES}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_paper_csv_and_json_say_the_same(collected: Collected, language: Language) -> None:
    """Every figure of every table and of the cover is on the paper as in the files."""
    closing = collected.read(language).closing
    files = pack_files(closing, language)
    told, words, writer = (
        json.loads(files[f"{STEM}.json"]),
        _words(files[f"{STEM}.pdf"]),
        Writer(language, "CNY"),
    )
    for name, table in closing.tables.items():
        read = list(csv.reader(io.StringIO(files[f"{STEM}-{name}.csv"].decode("utf-8-sig"))))
        assert told["tables"][name] == table.as_json()
        assert len(read) == 1 + len(table.rows) + bool(table.sums())
        for row in table.rows:
            for column, value in zip(table.columns, row, strict=True):
                shown = writer.cell(column, value)
                if column.is_figure and shown:
                    assert words[shown], (name, column.name, shown)
        for column_name, amount in table.sums().items():
            column = next(one for one in table.columns if one.name == column_name)
            assert not table.rows or words[writer.cell(column, amount)], (name, column_name)
    for figure in closing.figures:
        assert told["figures"][figure.name] == figure.value
        assert all(words[word] for word in writer.cell(figure, figure.value).split())


def test_nobody_is_named(collected: Collected) -> None:
    """No patient stands in any file of the pack; what begins like a formula is text."""
    for name, content in pack_files(collected.read("zh").closing, "zh").items():
        text = " ".join(_words(content)) if name.endswith(".pdf") else content.decode("utf-8-sig")
        assert str(PATIENT["name"]) not in text, name
        assert not re.search(rf"(?<!-){PATIENT['number']}", text), name
        assert "13800138000" not in text, name


def test_the_facts_are_the_same_in_any_language(collected: Collected, whole: Whole) -> None:
    """The digest is of the books, not of the reader, and a second reading gives the same bytes of paper."""
    again = collected.read("zh").closing
    assert again.sha256 == whole.closing.sha256
    assert certificate_pdf(again, "zh") == certificate_pdf(collected.read("zh").closing, "zh")


def test_each_book_stands_with_its_head(whole: Whole, stations: list[tuple[Home, Keyring]]) -> None:
    """The paper carries the head of every station's book, as the station itself has it."""
    codes = {title: head for title, _length, head, _digits in head_codes(whole.closing)}
    for home, ring in stations:
        paths = home.book(1)
        db = open_evidence(paths.journal, ring.book_key(1))
        assert codes[f"{home.settings.station.code}A-0001"] == (journal.head(db)[1] or b"").hex()
        db.close()


def test_what_is_open_says_where_it_is_settled(whole: Whole) -> None:
    """Refused entries and missing paper stop the sign-off, each thing by a name of its own and with its place."""
    kinds = {one.kind for one in whole.obstacles if one.weight == "stops"}
    assert {"rejected", "paper_missing"} <= kinds
    for one in whole.obstacles:
        if one.weight == "stops":
            assert one.settle, one
            assert one.station, one
            assert one.items, one
    keys = [item.key for one in whole.obstacles for item in one.items]
    assert len(keys) == len(set(keys))


def test_only_books_of_the_outage_are_counted(collected: Collected, whole: Whole) -> None:
    """The book after it is none of it; a name nobody declared is refused with those there are."""
    assert [book.label for book in whole.closing.books] == [f"{code}A-0001" for code in CODES]
    stations = whole.closing.tables["stations"]
    with Mirror(collected.db) as mirror:
        under = 0
        for book in mirror.books.values():
            with book.look() as db:
                under += sum(entry.outage == OUTAGE for entry in journal.entries(db))
    assert stations.sums()["outage_entries"] == under
    with pytest.raises(RefusedInputError) as refused:
        collected.read(outage="X1999")
    assert OUTAGE in refused.value.then
