"""The closing of an outage: one set of figures on paper, in CSV and in JSON, and nothing about a patient."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from downtime.clock import ManualClock
from downtime.closing import closing_of
from downtime.closing_pack import (
    book_of_code,
    head_codes,
    pack_files,
    write_certificate,
    write_pack,
)
from downtime.closing_pdf import certificate_pdf
from downtime.closing_tables import Writer
from downtime.errors import WrongPlaceError
from downtime.record import record_event
from downtime.store import journal
from forms.station_book import Audit, NumberBlock
from tests.downtime.builders import PATIENT, charge, make_home, open_current, stand, unlock
from tests.downtime.closings import CONNECTOR, OUTAGE, make_outage
from tests.downtime.kept_books import finish_book, make_station, opened, purge_book, ring_of, sign_off_book

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.closing import Closing
    from downtime.home import Home
    from downtime.i18n import Language

NOW = "2026-01-05T20:00:00.000+08:00"
_CHINA = timezone(timedelta(hours=8))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a station whose first book holds a whole outage; these tests only read it."""
    clock = ManualClock(datetime(2026, 1, 5, 8, 20, tzinfo=_CHINA))
    return make_outage(tmp_path_factory.mktemp("closing") / "home", clock, 60)


def _closing(home: Home, number: int = 1, language: Language = "zh") -> Closing:
    return closing_of(home, ring_of(home, "4003"), home.book(number), language, NOW)


def _words(content: bytes) -> Counter[str]:
    """Return every word of a PDF and how often it stands there."""
    pages = PdfReader(io.BytesIO(content)).pages
    return Counter(word for page in pages for word in page.extract_text().split())


def test_all_sums_are_the_same_money(home: Home) -> None:
    """By method, by cashier, by receipt and by interval it is the same; what has no receipt is named."""
    closing = _closing(home)
    sums = {name: table.sums() for name, table in closing.tables.items()}
    figures = {one.name: one.value for one in closing.figures}
    assert sums["methods"]["net_minor"] == sums["cashiers"]["net_minor"] == figures["net_minor"]
    by_method = {str(row[0]): row[4] for row in closing.tables["methods"].rows}
    for method, amount in by_method.items():
        assert sums["cashiers"][f"{method}_minor"] == amount
    assert sums["receipts"]["moved_minor"] == sums["intervals"]["moved_minor"] == figures["receipts_minor"]
    assert figures["receipts_minor"] + figures["without_number_minor"] == figures["net_minor"]  # type: ignore[operator]  # int
    assert len(closing.tables["cashiers"].rows) == 2


def test_every_number_is_accounted_for(home: Home) -> None:
    """Used and void are the rows of the list; together with the gaps they are all the station was given."""
    closing = _closing(home)
    receipts = closing.tables["receipts"].rows
    counted = {row[0]: row[3] for row in closing.tables["numbers"].rows}
    states = Counter(str(row[6]) for row in receipts)
    assert counted["void"] == states["void"]
    assert counted["used"] == len(receipts) - states["void"]
    assert closing.tables["numbers"].sums()["count"] == 20_000
    assert {"exchanged", "not_exchanged", "stands"} <= set(states)


def test_what_the_his_said_adds_up(home: Home) -> None:
    """The states of a connector sum up to all there is; what is not in the HIS is listed with its reason."""
    closing = _closing(home)
    counts = {row[1]: row[2] for row in closing.tables["his"].rows}
    assert sum(int(count or 0) for state, count in counts.items() if state != "all") == counts["all"]
    owed = closing.tables["owed"].rows
    assert {row[0] for row in owed} == {CONNECTOR}
    assert len(owed) == counts["all"] - counts["accepted"]  # type: ignore[operator]  # ints
    assert Counter(row[1] for row in owed) == {"owed": 2, "rejected": 1, "in_doubt": 1, "handed_over": 1}
    assert any("no such item" in str(row[6]) for row in owed)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_paper_csv_and_json_say_the_same(home: Home, language: Language) -> None:
    """Every cell of every table, every sum and every figure of the cover is on the paper as in the files."""
    closing = _closing(home, language=language)
    files = pack_files(closing, language)
    told = json.loads(files["W03A-0001.json"])
    words = _words(files["W03A-0001.pdf"])
    writer = Writer(language, "CNY")
    for name, table in closing.tables.items():
        read = list(csv.reader(io.StringIO(files[f"W03A-0001-{name}.csv"].decode("utf-8-sig"))))
        body = read[1 : len(table.rows) + 1]
        assert told["tables"][name] == table.as_json()
        for values, written in zip(table.rows, body, strict=True):
            for column, value, cell in zip(table.columns, values, written, strict=True):
                shown = writer.cell(column, value)
                if column.is_figure:
                    assert cell == shown.replace(",", "")
                    assert not shown or words[shown], (name, column.name, shown)
        for column in table.columns:
            if column.summed and table.rows:
                amount = table.sums()[column.name]
                at = [one.name for one in table.columns].index(column.name)
                assert read[-1][at] == writer.cell(column, amount, plain=True)
                assert words[writer.cell(column, amount)]
        assert words.total() > len(table.rows)
    numbers = [str(row[0]) for row in closing.tables["receipts"].rows]
    assert all(words[number] for number in numbers)
    rows = list(csv.reader(io.StringIO(files["W03A-0001-figures.csv"].decode("utf-8-sig"))))[1:]
    for figure, row in zip(closing.figures, rows, strict=True):
        assert told["figures"][figure.name] == figure.value
        assert row[2] == writer.cell(figure, figure.value, plain=True)
        assert all(words[word] for word in writer.cell(figure, figure.value).split())


def test_sums_go_from_page_to_page(home: Home) -> None:
    """What one page carries forward is what the next begins with, and the last says the sum."""
    pages = [
        page.extract_text() for page in PdfReader(io.BytesIO(certificate_pdf(_closing(home), "en"))).pages
    ]
    forward = [text.split("Carried forward")[1].split()[0] for text in pages if "Carried forward" in text]
    brought = [text.split("Brought forward")[1].split()[0] for text in pages if "Brought forward" in text]
    assert forward
    assert forward == brought


def test_nothing_is_a_formula_and_nobody_is_named(home: Home) -> None:
    """No patient, phone or identity stands in any file; what begins like a formula is text."""
    files = pack_files(_closing(home), "zh")
    returns = files["W03A-0001-returns.csv"].decode("utf-8-sig")
    assert "'=1+1 \\u202E 138****8000" in returns
    for name, content in files.items():
        text = " ".join(_words(content)) if name.endswith(".pdf") else content.decode("utf-8-sig")
        assert str(PATIENT["name"]) not in text, name
        assert not re.search(rf"(?<!-){PATIENT['number']}", text), name  # a paper form may end alike
        assert "13800138000" not in text, name


def test_the_course_tells_what_happened(home: Home) -> None:
    """Declared, printer, clock, shift, ended, delivered: each once, however often in a row."""
    closing = _closing(home)
    course = {str(row[1]): row for row in closing.tables["course"].rows}
    assert {
        *("outage_declared", "outage_ended", "first_receipt", "last_receipt", "not_printed", "clock_jumped"),
        *("shift_opened", "shift_closed", "first_sent", "last_sent"),
    } <= set(course)
    assert OUTAGE in str(course["outage_declared"][3])
    assert course["not_printed"][4] == 4
    figures = {one.name: one.value for one in closing.figures}
    assert (figures["not_printed"], figures["clock_jumps"], figures["paper_missing"]) == (4, 1, 3)
    assert figures["over_short_minor"] == closing.tables["shifts"].rows[0][7] != 0


def test_the_facts_are_the_same_in_any_language_and_at_any_time(home: Home) -> None:
    """The digest on the paper is of the book, not of the reader; the same copy is the same bytes."""
    closing = _closing(home)
    english = closing_of(home, ring_of(home, "1006"), home.book(1), "en", "2027-01-01T00:00:00.000+08:00")
    assert closing.sha256 == english.sha256
    assert certificate_pdf(closing, "zh") == certificate_pdf(_closing(home), "zh")
    assert certificate_pdf(closing, "zh", 2) != certificate_pdf(closing, "zh")


def test_a_printed_code_leads_back_to_the_book(home: Home) -> None:
    """Journal and deliveries are found by their codes; a digit more or less is no code, another head a no."""
    closing = _closing(home)
    ring = ring_of(home, "4003")
    codes = [digits for _title, _length, _head, digits in head_codes(closing)]
    assert [book_of_code(home, ring, digits) for digits in codes] == [
        (1, closing.entries),
        (1, closing.deliveries),
    ]
    spaced = f"{codes[0][:20]} {codes[0][20:]}"
    assert book_of_code(home, ring, spaced) == (1, closing.entries)
    changed = codes[0][:-1] + ("1" if codes[0][-1] != "1" else "2")
    assert book_of_code(home, ring, changed) is None
    with pytest.raises(ValueError, match="12"):
        book_of_code(home, ring, "12")


def test_what_was_written_is_recorded_and_copies_are_counted(tmp_path: Path) -> None:
    """The audit names the digest; the second certificate with the same facts says that it is the second."""
    clock = ManualClock()
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    book = opened(home, "1006", clock)
    closing = _closing(home)
    target = tmp_path / "paper.pdf"
    assert [write_certificate(book, closing, "en", target) for _n in range(2)] == [1, 2]
    assert "DUPLICATE:" in _words(target.read_bytes())
    names = write_pack(book, closing, "en", tmp_path / "pack")
    assert sorted(names) == sorted(path.name for path in (tmp_path / "pack").iterdir())
    told = [entry.content for entry in journal.entries(book.db, forms=(Audit.name,))][-3:]
    assert [one["event"] for one in told] == ["closing_certificate", "closing_certificate", "closing_pack"]
    assert all(closing.sha256 in one["detail"] for one in told)
    book.close()


def test_signed_off_interim_and_destroyed(tmp_path: Path) -> None:
    """An open book is called interim, a signed one names who signed, a destroyed one has its own certificate."""
    clock = ManualClock(datetime.now(UTC) - timedelta(days=400))
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    assert not _closing(home, 2).is_finished
    assert "Interim:" in _words(certificate_pdf(_closing(home, 2), "en"))
    before = _closing(home)
    sign_off_book(home, clock, 1)
    after = _closing(home)
    assert before.is_finished
    assert (before.signed_by, len(after.signed_by)) == ((), 2)
    assert any(row[1] == "signed_off" for row in after.tables["course"].rows)
    clock.turn(wall_seconds=184 * 86_400, passed_seconds=184 * 86_400)
    purge_book(home, clock)
    with pytest.raises(WrongPlaceError):
        _closing(home)
    with pytest.raises(WrongPlaceError):
        _closing(home, 9)


def test_a_missing_number_is_named_with_who_held_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A block of one's own that a later one overtook is a gap, with whoever put it in; the cover counts it."""
    monkeypatch.setattr("downtime.station.FIRST_BLOCK", 1)
    home = make_home(tmp_path / "home")
    book = open_current(home)
    stand(book, charge())
    record_event(book, NumberBlock(first=31, last=40))
    record_event(book, NumberBlock(first=21, last=25))  # the wrong way round: never reached
    stand(book, charge())
    book.close()
    closing = closing_of(home, unlock(home), home.book(1), "en", NOW)
    (gap,) = [row for row in closing.tables["numbers"].rows if row[0] == "missing"]
    assert (str(gap[1])[5:11], str(gap[2])[5:11], gap[3], gap[4]) == ("000021", "000025", 5, "1001")
    assert next(one.value for one in closing.figures if one.name == "missing") == 5


def test_a_changed_book_is_not_certified(tmp_path: Path) -> None:
    """Where verification finds something the paper says so above everything else."""
    clock = ManualClock()
    home = make_station(tmp_path / "home", clock)
    finish_book(home, clock)
    heads = home.book(1).head_log
    heads.write_bytes(heads.read_bytes()[:-3] + b"xxx")
    closing = _closing(home)
    assert not closing.is_whole
    assert "NOT" in _words(certificate_pdf(closing, "en"))
